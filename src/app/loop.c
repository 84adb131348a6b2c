#include "app/loop.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "latentscape/core/clock.h"

#include "app/action.h"
#include "app/choice.h"
#include "app/export.h"
#include "app/frame.h"
#include "app/script.h"
#include "app/session.h"
#include "app/signals.h"
#include "app/store.h"
#include "app/teach.h"
#include "app/trace.h"

static const double frame_s = 1.0 / 60.0;

/* How long a frame waits at most for a worker to stand aside. */
static const double borrow_s = 0.003;

static const double account_s = 1.0; /* over which shares of time are told */

/* A paused, untouched window looks at the world this often. */
static const double idle_s = 0.25;

static void host_act(void *app, const char *name)
{
    const AppAction *action = app_action_find(name);
    if (action) {
        action->run(app, action->argument);
    }
}

static const ViewAction *host_action(void *app, const char *name)
{
    (void)app;
    const AppAction *action = app_action_find(name);
    return action ? &action->shown : NULL;
}

static void host_edit(void *app, const LsTrainSettings *settings, bool done)
{
    app_session_edit(app, settings, done);
}

static bool open_all(App *app, LsError *err)
{
    const AppOptions *options = &app->options;
    const UiOptions window = {.title = "Latentscape",
                              .width = options->width,
                              .height = options->height,
                              .offscreen = options->offscreen != NULL};
    if (options->trace && !(app->trace = app_trace_create(options->trace, err))) {
        return false;
    }
    /* The trainer's threads start before the window's, and inherit no priority from it. */
    if (!app_session_open(app, err) || !(app->saver = app_saver_create(err)) ||
        !(app->ui = ui_create(&window, err))) {
        return false;
    }
    if (options->script && !(app->script = app_script_create(options->script, err))) {
        return false;
    }
    app->signals = app_signals_create(err);
    app->view.ui = app->ui;
    app->view.host = (ViewHost){app, host_act, host_action, host_edit};
    return app->signals && app_frame_create(app, err) &&
           (!options->lesson || app_teach_open(app, options->lesson, err));
}

static void close_all(App *app)
{
    LsError err;
    app_frame_destroy(app);
    ui_browser_finish(&app->browser);
    app_script_destroy(app->script);
    app_teach_close(app);
    app_session_close(app);
    app_saver_destroy(app->saver);
    app_signals_destroy(app->signals); /* it speaks to SDL, which ends with the window */
    ui_destroy(app->ui);
    if (!app_trace_destroy(app->trace, &err)) {
        fprintf(stderr, "latentscape: %s\n", err.text);
        app->status = 1;
    }
}

/* A lesson, or a model. */
static void open_dropped(App *app, const char *path)
{
    LsError err = {0};
    if (!app_teach_is_lesson(path)) {
        app_export_picked(app, APP_PICK_OPEN, path);
    } else if (!app_teach_open(app, path, &err)) {
        ui_message(app->ui, true, err.text);
    }
}

static void take_event(App *app, const SDL_Event *event)
{
    app->awake = true;
    if (event->type == SDL_QUIT) {
        app->quit = true;
        return;
    }
    const bool taken = ui_event(app->ui, event);
    if (event->type == SDL_DROPFILE) {
        open_dropped(app, event->drop.file);
        SDL_free(event->drop.file);
    } else if (event->type == SDL_KEYDOWN &&
               (!event->key.repeat || (event->key.keysym.mod & KMOD_CTRL))) {
        app_action_key(app, &event->key, taken);
    } else if (event->type == SDL_KEYUP) {
        app_action_key_up(app, &event->key);
    } else if (event->type == SDL_WINDOWEVENT &&
               event->window.event == SDL_WINDOWEVENT_FOCUS_LOST) {
        app_action_key_up(app, NULL); /* nobody will tell that a key was let go */
    }
}

/* Once a second: what share of it each kind of work took. */
static void account(App *app, double now)
{
    AppSpent *spent = &app->spent;
    const LsSpent *trainer = &app->view.snapshot->spent;
    const double seconds = now - spent->began;
    if (seconds < account_s) {
        return;
    }
    app->view.spent = (ViewSpent){
        .training = (trainer->training - spent->trainer_then.training) / seconds,
        .evaluation = (trainer->evaluation - spent->trainer_then.evaluation) / seconds,
        .measuring = (trainer->measuring - spent->trainer_then.measuring) / seconds,
        .publishing = (trainer->publishing - spent->trainer_then.publishing) / seconds,
        .decoding = (spent->decoding_s - spent->decoding_then) / seconds,
        .drawing = (spent->drawing_s - spent->drawing_then) / seconds,
    };
    spent->began = now;
    spent->trainer_then = *trainer;
    spent->decoding_then = spent->decoding_s;
    spent->drawing_then = spent->drawing_s;
}

static void measure_frame(App *app, double interval)
{
    const double work = ls_clock_now() - app->frame_began;
    app->frame_ms = work * 1000;
    if (interval < 0.1) {
        const double rate = 1 / interval;
        app->view.frames_per_s +=
            (app->view.frames_per_s > 0 ? 0.05 : 1) * (rate - app->view.frames_per_s);
    }
}

