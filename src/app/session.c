#include "app/session.h"

#include <stdio.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"
#include "latentscape/core/text.h"
#include "latentscape/train/preset.h"

#include "app/describe.h"
#include "app/store.h"

/* The model a new user meets. */
#define PRETRAINED "models/digits-2d.safetensors"

static bool send(App *app, const LsCommand *command)
{
    const bool sent = ls_trainer_send(app->trainer, command);
    if (!sent) {
        ui_message(app->ui, true, "The trainer is busy: please try again in a moment.");
    }
    app->awake = true;
    if (sent && command->kind != LS_COMMAND_RESET && command->kind != LS_COMMAND_STATE) {
        app_fork_send(app, command);
    }
    return sent;
}

/* What was asked counts until the trainer has answered: a large step may take it seconds. */
static void update_training(App *app)
{
    const LsSnapshot *snapshot = app->view.snapshot;
    if (app_fork_pending(app)) {
        app->view.training = app->fork.training;
        return;
    }
    app->view.training =
        snapshot->answered >= app->asked_number ? snapshot->training : app->asked_training;
}

void app_session_send(App *app, LsCommandKind kind)
{
    const bool training = kind == LS_COMMAND_TRAIN;
    const bool paces = training || kind == LS_COMMAND_PAUSE || kind == LS_COMMAND_STEP;
    if (paces && app_fork_pending(app)) {
        app_fork_plan(app, kind);
        update_training(app);
        return;
    }
    if (send(app, &(LsCommand){.kind = kind}) && paces) {
        app->asked_training = training;
        app->asked_number = ls_trainer_sent(app->trainer);
        update_training(app);
    }
}

void app_session_rest(App *app)
{
    if (ls_trainer_send(app->trainer, &(LsCommand){.kind = LS_COMMAND_PAUSE})) {
        app->asked_training = false;
        app->asked_number = ls_trainer_sent(app->trainer);
        update_training(app);
    }
}

void app_session_limit(App *app, double steps_per_s)
{
    app->view.speed_limit = steps_per_s;
    (void)send(app, &(LsCommand){.kind = LS_COMMAND_LIMIT, .limit = steps_per_s});
}

void app_session_name(App *app, const char *path, const char *name)
{
    app->model_naming++;
    snprintf(app->model_path, sizeof app->model_path, "%s", path);
    ls_text_clean(name, app->model_name, sizeof app->model_name);
    char *dot = strstr(app->model_name, ".safetensors");
    if (dot) {
        *dot = '\0';
    }
}

static void free_checkpoint(LsCheckpoint *checkpoint)
{
    if (checkpoint) {
        ls_checkpoint_finish(checkpoint);
        ls_memory_free(checkpoint);
    }
}

/* A model file in memory of its own, as the trainer takes it over; NULL where it cannot be read. */
static LsCheckpoint *read_checkpoint(const char *path, LsError *err)
{
    LsCheckpoint *checkpoint = ls_memory_items(1, sizeof *checkpoint, err);
    if (checkpoint && !ls_checkpoint_open(checkpoint, path, err)) {
        ls_memory_free(checkpoint);
        return NULL;
    }
    return checkpoint;
}

/* The file to begin with: what the options name, else the model the program ships; "" for none. */
static void first_model(App *app, char *path)
{
    path[0] = '\0';
    app_session_name(app, "", "new model");
    if (app->options.model) {
        snprintf(path, LS_PATH_MAX, "%s", app->options.model);
        app_session_name(app, path, ls_path_name(path));
    } else if (!app->options.data && ls_path_asset(PRETRAINED, path, NULL)) {
        app_session_name(app, "", ls_path_name(path));
    }
}

