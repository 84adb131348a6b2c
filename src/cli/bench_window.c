/* The window at work: how long its frames take while a mouse drags across the map and the model learns
 * on all processors, and how much of its windowless speed training keeps. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"
#include "latentscape/train/trainer.h"

#include "cli/bench_child.h"
#include "cli/bench_measure.h"
#include "cli/bench_neighbour.h"
#include "cli/bench_part.h"

enum {
    ROUNDS = 3,
    SCRIPT = 8192,
    FRAMES_MOST = 200000,
    NAME = 40
};

static const double window_share = 0.75; /* of a round; the rest is training without a window */
static const double settle_s = 0.4;      /* what is left out at each beginning */
static const double drag_s = 21.0 / 60;  /* of a script's drag */
static const double start_s = 20;        /* more than any window takes to open */
static const double due_ms = 1000.0 / 60;
static const double worst_ms = 50;
static const double idle_s = 3;        /* of looking at a window that nobody touches */
static const double look_s = 0.5;      /* between looks at whether it is at rest */
static const double idle_share = 0.02; /* of one processor */

/* What was measured of one renderer. */
typedef struct Window {
    const char *renderer; /* of SDL; NULL: drawn in memory */
    char name[NAME];
    double with[ROUNDS], without[ROUNDS]; /* images/s */
    double *frame_ms;                     /* [FRAMES_MOST] */
    int frames;
    double p99_ms, in_time; /* the same beside a neighbour that keeps a processor busy */
    double idle;            /* processors in use while paused and untouched */
    bool missing;           /* the machine has no such renderer */
} Window;

static void sleep_s(double seconds)
{
    const struct timespec pause = {.tv_sec = (time_t)seconds,
                                   .tv_nsec = (long)(fmod(seconds, 1) * 1e9)};
    (void)nanosleep(&pause, NULL);
}

/* Images a second of the same trainer with nobody watching. */
static bool train_alone(const CliBench *bench, double seconds, double *rate, LsError *err)
{
    const LsTrainSettings settings = ls_train_settings_make();
    LsTrainer *trainer = ls_trainer_create(bench->data, &settings, NULL, 0, err);
    if (trainer == NULL) {
        return false;
    }
    const LsCommand backend = {.kind = LS_COMMAND_BACKEND, .backend = LS_BACKEND_AUTO};
    const LsCommand command = {.kind = LS_COMMAND_TRAIN};
    const bool sent = ls_trainer_send(trainer, &backend) && ls_trainer_send(trainer, &command);
    sleep_s(settle_s);
    const double start = ls_clock_now();
    const uint64_t first = ls_trainer_latest(trainer)->images;
    sleep_s(seconds);
    const double end = ls_clock_now();
    const uint64_t last = ls_trainer_latest(trainer)->images;
    ls_trainer_destroy(trainer);
    *rate = (double)(last - first) / (end - start);
    return sent || ls_fail(err, LS_ERR_SYSTEM, "The trainer took no command.");
}

/* Back and forth over the map, button held, while the model learns from fresh weights. */
static void write_script(double seconds, char *out, size_t size)
{
    int used = snprintf(out, size,
                        "move 120 200\nwait-ms 100\naction train.reset\n"
                        "action train.toggle\nwait-ms %d\n",
                        (int)(settle_s * 1000));
    const int drags = (int)ceil(seconds / drag_s);
    for (int i = 0; i < drags && (size_t)used + 64 < size; i++) {
        const char *path = i % 2 == 0 ? "drag 120 200 560 460" : "drag 560 300 140 420";
        used += snprintf(out + used, size - (size_t)used, "%s\n", path);
    }
    snprintf(out + used, size - (size_t)used, "quit\n");
}

