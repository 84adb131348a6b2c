/* What the bench has found out, a row each: a table on the terminal, an array in a JSON file. */
#ifndef LATENTSCAPE_SRC_CLI_BENCH_ROWS_H
#define LATENTSCAPE_SRC_CLI_BENCH_ROWS_H

#include "latentscape/core/error.h"

enum {
    CLI_BENCH_ROWS_MOST = 2048,
    CLI_BENCH_NAME = 256
};

typedef struct CliBenchRow {
    const char *part; /* never renamed */
    char name[CLI_BENCH_NAME];
    double value;
    const char *unit;
    double limit; /* NAN: there is none */
    double steal; /* share of the time that the hypervisor gave to others; NAN: not known */
} CliBenchRow;

typedef struct CliBenchRows {
    CliBenchRow row[CLI_BENCH_ROWS_MOST];
    int count;
} CliBenchRows;

/* Adds a row; limit may be NAN. A row that finds no room is left out.  Thread: one at a time. */
void cli_bench_rows_add(CliBenchRows *rows, const char *part, const char *name, double value,
                        const char *unit, double limit);

/* value / limit; NAN without a limit.  Thread: any. */
double cli_bench_rows_ratio(const CliBenchRow *row);

/* Prints the rows from number first on.  Thread: one at a time. */
void cli_bench_rows_print(const CliBenchRows *rows, int first);

/* Writes all rows as a JSON array to path, "-" for standard output. Fails: false, LS_ERR_FILE.
 * Thread: one at a time. */
LS_CHECKED bool cli_bench_rows_save(const CliBenchRows *rows, const char *path, LsError *err);

#endif
