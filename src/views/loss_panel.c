#include "views/loss_panel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/train/preset.h"

#include "views/caption.h"
#include "views/figure.h"
#include "views/kinds.h"
#include "views/model_panel.h"
#include "views/optimizer.h"
#include "views/pull_bars.h"
#include "views/share.h"
#include "views/term_card.h"
#include "views/verdict.h"

enum {
    BAR_H = 8,       /* px of the bar of shares */
    PRESETS = 32,    /* at most, in the menu */
    LEAST_SHARE = 3, /* px of a term that is there at all */
};

struct ViewLossPanel {
    float offset, height; /* of the scrolled part */
    ViewModelPanel model;
    bool all_of_optimizer; /* those seldom touched too */
    uint64_t model_id;
    ViewKinds kinds;
    ViewVerdict verdict;
    bool matched;
    LsTrainSettings match_of;
    const LsPreset *match; /* of match_of; NULL: they are nobody's but the person's own */
    bool all[VIEW_TERMS];  /* what is rarely needed is shown */
};

ViewLossPanel *view_loss_panel_create(LsError *err)
{
    return ls_memory_items(1, sizeof(ViewLossPanel), err);
}

void view_loss_panel_destroy(ViewLossPanel *panel)
{
    ls_memory_free(panel);
}

static void term_values(ViewLossPanel *panel, const View *view, double *value)
{
    const LsSnapshot *snapshot = view->snapshot;
    const LsTrainSettings *settings = &snapshot->settings;
    if (panel->model_id != snapshot->model_id) {
        panel->model_id = snapshot->model_id;
        panel->kinds.count = 0;
    }
    if (!view->past) {
        view_kinds_note(&panel->kinds, snapshot->step, settings->rec, settings->div, settings->reg);
    }
    /* What was just chosen is not known before it was evaluated. */
    const int chosen[] = {view->settings.rec, view->settings.div, view->settings.reg};
    const int trained[] = {settings->rec, settings->div, settings->reg};
    for (int i = 0; i < VIEW_TERMS; i++) {
        LsMetric evaluation = snapshot->evaluation;
        evaluation.evaluated = view_kinds_judged(&evaluation, &view->settings, (LsSeries)i);
        value[i] = chosen[i] != trained[i]
                       ? (double)NAN
                       : view_kinds_value(&panel->kinds, view->history, &evaluation, (LsSeries)i,
                                          snapshot->step);
    }
}

/* Buttons at the right of the heading: pairs, of which both find room or neither. */
static void draw_tools(View *view, UiRect row)
{
    const struct {
        const char *action, *label;
        bool enabled;
    } tools[] = {
        {"edit.redo", "↪", view->can_redo},
        {"edit.undo", "↩", view->can_undo},
        {"settings.paste", "Paste", true},
        {"settings.copy", "Copy", true},
    };

    row.y += (row.h - 22) / 2;
    row.h = 22;
    for (size_t i = 0; i < LS_COUNT(tools); i++) {
        const ViewAction *action = view->host.action(view->host.app, tools[i].action);
        const float width = ui_button_width(view->ui, tools[i].label, UI_LOOK_PLAIN);
        const float pair =
            i % 2 == 0 ? ui_button_width(view->ui, tools[i + 1].label, UI_LOOK_PLAIN) : 0;
        if (width + pair > row.w) {
            return;
        }
        if (!action) {
            continue;
        }
        const UiRect button = ui_rect_cut_right(&row, width);
        if (ui_button(view->ui, action->name, button, tools[i].label, UI_LOOK_PLAIN, false,
                      tools[i].enabled)) {
            view->host.act(view->host.app, action->name);
        }
        ui_tooltip(view->ui, button, action->help, action->key);
    }
}

/* The preset whose settings these are, with what to expect of it, and a menu of all. */
static void draw_presets(ViewLossPanel *panel, View *view, UiRect *rect)
{
    if (!panel->matched || !ls_train_settings_equal(&panel->match_of, &view->settings)) {
        panel->matched = true; /* looking takes memory, so not in every frame */
        panel->match_of = view->settings;
        panel->match = ls_preset_match(&view->settings);
    }
    Ui *ui = view->ui;
    size_t count = 0;
    const LsPreset *rows = ls_preset_rows(&count);
    const LsPreset *now = panel->match;
    UiItem items[PRESETS];
    char names[PRESETS][32];
    count = count < PRESETS ? count : PRESETS;
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "preset.%s", rows[i].name);
        const ViewAction *action = view->host.action(view->host.app, names[i]);
        items[i] = (UiItem){
            .label = rows[i].title, .key = action ? action->key : NULL, .help = rows[i].expect};
    }
    UiRect line = ui_rect_cut_top(rect, VIEW_FORM_ROW);
    line.y += 2;
    line.h = 22;
    const char *label = now ? now->title : "own settings";
    const float width = ui_menu_width(ui, "Overfit, regularized", UI_LOOK_RAISED);
    const int picked = ui_menu(ui, "presets", ui_rect_cut_right(&line, width), label,
                               UI_LOOK_RAISED, items, (int)count, now ? (int)(now - rows) : -1);
    (void)ui_draw_text(ui, line, UI_FONT_BODY, UI_LEFT, UI_MUTED, "Preset");
    if (now && now != rows) { /* the first is what one starts with */
        ui_rect_cut_top(rect,
                        ui_draw_paragraph(ui, *rect, UI_FONT_SMALL, UI_MUTED, now->expect, true));
        ui_rect_cut_top(rect, UI_GRID);
    }
    if (picked >= 0) {
        view->host.act(view->host.app, names[picked]);
    }
}

