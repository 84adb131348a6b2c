#include "cli/compare_command.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"
#include "latentscape/measure/exact.h"
#include "latentscape/train/gauge.h"
#include "latentscape/train/run.h"

#include "cli/common_option.h"
#include "cli/compare_result.h"
#include "cli/sheet.h"
#include "cli/stop.h"

enum {
    EXACT_IMAGES = 1024,
    EXACT_FINE = 16, /* cells of a unit: means are right to a hundredth of a nat */
    SHEET_COLUMNS = 14,
    SHEET_ROWS = 14,
    MAP = 18, /* images across */
};

static const double default_seconds = 20;
static const double kept_every = 1; /* seconds between states to come back to */
static const double map_range = 3;
static const double exact_half = 8;

typedef struct Options {
    LsTrainSettings settings;
    CliWords presets;
    const char *out, *data, *backend;
    double seconds;
    uint64_t images, seeds, threads;
    bool resume;
    const char *argument[CLI_ARGUMENTS];
} Options;

#define AT(field) .offset = offsetof(Options, field)

static const CliOption options[] = {
    {.name = "preset",
     .value = "NAME",
     .type = CLI_WORDS,
     AT(presets),
     .help = "A ready-made loss; again for each further one. Without any, all of them."},
    {.name = "out",
     .value = "DIR",
     .type = CLI_TEXT,
     AT(out),
     .help = "The folder for report.html, results.json, results.csv and the pictures; it is made."},
    {.name = "seconds",
     .value = "S",
     .type = CLI_REAL,
     AT(seconds),
     .min = 0.01,
     .max = 1e6,
     .help = "Trains each for S seconds (20); what is spent on judging does not count."},
    {.name = "images",
     .value = "N",
     .type = CLI_COUNT,
     AT(images),
     .min = 1,
     .max = 1e12,
     .help = "Trains each on N images instead, as often as they come round: the figures then do "
             "not depend on how fast the machine is, nor on what else it does."},
    {.name = "seeds",
     .value = "N",
     .type = CLI_COUNT,
     AT(seeds),
     .min = 1,
     .max = CLI_COMPARE_SEEDS,
     .help = "Trains each N times (1), with --seed and the seeds after it."},
    {.name = "resume",
     .type = CLI_FLAG,
     AT(resume),
     .help =
         "Takes what the folder's results.json already tells of a preset with the same settings, "
         "length and seeds, and trains the others; where all are there, it makes the page anew."},
    CLI_OPTION_DATA(offsetof(Options, data), ""),
    CLI_OPTION_THREADS(offsetof(Options, threads), ""),
    {.name = "backend",
     .value = "NAME",
     .type = CLI_TEXT,
     AT(backend),
     .help = "What multiplies matrices, as train has it: openblas (where it is not said) gives the "
             "same figures with --images on every machine of a kind; auto is the fastest."},
    {.name = "set",
     .value = "LINE",
     .type = CLI_SETTINGS,
     .help = "Settings for all of them, as one share text: \"lr=3e-4 hidden=256\"."},
};

static const CliSyntax syntax = {
    .command = "compare",
    .help = "Trains several losses one after the other and writes a page that tells them apart: "
            "samples, maps, curves, and a table of measures with standard errors; the same figures "
            "as JSON and CSV. Settings given here count for all of them.",
    .arguments_offset = offsetof(Options, argument),
    .options = options,
    .option_count = LS_COUNT(options),
    .has_settings = true,
    .settings_offset = offsetof(Options, settings),
};

/* Everything a comparison holds, to be released once. */
typedef struct Job {
    Options given;
    LsDataset *data;
    LsPool *pool; /* for what is measured; a run has its own */
    LsGauge *gauge;
    LsBackendKind backend;
    CliCompare compare;
} Job;

/* ---- what is compared */

/* A preset, with what the command line says over it. */
static bool make_side(const LsPreset *preset, const LsTrainSettings *given, CliCompareSide *side,
                      LsError *err)
{
    char line[LS_SETTING_LINE];
    ls_setting_share(ls_train_settings_table(), given, line);
    side->preset = preset;
    side->settings = *given;
    ls_preset_apply(preset, &side->settings);
    return ls_setting_apply(ls_train_settings_table(), line, sizeof side->settings, &side->settings,
                            err);
}

static bool choose(Job *job, LsError *err)
{
    const Options *given = &job->given;
    CliCompare *compare = &job->compare;
    size_t all = 0;
    const LsPreset *rows = ls_preset_rows(&all);
    const int count = given->presets.count > 0 ? given->presets.count : (int)all;
    compare->side = ls_memory_items((size_t)count, sizeof *compare->side, err);
    if (compare->side == NULL) {
        return false;
    }
    for (int i = 0; i < count; i++) {
        const LsPreset *preset =
            given->presets.count > 0 ? ls_preset_find(given->presets.word[i], err) : &rows[i];
        if (preset == NULL) {
            return false;
        }
        for (int k = 0; k < i; k++) {
            if (compare->side[k].preset == preset) {
                return ls_fail(err, LS_ERR_USAGE, "--preset %s is given twice.", preset->name);
            }
        }
        if (!make_side(preset, &given->settings, &compare->side[i], err)) {
            return false;
        }
        compare->sides++;
    }
    return true;
}

