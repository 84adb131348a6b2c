#include "app/fork.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "latentscape/core/memory.h"

#include "app/app.h"
#include "app/describe.h"
#include "app/frame.h"
#include "app/rescue.h"
#include "app/session.h"
#include "app/teach.h"
#include "ui/tabs.h"

bool app_fork_on(const App *app)
{
    return app->fork.trainer != NULL;
}

bool app_fork_shows_b(const App *app)
{
    return app_fork_on(app) && app->fork.page == APP_FORK_LOSS_B;
}

/* How many workers a side may use while both train. */
static int half_of_workers(const App *app)
{
    const long all =
        app->options.threads > 0 ? app->options.threads : sysconf(_SC_NPROCESSORS_ONLN);
    return all < 4 ? 1 : (int)(all / 2);
}

static void host_edit_b(void *app, const LsTrainSettings *settings, bool done)
{
    app_fork_edit(app, settings, done);
}

/* --- beginning ---------------------------------------------------------------------------------- */

static void send_to(LsTrainer *trainer, const LsCommand *command)
{
    /* Queues of two trainers at rest: there is room. */
    (void)!ls_trainer_send(trainer, command);
}

/* What B needs besides its trainer. */
static bool make_parts(App *app, LsError *err)
{
    AppFork *fork = &app->fork;
    fork->pace = fork->pace ? fork->pace : ls_pace_create(err);
    fork->panel = fork->panel ? fork->panel : view_loss_panel_create(err);
    fork->compare = fork->compare ? fork->compare : view_compare_create(err);
    fork->history = fork->history ? fork->history : ls_history_create(err);
    fork->branch = fork->branch ? fork->branch : ls_history_create(err);
    return fork->pace && fork->panel && fork->compare && fork->history && fork->branch &&
           app_frame_ready_other(app);
}

/* From A's state, or from one of its past: then B has the way to A before it, and A waits there. */
static void make(App *app, const LsSnapshot *from, uint64_t now, float *own)
{
    AppFork *fork = &app->fork;
    LsError err = {0};
    fork->wanted = false;
    fork->unlike = own != NULL;
    if (!make_parts(app, &err)) {
        ls_memory_free(own);
        ui_message(app->ui, true, err.text[0] ? err.text : "There is no memory for a fork.");
        return;
    }
    fork->now = now;
    fork->own = own;
    fork->making = true;
    app_maker_make(&fork->maker, app->data, from, app->options.threads, ++fork->count << 40);
    app->awake = true;
}

/* What the fork has held up. */
static void go_on(App *app)
{
    AppFork *fork = &app->fork;
    if (fork->training) {
        app_session_send(app, LS_COMMAND_TRAIN);
    }
    for (; fork->steps > 0; fork->steps--) {
        app_session_send(app, LS_COMMAND_STEP);
    }
}

/* B's trainer is there. */
static void begin(App *app)
{
    AppFork *fork = &app->fork;
    const LsSnapshot *from = &fork->maker.from;
    const uint64_t now = fork->now;
    fork->making = false;
    fork->trainer = fork->maker.trainer;
    fork->maker.trainer = NULL;
    ls_memory_free(fork->own);
    fork->own = NULL;
    if (!fork->trainer) {
        ui_message(app->ui, true, fork->maker.error.text);
        go_on(app);
        return;
    }
    app->past.shown = false;
    ls_history_copy(fork->history, app->history);
    ls_history_branch(fork->branch, app->history, from->step);
    fork->view = app->view;
    if (from->step < now || fork->unlike) {
        fork->view.settings = from->settings;
    }
    if (fork->unlike) {
        ls_history_reset(fork->history);
        ls_history_reset(fork->branch);
    }
    app_undo_fork(&app->undo, &fork->view.settings);
    fork->view.host.edit = host_edit_b;
    fork->view.snapshot = ls_trainer_latest(fork->trainer);
    fork->view.history = fork->branch;
    fork->view.whole = fork->history;
    fork->run = (ViewRun){"B", UI_SIDE_B, fork->branch, &fork->view.settings};
    fork->model_id = fork->view.snapshot->model_id;
    fork->step = from->step;
    fork->page = APP_FORK_COMPARE;
    fork->send_settings = true; /* A's may have changed while it was made */
    fork->told_fault = fork->seen_measures = 0;
    ls_history_mark(app->history, from->step, "fork");
    ls_history_mark(fork->history, from->step, "fork");
    ls_pace_begin(fork->pace, now, from->step);
    const LsCommand threads = {.kind = LS_COMMAND_THREADS, .threads = half_of_workers(app)};
    LsTrainer *const side[] = {app->trainer, fork->trainer};
    for (int i = 0; i < 2; i++) {
        send_to(side[i], &threads);
        send_to(side[i], &(LsCommand){.kind = LS_COMMAND_PACE, .pace = fork->pace, .side = i});
    }
    send_to(fork->trainer, &(LsCommand){.kind = LS_COMMAND_LIMIT, .limit = app->view.speed_limit});
    /* Not settled yet: then both find the same one at their first steps. */
    const LsBackendKind backend =
        from->backend != LS_BACKEND_AUTO ? from->backend : app->options.backend;
    send_to(fork->trainer, &(LsCommand){.kind = LS_COMMAND_BACKEND, .backend = backend});
    app_before_forget(&app->before);
    go_on(app);
}

