/* The plots below the map, worked off screen: what is known gives a plot, what is not gives a word. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"

#include "views/curve_gap.h"
#include "views/curve_marks.h"
#include "views/curve_runs.h"
#include "views/curves.h"
#include "views/rate_distortion.h"
#include "views/stack.h"

typedef struct Scene {
    Ui *ui;
    LsDataset data;
    LsSnapshot snapshot;
    LsHistory *history, *other;
    ViewRun run;
    View view;
    ViewCurves *curves;
    ViewStack *stack;
    ViewRateDistortion *plane;
    int page;
    float width;
    double now;
    int edits;
    LsTrainSettings edited;
} Scene;

static void edit(void *app, const LsTrainSettings *settings, bool done)
{
    Scene *scene = app;
    scene->edits += done;
    scene->edited = *settings;
}

static bool draw(Scene *scene)
{
    ui_begin(scene->ui, scene->now);
    const UiRect rect = {8, 8, scene->width, 160};
    view_curves_note(scene->curves, &scene->view);
    if (scene->page == 0) {
        view_curves_draw(scene->curves, &scene->view, rect);
    } else if (scene->page == 1) {
        view_stack_draw(scene->stack, &scene->view, scene->curves, rect);
    } else {
        view_rate_distortion_draw(scene->plane, &scene->view, rect);
    }
    scene->now += 1.0 / 60;
    return ui_end(scene->ui);
}

static int setup(void **state)
{
    LsError err;
    Scene *scene = ls_memory_items(1, sizeof *scene, &err);
    assert_non_null(scene);
    scene->ui = ui_create(
        &(UiOptions){.title = "test", .width = 1280, .height = 400, .scale = 1, .offscreen = true},
        &err);
    scene->history = ls_history_create(&err);
    scene->other = ls_history_create(&err);
    scene->curves = view_curves_create(&err);
    scene->stack = view_stack_create(&err);
    scene->plane = view_rate_distortion_create(&err);
    assert_true(scene->ui && scene->history && scene->other && scene->curves && scene->stack &&
                scene->plane);
    scene->now = 1;
    scene->width = 1264;
    scene->snapshot =
        (LsSnapshot){.serial = 1, .model_id = 1, .settings = ls_train_settings_make()};
    scene->run = (ViewRun){"B", UI_SIDE_B, scene->other, &scene->snapshot.settings};
    scene->view = (View){.ui = scene->ui,
                         .data = &scene->data,
                         .snapshot = &scene->snapshot,
                         .history = scene->history,
                         .settings = ls_train_settings_make(),
                         .host = {.app = scene, .edit = edit}};
    *state = scene;
    return 0;
}

static int teardown(void **state)
{
    Scene *scene = *state;
    view_rate_distortion_destroy(scene->plane);
    view_stack_destroy(scene->stack);
    view_curves_destroy(scene->curves);
    ls_history_destroy(scene->other);
    ls_history_destroy(scene->history);
    ui_destroy(scene->ui);
    ls_memory_free(scene);
    return 0;
}

/* A run that falls from 500 to 130 nats, judged every 50 steps, held out 10 nats worse. */
static void train(Scene *scene, LsHistory *history, uint64_t first, uint64_t last)
{
    for (uint64_t step = first; step <= last; step++) {
        const double rec = 130 + 370 * exp(-(double)step / 60);
        LsMetric metric = {.step = step,
                           .train = {.rec = rec, .kl = 6, .reg = 100, .total = rec + 6},
                           .part = {(float)rec, 6, 0}};
        ls_history_add(history, &metric);
        if (step % 50 == 0) {
            metric.evaluated = true;
            metric.heldout = metric.train;
            metric.heldout.rec += 10;
            metric.heldout.total += 10;
            metric.heldout_bce = rec + 10;
            metric.heldout_kl = 6 * (1 - exp(-(double)step / 100));
            metric.heldout_elbo = -metric.heldout_bce - metric.heldout_kl;
            metric.train_elbo = metric.heldout_elbo + 10;
            metric.axes = 2;
            metric.axis_kl[0] = 4;
            metric.axis_kl[1] = (float)metric.heldout_kl - 4;
            ls_history_add(history, &metric);
            scene->snapshot.evaluation = metric;
        }
    }
    scene->snapshot.step = last;
}

static bool shown(const Scene *scene, const char *id)
{
    UiRect rect;
    return ui_find(scene->ui, id, &rect);
}

