#include "app/rescue.h"

#include <math.h>
#include <stdio.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"
#include "latentscape/train/blame.h"

#include "app/app.h"
#include "app/layout.h"
#include "app/session.h"

enum {
    HEIGHT = 44
};

/* Weights of a trained model stay below ten or so; beyond this a state was torn already. */
static const float weight_sound = 100;

static bool differ(const LsTrainSettings *a, const LsTrainSettings *b)
{
    const LsSettingTable table = ls_train_settings_table();
    for (size_t i = 0; i < table.count; i++) {
        if (!ls_setting_equal(&table.rows[i], a, b)) {
            return true;
        }
    }
    return false;
}

static bool is_sound(const LsSnapshot *snapshot)
{
    float largest = 0;
    bool finite = true;
    for (size_t i = 0; i < snapshot->model.param_count; i++) {
        const float size = fabsf(snapshot->params[i]);
        finite = finite && isfinite(size);
        largest = fmaxf(largest, size);
    }
    return finite && largest <= weight_sound;
}

/* The newest state of the past with other settings whose weights are sound, or -1. */
static int find(App *app, const LsTrainSettings *bad)
{
    LsTimeline *timeline = app->past.timeline;
    LsSnapshot snapshot;
    for (int i = timeline != NULL ? ls_timeline_count(timeline) - 1 : -1; i >= 0; i--) {
        if (differ(ls_timeline_settings(timeline, i), bad) &&
            ls_timeline_open(timeline, i, &snapshot, NULL) && is_sound(&snapshot)) {
            return i;
        }
    }
    return -1;
}

void app_rescue_offer(App *app)
{
    AppRescue *rescue = &app->rescue;
    const LsSnapshot *now = app->view.snapshot;
    *rescue = (AppRescue){.index = -1, .step = now->step, .settings = now->settings};
    if (app->past.shown || app_fork_on(app)) {
        return; /* B, or what is looked at, is the way back */
    }
    rescue->index = find(app, &now->settings);
    if (rescue->index >= 0) {
        rescue->step = ls_timeline_step(app->past.timeline, rescue->index);
        rescue->settings = *ls_timeline_settings(app->past.timeline, rescue->index);
        rescue->offered = true;
        return;
    }
    /* It had these settings from its beginning: the weights stay, and the likely cause becomes usual. */
    const LsSetting *cause = ls_blame_find(&now->settings);
    rescue->offered =
        cause != NULL && ls_setting_parse(cause, cause->fallback, &rescue->settings, NULL);
}

void app_rescue_forget(App *app)
{
    app->rescue.offered = false;
}

static void go_back(App *app)
{
    const AppRescue *rescue = &app->rescue;
    LsSnapshot snapshot;
    LsError err;
    LsCheckpoint *checkpoint = NULL;
    if (rescue->index < 0) {
        app_session_apply(app, &rescue->settings, true);
        return;
    }
    if (!ls_timeline_open(app->past.timeline, rescue->index, &snapshot, &err) ||
        (checkpoint = ls_snapshot_checkpoint(&snapshot, &err)) == NULL) {
        ui_message(app->ui, true, err.text);
        return;
    }
    app_runs_keep(app, app->view.snapshot, &app->view.settings, "stopped");
    if (app_session_replace(app, checkpoint, &rescue->settings, rescue->step, "model")) {
        char step[32];
        char text[128];
        ls_text_thousands(rescue->step, step);
        (void)snprintf(text, sizeof text,
                       "Back at step %s with the settings it had. Space trains on.", step);
        ui_message(app->ui, false, text);
    }
}

void app_rescue_take(App *app)
{
    if (!app->rescue.offered) {
        ui_message(app->ui, false, "Nothing has gone wrong that could be gone back from.");
        return;
    }
    go_back(app);
    app->rescue.offered = false;
}

void app_rescue_draw(App *app)
{
    AppRescue *rescue = &app->rescue;
    if (rescue->offered && (app->view.training || app->past.shown || app_fork_on(app))) {
        rescue->offered = false;
    }
    if (!rescue->offered) {
        return;
    }
    Ui *ui = app->ui;
    char step[32];
    char label[64];
    ls_text_thousands(rescue->step, step);
    (void)snprintf(label, sizeof label, "Go back to step %s", step);
    const char *text = rescue->index >= 0
                           ? "Training stopped by itself. Weights and settings of before:"
                           : "Training stopped by itself. With the likely cause at its default:";
    const float go = ui_button_width(ui, label, UI_LOOK_PRIMARY);
    const float no = ui_button_width(ui, "Stay here", UI_LOOK_PLAIN);
    const UiRect window = ui_bounds(ui);
    const UiRect curves = app_layout_make(window).bottom;
    const float wanted = ui_text_width(ui, UI_FONT_BODY, text) + go + no + 5 * UI_PAD;
    const float w = wanted < window.w - 2 * UI_PAD ? wanted : window.w - 2 * UI_PAD;
    UiRect strip = {(window.w - w) / 2, curves.y + 3 * UI_GRID, w, HEIGHT};
    ui_draw_layer(ui, 1);
    ui_area(ui, "rescue", strip, false);
    ui_draw_round(ui, strip, UI_RADIUS, UI_RAISED);
    ui_draw_frame(ui, strip, UI_RADIUS, 1, UI_BAD);
    strip = ui_rect_inset(strip, UI_GRID);
    ui_rect_cut_left(&strip, UI_PAD / 2.0F);
    const UiRect button = ui_rect_cut_right(&strip, go);
    const bool yes = ui_button(ui, "train.back", button, label, UI_LOOK_PRIMARY, false, true);
    ui_tooltip(ui, button, "Restores the newest state that was sound, with the settings it had.",
               "Alt+Z");
    strip.w -= UI_GRID;
    const bool later = ui_button(ui, "rescue.no", ui_rect_cut_right(&strip, no), "Stay here",
                                 UI_LOOK_PLAIN, false, true);
    ui_draw_text(ui, strip, UI_FONT_BODY, UI_LEFT, UI_TEXT, text);
    ui_draw_layer(ui, 0);
    if (yes) {
        app_rescue_take(app);
    } else if (later) {
        rescue->offered = false;
    }
}
