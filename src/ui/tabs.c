#include "ui/tabs.h"

#include <math.h>

#include "ui/parts.h"

enum {
    TAB_PAD = 8,   /* at both sides of a label */
    TAB_LEAST = 3, /* the same where the row is narrow */
    TAB_LINE = 2,  /* below the chosen one */
};

/* Of the bolder face, so that a tab does not grow when chosen. */
static float label_width(Ui *ui, const UiTab *tab)
{
    return ceilf(ui_text_width(ui, UI_FONT_STRONG, tab->label));
}

float ui_tabs_width(Ui *ui, const UiTab *tabs, int count)
{
    float width = 0;
    for (int i = 0; i < count; i++) {
        width += label_width(ui, &tabs[i]) + 2 * TAB_PAD;
    }
    return width;
}

/* The tab that the arrows lead to from this one, or -1. */
static int key_target(const Ui *ui, UiAct act, int from, int count)
{
    int to = -1;
    int at = 0;
    for (const UiKey *key = ui_key_next(ui, act.id, &at); key != NULL;
         key = ui_key_next(ui, act.id, &at)) {
        const int now = to < 0 ? from : to;
        if (key->sym == SDLK_RIGHT || key->sym == SDLK_DOWN) {
            to = (now + 1) % count;
        } else if (key->sym == SDLK_LEFT || key->sym == SDLK_UP) {
            to = (now + count - 1) % count;
        } else if (key->sym == SDLK_HOME || key->sym == SDLK_END) {
            to = key->sym == SDLK_HOME ? 0 : count - 1;
        }
    }
    return to;
}

static void draw_tab(Ui *ui, UiRect box, const UiTab *tab, bool chosen, UiAct act)
{
    const UiRect text = {box.x, box.y, box.w, box.h - TAB_LINE};
    if (act.hot || act.held) {
        ui_draw_round(ui, ui_rect_inset(text, 1), UI_ROUND, act.held ? UI_PRESSED : UI_RAISED);
    }
    ui_draw_text(ui, text, chosen ? UI_FONT_STRONG : UI_FONT_BODY, UI_CENTER,
                 chosen                ? UI_TEXT
                 : act.hot || act.held ? UI_SOFT
                                       : UI_MUTED,
                 tab->label);
    if (chosen) {
        const float line_w = fmaxf(fminf(label_width(ui, tab), box.w), TAB_LINE);
        ui_draw_round(ui,
                      (UiRect){ui_snap(ui, box.x + (box.w - line_w) / 2),
                               ui_snap(ui, box.y + box.h - TAB_LINE), line_w, TAB_LINE},
                      TAB_LINE / 2.0F, UI_TEXT);
    }
    if (act.focused) {
        ui_draw_frame(ui, ui_rect_inset(box, 0.5F), UI_ROUND, 1.6F, UI_ACTION);
    }
}

int ui_tabs(Ui *ui, UiRect rect, const UiTab *tabs, int count, int chosen)
{
    const float wanted = ui_tabs_width(ui, tabs, count);
    const float missing = fmaxf(wanted - rect.w, 0);
    const float pad = count > 0 ? fmaxf(TAB_PAD - missing / (float)(2 * count), TAB_LEAST) : 0;
    int picked = -1;
    for (int i = 0; i < count; i++) {
        const UiRect box = ui_rect_cut_left(&rect, label_width(ui, &tabs[i]) + 2 * pad);
        const UiAct act =
            ui_interact(ui, tabs[i].id, box, UI_WANT_FOCUS | UI_WANT_PRESS | UI_WANT_ADJUST, true);
        const int led = key_target(ui, act, i, count);
        if (led >= 0) {
            picked = led;
            ui_focus(ui, tabs[led].id);
        } else if (act.clicked) {
            picked = i;
        }
        draw_tab(ui, box, &tabs[i], i == chosen, act);
        if (tabs[i].help != NULL) {
            ui_tooltip(ui, box, tabs[i].help, tabs[i].key);
        }
    }
    return picked == chosen ? -1 : picked;
}
