#include "views/model_panel.h"

#include <math.h>
#include <stdio.h>

#include "views/caption.h"
#include "views/figure.h"

enum {
    LABEL = 104,        /* px of the label of a field */
    CONTROL = 104,      /* px of a control on a line of its own */
    LEAST_CONTROL = 40, /* px of a control that shares its line */
    GAP = 16,           /* px between two that share a line */
};

/* Rows whose change means other weights. */
static bool owns(const LsSetting *row)
{
    return row->structural || row->type == LS_SETTING_SEED;
}

static bool typed(const LsSetting *row)
{
    return row->type == LS_SETTING_SIZES || row->type == LS_SETTING_SEED;
}

/* Copies the rows that belong here. */
static void copy(LsTrainSettings *to, const LsTrainSettings *from)
{
    const LsSettingTable table = ls_train_settings_table();
    for (size_t i = 0; i < table.count; i++) {
        if (owns(&table.rows[i])) {
            char text[LS_SETTING_TEXT];
            ls_setting_print(&table.rows[i], from, text);
            (void)!ls_setting_parse(&table.rows[i], text, to, NULL); /* it was a value before */
        }
    }
}

/* Whether rows that belong here differ; those that need a new model only, where structural. */
static bool differ(const LsTrainSettings *a, const LsTrainSettings *b, bool structural)
{
    const LsSettingTable table = ls_train_settings_table();
    for (size_t i = 0; i < table.count; i++) {
        const LsSetting *row = &table.rows[i];
        if (owns(row) && (row->structural || !structural) && !ls_setting_equal(row, a, b)) {
            return true;
        }
    }
    return false;
}

static void restart(ViewModelPanel *panel, const LsTrainSettings *settings)
{
    const LsSettingTable table = ls_train_settings_table();
    panel->begun = true;
    panel->base = *settings;
    panel->staged = *settings;
    int texts = 0;
    for (size_t i = 0; i < table.count && texts < VIEW_MODEL_ROWS; i++) {
        if (owns(&table.rows[i]) && typed(&table.rows[i])) {
            panel->wrong[texts] = false;
            ls_setting_print(&table.rows[i], settings, panel->text[texts++]);
        }
    }
}

static void draw_typed(ViewModelPanel *panel, View *view, const LsSetting *row, int index,
                       UiRect line)
{
    UiRect field = line;
    (void)ui_draw_text(view->ui, ui_rect_cut_left(&field, LABEL), UI_FONT_BODY, UI_LEFT, UI_MUTED,
                       row->title);
    field.y += (field.h - 22) / 2;
    field.h = 22;
    bool changed = false;
    (void)ui_text_field(view->ui, row->name, field, panel->text[index], LS_SETTING_TEXT,
                        row->fallback, &changed);
    view_form_help(view, row, field, NULL);
    if (changed) {
        panel->wrong[index] =
            !ls_setting_parse(row, panel->text[index], &panel->staged, &panel->error);
    }
    if (panel->wrong[index]) {
        ui_draw_frame(view->ui, field, UI_ROUND, 1, UI_BAD);
    }
}

/* The width a control of this row asks for beside its label in half a line; 0 where it does not fit. */
static float shared_width(Ui *ui, const LsSetting *row, float half)
{
    const float width = half - ui_text_width(ui, UI_FONT_BODY, row->title) - 8;
    const float least = row->type == LS_SETTING_CHOICE ? 2 * LEAST_CONTROL : LEAST_CONTROL;
    return width >= least ? width : 0;
}

static bool draw_rows(ViewModelPanel *panel, View *view, UiRect *rect)
{
    const LsSettingTable table = ls_train_settings_table();
    const float half = (rect->w - GAP) / 2;
    int texts = 0;
    bool wrong = false;
    bool open = false; /* the right half of `line` is free */
    UiRect line = {0, 0, 0, 0};
    for (size_t i = 0; i < table.count; i++) {
        const LsSetting *row = &table.rows[i];
        if (!owns(row)) {
            continue;
        }
        if (typed(row)) {
            if (texts < VIEW_MODEL_ROWS) {
                draw_typed(panel, view, row, texts, ui_rect_cut_top(rect, VIEW_FORM_ROW));
                wrong = wrong || panel->wrong[texts];
                texts++;
            }
            open = false;
            continue;
        }
        const float shared = shared_width(view->ui, row, half);
        UiRect place = {line.x + half + GAP, line.y, half, line.h};
        if (!open || shared == 0) {
            line = ui_rect_cut_top(rect, VIEW_FORM_ROW);
            place = line;
            place.w = shared > 0 ? half : line.w;
            open = shared > 0;
        } else {
            open = false;
        }
        (void)view_form_row(view, row, &panel->staged, place, LABEL, shared > 0 ? shared : CONTROL);
    }
    return !wrong;
}

static void apply(ViewModelPanel *panel, View *view)
{
    const bool structural = differ(&panel->staged, &panel->base, true);
    LsTrainSettings next = view->settings;
    copy(&next, &panel->staged);
    view->host.edit(view->host.app, &next, true);
    /* The seed alone reaches a model when it starts anew. */
    if (!structural) {
        view->host.act(view->host.app, "train.reset");
    }
}

/* In the heading's line, so that nothing moves under the hand that types. */
static void draw_buttons(ViewModelPanel *panel, View *view, UiRect row, bool valid)
{
    Ui *ui = view->ui;
    const char *title = "Apply: new model";
    row.y += (row.h - 22) / 2;
    row.h = 22;
    const UiRect button = ui_rect_cut_right(&row, ui_button_width(ui, title, UI_LOOK_PRIMARY));
    ui_rect_cut_right(&row, UI_GRID);
    const UiRect revert = ui_rect_cut_right(&row, ui_button_width(ui, "Revert", UI_LOOK_PLAIN));
    if (ui_button(ui, "model.revert", revert, "Revert", UI_LOOK_PLAIN, false, true)) {
        restart(panel, &view->settings);
    }
    ui_tooltip(ui, revert, "Keeps the model as it is.", NULL);
    if (ui_button(ui, "model.apply", button, title, UI_LOOK_PRIMARY, false, valid)) {
        apply(panel, view);
    }
    ui_tooltip(ui, button,
               valid ? "Makes a model of these sizes with fresh weights from the seed: what this "
                       "one has learned goes, unless it is saved."
                     : panel->error.text,
               NULL);
}

void view_model_panel_draw(ViewModelPanel *panel, View *view, UiRect *rect)
{
    if (!panel->begun || differ(&panel->base, &view->settings, false)) {
        restart(panel, &view->settings);
    }
    const UiRect caption = view_caption_draw(view->ui, rect, "MODEL");
    char count[VIEW_FIGURE];
    view_figure_count(view->snapshot->model.weight_total, count);
    const bool valid = draw_rows(panel, view, rect);
    panel->waiting = !valid || differ(&panel->staged, &panel->base, false);
    if (!panel->waiting) {
        (void)ui_draw_textf(view->ui, caption, UI_FONT_SMALL, UI_RIGHT, UI_MUTED, "%s weights",
                            count);
        return;
    }
    draw_buttons(panel, view, caption, valid);
    const char *text =
        valid ? "Fresh weights: what was learned goes, unless saved." : panel->error.text;
    ui_rect_cut_top(rect, ui_draw_paragraph(view->ui, *rect, UI_FONT_SMALL,
                                            valid ? UI_MUTED : UI_BAD, text, true));
}
