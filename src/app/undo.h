/* Undo and redo of settings: a bounded list of states, oldest forgotten first. While a fork lasts a
 * state is of both its sides, 0 (A) and 1 (B), so that changes are taken back in the order in which
 * they were made. */
#ifndef APP_UNDO_H
#define APP_UNDO_H

#include "latentscape/train/settings.h"

enum {
    APP_UNDO_MAX = 256
};

typedef struct AppUndo {
    LsTrainSettings states[APP_UNDO_MAX][2]; /* without a fork the second is as the first */
    int count, at;                           /* states[at] is the present one */
    bool forked;
    int floor; /* the state at which the fork began: undo ends there until one side is kept */
} AppUndo;

/* Begins anew with one state, without a fork.  Thread: UI. */
void app_undo_reset(AppUndo *undo, const LsTrainSettings *settings);

/* A fork begins, with these settings of B; what could be redone is forgotten.  Thread: UI. */
void app_undo_fork(AppUndo *undo, const LsTrainSettings *b);

/* The fork ends: the changes of one side are kept, and what came before the fork; not that where B
 * began with settings of its own and is the side.  Thread: UI. */
void app_undo_keep(AppUndo *undo, int side);

/* The present state of a side: what was settled last.  Thread: UI. */
const LsTrainSettings *app_undo_present(const AppUndo *undo, int side);

/* Adds a new present and forgets what could be redone. Nothing happens where nothing differs.
 * Thread: UI. */
void app_undo_push(AppUndo *undo, int side, const LsTrainSettings *settings);

/* The settings that undo (-1) or redo (+1) would bring back, and of which side; or NULL.
 * app_undo_move() goes there. Shapes: side may be NULL.  Thread: UI. */
const LsTrainSettings *app_undo_peek(const AppUndo *undo, int step, int *side);
void app_undo_move(AppUndo *undo, int step);

#endif
