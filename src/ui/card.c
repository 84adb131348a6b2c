/* Cards and scrolling parts. */
#include <math.h>

#include "ui/parts.h"

UiRect ui_card(Ui *ui, UiRect rect, const char *title)
{
    ui_draw_round(ui, rect, UI_RADIUS, UI_CARD);
    ui_draw_frame(ui, rect, UI_RADIUS, 1, UI_RULE);
    UiRect inner = ui_rect_inset(rect, UI_PAD);
    if (title != NULL && *title != '\0') {
        const UiRect line = {rect.x + UI_PAD, rect.y + 8, rect.w - 2 * UI_PAD, UI_CONTROL_H};
        ui_draw_text(ui, line, UI_FONT_STRONG, UI_LEFT, UI_TEXT, title);
        ui_rect_cut_top(&inner, UI_CONTROL_H - UI_PAD / 2 + 2);
    }
    return inner;
}

enum {
    BAR_W = 6,
    BAR_LEAST = 24,
    NOTCH = 48 /* logical units a notch of the wheel */
};

/* The bar at the right: drawn, and dragged. */
static void bar(Ui *ui, uint64_t id, UiRect rect, float *offset, float content)
{
    const float most = content - rect.h;
    const float length = fmaxf(rect.h * rect.h / content, BAR_LEAST);
    const float room = rect.h - length - 4;
    const float at = rect.y + 2 + room * *offset / most;
    const UiRect thumb = {rect.x + rect.w - BAR_W - 2, at, BAR_W, length};
    const UiRect lane = {rect.x + rect.w - BAR_W - 4, rect.y, BAR_W + 4, rect.h};
    const UiAct act = ui_interact_hashed(ui, id, lane, 0, true);
    if (act.pressed &&
        !ui_rect_has((UiRect){lane.x, thumb.y, lane.w, thumb.h}, ui->input.press_at)) {
        *offset = (ui->input.press_at.y - rect.y - length / 2) / room * most;
    }
    if (act.held && room > 0) {
        *offset += (ui->input.at.y - ui->input.before.y) / room * most;
    }
    *offset = fmaxf(fminf(*offset, most), 0);
    ui_draw_round(ui, thumb, BAR_W / 2.0F,
                  act.held  ? UI_MUTED
                  : act.hot ? UI_RGB(0x5a677b)
                            : UI_RGB(0x3b4659));
}

UiRect ui_scroll_begin(Ui *ui, const char *id, UiRect rect, float *offset, float content_height)
{
    const UiAct act = ui_interact(ui, id, rect, UI_WANT_WHEEL | UI_WANT_PAGE, true);
    const float most = fmaxf(content_height - rect.h, 0);
    for (int i = 0; i < ui->input.event_count; i++) {
        const UiEvent *const event = &ui->input.events[i];
        if (event->kind == UI_EVENT_WHEEL && event->id == act.id && ui_level_open(ui)) {
            *offset -= event->amount * NOTCH;
        } else if (event->kind == UI_EVENT_PAGE && event->id == act.id) {
            *offset -=
                event->amount * fmaxf(rect.h - NOTCH, NOTCH); /* a line or two stay in sight */
        }
    }
    /* The focus, moved by keyboard, is brought into sight. */
    const UiEntry *const focus =
        ui->focus_visible && ui->focus != ui->scroll_focus ? ui_entry_find(ui, ui->focus) : NULL;
    if (focus != NULL && focus->rect.x >= rect.x && focus->rect.x < rect.x + rect.w &&
        focus->scroll == act.id) {
        const float above = rect.y + 8 - focus->rect.y;
        const float below = focus->rect.y + focus->rect.h + 8 - rect.y - rect.h;
        *offset += above > 0 ? -above : below > 0 ? below : 0;
        ui->scroll_focus = ui->focus;
    }
    *offset = ui_snap(ui, fmaxf(fminf(*offset, most), 0));
    const bool scrolls = most > 0.5F;
    ui->scroll_id = act.id;
    ui->scroll_rect = rect;
    ui->scroll_offset = scrolls ? offset : NULL;
    ui->scroll_content = content_height;
    ui_draw_push_clip(ui, rect);
    return (UiRect){rect.x, rect.y - *offset, rect.w - (scrolls ? BAR_W + 6 : 0),
                    fmaxf(content_height, rect.h)};
}

void ui_scroll_end(Ui *ui)
{
    /* The bar is declared last, so that it lies over the content. */
    if (ui->scroll_offset != NULL) {
        bar(ui, ui->scroll_id * 31 + 7, ui->scroll_rect, ui->scroll_offset, ui->scroll_content);
    }
    ui->scroll_offset = NULL;
    ui->scroll_id = 0;
    ui_draw_pop_clip(ui);
}
