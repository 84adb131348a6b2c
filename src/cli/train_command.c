#include "cli/train_command.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"
#include "latentscape/train/blame.h"
#include "latentscape/train/patience.h"
#include "latentscape/train/run.h"

#include "cli/common_option.h"
#include "cli/report.h"
#include "cli/stop.h"

static const double evaluate_every = 0.25; /* seconds of training */
static const double keep_every = 2;        /* seconds of training between states to come back to */
static const double save_every = 60;       /* seconds of training: what a power cut may cost */
static const uint64_t default_epochs = 10; /* where no end is given */

typedef struct Options {
    LsTrainSettings settings;
    const char *out, *data, *resume, *json, *backend;
    uint64_t threads, steps, epochs;
    double seconds;
    bool weights_only;
    const char *argument[CLI_ARGUMENTS];
} Options;

#define AT(field) .offset = offsetof(Options, field)

static const CliOption options[] = {
    {.name = "out", .value = "FILE", .type = CLI_TEXT, AT(out), .help = "Where the model goes."},
    CLI_OPTION_DATA(offsetof(Options, data), ", named as MNIST's are"),
    {.name = "resume",
     .value = "FILE",
     .type = CLI_TEXT,
     AT(resume),
     .help = "Goes on with a saved model and its settings as if it had never stopped."},
    {.name = "steps",
     .value = "N",
     .type = CLI_COUNT,
     AT(steps),
     .min = 1,
     .max = 1e15,
     .help = "Trains for N steps."},
    {.name = "epochs",
     .value = "N",
     .type = CLI_COUNT,
     AT(epochs),
     .min = 1,
     .max = 1e9,
     .help = "Trains until every image was seen N times (10, where no end is given)."},
    {.name = "seconds",
     .value = "S",
     .type = CLI_REAL,
     AT(seconds),
     .min = 0.001,
     .max = 1e9,
     .help = "Trains for S seconds; what is spent on evaluation does not count."},
    CLI_OPTION_THREADS(offsetof(Options, threads), CLI_SAME_NUMBERS),
    {.name = "backend",
     .value = "NAME",
     .type = CLI_TEXT,
     AT(backend),
     .help = "What multiplies matrices: openblas; onednn-f32; tiles-bf16 or onednn-bf16, which "
             "round what they multiply to 8 bits; or auto, the fastest on this machine (with "
             "--resume: the one that the model was trained with). Each gives numbers of its own."},
    {.name = "json",
     .value = "FILE",
     .type = CLI_TEXT,
     AT(json),
     .help = "Writes a line of JSON at each evaluation: step, images, seconds, images_per_s, train "
             "and heldout with rec, kl, reg, elbo; - is standard output."},
    {.name = "weights-only",
     .type = CLI_FLAG,
     AT(weights_only),
     .help =
         "Saves the model without the optimizer's state: a quarter of the size, and the same file "
         "for the same seed and steps."},
    {.name = "preset",
     .value = "NAME",
     .type = CLI_PRESET,
     .help = "Begins with the settings of a preset: vae, ae, beta4, klonly, warmup, cyclical, "
             "freebits, capacity, sharp, wae, overfit, overfit-reg, mean or hot; options after it "
             "change them."},
    {.name = "set",
     .value = "LINE",
     .type = CLI_SETTINGS,
     .help = "Settings as one share text: \"beta=4 lr=3e-4\"."},
};

static const CliSyntax syntax = {
    .command = "train",
    .help = "Trains a model and saves it. Ctrl-C stops cleanly: the model is saved first.",
    .arguments_offset = offsetof(Options, argument),
    .options = options,
    .option_count = LS_COUNT(options),
    .has_settings = true,
    .settings_offset = offsetof(Options, settings),
};

/* Everything a training holds, to be released once. */
typedef struct Job {
    Options options;
    LsDataset *data;
    LsRun *run;
    LsMetric start;
    uint64_t target_images; /* where this training ends; UINT64_MAX: not by images */
    uint64_t target_step;
    double target_seconds;
    bool stopped; /* by a signal */
} Job;

static bool check_options(const Options *given, LsError *err)
{
    if (given->out == NULL) {
        return ls_fail(err, LS_ERR_USAGE, "\"latentscape train\" needs --out FILE; see --help.");
    }
    const int ends = (given->steps > 0) + (given->epochs > 0) + (given->seconds > 0);
    if (ends > 1) {
        return ls_fail(err, LS_ERR_USAGE,
                       "Only one of --steps, --epochs and --seconds can say "
                       "when training ends.");
    }
    const char *const models[] = {given->out, given->resume};
    for (size_t i = 0; given->json != NULL && i < LS_COUNT(models); i++) {
        if (models[i] != NULL && strcmp(given->json, models[i]) == 0) {
            return ls_fail(err, LS_ERR_USAGE, "%s cannot be both the model and the JSON lines.",
                           models[i]);
        }
    }
    return true;
}

