/* Loss panel, plots, top bar and status line, worked off screen as a person works them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"
#include "latentscape/train/preset.h"

#include "views/curves.h"
#include "views/guide.h"
#include "views/loss_panel.h"
#include "views/status.h"
#include "views/topbar.h"

typedef struct Scene {
    Ui *ui;
    LsDataset data;
    LsSnapshot snapshot;
    LsHistory *history;
    View view;
    ViewLossPanel *panel;
    ViewCurves *curves;
    double now;
    /* what the views asked for */
    int edits, dones;
    LsTrainSettings edited;
    char acted[64];
} Scene;

static const ViewAction known[] = {
    {"train.toggle", "Train / Pause", "Space", "Let the model learn, or hold it still."},
    {"train.step", "One step", "T", "Train on one minibatch."},
    {"train.reset", "Reset", "R", "Begin again."},
    {"edit.undo", "Undo", "Ctrl+Z", "Take back the last change."},
};

static void act(void *app, const char *name)
{
    Scene *scene = app;
    (void)snprintf(scene->acted, sizeof scene->acted, "%s", name);
}

static const ViewAction *action(void *app, const char *name)
{
    (void)app;
    for (size_t i = 0; i < LS_COUNT(known); i++) {
        if (strcmp(known[i].name, name) == 0) {
            return &known[i];
        }
    }
    return NULL;
}

static void edit(void *app, const LsTrainSettings *settings, bool done)
{
    Scene *scene = app;
    scene->edited = *settings;
    scene->view.settings = *settings;
    scene->edits++;
    scene->dones += done;
}

static void draw(Scene *scene)
{
    ui_begin(scene->ui, scene->now);
    UiRect rest = ui_bounds(scene->ui);
    view_topbar_draw(&scene->view, ui_rect_cut_top(&rest, VIEW_TOPBAR_H));
    const UiRect status = ui_rect_cut_bottom(&rest, VIEW_STATUS_H);
    view_curves_draw(scene->curves, &scene->view, ui_rect_cut_bottom(&rest, 160));
    view_loss_panel_draw(scene->panel, &scene->view, ui_rect_cut_right(&rest, 368));
    view_status_draw(&scene->view, status);
    ui_end(scene->ui);
    scene->now += 1.0 / 60;
}

static int setup(void **state)
{
    LsError err;
    Scene *scene = ls_memory_items(1, sizeof *scene, &err);
    assert_non_null(scene);
    const UiOptions options = {
        .title = "test", .width = 1280, .height = 940, .scale = 1, .offscreen = true};
    scene->ui = ui_create(&options, &err);
    scene->history = ls_history_create(&err);
    scene->panel = view_loss_panel_create(&err);
    scene->curves = view_curves_create(&err);
    assert_non_null(scene->ui);
    assert_non_null(scene->history);
    assert_non_null(scene->panel);
    assert_non_null(scene->curves);
    scene->now = 1;
    scene->data = (LsDataset){.name = "digits", .train = {.count = 9000}};
    scene->snapshot = (LsSnapshot){
        .serial = 1, .model_id = 1, .model = {.pixels = 784}, .settings = ls_train_settings_make()};
    scene->view = (View){.ui = scene->ui,
                         .data = &scene->data,
                         .snapshot = &scene->snapshot,
                         .history = scene->history,
                         .settings = ls_train_settings_make(),
                         .host = {scene, act, action, edit},
                         .can_undo = true,
                         .model_name = "digits-2d"};
    draw(scene);
    *state = scene;
    return 0;
}

static int teardown(void **state)
{
    Scene *scene = *state;
    view_curves_destroy(scene->curves);
    view_loss_panel_destroy(scene->panel);
    ls_history_destroy(scene->history);
    ui_destroy(scene->ui);
    ls_memory_free(scene);
    return 0;
}

static void move(Scene *scene, float x, float y)
{
    SDL_Event event = {.motion = {.type = SDL_MOUSEMOTION, .x = (int)x, .y = (int)y}};
    (void)ui_event(scene->ui, &event);
    draw(scene);
}

static void press(Scene *scene, float x, float y, bool down)
{
    SDL_Event event = {.button = {.type = down ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP,
                                  .button = SDL_BUTTON_LEFT,
                                  .state = down,
                                  .clicks = 1,
                                  .x = (int)x,
                                  .y = (int)y}};
    (void)ui_event(scene->ui, &event);
    draw(scene);
}

