#include "cli/report.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/text.h"

enum {
    BAR_WIDTH = 24
};

static const double bar_every = 0.1; /* seconds */

bool cli_report_open(CliReport *report, const char *json_path, const LsMetric *start, LsError *err)
{
    *report = (CliReport){.start = *start, .last = *start, .json_path = json_path};
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody here changes the environment
    const char *terminal = getenv("TERM");
    report->bar = isatty(STDERR_FILENO) != 0 && isatty(STDOUT_FILENO) != 0 && terminal != NULL &&
                  strcmp(terminal, "dumb") != 0;
    if (json_path != NULL) {
        report->json = strcmp(json_path, "-") == 0 ? stdout : fopen(json_path, "w");
        if (report->json == NULL) {
            return ls_fail(err, LS_ERR_FILE, "%s cannot be written: %s.", json_path,
                           ls_error_describe(errno));
        }
    }
    return true;
}

static double images_per_second(const CliReport *report, const LsMetric *metric)
{
    const double seconds = metric->seconds - report->start.seconds;
    return seconds > 0 ? (double)(metric->images - report->start.images) / seconds : 0;
}

void cli_report_progress(CliReport *report, const LsMetric *state, double done)
{
    const double now = report->bar ? ls_clock_now() : 0;
    if (!report->bar || now - report->bar_at < bar_every) {
        return;
    }
    report->bar_at = now;
    char bar[BAR_WIDTH + 1];
    const int filled = (int)(fmin(fmax(done, 0), 1) * BAR_WIDTH);
    memset(bar, '.', BAR_WIDTH);
    memset(bar, '#', (size_t)filled);
    bar[BAR_WIDTH] = '\0';
    char images[32];
    ls_text_thousands((uint64_t)images_per_second(report, state), images);
    fprintf(stderr, "\r[%s] %3.0f%%  %.1f s  step %" PRIu64 "  %s images/s", bar, 100 * done,
            state->seconds - report->start.seconds, state->step, images);
    if (report->last.evaluated) {
        fprintf(stderr, "  held-out elbo %.2f", report->last.heldout_elbo);
    }
    fprintf(stderr, "\033[K");
    (void)fflush(stderr);
}

void cli_report_number(FILE *file, const char *name, double value, bool first)
{
    char text[32] = "null";
    if (isfinite(value)) {
        ls_text_number(value, text);
    }
    fprintf(file, "%s\"%s\": %s", first ? "" : ", ", name, text);
}

void cli_report_measures(FILE *file, const LsMeasures *measures)
{
    const LsMeasureRow *rows = ls_measure_rows();
    fprintf(file, ", \"measures\": {");
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        const LsMeasureValue *value = &measures->value[i];
        fprintf(file, "%s\"%s\": ", i > 0 ? ", " : "", rows[i].name);
        if (value->missing != NULL) {
            fprintf(file, "null");
            continue;
        }
        fprintf(file, "{");
        cli_report_number(file, "value", value->value, true);
        cli_report_number(file, "error", value->error, false);
        fprintf(file, "}");
    }
    fprintf(file, "}");
}

static void print_values(FILE *file, const char *name, const LsLossValues *values, double elbo)
{
    fprintf(file, ", \"%s\": {", name);
    cli_report_number(file, "rec", values->rec, true);
    cli_report_number(file, "kl", values->kl, false);
    cli_report_number(file, "reg", values->reg, false);
    cli_report_number(file, "elbo", elbo, false);
    fprintf(file, "}");
}

static void print_json(CliReport *report, const LsMetric *metric)
{
    FILE *file = report->json;
    fprintf(file, "{\"step\": %" PRIu64 ", \"images\": %" PRIu64, metric->step, metric->images);
    cli_report_number(file, "seconds", metric->seconds, false);
    cli_report_number(file, "images_per_s", images_per_second(report, metric), false);
    print_values(file, "train", &metric->train, metric->train_elbo);
    print_values(file, "heldout", &metric->heldout, metric->heldout_elbo);
    fprintf(file, "}\n");
    if (fflush(file) != 0) {
        report->json_failed = true; /* told at the end: training is worth more than its log */
    }
}

static void print_line(const CliReport *report, const LsMetric *metric)
{
    printf("%8.1f s %10" PRIu64
           " images %8.0f images/s  held-out rec %8.2f  kl %7.2f  elbo %9.2f\n",
           metric->seconds, metric->images, images_per_second(report, metric), metric->heldout.rec,
           metric->heldout.kl, metric->heldout_elbo);
    (void)fflush(stdout); /* main() finds out whether it arrived */
}

void cli_report_evaluation(CliReport *report, const LsMetric *metric, bool last)
{
    report->last = *metric;
    if (report->json != NULL) {
        print_json(report, metric);
    }
    if (report->json == stdout) {
        return; /* JSON and lines for people do not mix */
    }
    if (last && report->bar) {
        fprintf(stderr, "\r\033[K");
        report->bar = false;
    }
    if (!report->bar && (last || metric->seconds >= report->next_line)) {
        print_line(report, metric);
        /* A line a second at first, then a hundred for each time as long again. */
        report->next_line = metric->seconds + fmax(1, 0.01 * metric->seconds);
    }
}

bool cli_report_close(CliReport *report, LsError *err)
{
    if (report->bar) {
        fprintf(stderr, "\r\033[K");
        report->bar = false;
    }
    if (report->json != NULL && report->json != stdout && fclose(report->json) != 0) {
        report->json_failed = true;
    }
    report->json = NULL;
    if (report->json_failed) {
        return ls_fail(err, LS_ERR_FILE, "%s could not be written to its end.", report->json_path);
    }
    return true;
}
