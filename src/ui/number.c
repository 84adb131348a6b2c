#include <stdio.h>
#include <string.h>

#include "ui/parts.h"

/* Keys while it has the focus but is not edited: steps, reset, and what begins editing. */
static void idle_keys(Ui *ui, UiAct act, UiRange range, double *value)
{
    int at = 0;
    for (const UiKey *key = ui_key_next(ui, act.id, &at); key != NULL;
         key = ui_key_next(ui, act.id, &at)) {
        const double size = (key->mod & KMOD_SHIFT) != 0 ? 0.2 : 1;
        char text[32];
        if (key->sym == SDLK_UP || key->sym == SDLK_DOWN) {
            const double steps = range.whole ? 1 : size;
            *value = ui_range_step(range, *value, key->sym == SDLK_UP ? steps : -steps);
        } else if (key->sym == SDLK_DELETE) {
            *value = range.reset;
        } else if (key->sym == SDLK_RETURN || key->sym == SDLK_KP_ENTER) {
            ui_range_text(range, *value, text);
            ui_edit_begin(ui, act.id, text);
            ui->edit.key_from = at;
            return;
        } else if (key->sym == 0) {
            ui_edit_begin(ui, act.id, ""); /* a digit typed begins anew */
            ui->edit.key_from = at - 1;
            return;
        }
    }
}

/* Takes what was typed. A number beyond its range or none at all leaves the value as it was. */
static void take(UiRange range, const char *text, double *value)
{
    char before[32];
    double typed = 0;
    ui_range_text(range, *value, before);
    /* What was not touched must not lose the digits that were not shown. */
    if (strcmp(before, text) != 0 && ui_range_parse(range, text, &typed)) {
        *value = typed;
    }
}

/* What could be typed instead. */
static void tell_range(Ui *ui, UiRect rect, UiRange range)
{
    char text[128];
    snprintf(text, sizeof(text), "It takes a %snumber from %.10g to %.10g.",
             range.whole ? "whole " : "", range.min, range.max);
    ui_tip_fault(ui, rect, text);
}

bool ui_number(Ui *ui, const char *id, UiRect rect, double *value, UiRange range)
{
    const UiAct act = ui_interact(ui, id, rect, UI_WANT_FOCUS | UI_WANT_STEP | UI_WANT_TEXT, true);
    const double old = *value;
    char text[32];
    bool editing = ui->edit.id == act.id;
    if (ui->edit.left == act.id) {
        ui->edit.left = 0;
        take(range, ui->edit.left_text, value);
    }
    if (act.pressed && !editing) {
        ui_range_text(range, *value, text);
        ui_edit_begin(ui, act.id, text);
        editing = true;
    } else if (!editing && ui->focus == act.id) {
        idle_keys(ui, act, range, value);
        editing = ui->edit.id == act.id;
    }
    if (editing) {
        bool enter = false;
        bool escape = false;
        ui_edit_keys(ui, 32, &enter, &escape);
        double typed = 0;
        /* What cannot be taken stays to be mended, and says what could be. */
        enter = enter && (ui->edit.text[0] == '\0' || ui_range_parse(range, ui->edit.text, &typed));
        if (enter || (ui->focus != act.id && !escape)) {
            take(range, ui->edit.text, value);
        }
        if (enter || escape || ui->focus != act.id) {
            ui->edit.id = 0;
            editing = false;
            if (ui->focus == act.id && !ui->focus_visible) {
                ui_focus_set(ui, 0, false); /* it came by mouse, and goes with the editing */
            }
        }
    }
    const UiColor ground = editing    ? UI_GROUND
                           : act.held ? UI_PRESSED
                           : act.hot  ? UI_HOVER
                                      : UI_RAISED;
    ui_draw_round(ui, rect, UI_ROUND, ground);
    const UiRect inner = {rect.x + 6, rect.y, rect.w - 12, rect.h};
    if (editing) {
        double typed = 0;
        const bool good = ui_range_parse(range, ui->edit.text, &typed);
        ui_draw_frame(ui, rect, UI_ROUND, 1, good ? UI_ACTION : UI_BAD);
        ui_edit_show(ui, inner, act, good ? UI_TEXT : UI_BAD);
        if (!good && ui->edit.text[0] != '\0') {
            tell_range(ui, rect, range);
        }
    } else {
        ui_range_text(range, *value, text);
        ui_draw_text(ui, inner, UI_FONT_BODY, UI_RIGHT, UI_TEXT, text);
        if (act.focused) {
            ui_ring_draw(ui, rect, UI_ROUND);
        }
    }
    if (act.hot) {
        ui->beam_wanted = true;
    }
    return *value != old;
}
