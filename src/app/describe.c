#include "app/describe.h"

#include <stdio.h>
#include <string.h>

#include "latentscape/core/text.h"
#include "latentscape/train/preset.h"

void app_describe_change(const LsSetting *row, const LsTrainSettings *from,
                         const LsTrainSettings *to, char *out)
{
    char old[LS_SETTING_TEXT];
    char new[LS_SETTING_TEXT];
    char text[3 * LS_SETTING_TEXT];
    ls_setting_print(row, from, old);
    ls_setting_print(row, to, new);
    const char *name = row->symbol ? row->symbol : row->title;
    if (row->type == LS_SETTING_BOOL) {
        snprintf(text, sizeof text, "%s %s", name, new);
    } else if (row->type == LS_SETTING_CHOICE) {
        snprintf(text, sizeof text, "%s", new);
    } else {
        snprintf(text, sizeof text, "%s %s → %s", name, old, new);
    }
    ls_text_clean(text, out, LS_HISTORY_LABEL);
}

/* Adds to a list, as far as there is room. */
static void join(char *out, size_t size, const char *text)
{
    char joined[2 * LS_HISTORY_LABEL + 256];
    snprintf(joined, sizeof joined, "%.200s%s%.120s", out, out[0] ? ", " : "", text);
    ls_text_clean(joined, out, size);
}

void app_describe_loss(const LsTrainSettings *from, const LsTrainSettings *to, char *out,
                       size_t size)
{
    const LsSettingTable table = ls_train_settings_table();
    out[0] = '\0';
    for (size_t i = 0; i < table.count; i++) {
        const LsSetting *row = &table.rows[i];
        if (ls_train_settings_teaches(row) && !ls_setting_equal(row, from, to)) {
            char label[LS_HISTORY_LABEL];
            app_describe_change(row, from, to, label);
            join(out, size, label);
        }
    }
}

/* Whether a row is worth a word; plain: as what sets a run apart from the defaults. */
static bool is_told(const LsSetting *row, const LsTrainSettings *own, const LsTrainSettings *other,
                    bool plain)
{
    return !row->structural && row->type != LS_SETTING_SEED &&
           !(plain ? ls_preset_same(row, own, other) : ls_setting_equal(row, own, other));
}

static void tell(const LsTrainSettings *own, const LsTrainSettings *other, bool plain, char *out,
                 size_t size)
{
    const LsSettingTable table = ls_train_settings_table();
    out[0] = '\0';
    for (size_t i = 0; i < table.count; i++) {
        const LsSetting *row = &table.rows[i];
        if (is_told(row, own, other, plain)) {
            char value[LS_SETTING_TEXT];
            char label[2 * LS_SETTING_TEXT];
            ls_setting_print(row, own, value);
            snprintf(label, sizeof label, "%s %s", row->symbol ? row->symbol : row->title, value);
            join(out, size, row->type == LS_SETTING_CHOICE ? value : label);
        }
    }
}

void app_describe_side(const LsTrainSettings *own, const LsTrainSettings *other, char *out,
                       size_t size)
{
    const LsPreset *preset = ls_preset_match(own);
    const LsPreset *beside = ls_preset_match(other);
    tell(own, other, false, out, size);
    if (!out[0]) {
        snprintf(out, size, "as the other");
    } else if (preset && beside && preset != beside) {
        snprintf(out, size, "%s", preset->title);
    }
}

void app_describe_undo(int step, int side, const LsTrainSettings *from, const LsTrainSettings *to,
                       char *out, size_t size)
{
    const LsSettingTable table = ls_train_settings_table();
    char changes[2 * LS_HISTORY_LABEL] = "";
    int count = 0;
    for (size_t i = 0; i < table.count; i++) {
        if (!ls_setting_equal(&table.rows[i], from, to)) {
            char label[LS_HISTORY_LABEL];
            app_describe_change(&table.rows[i], from, to, label);
            join(changes, sizeof changes, label);
            count++;
        }
    }
    if (count > 2) {
        snprintf(changes, sizeof changes, "%d settings", count);
    }
    snprintf(out, size, "%s in %c: %s.", step < 0 ? "Undo" : "Redo", side == 1 ? 'B' : 'A',
             changes);
}

void app_describe_run(const LsTrainSettings *settings, char *out, size_t size)
{
    const LsTrainSettings usual = ls_train_settings_make();
    const LsPreset *preset = ls_preset_match(settings);
    if (preset) {
        snprintf(out, size, "%s", preset->title);
    } else {
        tell(settings, &usual, true, out, size);
    }
}

bool app_describe_structural(const LsTrainSettings *a, const LsTrainSettings *b)
{
    const LsSettingTable table = ls_train_settings_table();
    for (size_t i = 0; i < table.count; i++) {
        if (table.rows[i].structural && !ls_setting_equal(&table.rows[i], a, b)) {
            return true;
        }
    }
    return false;
}
