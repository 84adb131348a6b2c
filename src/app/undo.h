/* Undo and redo of settings: a bounded list of states, oldest forgotten first. */
#ifndef APP_UNDO_H
#define APP_UNDO_H

#include "latentscape/train/settings.h"

enum {
    APP_UNDO_MAX = 256
};

typedef struct AppUndo {
    LsTrainSettings states[APP_UNDO_MAX];
    int count, at; /* states[at] is the present one */
} AppUndo;

/* Begins anew with one state.  Thread: UI. */
void app_undo_reset(AppUndo *undo, const LsTrainSettings *settings);

/* The present state: what was settled last.  Thread: UI. */
const LsTrainSettings *app_undo_present(const AppUndo *undo);

/* Adds a new present and forgets what could be redone. Nothing happens where nothing differs.
 * Thread: UI. */
void app_undo_push(AppUndo *undo, const LsTrainSettings *settings);

/* The state that undo (-1) or redo (+1) would go to, or NULL; app_undo_move() goes there.
 * Thread: UI. */
const LsTrainSettings *app_undo_peek(const AppUndo *undo, int step);
void app_undo_move(AppUndo *undo, int step);

#endif
