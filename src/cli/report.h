/* What a training command tells while it works: a bar on a terminal, plain lines elsewhere, and one
 * JSON object per evaluation in a file that can be followed. */
#ifndef LATENTSCAPE_SRC_CLI_REPORT_H
#define LATENTSCAPE_SRC_CLI_REPORT_H

#include <stdio.h>

#include "latentscape/measure/measure.h"
#include "latentscape/train/metric.h"

typedef struct CliReport {
    LsMetric start, last; /* where this training began; the newest evaluation */
    FILE *json;           /* NULL: none */
    const char *json_path;
    bool json_failed;
    bool bar;
    double bar_at;    /* clock: when the bar was drawn last */
    double next_line; /* training seconds from which a plain line is due */
} CliReport;

/* Begins; json_path may be NULL, or "-" for standard output. Fails: false, LS_ERR_FILE.
 * Thread: one at a time. */
LS_CHECKED bool cli_report_open(CliReport *report, const char *json_path, const LsMetric *start,
                                LsError *err);

/* Draws the bar a few times a second; done: 0 .. 1.  Thread: one at a time. */
void cli_report_progress(CliReport *report, const LsMetric *state, double done);

/* Tells an evaluation; the last one is always a line of its own.  Thread: one at a time. */
void cli_report_evaluation(CliReport *report, const LsMetric *metric, bool last);

/* Ends the bar and closes the file. Fails: false, LS_ERR_FILE where the JSON lines could not all be
 * written.  Thread: one at a time. */
LS_CHECKED bool cli_report_close(CliReport *report, LsError *err);

/* A number as JSON has it: null where it is not finite.  Thread: one at a time. */
void cli_report_number(FILE *file, const char *name, double value, bool first);

/* , "measures": {NAME: {value, error}, ...}; one that is missing is null.  Thread: one at a time. */
void cli_report_measures(FILE *file, const LsMeasures *measures);

#endif