/* ---- one run */

static void note_point(CliCompareSide *side, const LsMetric *metric)
{
    if (side->points < CLI_COMPARE_POINTS) {
        side->point[side->points++] = (CliComparePoint){
            .seconds = metric->seconds,
            .images = (double)metric->images,
            .value = {metric->heldout_bce, metric->heldout_kl, metric->heldout_elbo}};
    }
}

/* Trains to the end; a run whose numbers burst goes back to its last sound state. The points of a curve
 * lie evenly along what is counted, images or seconds. Fails: false where a signal asked to stop. */
static bool train(LsRun *run, const CliCompare *compare, CliCompareSide *side, bool first)
{
    LsMetric step = {0};
    LsMetric judged;
    double kept = 0;
    double done = 0;
    while (done < 1) {
        if (first && done * (CLI_COMPARE_POINTS - 2) >= side->points) {
            ls_run_evaluate(run, &judged);
            note_point(side, &judged);
        }
        ls_run_step(run, &step);
        done = compare->images > 0 ? (double)step.images / (double)compare->images
                                   : step.seconds / compare->seconds;
        const char *fault = ls_run_fault(&step);
        if (fault == NULL && (step.seconds - kept >= kept_every || done >= 1)) {
            kept = step.seconds;
            fault = ls_run_keep(run);
        }
        if (fault != NULL) {
            ls_run_restore(run);
            (void)snprintf(side->fault, sizeof side->fault,
                           "Training stopped by itself: at step %" PRIu64
                           " the %s was no longer a finite number; all is of step %" PRIu64 ".",
                           step.step, fault, ls_run_steps(run));
            return true;
        }
        if (cli_stop_asked()) {
            return false;
        }
    }
    return true;
}

typedef struct Share {
    LsExact *exact;
    int first; /* task */
} Share;

static void exact_task(void *context, int task, int worker)
{
    const Share *share = context;
    ls_exact_task(share->exact, share->first + task, worker);
}

static bool find_exact(Job *job, const LsRun *run, CliCompareFigure *figure, LsError *err)
{
    const LsModel *model = ls_run_model(run);
    const LsImages *images = &job->data->heldout;
    const int n = images->count < EXACT_IMAGES ? (int)images->count : EXACT_IMAGES;
    if (!ls_exact_can(model) || n == 0) {
        return true;
    }
    LsExact *exact = ls_exact_create(model, n, ls_pool_workers(job->pool), err);
    if (exact == NULL) {
        return false;
    }
    ls_exact_begin(exact, ls_run_params(run), job->data, images, 0, n, exact_half, EXACT_FINE);
    const int tasks = ls_exact_tasks(exact);
    for (int first = 0; first < tasks; first += LS_EXACT_LANES) {
        Share share = {exact, first};
        const int left = tasks - first;
        ls_pool_run(job->pool, left < LS_EXACT_LANES ? left : LS_EXACT_LANES, exact_task, &share);
    }
    const LsExactMeans means = ls_exact_means(exact);
    figure[4] = (CliCompareFigure){means.log_p, means.log_p_error};
    figure[5] = (CliCompareFigure){means.gap, means.gap_error};
    ls_exact_destroy(exact);
    return true;
}

/* Every figure of a run that has ended. */
static bool judge(Job *job, LsRun *run, CliCompareSide *side, int seed, LsError *err)
{
    CliCompareFigure *figure = side->figure[seed];
    for (int i = 0; i < CLI_COMPARE_ROWS; i++) {
        figure[i] = (CliCompareFigure){(double)NAN, (double)NAN};
    }
    LsMetric metric;
    ls_run_evaluate(run, &metric);
    if (seed == 0) {
        note_point(side, &metric);
    }
    figure[0].value = (double)metric.step;
    figure[1].value = metric.heldout_bce;
    figure[2].value = metric.heldout_kl;
    figure[3].value = metric.heldout_elbo;
    LsMeasures measures = {0};
    if (!find_exact(job, run, figure, err) ||
        !ls_gauge_begin(job->gauge, ls_run_model(run), ls_run_params(run), metric.step, err)) {
        return false;
    }
    while (!ls_gauge_advance(job->gauge, &measures)) {
    }
    ls_gauge_take_gap(&measures, &metric);
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        const LsMeasureValue *value = &measures.value[i];
        if (value->missing == NULL) {
            figure[CLI_COMPARE_OWN + i] = (CliCompareFigure){value->value, value->error};
        }
    }
    return true;
}

