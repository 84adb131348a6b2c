/* From the settings of a run to the loss that a pass minimizes at some step, with the schedules of
 * the divergence's weight and capacity, and what reconstruction weighs. Internal to train;
 * ls_train_settings_loss(), ls_train_settings_loss_at() and ls_train_settings_teaches() stand here
 * too. */
#ifndef LATENTSCAPE_SRC_TRAIN_OBJECTIVE_H
#define LATENTSCAPE_SRC_TRAIN_OBJECTIVE_H

/* Name and one sentence of schedule number index of the divergence's weight, or NULL past the last: a
 * setting's choices.  Thread: any. */
const char *ls_objective_schedule_name(int index);
const char *ls_objective_schedule_help(int index);

/* The same of what is done with the pixels' reconstruction losses.  Thread: any. */
const char *ls_objective_over_name(int index);
const char *ls_objective_over_help(int index);

#endif
