#include "cli/eval_command.h"

#include <inttypes.h>
#include <stdio.h>

#include "latentscape/train/evaluation.h"
#include "latentscape/train/settings.h"

#include "cli/load.h"
#include "cli/option.h"
#include "cli/report.h"

typedef struct Options {
    const char *data;
    bool json;
    uint64_t threads;
    const char *argument[CLI_ARGUMENTS];
} Options;

#define AT(field) .offset = offsetof(Options, field)

static const CliOption options[] = {
    {.name = "data",
     .value = "DIR",
     .type = CLI_TEXT,
     AT(data),
     .help =
         "A folder of IDX or IDX.gz files; its t10k-* files, or the last tenth. Without it, the "
         "shipped digits."},
    {.name = "json",
     .type = CLI_FLAG,
     AT(json),
     .help = "Prints one JSON object: images, rec, kl, elbo."},
    {.name = "threads",
     .value = "N",
     .type = CLI_COUNT,
     AT(threads),
     .min = 1,
     .max = 64,
     .help = "Works on N threads (all processors). The numbers do not depend on it."},
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

static bool evaluate(const LsCheckpoint *checkpoint, const LsDataset *data, int threads,
                     LsMetric *metric, LsError *err)
{
    LsPool *pool = ls_pool_create(threads, err);
    if (pool == NULL) {
        return false;
    }
    LsEvaluation *evaluation =
        ls_evaluation_create(&checkpoint->model, data, pool, data->heldout.count, 0, err);
    if (evaluation != NULL) {
        const LsTrainSettings defaults = ls_train_settings_make(); /* bce and kl, beta 1 */
        const LsLoss loss = ls_train_settings_loss(&defaults);
        const LsMetric state = {0};
        ls_evaluation_begin(evaluation, checkpoint->params, &loss, &state);
        while (!ls_evaluation_advance(evaluation, metric)) {
        }
    }
    const bool ok = evaluation != NULL;
    ls_evaluation_destroy(evaluation);
    ls_pool_destroy(pool);
    return ok;
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
    const bool ok = cli_load_pair(&checkpoint, &data, given.argument[0], given.data, &err) &&
                    evaluate(&checkpoint, data, (int)given.threads, &metric, &err);
    if (ok && given.json) {
        printf("{\"images\": %" PRIu32, data->heldout.count);
        cli_report_number(stdout, "rec", metric.heldout.rec, false);
        cli_report_number(stdout, "kl", metric.heldout.kl, false);
        cli_report_number(stdout, "elbo", metric.heldout_elbo, false);
        printf("}\n");
    } else if (ok) {
        printf("held-out %10" PRIu32 " images of %s\n", data->heldout.count, data->name);
        printf("rec      %10.3f nats per image\n", metric.heldout.rec);
        printf("kl       %10.3f\n", metric.heldout.kl);
        printf("elbo     %10.3f\n", metric.heldout_elbo);
    }
    ls_checkpoint_finish(&checkpoint);
    ls_dataset_destroy(data);
    return ok ? CLI_OK : cli_message_error(&err);
}
