#include "cli/bench_alone.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "latentscape/core/clock.h"
#include "latentscape/train/trainer.h"

#include "cli/bench_process.h"

enum {
    MARKS = 64,           /* the last of them; one takes LOOK_NS at least */
    LOOK_NS = 2 * 1000000 /* between looks at how far it is */
};

/* Shared by the two processes. */
typedef struct CliBenchBoard {
    CliBenchMark mark[MARKS];
    atomic_uint
        count; /* of marks so far: released by the trainer's process, acquired by the bench */
    atomic_bool failed; /* likewise; error is then there */
    LsError error;
} CliBenchBoard;

static bool begin(const LsDataset *data, LsTrainer **trainer, LsError *err)
{
    const LsTrainSettings settings = ls_train_settings_make();
    *trainer = ls_trainer_create(data, &settings, NULL, 0, err);
    if (*trainer == NULL) {
        return false;
    }
    const LsCommand backend = {.kind = LS_COMMAND_BACKEND, .backend = LS_BACKEND_AUTO};
    const LsCommand train = {.kind = LS_COMMAND_TRAIN};
    return (ls_trainer_send(*trainer, &backend) && ls_trainer_send(*trainer, &train)) ||
           ls_fail(err, LS_ERR_SYSTEM, "The trainer took no command.");
}

static _Noreturn void train(const LsDataset *data, CliBenchBoard *board)
{
    LsTrainer *trainer = NULL;
    if (!begin(data, &trainer, &board->error)) {
        atomic_store_explicit(&board->failed, true, memory_order_release);
        _exit(1);
    }
    uint64_t before = 0;
    for (unsigned count = 0;;) {
        const uint64_t images = ls_trainer_latest(trainer)->images;
        if (images != before) {
            before = images;
            board->mark[count++ % MARKS] = (CliBenchMark){ls_clock_now(), (double)images};
            atomic_store_explicit(&board->count, count, memory_order_release);
        }
        (void)nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
    }
}

/* Waits for the first mark. */
static bool await_training(const CliBenchBoard *board, double seconds, LsError *err)
{
    const double limit = ls_clock_now() + seconds;
    while (atomic_load_explicit(&board->count, memory_order_acquire) == 0) {
        if (atomic_load_explicit(&board->failed, memory_order_acquire)) {
            *err = board->error;
            return false;
        }
        if (ls_clock_now() > limit) {
            return ls_fail(err, LS_ERR_SYSTEM, "The trainer without a window does not train.");
        }
        (void)nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
    }
    return true;
}

bool cli_bench_alone_start(CliBenchAlone *alone, const LsDataset *data, double seconds,
                           LsError *err)
{
    *alone = (CliBenchAlone){0};
    void *const board = mmap(NULL, sizeof(CliBenchBoard), PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (board == MAP_FAILED) {
        return ls_fail(err, LS_ERR_MEMORY, "There is no memory for the bench's trainer.");
    }
    alone->board = board;
    const pid_t pid = cli_bench_process_start();
    if (pid == 0) {
        train(data, board);
    }
    if (pid < 0) {
        return ls_fail(err, LS_ERR_SYSTEM, "The system gives no process for the trainer: %s.",
                       ls_error_describe(errno));
    }
    alone->pid = pid;
    return await_training(board, seconds, err);
}

void cli_bench_alone_hold(const CliBenchAlone *alone, bool held)
{
    cli_bench_process_hold(alone->pid, held);
}

CliBenchMark cli_bench_alone_read(const CliBenchAlone *alone)
{
    const unsigned count = atomic_load_explicit(&alone->board->count, memory_order_acquire);
    return alone->board->mark[(count - 1) % MARKS];
}

void cli_bench_alone_finish(CliBenchAlone *alone)
{
    cli_bench_process_end(alone->pid);
    if (alone->board != NULL) {
        (void)munmap(alone->board, sizeof(CliBenchBoard));
    }
    *alone = (CliBenchAlone){0};
}