/* The frames from when training was under way. */
static void take_frames(Window *window, const CliBenchChild *child, int batch, int round)
{
    int first = 0;
    while (first < child->count && !(child->frame[first].step > 0)) {
        first++;
    }
    /* The shipped model has steps of its own: training begins where they fall back. */
    for (int i = 1; i < child->count; i++) {
        if (child->frame[i].step < child->frame[i - 1].step) {
            first = i;
        }
    }
    const double begin = first < child->count ? child->frame[first].clock + settle_s / 2 : 0;
    while (first < child->count && child->frame[first].clock < begin) {
        first++;
    }
    for (int i = first; i < child->count && window->frames < FRAMES_MOST; i++) {
        window->frame_ms[window->frames++] = child->frame[i].work_ms;
    }
    if (child->count - first > 1) {
        const CliBenchFrame *from = &child->frame[first];
        const CliBenchFrame *to = &child->frame[child->count - 1];
        window->with[round] = (to->step - from->step) * batch / (to->clock - from->clock);
    }
}

static bool watch(Window *window, const CliBench *bench, double seconds, int round, LsError *err)
{
    char script[SCRIPT];
    write_script(seconds, script, sizeof script);
    CliBenchChild child;
    bool ok = cli_bench_child_start(&child, window->renderer, script, err);
    if (ok) {
        ok = (cli_bench_child_wait(&child, start_s + 4 * seconds) && child.status == 0) ||
             ls_fail(err, LS_ERR_SYSTEM, "The window that was to be measured did not end well.");
    }
    ok = ok && cli_bench_child_read(&child, err);
    /* SDL falls back on another renderer where it does not have the one asked for. */
    if (ok && window->renderer != NULL && strcmp(child.renderer, window->renderer) != 0) {
        window->missing = true;
    } else if (ok) {
        snprintf(window->name, sizeof window->name, "%s", child.renderer);
        take_frames(window, &child, bench->batch, round);
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

/* A round beside a busy neighbour. Its frames are counted alone, its training is not. */
static bool watch_beside(Window *window, const CliBench *bench, double seconds, LsError *err)
{
    Window beside = {.renderer = window->renderer, .frame_ms = window->frame_ms};
    const pid_t neighbour = cli_bench_neighbour_start(err);
    const bool ok = neighbour != 0 && watch(&beside, bench, seconds, 0, err);
    cli_bench_neighbour_end(neighbour);
    window->in_time = in_time(&beside);
    window->p99_ms = cli_bench_measure_quantile(beside.frame_ms, beside.frames, 0.99);
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
    const double with = cli_bench_measure_median(window->with, ROUNDS);
    const double without = cli_bench_measure_median(window->without, ROUNDS);
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
    cli_bench_rows_add(rows, "window", name, with / without, "of speed", 1);
    snprintf(name, sizeof name, "%s/training", window->name);
    cli_bench_rows_add(rows, "window", name, with, "images/s", without);
}

static void add_other_rows(CliBenchRows *rows, const Window *window)
{
    char name[CLI_BENCH_NAME];
    snprintf(name, sizeof name, "%s/neighbour_p99_ms", window->name);
    cli_bench_rows_add(rows, "window", name, window->p99_ms, "ms", due_ms);
    snprintf(name, sizeof name, "%s/neighbour_in_time", window->name);
    cli_bench_rows_add(rows, "window", name, window->in_time, "of frames", 1);
    snprintf(name, sizeof name, "%s/idle_cpu", window->name);
    cli_bench_rows_add(rows, "window", name, window->idle, "of a core", idle_share);
}

/* One renderer: windowless and with the window in turn. */
static bool measure(Window *window, const CliBench *bench, CliBenchRows *rows, LsError *err)
{
    const double round_s = bench->seconds / ROUNDS;
    window->frame_ms = ls_memory_items(FRAMES_MOST, sizeof *window->frame_ms, err);
    bool ok = window->frame_ms != NULL;
    for (int i = 0; i < ROUNDS && ok && !window->missing; i++) {
        ok = watch(window, bench, round_s * window_share, i, err) &&
             (window->missing ||
              train_alone(bench, round_s * (1 - window_share), &window->without[i], err));
    }
    if (ok && !window->missing) {
        add_rows(rows, window);
        ok = watch_beside(window, bench, round_s * window_share, err) && watch_idle(window, err);
    }
    if (ok && !window->missing) {
        add_other_rows(rows, window);
    }
    ls_memory_free(window->frame_ms);
    return ok;
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
    for (size_t i = 0; i < LS_COUNT(renderers); i++) {
        Window window = {.renderer = renderers[i]};
        if (!measure(&window, bench, rows, err)) {
            return false;
        }
    }
    return true;
}
