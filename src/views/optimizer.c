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

void view_optimizer_draw(View *view, UiRect *rect)
{
    const LsSettingTable table = ls_train_settings_table();
    LsTrainSettings settings = view->settings;
    ViewChange change = {false, false};
    view_caption_draw(view->ui, rect, "OPTIMIZER: ADAM");
    for (size_t i = 0; i < table.count; i++) {
        const LsSetting *row = &table.rows[i];
        if (view_optimizer_owns(row) && ls_setting_meant(table, row, &settings)) {
            const UiRect line = ui_rect_cut_top(rect, VIEW_FORM_ROW);
            change =
                view_form_join(change, view_form_row(view, row, &settings, line, LABEL, CONTROL));
        }
    }
    view_form_commit(view, &settings, change);
}
