#include "app/runs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"

#include "app/app.h"
#include "app/describe.h"
#include "app/dialogs.h"
#include "app/session.h"

/* --- putting aside ------------------------------------------------------------------------------ */

static void free_run(AppRun *run)
{
    if (run) {
        ls_packed_finish(&run->weights);
        ls_memory_free(run);
    }
}

/* The oldest weights go first, then the oldest run. */
static void make_room(AppRuns *runs)
{
    int weights = 0;
    for (int i = runs->count; i-- > 0;) {
        weights += runs->run[i]->weights.count > 0;
        if (weights >= APP_RUNS_WEIGHTS) {
            ls_packed_finish(&runs->run[i]->weights);
        }
    }
    if (runs->count == APP_RUNS_MOST) {
        free_run(runs->run[0]);
        memmove(&runs->run[0], &runs->run[1], sizeof runs->run[0] * (APP_RUNS_MOST - 1));
        runs->count--;
    }
}

void app_runs_keep(App *app, const LsSnapshot *snapshot, const LsTrainSettings *settings,
                   const char *how)
{
    AppRuns *runs = &app->runs;
    if (!ls_history_last(app->history) ||
        (snapshot->step == runs->kept_step && snapshot->serial == runs->kept_serial)) {
        return;
    }
    AppRun *run = ls_memory_items(1, sizeof *run, NULL);
    if (!run) {
        return; /* a table is worth less than the run that goes on */
    }
    make_room(runs);
    runs->kept_step = snapshot->step;
    runs->kept_serial = snapshot->serial;
    run->head = *snapshot;
    run->head.params = run->head.live = run->head.m = run->head.v = NULL;
    run->head.settings = *settings;
    run->number = ++runs->made;
    app_describe_run(settings, run->what, sizeof run->what);
    snprintf(run->how, sizeof run->how, "%s", how);
    (void)!ls_packed_make(&run->weights, snapshot->params, snapshot->model.param_count, NULL);
    runs->run[runs->count++] = run;
}

void app_runs_finish(App *app)
{
    for (int i = 0; i < app->runs.count; i++) {
        free_run(app->runs.run[i]);
    }
    app->runs = (AppRuns){0};
}

/* --- coming back -------------------------------------------------------------------------------- */

static const AppRun *find(const AppRuns *runs, int number)
{
    for (int i = 0; i < runs->count; i++) {
        if (runs->run[i]->number == number) {
            return runs->run[i];
        }
    }
    return NULL;
}

/* A run's state as a snapshot with weights of its own; the caller frees them. */
static float *open_run(const AppRun *run, LsSnapshot *snapshot)
{
    float *params = run->weights.count > 0 ? ls_memory_floats(run->weights.count, NULL) : NULL;
    *snapshot = run->head;
    if (params) {
        ls_packed_restore(&run->weights, &run->head, params, snapshot);
    }
    return params;
}

static bool restore(App *app, const AppRun *run)
{
    LsSnapshot snapshot;
    LsError err = {0};
    float *params = open_run(run, &snapshot);
    LsCheckpoint *checkpoint = params ? ls_snapshot_checkpoint(&snapshot, &err) : NULL;
    ls_memory_free(params);
    if (!checkpoint) {
        if (run->weights.count == 0) { /* as much of it as there is */
            app_session_apply(app, &run->head.settings, true);
        }
        return false;
    }
    app_runs_keep(app, app->view.snapshot, &app->view.settings, "left");
    return app_session_replace(app, checkpoint, &run->head.settings, run->head.step, "run");
}

/* The first in A's place, and the second beside it. */
static void pair(App *app, const AppRun *a, const AppRun *b)
{
    LsSnapshot snapshot;
    if (app_describe_structural(&a->head.settings, &b->head.settings)) {
        ui_message(app->ui, false, "These two are models of different shapes.");
        return;
    }
    float *params = open_run(b, &snapshot);
    if (!params || a->weights.count == 0) {
        ui_message(app->ui, false, "The weights of one of them are gone.");
    } else if (restore(app, a)) {
        snapshot.model_id = app->view.snapshot->model_id + 1; /* what A's will be */
        app_fork_pair(app, a->head.step, &snapshot, params);
        return;
    }
    ls_memory_free(params);
}

