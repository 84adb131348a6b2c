#include "cli/bench_command.h"

#include <stdio.h>
#include <string.h>

#include "latentscape/core/text.h"
#include "latentscape/nn/gemm.h"
#include "latentscape/train/settings.h"

#include "cli/bench_measure.h"
#include "cli/bench_part.h"
#include "cli/stop.h"
#include "config.h"

typedef struct Part {
    const char *name; /* never renamed */
    CliBenchPartFn *run;
    bool asked_only; /* not among those that run without --part */
    bool tells;      /* prints its rows itself, as they come in */
} Part;

static const Part parts[] = {
    {"gemm", cli_bench_gemm_run, false, false},     {"train", cli_bench_train_run, false, false},
    {"decode", cli_bench_decode_run, false, false},
#if LS_GUI
    {"window", cli_bench_window_run, false, false}, {"start", cli_bench_start_run, false, false},
#endif
    {"quality", cli_bench_quality_run, true, true},
};

static const double part_s = 4;

typedef struct Options {
    CliWords part;
    const char *json, *backend;
    double seconds;
    bool scale;
    CliWords race;
    const char *races;
    double images;
    uint64_t threads;
    uint64_t seeds;
    const char *argument[CLI_ARGUMENTS];
} Options;

#define AT(field) .offset = offsetof(Options, field)

static const CliOption options[] = {
    {.name = "part",
     .value = "NAME[,NAME...]",
     .type = CLI_WORDS,
     AT(part),
     .help = "Measures these parts alone: gemm, train, decode, window, start; or quality, which is "
             "measured only when asked for. May be given again."},
    {.name = "seconds",
     .value = "S",
     .type = CLI_REAL,
     AT(seconds),
     .min = 0.01,
     .max = 86400,
     .help = "How long each part may take, about (4)."},
    {.name = "scale",
     .type = CLI_FLAG,
     AT(scale),
     .help = "The part train measures growth too: models of 0.3 to 16 million parameters, batches "
             "of 32 to 1024, 2 to 64 latent dimensions, larger images, and the memory that 60,000 "
             "and 600,000 images take. That lasts some minutes."},
    {.name = "race",
     .value = "\"NAME=VALUE ...\"",
     .type = CLI_WORDS,
     AT(race),
     .help = "A line of settings for the part quality, given once for each; without it, the "
             "defaults. Every line trains for --seconds with each seed."},
    {.name = "races",
     .value = "FILE",
     .type = CLI_TEXT,
     AT(races),
     .help = "More such lines, one in each line of a file; those that begin with # are remarks."},
    {.name = "images",
     .value = "N",
     .type = CLI_REAL,
     AT(images),
     .min = 1,
     .max = 1e12,
     .help = "The part quality trains until N images were seen instead of for --seconds: figures "
             "that do not depend on the machine's speed. A schedule that is given no period then "
             "ends with them."},
    {.name = "threads",
     .value = "N",
     .type = CLI_COUNT,
     AT(threads),
     .min = 1,
     .max = 64,
     .help = "How many threads the part quality trains on (all processors)."},
    {.name = "seeds",
     .value = "N",
     .type = CLI_COUNT,
     AT(seeds),
     .min = 1,
     .max = 32,
     .help = "How many seeds the part quality tries, from 1 on (3)."},
    {.name = "backend",
     .value = "NAME",
     .type = CLI_TEXT,
     AT(backend),
     .help = "What multiplies in the rows called best and in the part quality: openblas, "
             "onednn-f32, tiles-bf16, onednn-bf16, or auto, what the program takes by itself. The "
             "parts gemm and train have rows of each."},
    {.name = "json",
     .value = "FILE",
     .type = CLI_TEXT,
     AT(json),
     .help =
         "Writes the rows as a JSON array of objects: part, name, value, unit, limit, ratio, and "
         "steal where another machine took more than 1 % of the time. \"-\" is standard output, "
         "which then holds nothing else."},
};

static const CliSyntax syntax = {
    .command = "bench",
    .help =
        "Tells how fast the program is on this machine and how near that is to what the machine "
        "can do, measured in the same run: training and decoding beside their matrix products "
        "alone on as many threads, the window's frames beside the display's 60 a second. Figures "
        "are medians of many short slices that take turns. A ratio is value / limit: where the "
        "unit is a time, less is better.",
    .argument = {"PART"},
    .arguments_offset = offsetof(Options, argument),
    .options = options,
    .option_count = LS_COUNT(options),
};