static bool take_pictures(App *app, LsError *err)
{
    if (!app->shot_path[0] || app->shot_later) {
        app->awake = app->awake || app->shot_later;
        app->shot_later = false;
        return true;
    }
    char path[LS_PATH_MAX];
    memcpy(path, app->shot_path, sizeof path);
    app->shot_path[0] = '\0';
    const bool plots = app->shot_plots;
    app->shot_plots = false;
    return plots ? app_export_plots(app, path, err) : app_export_window(app, path, err);
}

/* A minimized window needs no frames: the trainer has the processor. Coming back is an event. */
static bool unseen(const App *app)
{
    return !app->options.offscreen && !app->shot_path[0] && !app->script &&
           (SDL_GetWindowFlags(ui_sdl_window(app->ui)) & SDL_WINDOW_MINIMIZED) != 0;
}

/* One frame, drawn only where something happened. */
static void frame(App *app)
{
    const double now = ls_clock_now();
    const double interval = now - app->frame_began;
    app->late_ms = app->frame_due > 0 && now > app->frame_due ? (now - app->frame_due) * 1000 : 0;
    app->frame_began = now;
    app_session_update(app);
    app_store_update(app);
    app_teach_update(app);
    account(app, now);
    const double wake = ui_next_wake(app->ui);
    app->awake = app->awake || (wake >= 0 && interval >= wake);
    if ((!app->awake && !app->busy) || unseen(app)) {
        return;
    }
    app->awake = false;
    LsTrainer *lender = app->view.snapshot->training ? app->trainer : NULL;
    if (lender != NULL) {
        ls_trainer_borrow(lender, borrow_s);
    }
    const double began = ls_clock_now();
    const double decoding_before = app->spent.decoding_s;
    ui_begin(app->ui, now);
    app_frame_draw(app);
    ui_end(app->ui);
    if (lender != NULL && (lender == app->trainer || lender == app->fork.trainer)) {
        ls_trainer_return(lender); /* another one has gone, and returned what it lent */
    }
    measure_frame(app, interval);
    app->spent.drawing_s += ls_clock_now() - began - (app->spent.decoding_s - decoding_before);
    if (app->trace) {
        app_trace_frame(app->trace, app);
    }
    LsError err;
    const bool wanted = app->shot_path[0] != '\0' && !app->shot_later;
    if (!take_pictures(app, &err)) {
        ui_message(app->ui, true, err.text);
        if (app->script) {
            fprintf(stderr, "latentscape: %s\n", err.text);
            app->status = 1;
        }
    } else if (wanted && !app->script) {
        ui_message(app->ui, false, "Saved the picture.");
    }
}

/* How long nothing needs to be done if nothing happens. */
static double patience(const App *app)
{
    const bool moving = app->view.snapshot->training || app->awake || app->busy ||
                        app->save_path[0] || app_saver_busy(app->saver) || app->send_settings ||
                        app->view.snapshot->answered < ls_trainer_sent(app->trainer);
    double wait = moving && !unseen(app) ? frame_s : idle_s;
    const double wake = ui_next_wake(app->ui);
    if (wake >= 0) {
        wait = fmin(wait, fmax(wake, frame_s));
    }
    if (app->script) {
        wait = fmin(wait, fmax(app_script_due(app->script) - app->frame_began, frame_s));
    }
    return wait;
}

/* Waits until the next frame is due, taking events as they come; input while idle ends the wait. */
static void wait_for_frame(App *app)
{
    SDL_Event event;
    for (;;) {
        const double due = app->frame_began + patience(app);
        const double now = ls_clock_now();
        app->frame_due = due;
        if (!ui_wait(app->ui, &event, due - now)) {
            if (ls_clock_now() >= due - 0.001) {
                return;
            }
            continue;
        }
        take_event(app, &event);
        if (app->quit) {
            return;
        }
    }
}

static void turn(App *app)
{
    app->began = ls_clock_now();
    app->frame_began = app->began - frame_s; /* the first frame is due at once */
    while (!app->quit) {
        if (app->script) {
            app_script_run(app->script, app);
        }
        wait_for_frame(app);
        frame(app);
        if (app->options.seconds > 0 && ls_clock_now() - app->began >= app->options.seconds) {
            app->quit = true;
        }
    }
}

int app_loop_run(const AppOptions *options)
{
    LsError err = {0};
    App *app = calloc(1, sizeof *app);
    if (!app) {
        fputs("latentscape: There is no memory to begin.\n", stderr);
        return 1;
    }
    app->options = *options;
    app->lock = -1;
    app->awake = true;
    app->view.choice = app_choice_make();
    app->view.decoding_s = &app->spent.decoding_s;
    if (!open_all(app, &err)) {
        const bool windowless = err.code == LS_ERR_SYSTEM && !app->ui && !options->offscreen;
        fprintf(stderr, "latentscape: %s%s\n", err.text,
                windowless ? " --offscreen FILE.png draws without one." : "");
        app->status = err.code == LS_ERR_USAGE ? 2 : 1;
    } else {
        app_store_begin(app);
        turn(app);
        app_signals_answer(app->signals);
        if (!options->offscreen) {
            SDL_HideWindow(ui_sdl_window(app->ui)); /* what is left to do needs nobody's eyes */
        }
        if (options->offscreen && !app_export_window(app, options->offscreen, &err)) {
            fprintf(stderr, "latentscape: %s\n", err.text);
            app->status = 1;
        }
        app_store_end(app);
    }
    close_all(app);
    const int status = app->status;
    free(app);
    return status;
}