void app_fork_pair(App *app, uint64_t step, const LsSnapshot *b, float *own)
{
    app->fork.training = app->view.training;
    app->fork.steps = 0;
    make(app, b, step, own);
}

bool app_fork_pending(const App *app)
{
    return app->fork.wanted || app->fork.making;
}

bool app_fork_holds(const App *app)
{
    return app->fork.making;
}

void app_fork_plan(App *app, LsCommandKind kind)
{
    AppFork *fork = &app->fork;
    fork->training = kind == LS_COMMAND_TRAIN;
    fork->steps = kind == LS_COMMAND_STEP ? fork->steps + 1 : 0;
    if (!fork->training) {
        app_session_rest(app); /* a fork from the past leaves A at work until then */
    }
    app->awake = true;
}

void app_fork_settle(App *app)
{
    if (app->fork.wanted) {
        app->fork.wanted = false;
        ui_message(app->ui, false, "No fork was made: the model became another one.");
        go_on(app);
    }
    if (app->fork.making) {
        app_maker_wait(&app->fork.maker);
        if (app_maker_poll(&app->fork.maker)) {
            begin(app);
        }
    }
}

void app_fork_begin(App *app)
{
    AppFork *fork = &app->fork;
    if (app_fork_on(app)) {
        ui_message(app->ui, false, "A and B are running: keep one of them first.");
        return;
    }
    if (app_fork_pending(app)) {
        return;
    }
    fork->steps = 0;
    if (app->past.shown) {
        fork->training = app->view.training;
        make(app, &app->past.snapshot, app->view.snapshot->step, NULL);
        return;
    }
    const LsCommand pause = {.kind = LS_COMMAND_PAUSE};
    const LsCommand state = {.kind = LS_COMMAND_STATE};
    fork->training = app->view.training;
    if (!ls_trainer_send(app->trainer, &pause) || !ls_trainer_send(app->trainer, &state)) {
        ui_message(app->ui, true, "The trainer is busy: please try again in a moment.");
        return;
    }
    fork->wanted = true;
    fork->after = ls_trainer_sent(app->trainer);
    app->awake = true;
}

/* --- while it lasts ----------------------------------------------------------------------------- */

void app_fork_send(App *app, const LsCommand *command)
{
    if (app_fork_on(app)) {
        send_to(app->fork.trainer, command);
    }
}

/* Where one side has stopped by itself the other would wait for it for ever: both rest. */
static void rest_together(App *app)
{
    AppFork *fork = &app->fork;
    const LsSnapshot *a = app->view.snapshot;
    const LsSnapshot *b = fork->view.snapshot;
    const bool stopped_b = b->fault.code != LS_OK && fork->told_fault != b->faults;
    if (stopped_b) {
        fork->told_fault = b->faults;
        if (!b->burst || !app_rescue_offer_side(app, 1)) { /* else the strip says it */
            char text[sizeof b->fault.text + 8];
            snprintf(text, sizeof text, "B: %s", b->fault.text);
            ui_message(app->ui, true, text);
        }
    }
    if (stopped_b && app->view.training) { /* as asked: A may not have begun yet */
        app_session_rest(app);
    } else if (a->fault.code != LS_OK && !a->training && b->training &&
               b->answered >= ls_trainer_sent(fork->trainer)) {
        send_to(fork->trainer, &(LsCommand){.kind = LS_COMMAND_PAUSE});
    }
}

/* One side at work would wait for the other for ever, where that has not heard of it: B does as A.
 * And a pause finds the sides some steps apart: the one behind takes these steps too, so that what
 * is looked at is comparable. */
