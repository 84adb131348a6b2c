/* Keeps two runs in step with one another: each tells how far it has come, and the one that is ahead
 * waits, so that the slower one sets the pace. Nothing is locked, and a run that takes no part holds
 * nobody up. */
#ifndef LATENTSCAPE_TRAIN_PACE_H
#define LATENTSCAPE_TRAIN_PACE_H

#include "latentscape/core/error.h"

enum {
    LS_PACE_LEAD = 8 /* steps that one may be ahead */
};

typedef struct LsPace LsPace;

/* What both sides do at the same steps, each by agreements of its own. */
typedef enum LsPaceWork {
    LS_PACE_EVALUATION,
    LS_PACE_MEASURES,
    LS_PACE_WORKS
} LsPaceWork;

/* A pace that nobody keeps yet. It must outlive the trainers that were told of it.
 * Owns: the caller, ls_pace_destroy(). Fails: NULL, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsPace *ls_pace_create(LsError *err);

/* Releases it; NULL is accepted.  Thread: any, when no trainer that knows it is left. */
void ls_pace_destroy(LsPace *pace);

/* From now on the runs of sides 0 and 1, which stand at these steps, keep together.  Thread: any. */
void ls_pace_begin(LsPace *pace, uint64_t step0, uint64_t step1);

/* From now on each goes as fast as it can.  Thread: any. */
void ls_pace_end(LsPace *pace);

/* Tells where a side stands.  Thread: that side's trainer. */
void ls_pace_tell(LsPace *pace, int side, uint64_t step);

/* Whether the side, standing at this step, should wait for the other.  Thread: any. */
bool ls_pace_ahead(const LsPace *pace, int side, uint64_t step);

/* Whether both sides have a pace, and the side, standing at this step, keeps it: it is no farther from the
 * other than one may be ahead.  Thread: any. */
bool ls_pace_together(const LsPace *pace, int side, uint64_t step);

/* Whether the side, standing at this step, is to be judged there by that work: both are at the same steps, so
 * that their figures can be compared. due: it is time to agree on the next such step; nothing is agreed on
 * before the other has come to the last one and has done with it. running: the work is under way here.
 * Asked between any two steps.  Thread: that side's trainer. */
bool ls_pace_judges(LsPace *pace, LsPaceWork work, int side, uint64_t step, bool due, bool running);

#endif
