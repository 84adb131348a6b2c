/* Ready-made losses, each with one sentence on what to expect: the good ones, the ones that differ in one
 * thing, and those that go wrong on purpose. A row is a share text read over the defaults; the rows drive
 * the panel, --preset, the scripts and the manual page. */
#ifndef LATENTSCAPE_TRAIN_PRESET_H
#define LATENTSCAPE_TRAIN_PRESET_H

#include "latentscape/train/settings.h"

typedef struct LsPreset {
    const char *name;   /* in options and scripts: never renamed */
    const char *title;  /* for people */
    const char *line;   /* "name=value ..." of what differs from the defaults */
    const char *expect; /* one sentence */
} LsPreset;

/* Every preset, in menu order; *count rows. Owns: nothing to free.  Thread: any. */
const LsPreset *ls_preset_rows(size_t *count);

/* The preset called name. Fails: NULL, LS_ERR_USAGE, "did you mean" included.  Thread: any. */
LS_CHECKED const LsPreset *ls_preset_find(const char *name, LsError *err);

/* Makes the settings those of a preset: every row its default or the preset's, but the model's sizes,
 * its activation and the seed, so that a living model can go on, the length of its schedule and a
 * learning rate from half to twice the preset's, so that of a fork only the loss differs.
 * Thread: any. */
void ls_preset_apply(const LsPreset *preset, LsTrainSettings *settings);

/* Whether two runs that differ in this row alone are the same run to people: the row is equal, or it is how
 * long the run is meant to be, or a learning rate from half to twice the other.  Thread: any. */
bool ls_preset_same(const LsSetting *row, const LsTrainSettings *a, const LsTrainSettings *b);

/* The preset whose settings these are, sizes, seed and length of the schedule aside, and with a
 * learning rate from half to twice its own; or NULL.
 * Thread: any. */
const LsPreset *ls_preset_match(const LsTrainSettings *settings);

#endif
