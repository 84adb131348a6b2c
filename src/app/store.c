#include "app/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/file.h"
#include "latentscape/core/path.h"
#include "latentscape/core/text.h"

#include "app/choice.h"
#include "app/session.h"

enum {
    SLOTS = 8,
    GENERATIONS = 3
};

static const double autosave_every_s = 30;

/* A slot's autosave; generation 0 is the newest. */
static bool autosave_path(int slot, int generation, char *path, LsError *err)
{
    char name[64];
    if (generation == 0) {
        snprintf(name, sizeof name, "session-%d.safetensors", slot);
    } else {
        snprintf(name, sizeof name, "session-%d.%d.safetensors", slot, generation);
    }
    return ls_path_data(name, path, err);
}

/* Locks a slot for this process. Gives the file descriptor, or -1 where another copy has it. */
static int claim(int slot)
{
    char name[64];
    char path[LS_PATH_MAX];
    snprintf(name, sizeof name, "session-%d.lock", slot);
    if (!ls_path_data(name, path, NULL)) {
        return -1;
    }
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* The newest autosave of the copies that do not run now. */
static void find_offer(App *app)
{
    time_t newest = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
        char path[LS_PATH_MAX];
        struct stat about;
        if (!autosave_path(slot, 0, path, NULL) || stat(path, &about) != 0) {
            continue;
        }
        const int fd = slot == app->slot ? -1 : claim(slot);
        const bool free_slot = slot == app->slot || fd >= 0;
        if (fd >= 0) {
            close(fd);
        }
        if (free_slot && about.st_mtime >= newest) {
            newest = about.st_mtime;
            snprintf(app->offer_path, sizeof app->offer_path, "%s", path);
        }
    }
    struct tm when;
    if (newest && localtime_r(&newest, &when)) {
        char day[64];
        strftime(day, sizeof day, "%d %b, %H:%M", &when);
        snprintf(app->offer_text, sizeof app->offer_text, "The last session's model is here (%s).",
                 day);
    }
}

void app_store_begin(App *app)
{
    app->lock = -1;
    app->next_autosave = ls_clock_now() + autosave_every_s;
    if (app->options.offscreen) {
        return;
    }
    for (app->slot = 0; app->slot < SLOTS && app->lock < 0; app->slot++) {
        app->lock = claim(app->slot);
    }
    app->slot--;
    LsError err;
    if (app->lock < 0) {
        char path[LS_PATH_MAX];
        ui_message(
            app->ui, true,
            autosave_path(0, 0, path, &err)
                ? "The model cannot be kept for the next start: its folder cannot be written."
                : err.text);
        return;
    }
    if (!app->options.model) {
        find_offer(app);
    }
    if (!app_choice_load(&app->view.choice, &err)) {
        ui_message(app->ui, true, err.text);
    }
}

/* Before a session's first autosave the older ones move down one place. */
static void rotate(App *app)
{
    for (int generation = GENERATIONS - 1; generation > 0; generation--) {
        char from[LS_PATH_MAX];
        char to[LS_PATH_MAX];
        if (autosave_path(app->slot, generation - 1, from, NULL) &&
            autosave_path(app->slot, generation, to, NULL) && rename(from, to) != 0 &&
            errno != ENOENT) {
            ui_message(app->ui, true, "An older session's model could not be put aside.");
        }
    }
}

void app_store_save(App *app, const char *path, bool autosave)
{
    if (app->save_path[0] && !autosave) {
        ui_message(app->ui, true, "A model is being saved just now: please try again in a moment.");
        return;
    }
    const LsCommand command = {.kind = LS_COMMAND_STATE};
    if (app->save_path[0] || !ls_trainer_send(app->trainer, &command)) {
        return;
    }
    snprintf(app->save_path, sizeof app->save_path, "%s", path);
    app->save_is_autosave = autosave;
    app->save_after = ls_trainer_sent(app->trainer);
}

