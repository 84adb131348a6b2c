/* The window at work: how long its frames take while a mouse drags across the map and the model learns
 * on all processors, and how much of its windowless speed training keeps. The two take turns, one held
 * while the other trains, so that what changes on the machine in the meantime is the same for both. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"

#include "cli/bench_alone.h"
#include "cli/bench_child.h"
#include "cli/bench_measure.h"
#include "cli/bench_neighbour.h"
#include "cli/bench_part.h"
#include "cli/stop.h"

enum {
    PAIRS_LEAST = 3,
    PAIRS_MOST = 100,
    SCRIPT = 32768,
    FRAMES_MOST = 200000,
    NAME = 40
};

static const double pair_s = 2;   /* a turn of each */
static const double skip_s = 0.1; /* at the beginning of a turn */
static const double warm_s = 1.5; /* of training before the first turn: first measurings are over */
static const double other_share =
    0.25; /* of the time, for the frames beside a neighbour and of a fork */
static const double other_least_s = 1;
static const double fork_s = 2;         /* more than it takes to begin one */
static const double settle_s = 0.4;     /* what is left out at each beginning */
static const double drag_s = 21.0 / 60; /* of a script's drag */
static const double start_s = 20;       /* more than any window takes to open */
static const double due_ms = 1000.0 / 60;
static const double worst_ms = 50;
static const double idle_s = 3;        /* of looking at a window that nobody touches */
static const double look_s = 0.5;      /* between looks at whether it is at rest */
static const double idle_share = 0.02; /* of one processor */

/* A turn in which the window was not held, without its beginning, and how fast the trainer without a
 * window was in the turn beside it. */
typedef struct Turn {
    double from, to; /* clock */
    double without;  /* images/s */
} Turn;

/* What was measured of one renderer. */
typedef struct Window {
    const char *renderer; /* of SDL; NULL: drawn in memory */
    char name[NAME];
    Turn turn[PAIRS_MOST];
    int turns;
    double with, without, share; /* images/s, medians; the median of the turns' ratios */
    double *frame_ms;            /* [FRAMES_MOST] */
    int frames;
    double p99_ms, in_time; /* the same beside a neighbour that keeps a processor busy */
    double fork_p99_ms;     /* the same while a fork trains both sides */
    double idle;            /* processors in use while paused and untouched */
    bool missing;           /* the machine has no such renderer */
} Window;

static void sleep_s(double seconds)
{
    const struct timespec pause = {.tv_sec = (time_t)seconds,
                                   .tv_nsec = (long)(fmod(seconds, 1) * 1e9)};
    (void)nanosleep(&pause, NULL);
}

/* Back and forth over the map, button held, while the model learns from fresh weights; forked: while both
 * sides of a fork do, over the left one's map. */
static void write_script(double seconds, bool forked, char *out, size_t size)
{
    static const char *const paths[2][2] = {{"drag 120 200 560 460", "drag 560 300 140 420"},
                                            {"drag 120 200 400 460", "drag 400 300 140 420"}};
    int used = snprintf(out, size,
                        "move 120 200\nwait-ms 100\naction train.reset\n"
                        "action train.toggle\nwait-steps 1\nwait-ms %d\n%s",
                        (int)(settle_s * 1000), forked ? "action fork.begin\n" : "");
    const int drags = (int)ceil(seconds / drag_s);
    for (int i = 0; i < drags && (size_t)used + 64 < size; i++) {
        used += snprintf(out + used, size - (size_t)used, "%s\n", paths[forked][i % 2]);
    }
    snprintf(out + used, size - (size_t)used, "quit\n");
}

/* The first frame in which the model learned that the script begins with. The shipped one has steps of its
 * own: training begins where they fall back. */
static int first_learning(const CliBenchChild *child)
{
    int first = child->count;
    for (int i = 1; i < child->count; i++) {
        if (child->frame[i].step < child->frame[i - 1].step) {
            first = i;
        }
    }
    while (first < child->count && !(child->frame[first].step > 0)) {
        first++;
    }
    return first;
}

