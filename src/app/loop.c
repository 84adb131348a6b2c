#include "app/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "latentscape/core/clock.h"

#include "app/action.h"
#include "app/choice.h"
#include "app/dialogs.h"
#include "app/export.h"
#include "app/layout.h"
#include "app/script.h"
#include "app/session.h"
#include "app/signals.h"
#include "app/store.h"
#include "app/trace.h"
#include "views/status.h"
#include "views/topbar.h"

static const double frame_s = 1.0 / 60.0;

/* How long views may decode in a frame; the rest is for drawing and for the unforeseen. While the model
 * learns every millisecond here is taken from it, and there is a newer snapshot soon anyway. */
static const double decode_s = 0.008;
static const double decode_training_s = 0.003;

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

static bool create_views(App *app, LsError *err)
{
    app->map = view_map_create(err);
    app->cursor = app->map ? view_cursor_create(err) : NULL;
    app->samples = app->cursor ? view_samples_create(err) : NULL;
    app->reconstructions = app->samples ? view_reconstructions_create(err) : NULL;
    app->curves = app->reconstructions ? view_curves_create(err) : NULL;
    app->panel = app->curves ? view_loss_panel_create(err) : NULL;
    return app->panel != NULL;
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
    return app->signals && create_views(app, err);
}

static void close_all(App *app)
{
    LsError err;
    view_loss_panel_destroy(app->panel);
    view_curves_destroy(app->curves);
    view_reconstructions_destroy(app->reconstructions);
    view_samples_destroy(app->samples);
    view_cursor_destroy(app->cursor);
    view_map_destroy(app->map);
    ui_browser_finish(&app->browser);
    app_script_destroy(app->script);
    app_session_close(app);
    app_saver_destroy(app->saver);
    app_signals_destroy(app->signals); /* it speaks to SDL, which ends with the window */
    ui_destroy(app->ui);
    if (!app_trace_destroy(app->trace, &err)) {
        fprintf(stderr, "latentscape: %s\n", err.text);
        app->status = 1;
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
        app_export_picked(app, APP_PICK_OPEN, event->drop.file);
        SDL_free(event->drop.file);
    } else if (event->type == SDL_KEYDOWN &&
               (!event->key.repeat || (event->key.keysym.mod & KMOD_CTRL))) {
        app_action_key(app, &event->key, taken);
    }
}

static void draw_dialogs(App *app)
{
    size_t count = 0;
    const AppAction *rows = app_action_rows(&count);
    ViewAction shown[64];
    count = count < LS_COUNT(shown) ? count : LS_COUNT(shown);
    for (size_t i = 0; i < count; i++) {
        shown[i] = rows[i].shown;
    }
    app_dialogs_draw(app, shown, count);
}

static void draw(App *app)
{
    Ui *ui = app->ui;
    View *view = &app->view;
    const UiRect window = ui_bounds(ui);
    const AppLayout layout = app_layout_make(window);
    ui_draw_rect(ui, window, UI_GROUND);
    view_topbar_draw(view, layout.topbar);
    /* The map first: it says where the pointer is, and the cursor's image follows in this frame. */
    view->decode_until = ls_clock_now() + (view->snapshot->training ? decode_training_s : decode_s);
    view_map_draw(app->map, view, layout.map);
    view_cursor_draw(app->cursor, view, layout.cursor, view_map_codes(app->map));
    view_samples_draw(app->samples, view, layout.samples);
    view_reconstructions_draw(app->reconstructions, view, layout.reconstructions);
    view_loss_panel_draw(app->panel, view, layout.panel);
    view_curves_draw(app->curves, view, layout.curves);
    draw_dialogs(app);
    view_status_draw(view, layout.status);
    /* What is left of the budget refreshes the map; it shows in this frame all the same. */
    app->busy = view_map_work(app->map, view) || view_samples_busy(app->samples) ||
                view_reconstructions_busy(app->reconstructions);
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
    if (!app->shot_path[0]) {
        return true;
    }
    char path[LS_PATH_MAX];
    memcpy(path, app->shot_path, sizeof path);
    app->shot_path[0] = '\0';
    return app_export_window(app, path, err);
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
    const double wake = ui_next_wake(app->ui);
    app->awake = app->awake || (wake >= 0 && interval >= wake);
    if ((!app->awake && !app->busy) || unseen(app)) {
        return;
    }
    app->awake = false;
    ui_begin(app->ui, now);
    draw(app);
    ui_end(app->ui);
    measure_frame(app, interval);
    if (app->trace) {
        app_trace_frame(app->trace, app);
    }
    LsError err;
    const bool wanted = app->shot_path[0] != '\0';
    if (!take_pictures(app, &err)) {
        ui_message(app->ui, true, err.text);
        if (app->script) {
            fprintf(stderr, "latentscape: %s\n", err.text);
            app->status = 1;
        }
    } else if (wanted && !app->script) {
        ui_message(app->ui, false, "Saved the picture of the window.");
    }
}

/* How long nothing needs to be done if nothing happens. */
static double patience(const App *app)
{
    const bool moving = app->view.snapshot->training || app->awake || app->busy ||
                        app->save_path[0] || app_saver_busy(app->saver) ||
                        (app->script && app_script_running(app->script)) || app->send_settings;
    double wait = moving && !unseen(app) ? frame_s : idle_s;
    const double wake = ui_next_wake(app->ui);
    if (wake >= 0 && wake < wait) {
        wait = wake < frame_s ? frame_s : wake;
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
        const int ms = now < due ? (int)((due - now) * 1000) : 0;
        if (!(ms > 0 ? SDL_WaitEventTimeout(&event, ms) : SDL_PollEvent(&event))) {
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
