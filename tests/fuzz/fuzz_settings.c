/* Any text as the share text of a training run's settings. */
#include "latentscape/train/settings.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const LsSettingTable table = ls_train_settings_table();
    const LsTrainSettings defaults = ls_train_settings_make();
    LsTrainSettings settings = defaults;
    LsError err = {0};
    char *line = ls_memory_items(size + 1, 1, NULL);
    fuzz_check(line != NULL);
    if (size > 0) {
        memcpy(line, data, size);
    }
    const bool good = ls_setting_apply(table, line, sizeof settings, &settings, &err);
    ls_memory_free(line);
    if (!good) {
        fuzz_check_refusal(&err, "");
        fuzz_check(memcmp(&settings, &defaults, sizeof settings) == 0);
        return 0;
    }
    /* What was understood can be told and understood again, to the same. */
    char told[LS_SETTING_LINE];
    char again[LS_SETTING_LINE];
    LsTrainSettings back = defaults;
    ls_setting_share(table, &settings, told);
    fuzz_check(ls_setting_apply(table, told, sizeof back, &back, &err));
    ls_setting_share(table, &back, again);
    fuzz_check(strcmp(told, again) == 0);
    for (size_t i = 0; i < table.count; i++) {
        fuzz_check(ls_setting_equal(&table.rows[i], &settings, &back));
    }
    return 0;
}
