#include "app/export.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"
#include "latentscape/core/text.h"
#include "latentscape/data/png.h"

#include "app/layout.h"
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

/* Moves a part of a picture to its beginning. */
static void crop(uint8_t *rgb, int width, int x, int y, int w, int h)
{
    for (int row = 0; row < h; row++) {
        const uint8_t *from = rgb + ((size_t)(y + row) * (size_t)width + (size_t)x) * 3;
        memmove(rgb + (size_t)row * (size_t)w * 3, from, (size_t)w * 3);
    }
}

bool app_export_plots(App *app, const char *path, LsError *err)
{
    uint8_t *rgb = NULL;
    int w = 0;
    int h = 0;
    if (!ui_read_pixels(app->ui, &rgb, &w, &h, err)) {
        return false;
    }
    const UiRect part = app_layout_make(ui_bounds(app->ui)).bottom;
    const float scale = ui_scale(app->ui);
    const int x0 = (int)(part.x * scale);
    const int y0 = (int)(part.y * scale);
    const int x1 = (int)fminf(ceilf((part.x + part.w) * scale), (float)w);
    const int y1 = (int)fminf(ceilf((part.y + part.h) * scale), (float)h);
    crop(rgb, w, x0, y0, x1 - x0, y1 - y0);
    const bool ok = ls_png_save(path, x1 - x0, y1 - y0, 3, rgb, err);
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
    case APP_PICK_PLOTS:
        /* Taken after the next frame, when the dialog is gone from it. */
        snprintf(app->shot_path, sizeof app->shot_path, "%s", path);
        app->shot_plots = pick == APP_PICK_PLOTS;
        app->shot_later = true;
        return;
    case APP_PICK_HISTORY:
        ok = ls_history_save_csv(app->history, path, &err);
        break;
    case APP_PICK_RUNS:
        ok = app_runs_save_csv(app, path, &err);
        break;
    }
    char name[128];
    char text[192];
    ls_text_clean(ls_path_name(path), name, sizeof name);
    snprintf(text, sizeof text, "%s %s.", pick == APP_PICK_OPEN ? "Opened" : "Saved", name);
    ui_message(app->ui, !ok, ok ? text : err.text);
}
