/* The measures of a run in order, thinned evenly when there are too many; the newest is always there.
 * Internal to train: a history has one. */
#ifndef LATENTSCAPE_SRC_TRAIN_MEASURE_LOG_H
#define LATENTSCAPE_SRC_TRAIN_MEASURE_LOG_H

#include "latentscape/measure/measure.h"

enum {
    LS_MEASURE_LOG_MOST = 1024
};

typedef struct LsMeasureLog {
    size_t count;
    uint64_t stride;   /* of how many one is kept */
    uint64_t pending;  /* since the last one kept for good: 0, the newest is one */
    LsMeasures *entry; /* [LS_MEASURE_LOG_MOST]. Owns: whoever made it */
} LsMeasureLog;

/* Forgets everything and keeps the memory.  Thread: one at a time. */
void ls_measure_log_reset(LsMeasureLog *log);

/* Adds some; what was measured at or after their step is dropped.  Thread: one at a time. */
void ls_measure_log_add(LsMeasureLog *log, const LsMeasures *measures);

/* Drops what lies at or after step.  Thread: one at a time. */
void ls_measure_log_rewind(LsMeasureLog *log, uint64_t step);

#endif