static void click(Scene *scene, const char *id)
{
    UiRect rect;
    assert_true(ui_find(scene->ui, id, &rect));
    const int x = (int)(rect.x + rect.w / 2);
    const int y = (int)(rect.y + rect.h / 2);
    SDL_Event event = {.motion = {.type = SDL_MOUSEMOTION, .x = x, .y = y}};
    (void)ui_event(scene->ui, &event);
    draw(scene);
    event = (SDL_Event){.button = {.type = SDL_MOUSEBUTTONDOWN, .button = 1, .clicks = 1}};
    event.button.x = x;
    event.button.y = y;
    (void)ui_event(scene->ui, &event);
    draw(scene);
    event.type = SDL_MOUSEBUTTONUP;
    (void)ui_event(scene->ui, &event);
    draw(scene);
}

static void a_run_without_steps_is_a_sentence_on_every_page(void **state)
{
    Scene *scene = *state;
    static const char *const plots[] = {"curve.rec", "stack.plot", "rate.plane"};
    for (scene->page = 0; scene->page < 3; scene->page++) {
        draw(scene);
        assert_false(shown(scene, plots[scene->page]));
    }
}

static void every_page_draws_short_and_long_runs_at_any_width(void **state)
{
    Scene *scene = *state;
    static const char *const plots[] = {"curve.rec", "stack.plot", "rate.plane"};
    static const uint64_t lengths[] = {1, 2, 50, 120, 3000, 100000};
    static const float widths[] = {784, 1264, 300, 1000};
    uint64_t from = 1;
    for (size_t i = 0; i < LS_COUNT(lengths); i++) {
        train(scene, scene->history, from, lengths[i]);
        from = lengths[i] + 1;
        for (size_t w = 0; w < LS_COUNT(widths); w++) {
            scene->width = widths[w];
            for (scene->page = 0; scene->page < 3; scene->page++) {
                draw(scene);
                const bool enough = scene->page == 0 || lengths[i] >= (scene->page == 1 ? 2 : 50);
                assert_true(!enough || shown(scene, plots[scene->page]));
            }
        }
    }
}

static void the_gap_is_held_out_less_training(void **state)
{
    Scene *scene = *state;
    ViewKinds kinds = {0};
    train(scene, scene->history, 1, 40);
    assert_true(isnan(view_curve_gap_figure(&scene->view, &kinds, LS_SERIES_REC)));
    train(scene, scene->history, 41, 400);
    assert_float_equal(view_curve_gap_figure(&scene->view, &kinds, LS_SERIES_REC), 10, 1e-9);
    assert_float_equal(view_curve_gap_figure(&scene->view, &kinds, LS_SERIES_KL), 0, 1e-9);
    assert_true(isnan(view_curve_gap_figure(&scene->view, &kinds, LS_SERIES_REG)));
}

static void the_gap_of_a_total_is_not_known_between_a_change_and_its_evaluation(void **state)
{
    Scene *scene = *state;
    LsTrainSettings settings = scene->view.settings;
    train(scene, scene->history, 1, 410);
    assert_true(isinf(view_curve_gap_known(&scene->view, LS_SERIES_TOTAL)));
    ls_history_mark(scene->history, 410, "β 1 → 4");
    assert_float_equal(view_curve_gap_known(&scene->view, LS_SERIES_TOTAL), 410, 0);
    settings.beta = 4;
    ls_history_settle(scene->history, 410, &settings);
    train(scene, scene->history, 411, 420);
    assert_float_equal(view_curve_gap_known(&scene->view, LS_SERIES_TOTAL), 410, 0);
    assert_true(isinf(view_curve_gap_known(&scene->view, LS_SERIES_REC)));
    ls_history_mark(scene->history, 420, "η 0.003 → 0.001"); /* which is no other loss */
    settings.lr = 0.001;
    ls_history_settle(scene->history, 420, &settings);
    assert_float_equal(view_curve_gap_known(&scene->view, LS_SERIES_TOTAL), 410, 0);
    train(scene, scene->history, 421, 450);
    assert_true(isinf(view_curve_gap_known(&scene->view, LS_SERIES_TOTAL)));
    ls_history_mark(scene->history, 451, "η 0.001 → 0.002");
    settings.lr = 0.002;
    ls_history_settle(scene->history, 451, &settings);
    assert_true(isinf(view_curve_gap_known(&scene->view, LS_SERIES_TOTAL)));
}

