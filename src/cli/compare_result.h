/* What `latentscape compare` finds out: a figure for each row, preset and seed, and the course of each
 * first run. */
#ifndef LATENTSCAPE_SRC_CLI_COMPARE_RESULT_H
#define LATENTSCAPE_SRC_CLI_COMPARE_RESULT_H

#include "latentscape/core/path.h"
#include "latentscape/data/dataset.h"
#include "latentscape/measure/measure.h"
#include "latentscape/train/preset.h"

enum {
    CLI_COMPARE_PRESETS = 32, /* at most */
    CLI_COMPARE_SEEDS = 32,
    CLI_COMPARE_POINTS = 48, /* of a curve, at most */
    CLI_COMPARE_OWN = 6,     /* rows before the measures */
    CLI_COMPARE_ROWS = CLI_COMPARE_OWN + LS_MEASURE_COUNT,
    CLI_COMPARE_CURVES = 3 /* reconstruction, KL, ELBO: held-out, nats */
};

/* A row of the table. */
typedef struct CliCompareRow {
    const char *name, *label, *unit, *help;
    int digits;             /* after the point, for people */
    bool ranked;            /* one value is better than another */
    LsMeasureBetter better; /* then: which */
    bool of_samples;        /* else of held-out images and their codes */
} CliCompareRow;

/* A figure: NaN where there is none. */
typedef struct CliCompareFigure {
    double value, error;
} CliCompareFigure;

typedef struct CliComparePoint {
    double seconds, images;
    double value[CLI_COMPARE_CURVES];
} CliComparePoint;

/* All about one preset. */
typedef struct CliCompareSide {
    const LsPreset *preset;
    LsTrainSettings settings; /* of the first seed */
    CliCompareFigure figure[CLI_COMPARE_SEEDS][CLI_COMPARE_ROWS];
    CliCompareFigure mean[CLI_COMPARE_ROWS]; /* over the seeds */
    CliComparePoint point[CLI_COMPARE_POINTS];
    int points;
    char fault[256]; /* why a run stopped by itself, or "" */
    bool done;       /* the figures of all seeds are there */
} CliCompareSide;

typedef struct CliCompare {
    const LsDataset *data;
    const char *folder;
    const char *backend;
    double seconds;  /* of training each */
    uint64_t images; /* seen by each; 0: seconds count */
    int seeds, sides;
    CliCompareSide *side; /* [sides] */
} CliCompare;

/* Row number index of the table.  Thread: any. */
CliCompareRow cli_compare_row(int index);

/* The file "PRESET-what.png" in the folder. Shapes: out [LS_PATH_MAX]. Fails: false, LS_ERR_FILE.
 * Thread: any. */
LS_CHECKED bool cli_compare_picture(const CliCompare *compare, const CliCompareSide *side,
                                    const char *what, char *out, LsError *err);

/* Means over the seeds, with their standard errors, of what is done; with one seed the figure's own error.
 * Thread: any. */
void cli_compare_average(CliCompare *compare);

/* results.json and results.csv in the folder, with what is done and its means. Fails: false, LS_ERR_FILE.  Thread: any. */
LS_CHECKED bool cli_compare_save_figures(CliCompare *compare, LsError *err);

/* Takes from the folder's results.json, where there is one, the presets that have the same settings, length,
 * seeds, data and backend. Fails: false, LS_ERR_FILE, LS_ERR_FORMAT, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED bool cli_compare_load_figures(CliCompare *compare, LsError *err);

/* report.html in the folder, with the pictures in it. Fails: false, LS_ERR_FILE, LS_ERR_MEMORY.
 * Thread: any. */
LS_CHECKED bool cli_compare_save_page(const CliCompare *compare, LsError *err);

#endif
