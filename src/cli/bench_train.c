/* Training: steps of the default model on the shipped digits, whole with gathering and noise, beside
 * independent copies of their matrix products on as many threads. Rows by what is measured, and beside what:
 *   openblas    single precision, the products by OpenBLAS alone;
 *   tiles       the same steps, the products by the program's own kernels where the processor has them;
 *   others      by their names: steps by a backend, its products;
 *   best        steps with what the program takes by itself, the products with the same backend. */
#include <stdio.h>

#include "latentscape/train/run.h"

#include "cli/bench_copies.h"
#include "cli/bench_measure.h"
#include "cli/bench_part.h"

enum {
    THREADS_MOST = 2
};

/* What takes turns, for each number of threads. */
enum {
    STEPS,
    PRODUCTS,
    LIBRARY, /* products by OpenBLAS alone: beside openblas only */
    LANES
};

/* One way to multiply: runs and products with 1 .. THREADS_MOST threads. */
typedef struct Trainers {
    LsBackend *backend;
    LsRun *run[THREADS_MOST];
    CliBenchCopies *copies[THREADS_MOST], *library[THREADS_MOST];
    int lanes; /* 0: this machine does not have it */
    CliBenchLane lane[THREADS_MOST][LANES];
} Trainers;

static void step(void *context)
{
    LsMetric metric;
    ls_run_step(context, &metric);
}

static void finish(Trainers *trainers)
{
    for (int i = 0; i < THREADS_MOST; i++) {
        ls_run_destroy(trainers->run[i]);
        cli_bench_copies_destroy(trainers->copies[i]);
        cli_bench_copies_destroy(trainers->library[i]);
    }
    ls_backend_destroy(trainers->backend);
}

static bool init(Trainers *trainers, LsBackendKind kind, const CliBench *bench, LsError *err)
{
    LsTrainSettings settings = ls_train_settings_make();
    settings.moved = settings.ema = 0; /* a plain step: its limit's products are counted for one */
    trainers->backend = ls_backend_create(kind, err);
    if (trainers->backend == NULL) {
        return kind != LS_BACKEND_OPENBLAS; /* then there are no rows of it */
    }
    const bool plain = kind == LS_BACKEND_OPENBLAS;
    trainers->lanes = plain ? LANES : LIBRARY;
    for (int i = 0; i < THREADS_MOST; i++) {
        CliBenchLane *lane = trainers->lane[i];
        trainers->run[i] = ls_run_create(bench->data, &settings, i + 1, err);
        if (trainers->run[i] == NULL || !ls_run_use(trainers->run[i], kind, err)) {
            return false;
        }
        trainers->copies[i] = cli_bench_copies_create(&bench->model, bench->batch, i + 1,
                                                      ls_gemm_best(), trainers->backend, err);
        if (trainers->copies[i] == NULL) {
            return false;
        }
        trainers->library[i] = plain ? cli_bench_copies_create(&bench->model, bench->batch, i + 1,
                                                               ls_gemm_library(), NULL, err)
                                     : NULL;
        if (plain && trainers->library[i] == NULL) {
            return false;
        }
        lane[STEPS] =
            (CliBenchLane){.work = step, .context = trainers->run[i], .amount = bench->batch};
        lane[PRODUCTS] =
            (CliBenchLane){.pace = cli_bench_copies_pace, .context = trainers->copies[i]};
        lane[LIBRARY] =
            (CliBenchLane){.pace = cli_bench_copies_pace, .context = trainers->library[i]};
    }
    return true;
}

static void add(CliBenchRows *rows, const char *what, const Trainers *trainers, int limit)
{
    for (int i = 0; i < THREADS_MOST && trainers->lanes > 0; i++) {
        char name[CLI_BENCH_NAME];
        snprintf(name, sizeof name, "%s/%d", what, i + 1);
        cli_bench_rows_add(rows, "train", name, trainers->lane[i][STEPS].rate, "images/s",
                           trainers->lane[i][limit].rate);
    }
}

/* All in turn, so that a neighbour on the machine meets all alike. */
static bool measure(Trainers *trainers, double seconds, LsError *err)
{
    CliBenchLane lanes[LS_BACKEND_KINDS * THREADS_MOST * LANES];
    int count = 0;
    for (int kind = 0; kind < LS_BACKEND_KINDS; kind++) {
        for (int i = 0; i < THREADS_MOST; i++) {
            for (int k = 0; k < trainers[kind].lanes; k++) {
                lanes[count++] = trainers[kind].lane[i][k];
            }
        }
    }
    if (!cli_bench_measure_lanes(lanes, count, seconds, err)) {
        return false;
    }
    count = 0;
    for (int kind = 0; kind < LS_BACKEND_KINDS; kind++) {
        for (int i = 0; i < THREADS_MOST; i++) {
            for (int k = 0; k < trainers[kind].lanes; k++) {
                trainers[kind].lane[i][k].rate = lanes[count++].rate;
            }
        }
    }
    return true;
}

/* What --backend asks for, or what the program takes by itself: the rows "best". */
static LsBackendKind best_of(const CliBench *bench, LsError *err)
{
    LsBackend *best = ls_backend_create(bench->backend, err);
    const LsBackendKind kind = best != NULL ? ls_backend_kind(best) : LS_BACKEND_AUTO;
    ls_backend_destroy(best);
    return kind;
}

bool cli_bench_train_run(const CliBench *bench, CliBenchRows *rows, LsError *err)
{
    Trainers trainers[LS_BACKEND_KINDS] = {0};
    const LsBackendKind best = best_of(bench, err);
    bool ok = best != LS_BACKEND_AUTO;
    for (int kind = LS_BACKEND_OPENBLAS; kind < LS_BACKEND_KINDS && ok; kind++) {
        ok = init(&trainers[kind], (LsBackendKind)kind, bench, err);
    }
    ok = ok && measure(trainers, bench->seconds, err);
    if (ok) {
        add(rows, "openblas", &trainers[LS_BACKEND_OPENBLAS], LIBRARY);
        add(rows, "tiles", &trainers[LS_BACKEND_OPENBLAS], PRODUCTS);
        for (int kind = LS_BACKEND_OPENBLAS + 1; kind < LS_BACKEND_KINDS; kind++) {
            add(rows, ls_backend_name(kind), &trainers[kind], PRODUCTS);
        }
        add(rows, "best", &trainers[best], PRODUCTS);
    }
    for (int kind = LS_BACKEND_OPENBLAS; kind < LS_BACKEND_KINDS; kind++) {
        finish(&trainers[kind]);
    }
    return ok && (!bench->scale || cli_bench_scale_run(bench, rows, err));
}
