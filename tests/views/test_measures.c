#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "views/figure.h"
#include "views/measure_strip.h"
#include "views/measures.h"

static LsMeasureValue some(double value, double error)
{
    return (LsMeasureValue){.value = value, .error = error};
}

static const LsMeasureRow *row_of(LsMeasureId id)
{
    return &ls_measure_rows()[id];
}

static void assert_figure(LsMeasureId id, double value, const char *wanted)
{
    char text[VIEW_FIGURE];
    const LsMeasureValue figure = some(value, 0);
    view_measures_figure(row_of(id), &figure, text);
    assert_string_equal(text, wanted);
}

static void figures_have_the_digits_of_their_row_and_fewer_where_they_grow(void **state)
{
    (void)state;
    assert_figure(LS_MEASURE_SHARPNESS, 0.27316, "0.273");
    assert_figure(LS_MEASURE_SHARPNESS, 12.3456, "12.3");
    assert_figure(LS_MEASURE_ACTIVE, 2, "2");
    assert_figure(LS_MEASURE_OVERFITTING, -0.42, "−0.42");
    assert_figure(LS_MEASURE_INFORMATION, 0.0374, "0.04");
    assert_figure(LS_MEASURE_OVERFITTING, -0.002, "0.00");
    assert_figure(LS_MEASURE_OVERFITTING, 316.24, "316.2"); /* as nats are written everywhere */
    assert_figure(LS_MEASURE_DISTANCE, 4321.9, "4322");
    char text[VIEW_FIGURE];
    const LsMeasureValue missing = {.missing = "no labels"};
    view_measures_figure(row_of(LS_MEASURE_COHERENCE), &missing, text);
    assert_string_equal(text, "–");
}

static void assert_change(LsMeasureId id, double from, double to, const char *wanted)
{
    char text[VIEW_FIGURE];
    const LsMeasureValue a = some(from, 0), b = some(to, 0);
    view_measures_change(row_of(id), &a, &b, text);
    assert_string_equal(text, wanted);
}

static void changes_have_their_sign(void **state)
{
    (void)state;
    assert_change(LS_MEASURE_SHARPNESS, 0.25, 0.3, "+0.050");
    assert_change(LS_MEASURE_INFORMATION, 8.25, 7, "−1.25");
    assert_change(LS_MEASURE_CLARITY, 0.8500, 0.8501, "±0");
    char text[VIEW_FIGURE];
    const LsMeasureValue missing = {.missing = "no labels"}, there = some(1, 0);
    view_measures_change(row_of(LS_MEASURE_COHERENCE), &missing, &there, text);
    assert_string_equal(text, "");
}

static int verdict(LsMeasureId id, double from, double to, double error)
{
    const LsMeasureValue a = some(from, error), b = some(to, error);
    return view_measures_verdict(row_of(id), &a, &b);
}

static void only_what_is_beyond_its_error_is_good_or_bad(void **state)
{
    (void)state;
    assert_int_equal(verdict(LS_MEASURE_COHERENCE, 0.7, 0.8, 0.01), 1);
    assert_int_equal(verdict(LS_MEASURE_COHERENCE, 0.8, 0.7, 0.01), -1);
    assert_int_equal(verdict(LS_MEASURE_COHERENCE, 0.70, 0.72, 0.01), 0);
    assert_int_equal(verdict(LS_MEASURE_DISTANCE, 0.4, 4, 0.1), -1);
    assert_int_equal(verdict(LS_MEASURE_SHARPNESS, 0.3, 0.6, 0.01), 1);
    assert_int_equal(verdict(LS_MEASURE_SHARPNESS, 0.9, 4.4, 0.01), -1); /* sharper than real */
    assert_int_equal(verdict(LS_MEASURE_SHARPNESS, (double)NAN, 1, 0.01), 0);
}

/* ---- the page */

typedef struct Page {
    Ui *ui;
    LsHistory *history;
    LsSnapshot snapshot;
    View view;
    ViewMeasures measures;
    double now;
} Page;

static int set_up(void **state)
{
    static Page page; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): a fixture
    page = (Page){0};
    LsError err = {0};
    const UiOptions options = {
        .title = "test", .width = 1280, .height = 800, .scale = 1, .offscreen = true};
    page.ui = ui_create(&options, &err);
    assert_non_null(page.ui);
    page.history = ls_history_create(&err);
    assert_non_null(page.history);
    page.view = (View){.ui = page.ui, .history = page.history, .snapshot = &page.snapshot};
    *state = &page;
    return 0;
}

static int tear_down(void **state)
{
    Page *page = *state;
    ls_history_destroy(page->history);
    ui_destroy(page->ui);
    return 0;
}

