#include "latentscape/train/settings.h"

LsTrainSettings ls_train_settings_make(void)
{
    LsTrainSettings settings = {0};
    ls_setting_defaults(ls_train_settings_table(), &settings);
    return settings;
}

bool ls_train_settings_equal(const LsTrainSettings *a, const LsTrainSettings *b)
{
    const LsSettingTable table = ls_train_settings_table();
    for (size_t i = 0; i < table.count; i++) {
        if (!ls_setting_equal(&table.rows[i], a, b)) {
            return false;
        }
    }
    return true;
}

LsModelSpec ls_train_settings_spec(const LsTrainSettings *settings, int width, int height,
                                   int channels)
{
    return (LsModelSpec){.width = width,
                         .height = height,
                         .channels = channels,
                         .latent = settings->latent,
                         .hidden = settings->hidden,
                         .activation = settings->activation};
}