static bool fits(const App *app, const LsModel *model, const char *path, LsError *err)
{
    const LsDataset *data = app->data;
    if (model->spec.width == data->width && model->spec.height == data->height &&
        model->spec.channels == data->channels) {
        return true;
    }
    char clean[256];
    ls_text_clean(path, clean, sizeof clean);
    return ls_fail(err, LS_ERR_MODEL,
                   "%s: the model's images are %dx%dx%d, those of \"%s\" are %dx%dx%d.", clean,
                   model->spec.width, model->spec.height, model->spec.channels, data->name,
                   data->width, data->height, data->channels);
}

/* Settings from the command line over those of the file. Where they ask for another model *checkpoint
 * is let go: the run begins with fresh weights. */
static bool apply_options(App *app, LsCheckpoint **checkpoint, LsError *err)
{
    LsTrainSettings *settings = &app->view.settings;
    const LsTrainSettings before = *settings;
    if (app->options.preset) {
        const LsPreset *preset = ls_preset_find(app->options.preset, err);
        if (!preset) {
            return false;
        }
        ls_preset_apply(preset, settings);
    }
    if (!app->options.settings) {
        return true;
    }
    if (!ls_setting_apply(ls_train_settings_table(), app->options.settings, sizeof *settings,
                          settings, err)) {
        return false;
    }
    const LsModelSpec spec =
        ls_train_settings_spec(settings, app->data->width, app->data->height, app->data->channels);
    LsModel model;
    if (!ls_model_init(&model, &spec, err)) {
        return false;
    }
    if (*checkpoint &&
        (!ls_model_equal(&model, &(*checkpoint)->model) || settings->seed != before.seed)) {
        free_checkpoint(*checkpoint);
        *checkpoint = NULL;
        app_session_name(app, "", "new model");
    }
    return true;
}

bool app_session_open(App *app, LsError *err)
{
    LsCheckpoint *checkpoint = NULL;
    char path[LS_PATH_MAX];
    app->view.settings = ls_train_settings_make();
    app->data = ls_dataset_open(app->options.data, err);
    app->history = app->data ? ls_history_create(err) : NULL;
    if (!app->history) {
        goto fail;
    }
    first_model(app, path);
    if (path[0] &&
        (!(checkpoint = read_checkpoint(path, err)) || !fits(app, &checkpoint->model, path, err) ||
         !ls_train_settings_from_meta(&app->view.settings, &checkpoint->model, &checkpoint->meta,
                                      err))) {
        goto fail;
    }
    if (!apply_options(app, &checkpoint, err)) {
        goto fail;
    }
    app->trainer =
        ls_trainer_create(app->data, &app->view.settings, checkpoint, app->options.threads, err);
    checkpoint = NULL; /* the trainer's, whatever became of it */
    if (!app->trainer) {
        goto fail;
    }
    app_undo_reset(&app->undo, &app->view.settings);
    app->view.data = app->data;
    app->view.history = app->history;
    app->view.model_name = app->model_name;
    app->view.snapshot = ls_trainer_latest(app->trainer);
    app->model_id = app->saved_model = app->view.snapshot->model_id;
    app->saved_step = app->view.snapshot->step;
    if (app->options.settings || app->options.preset) {
        app->send_settings = true;
    }
    const LsCommand backend = {.kind = LS_COMMAND_BACKEND, .backend = app->options.backend};
    if (!ls_trainer_send(app->trainer, &backend)) { /* cannot be: the queue is empty */
        goto fail;
    }
    if (app->options.train) {
        app_session_send(app, LS_COMMAND_TRAIN);
    }
    return true;
fail:
    free_checkpoint(checkpoint);
    app_session_close(app);
    return false;
}

void app_session_close(App *app)
{
    app_fork_finish(app);
    app_past_finish(app);
    app_runs_finish(app);
    ls_trainer_destroy(app->trainer);
    app->trainer = NULL;
    ls_pace_destroy(app->fork.pace);
    app->fork.pace = NULL;
    ls_history_destroy(app->history);
    app->history = NULL;
    app_before_finish(&app->before);
    ls_dataset_destroy(app->data);
    app->data = NULL;
}