/* Writes nothing, but finds out now what would otherwise be found out after hours of training. */
static bool check_target(const char *path, LsError *err)
{
    LsFileWriter *writer = ls_file_writer_create(path, err);
    ls_file_writer_discard(writer);
    return writer != NULL;
}

/* Options given beside --resume change the model that goes on, but neither its sizes nor its seed. */
static bool check_resumed(const LsTrainSettings *saved, const LsTrainSettings *asked, LsError *err)
{
    const LsSettingTable table = ls_train_settings_table();
    for (size_t i = 0; i < table.count; i++) {
        const LsSetting *row = &table.rows[i];
        if ((row->structural || row->type == LS_SETTING_SEED) &&
            !ls_setting_equal(row, saved, asked)) {
            char value[LS_SETTING_TEXT];
            ls_setting_print(row, saved, value);
            return ls_fail(err, LS_ERR_USAGE,
                           "The model goes on with %s %s: a resumed run cannot "
                           "change that.",
                           row->name, value);
        }
    }
    return true;
}

static bool resume(Job *job, int count, char *const *words, LsError *err)
{
    LsCheckpoint checkpoint;
    LsError why;
    if (!ls_checkpoint_open(&checkpoint, job->options.resume, err)) {
        return false;
    }
    job->run = ls_run_open(job->data, &job->options.settings, &checkpoint,
                           (int)job->options.threads, &why);
    ls_checkpoint_finish(&checkpoint);
    if (job->run == NULL) {
        return ls_fail(err, why.code, "%s: %s", job->options.resume, why.text);
    }
    /* Read the options again, this time over the settings of the file. */
    Options again = {.settings = *ls_run_settings(job->run)};
    return cli_option_parse(&syntax, count, words, &again, err) == CLI_PARSED &&
           check_resumed(ls_run_settings(job->run), &again.settings, err) &&
           ls_run_set(job->run, &again.settings, err);
}

/* The run multiplies as it is told to; where it goes on with a model, as that one did, since its numbers
 * would be others. */
static bool use_backend(Job *job, LsError *err)
{
    LsBackendKind kind = LS_BACKEND_AUTO;
    if (job->options.backend != NULL && !ls_backend_find(job->options.backend, &kind, err)) {
        return false;
    }
    const LsBackendKind before = ls_run_made_with(job->run);
    LsError why;
    if (kind == LS_BACKEND_AUTO && before != LS_BACKEND_AUTO) {
        if (ls_run_use(job->run, before, &why)) {
            return true;
        }
        cli_message_note("The model was trained with %s. %s It goes on with another backend.",
                         ls_backend_name((int)before), why.text);
    }
    return ls_run_use(job->run, kind, err);
}

static bool prepare(Job *job, int count, char *const *words, LsError *err)
{
    const Options *given = &job->options;
    if (!check_options(given, err) || !check_target(given->out, err)) {
        return false;
    }
    job->data = ls_dataset_open(given->data, err);
    if (job->data == NULL) {
        return false;
    }
    if (given->resume != NULL) {
        if (!resume(job, count, words, err)) {
            return false;
        }
    } else {
        job->run = ls_run_create(job->data, &given->settings, (int)given->threads, err);
        if (job->run == NULL) {
            return false;
        }
    }
    if (!use_backend(job, err)) {
        return false;
    }
    job->start = ls_run_state(job->run);
    const uint64_t epochs = given->epochs > 0                          ? given->epochs
                            : given->steps == 0 && given->seconds <= 0 ? default_epochs
                                                                       : 0;
    job->target_images =
        epochs > 0 ? job->start.images + epochs * job->data->train.count : UINT64_MAX;
    job->target_step = given->steps > 0 ? job->start.step + given->steps : UINT64_MAX;
    job->target_seconds =
        given->seconds > 0 ? job->start.seconds + given->seconds : (double)INFINITY;
    return true;
}

/* What a file without the optimizer's state says nothing of. Its settings and how far its schedule has
 * come stay: who goes on with it finds a learning rate at rest, which a change of the loss lifts. Time is
 * the one thing in which two runs of the same seed differ. */
static const char *const optimizer_keys[] = {"adam_step", "average_step", "seconds"};

static bool is_of_optimizer(const char *key)
{
    for (size_t i = 0; i < LS_COUNT(optimizer_keys); i++) {
        if (strcmp(optimizer_keys[i], key) == 0) {
            return true;
        }
    }
    return false;
}

