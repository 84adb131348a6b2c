#include "cli/bench_race.h"

#include <string.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"
#include "latentscape/train/settings.h"

enum {
    FILE_MOST = 1 << 20 /* bytes */
};

static bool add(CliBenchRace *race, const char *line, LsError *err)
{
    LsTrainSettings settings = ls_train_settings_make();
    if (race->count == CLI_BENCH_RACE_MOST) {
        return ls_fail(err, LS_ERR_USAGE, "No more than %d lines can race.", CLI_BENCH_RACE_MOST);
    }
    race->line[race->count++] = line;
    return ls_setting_apply(ls_train_settings_table(), line, sizeof settings, &settings, err);
}

/* Cuts the text into lines where it stands. */
static bool add_lines(CliBenchRace *race, const char *file, size_t size, LsError *err)
{
    LsError why;
    int number = 0;
    for (char *at = race->text; at < race->text + size; at += strlen(at) + 1) {
        at[strcspn(at, "\r\n")] = '\0';
        number++;
        if (at[strspn(at, " \t")] != '\0' && at[0] != '#' && !add(race, at, &why)) {
            return ls_fail(err, why.code, "%s, line %d: %s", file, number, why.text);
        }
    }
    return true;
}

static bool read_file(CliBenchRace *race, const char *file, LsError *err)
{
    uint8_t *data = NULL;
    size_t size = 0;
    if (!ls_file_read(file, FILE_MOST, &data, &size, err)) {
        return false;
    }
    race->text = ls_memory_items(size + 1, 1, err); /* the last line ends in 0 too */
    if (race->text != NULL) {
        memcpy(race->text, data, size);
    }
    ls_memory_free(data);
    return race->text != NULL && add_lines(race, file, size, err);
}

bool cli_bench_race_init(CliBenchRace *race, const CliWords *words, const char *file, LsError *err)
{
    *race = (CliBenchRace){.count = 0};
    bool sound = true;
    for (int i = 0; i < words->count && sound; i++) {
        sound = add(race, words->word[i], err);
    }
    sound = sound && (file == NULL || read_file(race, file, err));
    if (!sound) {
        cli_bench_race_finish(race);
    } else if (race->count == 0) {
        race->line[race->count++] = "";
    }
    return sound;
}

void cli_bench_race_finish(CliBenchRace *race)
{
    ls_memory_free(race->text);
    *race = (CliBenchRace){.count = 0};
}
