/* Time to quality: lines of settings race, for so many seconds of training each or so many images, over
 * several seeds, and are judged by held-out nats per image (bce + KL at beta 1, whatever they train). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/setting.h"
#include "latentscape/train/run.h"

#include "cli/bench_measure.h"
#include "cli/bench_part.h"
#include "cli/stop.h"

enum {
    SEEDS_MOST = 32,
    MARKS = 2,
    STAGES = 8
};

static const double evaluate_s = 0.25;         /* of training, between two looks */
static const double evaluate_images = 15625;   /* the same where images count: stages are met */
static const double marks[MARKS] = {155, 150}; /* nats held out */
static const double stages[STAGES] = {125e3, 250e3, 500e3, 1e6, 2e6, 4e6, 8e6, 16e6}; /* images */

/* What one line of settings came to, by seed. */
typedef struct Racer {
    double nats[SEEDS_MOST], images[SEEDS_MOST], seconds[SEEDS_MOST];
    double reached_s[MARKS][SEEDS_MOST], reached_images[MARKS][SEEDS_MOST]; /* infinite: never */
    double stage[STAGES][SEEDS_MOST]; /* nats; infinite: the race ended before */
} Racer;

static void note(Racer *racer, int seed, const LsMetric *metric)
{
    const double nats = -metric->heldout_elbo, images = (double)metric->images;
    for (int i = 0; i < MARKS; i++) {
        if (nats <= marks[i] && isinf(racer->reached_s[i][seed])) {
            racer->reached_s[i][seed] = metric->seconds;
            racer->reached_images[i][seed] = images;
        }
    }
    for (int i = 0; i < STAGES; i++) {
        if (images >= stages[i] && isinf(racer->stage[i][seed])) {
            racer->stage[i][seed] = nats;
        }
    }
    racer->nats[seed] = nats;
    racer->images[seed] = images;
    racer->seconds[seed] = metric->seconds;
}

static bool race(const CliBench *bench, const LsTrainSettings *settings, int seed, Racer *racer,
                 LsError *err)
{
    LsRun *run = ls_run_create(bench->data, settings, bench->threads, err);
    if (run == NULL || !ls_run_use(run, bench->backend, err)) {
        ls_run_destroy(run);
        return false;
    }
    LsMetric metric = {0};
    const bool by_images = bench->images > 0;
    const double every = by_images ? evaluate_images : evaluate_s;
    const double end = by_images ? bench->images : bench->seconds;
    double due = every;
    for (int i = 0; i < MARKS; i++) {
        racer->reached_s[i][seed] = racer->reached_images[i][seed] = (double)INFINITY;
    }
    for (int i = 0; i < STAGES; i++) {
        racer->stage[i][seed] = (double)INFINITY;
    }
    for (bool going = true; going;) {
        ls_run_step(run, &metric);
        const double now = by_images ? (double)metric.images : metric.seconds;
        going = now < end && !cli_stop_asked() && !ls_run_fault(&metric);
        if (going && now < due) {
            continue;
        }
        due = by_images ? due + every : now + every;
        ls_run_evaluate(run, &metric);
        note(racer, seed, &metric);
    }
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

static void add_row(CliBenchRows *rows, const char *line, const char *what, double value,
                    const char *unit)
{
    char name[CLI_BENCH_NAME];
    snprintf(name, sizeof name, "%.220s/%s", line[0] != '\0' ? line : "defaults", what);
    cli_bench_rows_add(rows, "quality", name, value, unit, (double)NAN);
}

static void add_rows(CliBenchRows *rows, const char *line, Racer *racer, int seeds)
{
    char what[24];
    add_row(rows, line, "nats", mean(racer->nats, seeds), "nats");
    add_row(rows, line, "worst_nats", cli_bench_measure_quantile(racer->nats, seeds, 1), "nats");
    add_row(rows, line, "images", mean(racer->images, seeds), "images");
    add_row(rows, line, "seconds", mean(racer->seconds, seeds), "s");
    for (int i = 0; i < MARKS; i++) {
        snprintf(what, sizeof what, "until_%.0f", marks[i]);
        add_row(rows, line, what, mean(racer->reached_s[i], seeds), "s");
        snprintf(what, sizeof what, "images_until_%.0f", marks[i]);
        add_row(rows, line, what, mean(racer->reached_images[i], seeds), "images");
    }
    for (int i = 0; i < STAGES; i++) {
        const double nats = mean(racer->stage[i], seeds);
        if (isfinite(nats)) {
            snprintf(what, sizeof what, "at_%.0fk", stages[i] / 1e3);
            add_row(rows, line, what, nats, "nats");
        }
    }
}

static void print_figure(double value, int width, int digits)
{
    if (isfinite(value)) {
        printf("%*.*f", width, digits, value);
    } else {
        printf("%*s", width, "-");
    }
}

/* One line of settings as one line of a table: the name of a row would not fit the bench's own. */
static void print_line(const char *line, const Racer *racer, int seeds, bool heading)
{
    if (heading) {
        printf("Held-out nats per image, means of %d seed%s; - was not reached.\n", seeds,
               seeds == 1 ? "" : "s");
        printf("%7s %7s %9s %8s %7s %7s  settings\n", "nats", "worst", "images", "seconds",
               "s < 155", "s < 150");
    }
    double worst = racer->nats[0];
    for (int i = 1; i < seeds; i++) {
        worst = fmax(worst, racer->nats[i]);
    }
    print_figure(mean(racer->nats, seeds), 7, 2);
    print_figure(worst, 8, 2);
    print_figure(mean(racer->images, seeds), 10, 0);
    print_figure(mean(racer->seconds, seeds), 9, 1);
    for (int i = 0; i < MARKS; i++) {
        print_figure(mean(racer->reached_s[i], seeds), 8, 2);
    }
    printf("  %s\n", line[0] != '\0' ? line : "defaults");
    for (int i = 0; i < STAGES; i++) {
        const double nats = mean(racer->stage[i], seeds);
        if (isfinite(nats)) {
            printf("%*s%.2f after %.0fk", i == 0 ? 8 : 2, "", nats, stages[i] / 1e3);
        }
    }
    printf("\n");
    (void)fflush(stdout);
}

/* Whether a line of settings says something about one of them. */
static bool names(const char *line, const char *setting)
{
    const size_t length = strlen(setting);
    for (const char *at = strstr(line, setting); at != NULL; at = strstr(at + 1, setting)) {
        if ((at == line || at[-1] == ' ') && at[length] == '=') {
            return true;
        }
    }
    return false;
}

bool cli_bench_quality_run(const CliBench *bench, CliBenchRows *rows, LsError *err)
{
    const int seeds = bench->seeds < SEEDS_MOST ? bench->seeds : SEEDS_MOST;
    for (int i = 0; i < bench->race->count; i++) {
        const char *line = bench->race->line[i];
        LsTrainSettings settings = ls_train_settings_make();
        if (!ls_setting_apply(ls_train_settings_table(), line, sizeof settings, &settings, err)) {
            return false;
        }
        const double mean_batch = ls_train_settings_batch_mean(&settings);
        if (bench->images > 0 && !names(line, "period")) {
            settings.period = (int)fmin(fmax(ceil(bench->images / mean_batch), 1), 1e9);
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
        if (!bench->quiet) { /* long races are told as they come in */
            print_line(line, &racer, seeds, i == 0);
        }
    }
    return true;
}