static bool save(const Job *job, LsError *err)
{
    const char *path = job->options.out;
    if (!job->options.weights_only) {
        return ls_run_save(job->run, path, err);
    }
    LsMetaList all = {0};
    LsMetaList meta = {0};
    ls_run_meta(job->run, &all);
    for (int i = 0; i < all.count; i++) {
        if (!is_of_optimizer(all.item[i].key)) {
            ls_meta_set(&meta, all.item[i].key, "%s", all.item[i].value);
        }
    }
    return ls_checkpoint_save(path, ls_run_model(job->run), ls_run_params(job->run), NULL, NULL,
                              &meta, err);
}

/* How much of the training is done: 0 .. 1, and 1 only at its end. */
static double done_share(const Job *job, const LsMetric *state)
{
    const double by_images = (double)(state->images - job->start.images) /
                             (double)(job->target_images - job->start.images);
    const double by_steps =
        (double)(state->step - job->start.step) / (double)(job->target_step - job->start.step);
    const double by_time =
        (state->seconds - job->start.seconds) / (job->target_seconds - job->start.seconds);
    return fmax(by_images, fmax(by_steps, by_time));
}

static bool is_done(const Job *job, const LsMetric *state)
{
    return state->images >= job->target_images || state->step >= job->target_step ||
           state->seconds >= job->target_seconds;
}

/* Steps until the end, a signal, or a fault, which gives a sentence. */
static bool train(Job *job, CliReport *report, LsError *err)
{
    LsMetric state = job->start, evaluation;
    LsPatience patience = {0};
    double evaluated_at = state.seconds, kept_at = state.seconds, saved_at = state.seconds;
    bool going = true, spent = false; /* patience */
    while (going) {
        ls_run_step(job->run, &state);
        const char *fault = ls_run_fault(&state);
        job->stopped = cli_stop_asked();
        going = !job->stopped && !spent && !is_done(job, &state);
        const bool saving = going && state.seconds - saved_at >= save_every;
        /* What is saved is sound, and so is what there is to come back to. */
        if (fault == NULL && (saving || !going || state.seconds - kept_at >= keep_every)) {
            kept_at = state.seconds;
            fault = ls_run_keep(job->run);
        }
        if (fault != NULL) {
            char blame[LS_BLAME_TEXT];
            ls_blame_tell(ls_run_settings(job->run), blame);
            ls_run_restore(job->run);
            return ls_fail(err, LS_ERR_MODEL,
                           "Training stopped by itself: at step %" PRIu64
                           " the %s had grown beyond "
                           "all bounds; %s holds the model of step %" PRIu64 ".%s",
                           state.step, fault, job->options.out, ls_run_steps(job->run), blame);
        }
        cli_report_progress(report, &state, done_share(job, &state));
        if (!going || state.seconds - evaluated_at >= evaluate_every) {
            evaluated_at = state.seconds;
            ls_run_evaluate(job->run, &evaluation);
            LsError why;
            if (ls_patience_note(&patience, ls_run_settings(job->run), &evaluation, &why) &&
                going) {
                cli_message_note("%s", why.text);
                spent = true;
            }
            cli_report_evaluation(report, &evaluation, !going);
        }
        if (saving) {
            saved_at = state.seconds;
            if (!save(job, err)) {
                return false;
            }
        }
    }
    return true;
}

static CliStatus run_job(Job *job, int count, char *const *words)
{
    LsError err = {0}, save_err = {0}, json_err = {0};
    CliStop stop;
    cli_stop_init(&stop);
    CliReport report;
    if (!prepare(job, count, words, &err) ||
        !cli_report_open(&report, job->options.json, &job->start, &err)) {
        cli_stop_finish(&stop);
        return cli_message_error(&err);
    }
    CliStatus status = CLI_OK;
    const bool trained = train(job, &report, &err);
    const bool reported = cli_report_close(&report, &json_err);
    /* Whatever happened, the newest sound state is saved, unless saving was what went wrong. */
    const bool saved = err.code == LS_ERR_FILE || save(job, &save_err);
    cli_stop_finish(&stop);
    if (saved && job->stopped) {
        cli_message_note("Stopped at step %" PRIu64 "; the model is saved in %s.",
                         ls_run_steps(job->run), job->options.out);
    }
    if (!reported) {
        status = cli_message_error(&json_err);
    }
    if (!trained) {
        status = cli_message_error(&err);
    }
    if (!saved) {
        status = cli_message_error(&save_err);
    }
    return status;
}

CliStatus cli_train_command_run(int count, char *const *words)
{
    Job job = {.options.settings = ls_train_settings_make()};
    LsError err = {0};
    const CliParsed parsed = cli_option_parse(&syntax, count, words, &job.options, &err);
    if (parsed != CLI_PARSED) {
        return parsed == CLI_HELPED ? CLI_OK : cli_message_error(&err);
    }
    const CliStatus status = run_job(&job, count, words);
    ls_run_destroy(job.run);
    ls_dataset_destroy(job.data);
    return status;
}