static bool draw(Job *job, const LsRun *run, const CliCompareSide *side, LsError *err)
{
    char path[LS_PATH_MAX];
    CliSheet sheet = {0};
    const LsModel *model = ls_run_model(run);
    const float *params = ls_run_params(run);
    bool ok = cli_compare_picture(&job->compare, side, "samples", path, err) &&
              cli_sheet_samples(&sheet, model->spec.latent, SHEET_COLUMNS, SHEET_ROWS, err) &&
              cli_sheet_save(&sheet, model, params, path, err);
    cli_sheet_finish(&sheet);
    if (!ok || !cli_compare_picture(&job->compare, side, "map", path, err)) {
        return false;
    }
    if (model->spec.latent != 2 || model->spec.channels != 1) {
        (void)unlink(path); /* an earlier comparison's */
        return true;
    }
    ok = cli_sheet_grid(&sheet, 2, MAP, map_range, err) &&
         cli_sheet_save_map(&sheet, map_range, model, params, job->data, path, err);
    cli_sheet_finish(&sheet);
    return ok;
}

static bool run_one(Job *job, CliCompareSide *side, int seed, LsError *err)
{
    LsTrainSettings settings = side->settings;
    settings.seed += (uint64_t)seed;
    LsRun *run = ls_run_create(job->data, &settings, (int)job->given.threads, err);
    if (run == NULL) {
        return false;
    }
    bool ok = ls_run_use(run, job->backend, err);
    if (ok && !train(run, &job->compare, side, seed == 0)) {
        ok = ls_fail(err, LS_ERR_SYSTEM,
                     "Stopped before the end; --resume goes on with what is finished.");
    }
    ok = ok && judge(job, run, side, seed, err) && (seed > 0 || draw(job, run, side, err));
    if (ok) {
        const CliCompareFigure *figure = side->figure[seed];
        printf("%-12s seed %" PRIu64 " %9.0f steps  rec %8.2f  kl %7.2f  elbo %9.2f\n",
               side->preset->name, settings.seed, figure[0].value, figure[1].value, figure[2].value,
               figure[3].value);
        (void)fflush(stdout);
    }
    ls_run_destroy(run);
    return ok;
}

/* ---- all of them */

static bool prepare(Job *job, LsError *err)
{
    const Options *given = &job->given;
    CliCompare *compare = &job->compare;
    if (given->out == NULL) {
        return ls_fail(err, LS_ERR_USAGE, "\"latentscape compare\" needs --out DIR; see --help.");
    }
    compare->folder = given->out;
    compare->seconds = given->seconds > 0 ? given->seconds : default_seconds;
    compare->seeds = given->seeds > 0 ? (int)given->seeds : 1;
    compare->images = given->images;
    compare->backend = given->backend != NULL ? given->backend : "openblas";
    if (given->images > 0 && given->seconds > 0) {
        return ls_fail(err, LS_ERR_USAGE, "Either --seconds or --images, not both.");
    }
    if (!ls_backend_find(compare->backend, &job->backend, err) || !choose(job, err) ||
        !ls_file_make_folder(given->out, err)) {
        return false;
    }
    compare->data = job->data = ls_dataset_open(given->data, err);
    job->pool = job->data != NULL ? ls_pool_create((int)given->threads, err) : NULL;
    job->gauge = job->pool != NULL ? ls_gauge_create(job->data, job->pool, err) : NULL;
    return job->gauge != NULL && (!given->resume || cli_compare_load_figures(compare, err));
}

static bool compare_all(Job *job, LsError *err)
{
    CliCompare *compare = &job->compare;
    for (int i = 0; i < compare->sides; i++) {
        CliCompareSide *side = &compare->side[i];
        if (side->done) {
            printf("%-12s is finished already\n", side->preset->name);
            continue;
        }
        for (int seed = 0; seed < compare->seeds; seed++) {
            if (!run_one(job, side, seed, err)) {
                return false;
            }
        }
        side->done = true;
        if (!cli_compare_save_figures(compare, err)) {
            return false;
        }
    }
    return cli_compare_save_figures(compare, err) && cli_compare_save_page(compare, err);
}

CliStatus cli_compare_command_run(int count, char *const *words)
{
    Job job = {.given = {.settings = ls_train_settings_make()}};
    LsError err = {0};
    const CliParsed parsed = cli_option_parse(&syntax, count, words, &job.given, &err);
    if (parsed != CLI_PARSED) {
        return parsed == CLI_HELPED ? CLI_OK : cli_message_error(&err);
    }
    CliStop stop;
    cli_stop_init(&stop);
    const bool ok = prepare(&job, &err) && compare_all(&job, &err);
    cli_stop_finish(&stop);
    ls_gauge_destroy(job.gauge);
    ls_pool_destroy(job.pool);
    ls_dataset_destroy(job.data);
    ls_memory_free(job.compare.side);
    return ok ? CLI_OK : cli_message_error(&err);
}
