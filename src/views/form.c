#include "views/form.h"

#include <math.h>
#include <stdio.h>

enum {
    ID = 64
};

ViewChange view_form_join(ViewChange a, ViewChange b)
{
    return (ViewChange){a.changed || b.changed, a.done || b.done};
}

UiRange view_form_range(const LsSetting *row)
{
    LsTrainSettings plain = {0};
    ls_setting_default(row, &plain); /* of this one only: sliders ask in every frame */
    const bool narrower = row->low < row->high;
    return (UiRange){
        .min = row->min,
        .max = row->max,
        .low = narrower ? row->low : row->min,
        .high = narrower ? row->high : row->max,
        .logarithmic = row->logarithmic,
        .whole = row->type == LS_SETTING_INT,
        .reset = ls_setting_number(row, &plain),
    };
}

bool view_form_slides(const LsSetting *row)
{
    return row->type == LS_SETTING_REAL || (row->type == LS_SETTING_INT && row->logarithmic);
}

int view_form_choices(const LsSetting *row)
{
    int count = 0;
    while (count < VIEW_FORM_CHOICES && row->choice && row->choice(count)) {
        count++;
    }
    return count;
}

void view_form_help(View *view, const LsSetting *row, UiRect rect, const char *action)
{
    const ViewAction *known = action ? view->host.action(view->host.app, action) : NULL;
    ui_tooltip(view->ui, rect, row->help, known ? known->key : NULL);
}

ViewChange view_form_slider(View *view, const LsSetting *row, void *settings, UiRect rect,
                            float label_w, const char *label, UiColor color)
{
    const UiRange range = view_form_range(row);
    const UiRect whole = rect;
    double value = ls_setting_number(row, settings);
    char id[ID];
    ViewChange change = {false, false};
    (void)ui_draw_text(view->ui, ui_rect_cut_left(&rect, label_w), UI_FONT_BODY, UI_LEFT, UI_MUTED,
                       label);
    UiRect figure = ui_rect_cut_right(&rect, VIEW_FORM_FIGURE);
    ui_rect_cut_right(&rect, 12);
    change.changed = ui_slider(view->ui, row->name, rect, &value, range, color, &change.done);
    view_form_help(view, row, whole, NULL);
    figure.y += (figure.h - 22) / 2;
    figure.h = 22;
    (void)snprintf(id, sizeof(id), "%s.figure", row->name);
    if (ui_number(view->ui, id, figure, &value, range)) {
        change = (ViewChange){true, true};
    }
    view_form_help(view, row, whole, NULL);
    if (change.changed) {
        ls_setting_set_number(row, value, settings);
    }
    return change;
}

/* One choice is no choice: the word alone, and what it means. */
static void draw_word(View *view, const LsSetting *row, UiRect rect)
{
    char id[ID];
    (void)snprintf(id, sizeof(id), "%s.word", row->name);
    (void)ui_area(view->ui, id, rect, false);
    (void)ui_draw_text(view->ui, (UiRect){rect.x, rect.y, rect.w - 6, rect.h}, UI_FONT_BODY,
                       UI_RIGHT, UI_MUTED, row->choice(0));
    ui_tooltip(view->ui, rect, row->choice_help ? row->choice_help(0) : row->help, NULL);
}

ViewChange view_form_menu(View *view, const LsSetting *row, void *settings, UiRect rect)
{
    const int count = view_form_choices(row);
    const int chosen = (int)ls_setting_number(row, settings);
    if (count < 2) {
        draw_word(view, row, rect);
        return (ViewChange){false, false};
    }
    UiItem items[VIEW_FORM_CHOICES];
    for (int i = 0; i < count; i++) {
        items[i] = (UiItem){.label = row->choice(i),
                            .help = row->choice_help ? row->choice_help(i) : NULL};
    }
    const char *label = chosen >= 0 && chosen < count ? items[chosen].label : "";
    const int picked =
        ui_menu(view->ui, row->name, rect, label, UI_LOOK_RAISED, items, count, chosen);
    view_form_help(view, row, rect, NULL);
    if (picked < 0 || picked == chosen) {
        return (ViewChange){false, false};
    }
    ls_setting_set_number(row, picked, settings);
    return (ViewChange){true, true};
}

static ViewChange number(View *view, const LsSetting *row, void *settings, UiRect rect)
{
    double value = ls_setting_number(row, settings);
    if (!ui_number(view->ui, row->name, rect, &value, view_form_range(row))) {
        return (ViewChange){false, false};
    }
    ls_setting_set_number(row, value, settings);
    return (ViewChange){true, true};
}

static ViewChange toggle(View *view, const LsSetting *row, void *settings, UiRect rect)
{
    bool on = ls_setting_number(row, settings) > 0.5;
    if (!ui_switch(view->ui, row->name, (UiRect){rect.x, rect.y + (rect.h - 16) / 2, 28, 16}, &on,
                   UI_ACTION)) {
        return (ViewChange){false, false};
    }
    ls_setting_set_number(row, on ? 1 : 0, settings);
    return (ViewChange){true, true};
}

ViewChange view_form_row(View *view, const LsSetting *row, void *settings, UiRect rect,
                         float label_w, float control_w)
{
    if (view_form_slides(row)) {
        return view_form_slider(view, row, settings, rect, label_w, row->title, UI_MUTED);
    }
    /* The control gives way to the label, down to half the line. */
    const float label_room = rect.w - ui_text_width(view->ui, UI_FONT_BODY, row->title) - 8;
    UiRect control =
        ui_rect_cut_right(&rect, fminf(control_w, fmaxf(label_room, fminf(64, rect.w / 2))));
    control.y += (control.h - 22) / 2;
    control.h = 22;
    (void)ui_draw_text(view->ui, rect, UI_FONT_BODY, UI_LEFT, UI_MUTED, row->title);
    if (row->type == LS_SETTING_CHOICE) {
        return view_form_menu(view, row, settings, control);
    }
    const ViewChange change = row->type == LS_SETTING_BOOL ? toggle(view, row, settings, control)
                                                           : number(view, row, settings, control);
    view_form_help(view, row, control, NULL);
    return change;
}

void view_form_commit(View *view, const LsTrainSettings *settings, ViewChange change)
{
    if (change.changed || change.done) {
        view->settings = *settings; /* what is drawn after this in the same frame has it already */
        view->host.edit(view->host.app, settings, change.done);
    }
}