/* Changed at rest, the weights that are there are judged anew, with the new loss. */
static void an_evaluation_at_the_step_of_a_change_may_be_of_either_loss(void **state)
{
    Scene *scene = *state;
    LsTrainSettings settings = scene->view.settings;
    train(scene, scene->history, 1, 400);
    ls_history_mark(scene->history, 400, "β 1 → 4");
    settings.beta = 4;
    ls_history_settle(scene->history, 400, &settings);
    assert_float_equal(view_curve_gap_known(&scene->view, LS_SERIES_TOTAL), 400, 0);
    LsMetric anew = scene->snapshot.evaluation;
    anew.heldout.total = anew.heldout.rec + 4 * anew.heldout.kl;
    ls_history_add(scene->history, &anew);
    assert_true(isinf(view_curve_gap_known(&scene->view, LS_SERIES_TOTAL)));
}

/* How many pixels of a part of the window are of a colour, or nearly: of small letters few are wholly. */
static int count_color(const Scene *scene, UiRect part, UiColor color)
{
    uint8_t *rgb = NULL;
    int w = 0;
    int h = 0;
    int count = 0;
    assert_true(ui_read_pixels(scene->ui, &rgb, &w, &h, NULL));
    for (int y = (int)part.y; y < (int)(part.y + part.h) && y < h; y++) {
        for (int x = (int)part.x; x < (int)(part.x + part.w) && x < w; x++) {
            const uint8_t *p = rgb + 3 * ((size_t)y * (size_t)w + (size_t)x);
            count += abs(p[0] - color.r) + abs(p[1] - color.g) + abs(p[2] - color.b) < 60;
        }
    }
    ls_memory_free(rgb);
    return count;
}

/* How many pixels of the card of the total are as the gap's shade over the card. */
static int count_shade(Scene *scene)
{
    UiRect card;
    const UiColor over = ui_color_fade(UI_TOTAL, 0.16F);
    const float part = (float)over.a / 255;
    draw(scene);
    assert_true(ui_find(scene->ui, "curve.total", &card));
    const UiColor seen = {(uint8_t)((float)over.r * part + (float)UI_CARD.r * (1 - part)),
                          (uint8_t)((float)over.g * part + (float)UI_CARD.g * (1 - part)),
                          (uint8_t)((float)over.b * part + (float)UI_CARD.b * (1 - part)), 255};
    return count_color(scene, card, seen);
}

static void the_shade_of_a_total_stops_at_a_change(void **state)
{
    Scene *scene = *state;
    LsTrainSettings settings = scene->view.settings;
    train(scene, scene->history, 1, 100);
    ls_history_mark(scene->history, 100, "η 0.003 → 0.001");
    settings.lr = 0.001;
    ls_history_settle(scene->history, 100, &settings);
    train(scene, scene->history, 101, 400);
    ls_history_mark(scene->history, 401, "η 0.001 → 0.002");
    settings.lr = 0.002;
    ls_history_settle(scene->history, 401, &settings);
    train(scene, scene->history, 401, 449);
    const int whole = count_shade(scene);
    settings.beta = 4;
    ls_history_settle(scene->history, 401, &settings);
    const int stopped = count_shade(scene);
    assert_true(whole > 200);
    assert_true(stopped < whole && stopped > whole / 2); /* what is older stays */
}

static void cards_take_turns(void **state)
{
    Scene *scene = *state;
    train(scene, scene->history, 1, 400);
    draw(scene);
    assert_true(shown(scene, "curve.kl") && shown(scene, "curve.total"));
    click(scene, "curves.elbo");
    draw(scene);
    assert_true(shown(scene, "curve.elbo") && !shown(scene, "curve.total"));
    click(scene, "curves.axes");
    draw(scene);
    assert_true(shown(scene, "curve.axes") && !shown(scene, "curve.kl"));
    click(scene, "curves.axes");
    draw(scene);
    assert_true(shown(scene, "curve.kl"));
}

static void a_change_that_is_clicked_comes_back_with_todays_seed(void **state)
{
    Scene *scene = *state;
    LsTrainSettings old = scene->view.settings;
    old.beta = 4;
    old.seed = 7;
    train(scene, scene->history, 1, 200);
    ls_history_mark(scene->history, 200, "β 1 → 4");
    ls_history_settle(scene->history, 200, &old);
    train(scene, scene->history, 201, 400);
    scene->view.settings.seed = 9;
    draw(scene);
    click(scene, "curve.rec.mark.0");
    assert_int_equal(scene->edits, 1);
    assert_float_equal(scene->edited.beta, 4, 0);
    assert_int_equal(scene->edited.seed, 9);
    assert_false(view_curve_marks_return(&scene->view, 199));
    assert_true(view_curve_marks_return(&scene->view, 300));
    assert_int_equal(scene->edits, 2);
    for (scene->page = 1; scene->page < 3; scene->page++) {
        draw(scene);
    }
    assert_true(scene->edits == 2);
}

