/* A fixed pool of worker threads that share out numbered tasks. Which worker takes which task is left
 * to chance, so tasks must not depend on it: numbers that are summed are summed by the caller, in the
 * order of the tasks.
 *
 * Whoever waits spins for a tenth of a millisecond and then sleeps; on a machine where another program
 * holds a core for some microseconds only, so that no time is burnt waiting for a worker that is not
 * running. */
#ifndef LATENTSCAPE_TRAIN_POOL_H
#define LATENTSCAPE_TRAIN_POOL_H

#include <stdatomic.h>

#include "latentscape/core/error.h"

enum {
    LS_POOL_WORKERS = 64
};

typedef struct LsPool LsPool;
typedef struct LsLoan LsLoan; /* train/loan.h */

/* One task. worker: 0 .. workers - 1, for scratch memory of its own.  Thread: worker. */
typedef void LsPoolTask(void *context, int task, int worker);

/* What some tasks of a run wait for until others have passed it. Begins as {0}. */
typedef struct LsPoolGate {
    atomic_uint passed;
} LsPoolGate;

/* Starts workers - 1 threads; the caller of ls_pool_run() is the last worker. workers: 1 .. 64, or 0
 * for as many as there are processors. The threads inherit the creator's scheduling priority.
 * Owns: the caller, ls_pool_destroy(). Fails: NULL, LS_ERR_USAGE, LS_ERR_MEMORY, LS_ERR_SYSTEM.
 * Thread: any. */
LS_CHECKED LsPool *ls_pool_create(int workers, LsError *err);

/* Ends and joins the threads; NULL is accepted.  Thread: one at a time, not within a task. */
void ls_pool_destroy(LsPool *pool);

/* How many workers there are, the caller of ls_pool_run() included.  Thread: any. */
int ls_pool_workers(const LsPool *pool);

/* How many of them take part from now on: 1 .. workers; 0: all. The others sleep.
 * Thread: as ls_pool_run(). */
void ls_pool_use(LsPool *pool, int workers);

/* From now on the last worker, if it is not the caller of ls_pool_run() itself, lends its processor to whoever
 * takes the loan. Owns: loan stays the caller's, and outlives the pool.  Thread: as ls_pool_run(). */
void ls_pool_lend(LsPool *pool, LsLoan *loan);

/* Runs tasks 0 .. count - 1, each once, and returns when all are done: what they wrote is then seen
 * by the caller, and what the caller wrote before is seen by them.
 * Thread: one at a time, not within a task. */
void ls_pool_run(LsPool *pool, int count, LsPoolTask *task, void *context);

/* Passes a gate, which is open when `needed` have. What was written before is then seen by those who waited.
 * Thread: worker, within a task. */
void ls_pool_pass(LsPool *pool, LsPoolGate *gate, unsigned needed);

/* Waits until a gate is open. Tasks are begun in the order of their numbers, so that whoever waits for tasks
 * of lower numbers alone, which wait for none of higher ones, waits for what is under way.
 * Thread: worker, within a task. */
void ls_pool_await(LsPool *pool, LsPoolGate *gate, unsigned needed, int worker);

#endif
