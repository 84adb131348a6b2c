/* The model as it was before the loss was changed last: its weights, figures and settings, to be shown
 * in place of the present ones, or beside them. One is kept. */
#ifndef APP_BEFORE_H
#define APP_BEFORE_H

#include "latentscape/train/history.h"
#include "latentscape/train/judge.h"
#include "latentscape/train/trainer.h"

typedef struct AppBefore {
    bool known;
    LsSnapshot snapshot; /* its params lie in `params` */
    float *params;       /* [room] */
    size_t room;
    uint64_t serial;              /* of the one kept: grows, above every serial of a trainer's */
    LsJudge *judge;               /* finds the figures it was left without; NULL before the first */
    uint64_t judged;              /* serial of the one the judge was last begun with */
    bool changing;                /* a drag is under way: what was before it is kept already */
    char label[LS_HISTORY_LABEL]; /* what was changed: "β 1 → 4" */
    bool held, pressed;           /* shown in place of the present one: by key, by its handle */
    float wipe;                   /* share of the map's width that shows it */
} AppBefore;

/* Keeps the model where `to` is another loss than `from`. done: the person has finished the change; a
 * drag is one change, and what was before it stays. Where there is no memory nothing is known.
 * Thread: UI. */
void app_before_note(AppBefore *before, const LsSnapshot *snapshot, const LsTrainSettings *from,
                     const LsTrainSettings *to, bool done);

/* Has the figures found that the model was left without: its evaluation, and its measures, which
 * become part of the history too. Returns whether something is new to be drawn, or is soon to be.
 * Thread: UI. */
bool app_before_follow(AppBefore *before, const LsDataset *data, LsHistory *history);

/* The model is another one: what was before means nothing any more.  Thread: UI. */
void app_before_forget(AppBefore *before);

/* Releases the memory and zeroes it.  Thread: UI. */
void app_before_finish(AppBefore *before);

#endif
