/* The limit of training: independent copies of a step's matrix products, one a thread. */
#ifndef LATENTSCAPE_SRC_CLI_BENCH_COPIES_H
#define LATENTSCAPE_SRC_CLI_BENCH_COPIES_H

#include "latentscape/vae/products.h"

enum {
    CLI_BENCH_COPIES_MOST = 2
};

typedef struct CliBenchCopies CliBenchCopies;

/* Multiplies in this way, or, where backend is not NULL, with that, borrowed for the copies' life.
 * Owns: the caller, cli_bench_copies_destroy(). Fails: NULL, LS_ERR_MEMORY or LS_ERR_SYSTEM.
 * Thread: any. */
LS_CHECKED CliBenchCopies *cli_bench_copies_create(const LsModel *model, int batch, int threads,
                                                   const LsGemm *gemm, LsBackend *backend,
                                                   LsError *err);

/* Releases them; NULL is accepted.  Thread: any. */
void cli_bench_copies_destroy(CliBenchCopies *copies);

/* A lane's pace (bench_measure.h): all copies work until then, and their images a second are added
 * up. context: the copies.  Thread: one at a time. */
double cli_bench_copies_pace(void *context, double until);

#endif