/* A fault is told once. Where a command could not be carried out the controls go back to what is. */
static void tell_fault(App *app)
{
    const LsSnapshot *snapshot = app->view.snapshot;
    if (snapshot->fault.code == LS_OK || app->told_fault == snapshot->faults) {
        return;
    }
    app->told_fault = snapshot->faults;
    if (snapshot->burst) {
        app_rescue_offer(app);
    }
    if (!app->rescue.offered) { /* else the strip says it */
        int side = 0;
        char text[sizeof snapshot->fault.text + 64];
        snprintf(text, sizeof text, "%s%s", snapshot->fault.text,
                 app_undo_peek(&app->undo, -1, &side) && side == 0
                     ? " Ctrl+Z takes the last change back."
                     : "");
        ui_message(app->ui, true, text);
    }
    if (snapshot->answered == ls_trainer_sent(app->trainer) && !app->send_settings) {
        const uint64_t seed = app->view.settings.seed; /* the next reset's, not the run's */
        app->view.settings = snapshot->settings;
        app->view.settings.seed = seed;
        app_undo_push(&app->undo, 0, &app->view.settings);
    }
}

/* Images a second over the last half second of training or so. */
static void measure_rate(App *app, const LsMetric *metric)
{
    const double seconds = metric->seconds - app->rate_seconds;
    if (seconds < 0 || metric->images < app->rate_images) {
        app->rate_seconds = metric->seconds;
        app->rate_images = metric->images;
    } else if (seconds >= 0.5) {
        app->view.images_per_s = (double)(metric->images - app->rate_images) / seconds;
        app->rate_seconds = metric->seconds;
        app->rate_images = metric->images;
    }
}

void app_session_update(App *app)
{
    if (app->send_settings) {
        const LsCommand command = {.kind = LS_COMMAND_SETTINGS, .settings = app->view.settings};
        app->send_settings = !ls_trainer_send(app->trainer, &command);
    }
    /* A state that waits to be saved is looked at until the saver has time for it. */
    const LsSnapshot *snapshot = app_store_waits(app) || app_fork_holds(app)
                                     ? app->view.snapshot
                                     : ls_trainer_latest(app->trainer);
    app->view.snapshot = snapshot;
    update_training(app);
    if (snapshot->model_id != app->model_id) {
        app->model_id = snapshot->model_id;
        app_before_forget(&app->before);
        app_rescue_forget(app);
        ls_history_reset(app->history);
        app->saved_model = snapshot->model_id; /* nothing of it is worth keeping yet */
        app->saved_step = snapshot->step;
        app->rate_seconds = snapshot->seconds;
        app->rate_images = snapshot->images;
    }
    LsMetric metric;
    while (ls_trainer_next_metric(app->trainer, &metric)) {
        if (metric.step < app->skip_below) {
            continue;
        }
        ls_history_add(app->history, &metric);
        measure_rate(app, &metric);
    }
    if (snapshot->measures.serial != app->seen_measures) {
        app->seen_measures = snapshot->measures.serial;
        if (snapshot->measures.serial > 0) {
            ls_history_add_measures(app->history, &snapshot->measures);
        }
    }
    if (snapshot->serial != app->seen_serial) {
        app->seen_serial = snapshot->serial;
        app->awake = true;
        tell_fault(app);
    }
    app->view.unsaved = app_session_unsaved(app);
    app->view.can_undo = app_undo_peek(&app->undo, -1, NULL) != NULL;
    app->view.can_redo = app_undo_peek(&app->undo, 1, NULL) != NULL;
    app->awake = app_before_follow(&app->before, app->data, app->history) || app->awake;
    app_past_update(app);
    app_fork_update(app);
}

