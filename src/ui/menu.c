#include <math.h>

#include "ui/parts.h"

enum {
    ITEM_H = 26,
    RULE_H = 9,
    MARGIN = 5,
    TICK_W = 22,
    KEY_GAP = 24
};

static float item_height(const UiItem *item)
{
    return item->label == NULL ? RULE_H : ITEM_H;
}

/* Where the panel goes: below the button, above it where there is no room, inside the window. */
static UiRect panel_of(Ui *ui, UiRect button, const UiItem *items, int count, int chosen)
{
    const UiRect bounds = ui_bounds(ui);
    float label_w = button.w - 2 * MARGIN - 20;
    float key_w = 0;
    float h = 2 * MARGIN;
    for (int i = 0; i < count; i++) {
        if (items[i].label != NULL) {
            label_w = fmaxf(label_w, ui_text_width(ui, UI_FONT_BODY, items[i].label));
            key_w = items[i].key == NULL
                        ? key_w
                        : fmaxf(key_w, ui_text_width(ui, UI_FONT_SMALL, items[i].key) + KEY_GAP);
        }
        h += item_height(&items[i]);
    }
    const float w = ceilf(label_w + key_w) + 20 + 2 * MARGIN + (chosen >= 0 ? TICK_W - 8 : 0);
    UiRect panel = {button.x, button.y + button.h + 4, w, h};
    if (panel.y + h > bounds.h - 4) {
        panel.y = button.y - 4 - h >= 4 ? button.y - 4 - h : bounds.h - 4 - h;
    }
    panel.y = fmaxf(panel.y, 4);
    panel.x = fmaxf(fminf(panel.x, bounds.w - 4 - w), 4);
    return panel;
}

/* The next item that can be chosen, `step` away. */
static int next_item(const UiItem *items, int count, int from, int step)
{
    int at = from;
    for (int tried = 0; tried < count; tried++) {
        at = from < 0 && tried == 0 ? (step > 0 ? 0 : count - 1) : (at + step + count) % count;
        if (items[at].label != NULL && !items[at].disabled) {
            return at;
        }
    }
    return from;
}

/* Arrows, Enter, Esc and the items' first letters. Returns the item picked, or -1. */
static int popup_keys(Ui *ui, const UiItem *items, int count)
{
    int at = 0;
    UiPopup *const popup = &ui->popup;
    for (const UiKey *key = ui_key_next(ui, UI_TARGET_LEVEL, &at); key != NULL;
         key = ui_key_next(ui, UI_TARGET_LEVEL, &at)) {
        if (key->sym == SDLK_ESCAPE || key->sym == SDLK_TAB) {
            popup->id = 0;
            return -1;
        }
        if (key->sym == SDLK_DOWN || key->sym == SDLK_UP) {
            popup->marked = next_item(items, count, popup->marked, key->sym == SDLK_DOWN ? 1 : -1);
        } else if (key->sym == SDLK_HOME || key->sym == SDLK_END) {
            popup->marked = next_item(items, count, -1, key->sym == SDLK_HOME ? 1 : -1);
        } else if ((key->sym == SDLK_RETURN || key->sym == SDLK_KP_ENTER ||
                    key->sym == SDLK_SPACE) &&
                   popup->marked >= 0 && popup->marked < count) {
            popup->id = 0;
            return popup->marked;
        } else if (key->sym >= SDLK_a && key->sym <= SDLK_z) {
            for (int i = 1; i <= count; i++) {
                const int next = (popup->marked + i + count) % count;
                const char *const label = items[next].label;
                if (label != NULL && !items[next].disabled && (label[0] | 32) == key->sym) {
                    popup->marked = next;
                    break;
                }
            }
        }
    }
    return -1;
}

/* The item under the point, or -1. */
static int item_at(UiRect panel, const UiItem *items, int count, UiPoint at)
{
    float y = panel.y + MARGIN;
    for (int i = 0; i < count; i++) {
        const float h = item_height(&items[i]);
        if (items[i].label != NULL && !items[i].disabled &&
            ui_rect_has((UiRect){panel.x, y, panel.w, h}, at)) {
            return i;
        }
        y += h;
    }
    return -1;
}

