/* Starting: how long after the process began the first decoded image is on the screen, and how much
 * memory the program holds once it has trained for a while. */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "latentscape/core/clock.h"

#include "cli/bench_child.h"
#include "cli/bench_measure.h"
#include "cli/bench_part.h"

enum {
    STARTS_LEAST = 3,
    STARTS_MOST = 99
};

static const double limit_ms = 150;
static const double limit_mb = 150;
static const double train_s = 1; /* after which memory is looked at */
static const double patience_s = 30;

/* The pointer moves on until the display has told where its own one is, which would count instead. */
#define MOVES "move 300 300\nmove 301 300\nmove 302 300\nmove 303 300\nmove 304 300\nmove 305 300\n"

static const char look[] = MOVES MOVES "wait-ms 50\n" MOVES "quit\n";
static const char train[] = "move 400 300\naction train.toggle\nwait-ms 600000\nquit\n";

/* Milliseconds from the start of the process to the first frame with a decoded image. */
static double first_image(const CliBenchChild *child)
{
    for (int i = 0; i < child->count; i++) {
        if (child->frame[i].has_image) {
            return (child->frame[i].clock - child->began) * 1000;
        }
    }
    return (double)NAN;
}

/* A real window where there is a display, else one in memory. */
static const char *way(void)
{
    const char *x11 = getenv("DISPLAY"); // NOLINT(concurrency-mt-unsafe): no other thread runs
    return x11 != NULL && *x11 != '\0' ? "software" : NULL;
}

static bool open_once(double *ms, LsError *err)
{
    CliBenchChild child;
    const bool ok =
        cli_bench_child_start(&child, way(), look, err) &&
        (cli_bench_child_wait(&child, patience_s) ||
         ls_fail(err, LS_ERR_SYSTEM, "The window that was to be timed does not end.")) &&
        cli_bench_child_read(&child, err);
    *ms = first_image(&child);
    cli_bench_child_finish(&child);
    return ok && (isfinite(*ms) ||
                  ls_fail(err, LS_ERR_SYSTEM, "The window that was to be timed showed no image."));
}

static bool weigh(double *mb, LsError *err)
{
    CliBenchChild child;
    const bool ok = cli_bench_child_start(&child, way(), train, err);
    if (ok) {
        (void)cli_bench_child_wait(&child, train_s);
        *mb = cli_bench_child_memory(&child) / 1e6;
    }
    cli_bench_child_finish(&child);
    return ok;
}

bool cli_bench_start_run(const CliBench *bench, CliBenchRows *rows, LsError *err)
{
    double ms[STARTS_MOST];
    double mb = 0;
    int starts = 0;
    const double end = ls_clock_now() + bench->seconds;
    while (starts < STARTS_LEAST || (starts < STARTS_MOST && ls_clock_now() < end)) {
        if (!open_once(&ms[starts++], err)) {
            return false;
        }
    }
    if (!weigh(&mb, err)) {
        return false;
    }
    cli_bench_rows_add(rows, "start", "first_image_ms", cli_bench_measure_median(ms, starts), "ms",
                       limit_ms);
    cli_bench_rows_add(rows, "start", "rss_mb", mb, "MB", limit_mb);
    return true;
}
