#include "app/export.h"

#include <stdio.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"
#include "latentscape/core/text.h"
#include "latentscape/data/png.h"

#include "app/session.h"
#include "app/store.h"

bool app_export_map(App *app, const char *path, LsError *err)
{
    uint8_t *rgb = NULL;
    int w = 0;
    int h = 0;
    const bool ok =
        view_map_picture(app->map, &app->view, app->view.choice.cells, &rgb, &w, &h, err) &&
        ls_png_save(path, w, h, 3, rgb, err);
    ls_memory_free(rgb);
    return ok;
}

bool app_export_window(App *app, const char *path, LsError *err)
{
    uint8_t *rgb = NULL;
    int w = 0;
    int h = 0;
    const bool ok =
        ui_read_pixels(app->ui, &rgb, &w, &h, err) && ls_png_save(path, w, h, 3, rgb, err);
    ls_memory_free(rgb);
    return ok;
}

void app_export_picked(App *app, AppPick pick, const char *path)
{
    LsError err = {0};
    bool ok = false;
    switch (pick) {
    case APP_PICK_OPEN:
        ok = app_session_open_model(app, path, &err);
        break;
    case APP_PICK_SAVE:
        app_store_save(app, path, false);
        return;
    case APP_PICK_MAP:
        ok = app_export_map(app, path, &err);
        break;
    case APP_PICK_WINDOW:
        /* Taken after the next frame, when the dialog is gone from it. */
        snprintf(app->shot_path, sizeof app->shot_path, "%s", path);
        return;
    case APP_PICK_HISTORY:
        ok = ls_history_save_csv(app->history, path, &err);
        break;
    }
    char name[128];
    char text[192];
    ls_text_clean(ls_path_name(path), name, sizeof name);
    snprintf(text, sizeof text, "%s %s.", pick == APP_PICK_OPEN ? "Opened" : "Saved", name);
    ui_message(app->ui, !ok, ok ? text : err.text);
}
