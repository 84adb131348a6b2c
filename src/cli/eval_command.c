#include "cli/eval_command.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "latentscape/measure/exact.h"
#include "latentscape/train/evaluation.h"
#include "latentscape/train/gauge.h"
#include "latentscape/train/settings.h"

#include "cli/common_option.h"
#include "cli/load.h"
#include "cli/report.h"

enum {
    CHECKED = 64, /* images the grid is tried on at twice its fineness */
};

static const double half_most = 8; /* of the grid: farther out the prior is below e^-32 */

typedef struct Options {
    const char *data;
    bool json, exact, measures;
    uint64_t threads;
    const char *argument[CLI_ARGUMENTS];
} Options;

#define AT(field) .offset = offsetof(Options, field)

static const CliOption options[] = {
    CLI_OPTION_DATA(offsetof(Options, data), "; its t10k-* files, or the last tenth"),
    {.name = "exact",
     .type = CLI_FLAG,
     AT(exact),
     .help = "Also tells log p(x) itself, summed over a fine grid of the two latent dimensions, "
             "and the "
             "ELBO's gap to it, KL(q(z|x) || p(z|x)). Takes some seconds."},
    {.name = "json",
     .type = CLI_FLAG,
     AT(json),
     .help = "Prints one JSON object: images, rec, kl, elbo; with --exact also log_p, gap and the "
             "grid; with --measures also measures."},
    {.name = "measures",
     .type = CLI_FLAG,
     AT(measures),
     .help = "Measures what the model generates too: sharpness, clarity, coherence, precision, "
             "coverage and others, each with its standard error (docs/measures.md)."},
    CLI_OPTION_THREADS(offsetof(Options, threads), CLI_SAME_NUMBERS),
};

static const CliSyntax syntax = {
    .command = "eval",
    .help = "Tells a model's losses on held-out images in nats per image, with noise that is the "
            "same each time: bce reconstruction, KL divergence, and the ELBO, which is minus their "
            "sum, whatever the model was trained with.",
    .argument = {"MODEL"},
    .needed = 1,
    .arguments_offset = offsetof(Options, argument),
    .options = options,
    .option_count = LS_COUNT(options),
};

static bool evaluate(const LsCheckpoint *checkpoint, const LsDataset *data, LsPool *pool,
                     LsMetric *metric, LsError *err)
{
    const LsTrainSettings defaults = ls_train_settings_make(); /* bce and kl, beta 1 */
    LsTrainSettings settings = defaults;
    if (!ls_train_settings_from_meta(&settings, &checkpoint->model, &checkpoint->meta, err)) {
        return false;
    }
    LsEvaluation *evaluation = ls_evaluation_create(&checkpoint->model, data, pool,
                                                    data->heldout.count, LS_EVALUATION_TRAIN, err);
    if (evaluation == NULL) {
        return false;
    }
    const LsLoss loss = ls_train_settings_loss(&defaults, checkpoint->model.pixels);
    const LsMetric state = {0};
    ls_evaluation_limit(evaluation, (uint32_t)settings.train_images);
    ls_evaluation_begin(evaluation, checkpoint->params, &loss, &state);
    while (!ls_evaluation_advance(evaluation, metric)) {
    }
    ls_evaluation_destroy(evaluation);
    return true;
}

/* What --exact finds out. */
typedef struct Likelihood {
    LsExactMeans means;
    double change; /* of the mean over some images where the grid is twice as fine */
} Likelihood;

typedef struct Share {
    LsExact *exact;
    int first; /* task */
} Share;

static void exact_task(void *context, int task, int worker)
{
    const Share *share = context;
    ls_exact_task(share->exact, share->first + task, worker);
}

static LsExactMeans sum_exactly(LsExact *exact, LsPool *pool, const LsCheckpoint *checkpoint,
                                const LsDataset *data, int n, int fine)
{
    ls_exact_begin(exact, checkpoint->params, data, &data->heldout, 0, n, half_most, fine);
    const int tasks = ls_exact_tasks(exact);
    for (int first = 0; first < tasks; first += LS_EXACT_LANES) {
        Share share = {exact, first};
        const int left = tasks - first;
        ls_pool_run(pool, left < LS_EXACT_LANES ? left : LS_EXACT_LANES, exact_task, &share);
    }
    return ls_exact_means(exact);
}

static bool find_likelihood(const LsCheckpoint *checkpoint, const LsDataset *data, LsPool *pool,
                            Likelihood *found, LsError *err)
{
    if (data->heldout.count == 0) {
        return ls_fail(err, LS_ERR_MODEL, "The data set \"%s\" has no held-out images.",
                       data->name);
    }
    const int n = (int)data->heldout.count;
    LsExact *exact = ls_exact_create(&checkpoint->model, n, ls_pool_workers(pool), err);
    if (exact == NULL) {
        return false;
    }
    const int some = n < CHECKED ? n : CHECKED;
    const LsExactMeans once = sum_exactly(exact, pool, checkpoint, data, some, LS_EXACT_FINE);
    const LsExactMeans twice = sum_exactly(exact, pool, checkpoint, data, some, 2 * LS_EXACT_FINE);
    found->change = fabs(twice.log_p - once.log_p);
    found->means = sum_exactly(exact, pool, checkpoint, data, n, LS_EXACT_FINE);
    ls_exact_destroy(exact);
    return true;
}