static void add_frame(Window *window, const CliBenchFrame *frame)
{
    if (window->frames < FRAMES_MOST) {
        window->frame_ms[window->frames++] = frame->work_ms;
    }
}

/* SDL falls back on another renderer where it does not have the one asked for. */
static void name_renderer(Window *window, const CliBenchChild *child)
{
    window->missing = window->renderer != NULL && strcmp(child->renderer, window->renderer) != 0;
    snprintf(window->name, sizeof window->name, "%s", child->renderer);
}

/* --- taking turns ------------------------------------------------------------------------------- */

static bool ended(LsError *err)
{
    return ls_fail(err, LS_ERR_SYSTEM, "The window that was to be measured did not stay.");
}

/* Waits until the window's model learns, or it turns out that there is no such renderer. */
static bool await_learning(Window *window, CliBenchChild *child, LsError *err)
{
    const double limit = ls_clock_now() + start_s;
    do {
        if (cli_bench_child_wait(child, skip_s) || ls_clock_now() > limit) {
            return ended(err);
        }
        if (!cli_bench_child_read(child, err)) {
            return false;
        }
    } while (first_learning(child) == child->count);
    name_renderer(window, child);
    return true;
}

/* The window goes on for so many seconds. */
static bool turn_with(CliBenchChild *child, double seconds, Turn *turn, LsError *err)
{
    cli_bench_child_hold(child, false);
    turn->from = ls_clock_now() + skip_s;
    if (cli_bench_child_wait(child, skip_s + seconds)) {
        return ended(err);
    }
    turn->to = ls_clock_now();
    cli_bench_child_hold(child, true);
    return true;
}

static void turn_without(const CliBenchAlone *alone, double seconds, Turn *turn)
{
    cli_bench_alone_hold(alone, false);
    sleep_s(skip_s);
    const CliBenchMark from = cli_bench_alone_read(alone);
    sleep_s(seconds);
    const CliBenchMark to = cli_bench_alone_read(alone);
    cli_bench_alone_hold(alone, true);
    turn->without = (to.images - from.images) / (to.clock - from.clock);
}

/* Both train for a while, then in turn: there and back again. */
static bool alternate(Window *window, const CliBench *bench, CliBenchChild *child,
                      CliBenchAlone *alone, double seconds, LsError *err)
{
    sleep_s(warm_s);
    cli_bench_child_hold(child, true);
    if (!cli_bench_alone_start(alone, bench->data, start_s, err)) {
        return false;
    }
    sleep_s(warm_s);
    cli_bench_alone_hold(alone, true);
    bool ok = true;
    for (int i = 0; i < window->turns && ok && !cli_stop_asked(); i++) {
        const bool back = i % 2 != 0;
        if (back) {
            turn_without(alone, seconds, &window->turn[i]);
        }
        ok = turn_with(child, seconds, &window->turn[i], err);
        if (ok && !back) {
            turn_without(alone, seconds, &window->turn[i]);
        }
    }
    cli_bench_child_hold(child, false);
    return ok;
}

/* The frames of the turns, each of which was drawn within one. */
static void take_turns_frames(Window *window, const CliBenchChild *child, int batch)
{
    double with[PAIRS_MOST], without[PAIRS_MOST], share[PAIRS_MOST];
    int pairs = 0;
    int at = 0;
    for (int i = 0; i < window->turns; i++) {
        const Turn *turn = &window->turn[i];
        while (at < child->count && child->frame[at].clock < turn->from) {
            at++;
        }
        const int first = at;
        for (; at < child->count && child->frame[at].clock <= turn->to; at++) {
            add_frame(window, &child->frame[at]);
        }
        if (at - first > 1) {
            const CliBenchFrame *from = &child->frame[first];
            const CliBenchFrame *to = &child->frame[at - 1];
            with[pairs] = (to->step - from->step) * batch / (to->clock - from->clock);
            without[pairs] = turn->without;
            share[pairs] = with[pairs] / without[pairs];
            pairs++;
        }
    }
    window->with = cli_bench_measure_median(with, pairs);
    window->without = cli_bench_measure_median(without, pairs);
    window->share = cli_bench_measure_median(share, pairs);
}

