/* How soon the trainer answers while every core is busy. Of many answers the quickest
 * counts: what other programs take away is not its fault. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "latentscape/core/clock.h"
#include "latentscape/train/trainer.h"

enum {
    TIMES = 25,
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

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quickest(double *seconds)
{
    qsort(seconds, TIMES, sizeof *seconds, ascending);
    return seconds[0];
}

static void a_pause_is_answered_soon_while_every_core_is_busy(void **state)
{
    LsTrainer *trainer = make_trainer(*state);
    Neighbours neighbours;
    double seconds[TIMES];
    begin(&neighbours);
    for (int i = 0; i < TIMES; i++) {
        send(trainer, LS_COMMAND_TRAIN);
        await_steps(trainer, 4);
        const double start = ls_clock_now();
        send(trainer, LS_COMMAND_PAUSE);
        while (ls_trainer_latest(trainer)->answered < ls_trainer_sent(trainer)) {
            sched_yield();
        }
        seconds[i] = ls_clock_now() - start;
        assert_false(ls_trainer_latest(trainer)->training);
    }
    end(&neighbours);
    ls_trainer_destroy(trainer);
    const double answered = quickest(seconds);
    print_message("pause answered after %.1f ms\n", answered * 1000);
    assert_true(answered < soon_s);
}

static void the_end_comes_soon_while_every_core_is_busy(void **state)
{
    Neighbours neighbours;
    double seconds[TIMES];
    begin(&neighbours);
    for (int i = 0; i < TIMES; i++) {
        LsTrainer *trainer = make_trainer(*state);
        send(trainer, LS_COMMAND_TRAIN);
        await_steps(trainer, 4);
        const double start = ls_clock_now();
        ls_trainer_stop(trainer);
        seconds[i] = ls_clock_now() - start;
        ls_trainer_destroy(trainer);
    }
    end(&neighbours);
    const double answered = quickest(seconds);
    print_message("ended after %.1f ms\n", answered * 1000);
    assert_true(answered < soon_s);
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
