#include "app/teach.h"

#include <stdio.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"

#include "app/panes.h"
#include "app/session.h"

#define PRETRAINED "models/digits-2d.safetensors"

static const char *const shipped[] = {
    "assets/lessons/1-latent-space.txt", "assets/lessons/2-reconstruction.txt",
    "assets/lessons/3-collapse.txt",     "assets/lessons/4-balance.txt",
    "assets/lessons/5-overfitting.txt",  "assets/lessons/6-sharpness.txt",
};

bool app_teach_is_lesson(const char *path)
{
    const char *dot = strrchr(ls_path_name(path), '.');
    return dot != NULL && (strcmp(dot, ".txt") == 0 || strcmp(dot, ".lesson") == 0);
}

/* The shipped model with the lesson's settings over its own. */
static bool begin_with_model(App *app, const LsTrainSettings *settings, LsError *err)
{
    char path[LS_PATH_MAX];
    if (!ls_path_asset(PRETRAINED, path, err) || !app_session_open_model(app, path, err)) {
        return false;
    }
    LsTrainSettings own = *settings;
    own.hidden = app->view.settings.hidden;
    own.latent = app->view.settings.latent;
    own.activation = app->view.settings.activation;
    own.seed = app->view.settings.seed;
    app_session_name(app, "", ls_path_name(path));
    app_session_edit(app, &own, true);
    return true;
}

static bool begin(App *app, LsLesson *lesson, LsError *err)
{
    app_session_send(app, LS_COMMAND_PAUSE);
    if (lesson->fresh) {
        app_fork_settle(app);
        if (app_fork_on(app)) {
            app_fork_keep(app, 0); /* a lesson is about one model, of a shape of its own */
        }
        app->view.settings = lesson->settings;
        app_undo_reset(&app->undo, &app->view.settings);
        app_session_reset(app);
    } else if (!begin_with_model(app, &lesson->settings, err)) {
        return false;
    }
    view_tutor_begin(&app->lesson.tutor, lesson);
    view_tutor_go(&app->lesson.tutor, &app->view, 0);
    app_panes_show(app, APP_PANE_LESSON);
    app->awake = true;
    return true;
}

bool app_teach_open(App *app, const char *path, LsError *err)
{
    LsLesson *lesson = ls_lesson_open(path, err);
    if (lesson != NULL && begin(app, lesson, err)) {
        return true;
    }
    ls_memory_free(lesson);
    return false;
}

static bool open_shipped(App *app, int index, LsError *err)
{
    char path[LS_PATH_MAX];
    return ls_path_asset(shipped[index], path, err) && app_teach_open(app, path, err);
}

/* The list, read when it is first shown. */
static void list(ViewLessonPage *page)
{
    for (size_t i = 0; page->entry_count == 0 && i < LS_COUNT(shipped); i++) {
        char path[LS_PATH_MAX];
        LsLesson *lesson =
            ls_path_asset(shipped[i], path, NULL) ? ls_lesson_open(path, NULL) : NULL;
        ViewLessonEntry *entry = &page->entry[i];
        (void)snprintf(entry->title, sizeof entry->title, "%s",
                       lesson != NULL ? lesson->title : ls_path_name(shipped[i]));
        (void)snprintf(entry->about, sizeof entry->about, "%s",
                       lesson != NULL ? lesson->about : "This file is missing or broken.");
        ls_memory_free(lesson);
    }
    page->entry_count = (int)LS_COUNT(shipped);
}

void app_teach_update(App *app)
{
    const bool reached = app->lesson.tutor.reached;
    view_tutor_follow(&app->lesson.tutor, &app->view);
    app->awake = app->awake || reached != app->lesson.tutor.reached;
}

void app_teach_draw(App *app, UiRect tools, UiRect rect)
{
    (void)tools;
    LsError err = {0};
    list(&app->lesson);
    const int picked = view_lesson_page_draw(&app->lesson, &app->view, rect);
    if (picked == VIEW_LESSON_PAGE_LEFT) {
        view_tutor_begin(&app->lesson.tutor, NULL);
        app->awake = true;
    } else if (picked >= 0 && !open_shipped(app, picked, &err)) {
        ui_message(app->ui, true, err.text);
    }
}

void app_teach_close(App *app)
{
    view_lesson_page_finish(&app->lesson);
}
