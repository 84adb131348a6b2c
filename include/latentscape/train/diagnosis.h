/* What is happening to a model, in one sentence, when it can be known from its history and settings.
 * Each row is a stated rule; rows are tried in order, and the first that holds speaks. A pure function
 * of what it is given: the same history gives the same words. */
#ifndef LATENTSCAPE_TRAIN_DIAGNOSIS_H
#define LATENTSCAPE_TRAIN_DIAGNOSIS_H

#include "latentscape/train/history.h"
#include "latentscape/train/settings.h"

typedef enum LsTone {
    LS_TONE_QUIET,  /* nothing to say but where things stand */
    LS_TONE_WELL,   /* as it should be */
    LS_TONE_NOTE,   /* a choice and what follows from it */
    LS_TONE_CAUTION /* something goes wrong */
} LsTone;

typedef struct LsDiagnosis {
    const char *name; /* of the rule: in tests and traces, never renamed */
    const char *rule; /* when it holds, for people */
    LsTone tone;
    char sentence[160];
    char figures[256]; /* the numbers it follows from, as a sentence of its own; may be "" */
} LsDiagnosis;

/* A rule, to be walked by tests and documents. */
typedef struct LsDiagnosisRule {
    const char *name, *rule;
    LsTone tone;
} LsDiagnosisRule;

/* Rule number index in the order they are tried, or NULL past the last; the last one always holds.
 * Thread: any. */
const LsDiagnosisRule *ls_diagnosis_rule(int index);

/* The first rule that holds; pixels are those of an image, loss_step is the step of the loss's
 * schedules, which say what a term weighs at the moment; why tells why training has stopped by
 * itself, NULL where it has not.
 * Thread: one at a time per history. */
LsDiagnosis ls_diagnosis_make(const LsHistory *history, const LsTrainSettings *settings, int pixels,
                              uint64_t loss_step, const char *why);

#endif
