#include "train/loan.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"

static const double least_share = 0.0625; /* of the seconds the borrower is willing to wait */

/* The borrower is woken through a pipe: of the ways to wake a thread it is the one after which the kernel takes
 * the waker for about to sleep, and puts the borrower on the processor that it is lent. */
struct LsLoan {
    // --- immutable after create
    int told[2]; /* a byte each time the lender gets out of the way while it is waited for */
    // --- the borrower's
    double share; /* of the seconds it is willing to wait that it waits now */
    // --- shared, in one order: whoever waits says so before it looks at `free`, and whoever gets out of the
    // way says so before it looks who waits
    atomic_bool asked, awaited, free;
    // --- under mutex where the lender sleeps: asked
    pthread_mutex_t mutex;
    pthread_cond_t returned;
};

static bool open_pipe(int told[2])
{
    if (pipe(told) != 0) {
        return false;
    }
    for (int i = 0; i < 2; i++) {
        if (fcntl(told[i], F_SETFD, FD_CLOEXEC) < 0 || fcntl(told[i], F_SETFL, O_NONBLOCK) < 0) {
            (void)close(told[0]);
            (void)close(told[1]);
            return false;
        }
    }
    return true;
}

LsLoan *ls_loan_create(LsError *err)
{
    LsLoan *loan = ls_memory_items(1, sizeof *loan, err);
    if (loan == NULL) {
        return NULL;
    }
    if (!open_pipe(loan->told)) {
        ls_fail(err, LS_ERR_SYSTEM, "The system gives no pipe to the trainer: %s.",
                ls_error_describe(errno));
        ls_memory_free(loan);
        return NULL;
    }
    loan->share = 1;
    atomic_init(&loan->asked, false);
    atomic_init(&loan->awaited, false);
    atomic_init(&loan->free, true); /* nobody lends yet */
    pthread_mutex_init(&loan->mutex, NULL);
    pthread_cond_init(&loan->returned, NULL);
    return loan;
}

void ls_loan_destroy(LsLoan *loan)
{
    if (loan != NULL) {
        (void)close(loan->told[0]);
        (void)close(loan->told[1]);
        pthread_cond_destroy(&loan->returned);
        pthread_mutex_destroy(&loan->mutex);
        ls_memory_free(loan);
    }
}

/* Forgets what was told. */
static void empty(const LsLoan *loan)
{
    char bytes[8];
    while (read(loan->told[0], bytes, sizeof bytes) > 0) {
    }
}

bool ls_loan_take(LsLoan *loan, double seconds)
{
    const double end = ls_clock_now() + seconds * loan->share;
    struct pollfd told = {.fd = loan->told[0], .events = POLLIN};
    atomic_store(&loan->asked, true);
    bool free = false;
    /* Again where it was told late, of the time before, or the lender has only woken up to stand aside. */
    do {
        empty(loan);
        atomic_store(&loan->awaited, true);
        const double left = end - ls_clock_now();
        if (!atomic_load(&loan->free) && left > 0) {
            (void)poll(&told, 1, (int)ceil(left * 1000));
        }
        free = atomic_load(&loan->free);
    } while (!free && ls_clock_now() < end);
    atomic_store(&loan->awaited, false);
    loan->share = free ? fmin(2 * loan->share, 1) : fmax(loan->share / 2, least_share);
    return free;
}

void ls_loan_return(LsLoan *loan)
{
    if (atomic_load(&loan->asked)) {
        pthread_mutex_lock(&loan->mutex);
        atomic_store(&loan->asked, false);
        pthread_cond_signal(&loan->returned);
        pthread_mutex_unlock(&loan->mutex);
    }
}

static void get_out_of_the_way(LsLoan *loan)
{
    atomic_store(&loan->free, true);
    if (atomic_exchange(&loan->awaited, false) && write(loan->told[1], "", 1) < 0) {
        return; /* full: then it is told */
    }
}

void ls_loan_offer(LsLoan *loan)
{
    /* relaxed: it is looked at again after the next task */
    if (!atomic_load_explicit(&loan->asked, memory_order_relaxed)) {
        if (atomic_load_explicit(&loan->free, memory_order_relaxed)) {
            atomic_store(&loan->free,
                         false); /* at work for the first time, without a sleep before */
        }
        return;
    }
    get_out_of_the_way(loan);
    pthread_mutex_lock(&loan->mutex);
    while (atomic_load(&loan->asked)) {
        pthread_cond_wait(&loan->returned, &loan->mutex);
    }
    pthread_mutex_unlock(&loan->mutex);
    atomic_store(&loan->free, false);
}

void ls_loan_rest(LsLoan *loan, bool resting)
{
    if (resting) {
        get_out_of_the_way(loan);
    } else {
        atomic_store(&loan->free, false);
    }
}