static UiRect find(Scene *scene, const char *id)
{
    UiRect rect = {0};
    draw(scene);
    if (!ui_find(scene->ui, id, &rect)) {
        fail_msg("There is no \"%s\" to be seen.", id);
    }
    return rect;
}

static void click(Scene *scene, const char *id)
{
    const UiRect rect = find(scene, id);
    const float x = rect.x + rect.w / 2;
    const float y = rect.y + rect.h / 2;
    move(scene, x, y);
    press(scene, x, y, true);
    press(scene, x, y, false);
    scene->now += 1; /* the next press is no double click */
}

static void key(Scene *scene, SDL_Keycode sym, int mod)
{
    SDL_Event event = {.key = {.type = SDL_KEYDOWN, .keysym = {.sym = sym, .mod = (Uint16)mod}}};
    (void)ui_event(scene->ui, &event);
    event.key.type = SDL_KEYUP;
    (void)ui_event(scene->ui, &event);
    draw(scene);
}

static void type(Scene *scene, const char *text)
{
    SDL_Event event = {.text = {.type = SDL_TEXTINPUT}};
    (void)snprintf(event.text.text, sizeof event.text.text, "%s", text);
    (void)ui_event(scene->ui, &event);
    draw(scene);
}

/* Steps 1 .. count, an evaluation every 50. */
static void train(Scene *scene, uint64_t count)
{
    for (uint64_t step = 1; step <= count; step++) {
        const LsLossValues values = {130 + 400 * exp(-(double)step / 10), 7, 900, 0};
        LsMetric metric = {.step = step, .images = step * 128, .train = values};
        ls_history_add(scene->history, &metric);
        if (step % 50 == 0) {
            metric.evaluated = true;
            metric.heldout = values;
            ls_history_add(scene->history, &metric);
        }
    }
    scene->snapshot.step = count;
}

static void a_switch_reaches_the_program_as_one_finished_change(void **state)
{
    Scene *scene = *state;
    click(scene, "div_on");
    assert_false(scene->edited.div_on);
    assert_int_equal(scene->dones, 1);
    click(scene, "reg_on"); /* it is on, but has no weight: to the person it is off */
    assert_true(scene->edited.reg_on && scene->edited.w_reg > 0);
    assert_int_equal(scene->dones, 2);
}

static void a_drag_of_a_weight_is_many_changes_and_finishes_once(void **state)
{
    Scene *scene = *state;
    const UiRect slider = find(scene, "beta");
    const float y = slider.y + slider.h / 2;
    move(scene, slider.x + slider.w * 0.5F, y);
    press(scene, slider.x + slider.w * 0.5F, y, true);
    for (int i = 1; i <= 10; i++) {
        move(scene, slider.x + slider.w * (0.5F + 0.03F * (float)i), y);
    }
    press(scene, slider.x + slider.w * 0.8F, y, false);
    assert_true(scene->edits > 5);
    assert_int_equal(scene->dones, 1);
    assert_true(scene->edited.beta > 2);
}

static void a_figure_can_be_typed(void **state)
{
    Scene *scene = *state;
    click(scene, "lr.figure");
    key(scene, SDLK_a, KMOD_LCTRL);
    type(scene, "0.002");
    key(scene, SDLK_RETURN, 0);
    assert_true(scene->edited.lr == 0.002);
    assert_int_equal(scene->dones, 1);
}

static void the_period_is_there_only_for_a_schedule_that_has_one(void **state)
{
    Scene *scene = *state;
    UiRect rect;
    (void)find(scene, "period"); /* the default has one */
    LsError err = {0};
    assert_true(ls_setting_apply(ls_train_settings_table(), "schedule=constant",
                                 sizeof scene->view.settings, &scene->view.settings, &err));
    draw(scene);
    assert_false(ui_find(scene->ui, "period", &rect));
}

static void a_mean_over_pixels_is_shown_where_it_is_chosen_or_asked_for(void **state)
{
    Scene *scene = *state;
    UiRect rect;
    assert_false(ui_find(scene->ui, "rec_over", &rect)); /* the sum is what one starts with */
    click(scene, "rec.more");
    (void)find(scene, "rec_over");
    click(scene, "rec.more");
    draw(scene);
    draw(scene);
    assert_false(ui_find(scene->ui, "rec_over", &rect));
    ls_preset_apply(ls_preset_find("mean", NULL), &scene->view.settings);
    (void)find(scene, "rec_over");
    scene->view.settings = ls_train_settings_make(); /* undone */
    draw(scene);
    draw(scene);
    assert_false(ui_find(scene->ui, "rec_over", &rect));
}

