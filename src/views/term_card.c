#include "views/term_card.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "views/figure.h"
#include "views/versus.h"

enum {
    EDGE = 3,        /* px of the coloured edge */
    KIND = 96,       /* px of the menu of kinds */
    LEAST_KIND = 64, /* px of it, where the title would take all */
    HEIGHT = 78,     /* px of a card without settings of the kind */
    LINE = 24,       /* px of a setting */
    LABEL = 104,     /* px of a setting's label */
    CONTROL = 104,   /* px of a menu or number at the right */
    MORE = 20,       /* px of the button for what is rarely needed */
};

/* Switch, title and kind. */
static ViewChange draw_head(View *view, const ViewTerm *term, LsTrainSettings *settings, UiRect row,
                            bool active)
{
    const LsSettingTable table = ls_train_settings_table();
    const LsSetting *on_row = ls_setting_find(table, term->on);
    const UiRect toggle = {row.x, row.y + (row.h - 16) / 2, 28, 16};
    ViewChange change = {false, false};
    bool on = active;
    if (ui_switch(view->ui, term->on, toggle, &on, view_term_color(term->series))) {
        view_term_switch(settings, term, on);
        change = (ViewChange){true, true};
    }
    view_form_help(view, on_row, toggle, term->action);
    ui_rect_cut_left(&row, 36);
    const float title_w = ui_text_width(view->ui, UI_FONT_STRONG, term->title) + 6;
    const UiRect kind = ui_rect_cut_right(&row, fminf(KIND, fmaxf(LEAST_KIND, row.w - title_w)));
    (void)ui_draw_text(view->ui, row, UI_FONT_STRONG, UI_LEFT, active ? UI_TEXT : UI_MUTED,
                       term->title);
    return view_form_join(change,
                          view_form_menu(view, ls_setting_find(table, term->kind), settings,
                                         (UiRect){kind.x, kind.y + (kind.h - 22) / 2, kind.w, 22}));
}

/* Whether a row is one of those that only some kinds or schedules of the term have, and now. */
static bool is_extra(const ViewTerm *term, const LsSetting *row, const LsTrainSettings *settings)
{
    return row->group && strcmp(row->group, term->kind) == 0 && strcmp(row->name, term->on) != 0 &&
           strcmp(row->name, term->kind) != 0 && strcmp(row->name, term->weight) != 0 &&
           ls_setting_meant(ls_train_settings_table(), row, settings);
}

/* Whether it is shown: what is rarely needed hides while it does nothing. */
static bool is_shown(const ViewTerm *term, const LsSetting *row, const LsTrainSettings *settings,
                     bool all)
{
    return is_extra(term, row, settings) &&
           (all || !row->rare || !ls_setting_is_default(row, settings));
}

float view_term_card_height(const ViewTerm *term, const LsTrainSettings *settings, bool all)
{
    const LsSettingTable table = ls_train_settings_table();
    float height = HEIGHT;
    for (size_t i = 0; i < table.count; i++) {
        height += is_shown(term, &table.rows[i], settings, all) ? LINE : 0;
    }
    return height;
}

/* What a kind has besides its weight; shown as of before any change of this frame, so that the lines
 * are those that the card was given room for. */
static ViewChange draw_extras(View *view, const ViewTerm *term, LsTrainSettings *settings, bool all,
                              UiRect *inside)
{
    const LsSettingTable table = ls_train_settings_table();
    ViewChange change = {false, false};
    for (size_t i = 0; i < table.count; i++) {
        if (is_shown(term, &table.rows[i], &view->settings, all)) {
            change = view_form_join(change,
                                    view_form_row(view, &table.rows[i], settings,
                                                  ui_rect_cut_top(inside, LINE), LABEL, CONTROL));
        }
    }
    return change;
}

/* The button at the end of the foot that shows what is rarely needed, where there is such a thing. */
static void draw_more(View *view, const ViewTerm *term, bool *all, UiRect *row)
{
    const LsSettingTable table = ls_train_settings_table();
    bool any = false;
    for (size_t i = 0; i < table.count; i++) {
        any = any || (table.rows[i].rare && is_extra(term, &table.rows[i], &view->settings));
    }
    if (!any) {
        return;
    }
    char id[32];
    (void)snprintf(id, sizeof(id), "%s.more", term->kind);
    const UiRect button = ui_rect_cut_right(row, MORE);
    if (ui_button(view->ui, id, button, *all ? "-" : "+", UI_LOOK_PLAIN, false, true)) {
        *all = !*all;
    }
    ui_tooltip(view->ui, button,
               *all ? "Hides what is rarely needed." : "Shows what else steers this term.", NULL);
    ui_rect_cut_right(row, 4);
}