/* What the loss comes to, and how much of it each term is. */
static void draw_heading(View *view, const double *value, UiRect *rect)
{
    Ui *ui = view->ui;
    const ViewTerm *terms = view_term_all();
    /* As it is weighed now: a schedule may be on its way. */
    const LsLoss now = ls_train_settings_loss_at(&view->settings, view->snapshot->model.pixels,
                                                 view->snapshot->loss_step);
    const double weight[VIEW_TERMS] = {now.w_rec, now.w_kl, now.w_reg};
    double share[VIEW_TERMS];
    float part[VIEW_TERMS];
    double total = 0;
    for (int i = 0; i < VIEW_TERMS; i++) {
        total += weight[i] > 0 ? weight[i] * value[i] : 0;
    }
    view_share_compute(value, weight, VIEW_TERMS, share);
    char figure[VIEW_FIGURE];
    char text[VIEW_FIGURE + 32];
    view_figure_nats(total, figure);
    if (isfinite(total)) {
        (void)snprintf(text, sizeof(text), "LOSS = %s NATS", figure);
    } else {
        (void)snprintf(text, sizeof(text), "LOSS"); /* nothing is known of it yet */
    }
    UiRect row = view_caption_draw(ui, rect, text);
    char widest[VIEW_FIGURE + 32];
    view_figure_widest(text, widest, sizeof(widest));
    ui_rect_cut_left(&row, ui_text_width(ui, UI_FONT_CAPTION, widest) + 12);
    draw_tools(view, row);
    const UiRect bar = ui_rect_cut_top(rect, BAR_H);
    UiRect rest = bar;
    (void)ui_area(ui, "loss.share", bar, false);
    char help[256] = "How much of the loss each term is:";
    for (int i = 0; i < VIEW_TERMS; i++) {
        char before[256];
        char percent[VIEW_FIGURE];
        (void)snprintf(before, sizeof(before), "%s", help);
        view_figure_share(share[i], percent);
        (void)snprintf(help, sizeof(help), "%.180s %s %s%s", before, terms[i].title, percent,
                       i + 1 < VIEW_TERMS ? "," : ".");
    }
    ui_tooltip(ui, bar, help, NULL);
    ui_draw_round(ui, bar, BAR_H / 2.0F, UI_RAISED);
    view_share_bar(share, VIEW_TERMS, bar.w, LEAST_SHARE, part);
    for (int i = 0; i < VIEW_TERMS; i++) {
        ui_draw_push_clip(ui, ui_rect_cut_left(&rest, part[i]));
        ui_draw_round(ui, bar, BAR_H / 2.0F, view_term_color(terms[i].series));
        ui_draw_pop_clip(ui);
    }
    ui_rect_cut_top(rect, UI_GRID);
}

/* What is happening, in a sentence, at the foot of the panel, where it stays when the rest scrolls. */
static void draw_verdict(ViewLossPanel *panel, View *view, UiRect *port)
{
    view_verdict_follow(&panel->verdict, view);
    const float width = port->w - 2 * UI_PAD + 4;
    const float height = view_verdict_height(&panel->verdict, view->ui, width);
    if (port->h < 3 * height) {
        return;
    }
    const UiRect foot = ui_rect_cut_bottom(port, height);
    ui_draw_rect(view->ui, (UiRect){port->x + 4, foot.y, port->w - 7, 1}, UI_RULE);
    view_verdict_draw(&panel->verdict, view, (UiRect){port->x + UI_PAD - 4, foot.y, width, height});
}

void view_loss_panel_draw(ViewLossPanel *panel, View *view, UiRect rect)
{
    Ui *ui = view->ui;
    double value[VIEW_TERMS];
    term_values(panel, view, value);
    ui_draw_round(ui, rect, UI_RADIUS, UI_CARD);
    ui_draw_frame(ui, rect, UI_RADIUS, 1, UI_RULE);
    /* Wider than its content: rings of focus are not cut off, and the scroll bar lies in the edge. */
    UiRect port = {rect.x + 4, rect.y + 4, rect.w - 5, rect.h - 8};
    draw_verdict(panel, view, &port);
    UiRect inside = ui_scroll_begin(ui, "loss.panel", port, &panel->offset, panel->height);
    const float top = inside.y;
    inside = (UiRect){rect.x + UI_PAD, inside.y + 4, rect.w - 2 * UI_PAD, inside.h};
    draw_heading(view, value, &inside);
    draw_presets(panel, view, &inside);
    LsTrainSettings settings = view->settings;
    ViewChange change = {false, false};
    const ViewTerm *terms = view_term_all();
    for (int i = 0; i < VIEW_TERMS; i++) {
        const float height = view_term_card_height(&terms[i], &view->settings, panel->all[i]);
        change = view_form_join(
            change, view_term_card_draw(view, &terms[i], &settings, value[i],
                                        view_kinds_change(&panel->kinds, view->history,
                                                          terms[i].series, view->snapshot->step),
                                        &panel->all[i], ui_rect_cut_top(&inside, height)));
        ui_rect_cut_top(&inside, UI_GRID);
    }
    view_form_commit(view, &settings, change);
    view_optimizer_draw(view, &inside, &panel->all_of_optimizer);
    view_pull_bars_draw(view, &inside);
    view_model_panel_draw(&panel->model, view, &inside);
    ui_rect_cut_top(&inside, 4);
    panel->height = inside.y - top;
    ui_scroll_end(ui);
}