static void sizes_wait_until_they_are_applied(void **state)
{
    Scene *scene = *state;
    UiRect rect;
    assert_false(ui_find(scene->ui, "model.apply", &rect));
    click(scene, "hidden");
    key(scene, SDLK_a, KMOD_LCTRL);
    type(scene, "64,x");
    click(scene, "model.apply"); /* not while it is no list of sizes */
    assert_int_equal(scene->edits, 0);
    click(scene, "hidden");
    key(scene, SDLK_a, KMOD_LCTRL);
    type(scene, "64,32");
    assert_int_equal(scene->edits, 0);
    click(scene, "model.apply");
    assert_int_equal(scene->dones, 1);
    assert_int_equal(scene->edited.hidden.count, 2);
    assert_int_equal(scene->edited.hidden.value[1], 32);
    draw(scene);
    draw(scene);
    assert_false(ui_find(scene->ui, "model.apply", &rect));
}

static void staging_moves_nothing_under_the_hand(void **state)
{
    Scene *scene = *state;
    UiRect before = {0};
    UiRect after = {0};
    for (int i = 0; i < 8; i++) {
        ui_begin(scene->ui, scene->now);
        view_loss_panel_draw(scene->panel, &scene->view, (UiRect){900, 50, 368, 590});
        ui_end(scene->ui);
        scene->now += 1.0 / 60;
        if (i == 0) {
            ui_focus(scene->ui, "hidden");
        } else if (i == 3) { /* what has the focus is in sight */
            assert_true(ui_find(scene->ui, "latent", &before));
        } else if (i == 4) {
            SDL_Event event = {.text = {.type = SDL_TEXTINPUT, .text = "64"}};
            (void)ui_event(scene->ui, &event);
        }
    }
    assert_true(ui_find(scene->ui, "model.apply", &after));
    assert_true(ui_find(scene->ui, "latent", &after));
    assert_true(before.y == after.y);
}

static void revert_gives_up_what_was_staged(void **state)
{
    Scene *scene = *state;
    UiRect rect;
    click(scene, "seed");
    key(scene, SDLK_a, KMOD_LCTRL);
    type(scene, "9223372036854775807");
    click(scene, "model.revert");
    draw(scene);
    draw(scene);
    assert_int_equal(scene->edits, 0);
    assert_false(ui_find(scene->ui, "model.apply", &rect));
}

static void a_new_seed_starts_the_model_anew(void **state)
{
    Scene *scene = *state;
    click(scene, "seed");
    key(scene, SDLK_a, KMOD_LCTRL);
    type(scene, "9223372036854775807");
    click(scene, "model.apply");
    assert_true(scene->edited.seed == 9223372036854775807U);
    assert_string_equal(scene->acted, "train.reset");
}

static void buttons_run_actions_and_missing_actions_have_no_button(void **state)
{
    Scene *scene = *state;
    UiRect rect;
    click(scene, "train.toggle");
    assert_string_equal(scene->acted, "train.toggle");
    click(scene, "edit.undo");
    assert_string_equal(scene->acted, "edit.undo");
    assert_false(ui_find(scene->ui, "model.open", &rect));
    assert_false(ui_find(scene->ui, "menu.Export", &rect));
}

static void plots_begin_with_the_first_step(void **state)
{
    Scene *scene = *state;
    UiRect rect;
    assert_false(ui_find(scene->ui, "curve.rec", &rect));
    train(scene, 300);
    (void)find(scene, "curve.rec");
    (void)find(scene, "curve.kl");
    (void)find(scene, "curve.total");
    assert_false(ui_find(scene->ui, "curve.reg", &rect));
    click(scene, "curves.reg"); /* the turn of the regularization */
    (void)find(scene, "curve.reg");
    assert_false(ui_find(scene->ui, "curve.total", &rect));
}

static void a_trained_regularization_has_a_plot_of_its_own(void **state)
{
    Scene *scene = *state;
    train(scene, 300);
    scene->view.settings.w_reg = 0.01;
    (void)find(scene, "curve.reg");
    (void)find(scene, "curve.total");
}