static void draw_in(Page *page, UiRect rect)
{
    ui_begin(page->ui, page->now += 0.02);
    view_measures_draw(&page->measures, &page->view, rect);
    (void)ui_end(page->ui);
}

static void measure_at(Page *page, uint64_t step, double value)
{
    LsMeasures *measures = &page->snapshot.measures;
    measures->serial++;
    measures->step = step;
    measures->samples = 1000;
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        measures->value[i] = some(value, 0.01);
    }
    measures->value[LS_MEASURE_COHERENCE] =
        (LsMeasureValue){.missing = "the images have no labels"};
    ls_history_add_measures(page->history, measures);
}

static void every_measure_has_a_row_with_its_explanation(void **state)
{
    Page *page = *state;
    const UiRect panel = {904, 84, 368, 494};
    draw_in(page, panel); /* nothing is known yet */
    measure_at(page, 100, 0.5);
    measure_at(page, 200, 0.6);
    ls_history_mark(page->history, 220, "KL off");
    measure_at(page, 300, 0.9);
    draw_in(page, panel);
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        char id[64];
        UiRect rect;
        (void)snprintf(id, sizeof id, "measure.%s", ls_measure_rows()[i].name);
        assert_true(ui_find(page->ui, id, &rect));
        const SDL_Event move = {.motion = {.type = SDL_MOUSEMOTION,
                                           .x = (int)(rect.x + 20), /* over it the name */
                                           .y = (int)(rect.y + rect.h / 2)}};
        (void)ui_event(page->ui, &move);
        ui_begin(page->ui, page->now += 0.02);
        view_measures_draw(&page->measures, &page->view, panel);
        const char *hint = ui_hint(page->ui);
        assert_non_null(hint);
        assert_non_null(strstr(hint, ls_measure_rows()[i].help));
        assert_true(i != LS_MEASURE_COHERENCE || strstr(hint, "no labels") != NULL);
        (void)ui_end(page->ui);
    }
}

static void the_page_draws_at_any_size_and_however_long_the_run(void **state)
{
    Page *page = *state;
    for (uint64_t step = 0; step < 3000; step++) {
        measure_at(page, step, sin((double)step / 100));
    }
    ls_history_mark(page->history, 1500, "β 1 → 4");
    for (float width = 100; width <= 1280; width += 59) {
        draw_in(page, (UiRect){0, 0, width, width / 2});
    }
    page->snapshot.measures.value[LS_MEASURE_DISTANCE] = some(1e30, 1e29);
    draw_in(page, (UiRect){900, 80, 300, 500});
}

static void a_curve_is_read_under_the_mouse(void **state)
{
    Page *page = *state;
    for (uint64_t step = 0; step < 1000; step += 10) {
        measure_at(page, step, (double)step / 1000);
    }
    draw_in(page, (UiRect){904, 84, 368, 494});
    const ViewCourses *courses = &page->measures.courses;
    assert_int_equal(view_course_at(courses, 0)->step, 0);
    assert_int_equal(view_course_at(courses, 0.505F)->step, 500);
    assert_int_equal(view_course_at(courses, 1)->step, 990);
    assert_float_equal(view_course_place(courses, view_course_at(courses, 1)), 1, 1e-6);
    const ViewCourse *course = &courses->course[LS_MEASURE_SHARPNESS];
    assert_int_equal(course->count, 100);
    assert_float_equal(course->point[0].y, 1, 1e-6); /* the least is at the bottom */
    assert_float_equal(course->point[99].y, 0, 1e-6);
    assert_int_equal(courses->course[LS_MEASURE_COHERENCE].count, 0);
}

static void courses_are_made_anew_only_when_the_history_grows(void **state)
{
    Page *page = *state;
    ViewCourses courses = {0};
    (void)view_course_follow(&courses, page->history);
    measure_at(page, 100, 0.5);
    measure_at(page, 200, 0.6);
    assert_true(view_course_follow(&courses, page->history));
    assert_false(view_course_follow(&courses, page->history));
    assert_true(courses.mark < 0);
    ls_history_mark(page->history, 150, "KL off");
    assert_true(view_course_follow(&courses, page->history));
    assert_float_equal(courses.mark, 0.5, 1e-6);
    measure_at(page, 300, 0.7);
    assert_true(view_course_follow(&courses, page->history));
    assert_float_equal(courses.mark, 0.25, 1e-6);
}

/* ---- the line of all */

