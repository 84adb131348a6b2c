/* What sets two runs apart, in one sentence, from their newest evaluations and measures. Each row is a
 * stated rule; rows are tried in order, and the first that holds speaks. A pure function of what it is
 * given. */
#ifndef LATENTSCAPE_TRAIN_CONTRAST_H
#define LATENTSCAPE_TRAIN_CONTRAST_H

#include "latentscape/measure/measure.h"
#include "latentscape/train/run.h"

/* One run. */
typedef struct LsContrastSide {
    const char *name;           /* "A" */
    const LsMetric *evaluation; /* its newest */
    const LsMeasures *measures; /* its newest */
    int rec;                    /* kind of its reconstruction */
} LsContrastSide;

typedef struct LsContrast {
    const char *name;   /* of the rule: in tests, never renamed */
    const char *rule;   /* when it holds, for people */
    char sentence[200]; /* "" where nothing can be said yet */
} LsContrast;

/* The first rule that holds between two runs; the last one always does.  Thread: any. */
LsContrast ls_contrast_make(const LsContrastSide *a, const LsContrastSide *b);

#endif
