#include "views/optimizer.h"

#include "views/caption.h"

enum {
    LABEL = 104,  /* px of a slider's label */
    CONTROL = 104 /* px of a menu at the right */
};

bool view_optimizer_owns(const LsSetting *row)
{
    return !row->structural && !row->group && row->type != LS_SETTING_SEED &&
           row->type != LS_SETTING_SIZES;
}

/* In the heading's line: the learning rate now where a schedule changes it, and what shows the rest. */
static void draw_more(View *view, UiRect row, bool *all)
{
    const LsSnapshot *snapshot = view->snapshot;
    const double rate = ls_train_settings_rate(&snapshot->settings, snapshot->schedule_step);
    const char *title = *all ? "Less" : "More";
    row.y += (row.h - 22) / 2;
    row.h = 22;
    const UiRect button = ui_rect_cut_right(&row, ui_button_width(view->ui, title, UI_LOOK_PLAIN));
    ui_rect_cut_right(&row, UI_GRID);
    if (rate != snapshot->settings.lr) {
        (void)ui_draw_textf(view->ui, row, UI_FONT_SMALL, UI_RIGHT, UI_MUTED, "η %.2g now", rate);
    }
    if (ui_button(view->ui, "optimizer.more", button, title, UI_LOOK_PLAIN, false, true)) {
        *all = !*all;
    }
    ui_tooltip(
        view->ui, button,
        *all ? "Hides what is seldom touched."
             : "Shows what is seldom touched: averaging, betas, decay, what is done to the images.",
        NULL);
}

void view_optimizer_draw(View *view, UiRect *rect, bool *all)
{
    const LsSettingTable table = ls_train_settings_table();
    LsTrainSettings settings = view->settings;
    ViewChange change = {false, false};
    draw_more(view, view_caption_draw(view->ui, rect, "OPTIMIZER: ADAM"), all);
    for (size_t i = 0; i < table.count; i++) {
        const LsSetting *row = &table.rows[i];
        if (view_optimizer_owns(row) &&
            (*all || !row->rare || !ls_setting_is_default(row, &settings)) &&
            ls_setting_meant(table, row, &settings)) {
            const UiRect line = ui_rect_cut_top(rect, VIEW_FORM_ROW);
            change =
                view_form_join(change, view_form_row(view, row, &settings, line, LABEL, CONTROL));
        }
    }
    view_form_commit(view, &settings, change);
}