static void a_narrow_line_keeps_sharpness_clarity_coherence_and_coverage(void **state)
{
    (void)state;
    bool shown[LS_MEASURE_COUNT];
    int before = 0;
    for (float width = 100; width < 2000; width += 10) {
        const int count = view_measure_strip_fit(width, shown);
        int seen = 0;
        for (int i = 0; i < LS_MEASURE_COUNT; i++) {
            seen += shown[i];
        }
        assert_int_equal(seen, count);
        assert_true(count >= before);
        before = count;
        assert_true(count < 1 || shown[LS_MEASURE_SHARPNESS]);
        assert_true(count < 4 || (shown[LS_MEASURE_CLARITY] && shown[LS_MEASURE_COHERENCE] &&
                                  shown[LS_MEASURE_COVERAGE]));
        assert_true(shown[LS_MEASURE_ACTIVE] == (count == LS_MEASURE_COUNT));
    }
    assert_int_equal(view_measure_strip_fit(1248, shown), LS_MEASURE_COUNT); /* 1280x800 */
    assert_true(view_measure_strip_fit(868, shown) >= 7);                    /* 900x600 */
}

static bool strip_frame(Page *page, ViewMeasureStrip *strip, const View *other)
{
    ui_begin(page->ui, page->now += 0.02);
    const bool clicked =
        view_measure_strip_draw(strip, &page->view, other, (UiRect){16, 548, 1248, 34});
    (void)ui_end(page->ui);
    return clicked;
}

static void press(Page *page, UiRect rect, bool down)
{
    const SDL_Event event = {.button = {.type = down ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP,
                                        .button = SDL_BUTTON_LEFT,
                                        .state = down,
                                        .clicks = 1,
                                        .x = (int)(rect.x + rect.w / 2),
                                        .y = (int)(rect.y + rect.h / 2)}};
    (void)ui_event(page->ui, &event);
}

static void the_line_tells_each_measure_and_what_it_is_compared_with(void **state)
{
    Page *page = *state;
    ViewMeasureStrip strip = {0};
    assert_false(strip_frame(page, &strip, NULL)); /* nothing is known yet */
    measure_at(page, 100, 0.5);
    measure_at(page, 200, 0.6);
    ls_history_mark(page->history, 220, "KL off");
    measure_at(page, 300, 0.9);
    (void)strip_frame(page, &strip, NULL);
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        char id[64];
        UiRect rect;
        (void)snprintf(id, sizeof id, "strip.%s", ls_measure_rows()[i].name);
        assert_true(ui_find(page->ui, id, &rect));
        const SDL_Event move = {.motion = {.type = SDL_MOUSEMOTION,
                                           .x = (int)(rect.x + rect.w / 2),
                                           .y = (int)(rect.y + rect.h / 2)}};
        (void)ui_event(page->ui, &move);
        ui_begin(page->ui, page->now += 0.02);
        (void)view_measure_strip_draw(&strip, &page->view, NULL, (UiRect){16, 548, 1248, 34});
        const char *hint = ui_hint(page->ui);
        assert_non_null(hint);
        assert_non_null(strstr(hint, ls_measure_rows()[i].help));
        assert_non_null(strstr(hint, i == LS_MEASURE_COHERENCE
                                         ? "no labels"
                                         : "The difference is to step 200, before KL off."));
        (void)ui_end(page->ui);
    }
}

static void a_click_on_the_line_asks_for_the_page(void **state)
{
    Page *page = *state;
    ViewMeasureStrip strip = {0};
    UiRect rect;
    measure_at(page, 100, 0.5);
    (void)strip_frame(page, &strip, NULL);
    assert_true(ui_find(page->ui, "strip.coverage", &rect));
    press(page, rect, true);
    bool clicked = strip_frame(page, &strip, NULL);
    press(page, rect, false);
    clicked = strip_frame(page, &strip, NULL) || clicked;
    assert_true(clicked);
    const View b = page->view;
    assert_false(strip_frame(page, &strip, &b)); /* both sides of a fork */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_have_the_digits_of_their_row_and_fewer_where_they_grow),
        cmocka_unit_test(changes_have_their_sign),
        cmocka_unit_test(only_what_is_beyond_its_error_is_good_or_bad),
        cmocka_unit_test_setup_teardown(every_measure_has_a_row_with_its_explanation, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_curve_is_read_under_the_mouse, set_up, tear_down),
        cmocka_unit_test_setup_teardown(courses_are_made_anew_only_when_the_history_grows, set_up,
                                        tear_down),
        cmocka_unit_test(a_narrow_line_keeps_sharpness_clarity_coherence_and_coverage),
        cmocka_unit_test_setup_teardown(the_line_tells_each_measure_and_what_it_is_compared_with,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_click_on_the_line_asks_for_the_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_page_draws_at_any_size_and_however_long_the_run, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
