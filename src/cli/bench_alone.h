/* The trainer with nobody watching, as a process of its own that can be held: what the window's training
 * is measured beside. It ends with the bench, whatever ends that, held or not. */
#ifndef LATENTSCAPE_SRC_CLI_BENCH_ALONE_H
#define LATENTSCAPE_SRC_CLI_BENCH_ALONE_H

#include <sys/types.h>

#include "latentscape/data/dataset.h"

/* How far it was at a time. */
typedef struct CliBenchMark {
    double clock;
    double images;
} CliBenchMark;

typedef struct CliBenchAlone {
    pid_t pid;                   /* 0: not running */
    struct CliBenchBoard *board; /* where it tells of itself */
} CliBenchAlone;

/* Starts training fresh weights with the default settings on all processors, and waits up to so many
 * seconds until it does. Owns: the caller, cli_bench_alone_finish(), whatever the outcome.
 * Fails: false, LS_ERR_SYSTEM, LS_ERR_MEMORY.  Thread: one at a time. */
LS_CHECKED bool cli_bench_alone_start(CliBenchAlone *alone, const LsDataset *data, double seconds,
                                      LsError *err);

/* Stops it where it is, or lets it go on.  Thread: one at a time. */
void cli_bench_alone_hold(const CliBenchAlone *alone, bool held);

/* What it told last.  Thread: one at a time. */
CliBenchMark cli_bench_alone_read(const CliBenchAlone *alone);

/* Ends it.  Thread: one at a time. */
void cli_bench_alone_finish(CliBenchAlone *alone);

#endif
