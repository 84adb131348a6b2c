/* How soon the trainer answers while every core is busy: it ends the step at hand and begins no other,
 * and the answer takes less than 50 ms. Of many answers the best one counts: what other programs take
 * away is not its fault. Where the machine gives so little that a few steps alone take longer, their
 * time is the bound. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "latentscape/core/clock.h"
#include "latentscape/train/trainer.h"

enum {
    TIMES = 25,
    STEPS_SOON = 10, /* steps, by their mean in this run, that an answer may take on a slow day */
    SPINNERS_MOST = 8
};

static const double soon_s = 0.050;

typedef struct Neighbours {
    atomic_bool stop;
    pthread_t thread[SPINNERS_MOST];
    int count;
} Neighbours;

static void *spin(void *argument)
{
    Neighbours *neighbours = argument;
    while (!atomic_load_explicit(&neighbours->stop, memory_order_relaxed)) {
    }
    return NULL;
}

/* Training keeps every core busy; beside it, a thread for every second core wants one for itself. */
static void begin(Neighbours *neighbours)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    atomic_init(&neighbours->stop, false);
    neighbours->count = cores / 2 < SPINNERS_MOST ? (int)((cores + 1) / 2) : SPINNERS_MOST;
    for (int i = 0; i < neighbours->count; i++) {
        assert_int_equal(pthread_create(&neighbours->thread[i], NULL, spin, neighbours), 0);
    }
}

static void end(Neighbours *neighbours)
{
    atomic_store_explicit(&neighbours->stop, true, memory_order_relaxed);
    for (int i = 0; i < neighbours->count; i++) {
        assert_int_equal(pthread_join(neighbours->thread[i], NULL), 0);
    }
}

static LsTrainer *make_trainer(const LsDataset *digits)
{
    const LsTrainSettings settings = ls_train_settings_make();
    LsError err = {0};
    LsTrainer *trainer = ls_trainer_create(digits, &settings, NULL, 0, &err);
    assert_non_null(trainer);
    return trainer;
}

static void send(LsTrainer *trainer, LsCommandKind kind)
{
    const LsCommand command = {.kind = kind};
    assert_true(ls_trainer_send(trainer, &command));
}

/* Trains until so many more steps are seen. */
static void await_steps(LsTrainer *trainer, uint64_t more)
{
    const uint64_t until = ls_trainer_latest(trainer)->step + more;
    while (ls_trainer_latest(trainer)->step < until) {
        sched_yield();
    }
}

/* The best of many answers, and what the steps before them took. */
typedef struct Answers {
    double soonest;
    int fewest;      /* steps that ended between the question and the answer */
    double step_sum; /* seconds of a step, added up over the trials */
} Answers;

/* Takes all metrics there are. Returns how many steps they are of. */
static int take_steps(LsTrainer *trainer)
{
    LsMetric metric;
    int steps = 0;
    while (ls_trainer_next_metric(trainer, &metric)) {
        steps += metric.evaluated ? 0 : 1;
    }
    return steps;
}

static void note(Answers *answers, double seconds, int steps, const LsSnapshot *before)
{
    answers->soonest = seconds < answers->soonest ? seconds : answers->soonest;
    answers->fewest = steps < answers->fewest ? steps : answers->fewest;
    answers->step_sum += before->seconds / (double)before->step;
}

static void judge(const Answers *answers, const char *what)
{
    const double steps_s = STEPS_SOON * answers->step_sum / TIMES;
    print_message("%s after %.1f ms and %d steps; a step takes %.1f ms\n", what,
                  answers->soonest * 1000, answers->fewest, steps_s / STEPS_SOON * 1000);
    assert_true(answers->fewest <= 1);
    assert_true(answers->soonest < (steps_s > soon_s ? steps_s : soon_s));
}

static void a_pause_is_answered_soon_while_every_core_is_busy(void **state)
{
    LsTrainer *trainer = make_trainer(*state);
    Neighbours neighbours;
    Answers answers = {.soonest = 1e9, .fewest = 1 << 20};
    begin(&neighbours);
    for (int i = 0; i < TIMES; i++) {
        send(trainer, LS_COMMAND_TRAIN);
        await_steps(trainer, 4);
        const LsSnapshot before = *ls_trainer_latest(trainer);
        (void)take_steps(trainer);
        const double start = ls_clock_now();
        send(trainer, LS_COMMAND_PAUSE);
        while (ls_trainer_latest(trainer)->answered < ls_trainer_sent(trainer)) {
            sched_yield();
        }
        const double seconds = ls_clock_now() - start;
        note(&answers, seconds, take_steps(trainer), &before);
        assert_false(ls_trainer_latest(trainer)->training);
    }
    end(&neighbours);
    ls_trainer_destroy(trainer);
    judge(&answers, "pause answered");
}

static void the_end_comes_soon_while_every_core_is_busy(void **state)
{
    Neighbours neighbours;
    Answers answers = {.soonest = 1e9, .fewest = 1 << 20};
    begin(&neighbours);
    for (int i = 0; i < TIMES; i++) {
        LsTrainer *trainer = make_trainer(*state);
        send(trainer, LS_COMMAND_TRAIN);
        await_steps(trainer, 4);
        const LsSnapshot before = *ls_trainer_latest(trainer);
        (void)take_steps(trainer);
        const double start = ls_clock_now();
        ls_trainer_stop(trainer);
        const double seconds = ls_clock_now() - start;
        note(&answers, seconds, take_steps(trainer), &before);
        ls_trainer_destroy(trainer);
    }
    end(&neighbours);
    judge(&answers, "ended");
}

static int open_digits(void **state)
{
    *state = ls_dataset_open_digits(NULL);
    return *state != NULL ? 0 : -1;
}

static int close_digits(void **state)
{
    ls_dataset_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pause_is_answered_soon_while_every_core_is_busy),
        cmocka_unit_test(the_end_comes_soon_while_every_core_is_busy),
    };
    return cmocka_run_group_tests(tests, open_digits, close_digits);
}