static bool unknown_part(const char *name, LsError *err)
{
    const char *names[LS_COUNT(parts)];
    for (size_t i = 0; i < LS_COUNT(parts); i++) {
        names[i] = parts[i].name;
    }
    const char *nearest = ls_text_nearest(name, names, LS_COUNT(parts));
    if (nearest != NULL) {
        return ls_fail(err, LS_ERR_USAGE,
                       "There is no part \"%s\" to measure; did you mean \"%s\"?", name, nearest);
    }
    return ls_fail(err, LS_ERR_USAGE,
                   "There is no part \"%s\" to measure; \"latentscape bench --help\" lists them.",
                   name);
}

/* Marks the parts of a comma list. */
static bool choose(const char *list, bool *chosen, LsError *err)
{
    for (;;) {
        char name[64];
        const size_t length = strcspn(list, ",");
        snprintf(name, sizeof name, "%.*s", (int)(length < 60 ? length : 60), list);
        size_t part = 0;
        while (part < LS_COUNT(parts) && strcmp(parts[part].name, name) != 0) {
            part++;
        }
        if (part == LS_COUNT(parts)) {
            return unknown_part(name, err);
        }
        chosen[part] = true;
        if (list[length] == '\0') {
            return true;
        }
        list += length + 1;
    }
}

static bool choose_parts(const char *argument, const CliWords *words, bool *chosen, LsError *err)
{
    const bool all = argument == NULL && words->count == 0;
    for (size_t i = 0; i < LS_COUNT(parts); i++) {
        chosen[i] = all && !parts[i].asked_only;
    }
    if (argument != NULL && !choose(argument, chosen, err)) {
        return false;
    }
    for (int i = 0; i < words->count; i++) {
        if (!choose(words->word[i], chosen, err)) {
            return false;
        }
    }
    return true;
}

static bool measure(const CliBench *bench, const bool *chosen, CliBenchRows *rows, bool quiet,
                    LsError *err)
{
    for (size_t i = 0; i < LS_COUNT(parts) && !cli_stop_asked(); i++) {
        const int first = rows->count;
        const CliBenchTicks ticks = cli_bench_measure_ticks();
        if (!chosen[i]) {
            continue;
        }
        if (!parts[i].run(bench, rows, err)) {
            return false;
        }
        const double steal = cli_bench_measure_steal(ticks);
        for (int row = first; row < rows->count; row++) {
            rows->row[row].steal = steal;
        }
        if (!quiet && !parts[i].tells) {
            cli_bench_rows_print(rows, first);
        }
    }
    return true;
}

/* The program respects a choice of kernels that somebody has made in the environment, but a figure half
 * as large as it could be must not pass without a word. */
static void say_kernels(void)
{
    const char *core = ls_gemm_better_core();
    if (core != NULL) {
        printf(
            "OPENBLAS_CORETYPE in the environment keeps OpenBLAS from its %s kernels, which this "
            "processor could use.\n",
            core);
    }
}

CliStatus cli_bench_command_run(int count, char *const *words)
{
    Options given = {.seconds = part_s, .seeds = 3};
    LsError err = {0};
    bool chosen[LS_COUNT(parts)];
    const CliParsed parsed = cli_option_parse(&syntax, count, words, &given, &err);
    if (parsed == CLI_HELPED) {
        return CLI_OK;
    }
    CliBenchRace race;
    if (parsed == CLI_WRONG || !choose_parts(given.argument[0], &given.part, chosen, &err) ||
        !cli_bench_race_init(&race, &given.race, given.races, &err)) {
        return cli_message_error(&err);
    }
    const LsTrainSettings settings = ls_train_settings_make();
    LsBackendKind backend = LS_BACKEND_AUTO;
    if (given.backend != NULL && !ls_backend_find(given.backend, &backend, &err)) {
        cli_bench_race_finish(&race);
        return cli_message_error(&err);
    }
    CliBench bench = {.batch = settings.batch,
                      .backend = backend,
                      .seconds = given.seconds,
                      .scale = given.scale,
                      .seeds = (int)given.seeds,
                      .images = given.images,
                      .threads = (int)given.threads,
                      .race = &race};
    CliBenchRows rows = {.count = 0};
    LsDataset *data = ls_dataset_open_digits(&err);
    bool ok = data != NULL;
    CliStop stop;
    cli_stop_init(&stop);
    if (ok) {
        const LsModelSpec spec =
            ls_train_settings_spec(&settings, data->width, data->height, data->channels);
        const bool quiet = given.json != NULL && strcmp(given.json, "-") == 0;
        bench.data = data;
        bench.quiet = quiet;
        if (!quiet) {
            say_kernels();
        }
        ok = ls_model_init(&bench.model, &spec, &err) &&
             measure(&bench, chosen, &rows, quiet, &err) &&
             (given.json == NULL || cli_bench_rows_save(&rows, given.json, &err));
    }
    cli_stop_finish(&stop);
    ls_dataset_destroy(data);
    cli_bench_race_finish(&race);
    return ok ? CLI_OK : cli_message_error(&err);
}
