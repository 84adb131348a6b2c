#include "latentscape/train/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"

#include "train/loan.h"

enum {
    PAUSES = 16, /* between looks at the clock: about a microsecond */
    CALM = 1     /* waits in a row that were brief */
};

/* How long a waiting worker spins before it sleeps: workers reach the end of a phase within 100 us of each
 * other, and to wake one that sleeps takes as long again where the processor is a virtual one. Where waits
 * take longer, since a neighbour holds a core, spinning would only take time from whoever is awaited. */
static const double spin_s = 150e-6, glance_s = 3e-6;

typedef struct Worker {
    LsPool *pool;
    int number;
    pthread_t thread;
    // --- the worker's own
    int calm; /* brief waits in a row, CALM at most */
} Worker;

typedef struct Wait {
    double start, spin;
} Wait;

/* `ticket` holds the number of the run in its upper and the tasks left to claim in its lower half: a
 * claim is a compare-and-swap on both, so a worker that wakes late can never take a task of one run
 * with the function of another, and a run need not wait for workers that never woke up. */
struct LsPool {
    // --- immutable after create
    int workers, started;
    Worker *worker; /* [workers]; worker 0 is whoever calls run() */
    // --- whoever calls run()
    int used; /* workers 0 .. used - 1 take part */
    // --- shared: stored before the ticket is released, with which it is acquired
    atomic_int admitted; /* as used */
    // --- shared: released by lend(), acquired by the last worker; NULL: it lends to nobody
    _Atomic(LsLoan *) loan;
    // --- written by run() before the ticket is published; read by whoever holds a claim on it
    LsPoolTask *task;
    void *context;
    unsigned count;
    // --- shared: released by run(), acquired by a claim
    _Alignas(64) atomic_uint_fast64_t ticket;
    // --- shared: when what is waited for came, to judge a wait by; nothing else hangs on it
    _Atomic double published, opened_at;
    // --- shared: passed by each finished task, awaited by run()
    _Alignas(64) LsPoolGate done;
    // --- shared: workers that sleep at a gate; changed under mutex, looked at by whoever opens one
    atomic_int held;
    // --- shared: under mutex where someone sleeps
    _Alignas(64) pthread_mutex_t mutex;
    pthread_cond_t wake, opened;
    bool ending;
};

static void spin_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static Wait wait_begin(const Worker *worker)
{
    return (Wait){ls_clock_now(), worker->calm >= CALM ? spin_s : glance_s};
}

/* Some pauses. Returns false where it is time to sleep. */
static bool wait_spin(const Wait *wait)
{
    for (int i = 0; i < PAUSES; i++) {
        spin_pause();
    }
    return ls_clock_now() - wait->start < wait->spin;
}

/* By when it came: to wake up takes its time as well. */
static void wait_end(const Wait *wait, _Atomic double *came, Worker *worker)
{
    const double end = atomic_load_explicit(came, memory_order_relaxed);
    const bool brief = end - wait->start < spin_s;
    worker->calm = !brief ? 0 : worker->calm < CALM ? worker->calm + 1 : CALM;
}

static unsigned left_of(uint64_t ticket)
{
    return (unsigned)(ticket & 0xffffffffu);
}

/* The loan of a worker that lends its processor, or NULL. */
static LsLoan *loan_of(const LsPool *pool, int worker)
{
    return worker > 0 && worker == pool->workers - 1
               ? atomic_load_explicit(&pool->loan, memory_order_acquire)
               : NULL;
}

/* Between two tasks. */
static void offer(const LsPool *pool, int worker)
{
    LsLoan *loan = loan_of(pool, worker);
    if (loan != NULL) {
        ls_loan_offer(loan);
    }
}

/* Before and after a sleep. */
static void rest(const LsPool *pool, int worker, bool resting)
{
    LsLoan *loan = loan_of(pool, worker);
    if (loan != NULL) {
        ls_loan_rest(loan, resting);
    }
}

