#include "app/dialogs.h"

#include <stdio.h>
#include <string.h>

#include "latentscape/core/path.h"
#include "latentscape/core/text.h"

#include "app/export.h"
#include "app/layout.h"
#include "app/session.h"
#include "app/store.h"
#include "views/guide.h"

typedef struct Purpose {
    const char *title, *suffix, *name;
    bool saving;
} Purpose;

static Purpose purpose_of(AppPick pick)
{
    switch (pick) {
    case APP_PICK_OPEN:
        return (Purpose){"Open a model", ".safetensors", "", false};
    case APP_PICK_SAVE:
        return (Purpose){"Save the model", ".safetensors", "model.safetensors", true};
    case APP_PICK_MAP:
        return (Purpose){"Save a picture of the map", ".png", "map.png", true};
    case APP_PICK_WINDOW:
        return (Purpose){"Save a picture of the window", ".png", "latentscape.png", true};
    case APP_PICK_PLOTS:
        return (Purpose){"Save a picture of the plots", ".png", "plots.png", true};
    case APP_PICK_RUNS:
        return (Purpose){"Save the table of runs", ".csv", "runs.csv", true};
    case APP_PICK_HISTORY:
        break;
    }
    return (Purpose){"Save the loss history", ".csv", "history.csv", true};
}

void app_dialogs_pick(App *app, AppPick pick)
{
    const Purpose purpose = purpose_of(pick);
    char folder[LS_PATH_MAX] = "";
    const char *name = purpose.name;
    if (app->model_path[0] && (pick == APP_PICK_OPEN || pick == APP_PICK_SAVE)) {
        snprintf(folder, sizeof folder, "%s", app->model_path);
        char *slash = strrchr(folder, '/');
        folder[slash ? (slash == folder ? 1 : slash - folder) : 0] = '\0';
        name = pick == APP_PICK_SAVE ? ls_path_name(app->model_path) : "";
    }
    app->pick = pick;
    app->dialog = APP_DIALOG_BROWSER;
    ui_browser_open(&app->browser, purpose.saving, purpose.title, folder, name, purpose.suffix);
}

static void draw_browser(App *app)
{
    char path[LS_PATH_MAX];
    const bool picked = ui_browser(app->ui, &app->browser, path);
    if (picked || !app->browser.open) {
        app->dialog = APP_DIALOG_NONE;
        app->browser.open = false;
    }
    if (picked) {
        app_export_picked(app, app->pick, path);
    }
}

static void draw_keys(App *app, const ViewAction *actions, size_t count)
{
    bool close = false;
    const UiRect window = ui_bounds(app->ui);
    const UiRect inside =
        ui_dialog_begin(app->ui, "help", window.w - 64 < 860 ? window.w - 64 : 860,
                        window.h - 64 < 640 ? window.h - 64 : 640, "Keys and help", &close);
    view_guide_draw(&app->guide, &app->view, inside, actions, count);
    ui_dialog_end(app->ui);
    if (close) {
        app->dialog = APP_DIALOG_NONE;
    }
}

static void draw_new_model(App *app)
{
    bool close = false;
    UiRect inside = ui_dialog_begin(app->ui, "new-model", 440, 168, "Begin a new model?", &close);
    UiRect buttons = ui_rect_cut_bottom(&inside, 32);
    ui_draw_paragraph(app->ui, inside, UI_FONT_BODY, UI_TEXT,
                      "These settings change the shape of the model, so it begins again from fresh "
                      "weights. What the present one has learned is lost unless it is saved.",
                      true);
    const float wide = ui_button_width(app->ui, "Begin a new model", UI_LOOK_PRIMARY);
    const bool yes = ui_button(app->ui, "new-model.yes", ui_rect_cut_right(&buttons, wide),
                               "Begin a new model", UI_LOOK_PRIMARY, false, true);
    buttons.w -= UI_GRID;
    const float narrow = ui_button_width(app->ui, "Keep this one", UI_LOOK_RAISED);
    const bool no = ui_button(app->ui, "new-model.no", ui_rect_cut_right(&buttons, narrow),
                              "Keep this one", UI_LOOK_RAISED, false, true);
    ui_dialog_end(app->ui);
    if (yes || no || close) {
        app->dialog = APP_DIALOG_NONE;
    }
    if (yes) {
        app_session_apply(app, &app->asked, false);
    }
}

/* The last session's model, offered over the curves that have not begun yet, until it is answered or
 * the person begins something else. */
static void draw_offer(App *app)
{
    if (!app->offer_text[0]) {
        return;
    }
    if (app->view.snapshot->training) {
        app->offer_text[0] = '\0';
        return;
    }
    Ui *ui = app->ui;
    const UiRect window = ui_bounds(ui);
    const float go = ui_button_width(ui, "Go on with it", UI_LOOK_PRIMARY);
    const float no = ui_button_width(ui, "Not now", UI_LOOK_PLAIN);
    const float w = ui_text_width(ui, UI_FONT_BODY, app->offer_text) + go + no + 5 * UI_PAD;
    const UiRect curves = app_layout_make(window).bottom;
    UiRect strip = {(window.w - w) / 2, curves.y + (curves.h - 44) / 2, w, 44};
    ui_draw_layer(ui, 1);
    ui_area(ui, "offer", strip, false);
    ui_draw_round(ui, strip, UI_RADIUS, UI_RAISED);
    ui_draw_frame(ui, strip, UI_RADIUS, 1, UI_HOVER);
    strip = ui_rect_inset(strip, UI_GRID);
    ui_rect_cut_left(&strip, UI_PAD / 2.0F);
    const bool yes = ui_button(ui, "model.last", ui_rect_cut_right(&strip, go), "Go on with it",
                               UI_LOOK_PRIMARY, false, true);
    strip.w -= UI_GRID;
    const bool later = ui_button(ui, "offer.no", ui_rect_cut_right(&strip, no), "Not now",
                                 UI_LOOK_PLAIN, false, true);
    ui_draw_text(ui, strip, UI_FONT_BODY, UI_LEFT, UI_TEXT, app->offer_text);
    ui_draw_layer(ui, 0);
    if (yes) {
        app_store_restore(app);
    } else if (later) {
        app->offer_text[0] = '\0';
    }
}

void app_dialogs_draw(App *app, const ViewAction *actions, size_t count)
{
    switch (app->dialog) {
    case APP_DIALOG_NONE:
        draw_offer(app);
        app_rescue_draw(app);
        break;
    case APP_DIALOG_KEYS:
        draw_keys(app, actions, count);
        break;
    case APP_DIALOG_NEW_MODEL:
        draw_new_model(app);
        break;
    case APP_DIALOG_BROWSER:
        draw_browser(app);
        break;
    }
}
