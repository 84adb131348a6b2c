#include <math.h>
#include <string.h>

#include "ui/parts.h"

static const double rest_s = 0.45;

enum {
    TIP_W = 280,
    TIP_PAD = 10,
    LARGE = 160 /* areas higher than this have a hint, but no tooltip over what they show */
};

void ui_shadow_draw(Ui *ui, UiRect rect)
{
    /* Three frames growing fainter: what floats stands off the ground. */
    for (int i = 3; i > 0; i--) {
        const float by = (float)i * 2;
        ui_draw_round(ui, (UiRect){rect.x - by, rect.y - by + 3, rect.w + 2 * by, rect.h + 2 * by},
                      UI_RADIUS + by, (UiColor){0, 0, 0, 40});
    }
}

void ui_tip_offer(Ui *ui, UiRect rect, const char *text, const char *key, bool at_once)
{
    UiTip *const tip = &ui->tip;
    SDL_strlcpy(tip->text, text, sizeof(tip->text));
    SDL_strlcpy(tip->key, key == NULL ? "" : key, sizeof(tip->key));
    tip->rect = rect;
    tip->wanted = true;
    tip->at_once = at_once;
    tip->beside = false;
}

void ui_tip_fault(Ui *ui, UiRect rect, const char *text)
{
    ui_tip_offer(ui, rect, text, NULL, true);
    ui->tip.fault = true;
}

void ui_tooltip(Ui *ui, UiRect rect, const char *text, const char *key)
{
    if (text == NULL || *text == '\0' || !ui_level_open(ui) || ui->tip.fault) {
        return;
    }
    const UiInput *const in = &ui->input;
    const UiRect clip = ui_clip_rect(ui);
    const bool under = in->inside && ui_rect_has(rect, in->at) && ui_rect_has(clip, in->at) &&
                       in->active == 0 && in->pan == 0;
    const bool reached =
        ui->focus_visible && ui->focus == ui->last_id && ui->last_id != 0 && ui->edit.id == 0;
    /* The mouse has the last word: the focus may be elsewhere. */
    if (under) {
        ui_tip_offer(ui, rect, text, key, false);
    } else if (reached && !ui->tip.wanted) {
        ui_tip_offer(ui, rect, text, key, true);
    }
}

const char *ui_hint(const Ui *ui)
{
    return ui->tip.text[0] != '\0' && (ui->tip.wanted || ui->tip.hinted) ? ui->tip.text : NULL;
}

static bool same_rect(UiRect a, UiRect b)
{
    return a.x == b.x && a.y == b.y && a.w == b.w && a.h == b.h;
}

/* Whether the tooltip is due; asks for a frame at the time when it will be. */
static bool due(Ui *ui)
{
    UiTip *const tip = &ui->tip;
    if (!tip->wanted) {
        tip->shown = false;
        tip->silenced = tip->silenced && (ui->input.active != 0 || ui->input.pan != 0);
        tip->returning = false;
        return false;
    }
    if (!same_rect(tip->rect, tip->last_rect)) {
        tip->last_rect = tip->rect;
        tip->shown = false;
        tip->silenced = false;
    }
    tip->silenced = tip->silenced || tip->returning;
    tip->returning = false;
    if (tip->fault) {
        return true;
    }
    /* Over what a hand is working on it would only cover the figures that change. */
    const bool editing = ui->edit.id != 0 && ui->edit.id == ui->focus;
    if (tip->silenced || editing || (tip->rect.h > LARGE && !tip->beside)) {
        tip->shown = false;
        return false;
    }
    if (tip->shown || tip->at_once) {
        return true;
    }
    const double since = ui->input.rest_since;
    if (since < 0 || !isfinite(since)) {
        return false;
    }
    const double left = rest_s - (ui->now - since);
    if (left > 0) {
        ui_wake_in(ui, left);
        return false;
    }
    tip->shown = true;
    return true;
}

/* Where a card of that size goes: below what it speaks of, above it where there is no room, beside a
 * menu; inside the window. */
static UiRect place(const Ui *ui, UiRect card)
{
    const UiTip *const tip = &ui->tip;
    const UiRect bounds = ui_bounds(ui);
    card.x = tip->at_once ? tip->rect.x : ui->input.at.x + 2;
    card.y = tip->rect.y + tip->rect.h + 8;
    if (!tip->at_once && tip->rect.h > 48) { /* at the pointer where the thing is large */
        card.y = ui->input.at.y + 22;
    }
    if (card.y + card.h > bounds.h - 4) {
        card.y = (tip->rect.h > 48 ? ui->input.at.y : tip->rect.y) - card.h - 8;
    }
    if (tip->beside) {
        const float right = tip->panel.x + tip->panel.w + 6;
        card.x = right + card.w < bounds.w - 4 ? right : tip->panel.x - 6 - card.w;
        card.y = tip->rect.y - 4;
    }
    card.x = ui_snap(ui, fmaxf(fminf(card.x, bounds.w - 4 - card.w), 4));
    card.y = ui_snap(ui, fmaxf(fminf(card.y, bounds.h - 4 - card.h), 4));
    return card;
}

void ui_tip_draw(Ui *ui)
{
    UiTip *const tip = &ui->tip;
    /* The status line may have been drawn before the widget spoke. */
    if (tip->wanted != tip->hinted || (tip->wanted && !same_rect(tip->rect, tip->last_rect))) {
        ui_wake_in(ui, 0);
    }
    if (!due(ui)) {
        return;
    }
    const float key_w = tip->key[0] == '\0' ? 0 : ui_text_width(ui, UI_FONT_SMALL, tip->key) + 22;
    const float line_w = ui_text_width(ui, UI_FONT_BODY, tip->text);
    const float text_w = fminf(ceilf(line_w) + 1, TIP_W - 2 * TIP_PAD);
    UiRect text = {0, 0, text_w, 0};
    text.h = ui_draw_paragraph(ui, text, UI_FONT_BODY, UI_TEXT, tip->text, false);
    const UiRect card = place(ui, (UiRect){0, 0, text_w + key_w + 2 * TIP_PAD, text.h + 2 * 8});
    ui->layer = UI_LAYERS - 1;
    ui_shadow_draw(ui, card);
    ui_draw_round(ui, card, UI_ROUND + 1, UI_RAISED);
    ui_draw_frame(ui, card, UI_ROUND + 1, 1, UI_RGB(0x3b4659));
    text.x = card.x + TIP_PAD;
    text.y = card.y + 8;
    ui_draw_paragraph(ui, text, UI_FONT_BODY, UI_TEXT, tip->text, true);
    if (key_w > 0) {
        const UiRect cap = {card.x + card.w - TIP_PAD - key_w + 10, text.y, key_w - 10,
                            ui_text_height(ui, UI_FONT_BODY)};
        ui_draw_round(ui, cap, 4, UI_RGB(0x2f3b50));
        ui_draw_text(ui, cap, UI_FONT_SMALL, UI_CENTER, UI_SOFT, tip->key);
    }
}
