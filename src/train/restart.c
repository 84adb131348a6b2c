#include "train/restart.h"

#include <string.h>

/* Rows besides the loss's (those of a group) whose change is something new to learn. */
static const char *const images[] = {"moved",       "shift",        "warp",
                                     "input_noise", "input_amount", "train_images"};

static bool teaches(const LsSetting *row)
{
    bool found = row->group != NULL;
    for (size_t i = 0; i < LS_COUNT(images); i++) {
        found = found || strcmp(row->name, images[i]) == 0;
    }
    return found;
}

LsRestart ls_restart_find(const LsTrainSettings *had, const LsTrainSettings *gets)
{
    const LsSettingTable table = ls_train_settings_table();
    LsRestart restart = {.schedule = had->schedule != gets->schedule,
                         .loss =
                             had->div != gets->div || had->beta_schedule != gets->beta_schedule};
    for (size_t i = 0; i < table.count; i++) {
        if (teaches(&table.rows[i]) && !ls_setting_equal(&table.rows[i], had, gets)) {
            restart.schedule = restart.average = true;
        }
    }
    return restart;
}
