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

/* Where B of a fork lies that was open when the session ended; that session's autosave is A. */
static bool other_path(int slot, char *path, LsError *err)
{
    char name[64];
    snprintf(name, sizeof name, "session-%d-b.safetensors", slot);
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

/* The newest autosave of a slot, which is not the newest generation where the program was killed while
 * it put older ones aside. Returns its time, or 0. */
static time_t find_newest(int slot, char *path)
{
    for (int generation = 0; generation < GENERATIONS; generation++) {
        struct stat about;
        if (autosave_path(slot, generation, path, NULL) && stat(path, &about) == 0) {
            return about.st_mtime;
        }
    }
    return 0;
}

/* Whether B lies beside a slot's newest autosave, which was written just before it. */
static bool has_other(int slot, time_t newest)
{
    char path[LS_PATH_MAX];
    struct stat about;
    return other_path(slot, path, NULL) && stat(path, &about) == 0 && about.st_mtime >= newest;
}

/* The newest autosave of the copies that do not run now. */
static void find_offer(App *app)
{
    time_t newest = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
        char path[LS_PATH_MAX];
        const time_t time = find_newest(slot, path);
        if (time == 0) {
            continue;
        }
        const int fd = slot == app->slot ? -1 : claim(slot);
        const bool free_slot = slot == app->slot || fd >= 0;
        if (fd >= 0) {
            close(fd);
        }
        if (free_slot && time >= newest) {
            newest = time;
            snprintf(app->offer_path, sizeof app->offer_path, "%s", path);
            app->offer_other[0] = '\0';
            if (has_other(slot, time) && !other_path(slot, app->offer_other, NULL)) {
                app->offer_other[0] = '\0';
            }
        }
    }
    struct tm when;
    if (newest && localtime_r(&newest, &when)) {
        char day[64];
        strftime(day, sizeof day, "%d %b, %H:%M", &when);
        snprintf(app->offer_text, sizeof app->offer_text, "The last session's %s here (%s).",
                 app->offer_other[0] ? "fork is" : "model is", day);
    }
}