static void even_out(const App *app)
{
    LsTrainer *const side[] = {app->trainer, app->fork.trainer};
    const LsSnapshot *const at[] = {app->view.snapshot, app->fork.view.snapshot};
    for (int i = 0; i < 2; i++) {
        if (at[i]->fault.code != LS_OK || at[i]->answered < ls_trainer_sent(side[i])) {
            return;
        }
    }
    if (at[0]->training != at[1]->training) {
        send_to(side[1],
                &(LsCommand){.kind = at[0]->training ? LS_COMMAND_TRAIN : LS_COMMAND_PAUSE});
        return;
    }
    if (at[0]->training) {
        return;
    }
    for (int i = 0; i < 2; i++) {
        if (at[i]->step < at[1 - i]->step && at[1 - i]->step - at[i]->step <= 2 * LS_PACE_LEAD) {
            send_to(side[i], &(LsCommand){.kind = LS_COMMAND_STEP});
        }
    }
}

static void update(App *app)
{
    AppFork *fork = &app->fork;
    View *view = &fork->view;
    if (fork->send_settings) {
        const LsCommand command = {.kind = LS_COMMAND_SETTINGS, .settings = view->settings};
        fork->send_settings = !ls_trainer_send(fork->trainer, &command);
    }
    view->snapshot = ls_trainer_latest(fork->trainer);
    if (view->snapshot->model_id != fork->model_id) {
        fork->model_id = view->snapshot->model_id;
        ls_history_reset(fork->history);
        ls_history_reset(fork->branch);
    }
    LsMetric metric;
    while (ls_trainer_next_metric(fork->trainer, &metric)) {
        ls_history_add(fork->history, &metric);
        if (metric.step > fork->step || metric.evaluated) {
            ls_history_add(fork->branch, &metric);
        }
    }
    if (view->snapshot->measures.serial != fork->seen_measures) {
        fork->seen_measures = view->snapshot->measures.serial;
        if (fork->seen_measures > 0) {
            ls_history_add_measures(fork->history, &view->snapshot->measures);
            ls_history_add_measures(fork->branch, &view->snapshot->measures);
        }
    }
    if (view->snapshot->serial != fork->seen_serial) {
        fork->seen_serial = view->snapshot->serial;
        app->awake = true;
    }
    rest_together(app); /* in any frame: one that waits for the other has no newer snapshot */
    even_out(app);
    app_describe_side(&app->view.settings, &view->settings, fork->text[0], sizeof fork->text[0]);
    app_describe_side(&view->settings, &app->view.settings, fork->text[1], sizeof fork->text[1]);
    app->view.side = (ViewSide){"A", UI_SIDE_A, fork->text[0], false};
    view->side = (ViewSide){"B", UI_SIDE_B, fork->text[1], true};
    app->view.runs = &fork->run;
    app->view.run_count = 1;
    view->can_undo = app->view.can_undo;
    view->can_redo = app->view.can_redo;
    view->training = app->view.training;
    view->speed_limit = app->view.speed_limit;
    view->images_per_s = app->view.images_per_s;
}

void app_fork_update(App *app)
{
    AppFork *fork = &app->fork;
    const LsSnapshot *snapshot = app->view.snapshot;
    if (fork->wanted && snapshot->answered >= fork->after && snapshot->m) {
        make(app, snapshot, snapshot->step, NULL);
    }
    if (app_maker_poll(&fork->maker)) {
        begin(app);
    }
    if (app_fork_on(app)) {
        update(app);
    }
}

static void mark(AppFork *fork, const LsTrainSettings *from, const LsTrainSettings *to)
{
    app_session_mark(fork->history, fork->view.snapshot->step, from, to);
    app_session_mark(fork->branch, fork->view.snapshot->step, from, to);
}

static void change(App *app, const LsTrainSettings *to)
{
    app->fork.view.settings = *to;
    app->fork.send_settings = true;
    app->awake = true;
}

void app_fork_edit(App *app, const LsTrainSettings *settings, bool done)
{
    AppFork *fork = &app->fork;
    if (app_describe_structural(&fork->view.settings, settings)) {
        ui_message(app->ui, false, "A and B share one model: keep one of them first.");
        return;
    }
    change(app, settings);
    if (done) {
        mark(fork, app_undo_present(&app->undo, 1), settings);
        app_undo_push(&app->undo, 1, settings);
    }
}

void app_fork_restore(App *app, const LsTrainSettings *settings)
{
    AppFork *fork = &app->fork;
    mark(fork, &fork->view.settings, settings);
    change(app, settings);
}

void app_fork_reset(App *app)
{
    AppFork *fork = &app->fork;
    if (app_fork_on(app)) {
        fork->view.settings.seed = app->view.settings.seed;
        fork->step = 0;
        ls_pace_begin(fork->pace, 0, 0);
        send_to(fork->trainer,
                &(LsCommand){.kind = LS_COMMAND_RESET, .settings = fork->view.settings});
    }
}

