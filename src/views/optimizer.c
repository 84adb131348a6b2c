#include "views/optimizer.h"

#include <string.h>

#include "views/caption.h"
#include "views/term.h"

enum {
    LABEL = 104,  /* px of a slider's label */
    CONTROL = 104 /* px of a menu at the right */
};

/* Rows that mean something only while another is not at its first choice. */
static const struct {
    const char *name, *while_chosen;
} conditions[] = {
    {"period", "schedule"},
};

bool view_optimizer_owns(const LsSetting *row)
{
    if (row->structural || row->type == LS_SETTING_SEED || row->type == LS_SETTING_SIZES) {
        return false;
    }
    const ViewTerm *terms = view_term_all();
    for (size_t i = 0; i < VIEW_TERMS; i++) {
        if (strcmp(row->name, terms[i].on) == 0 || strcmp(row->name, terms[i].kind) == 0 ||
            strcmp(row->name, terms[i].weight) == 0) {
            return false;
        }
    }
    return true;
}

static bool meant(const LsSetting *row, const LsTrainSettings *settings)
{
    for (size_t i = 0; i < LS_COUNT(conditions); i++) {
        if (strcmp(row->name, conditions[i].name) == 0) {
            const LsSetting *other =
                ls_setting_find(ls_train_settings_table(), conditions[i].while_chosen);
            return !other || ls_setting_number(other, settings) > 0;
        }
    }
    return true;
}

void view_optimizer_draw(View *view, UiRect *rect)
{
    const LsSettingTable table = ls_train_settings_table();
    LsTrainSettings settings = view->settings;
    ViewChange change = {false, false};
    view_caption_draw(view->ui, rect, "OPTIMIZER: ADAM");
    for (size_t i = 0; i < table.count; i++) {
        const LsSetting *row = &table.rows[i];
        if (view_optimizer_owns(row) && meant(row, &settings)) {
            const UiRect line = ui_rect_cut_top(rect, VIEW_FORM_ROW);
            change =
                view_form_join(change, view_form_row(view, row, &settings, line, LABEL, CONTROL));
        }
    }
    view_form_commit(view, &settings, change);
}
