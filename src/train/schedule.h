/* How the learning rate changes as training goes on, one table row per kind. Internal to train. */
#ifndef LATENTSCAPE_SRC_TRAIN_SCHEDULE_H
#define LATENTSCAPE_SRC_TRAIN_SCHEDULE_H

/* The name of a kind, as in files, and one sentence on it; NULL past the last.  Thread: any. */
const char *ls_schedule_name(int kind);
const char *ls_schedule_help(int kind);

#endif