static void a_change_whose_settings_are_not_known_cannot_be_clicked(void **state)
{
    Scene *scene = *state;
    train(scene, scene->history, 1, 200);
    ls_history_mark(scene->history, 100, "opened");
    draw(scene);
    assert_false(shown(scene, "curve.rec.mark.0"));
    assert_false(view_curve_marks_return(&scene->view, 150));
}

static void further_runs_are_drawn_in_the_same_axes(void **state)
{
    Scene *scene = *state;
    train(scene, scene->other, 1, 400);
    train(scene, scene->history, 1, 400);
    for (scene->page = 0; scene->page < 3; scene->page++) {
        scene->view.run_count = 0;
        draw(scene);
        draw(scene);
        assert_false(draw(scene)); /* nothing moves by itself */
        scene->view.runs = &scene->run;
        scene->view.run_count = 1;
        assert_true(draw(scene) || scene->page == 1);
    }
    ViewScale need = {130, 140};
    view_curve_runs_need(&scene->view, LS_SERIES_REC, 0, 400, &need);
    assert_true(need.high > 400);
}

static void assert_color(UiColor seen, UiColor wanted)
{
    assert_memory_equal(&seen, &wanted, sizeof wanted);
}

static void a_fork_has_a_grey_past_and_two_colours_on_every_card(void **state)
{
    Scene *scene = *state;
    train(scene, scene->history, 1, 400);
    train(scene, scene->other, 301, 400);
    assert_color(view_curve_runs_color(&scene->view, UI_TOTAL, 400), UI_TOTAL);
    scene->view.runs = &scene->run;
    scene->view.run_count = 1;
    assert_color(view_curve_runs_color(&scene->view, UI_TOTAL, 400), UI_TOTAL); /* no fork */
    scene->view.side = (ViewSide){.name = "A", .color = UI_SIDE_A, .text = "KL off"};
    assert_color(view_curve_runs_color(&scene->view, UI_TOTAL, 300), UI_MUTED);
    assert_color(view_curve_runs_color(&scene->view, UI_TOTAL, 301), UI_SIDE_A);
    for (scene->width = 880; scene->width <= 1264; scene->width += 384) {
        draw(scene);
        click(scene, "curves.elbo");
        draw(scene);
        assert_true(shown(scene, "curve.elbo"));
        click(scene, "curves.total");
    }
}

/* The part of a card from where its title's words have ended. */
static UiRect figures_of(const UiRect *plot, const UiRect *last_chip)
{
    const float left = last_chip->x + last_chip->w;
    return (UiRect){left, last_chip->y, plot->x + plot->w + 8 - left, last_chip->h};
}

static void a_fork_shows_each_axis_of_both_sides(void **state)
{
    Scene *scene = *state;
    UiRect plot;
    UiRect chip;
    train(scene, scene->history, 1, 400);
    train(scene, scene->other, 301, 399);
    size_t count = 0;
    const LsMetric *newest = ls_history_evaluations(scene->other, &count);
    LsMetric high = newest[count - 1];
    high.step = 399;
    high.axis_kl[0] = 9; /* more than any of A's */
    ls_history_add(scene->other, &high);
    for (scene->width = 880; scene->width <= 1264; scene->width += 384) {
        scene->view.run_count = 0;
        scene->view.side = (ViewSide){0};
        draw(scene);
        click(scene, "curves.axes");
        draw(scene);
        assert_true(ui_find(scene->ui, "curve.axes", &plot));
        assert_int_equal(count_color(scene, plot, UI_SIDE_A), 0);
        scene->view.runs = &scene->run;
        scene->view.run_count = 1;
        scene->view.side = (ViewSide){.name = "A", .color = UI_SIDE_A, .text = "KL off"};
        for (int i = 0; i < 200; i++) { /* the axis takes its time to follow */
            draw(scene);
        }
        assert_true(ui_find(scene->ui, "curve.axes", &plot));
        assert_true(ui_find(scene->ui, "curves.axes", &chip));
        assert_true(view_curves_state(scene->curves)->judged[1].shown.high >= 9);
        assert_true(count_color(scene, plot, UI_SIDE_A) > 20);
        assert_true(count_color(scene, plot, UI_SIDE_B) > 20);
        const UiRect figures = figures_of(&plot, &chip);
        assert_true(count_color(scene, figures, UI_SIDE_A) > 5);
        assert_true(count_color(scene, figures, UI_SIDE_B) > 5);
        /* What is read out has both colours, over the past, where no line has B's. */
        const UiRect left = {plot.x, plot.y, plot.w * 0.74F, plot.h};
        const int before = count_color(scene, left, UI_SIDE_B);
        SDL_Event event = {.motion = {.type = SDL_MOUSEMOTION,
                                      .x = (int)(plot.x + plot.w * 0.85F),
                                      .y = (int)(plot.y + plot.h / 2)}};
        (void)ui_event(scene->ui, &event);
        draw(scene);
        draw(scene);
        assert_true(count_color(scene, left, UI_SIDE_B) > before);
        event.motion.x = event.motion.y = 0;
        (void)ui_event(scene->ui, &event);
        click(scene, "curves.axes");
    }
}

