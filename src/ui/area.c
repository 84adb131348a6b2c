/* Areas that are not widgets of their own: maps, plots. */
#include <math.h>

#include "ui/context.h"

/* Arrow keys and zoom keys pressed while the area has the focus. */
static void read_keys(const Ui *ui, uint64_t id, UiHit *hit)
{
    int at = 0;
    for (const UiKey *key = ui_key_next(ui, id, &at); key != NULL; key = ui_key_next(ui, id, &at)) {
        const int step = (key->mod & KMOD_SHIFT) != 0 ? 10 : 1;
        hit->key_x += key->sym == SDLK_RIGHT ? step : key->sym == SDLK_LEFT ? -step : 0;
        hit->key_y += key->sym == SDLK_UP ? step : key->sym == SDLK_DOWN ? -step : 0;
        hit->key_in = hit->key_in || key->sym == SDLK_PLUS || key->sym == SDLK_KP_PLUS ||
                      key->sym == SDLK_EQUALS;
        hit->key_out = hit->key_out || key->sym == SDLK_MINUS || key->sym == SDLK_KP_MINUS;
        hit->key_fit = hit->key_fit || key->sym == SDLK_0 || key->sym == SDLK_KP_0;
        hit->key_enter = hit->key_enter || key->sym == SDLK_RETURN || key->sym == SDLK_KP_ENTER;
    }
}

UiHit ui_area(Ui *ui, const char *id, UiRect rect, bool focusable)
{
    const UiInput *const in = &ui->input;
    /* Within what scrolls the wheel scrolls. */
    const unsigned wants =
        (ui->scroll_id == 0 ? UI_WANT_WHEEL : 0) | (focusable ? UI_WANT_FOCUS | UI_WANT_MOVE : 0);
    const UiAct act = ui_interact(ui, id, rect, wants, true);
    UiHit hit = {.at = in->at, .focused = act.focused};
    if (!ui_level_open(ui)) {
        return hit;
    }
    hit.over = act.hot || act.held || in->pan == act.id;
    hit.pressed = act.pressed;
    hit.held = act.held;
    hit.released = act.released;
    hit.clicked = act.clicked;
    hit.double_clicked = act.doubled;
    hit.pan_held = in->pan == act.id;
    hit.moved = (UiPoint){in->at.x - in->before.x, in->at.y - in->before.y};
    for (int i = 0; i < in->event_count; i++) {
        if (in->events[i].id == act.id) {
            hit.wheel += in->events[i].kind == UI_EVENT_WHEEL ? in->events[i].amount : 0;
            hit.right_clicked = hit.right_clicked || in->events[i].kind == UI_EVENT_RIGHT;
        }
    }
    if (focusable) {
        read_keys(ui, act.id, &hit);
    }
    return hit;
}