static bool watch_in_turns(Window *window, const CliBench *bench, LsError *err)
{
    char script[SCRIPT];
    CliBenchChild child;
    CliBenchAlone alone = {0};
    const int wanted = (int)(bench->seconds / pair_s);
    window->turns = wanted < PAIRS_LEAST ? PAIRS_LEAST : wanted > PAIRS_MOST ? PAIRS_MOST : wanted;
    const double seconds = bench->seconds / (2 * window->turns);
    /* It is ended before its script is. */
    write_script(2 * (start_s + window->turns * (skip_s + seconds)), false, script, sizeof script);
    bool ok = cli_bench_child_start(&child, window->renderer, script, err) &&
              await_learning(window, &child, err);
    if (ok && !window->missing) {
        ok = alternate(window, bench, &child, &alone, seconds, err) &&
             cli_bench_child_read(&child, err);
        take_turns_frames(window, &child, bench->batch);
    }
    cli_bench_alone_finish(&alone);
    cli_bench_child_finish(&child);
    return ok;
}

/* --- frames alone ------------------------------------------------------------------------------- */

/* Frames of a window for so many seconds, from when training, of a fork that of both sides, was under way. */
static bool watch(Window *window, double seconds, bool forked, LsError *err)
{
    char script[SCRIPT];
    write_script(seconds + (forked ? fork_s : 0), forked, script, sizeof script);
    CliBenchChild child;
    bool ok = cli_bench_child_start(&child, window->renderer, script, err);
    if (ok) {
        ok = (cli_bench_child_wait(&child, start_s + 4 * seconds) && child.status == 0) ||
             ls_fail(err, LS_ERR_SYSTEM, "The window that was to be measured did not end well.");
    }
    ok = ok && cli_bench_child_read(&child, err);
    int first = ok ? first_learning(&child) : 0;
    while (ok && forked && first < child.count && !child.frame[first].forked) {
        first++;
    }
    const double begin = ok && first < child.count ? child.frame[first].clock + settle_s / 2 : 0;
    for (int i = first; ok && i < child.count; i++) {
        if (child.frame[i].clock >= begin) {
            add_frame(window, &child.frame[i]);
        }
    }
    cli_bench_child_finish(&child);
    return ok;
}

/* The share of frames shown before the next one is due. */
static double in_time(const Window *window)
{
    int late = 0;
    for (int i = 0; i < window->frames; i++) {
        late += window->frame_ms[i] > due_ms;
    }
    return window->frames > 0 ? 1 - (double)late / window->frames : (double)NAN;
}

/* Frames beside a busy neighbour, and of a fork. */
static bool watch_others(Window *window, double seconds, LsError *err)
{
    Window other = {.renderer = window->renderer, .frame_ms = window->frame_ms};
    const pid_t neighbour = cli_bench_neighbour_start(err);
    bool ok = neighbour != 0 && watch(&other, seconds, false, err);
    cli_bench_neighbour_end(neighbour);
    window->in_time = in_time(&other);
    window->p99_ms = cli_bench_measure_quantile(other.frame_ms, other.frames, 0.99);
    other.frames = 0;
    ok = ok && watch(&other, seconds, true, err);
    window->fork_p99_ms = cli_bench_measure_quantile(other.frame_ms, other.frames, 0.99);
    return ok;
}

/* Waits until the model is measured, the last that a window does by itself, and no frame came since the
 * look before. */
static bool come_to_rest(CliBenchChild *child, LsError *err)
{
    const double limit = ls_clock_now() + start_s;
    bool measured = false;
    for (int seen = -1; !measured || child->count != seen;) {
        seen = child->count;
        if (cli_bench_child_wait(child, look_s) || ls_clock_now() > limit) {
            return ls_fail(err, LS_ERR_SYSTEM,
                           "The window that was to be measured did not come to rest.");
        }
        if (!cli_bench_child_read(child, err)) {
            return false;
        }
        for (int i = 0; i < child->count && !measured; i++) {
            measured = child->frame[i].measured;
        }
    }
    return true;
}