static void draw_panel(Ui *ui, UiRect panel, const UiItem *items, int count, int chosen)
{
    float y = panel.y + MARGIN;
    ui_shadow_draw(ui, panel);
    ui_draw_round(ui, panel, UI_RADIUS, UI_RAISED);
    ui_draw_frame(ui, panel, UI_RADIUS, 1, UI_RGB(0x323c4d));
    for (int i = 0; i < count; i++) {
        const float h = item_height(&items[i]);
        const UiRect row = {panel.x + MARGIN, y, panel.w - 2 * MARGIN, h};
        y += h;
        if (items[i].label == NULL) {
            ui_draw_rect(ui, (UiRect){row.x, ui_snap(ui, row.y + h / 2), row.w, 1},
                         UI_RGB(0x323c4d));
            continue;
        }
        if (i == ui->popup.marked) {
            ui_draw_round(ui, row, UI_ROUND, UI_RGB(0x2f3b50));
        }
        UiRect inner = {row.x + 10, row.y, row.w - 20, h};
        const UiColor ink = items[i].disabled ? ui_color_fade(UI_MUTED, 0.5F) : UI_TEXT;
        if (chosen >= 0) {
            const UiRect tick = ui_rect_cut_left(&inner, TICK_W - 8);
            if (i == chosen) {
                const float ty = tick.y + tick.h / 2;
                const UiPoint mark[3] = {
                    {tick.x - 3, ty}, {tick.x, ty + 3.2F}, {tick.x + 6, ty - 4}};
                ui_draw_lines(ui, mark, 3, 1.8F, UI_ACTION);
            }
        }
        if (items[i].key != NULL) {
            ui_draw_text(ui, inner, UI_FONT_SMALL, UI_RIGHT, UI_MUTED, items[i].key);
        }
        ui_draw_text(ui, inner, UI_FONT_BODY, UI_LEFT, ink, items[i].label);
        if (items[i].help != NULL && i == ui->popup.marked) {
            ui_tip_offer(ui, row, items[i].help, NULL, false);
            ui->tip.beside = true;
            ui->tip.panel = panel;
        }
    }
}

int ui_popup_show(Ui *ui, UiRect button, const UiItem *items, int count, int chosen)
{
    static const char panel_id[] = "ui.popup";
    const UiRect panel = panel_of(ui, button, items, count, chosen);
    const int layer = ui->layer;
    const UiBox clips = ui->clips[ui->clip_count - 1];
    int picked = -1;
    ui_level_push(ui);
    ui->layer = layer + 1 < UI_LAYERS ? layer + 1 : layer;
    ui->clips[ui->clip_count - 1] = (UiBox){0, 0, ui->canvas.w, ui->canvas.h};
    const uint64_t owner = ui->last_id;
    const UiAct act = ui_interact(ui, panel_id, panel, 0, true);
    ui->last_id = owner;
    if (ui_level_open(ui)) {
        const int under = act.hot ? item_at(panel, items, count, ui->input.at) : -1;
        if (ui->input.moved && act.hot) {
            ui->popup.marked = under;
        }
        picked = popup_keys(ui, items, count);
        for (int i = 0; i < ui->input.event_count; i++) {
            const UiEvent *const event = &ui->input.events[i];
            const bool on = event->id == act.id;
            if (event->kind == UI_EVENT_CLICK && on &&
                item_at(panel, items, count, event->at) >= 0) {
                picked = item_at(panel, items, count, event->at);
                ui->popup.id = 0;
            } else if (event->kind == UI_EVENT_PRESS && !on) {
                ui->popup.id = 0; /* beside it */
            }
        }
    }
    draw_panel(ui, panel, items, count, chosen);
    ui->clips[ui->clip_count - 1] = clips;
    ui->layer = layer;
    ui_level_pop(ui);
    return picked;
}

int ui_menu(Ui *ui, const char *id, UiRect rect, const char *label, UiLook look,
            const UiItem *items, int count, int chosen)
{
    UiAct act = ui_interact(ui, id, rect, UI_WANT_FOCUS | UI_WANT_PRESS | UI_WANT_OPEN, count > 0);
    const bool open = ui->popup.id == act.id;
    bool asked = act.pressed;
    int at = 0;
    for (const UiKey *key = ui_key_next(ui, act.id, &at); key != NULL;
         key = ui_key_next(ui, act.id, &at)) {
        asked = asked || key->sym == SDLK_DOWN;
    }
    /* It opens on the press, as menus do; a click of the keyboard's has no press. */
    asked = asked || (act.clicked && ui->input.active != act.id && !act.released);
    if (asked && !open && ui->popup.id == 0) {
        ui->popup = (UiPopup){.id = act.id, .marked = chosen, .fresh = true};
        if (act.focused && chosen < 0) {
            ui->popup.marked = next_item(items, count, -1, 1);
        }
    }
    const bool shown = ui->popup.id == act.id && count > 0;
    act.held = act.held || shown;
    act.hot = act.hot || shown;
    const UiColor ground = ui_look_ground(look, false, act);
    if (ground.a != 0) {
        ui_draw_round(ui, rect, ui_look_radius(look, rect), ground);
    }
    const UiColor ink = ui_look_ink(look, false, act);
    const float pad = look == UI_LOOK_CHIP ? 10 : 8;
    UiRect inner = {rect.x + pad, rect.y, rect.w - 2 * pad + 2, rect.h};
    const UiRect arrow = ui_rect_cut_right(&inner, 10);
    ui_draw_text(ui, inner, UI_FONT_BODY, UI_LEFT, ink, label);
    ui_draw_text(ui, arrow, UI_FONT_BODY, UI_RIGHT, ui_color_fade(ink, 0.75F), "\u25be");
    if (act.focused) {
        ui_ring_draw(ui, rect, ui_look_radius(look, rect));
    }
    return shown ? ui_popup_show(ui, rect, items, count, chosen) : -1;
}

float ui_menu_width(Ui *ui, const char *label, UiLook look)
{
    const float pad = look == UI_LOOK_CHIP ? 10 : 8;
    return ceilf(ui_text_width(ui, UI_FONT_BODY, label)) + 2 * pad + 11;
}