/* A copy that was killed while it saved has left a file that nobody will ever finish. */
static void sweep(void)
{
    char path[LS_PATH_MAX];
    if (ls_path_data("", path, NULL)) {
        ls_file_writer_sweep(path);
    }
    if (ls_path_config("", path, NULL)) {
        ls_file_writer_sweep(path);
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
    sweep();
    if (!app->options.model) {
        find_offer(app);
    }
    if (!app_choice_load(&app->view.choice, &err)) {
        ui_message(app->ui, true, err.text);
    }
}

/* A second name for the file, so that the first one is never without a whole model; where the file
 * system has no second names, another name. */
static bool put_aside(const char *from, const char *to)
{
    if (unlink(to) != 0 && errno != ENOENT) {
        return false;
    }
    return link(from, to) == 0 || errno == ENOENT || rename(from, to) == 0;
}

/* Before a session's first autosave the older ones move down one place, and the offer with its file. */
static void rotate(App *app)
{
    char offer[LS_PATH_MAX];
    memcpy(offer, app->offer_path, sizeof offer);
    for (int generation = GENERATIONS - 1; generation > 0; generation--) {
        char from[LS_PATH_MAX];
        char to[LS_PATH_MAX];
        if (!autosave_path(app->slot, generation - 1, from, NULL) ||
            !autosave_path(app->slot, generation, to, NULL)) {
            continue;
        }
        if (!put_aside(from, to)) {
            ui_message(app->ui, true, "An older session's model could not be put aside.");
        } else if (strcmp(offer, from) == 0) {
            memcpy(app->offer_path, to, sizeof to);
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
    if (app->save_path[0]) {
        return;
    }
    if (!ls_trainer_send(app->trainer, &command)) {
        if (!autosave) {
            ui_message(app->ui, true,
                       "Nothing was saved: the trainer is busy, please try again in a moment.");
        }
        return;
    }
    snprintf(app->save_path, sizeof app->save_path, "%s", path);
    app->save_is_autosave = autosave;
    app->save_after = ls_trainer_sent(app->trainer);
    app->save_naming = app->model_naming;
}

/* Whether the snapshot at hand is the answer to the wish to save. */
static bool has_answer(const App *app)
{
    const LsSnapshot *snapshot = app->view.snapshot;
    return app->save_path[0] && snapshot->answered >= app->save_after && snapshot->m;
}

bool app_store_waits(const App *app)
{
    return has_answer(app) && app_saver_busy(app->saver);
}

static bool begin_save(App *app, const char *path, bool autosave, LsError *err)
{
    const LsSnapshot *snapshot = app->view.snapshot;
    if (autosave && !app->rotated) {
        app->rotated = true;
        rotate(app);
    }
    return app_saver_begin(app->saver, snapshot, path, autosave, app->save_naming, err);
}

/* A save that ended well: what is in a file now. */
static void note_saved(App *app, const AppSaved *saved)
{
    if (saved->autosave) {
        app->kept_step = saved->step;
        app->kept_model = saved->model_id;
        return;
    }
    app->saved_step = saved->step;
    app->saved_model = saved->model_id;
    /* Where another model was begun meanwhile, the file is not that one's. */
    if (saved->naming == app->model_naming) {
        app_session_name(app, saved->path, ls_path_name(saved->path));
    }
}

static void tell_failure(App *app, const char *text)
{
    ui_message(app->ui, true, text);
    if (app->script) { /* nobody reads the window */
        fprintf(stderr, "latentscape: %s\n", text);
        app->status = 1;
    }
}

static void tell_saved(App *app, const AppSaved *saved)
{
    char text[256];
    char name[128];
    if (!saved->ok) {
        tell_failure(app, saved->error.text);
        return;
    }
    note_saved(app, saved);
    if (!saved->autosave) {
        ls_text_clean(ls_path_name(saved->path), name, sizeof name);
        snprintf(text, sizeof text, "Saved %s at step %llu.", name,
                 (unsigned long long)saved->step);
        ui_message(app->ui, false, text);
    }
}

/* Autosaves what is in no file, whether it still moves or not. */
static void autosave(App *app)
{
    const LsSnapshot *snapshot = app->view.snapshot;
    char path[LS_PATH_MAX];
    LsError err;
    if (!app_session_unsaved(app) ||
        (snapshot->step == app->kept_step && snapshot->model_id == app->kept_model)) {
        return;
    }
    if (autosave_path(app->slot, 0, path, &err)) {
        app_store_save(app, path, true);
    } else {
        ui_message(app->ui, true, err.text);
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
    if (has_answer(app) && !app_saver_busy(app->saver)) {
        LsError err;
        if (!begin_save(app, app->save_path, app->save_is_autosave, &err)) {
            tell_failure(app, err.text);
        }
        app->save_path[0] = '\0';
    }
    if (app->lock >= 0 && app->frame_began >= app->next_autosave) {
        app->next_autosave = app->frame_began + autosave_every_s;
        autosave(app);
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
        app_session_name(app, "", "last session"); /* no place of its own yet: Save asks for one */
        if (app->offer_other[0]) {
            char other[LS_ERROR_TEXT];
            char text[sizeof other + 64];
            ls_text_shorten(app->offer_other, other, sizeof other);
            snprintf(text, sizeof text, "This is A of the fork; B is %s.", other);
            ui_message(app->ui, false, text);
        }
    }
    app->offer_text[0] = '\0';
}

/* Waits for the job the saver is at. Fails: false with the sentence of a save that went wrong. */
static bool finish_job(App *app, LsError *err)
{
    AppSaved saved;
    app_saver_wait(app->saver);
    if (!app_saver_result(app->saver, &saved)) {
        return true;
    }
    if (!saved.ok) {
        return ls_fail(err, saved.error.code, "%s", saved.error.text);
    }
    note_saved(app, &saved);
    return true;
}

/* The thread answers what was sent before it ends: its last snapshot holds everything. */
static void take_last(App *app)
{
    ls_trainer_stop(app->trainer);
    app->view.snapshot = ls_trainer_latest(app->trainer);
}

static bool finish_save(App *app, LsError *err)
{
    if (!finish_job(app, err)) {
        return false;
    }
    if (!app->save_path[0]) {
        return true;
    }
    if (!has_answer(app)) {
        take_last(app);
    }
    char path[LS_PATH_MAX];
    memcpy(path, app->save_path, sizeof path);
    app->save_path[0] = '\0';
    return begin_save(app, path, app->save_is_autosave, err) && finish_job(app, err);
}

/* B of a fork that is open, after A's autosave: neither is lost. */
static bool keep_other(App *app, LsError *err)
{
    char path[LS_PATH_MAX];
    if (!app_fork_on(app)) {
        return true;
    }
    ls_trainer_stop(app->fork.trainer); /* its last snapshot holds everything */
    return other_path(app->slot, path, err) &&
           app_saver_begin(app->saver, ls_trainer_latest(app->fork.trainer), path, true,
                           app->save_naming, err) &&
           finish_job(app, err);
}

/* For the next start: the model, where it is in no file, and what the person chose to see. */
static bool keep_session(App *app, LsError *err)
{
    char path[LS_PATH_MAX];
    if (app->view.snapshot->answered < ls_trainer_sent(app->trainer)) {
        take_last(app); /* a step that was asked for may be under way */
    }
    app_fork_settle(app);
    if (app_session_unsaved(app) || app_fork_on(app)) {
        take_last(app);
        if (!autosave_path(app->slot, 0, path, err) || !begin_save(app, path, true, err) ||
            !finish_job(app, err) || !keep_other(app, err)) {
            return false;
        }
    }
    return app_choice_save(&app->view.choice, err);
}

void app_store_end(App *app)
{
    LsError err = {0};
    if (!finish_save(app, &err)) {
        fprintf(stderr, "latentscape: %s\n", err.text);
        app->status = 1;
    }
    if (app->lock < 0) {
        return;
    }
    if (!keep_session(app, &err)) {
        fprintf(stderr, "latentscape: %s\n", err.text);
        app->status = 1;
    }
    close(app->lock);
    app->lock = -1;
}