/* --- the table ---------------------------------------------------------------------------------- */

static ViewRunRow row_of(int number, const LsSnapshot *head, const char *what, const char *how,
                         bool kept, UiColor color)
{
    const bool judged = head->evaluation.evaluated;
    return (ViewRunRow){.number = number,
                        .what = what,
                        .how = how,
                        .step = head->step,
                        .elbo = judged ? head->evaluation.heldout_elbo : (double)NAN,
                        .measures = head->measures,
                        .kept = kept,
                        .color = color};
}

/* Those put aside, and those that run. */
static int fill(App *app)
{
    AppRuns *runs = &app->runs;
    int count = 0;
    for (int i = 0; i < runs->count; i++) {
        const AppRun *run = runs->run[i];
        runs->row[count++] =
            row_of(run->number, &run->head, run->what, run->how, run->weights.count > 0, UI_TEXT);
    }
    const bool fork = app_fork_on(app);
    app_describe_run(&app->view.settings, runs->what[0], sizeof runs->what[0]);
    runs->row[count++] = row_of(runs->made + 1, app->view.snapshot, runs->what[0], "now", true,
                                fork ? UI_SIDE_A : UI_ACTION);
    if (fork) {
        app_describe_run(&app->fork.view.settings, runs->what[1], sizeof runs->what[1]);
        runs->row[count++] =
            row_of(runs->made + 2, app->fork.view.snapshot, runs->what[1], "now", true, UI_SIDE_B);
    }
    return count;
}

void app_runs_draw(App *app, UiRect rect)
{
    AppRuns *runs = &app->runs;
    const int count = fill(app);
    const bool can = !app_fork_on(app) && !app_fork_pending(app) && !app->past.shown;
    const ViewRunsWish wish =
        view_runs_table_draw(&runs->table, &app->view, rect, runs->row, count, can);
    const AppRun *first = find(runs, runs->table.chosen[0]);
    const AppRun *second = find(runs, runs->table.chosen[1]);
    if (wish == VIEW_RUNS_EXPORT) {
        app_dialogs_pick(app, APP_PICK_RUNS);
    } else if (wish == VIEW_RUNS_RESTORE && first) {
        (void)restore(app, first);
    } else if (wish == VIEW_RUNS_PAIR && first && second) {
        pair(app, first, second);
    } else if (wish == VIEW_RUNS_PAIR || wish == VIEW_RUNS_RESTORE) {
        ui_message(app->ui, false, "That one is running now: choose runs that were put aside.");
    }
    if (wish == VIEW_RUNS_PAIR || wish == VIEW_RUNS_RESTORE) {
        runs->table.chosen[0] = runs->table.chosen[1] = 0;
    }
}

bool app_runs_save_csv(App *app, const char *path, LsError *err)
{
    AppRuns *runs = &app->runs;
    const int count = fill(app);
    const LsMeasureRow *measures = ls_measure_rows();
    LsFileWriter *writer = ls_file_writer_create(path, err);
    if (!writer) {
        return false;
    }
    ls_file_writer_print(writer, "run,how,steps,heldout_elbo");
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        ls_file_writer_print(writer, ",%s", measures[i].name);
    }
    ls_file_writer_print(writer, ",settings\n");
    for (int i = 0; i < count; i++) {
        const ViewRunRow *row = &runs->row[i];
        char line[LS_SETTING_LINE];
        ls_file_writer_print(writer, "%d,%s,%llu,", row->number, row->how,
                             (unsigned long long)row->step);
        if (isfinite(row->elbo)) {
            ls_file_writer_print(writer, "%.6g", row->elbo);
        }
        for (int m = 0; m < LS_MEASURE_COUNT; m++) {
            const LsMeasureValue *value = &row->measures.value[m];
            ls_file_writer_print(writer, ",");
            if (row->measures.serial > 0 && !value->missing) {
                ls_file_writer_print(writer, "%.6g", value->value);
            }
        }
        const LsTrainSettings *settings = i < runs->count    ? &runs->run[i]->head.settings
                                          : i == runs->count ? &app->view.settings
                                                             : &app->fork.view.settings;
        ls_setting_share(ls_train_settings_table(), settings, line);
        ls_file_writer_print(writer, ",\"%s\"\n", line);
    }
    return ls_file_writer_commit(writer, err);
}