static void a_fork_has_room_for_both_figures_beside_the_chips(void **state)
{
    Scene *scene = *state;
    UiRect plot;
    UiRect chip;
    train(scene, scene->history, 1, 400);
    train(scene, scene->other, 301, 400);
    scene->view.runs = &scene->run;
    scene->view.run_count = 1;
    scene->view.side = (ViewSide){.name = "A", .color = UI_SIDE_A, .text = "KL off"};
    for (scene->width = 784; scene->width <= 1264; scene->width += 60) {
        draw(scene);
        click(scene, "curves.elbo");
        draw(scene);
        assert_true(ui_find(scene->ui, "curve.elbo", &plot));
        assert_true(ui_find(scene->ui, "curves.reg", &chip));
        const UiRect figures = figures_of(&plot, &chip);
        assert_true(count_color(scene, figures, UI_SIDE_A) > 5);
        assert_true(count_color(scene, figures, UI_SIDE_B) > 5);
        click(scene, "curves.total");
    }
}

static void looking_at_the_past_forgets_no_change_of_kind(void **state)
{
    Scene *scene = *state;
    view_curves_note(scene->curves, &scene->view);
    train(scene, scene->history, 1, 200);
    view_curves_note(scene->curves, &scene->view);
    scene->snapshot.settings.rec = 2;
    view_curves_note(scene->curves, &scene->view);
    train(scene, scene->history, 201, 400);
    view_curves_note(scene->curves, &scene->view);
    const ViewKinds *kinds = &view_curves_state(scene->curves)->kinds;
    const ViewKinds before = *kinds;
    assert_int_equal(before.count, 2);
    scene->view.past = true;
    scene->snapshot.step = 100;
    scene->snapshot.settings.rec = 0;
    view_curves_note(scene->curves, &scene->view);
    scene->view.past = false;
    scene->snapshot.step = 400;
    scene->snapshot.settings.rec = 2;
    view_curves_note(scene->curves, &scene->view);
    assert_memory_equal(kinds, &before, sizeof before);
    assert_true(view_kinds_shown(kinds, LS_SERIES_REC, 300));
}

static void a_logarithmic_scale_shows_the_fall_too(void **state)
{
    Scene *scene = *state;
    train(scene, scene->history, 1, 2000);
    scene->view.choice.log_scale = true;
    draw(scene);
    assert_true(shown(scene, "curve.rec"));
    ls_history_reset(scene->history);
    for (uint64_t step = 1; step < 200; step++) { /* a loss that may lie below zero */
        const LsMetric metric = {.step = step, .train = {.rec = -5, .kl = 0, .total = -5}};
        ls_history_add(scene->history, &metric);
    }
    draw(scene);
    assert_true(shown(scene, "curve.rec"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_run_without_steps_is_a_sentence_on_every_page, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(every_page_draws_short_and_long_runs_at_any_width, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_gap_is_held_out_less_training, setup, teardown),
        cmocka_unit_test_setup_teardown(
            the_gap_of_a_total_is_not_known_between_a_change_and_its_evaluation, setup, teardown),
        cmocka_unit_test_setup_teardown(an_evaluation_at_the_step_of_a_change_may_be_of_either_loss,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(the_shade_of_a_total_stops_at_a_change, setup, teardown),
        cmocka_unit_test_setup_teardown(cards_take_turns, setup, teardown),
        cmocka_unit_test_setup_teardown(a_change_that_is_clicked_comes_back_with_todays_seed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_change_whose_settings_are_not_known_cannot_be_clicked,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(further_runs_are_drawn_in_the_same_axes, setup, teardown),
        cmocka_unit_test_setup_teardown(a_fork_has_a_grey_past_and_two_colours_on_every_card, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_fork_shows_each_axis_of_both_sides, setup, teardown),
        cmocka_unit_test_setup_teardown(a_fork_has_room_for_both_figures_beside_the_chips, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(looking_at_the_past_forgets_no_change_of_kind, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_logarithmic_scale_shows_the_fall_too, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
