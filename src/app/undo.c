#include "app/undo.h"

#include <string.h>

void app_undo_reset(AppUndo *undo, const LsTrainSettings *settings)
{
    undo->states[0] = *settings;
    undo->count = 1;
    undo->at = 0;
}

const LsTrainSettings *app_undo_present(const AppUndo *undo)
{
    return &undo->states[undo->at];
}

void app_undo_push(AppUndo *undo, const LsTrainSettings *settings)
{
    if (ls_train_settings_equal(&undo->states[undo->at], settings)) {
        return;
    }
    if (undo->at == APP_UNDO_MAX - 1) {
        memmove(&undo->states[0], &undo->states[1], sizeof undo->states[0] * (APP_UNDO_MAX - 1));
        undo->at--;
    }
    undo->states[++undo->at] = *settings;
    undo->count = undo->at + 1;
}

const LsTrainSettings *app_undo_peek(const AppUndo *undo, int step)
{
    const int to = undo->at + step;
    return to >= 0 && to < undo->count ? &undo->states[to] : NULL;
}

void app_undo_move(AppUndo *undo, int step)
{
    if (app_undo_peek(undo, step)) {
        undo->at += step;
    }
}
