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
        cmocka_unit_test(an_idle_pool_can_be_destroyed),
        cmocka_unit_test(as_many_workers_as_processors_by_default),
        cmocka_unit_test(a_senseless_number_of_workers_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
