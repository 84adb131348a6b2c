#include "train/copy.h"

#include <stdatomic.h>
#include <string.h>

enum {
    PIECE = 65536 /* floats of one task: large beside the cost of handing it out */
};

typedef struct Job {
    size_t n;
    const float *from;
    float *to;
    atomic_bool finite;
} Job;

/* Exponent bits all set: infinity or not a number. Whole words, so that the loop vectorizes and the
 * compiler cannot reason the test away. */
static bool all_finite(size_t n, const float *x)
{
    unsigned bad = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = 0;
        memcpy(&bits, &x[i], sizeof bits);
        bad |= (bits & 0x7f800000u) == 0x7f800000u ? 1u : 0u;
    }
    return bad == 0;
}

static void copy_piece(void *context, int task, int worker)
{
    (void)worker;
    Job *job = context;
    const size_t first = (size_t)task * PIECE;
    const size_t n = job->n - first < PIECE ? job->n - first : PIECE;
    if (job->to != NULL) {
        memcpy(job->to + first, job->from + first, n * sizeof *job->to);
    }
    if (!all_finite(n, job->from + first)) {
        atomic_store_explicit(&job->finite, false, memory_order_relaxed);
    }
}

// NOLINTNEXTLINE(readability-non-const-parameter): written by the tasks
bool ls_copy_floats(LsPool *pool, size_t n, const float *from, float *to)
{
    Job job = {.n = n, .from = from, .to = to};
    atomic_init(&job.finite, true);
    ls_pool_run(pool, (int)((n + PIECE - 1) / PIECE), copy_piece, &job);
    return atomic_load_explicit(&job.finite, memory_order_relaxed); /* ordered by the pool */
}
