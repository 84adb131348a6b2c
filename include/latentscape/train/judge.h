/* Evaluates and measures one state of a model on a thread of its own, so that neither the window nor the
 * run that goes on has to wait: for a model that was left before anyone had its figures. They are those
 * that the run itself would have found. */
#ifndef LATENTSCAPE_TRAIN_JUDGE_H
#define LATENTSCAPE_TRAIN_JUDGE_H

#include "latentscape/train/trainer.h"

typedef struct LsJudge LsJudge;

/* A judge at rest. data is borrowed. Owns: the caller, ls_judge_destroy(). Fails: NULL, LS_ERR_MEMORY,
 * LS_ERR_SYSTEM.  Thread: UI. */
LS_CHECKED LsJudge *ls_judge_create(const LsDataset *data, LsError *err);

/* Ends and joins the thread, within a slice of its work; NULL is accepted.  Thread: UI. */
void ls_judge_destroy(LsJudge *judge);

/* Whether it is at work.  Thread: UI. */
bool ls_judge_busy(const LsJudge *judge);

/* Begins with a state: its weights, of the kinds and weights of its settings. What is under way is told to
 * stop. Fails: false where it has not stopped yet, try again next frame; or where there is no
 * memory.  Thread: UI. */
LS_CHECKED bool ls_judge_try_begin(LsJudge *judge, const LsSnapshot *state);

/* The figures of the state it was begun with last, once. Fails: false while there are none.
 * Thread: UI. */
LS_CHECKED bool ls_judge_try_take(LsJudge *judge, LsMetric *evaluation, LsMeasures *measures);

#endif
