/* Training: steps of the default model on the shipped digits, whole with gathering and noise, beside
 * independent copies of their matrix products on as many threads. Rows by what is measured, and beside what:
 *   openblas  single precision, the products by OpenBLAS alone;
 *   tiles     the same steps, the products by the program's own kernels where the processor has them;
 *   best      steps with the fastest backend of this build and machine, the same products as `tiles`. */
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
    BEST,
    LIBRARY,
    TILES,
    LANES
};

typedef struct Trainers {
    LsRun *run[THREADS_MOST][LIBRARY]; /* STEPS, BEST */
    CliBenchCopies *library[THREADS_MOST], *tiles[THREADS_MOST];
} Trainers;

static void step(void *context)
{
    LsMetric metric;
    ls_run_step(context, &metric);
}

static void finish(Trainers *trainers)
{
    for (int i = 0; i < THREADS_MOST; i++) {
        ls_run_destroy(trainers->run[i][STEPS]);
        ls_run_destroy(trainers->run[i][BEST]);
        cli_bench_copies_destroy(trainers->library[i]);
        cli_bench_copies_destroy(trainers->tiles[i]);
    }
}

static LsRun *make_run(const CliBench *bench, int threads, LsBackendKind backend, LsError *err)
{
    const LsTrainSettings settings = ls_train_settings_make();
    LsRun *run = ls_run_create(bench->data, &settings, threads, err);
    if (run != NULL && !ls_run_use(run, backend, err)) {
        ls_run_destroy(run);
        return NULL;
    }
    return run;
}

static bool init(Trainers *trainers, const CliBench *bench, LsError *err)
{
    *trainers = (Trainers){0};
    bool whole = true;
    for (int i = 0; i < THREADS_MOST && whole; i++) {
        LsRun **run = trainers->run[i];
        run[STEPS] = make_run(bench, i + 1, LS_BACKEND_OPENBLAS, err);
        run[BEST] = run[STEPS] != NULL ? make_run(bench, i + 1, LS_BACKEND_AUTO, err) : NULL;
        whole = run[BEST] != NULL;
        if (whole) {
            trainers->library[i] =
                cli_bench_copies_create(&bench->model, bench->batch, i + 1, ls_gemm_library(), err);
            whole = trainers->library[i] != NULL;
        }
        if (whole) {
            trainers->tiles[i] =
                cli_bench_copies_create(&bench->model, bench->batch, i + 1, ls_gemm_best(), err);
            whole = trainers->tiles[i] != NULL;
        }
    }
    return whole;
}

static void add(CliBenchRows *rows, const char *what, const CliBenchLane *lanes, int value,
                int limit)
{
    for (int i = 0; i < THREADS_MOST; i++) {
        char name[CLI_BENCH_NAME];
        snprintf(name, sizeof name, "%s/%d", what, i + 1);
        const CliBenchLane *lane = lanes + (ptrdiff_t)i * LANES;
        cli_bench_rows_add(rows, "train", name, lane[value].rate, "images/s", lane[limit].rate);
    }
}

bool cli_bench_train_run(const CliBench *bench, CliBenchRows *rows, LsError *err)
{
    Trainers trainers;
    CliBenchLane lanes[LANES * THREADS_MOST] = {0};
    bool ok = init(&trainers, bench, err);
    for (ptrdiff_t i = 0; i < THREADS_MOST && ok; i++) {
        CliBenchLane *lane = lanes + i * LANES;
        for (int kind = STEPS; kind <= BEST; kind++) {
            lane[kind] = (CliBenchLane){
                .work = step, .context = trainers.run[i][kind], .amount = bench->batch};
        }
        lane[LIBRARY] =
            (CliBenchLane){.pace = cli_bench_copies_pace, .context = trainers.library[i]};
        lane[TILES] = (CliBenchLane){.pace = cli_bench_copies_pace, .context = trainers.tiles[i]};
    }
    ok = ok && cli_bench_measure_lanes(lanes, LANES * THREADS_MOST, bench->seconds, err);
    finish(&trainers);
    if (ok) {
        add(rows, "openblas", lanes, STEPS, LIBRARY);
        add(rows, "tiles", lanes, STEPS, TILES);
        add(rows, "best", lanes, BEST, TILES);
    }
    return ok && (!bench->scale || cli_bench_scale_run(bench, rows, err));
}
