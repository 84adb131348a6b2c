/* Settings in the metadata of a checkpoint (settings.h). */
#include <stddef.h>

#include "latentscape/train/settings.h"

void ls_train_settings_to_meta(const LsTrainSettings *settings, LsMetaList *meta)
{
    const LsSettingTable table = ls_train_settings_table();
    for (size_t i = 0; i < table.count; i++) {
        if (!table.rows[i].structural) {
            char text[LS_SETTING_TEXT];
            ls_setting_print(&table.rows[i], settings, text);
            ls_meta_set(meta, table.rows[i].name, "%s", text);
        }
    }
}

/* What the metadata says of a row; what it leaves unsaid is, of a file of this program, what was
 * done before there was the row. NULL: nothing. */
static const char *said(const LsSetting *row, const LsMetaList *meta)
{
    const char *text = row->structural ? NULL : ls_meta_find(meta, row->name);
    if (text != NULL || row->structural || ls_meta_find(meta, "program") == NULL) {
        return text;
    }
    return row->unsaid != NULL ? row->unsaid : row->fallback;
}

bool ls_train_settings_from_meta(LsTrainSettings *settings, const LsModel *model,
                                 const LsMetaList *meta, LsError *err)
{
    const LsSettingTable table = ls_train_settings_table();
    LsTrainSettings read = *settings;
    for (size_t i = 0; i < table.count; i++) {
        const char *text = said(&table.rows[i], meta);
        LsError why;
        if (text != NULL && !ls_setting_parse(&table.rows[i], text, &read, &why)) {
            return ls_fail(err, LS_ERR_FORMAT, "The model's setting cannot be used: %s", why.text);
        }
    }
    read.hidden = model->spec.hidden;
    read.latent = model->spec.latent;
    read.activation = model->spec.activation;
    *settings = read;
    return true;
}
