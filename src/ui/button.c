#include <math.h>

#include "ui/parts.h"

static UiColor lighter(UiColor color, int by)
{
    const int r = color.r + by;
    const int g = color.g + by;
    const int b = color.b + by;
    return (UiColor){(uint8_t)(r > 255 ? 255
                               : r < 0 ? 0
                                       : r),
                     (uint8_t)(g > 255 ? 255
                               : g < 0 ? 0
                                       : g),
                     (uint8_t)(b > 255 ? 255
                               : b < 0 ? 0
                                       : b),
                     color.a};
}

UiFont ui_look_font(UiLook look, bool on)
{
    return look == UI_LOOK_PRIMARY || (on && look != UI_LOOK_PLAIN) ? UI_FONT_STRONG : UI_FONT_BODY;
}

UiColor ui_look_ground(UiLook look, bool on, UiAct act)
{
    const UiColor none = {0, 0, 0, 0};
    UiColor ground = look == UI_LOOK_PRIMARY ? UI_ACTION
                     : on                    ? UI_TEXT
                     : look == UI_LOOK_PLAIN ? none
                                             : UI_RAISED;
    if (look == UI_LOOK_PLAIN && on) {
        ground = UI_RAISED;
    }
    if (!act.enabled) {
        return ui_color_fade(ground, 0.4F);
    }
    if (act.held && act.hot) {
        return look == UI_LOOK_PRIMARY || (on && look != UI_LOOK_PLAIN) ? lighter(ground, -28)
                                                                        : UI_PRESSED;
    }
    if (act.hot) {
        return look == UI_LOOK_PRIMARY || (on && look != UI_LOOK_PLAIN) ? lighter(ground, 22)
                                                                        : UI_HOVER;
    }
    return ground;
}

UiColor ui_look_ink(UiLook look, bool on, UiAct act)
{
    UiColor ink = look == UI_LOOK_PRIMARY || (on && look != UI_LOOK_PLAIN) ? UI_GROUND : UI_TEXT;
    if (look == UI_LOOK_PLAIN && !on && !act.hot && act.enabled) {
        ink = UI_SOFT;
    }
    return act.enabled ? ink : ui_color_fade(ink, 0.4F);
}

void ui_ring_draw(Ui *ui, UiRect rect, float radius)
{
    const float gap = ui_snap_length(ui, 3);
    ui_draw_frame(ui, ui_rect_inset(rect, -gap), radius + gap, 1.6F, UI_ACTION);
}

float ui_look_radius(UiLook look, UiRect rect)
{
    return look == UI_LOOK_CHIP ? fminf(rect.w, rect.h) / 2 : UI_ROUND;
}

bool ui_button(Ui *ui, const char *id, UiRect rect, const char *label, UiLook look, bool on,
               bool enabled)
{
    const UiAct act = ui_interact(ui, id, rect, UI_WANT_FOCUS | UI_WANT_PRESS, enabled);
    const UiColor ground = ui_look_ground(look, on, act);
    if (ground.a != 0) {
        ui_draw_round(ui, rect, ui_look_radius(look, rect), ground);
    }
    /* A label that fits keeps its whole width: padding gives way before letters do. */
    ui_draw_text(ui, ui_rect_inset(rect, 2), ui_look_font(look, on), UI_CENTER,
                 ui_look_ink(look, on, act), label);
    if (act.focused) {
        ui_ring_draw(ui, rect, ui_look_radius(look, rect));
    }
    return act.clicked;
}

float ui_button_width(Ui *ui, const char *label, UiLook look)
{
    const float pad = look == UI_LOOK_CHIP ? 10 : look == UI_LOOK_PLAIN ? 8 : 13;
    /* The bolder of the two faces a label may take, so that a chip does not grow when chosen. */
    return ceilf(ui_text_width(ui, look == UI_LOOK_PLAIN ? UI_FONT_BODY : UI_FONT_STRONG, label)) +
           2 * pad;
}
