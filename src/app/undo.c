#include "app/undo.h"

#include <string.h>

#include "latentscape/core/base.h"

static void set_both(AppUndo *undo, int i, const LsTrainSettings *settings)
{
    undo->states[i][0] = *settings;
    undo->states[i][1] = *settings;
}

void app_undo_reset(AppUndo *undo, const LsTrainSettings *settings)
{
    set_both(undo, 0, settings);
    undo->count = 1;
    undo->at = 0;
    undo->forked = false;
    undo->floor = 0;
}

void app_undo_fork(AppUndo *undo, const LsTrainSettings *b)
{
    undo->states[undo->at][1] = *b;
    undo->count = undo->at + 1;
    undo->forked = true;
    undo->floor = undo->at;
}

/* Takes the states from number `first` on away, but for those that a side has changed at, and the
 * first. */
static void keep_from(AppUndo *undo, int first, int side)
{
    int count = 0;
    int at = 0;
    for (int i = first; i < undo->count; i++) {
        const LsTrainSettings settings = undo->states[i][side];
        if (count == 0 || !ls_train_settings_equal(&settings, &undo->states[count - 1][0])) {
            set_both(undo, count++, &settings);
        }
        at = i <= undo->at ? count - 1 : at;
    }
    undo->count = count;
    undo->at = at;
}

void app_undo_keep(AppUndo *undo, int side)
{
    const LsTrainSettings *const at_fork = undo->states[undo->floor];
    const bool own = side == 1 && !ls_train_settings_equal(&at_fork[0], &at_fork[1]);
    keep_from(undo, own ? undo->floor : 0, side);
    undo->forked = false;
    undo->floor = 0;
}

const LsTrainSettings *app_undo_present(const AppUndo *undo, int side)
{
    return &undo->states[undo->at][side];
}

void app_undo_push(AppUndo *undo, int side, const LsTrainSettings *settings)
{
    if (ls_train_settings_equal(app_undo_present(undo, side), settings)) {
        return;
    }
    if (undo->at == APP_UNDO_MAX - 1) {
        memmove(undo->states[0], undo->states[1], sizeof undo->states[0] * (APP_UNDO_MAX - 1));
        undo->at--;
        undo->floor -= undo->floor > 0 ? 1 : 0;
    }
    if (undo->forked) {
        undo->states[undo->at + 1][1 - side] = *app_undo_present(undo, 1 - side);
        undo->states[undo->at + 1][side] = *settings;
    } else {
        set_both(undo, undo->at + 1, settings);
    }
    undo->at++;
    undo->count = undo->at + 1;
}

const LsTrainSettings *app_undo_peek(const AppUndo *undo, int step, int *side)
{
    const int to = undo->at + step;
    if (to < undo->floor || to >= undo->count) {
        return NULL;
    }
    const bool of_b =
        undo->forked && !ls_train_settings_equal(&undo->states[to][1], app_undo_present(undo, 1));
    if (side) {
        *side = of_b ? 1 : 0;
    }
    return &undo->states[to][of_b ? 1 : 0];
}

void app_undo_move(AppUndo *undo, int step)
{
    if (app_undo_peek(undo, step, NULL)) {
        undo->at += step;
    }
}
