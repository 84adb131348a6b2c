/* How the learning rate changes as training goes on, one table row per kind. Internal to train. */
#ifndef LATENTSCAPE_SRC_TRAIN_SCHEDULE_H
#define LATENTSCAPE_SRC_TRAIN_SCHEDULE_H

/* The name of a kind, as in files, and one sentence on it; NULL past the last.  Thread: any. */
const char *ls_schedule_name(int kind);
const char *ls_schedule_help(int kind);

/* How far a kind has fallen when `done`, 0 .. 1, of its length is over: from 1 down to 0.
 * Thread: any. */
double ls_schedule_height(int kind, double done);

#endif