/* What a paused window takes that nobody touches: its script has ended. */
static bool watch_idle(Window *window, LsError *err)
{
    CliBenchChild child;
    bool ok = cli_bench_child_start(&child, window->renderer, "move 120 200\n", err) &&
              come_to_rest(&child, err);
    if (ok) {
        const double clock = ls_clock_now();
        const double before = cli_bench_child_processor(&child);
        (void)cli_bench_child_wait(&child, idle_s);
        window->idle = (cli_bench_child_processor(&child) - before) / (ls_clock_now() - clock);
    }
    cli_bench_child_finish(&child);
    return ok;
}

static void add_rows(CliBenchRows *rows, Window *window)
{
    char name[CLI_BENCH_NAME];
    snprintf(name, sizeof name, "%s/p99_ms", window->name);
    cli_bench_rows_add(rows, "window", name,
                       cli_bench_measure_quantile(window->frame_ms, window->frames, 0.99), "ms",
                       due_ms);
    snprintf(name, sizeof name, "%s/max_ms", window->name);
    cli_bench_rows_add(rows, "window", name,
                       cli_bench_measure_quantile(window->frame_ms, window->frames, 1), "ms",
                       worst_ms);
    snprintf(name, sizeof name, "%s/in_time", window->name);
    cli_bench_rows_add(rows, "window", name, in_time(window), "of frames", 1);
    snprintf(name, sizeof name, "%s/training_share", window->name);
    cli_bench_rows_add(rows, "window", name, window->share, "of speed", 1);
    snprintf(name, sizeof name, "%s/training", window->name);
    cli_bench_rows_add(rows, "window", name, window->with, "images/s", window->without);
}

static void add_other_rows(CliBenchRows *rows, const Window *window)
{
    char name[CLI_BENCH_NAME];
    snprintf(name, sizeof name, "%s/neighbour_p99_ms", window->name);
    cli_bench_rows_add(rows, "window", name, window->p99_ms, "ms", due_ms);
    snprintf(name, sizeof name, "%s/neighbour_in_time", window->name);
    cli_bench_rows_add(rows, "window", name, window->in_time, "of frames", 1);
    snprintf(name, sizeof name, "%s/fork_p99_ms", window->name);
    cli_bench_rows_add(rows, "window", name, window->fork_p99_ms, "ms", due_ms);
    snprintf(name, sizeof name, "%s/idle_cpu", window->name);
    cli_bench_rows_add(rows, "window", name, window->idle, "of a core", idle_share);
}

/* One renderer. */
static bool measure(Window *window, const CliBench *bench, CliBenchRows *rows, LsError *err)
{
    window->frame_ms = ls_memory_items(FRAMES_MOST, sizeof *window->frame_ms, err);
    bool ok = window->frame_ms != NULL && watch_in_turns(window, bench, err);
    if (ok && !window->missing && !cli_stop_asked()) {
        add_rows(rows, window);
        ok = watch_others(window, fmax(bench->seconds * other_share, other_least_s), err) &&
             watch_idle(window, err);
        if (ok) {
            add_other_rows(rows, window);
        }
    }
    ls_memory_free(window->frame_ms);
    return ok || cli_stop_asked(); /* which may have ended a window too */
}

static bool has_display(void)
{
    // NOLINTBEGIN(concurrency-mt-unsafe): no other thread runs
    const char *x11 = getenv("DISPLAY");
    const char *wayland = getenv("WAYLAND_DISPLAY");
    // NOLINTEND(concurrency-mt-unsafe)
    return (x11 != NULL && *x11 != '\0') || (wayland != NULL && *wayland != '\0');
}

bool cli_bench_window_run(const CliBench *bench, CliBenchRows *rows, LsError *err)
{
    static const char *const renderers[] = {"opengl", "opengles2", "software"};
    if (!has_display()) {
        Window window = {.renderer = NULL};
        return measure(&window, bench, rows, err);
    }
    for (size_t i = 0; i < LS_COUNT(renderers) && !cli_stop_asked(); i++) {
        Window window = {.renderer = renderers[i]};
        if (!measure(&window, bench, rows, err)) {
            return false;
        }
    }
    return true;
}