/* What the term measures, and what it comes to. */
static void draw_foot(View *view, const ViewTerm *term, double value, double change, UiRect row,
                      bool active)
{
    char figure[VIEW_FIGURE];
    char text[VIEW_FIGURE + 8];
    const char *meaning = view_term_meaning(&view->settings, term);
    view_figure_nats(value, figure);
    const char *unit = isfinite(value) ? view_term_unit(&view->settings, term) : "";
    const char *tail = active ? unit : "off";
    (void)snprintf(text, sizeof(text), "%s%s%s", figure, *tail ? " " : "", tail);
    float width = ui_text_width(view->ui, UI_FONT_STRONG, text);
    if (active && width + 8 + ui_text_width(view->ui, UI_FONT_SMALL, meaning) > row.w) {
        (void)snprintf(text, sizeof(text), "%s",
                       figure); /* the unit stands above, in the heading */
        width = ui_text_width(view->ui, UI_FONT_STRONG, text);
    }
    (void)ui_draw_text(view->ui, ui_rect_cut_right(&row, width), UI_FONT_STRONG, UI_RIGHT,
                       active ? view_term_color(term->series) : UI_MUTED, text);
    ui_rect_cut_right(&row, 8);
    if (isfinite(change)) {
        view_figure_change(change, figure);
        width = ui_text_width(view->ui, UI_FONT_SMALL, figure);
        if (width + 8 + ui_text_width(view->ui, UI_FONT_SMALL, meaning) <= row.w) {
            char id[32];
            const UiRect cell = ui_rect_cut_right(&row, width);
            (void)snprintf(id, sizeof(id), "%s.change", term->kind);
            (void)ui_area(view->ui, id, cell, false);
            (void)ui_draw_text(view->ui, cell, UI_FONT_SMALL, UI_RIGHT, UI_MUTED, figure);
            ui_tooltip(view->ui, cell,
                       "How held-out images fare since before the last change of the settings.",
                       NULL);
        }
    }
    (void)ui_draw_text(view->ui, row, UI_FONT_SMALL, UI_LEFT, UI_MUTED, meaning);
}

ViewChange view_term_card_draw(View *view, const ViewTerm *term, LsTrainSettings *settings,
                               double value, double since, bool *all, UiRect rect)
{
    const bool open = *all; /* the lines that the card was given room for */
    const LsSetting *weight = ls_setting_find(ls_train_settings_table(), term->weight);
    const bool active = view_term_active(settings, term);
    const UiColor color = view_term_color(term->series);
    /* The edge is the card beneath, seen at its left. */
    ui_draw_round(view->ui, rect, UI_RADIUS, active ? color : UI_HOVER);
    ui_draw_round(view->ui, (UiRect){rect.x + EDGE, rect.y, rect.w - EDGE, rect.h}, UI_RADIUS - 2,
                  UI_CARD);
    ui_draw_round(view->ui, (UiRect){rect.x + EDGE, rect.y, rect.w - EDGE, rect.h}, UI_RADIUS - 2,
                  ui_color_fade(UI_RAISED, 0.5F));
    UiRect inside = {rect.x + EDGE + 8, rect.y + 5, rect.w - EDGE - 16, rect.h - 10};
    char label[32];
    (void)snprintf(label, sizeof(label), "weight %s", weight->symbol ? weight->symbol : "");
    ViewChange change = draw_head(view, term, settings, ui_rect_cut_top(&inside, 24), active);
    change = view_form_join(change,
                            view_form_slider(view, weight, settings, ui_rect_cut_top(&inside, 24),
                                             64, label, active ? color : UI_MUTED));
    change = view_form_join(change, draw_extras(view, term, settings, open, &inside));
    UiRect foot = ui_rect_cut_top(&inside, 20);
    draw_more(view, term, all, &foot);
    draw_foot(view, term, value, since, foot, active);
    return change;
}
