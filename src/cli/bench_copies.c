#include "cli/bench_copies.h"

#include <assert.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"
#include "latentscape/train/pool.h"

struct CliBenchCopies {
    int threads, batch;
    LsPool *pool;
    LsProducts *products[CLI_BENCH_COPIES_MOST];
    double until;
    double rate[CLI_BENCH_COPIES_MOST];
};

CliBenchCopies *cli_bench_copies_create(const LsModel *model, int batch, int threads,
                                        const LsGemm *gemm, LsBackend *backend, LsError *err)
{
    assert(threads >= 1 && threads <= CLI_BENCH_COPIES_MOST);
    CliBenchCopies *copies = ls_memory_items(1, sizeof *copies, err);
    if (copies == NULL) {
        return NULL;
    }
    copies->threads = threads;
    copies->batch = batch;
    copies->pool = ls_pool_create(threads, err);
    bool whole = copies->pool != NULL;
    for (int i = 0; i < threads && whole; i++) {
        copies->products[i] = ls_products_create(model, batch, gemm, err);
        whole = copies->products[i] != NULL &&
                (backend == NULL || ls_products_use(copies->products[i], backend, err));
    }
    if (!whole) {
        cli_bench_copies_destroy(copies);
        return NULL;
    }
    return copies;
}

void cli_bench_copies_destroy(CliBenchCopies *copies)
{
    if (copies == NULL) {
        return;
    }
    ls_pool_destroy(copies->pool);
    for (int i = 0; i < copies->threads; i++) {
        ls_products_destroy(copies->products[i]);
    }
    ls_memory_free(copies);
}

static void work(void *context, int task, int worker)
{
    (void)worker;
    CliBenchCopies *copies = context;
    ls_products_step(copies->products[task]);
    const double start = ls_clock_now();
    double now = start;
    int steps = 0;
    do {
        ls_products_step(copies->products[task]);
        steps++;
        now = ls_clock_now();
    } while (now < copies->until);
    copies->rate[task] = (double)steps * copies->batch / (now - start);
}

double cli_bench_copies_pace(void *context, double until)
{
    CliBenchCopies *copies = context;
    copies->until = until;
    ls_pool_run(copies->pool, copies->threads, work, copies);
    double rate = 0;
    for (int i = 0; i < copies->threads; i++) {
        rate += copies->rate[i];
    }
    return rate;
}
