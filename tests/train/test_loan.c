/* The last worker of a pool stands aside between two tasks while its processor is borrowed, the others do
 * everything, and it comes back afterwards. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latentscape/train/pool.h"

#include "train/loan.h"

enum {
    WORKERS = 2,
    TASKS = 8,
    PAUSE = 1000 /* turns of a task's loop: both workers get some of the tasks */
};

static const double ages = 30; /* seconds: longer than anything here takes */

typedef struct Work {
    LsPool *pool;
    LsLoan *loan;
    atomic_bool end;
    atomic_int runs;
    atomic_int done[WORKERS]; /* tasks */
} Work;

static void task(void *context, int number, int worker)
{
    (void)number;
    Work *work = context;
    for (volatile int i = 0; i < PAUSE; i++) {
    }
    atomic_fetch_add(&work->done[worker], 1);
}

static void *run_for_ever(void *context)
{
    Work *work = context;
    while (!atomic_load(&work->end)) {
        ls_pool_run(work->pool, TASKS, task, work);
        atomic_fetch_add(&work->runs, 1);
    }
    return NULL;
}

static void setup(Work *work)
{
    *work = (Work){.pool = ls_pool_create(WORKERS, NULL), .loan = ls_loan_create(NULL)};
    assert_true(work->pool != NULL && work->loan != NULL);
    ls_pool_lend(work->pool, work->loan);
}

static void teardown(Work *work)
{
    ls_pool_destroy(work->pool);
    ls_loan_destroy(work->loan);
}

/* Until so many more runs have come to their end. */
static void await_runs(Work *work, int more)
{
    const int until = atomic_load(&work->runs) + more;
    while (atomic_load(&work->runs) < until) {
    }
}

static void a_worker_at_work_stands_aside_until_it_is_given_back(void **state)
{
    (void)state;
    Work work;
    setup(&work);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, run_for_ever, &work), 0);
    for (int turn = 0; turn < 50; turn++) {
        const int before = atomic_load(&work.done[1]);
        while (atomic_load(&work.done[1]) == before) { /* it is at work */
        }
        assert_true(ls_loan_take(work.loan, ages));
        const int aside = atomic_load(&work.done[1]);
        await_runs(&work, 20); /* the other one does it all */
        /* One that slept when it was asked may have taken a task in that very moment, and no more. */
        assert_in_range(atomic_load(&work.done[1]) - aside, 0, 1);
        ls_loan_return(work.loan);
    }
    atomic_store(&work.end, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(atomic_load(&work.done[0]) + atomic_load(&work.done[1]),
                     atomic_load(&work.runs) * TASKS);
    teardown(&work);
}

static void nobody_is_waited_for_where_nobody_works(void **state)
{
    (void)state;
    LsLoan *loan = ls_loan_create(NULL);
    assert_non_null(loan);
    assert_true(ls_loan_take(loan, ages)); /* nobody lends */
    ls_loan_return(loan);
    ls_loan_return(loan);
    ls_loan_destroy(loan);
    Work work;
    setup(&work);
    for (int turn = 0; turn < 20; turn++) {
        ls_pool_run(work.pool, TASKS, task, &work);
        assert_true(ls_loan_take(work.loan, ages)); /* the worker is on its way to sleep */
        ls_pool_run(work.pool, TASKS, task, &work); /* nor does a run wait for it */
        ls_loan_return(work.loan);
    }
    teardown(&work);
    setup(&work);
    ls_pool_use(work.pool, 1);
    for (int turn = 0; turn < 20; turn++) {
        assert_true(ls_loan_take(work.loan, ages));
        ls_pool_run(work.pool, TASKS, task, &work);
        ls_loan_return(work.loan);
    }
    assert_int_equal(atomic_load(&work.done[1]), 0);
    teardown(&work);
}

typedef struct Gate {
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    bool open, reached;
} Gate;

/* A task of the last worker lasts until the gate opens. */
static void slow_task(void *context, int number, int worker)
{
    (void)number;
    Gate *gate = context;
    if (worker != WORKERS - 1) {
        return;
    }
    pthread_mutex_lock(&gate->mutex);
    gate->reached = true;
    pthread_cond_broadcast(&gate->cond);
    while (!gate->open) {
        pthread_cond_wait(&gate->cond, &gate->mutex);
    }
    pthread_mutex_unlock(&gate->mutex);
}

typedef struct Slow {
    LsPool *pool;
    Gate gate;
} Slow;

static void *run_slowly(void *context)
{
    Slow *slow = context;
    for (bool reached = false; !reached;) { /* until the last worker has got a task */
        ls_pool_run(slow->pool, TASKS, slow_task, &slow->gate);
        pthread_mutex_lock(&slow->gate.mutex);
        reached = slow->gate.reached;
        pthread_mutex_unlock(&slow->gate.mutex);
    }
    return NULL;
}

static void a_long_task_is_waited_for_only_so_long(void **state)
{
    (void)state;
    Slow slow = {.pool = ls_pool_create(WORKERS, NULL),
                 .gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, false}};
    LsLoan *loan = ls_loan_create(NULL);
    assert_true(slow.pool != NULL && loan != NULL);
    ls_pool_lend(slow.pool, loan);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, run_slowly, &slow), 0);
    pthread_mutex_lock(&slow.gate.mutex);
    while (!slow.gate.reached) {
        pthread_cond_wait(&slow.gate.cond, &slow.gate.mutex);
    }
    pthread_mutex_unlock(&slow.gate.mutex);
    assert_false(ls_loan_take(loan, 0.001));
    ls_loan_return(loan);
    assert_false(ls_loan_take(loan, 0.001));
    pthread_mutex_lock(&slow.gate.mutex);
    slow.gate.open = true;
    pthread_cond_broadcast(&slow.gate.cond);
    pthread_mutex_unlock(&slow.gate.mutex);
    assert_true(ls_loan_take(loan, ages)); /* as soon as it can */
    ls_loan_return(loan);
    assert_int_equal(pthread_join(thread, NULL), 0);
    ls_pool_destroy(slow.pool);
    ls_loan_destroy(loan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worker_at_work_stands_aside_until_it_is_given_back),
        cmocka_unit_test(nobody_is_waited_for_where_nobody_works),
        cmocka_unit_test(a_long_task_is_waited_for_only_so_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
