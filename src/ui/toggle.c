#include "ui/parts.h"

bool ui_switch(Ui *ui, const char *id, UiRect rect, bool *on, UiColor color)
{
    const UiAct act = ui_interact(ui, id, rect, UI_WANT_FOCUS | UI_WANT_PRESS, true);
    const float h = 16;
    const float w = 28;
    const UiRect track = {ui_snap(ui, rect.x), ui_snap(ui, rect.y + (rect.h - h) / 2), w, h};
    if (act.clicked) {
        *on = !*on;
    }
    UiColor ground = *on ? color : UI_TRACK;
    if (act.hot || act.held) {
        const float share = act.held ? 0.80F : 0.90F;
        ground.r = (uint8_t)((float)ground.r * share + 255 * (1 - share));
        ground.g = (uint8_t)((float)ground.g * share + 255 * (1 - share));
        ground.b = (uint8_t)((float)ground.b * share + 255 * (1 - share));
    }
    ui_draw_round(ui, track, h / 2, ground);
    const float x = *on ? track.x + w - h / 2 : track.x + h / 2;
    ui_draw_disc(ui, (UiPoint){x, track.y + h / 2}, h / 2 - 2, UI_RGB(0xffffff));
    if (act.focused) {
        ui_ring_draw(ui, track, h / 2);
    }
    return act.clicked;
}
