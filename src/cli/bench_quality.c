/* Time to quality: lines of settings race for so many seconds of training each, over several seeds, and
 * are judged by held-out nats per image (bce + KL at beta 1, whatever they train). */
#include <math.h>
#include <stdio.h>

#include "latentscape/core/setting.h"
#include "latentscape/train/run.h"

#include "cli/bench_measure.h"
#include "cli/bench_part.h"
#include "cli/stop.h"

enum {
    SEEDS_MOST = 32,
    MARKS = 2
};

static const double evaluate_s = 0.25;                  /* of training, between two looks */
static const double marks[MARKS] = {155, 150};          /* nats held out */
static const char *const mark_names[] = {"155", "150"}; /* as rows tell them */

/* What one line of settings came to, by seed. */
typedef struct Racer {
    double nats[SEEDS_MOST], images[SEEDS_MOST];
    double reached[MARKS][SEEDS_MOST]; /* training seconds; infinite: not in this race */
} Racer;

static bool race(const CliBench *bench, const LsTrainSettings *settings, int seed, Racer *racer,
                 LsError *err)
{
    LsRun *run = ls_run_create(bench->data, settings, 0, err);
    if (run == NULL) {
        return false;
    }
    LsMetric metric = {0};
    double due = evaluate_s;
    for (int i = 0; i < MARKS; i++) {
        racer->reached[i][seed] = (double)INFINITY;
    }
    for (bool going = true; going;) {
        ls_run_step(run, &metric);
        going = metric.seconds < bench->seconds && !cli_stop_asked() && !ls_run_fault(&metric);
        if (going && metric.seconds < due) {
            continue;
        }
        due = metric.seconds + evaluate_s;
        ls_run_evaluate(run, &metric);
        for (int i = 0; i < MARKS; i++) {
            if (-metric.heldout_elbo <= marks[i] && isinf(racer->reached[i][seed])) {
                racer->reached[i][seed] = metric.seconds;
            }
        }
    }
    racer->nats[seed] = -metric.heldout_elbo;
    racer->images[seed] = (double)metric.images;
    ls_run_destroy(run);
    return true;
}

static double mean(const double *values, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++) {
        sum += values[i] / n;
    }
    return sum;
}

static void add_rows(CliBenchRows *rows, const char *line, Racer *racer, int seeds)
{
    char name[CLI_BENCH_NAME];
    const char *shown = line[0] != '\0' ? line : "defaults";
    snprintf(name, sizeof name, "%.70s/nats", shown);
    cli_bench_rows_add(rows, "quality", name, mean(racer->nats, seeds), "nats", (double)NAN);
    snprintf(name, sizeof name, "%.70s/worst_nats", shown);
    cli_bench_rows_add(rows, "quality", name, cli_bench_measure_quantile(racer->nats, seeds, 1),
                       "nats", (double)NAN);
    snprintf(name, sizeof name, "%.70s/images", shown);
    cli_bench_rows_add(rows, "quality", name, mean(racer->images, seeds), "images", (double)NAN);
    for (int i = 0; i < MARKS; i++) {
        snprintf(name, sizeof name, "%.70s/until_%s", shown, mark_names[i]);
        cli_bench_rows_add(rows, "quality", name, mean(racer->reached[i], seeds), "s", (double)NAN);
    }
}

bool cli_bench_quality_run(const CliBench *bench, CliBenchRows *rows, LsError *err)
{
    const int lines = bench->race->count > 0 ? bench->race->count : 1;
    const int seeds = bench->seeds < SEEDS_MOST ? bench->seeds : SEEDS_MOST;
    for (int i = 0; i < lines; i++) {
        const char *line = bench->race->count > 0 ? bench->race->word[i] : "";
        LsTrainSettings settings = ls_train_settings_make();
        if (!ls_setting_apply(ls_train_settings_table(), line, sizeof settings, &settings, err)) {
            return false;
        }
        Racer racer;
        for (int seed = 0; seed < seeds; seed++) {
            settings.seed = (uint64_t)seed + 1;
            if (!race(bench, &settings, seed, &racer, err)) {
                return false;
            }
            if (cli_stop_asked()) {
                return true; /* a race that was broken off tells nothing */
            }
        }
        add_rows(rows, line, &racer, seeds);
    }
    return true;
}
