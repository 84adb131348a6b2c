/* How the bench measures: things to be compared run in turn, in many short slices, and the median of
 * each counts, so that a neighbour on the machine spoils little and spoils all alike. */
#ifndef LATENTSCAPE_SRC_CLI_BENCH_MEASURE_H
#define LATENTSCAPE_SRC_CLI_BENCH_MEASURE_H

#include "latentscape/core/error.h"

/* One thing to be timed beside others. */
typedef struct CliBenchLane {
    /* Does its work once. */
    void (*work)(void *context);
    void *context;
    double amount; /* what one piece of work counts */
    /* Instead of work, where the lane keeps time itself: works until the clock says `until` and gives
     * the amount done a second. */
    double (*pace)(void *context, double until);
    double rate; /* filled: median amount a second */
} CliBenchLane;

/* Measures all lanes for about `seconds` together. Fails: false, LS_ERR_MEMORY.
 * Thread: one at a time. */
LS_CHECKED bool cli_bench_measure_lanes(CliBenchLane *lanes, int count, double seconds,
                                        LsError *err);

/* The middle one of n numbers, or the upper of two; they are put in order. NAN where n is 0.
 * Thread: any. */
double cli_bench_measure_median(double *values, int n);

/* The value below which `share` of n numbers lie; they are put in order.  Thread: any. */
double cli_bench_measure_quantile(double *values, int n, double share);

/* How the processors have spent their time since the machine was started. */
typedef struct CliBenchTicks {
    double stolen, total;
} CliBenchTicks;

/* Reads them now; zeros where the system does not tell.  Thread: any. */
CliBenchTicks cli_bench_measure_ticks(void);

/* The share of the processors' time that the hypervisor has given to others since then; NAN where it is
 * not known.  Thread: any. */
double cli_bench_measure_steal(CliBenchTicks since);

#endif
