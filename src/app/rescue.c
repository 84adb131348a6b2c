#include "app/rescue.h"

#include <math.h>
#include <stdio.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"
#include "latentscape/train/blame.h"

#include "app/app.h"
#include "app/session.h"

enum {
    BUTTON_H = 28,
    TEXT_W = 420, /* px of the sentence, at most */
    ABOVE = 86    /* px below the strip: the status line, and a message of one line */
};

/* Weights of a trained model stay below ten or so; beyond this a state was torn already. */
static const float weight_sound = 100;

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

/* The newest state of the past whose weights are sound and whose settings are other ones, or, where
 * there is a cause, have another value of that; -1: there is none. */
static int find(LsTimeline *timeline, const LsTrainSettings *bad, const LsSetting *cause)
{
    LsSnapshot snapshot;
    for (int i = timeline != NULL ? ls_timeline_count(timeline) - 1 : -1; i >= 0; i--) {
        const LsTrainSettings *then = ls_timeline_settings(timeline, i);
        const bool same =
            cause != NULL ? ls_setting_equal(cause, then, bad) : ls_train_settings_equal(then, bad);
        if (!same && ls_timeline_open(timeline, i, &snapshot, NULL) && is_sound(&snapshot)) {
            return i;
        }
    }
    return -1;
}

/* Two changes may follow one another so soon that a sound state lies between them: where only the
 * second is taken back, the first tears the model again. */
static int find_cured(LsTimeline *timeline, const LsTrainSettings *bad)
{
    const int cured = find(timeline, bad, ls_blame_find(bad));
    return cured >= 0 ? cured : find(timeline, bad, NULL);
}

static void name_plan(AppRescue *plan, uint64_t now)
{
    char step[32];
    ls_text_thousands(plan->step, step);
    (void)snprintf(plan->label, sizeof plan->label, "%s step %s",
                   plan->step < now ? "Go back further, to" : "Go back to", step);
}

/* What is offered, all but its name. */
static AppRescue make_plan(LsTimeline *timeline, const LsSnapshot *now)
{
    AppRescue plan = {.index = find_cured(timeline, &now->settings),
                      .step = now->step,
                      .settings = now->settings,
                      .help =
                          "Restores the newest state that was sound, with the settings it had."};
    (void)snprintf(plan.text, sizeof plan.text, "%s", now->fault.text);
    plan.offered = plan.index >= 0;
    if (plan.offered) {
        plan.settings = *ls_timeline_settings(timeline, plan.index);
        const uint64_t step = ls_timeline_step(timeline, plan.index);
        if (step <= now->step) {
            plan.step = step;
        } else { /* The model is back further than that already: "back" never leads forward. */
            plan.index = -1;
            plan.help = "Keeps these weights, with the settings of before the last change.";
        }
        return plan;
    }
    /* It had these settings from its beginning: the weights stay, and the likely cause becomes
     * usual. */
    const LsSetting *cause = ls_blame_find(&now->settings);
    plan.help = "Keeps these weights, and gives the likely cause the value that is usual.";
    plan.offered = cause != NULL && ls_setting_parse(cause, cause->fallback, &plan.settings, NULL);
    return plan;
}

AppRescue app_rescue_plan(LsTimeline *timeline, const LsSnapshot *now)
{
    AppRescue plan = make_plan(timeline, now);
    name_plan(&plan, now->step);
    return plan;
}

void app_rescue_offer(App *app)
{
    if (app_fork_on(app)) {
        (void)app_rescue_offer_side(app, 0);
        return;
    }
    app->rescue = app_rescue_plan(app->past.timeline, app->view.snapshot);
    if (app->past.shown) {
        app->rescue.offered = false; /* what is looked at is the way back */
    }
}

bool app_rescue_offer_side(App *app, int torn)
{
    static const char *const labels[] = {"Keep A", "Keep B"};
    static const char *const helps[] = {"Ends the fork and goes on with A.",
                                        "Ends the fork and goes on with B in its place."};
    const LsSnapshot *const side[] = {app->view.snapshot, app->fork.view.snapshot};
    const int keep = 1 - torn;
    app->rescue = (AppRescue){
        .offered = !side[keep]->burst, .of_fork = true, .keep = keep, .help = helps[keep]};
    (void)snprintf(app->rescue.label, sizeof app->rescue.label, "%s", labels[keep]);
    (void)snprintf(app->rescue.text, sizeof app->rescue.text, "%c: %.250s", torn == 1 ? 'B' : 'A',
                   side[torn]->fault.text);
    return app->rescue.offered;
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
    if (rescue->of_fork) {
        app_fork_keep(app, rescue->keep);
        app_session_rest(app); /* what was told to the one that is kept may be under way */
        return;
    }
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
    const bool other = app_fork_on(app) != rescue->of_fork;
    if (rescue->offered && (app->view.training || app->past.shown || other)) {
        rescue->offered = false;
    }
    if (!rescue->offered) {
        return;
    }
    Ui *ui = app->ui;
    const float go = ui_button_width(ui, rescue->label, UI_LOOK_PRIMARY);
    const float no = ui_button_width(ui, "Stay here", UI_LOOK_PLAIN);
    const UiRect window = ui_bounds(ui);
    const float around = go + no + UI_GRID + 3 * UI_PAD;
    const float text_w = fminf(TEXT_W, window.w - 2 * UI_PAD - around);
    const float text_h = ui_draw_paragraph(ui, (UiRect){0, 0, text_w, 0}, UI_FONT_BODY, UI_TEXT,
                                           rescue->text, false);
    const float h = fmaxf(text_h, BUTTON_H) + 2 * UI_PAD;
    UiRect strip = {floorf((window.w - text_w - around) / 2), floorf(window.h - ABOVE - h),
                    text_w + around, h};
    ui_draw_layer(ui, 1);
    ui_area(ui, "rescue", strip, false);
    ui_draw_round(ui, strip, UI_RADIUS, UI_RAISED);
    ui_draw_frame(ui, strip, UI_RADIUS, 1, UI_BAD);
    strip = ui_rect_inset(strip, UI_PAD);
    const UiRect text = {strip.x, strip.y + floorf((strip.h - text_h) / 2), text_w, text_h};
    (void)ui_draw_paragraph(ui, text, UI_FONT_BODY, UI_TEXT, rescue->text, true);
    strip.y += floorf((strip.h - BUTTON_H) / 2);
    strip.h = BUTTON_H;
    const UiRect button = ui_rect_cut_right(&strip, go);
    const bool yes =
        ui_button(ui, "train.back", button, rescue->label, UI_LOOK_PRIMARY, false, true);
    ui_tooltip(ui, button, rescue->help, "Alt+Z");
    strip.w -= UI_GRID;
    const bool later = ui_button(ui, "rescue.no", ui_rect_cut_right(&strip, no), "Stay here",
                                 UI_LOOK_PLAIN, false, true);
    ui_draw_layer(ui, 0);
    if (yes) {
        app_rescue_take(app);
    } else if (later) {
        rescue->offered = false;
    }
}