static bool begin_save(App *app, const char *path, bool autosave, LsError *err)
{
    const LsSnapshot *snapshot = app->view.snapshot;
    if (autosave && !app->rotated) {
        app->rotated = true;
        rotate(app);
    }
    return app_saver_begin(app->saver, snapshot, path, autosave, err);
}

static void tell_saved(App *app, const AppSaved *saved)
{
    char text[256];
    char name[128];
    if (!saved->ok) {
        ui_message(app->ui, true, saved->error.text);
        return;
    }
    if (saved->autosave) {
        return;
    }
    ls_text_clean(ls_path_name(saved->path), name, sizeof name);
    snprintf(text, sizeof text, "Saved %s at step %llu.", name, (unsigned long long)saved->step);
    ui_message(app->ui, false, text);
    app->saved_step = saved->step;
    app->saved_model = saved->model_id;
    snprintf(app->model_path, sizeof app->model_path, "%s", saved->path);
    ls_text_clean(name, app->model_name, sizeof app->model_name);
    char *dot = strstr(app->model_name, ".safetensors");
    if (dot) {
        *dot = '\0';
    }
}

void app_store_update(App *app)
{
    AppSaved saved;
    if (app_saver_result(app->saver, &saved)) {
        tell_saved(app, &saved);
        app->view.unsaved = app_session_unsaved(app); /* of this frame already */
        app->awake = true;
    }
    const LsSnapshot *snapshot = app->view.snapshot;
    if (app->save_path[0] && snapshot->answered >= app->save_after && snapshot->m &&
        !app_saver_busy(app->saver)) {
        LsError err;
        if (!begin_save(app, app->save_path, app->save_is_autosave, &err)) {
            ui_message(app->ui, true, err.text);
        }
        app->save_path[0] = '\0';
    }
    if (app->lock >= 0 && app->frame_began >= app->next_autosave) {
        app->next_autosave = app->frame_began + autosave_every_s;
        char path[LS_PATH_MAX];
        LsError err;
        if (app_session_unsaved(app) && snapshot->training) {
            if (autosave_path(app->slot, 0, path, &err)) {
                app_store_save(app, path, true);
            } else {
                ui_message(app->ui, true, err.text);
            }
        }
    }
}

void app_store_restore(App *app)
{
    LsError err;
    if (!app->offer_path[0]) {
        ui_message(app->ui, false, "No earlier session left a model.");
    } else if (!app_session_open_model(app, app->offer_path, &err)) {
        ui_message(app->ui, true, err.text);
    } else {
        /* It has no place of its own yet: Save asks for one. */
        app->model_path[0] = '\0';
        snprintf(app->model_name, sizeof app->model_name, "last session");
    }
    app->offer_text[0] = '\0';
}

void app_store_end(App *app)
{
    if (app->lock < 0) {
        return;
    }
    LsError err = {0};
    char path[LS_PATH_MAX];
    const LsCommand command = {.kind = LS_COMMAND_STATE};
    bool ok = true;
    app_saver_wait(app->saver);
    if (app_session_unsaved(app) && ls_trainer_send(app->trainer, &command)) {
        /* The thread answers what was sent before it ends: its last snapshot holds everything. */
        ls_trainer_stop(app->trainer);
        app->view.snapshot = ls_trainer_latest(app->trainer);
        ok = autosave_path(app->slot, 0, path, &err) && begin_save(app, path, true, &err);
        AppSaved saved;
        app_saver_wait(app->saver);
        if (ok && app_saver_result(app->saver, &saved) && !saved.ok) {
            ok = ls_fail(&err, saved.error.code, "%s", saved.error.text);
        }
    }
    if (!ok || !app_choice_save(&app->view.choice, &err)) {
        fprintf(stderr, "latentscape: %s\n", err.text);
        app->status = 1;
    }
    close(app->lock);
    app->lock = -1;
}
