/* Settings told apart, and their differences in words. */
#ifndef APP_DESCRIBE_H
#define APP_DESCRIBE_H

#include "latentscape/train/history.h"

/* One change as people say it: "β 1 → 4", "KL off". Shapes: out [LS_HISTORY_LABEL].  Thread: any. */
void app_describe_change(const LsSetting *row, const LsTrainSettings *from,
                         const LsTrainSettings *to, char *out);

/* All changes of the loss, joined: "β 1 → 4, l2"; "" where there are none. Shapes: out [size].
 * Thread: any. */
void app_describe_loss(const LsTrainSettings *from, const LsTrainSettings *to, char *out,
                       size_t size);

/* What sets one side's settings apart from the other's: "β 4, Regularization on"; the presets'
 * titles where each side is one of its own; "as the other" where nothing does. Shapes: out [size].
 * Thread: any. */
void app_describe_side(const LsTrainSettings *own, const LsTrainSettings *other, char *out,
                       size_t size);

/* What undo (-1) or redo (+1) has done to side 0 (A) or 1 (B) of a fork, or of how many settings,
 * where they are more than two: "Undo in B: β 4 → 1.". Shapes: out [size].  Thread: any. */
void app_describe_undo(int step, int side, const LsTrainSettings *from, const LsTrainSettings *to,
                       char *out, size_t size);

/* A run's name: its preset's title, or what sets it apart from the defaults, but for what makes it
 * no other run (ls_preset_same()). Shapes: out [size].  Thread: any. */
void app_describe_run(const LsTrainSettings *settings, char *out, size_t size);

/* Whether the one cannot take the other's place in a living model.  Thread: any. */
bool app_describe_structural(const LsTrainSettings *a, const LsTrainSettings *b);

#endif
