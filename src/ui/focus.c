/* Which widget the keys go to: Tab walks through the focusable entries of the topmost level in the
 * order in which they were declared. */
#include <string.h>

#include "ui/context.h"

void ui_focus_set(Ui *ui, uint64_t id, bool visible)
{
    ui->focus = id;
    ui->focus_visible = visible && id != 0;
    if (id == 0) {
        ui->focus_pending = 0;
    }
}

void ui_focus(Ui *ui, const char *id)
{
    if (id == NULL) {
        ui_focus_set(ui, 0, false);
        return;
    }
    ui->focus_pending = ui_id_hash(id);
    ui->focus_patience = 3;
}

void ui_focus_step(Ui *ui, int step)
{
    const int last = 1 - ui->input.current;
    const UiEntry *const entries = ui->input.entries[last];
    const int count = ui->input.entry_count[last];
    int at = step > 0 ? -1 : count;
    for (int i = 0; i < count; i++) {
        if (entries[i].id == ui->focus && entries[i].level == ui->level_top) {
            at = i;
        }
    }
    for (int tried = 0; tried < count; tried++) {
        at = (at + step + count) % count;
        if (entries[at].level == ui->level_top && (entries[at].wants & UI_WANT_FOCUS) != 0) {
            ui_focus_set(ui, entries[at].id, true);
            return;
        }
    }
}

void ui_focus_settle(Ui *ui)
{
    const int deepest = UI_DEPTH_MAX - 1;
    const int seen = ui->level_seen > deepest ? deepest : ui->level_seen;
    while (ui->level_top < seen) {
        ui->focus_below[ui->level_top++] = ui->focus_visible ? ui->focus : 0;
        ui->focus = 0;
        ui->focus_visible = false;
        ui->input.active = 0;
    }
    while (ui->level_top > seen) {
        ui_focus_set(ui, ui->focus_below[--ui->level_top], true);
        ui->tip.returning = true;
        ui->input.active = 0;
    }
    /* input.current has moved on: "last" is the frame that just ended. */
    const UiEntry *const pending =
        ui->focus_pending == 0 ? NULL : ui_entry_find(ui, ui->focus_pending);
    if (pending != NULL && pending->level == ui->level_top) {
        ui_focus_set(ui, ui->focus_pending, true);
        ui->focus_pending = 0;
        ui_wake_in(ui, 0);
    } else if (ui->focus_pending != 0) {
        if (--ui->focus_patience <= 0) {
            ui->focus_pending = 0;
        }
        ui_wake_in(ui, 0);
    }
    const UiEntry *const entry = ui->focus == 0 ? NULL : ui_entry_find(ui, ui->focus);
    if (ui->focus != 0 && (entry == NULL || (entry->wants & UI_WANT_FOCUS) == 0)) {
        ui_focus_set(ui, 0, false);
    }
    if (ui->edit.id != 0 && ui_entry_find(ui, ui->edit.id) == NULL) {
        ui->edit.id = 0;
    }
    if (ui->popup.id != 0 && ui_entry_find(ui, ui->popup.id) == NULL) {
        ui->popup.id = 0; /* the button that opened it is gone */
    }
}

void ui_level_push(Ui *ui)
{
    ui->level++;
    if (ui->level > ui->level_seen) {
        ui->level_seen = ui->level;
    }
}

void ui_level_pop(Ui *ui)
{
    if (ui->level > 0) {
        ui->level--;
    }
}

bool ui_level_open(const Ui *ui)
{
    return ui->level == ui->level_top;
}
