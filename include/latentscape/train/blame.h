/* Which setting is to blame when training bursts: the one that lies furthest from what is usual.
 *
 * The rule: of the numbers that mean something now, those of a term without weight excepted, how far the
 * value has gone from the default towards the end of its slider, both by ratio where the slider is
 * logarithmic; 1 is the end, more lies beyond. The largest wins, if it has gone
 * at least half the way. */
#ifndef LATENTSCAPE_TRAIN_BLAME_H
#define LATENTSCAPE_TRAIN_BLAME_H

#include "latentscape/train/settings.h"

enum {
    LS_BLAME_TEXT = 96
};

/* The setting to blame, or NULL where none stands out.  Thread: any. */
const LsSetting *ls_blame_find(const LsTrainSettings *settings);

/* For people: " Learning rate 10 is the likely cause (0.001 is usual)." or "".
 * Shapes: out [LS_BLAME_TEXT].  Thread: any. */
void ls_blame_tell(const LsTrainSettings *settings, char *out);

#endif
