/* The parts of the bench: a new one is a file, a line here and a row in bench_command.c. */
#ifndef LATENTSCAPE_SRC_CLI_BENCH_PART_H
#define LATENTSCAPE_SRC_CLI_BENCH_PART_H

#include "latentscape/data/dataset.h"
#include "latentscape/nn/backend.h"
#include "latentscape/vae/model.h"

#include "cli/bench_race.h"
#include "cli/bench_rows.h"
#include "cli/option.h"

/* What the command line asked for, and what every part works on. */
typedef struct CliBench {
    const LsDataset *data;    /* the shipped digits */
    LsModel model;            /* the default one */
    int batch;                /* the default one */
    double seconds;           /* that a part may take */
    LsBackendKind backend;    /* of the rows "best" and of quality */
    bool scale;               /* train: other models, batches, images and data sets too */
    int seeds;                /* quality: runs of each line */
    double images;            /* quality: that a run sees; 0: as many as the seconds allow */
    bool quiet;               /* nothing but the JSON goes to standard output */
    int threads;              /* quality: of a run; 0: all processors */
    const CliBenchRace *race; /* quality: settings, a share text each */
} CliBench;

/* Measures and adds its rows. Fails: false, with a sentence.  Thread: one at a time. */
typedef bool CliBenchPartFn(const CliBench *bench, CliBenchRows *rows, LsError *err);

CliBenchPartFn cli_bench_gemm_run, cli_bench_train_run, cli_bench_decode_run, cli_bench_window_run,
    cli_bench_start_run, cli_bench_quality_run, cli_bench_scale_run;

#endif