void app_session_mark(LsHistory *history, uint64_t step, const LsTrainSettings *from,
                      const LsTrainSettings *to)
{
    const LsSettingTable table = ls_train_settings_table();
    const LsMetric *last = ls_history_last(history);
    const uint64_t at = last && last->step > step ? last->step : step;
    bool marked = false;
    for (size_t i = 0; i < table.count; i++) {
        const LsSetting *row = &table.rows[i];
        if (!row->structural && row->type != LS_SETTING_SEED && !ls_setting_equal(row, from, to)) {
            char label[LS_HISTORY_LABEL];
            app_describe_change(row, from, to, label);
            ls_history_mark(history, at, label);
            marked = true;
        }
    }
    if (marked) {
        ls_history_settle(history, at, to);
    }
}

static void mark_changes(App *app, const LsTrainSettings *from, const LsTrainSettings *to)
{
    app_session_mark(app->history, app->view.snapshot->step, from, to);
}

/* Other settings for the living model. */
static void change(App *app, const LsTrainSettings *to, bool done)
{
    if (!app_fork_on(app)) {
        app_before_note(&app->before, app->view.snapshot, &app->view.settings, to, done);
    }
    app->view.settings = *to;
    app->send_settings = true;
    app->awake = true;
}

static void start_model(App *app, const LsTrainSettings *settings)
{
    LsError err;
    LsModel model;
    const LsModelSpec spec =
        ls_train_settings_spec(settings, app->data->width, app->data->height, app->data->channels);
    if (!ls_model_init(&model, &spec, &err)) {
        ui_message(app->ui, true, err.text);
        return;
    }
    app->skip_below = 0;
    app->view.settings = *settings;
    app_session_name(app, "", "new model");
    (void)send(app, &(LsCommand){.kind = LS_COMMAND_RESET, .settings = *settings});
}

void app_session_edit(App *app, const LsTrainSettings *settings, bool done)
{
    if (app_past_refuses(app)) {
        return;
    }
    if (app_describe_structural(&app->view.settings, settings)) {
        app_fork_settle(app);
        if (app_fork_on(app)) {
            ui_message(app->ui, false, "A and B share one model: keep one of them first.");
            return;
        }
        start_model(app, settings);
        app_undo_push(&app->undo, 0, settings);
        return;
    }
    change(app, settings, done);
    if (done) {
        mark_changes(app, app_undo_present(&app->undo, 0), settings);
        app_undo_push(&app->undo, 0, settings);
    }
}

void app_session_apply(App *app, const LsTrainSettings *settings, bool ask)
{
    if (ask && app_describe_structural(&app->view.settings, settings)) {
        app->asked = *settings;
        app->dialog = APP_DIALOG_NEW_MODEL;
        app->awake = true;
        return;
    }
    app_session_edit(app, settings, true);
}

const LsTrainSettings *app_session_settings(const App *app)
{
    return app_fork_shows_b(app) ? &app->fork.view.settings : &app->view.settings;
}

void app_session_give(App *app, const LsTrainSettings *settings, bool ask)
{
    if (app_fork_shows_b(app)) {
        app_fork_edit(app, settings, true);
    } else {
        app_session_apply(app, settings, ask);
    }
}

bool app_session_apply_line(App *app, const char *line, bool ask, LsError *err)
{
    LsTrainSettings settings = *app_session_settings(app);
    if (!ls_setting_apply(ls_train_settings_table(), line, sizeof settings, &settings, err)) {
        return false;
    }
    if (app_fork_on(app) && app_describe_structural(&app->view.settings, &settings)) {
        return ls_fail(err, LS_ERR_USAGE, "A and B share one model: keep one of them first.");
    }
    app_session_give(app, &settings, ask);
    return true;
}

void app_session_preset(App *app, const LsPreset *preset)
{
    LsTrainSettings settings = *app_session_settings(app);
    ls_preset_apply(preset, &settings);
    if (!app->past.shown) {
        const View *side = app_fork_shows_b(app) ? &app->fork.view : &app->view;
        app_runs_keep(app, side->snapshot, &side->settings, "preset");
    }
    app_session_give(app, &settings, false);
}