/* Does tasks until none is left to claim. */
static void work(LsPool *pool, int worker)
{
    offer(pool, worker);
    uint_fast64_t ticket = atomic_load_explicit(&pool->ticket, memory_order_relaxed);
    while (left_of(ticket) > 0) {
        /* acquire: task, context and count of this run, stored before its ticket */
        if (!atomic_compare_exchange_weak_explicit(&pool->ticket, &ticket, ticket - 1,
                                                   memory_order_acquire, memory_order_relaxed)) {
            continue;
        }
        const unsigned count = pool->count; /* not to be read once our task counts as done */
        pool->task(pool->context, (int)(count - left_of(ticket)), worker);
        ls_pool_pass(pool, &pool->done, count);
        offer(pool, worker);
        ticket = atomic_load_explicit(&pool->ticket, memory_order_relaxed);
    }
}

/* A worker that was admitted when it looked may still take a task when it no longer is: that harms
 * nothing. */
static bool has_work(const LsPool *pool, int worker)
{
    return left_of(atomic_load_explicit(&pool->ticket, memory_order_relaxed)) > 0 &&
           worker < atomic_load_explicit(&pool->admitted, memory_order_relaxed);
}

/* Waits for tasks to claim. Returns false when the pool ends. */
static bool await_work(LsPool *pool, Worker *worker)
{
    const Wait wait = wait_begin(worker);
    do {
        if (has_work(pool, worker->number)) {
            wait_end(&wait, &pool->published, worker);
            return true;
        }
    } while (wait_spin(&wait));
    rest(pool, worker->number, true);
    pthread_mutex_lock(&pool->mutex);
    while (!pool->ending && !has_work(pool, worker->number)) {
        pthread_cond_wait(&pool->wake, &pool->mutex);
    }
    const bool go_on = !pool->ending;
    pthread_mutex_unlock(&pool->mutex);
    rest(pool, worker->number, !go_on);
    wait_end(&wait, &pool->published, worker);
    return go_on;
}

static bool is_open(LsPoolGate *gate, unsigned needed)
{
    /* acquire: what was written before it was passed; one order with `held`, for sleepers */
    return atomic_load_explicit(&gate->passed, memory_order_seq_cst) >= needed;
}

void ls_pool_pass(LsPool *pool, LsPoolGate *gate, unsigned needed)
{
    atomic_store_explicit(&pool->opened_at, ls_clock_now(), memory_order_relaxed);
    /* release: what was written before. Whoever goes to sleep counts himself among those held, then looks
     * at the gate: either he sees it open, or he is seen here. */
    if (atomic_fetch_add_explicit(&gate->passed, 1, memory_order_seq_cst) + 1 >= needed &&
        atomic_load_explicit(&pool->held, memory_order_seq_cst) > 0) {
        pthread_mutex_lock(&pool->mutex);
        pthread_cond_broadcast(&pool->opened);
        pthread_mutex_unlock(&pool->mutex);
    }
}

void ls_pool_await(LsPool *pool, LsPoolGate *gate, unsigned needed, int worker)
{
    if (is_open(gate, needed)) {
        return;
    }
    const Wait wait = wait_begin(&pool->worker[worker]);
    while (!is_open(gate, needed) && wait_spin(&wait)) {
    }
    if (!is_open(gate, needed)) {
        rest(pool, worker, true);
        pthread_mutex_lock(&pool->mutex);
        atomic_fetch_add_explicit(&pool->held, 1, memory_order_seq_cst);
        while (!is_open(gate, needed)) {
            pthread_cond_wait(&pool->opened, &pool->mutex);
        }
        atomic_fetch_sub_explicit(&pool->held, 1, memory_order_seq_cst);
        pthread_mutex_unlock(&pool->mutex);
        rest(pool, worker, false);
    }
    wait_end(&wait, &pool->opened_at, &pool->worker[worker]);
}

static void *worker_main(void *argument)
{
    Worker *worker = argument;
    while (await_work(worker->pool, worker)) {
        work(worker->pool, worker->number);
    }
    return NULL;
}