static void reading_the_plots_tells_what_the_mouse_can_do(void **state)
{
    Scene *scene = *state;
    train(scene, 300);
    const UiRect plot = find(scene, "curve.kl");
    move(scene, plot.x + plot.w / 2, plot.y + plot.h / 2);
    assert_null(scene->view.hint); /* the status line took it */
    for (int i = 0; i < 40; i++) { /* zooming in for ever stays within the run */
        SDL_Event event = {.wheel = {.type = SDL_MOUSEWHEEL, .y = 1, .preciseY = 1}};
        (void)ui_event(scene->ui, &event);
        draw(scene);
    }
    (void)find(scene, "curve.kl");
}

static void the_status_line_tells_nothing_of_a_model_long_gone(void **state)
{
    Scene *scene = *state;
    UiRect at;
    assert_false(ui_find(scene->ui, "status.backend", &at)); /* no step yet: it is not chosen */
    scene->snapshot.backend = LS_BACKEND_OPENBLAS;
    scene->snapshot.exact = (LsExactMeans){.images = 192, .log_p = -545, .gap = 6};
    scene->snapshot.exact_step = 0; /* as made, before the first step */
    scene->snapshot.step = 10;
    draw(scene);
    assert_true(ui_find(scene->ui, "status.backend", &at));
    assert_true(ui_find(scene->ui, "status.exact", &at));
    scene->snapshot.step = 500;
    draw(scene);
    assert_false(ui_find(scene->ui, "status.exact", &at));
    scene->snapshot.exact_step = 400;
    draw(scene);
    assert_true(ui_find(scene->ui, "status.exact", &at));
}

static void a_short_status_line_leaves_room_for_its_hint(void **state)
{
    Scene *scene = *state;
    static const char hint[] =
        "Drag to leave a trail · wheel zooms · right-drag pans · double-click fits";
    scene->snapshot.backend = LS_BACKEND_OPENBLAS;
    scene->snapshot.exact = (LsExactMeans){.images = 192, .log_p = -545, .gap = 6};
    UiRect at = {0};
    for (int width = 900; width <= 1920; width += 60) {
        ui_begin(scene->ui, scene->now);
        view_status_draw(&scene->view, (UiRect){0, 0, (float)width, VIEW_STATUS_H});
        ui_end(scene->ui);
        float end = 0;
        static const char *const cells[] = {"status.step",  "status.elbo",   "status.speed",
                                            "status.exact", "status.frames", "status.backend"};
        for (size_t i = 0; i < LS_COUNT(cells); i++) {
            const bool shown = ui_find(scene->ui, cells[i], &at);
            assert_true(shown || (i > 2 && width < 1280)); /* the figures that matter always are */
            end = shown ? fmaxf(end, at.x + at.w) : end;
        }
        assert_true((float)width - 16 - end >= ui_text_width(scene->ui, UI_FONT_SMALL, hint));
    }
}

static void the_help_fits_a_narrow_dialog(void **state)
{
    Scene *scene = *state;
    ViewGuide guide = {0};
    for (int i = 0; i < 3; i++) {
        bool close = false;
        ui_begin(scene->ui, scene->now);
        const UiRect inside = ui_dialog_begin(scene->ui, "help", 400, 300, "Keys", &close);
        view_guide_draw(&guide, &scene->view, inside, known, LS_COUNT(known));
        ui_dialog_end(scene->ui);
        ui_end(scene->ui);
    }
    assert_true(guide.height > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_switch_reaches_the_program_as_one_finished_change, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_drag_of_a_weight_is_many_changes_and_finishes_once, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_figure_can_be_typed, setup, teardown),
        cmocka_unit_test_setup_teardown(the_period_is_there_only_for_a_schedule_that_has_one, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_mean_over_pixels_is_shown_where_it_is_chosen_or_asked_for,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(sizes_wait_until_they_are_applied, setup, teardown),
        cmocka_unit_test_setup_teardown(staging_moves_nothing_under_the_hand, setup, teardown),
        cmocka_unit_test_setup_teardown(revert_gives_up_what_was_staged, setup, teardown),
        cmocka_unit_test_setup_teardown(a_new_seed_starts_the_model_anew, setup, teardown),
        cmocka_unit_test_setup_teardown(buttons_run_actions_and_missing_actions_have_no_button,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(plots_begin_with_the_first_step, setup, teardown),
        cmocka_unit_test_setup_teardown(a_trained_regularization_has_a_plot_of_its_own, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(reading_the_plots_tells_what_the_mouse_can_do, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_status_line_tells_nothing_of_a_model_long_gone, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_short_status_line_leaves_room_for_its_hint, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_help_fits_a_narrow_dialog, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
