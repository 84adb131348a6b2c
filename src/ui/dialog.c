#include <math.h>
#include <stdio.h>

#include "ui/parts.h"

enum {
    TITLE_H = 48,
    PAD = 20
};

UiRect ui_dialog_begin(Ui *ui, const char *id, float w, float h, const char *title, bool *close)
{
    const UiRect bounds = ui_bounds(ui);
    const float cw = fminf(w, bounds.w - 32);
    const float ch = fminf(h, bounds.h - 32);
    const UiRect card = {ui_snap(ui, (bounds.w - cw) / 2), ui_snap(ui, (bounds.h - ch) / 2), cw,
                         ch};
    char close_id[128];
    ui_level_push(ui);
    ui_draw_layer(ui, 1 + ui->level);
    ui_draw_rect(ui, bounds, (UiColor){4, 6, 10, 150});
    ui_shadow_draw(ui, card);
    ui_draw_round(ui, card, UI_RADIUS + 2, UI_CARD);
    ui_draw_frame(ui, card, UI_RADIUS + 2, 1, UI_RGB(0x323c4d));
    ui_interact(ui, id, card, 0, true);
    if (ui_level_open(ui)) {
        int at = 0;
        for (const UiKey *key = ui_key_next(ui, UI_TARGET_LEVEL, &at); key != NULL;
             key = ui_key_next(ui, UI_TARGET_LEVEL, &at)) {
            *close = *close || key->sym == SDLK_ESCAPE;
        }
        for (int i = 0; i < ui->input.event_count; i++) {
            const UiEvent *const event = &ui->input.events[i];
            *close = *close || (event->kind == UI_EVENT_PRESS && event->id == 0);
        }
    }
    UiRect inner = card;
    const UiRect head = ui_rect_cut_top(&inner, TITLE_H);
    ui_draw_text(ui, (UiRect){head.x + PAD, head.y, head.w - 2 * PAD - 32, head.h}, UI_FONT_TITLE,
                 UI_LEFT, UI_TEXT, title);
    ui_draw_rect(ui, (UiRect){card.x + 1, head.y + head.h, card.w - 2, 1}, UI_RULE);
    snprintf(close_id, sizeof(close_id), "%.100s.close", id);
    const UiRect cross = {card.x + card.w - 40, head.y + 10, 28, 28};
    if (ui_button(ui, close_id, cross, "\u2715", UI_LOOK_PLAIN, false, true)) {
        *close = true;
    }
    return (UiRect){inner.x + PAD, inner.y + 14, inner.w - 2 * PAD, inner.h - 14 - PAD};
}

void ui_dialog_end(Ui *ui)
{
    ui_level_pop(ui);
    ui_draw_layer(ui, ui->level == 0 ? 0 : 1 + ui->level);
}