/* --- ending ------------------------------------------------------------------------------------- */

/* B and what belongs to it in A's place. What is on the screen of it stays. */
static void put_b_first(App *app)
{
    AppFork *fork = &app->fork;
    LsTrainer *const trainer = app->trainer;
    LsHistory *const history = app->history;
    app->trainer = fork->trainer;
    fork->trainer = trainer;
    app->history = fork->history;
    fork->history = history;
    app->view.history = app->history;
    app->view.snapshot = ls_trainer_latest(app->trainer);
    app->view.settings = fork->view.settings;
    app->send_settings = fork->send_settings;
    app->model_id = fork->model_id;
    app->told_fault = fork->told_fault;
    app->seen_measures = fork->seen_measures;
    app->asked_number = 0;                         /* what its snapshot says counts */
    app->saved_step = app->kept_step = UINT64_MAX; /* it is in no file */
    app_frame_swap_other(app);
}

void app_fork_keep(App *app, int side)
{
    AppFork *fork = &app->fork;
    if (!app_fork_on(app)) {
        ui_message(app->ui, false, "There is no fork: nothing to choose from.");
        return;
    }
    if (side == 1 && app->save_path[0]) {
        ui_message(app->ui, true, "A is being saved just now: please try again in a moment.");
        return;
    }
    ls_pace_end(fork->pace);
    if (side == 1) {
        app_runs_keep(app, app->view.snapshot, &app->view.settings, "B was kept");
    } else {
        app_runs_keep(app, fork->view.snapshot, &fork->view.settings, "A was kept");
    }
    if (side == 1) {
        put_b_first(app);
    }
    app_undo_keep(&app->undo, side);
    app_maker_end(&fork->maker, fork->trainer);
    fork->trainer = NULL;
    send_to(app->trainer, &(LsCommand){.kind = LS_COMMAND_THREADS});
    app->view.side = (ViewSide){0};
    app->view.runs = NULL;
    app->view.run_count = 0;
    ls_history_mark(app->history, app->view.snapshot->step, side == 1 ? "kept B" : "kept A");
    app->awake = true;
}

void app_fork_finish(App *app)
{
    AppFork *fork = &app->fork;
    app_maker_wait(&fork->maker); /* before the trainers' pace and data go */
    if (app_maker_poll(&fork->maker)) {
        ls_trainer_destroy(fork->maker.trainer);
    }
    ls_memory_free(fork->own);
    ls_trainer_destroy(fork->trainer);
    fork->trainer = NULL;
    ls_history_destroy(fork->history);
    ls_history_destroy(fork->branch);
    view_loss_panel_destroy(fork->panel);
    view_compare_destroy(fork->compare);
    *fork = (AppFork){.pace = fork->pace}; /* A's trainer knows it */
}

/* --- drawing ------------------------------------------------------------------------------------ */

void app_fork_show(App *app, AppForkPage page)
{
    AppFork *fork = &app->fork;
    const bool again = page == APP_FORK_LOSS_A && fork->page == APP_FORK_LOSS_A;
    fork->page = again ? APP_FORK_LOSS_B : (int)page;
}

void app_fork_draw_panel(App *app, UiRect row, UiRect rect)
{
    static const UiTab tabs[APP_FORK_PAGES] = {
        {"fork.compare", "Compare", NULL, "What differs between A and B, and what comes of it."},
        {"fork.loss_a", "Loss A", NULL, "The loss that A is trained with."},
        {"fork.loss_b", "Loss B", NULL, "The loss that B is trained with."},
        {"fork.runs", "Runs", NULL, "Every run of this session."},
        {"fork.lesson", "Lesson", NULL, "The guided lessons: A is the model they speak of."},
    };
    AppFork *fork = &app->fork;
    const int picked = ui_tabs(app->ui, row, tabs, APP_FORK_PAGES, fork->page);
    fork->page = picked >= 0 ? picked : fork->page;
    if (fork->page == APP_FORK_COMPARE) {
        view_compare_draw(fork->compare, &app->view, &fork->view, rect);
    } else if (fork->page == APP_FORK_LOSS_A) {
        view_loss_panel_draw(app->panel, &app->view, rect);
    } else if (fork->page == APP_FORK_RUNS) {
        app_runs_draw(app, rect);
    } else if (fork->page == APP_FORK_LESSON) {
        app_teach_draw(app, row, rect);
    } else {
        ui_scope(app->ui, "b:");
        view_loss_panel_draw(fork->panel, &fork->view, rect);
        ui_scope(app->ui, NULL);
    }
}
