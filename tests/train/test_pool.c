#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/train/pool.h"

enum {
    TASKS = 1000
};

typedef struct Tally {
    atomic_int runs[TASKS];
    atomic_int worst_worker;
    int plain[TASKS]; /* written without atomics: the pool itself must order it */
} Tally;

static void count_task(void *context, int task, int worker)
{
    Tally *tally = context;
    atomic_fetch_add(&tally->runs[task], 1);
    tally->plain[task] += task;
    int worst = atomic_load(&tally->worst_worker);
    while (worker > worst && !atomic_compare_exchange_weak(&tally->worst_worker, &worst, worker)) {
    }
}

static void every_task_runs_once_with(int workers)
{
    LsError err = {0};
    LsPool *pool = ls_pool_create(workers, &err);
    assert_non_null(pool);
    assert_int_equal(ls_pool_workers(pool), workers);
    Tally tally;
    memset(&tally, 0, sizeof tally);
    int expected[TASKS] = {0};
    for (int round = 0; round < 200; round++) {
        const int count = round % 7 == 0 ? TASKS : round % 5; /* 0 and 1 among them */
        ls_pool_run(pool, count, count_task, &tally);
        for (int i = 0; i < count; i++) {
            expected[i]++;
        }
    }
    for (int i = 0; i < TASKS; i++) {
        assert_int_equal(atomic_load(&tally.runs[i]), expected[i]);
        assert_int_equal(tally.plain[i], i * expected[i]);
    }
    assert_true(atomic_load(&tally.worst_worker) < workers);
    ls_pool_destroy(pool);
}

static void one_worker_runs_every_task_once(void **state)
{
    (void)state;
    every_task_runs_once_with(1);
}

static void two_workers_run_every_task_once(void **state)
{
    (void)state;
    every_task_runs_once_with(2);
}

static void four_workers_run_every_task_once(void **state)
{
    (void)state;
    every_task_runs_once_with(4);
}

static void workers_that_fell_asleep_wake_up(void **state)
{
    (void)state;
    LsPool *pool = ls_pool_create(3, NULL);
    assert_non_null(pool);
    Tally tally;
    memset(&tally, 0, sizeof tally);
    for (int round = 0; round < 50; round++) {
        /* Far longer than a worker spins: each round finds the others asleep. */
        for (volatile int spin = 0; spin < 200000; spin++) {
        }
        ls_pool_run(pool, 16, count_task, &tally);
    }
    for (int i = 0; i < 16; i++) {
        assert_int_equal(atomic_load(&tally.runs[i]), 50);
    }
    ls_pool_destroy(pool);
}

enum {
    EARLY = 3, /* tasks that pass both gates */
    LATE = 9   /* tasks that wait for one of them */
};

typedef struct Queue {
    LsPool *pool;
    LsPoolGate gate[2];
    int spins;             /* of each early task before a gate: beyond a worker's patience or not */
    int written[2][EARLY]; /* without atomics: the gates themselves must order it */
    int sum[EARLY + LATE];
} Queue;

static void gate_task(void *context, int task, int worker)
{
    Queue *queue = context;
    for (int i = 0; i < 2 && task < EARLY; i++) {
        for (volatile int spin = 0; spin < queue->spins; spin++) {
        }
        queue->written[i][task]++;
        ls_pool_pass(queue->pool, &queue->gate[i], EARLY);
    }
    if (task >= EARLY) {
        const int gate = task % 2;
        ls_pool_await(queue->pool, &queue->gate[gate], EARLY, worker);
        queue->sum[task] = 0;
        for (int i = 0; i < EARLY; i++) {
            queue->sum[task] += queue->written[gate][i];
        }
    }
}

static void gates_hold_until_enough_have_passed_with(int workers, int spins, int rounds)
{
    Queue queue = {.pool = ls_pool_create(workers, NULL), .spins = spins};
    assert_non_null(queue.pool);
    for (int round = 1; round <= rounds; round++) {
        for (int i = 0; i < 2; i++) {
            queue.gate[i] = (LsPoolGate){0};
        }
        ls_pool_run(queue.pool, EARLY + LATE, gate_task, &queue);
        for (int task = EARLY; task < EARLY + LATE; task++) {
            assert_int_equal(queue.sum[task], EARLY * round);
        }
    }
    ls_pool_destroy(queue.pool);
}

static void gates_hold_until_enough_have_passed(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 4; workers++) {
        gates_hold_until_enough_have_passed_with(workers, 0, 500);
        gates_hold_until_enough_have_passed_with(workers, 300000, 10); /* they sleep at them */
    }
}

static void an_idle_pool_can_be_destroyed(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        LsPool *pool = ls_pool_create(4, NULL);
        assert_non_null(pool);
        ls_pool_destroy(pool);
    }
    ls_pool_destroy(NULL);
}

static void as_many_workers_as_processors_by_default(void **state)
{
    (void)state;
    LsPool *pool = ls_pool_create(0, NULL);
    assert_non_null(pool);
    assert_in_range(ls_pool_workers(pool), 1, LS_POOL_WORKERS);
    ls_pool_destroy(pool);
}

static void a_senseless_number_of_workers_is_refused(void **state)
{
    (void)state;
    LsError err = {0};
    assert_null(ls_pool_create(65, &err));
    assert_int_equal(err.code, LS_ERR_USAGE);
    assert_null(ls_pool_create(-1, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_worker_runs_every_task_once),
        cmocka_unit_test(two_workers_run_every_task_once),
        cmocka_unit_test(four_workers_run_every_task_once),
        cmocka_unit_test(workers_that_fell_asleep_wake_up),
        cmocka_unit_test(gates_hold_until_enough_have_passed),
        cmocka_unit_test(an_idle_pool_can_be_destroyed),
        cmocka_unit_test(as_many_workers_as_processors_by_default),
        cmocka_unit_test(a_senseless_number_of_workers_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
