/* Training: steps of the default model on the shipped digits, whole with gathering and noise, against
 * independent copies of their matrix products on as many threads. */
#include <stdio.h>

#include "latentscape/train/run.h"

#include "cli/bench_copies.h"
#include "cli/bench_measure.h"
#include "cli/bench_part.h"

enum {
    THREADS_MOST = 2
};

/* The ways to multiply. "best" is the fastest of them that the processor and the build have. */
static const char *const backends[] = {"openblas"};

typedef struct Trainers {
    LsRun *run[THREADS_MOST];
    CliBenchCopies *copies[THREADS_MOST];
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
    }
}

static bool init(Trainers *trainers, const CliBench *bench, LsError *err)
{
    const LsTrainSettings settings = ls_train_settings_make();
    *trainers = (Trainers){0};
    for (int i = 0; i < THREADS_MOST; i++) {
        trainers->run[i] = ls_run_create(bench->data, &settings, i + 1, err);
        if (trainers->run[i] == NULL) {
            return false;
        }
        trainers->copies[i] = cli_bench_copies_create(&bench->model, bench->batch, i + 1, err);
        if (trainers->copies[i] == NULL) {
            return false;
        }
    }
    return true;
}

static void add(CliBenchRows *rows, const char *backend, size_t threads, const CliBenchLane *lane)
{
    char name[CLI_BENCH_NAME];
    snprintf(name, sizeof name, "%s/%zu", backend, threads);
    cli_bench_rows_add(rows, "train", name, lane[0].rate, "images/s", lane[1].rate);
}

bool cli_bench_train_run(const CliBench *bench, CliBenchRows *rows, LsError *err)
{
    Trainers trainers;
    CliBenchLane lanes[2 * THREADS_MOST] = {0};
    bool ok = init(&trainers, bench, err);
    if (ok) {
        for (size_t i = 0; i < THREADS_MOST; i++) {
            lanes[2 * i] =
                (CliBenchLane){.work = step, .context = trainers.run[i], .amount = bench->batch};
            lanes[2 * i + 1] =
                (CliBenchLane){.pace = cli_bench_copies_pace, .context = trainers.copies[i]};
        }
        ok = cli_bench_measure_lanes(lanes, 2 * THREADS_MOST, bench->seconds, err);
    }
    finish(&trainers);
    for (size_t i = 0; i < THREADS_MOST && ok; i++) {
        add(rows, backends[0], i + 1, &lanes[2 * i]);
    }
    for (size_t i = 0; i < THREADS_MOST && ok; i++) {
        add(rows, "best", i + 1, &lanes[2 * i]);
    }
    return ok && (!bench->scale || cli_bench_scale_run(bench, rows, err));
}
