#include "app/past.h"

#include <stdio.h>

#include "latentscape/train/gauge.h"

#include "app/app.h"
#include "views/scrub.h"

/* Bytes of weights: fourteen states of the default model. */
static const size_t memory = (size_t)24 << 20;
static const uint64_t serial_base = (uint64_t)1 << 61;

void app_past_update(App *app)
{
    AppPast *past = &app->past;
    if (!past->timeline) {
        past->timeline = ls_timeline_create(memory, NULL);
    }
    if (!past->timeline) {
        return;
    }
    const LsSnapshot *snapshot = app->view.snapshot;
    if (past->shown && past->snapshot.model_id != snapshot->model_id) {
        past->shown = false; /* it is another model's past */
    }
    if (!past->shown) { /* what is looked at keeps its place among the states */
        ls_timeline_note(past->timeline, snapshot);
    }
}

static void show(App *app, int index)
{
    AppPast *past = &app->past;
    LsError err;
    if (index < 0) {
        past->shown = false;
    } else if (!ls_timeline_open(past->timeline, index, &past->snapshot, &err)) {
        past->shown = false;
        ui_message(app->ui, true, err.text);
    } else {
        past->shown = true;
        past->index = index;
        past->snapshot.serial = serial_base + ++past->serial;
        past->snapshot.training = false; /* it holds still */
    }
    app->awake = true;
}

void app_past_seek(App *app, uint64_t step)
{
    if (app_fork_on(app) || app_fork_pending(app) || !app->past.timeline) {
        return;
    }
    show(app, ls_timeline_nearest(app->past.timeline, step));
}

bool app_past_leave(App *app)
{
    const bool shown = app->past.shown;
    app->past.shown = false;
    app->awake = true;
    return shown;
}

bool app_past_refuses(App *app)
{
    if (app->past.shown) {
        char text[160];
        snprintf(text, sizeof text,
                 "This is the past, step %llu: Esc comes back to now, X goes on from here.",
                 (unsigned long long)app->past.snapshot.step);
        ui_message(app->ui, false, text);
    }
    return app->past.shown;
}

void app_past_begin(App *app)
{
    AppPast *past = &app->past;
    if (past->shown) {
        const LsMeasures *measures = ls_history_measures_at(app->history, past->snapshot.step);
        if (measures != NULL) { /* those of that state may have come after it was kept */
            past->snapshot.measures = *measures;
            ls_gauge_take_gap(&past->snapshot.measures, &past->snapshot.evaluation);
        }
        past->present = app->view;
        app->view.snapshot = &past->snapshot;
        app->view.settings = past->snapshot.settings;
        app->view.past = true;
        past->drawing = true;
    }
}

void app_past_end(App *app)
{
    AppPast *past = &app->past;
    if (past->drawing) {
        app->view.snapshot = past->present.snapshot;
        app->view.settings = past->present.settings;
        app->view.past = false;
        past->drawing = false;
    }
}

void app_past_draw(App *app, UiRect rect)
{
    AppPast *past = &app->past;
    if (app_fork_on(app) || app_fork_pending(app) || !past->timeline) {
        return;
    }
    const ViewScrub scrub =
        view_scrub_draw(&app->view, rect, past->timeline, past->shown ? past->index : -1);
    if (scrub.changed) {
        show(app, scrub.index);
    }
}

void app_past_finish(App *app)
{
    ls_timeline_destroy(app->past.timeline);
    app->past = (AppPast){0};
}