/* In a fork it need not be seen which side it was. */
static void tell_undo(const App *app, int step, int side, const LsTrainSettings *from,
                      const LsTrainSettings *to)
{
    char text[LS_HISTORY_LABEL + 64];
    if (app_fork_on(app)) {
        app_describe_undo(step, side, from, to, text, sizeof text);
        ui_message(app->ui, false, text);
    }
}

void app_session_undo(App *app, int step)
{
    int side = 0;
    if (app_past_refuses(app)) {
        return;
    }
    const LsTrainSettings *to = app_undo_peek(&app->undo, step, &side);
    if (!to) {
        ui_message(app->ui, false,
                   step > 0           ? "There is nothing to redo."
                   : app_fork_on(app) ? "Nothing was changed in A or B since the fork."
                                      : "There is nothing to undo.");
        return;
    }
    if (app_describe_structural(&app->view.settings, to)) {
        app_session_apply(app, to, true);
        return;
    }
    if (side == 1) {
        tell_undo(app, step, side, &app->fork.view.settings, to);
        app_fork_restore(app, to);
    } else {
        tell_undo(app, step, side, &app->view.settings, to);
        mark_changes(app, &app->view.settings, to);
        change(app, to, true);
    }
    app_undo_move(&app->undo, step);
}

void app_session_reset(App *app)
{
    if (app_past_refuses(app)) {
        return;
    }
    app_fork_settle(app);
    app_runs_keep(app, app->view.snapshot, &app->view.settings, "reset");
    app->skip_below = 0;
    app_fork_reset(app);
    (void)send(app, &(LsCommand){.kind = LS_COMMAND_RESET, .settings = app->view.settings});
    app_session_name(app, "", "new model");
}

bool app_session_replace(App *app, LsCheckpoint *checkpoint, const LsTrainSettings *settings,
                         uint64_t step, const char *name)
{
    const LsCommand command = {.kind = LS_COMMAND_REPLACE, .checkpoint = checkpoint};
    if (!ls_trainer_send(app->trainer, &command)) {
        free_checkpoint(checkpoint);
        ui_message(app->ui, true, "The trainer is busy: please try again in a moment.");
        return false;
    }
    app->skip_below = step;
    app->view.settings = *settings;
    app_undo_reset(&app->undo, settings);
    app_session_name(app, "", name);
    app->awake = true;
    return true;
}

bool app_session_open_model(App *app, const char *path, LsError *err)
{
    app_fork_settle(app);
    LsCheckpoint *checkpoint = read_checkpoint(path, err);
    LsTrainSettings settings = app->view.settings;
    if (!checkpoint || !fits(app, &checkpoint->model, path, err) ||
        !ls_train_settings_from_meta(&settings, &checkpoint->model, &checkpoint->meta, err) ||
        !ls_run_check(checkpoint,
                      err)) { /* else the trainer refuses it when its name stands there */
        free_checkpoint(checkpoint);
        return false;
    }
    const LsCommand command = {.kind = LS_COMMAND_REPLACE, .checkpoint = checkpoint};
    if (!ls_trainer_send(app->trainer, &command)) {
        free_checkpoint(checkpoint);
        return ls_fail(err, LS_ERR_SYSTEM, "%s: the trainer is busy, please try again in a moment.",
                       path);
    }
    app->skip_below = 0;
    if (app_fork_on(app)) {
        app_fork_keep(app, 0); /* and what is opened takes its place */
    }
    app->view.settings = settings;
    app_undo_reset(&app->undo, &settings);
    app_session_name(app, path, ls_path_name(path));
    app->awake = true;
    return true;
}

bool app_session_unsaved(const App *app)
{
    const LsSnapshot *snapshot = app->view.snapshot;
    return snapshot->model_id != app->saved_model || snapshot->step != app->saved_step;
}