static bool start_threads(LsPool *pool, LsError *err)
{
    /* Signals are for the thread that waits for them, never for a worker. */
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    bool ok = true;
    for (int i = 1; i < pool->workers && ok; i++) {
        pool->worker[i] = (Worker){.pool = pool, .number = i};
        ok = pthread_create(&pool->worker[i].thread, NULL, worker_main, &pool->worker[i]) == 0;
        pool->started += ok ? 1 : 0;
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return ok ? true
              : ls_fail(err, LS_ERR_SYSTEM, "The system gives no more than %d worker threads.",
                        pool->started + 1);
}

LsPool *ls_pool_create(int workers, LsError *err)
{
    if (workers == 0) {
        const long processors = sysconf(_SC_NPROCESSORS_ONLN);
        workers = processors < 1                 ? 1
                  : processors > LS_POOL_WORKERS ? LS_POOL_WORKERS
                                                 : (int)processors;
    }
    if (workers < 1 || workers > LS_POOL_WORKERS) {
        ls_fail(err, LS_ERR_USAGE, "There can be 1 to %d threads, not %d.", LS_POOL_WORKERS,
                workers);
        return NULL;
    }
    LsPool *pool = ls_memory_items(1, sizeof *pool, err);
    if (pool == NULL) {
        return NULL;
    }
    pool->workers = workers;
    atomic_init(&pool->ticket, 0);
    atomic_init(&pool->done.passed, 0);
    atomic_init(&pool->published, 0);
    atomic_init(&pool->opened_at, 0);
    atomic_init(&pool->held, 0);
    atomic_init(&pool->admitted, workers);
    atomic_init(&pool->loan, NULL);
    pool->used = workers;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pthread_cond_init(&pool->opened, NULL);
    pool->worker = ls_memory_items((size_t)workers, sizeof *pool->worker, err);
    if (pool->worker == NULL || !start_threads(pool, err)) {
        ls_pool_destroy(pool);
        return NULL;
    }
    return pool;
}

void ls_pool_destroy(LsPool *pool)
{
    if (pool == NULL) {
        return;
    }
    pthread_mutex_lock(&pool->mutex);
    pool->ending = true;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);
    for (int i = 1; i <= pool->started; i++) {
        pthread_join(pool->worker[i].thread, NULL);
    }
    pthread_cond_destroy(&pool->opened);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->mutex);
    ls_memory_free(pool->worker);
    ls_memory_free(pool);
}

int ls_pool_workers(const LsPool *pool)
{
    return pool->workers;
}

void ls_pool_use(LsPool *pool, int workers)
{
    pool->used = workers < 1 || workers > pool->workers ? pool->workers : workers;
    atomic_store_explicit(&pool->admitted, pool->used, memory_order_relaxed);
}

void ls_pool_lend(LsPool *pool, LsLoan *loan)
{
    atomic_store_explicit(&pool->loan, loan, memory_order_release);
}

void ls_pool_run(LsPool *pool, int count, LsPoolTask *task, void *context)
{
    if (count <= 0) {
        return;
    }
    if (pool->used == 1 || count == 1) {
        for (int i = 0; i < count; i++) {
            task(context, i, 0);
        }
        return;
    }
    pool->task = task;
    pool->context = context;
    pool->count = (unsigned)count;
    atomic_store_explicit(&pool->done.passed, 0, memory_order_relaxed);
    const uint64_t run = (atomic_load_explicit(&pool->ticket, memory_order_relaxed) >> 32) + 1;
    /* Under the mutex, so that a worker on its way to sleep either sees the ticket or is woken. */
    pthread_mutex_lock(&pool->mutex);
    atomic_store_explicit(&pool->published, ls_clock_now(), memory_order_relaxed);
    atomic_store_explicit(&pool->ticket, run << 32 | (unsigned)count, memory_order_release);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);

    work(pool, 0);
    ls_pool_await(pool, &pool->done, (unsigned)count, 0);
}
