#include <math.h>

#include "ui/parts.h"

enum {
    KNOB = 7 /* radius */
};

static UiRect track_of(UiRect rect)
{
    return (UiRect){rect.x + KNOB, rect.y + rect.h / 2 - 2, fmaxf(rect.w - 2 * KNOB, 1), 4};
}

/* Moves the value with the mouse: the knob goes to the press, then follows; with Shift a tenth as far.
 * The place is kept as a fraction, for the value is rounded to what reads well. */
static void drag(Ui *ui, UiRect rect, UiAct act, UiRange range, double *value)
{
    const UiRect track = track_of(rect);
    const UiInput *const in = &ui->input;
    if (act.pressed) {
        const float knob = track.x + track.w * (float)ui_range_fraction(range, *value);
        ui->drag_fraction = ui_range_fraction(range, *value);
        ui->drag_x = in->press_at.x;
        if (fabsf(in->press_at.x - knob) > KNOB + 1) {
            ui->drag_fraction = (double)((in->press_at.x - track.x) / track.w);
            *value = ui_range_value(range, ui->drag_fraction);
        }
    }
    if ((act.held || act.released) && in->at.x != ui->drag_x) {
        const bool fine = (in->mod & KMOD_SHIFT) != 0 || (SDL_GetModState() & KMOD_SHIFT) != 0;
        ui->drag_fraction += (double)((in->at.x - ui->drag_x) / track.w) * (fine ? 0.1 : 1);
        ui->drag_x = in->at.x;
        *value = ui_range_value(range, ui->drag_fraction);
    }
}

static bool keys(const Ui *ui, UiAct act, UiRange range, double *value)
{
    bool any = false;
    int at = 0;
    for (const UiKey *key = ui_key_next(ui, act.id, &at); key != NULL;
         key = ui_key_next(ui, act.id, &at)) {
        const double fine = (key->mod & KMOD_SHIFT) != 0 ? 0.2 : 1;
        any = true;
        if (key->sym == SDLK_RIGHT || key->sym == SDLK_UP) {
            *value = ui_range_step(range, *value, range.whole ? 1 : fine);
        } else if (key->sym == SDLK_LEFT || key->sym == SDLK_DOWN) {
            *value = ui_range_step(range, *value, range.whole ? -1 : -fine);
        } else if (key->sym == SDLK_PAGEUP) {
            *value = ui_range_step(range, *value, range.whole && !range.logarithmic ? 10 : 4);
        } else if (key->sym == SDLK_PAGEDOWN) {
            *value = ui_range_step(range, *value, range.whole && !range.logarithmic ? -10 : -4);
        } else if (key->sym == SDLK_HOME) {
            *value = ui_range_value(range, 0);
        } else if (key->sym == SDLK_END) {
            *value = ui_range_value(range, 1);
        } else {
            *value = range.reset;
        }
    }
    return any;
}

bool ui_slider(Ui *ui, const char *id, UiRect rect, double *value, UiRange range, UiColor color,
               bool *done)
{
    const UiAct act = ui_interact(ui, id, rect, UI_WANT_FOCUS | UI_WANT_ADJUST, true);
    const double old = *value;
    bool finished = act.released;
    if (act.doubled) {
        *value = range.reset;
    } else if (ui_level_open(ui)) {
        drag(ui, rect, act, range, value);
        finished = keys(ui, act, range, value) || finished;
    }
    if (done != NULL) {
        *done = finished;
    }
    const UiRect track = track_of(rect);
    const float x = track.x + track.w * (float)ui_range_fraction(range, *value);
    const float y = rect.y + rect.h / 2;
    const UiRect ground = {track.x - 2, track.y, track.w + 4, track.h};
    ui_draw_round(ui, ground, 2, act.hot || act.held ? UI_RGB(0x3b4659) : UI_TRACK);
    ui_draw_round(ui, (UiRect){ground.x, ground.y, x - ground.x, ground.h}, 2, color);
    if (act.hot || act.held) {
        ui_draw_disc(ui, (UiPoint){x, y}, act.held ? KNOB + 5 : KNOB + 3,
                     ui_color_fade(color, act.held ? 0.40F : 0.25F));
    }
    ui_draw_disc(ui, (UiPoint){x, y}, KNOB, UI_RGB(0xffffff));
    if (act.focused) {
        ui_ring_draw(ui, (UiRect){x - KNOB, y - KNOB, 2 * KNOB, 2 * KNOB}, KNOB);
    }
    return *value != old;
}