static bool measure(const LsCheckpoint *checkpoint, const LsDataset *data, LsPool *pool,
                    const LsMetric *evaluation, LsMeasures *measures, LsError *err)
{
    LsGauge *gauge = ls_gauge_create(data, pool, err);
    const bool ok =
        gauge != NULL && ls_gauge_begin(gauge, &checkpoint->model, checkpoint->params, 0, err);
    while (ok && !ls_gauge_advance(gauge, measures)) {
    }
    ls_gauge_destroy(gauge);
    ls_gauge_take_gap(measures, evaluation);
    return ok;
}

static void print_json(const LsDataset *data, const LsMetric *metric, const Likelihood *found,
                       const LsMeasures *measures)
{
    printf("{\"images\": %" PRIu32, data->heldout.count);
    cli_report_number(stdout, "rec", metric->heldout.rec, false);
    cli_report_number(stdout, "kl", metric->heldout.kl, false);
    cli_report_number(stdout, "elbo", metric->heldout_elbo, false);
    if (found != NULL) {
        const LsExactMeans *means = &found->means;
        cli_report_number(stdout, "log_p", means->log_p, false);
        cli_report_number(stdout, "log_p_error", means->log_p_error, false);
        cli_report_number(stdout, "gap", means->gap, false);
        cli_report_number(stdout, "gap_error", means->gap_error, false);
        cli_report_number(stdout, "grid_cells", means->cells, false);
        cli_report_number(stdout, "grid_half", means->half, false);
        cli_report_number(stdout, "grid_change", found->change, false);
        printf(", \"outside\": %" PRIu32, means->outside);
    }
    if (measures != NULL) {
        cli_report_measures(stdout, measures);
    }
    printf("}\n");
}

static void print_likelihood(const Likelihood *found)
{
    const LsExactMeans *means = &found->means;
    printf("log p(x) %10.3f +- %.3f, exact\n", means->log_p, means->log_p_error);
    printf("gap      %10.3f +- %.3f, KL(q(z|x) || p(z|x))\n", means->gap, means->gap_error);
    printf("grid     %d x %d up to %g deviations; one twice as fine changes the mean by %.5f\n",
           means->cells, means->cells, means->half, found->change);
    if (means->outside > 0) {
        printf("%" PRIu32 " images have codes beyond the grid: log p(x) is at least this.\n",
               means->outside);
    }
}

static void print_lines(const LsDataset *data, const LsMetric *metric, const Likelihood *found,
                        const LsMeasures *measures)
{
    printf("held-out %10" PRIu32 " images of %s\n", data->heldout.count, data->name);
    printf("rec      %10.3f nats per image\n", metric->heldout.rec);
    printf("kl       %10.3f\n", metric->heldout.kl);
    printf("elbo     %10.3f\n", metric->heldout_elbo);
    if (found != NULL) {
        print_likelihood(found);
    }
    const LsMeasureRow *rows = ls_measure_rows();
    for (int i = 0; measures != NULL && i < LS_MEASURE_COUNT; i++) {
        const LsMeasureValue *value = &measures->value[i];
        if (value->missing != NULL) {
            printf("%-12s      -  (%s)\n", rows[i].name, value->missing);
        } else {
            printf("%-12s %6.3f +- %.3f %s\n", rows[i].name, value->value, value->error,
                   rows[i].unit);
        }
    }
}

CliStatus cli_eval_command_run(int count, char *const *words)
{
    Options given = {0};
    LsError err = {0};
    const CliParsed parsed = cli_option_parse(&syntax, count, words, &given, &err);
    if (parsed != CLI_PARSED) {
        return parsed == CLI_HELPED ? CLI_OK : cli_message_error(&err);
    }
    LsCheckpoint checkpoint = {0};
    LsDataset *data = NULL;
    LsMetric metric = {0};
    Likelihood found = {0};
    LsMeasures measures = {0};
    LsPool *pool = ls_pool_create((int)given.threads, &err);
    const bool ok = pool != NULL &&
                    cli_load_pair(&checkpoint, &data, given.argument[0], given.data, &err) &&
                    evaluate(&checkpoint, data, pool, &metric, &err) &&
                    (!given.exact || find_likelihood(&checkpoint, data, pool, &found, &err)) &&
                    (!given.measures || measure(&checkpoint, data, pool, &metric, &measures, &err));
    if (ok) {
        (given.json ? print_json : print_lines)(data, &metric, given.exact ? &found : NULL,
                                                given.measures ? &measures : NULL);
    }
    ls_pool_destroy(pool);
    ls_checkpoint_finish(&checkpoint);
    ls_dataset_destroy(data);
    return ok ? CLI_OK : cli_message_error(&err);
}
