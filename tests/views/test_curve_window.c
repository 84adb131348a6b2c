#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "views/curve_window.h"

static void the_whole_run_grows_with_it(void **state)
{
    (void)state;
    ViewWindow window = {0};
    view_curve_window_track(&window, 0, 1000);
    assert_true(window.x0 == 0 && window.x1 == 1000);
    view_curve_window_track(&window, 0, 5000);
    assert_true(window.x0 == 0 && window.x1 == 5000);
}

static void zoom_keeps_the_step_under_the_mouse(void **state)
{
    (void)state;
    ViewWindow window = {0};
    view_curve_window_track(&window, 0, 1000);
    const double before = (300 - window.x0) / (window.x1 - window.x0);
    view_curve_window_zoom(&window, 300, 2);
    assert_true(fabs((300 - window.x0) / (window.x1 - window.x0) - before) < 1e-9);
    assert_true(fabs(window.x1 - window.x0 - 500) < 1e-9);
}

static void a_part_in_the_past_stays_and_one_at_the_end_goes_along(void **state)
{
    (void)state;
    ViewWindow window = {0};
    view_curve_window_track(&window, 0, 1000);
    view_curve_window_zoom(&window, 300, 2);
    const double x0 = window.x0;
    view_curve_window_track(&window, 0, 1100);
    assert_true(window.x0 == x0);
    view_curve_window_pan(&window, 1e6);
    assert_true(window.x1 == 1100);
    view_curve_window_track(&window, 0, 1300);
    assert_true(window.x1 == 1300 && fabs(window.x1 - window.x0 - 500) < 1e-9);
}

static void zooming_out_shows_the_whole_run_again(void **state)
{
    (void)state;
    ViewWindow window = {0};
    view_curve_window_track(&window, 0, 1000);
    view_curve_window_zoom(&window, 10, 4);
    assert_true(window.part);
    view_curve_window_zoom(&window, 10, 0.01);
    assert_false(window.part);
    assert_true(window.x0 == 0 && window.x1 == 1000);
}

static void a_window_never_leaves_the_run_nor_shrinks_to_nothing(void **state)
{
    (void)state;
    ViewWindow window = {0};
    view_curve_window_track(&window, 400, 1000);
    for (int i = 0; i < 100; i++) {
        view_curve_window_zoom(&window, 700, 1.5);
    }
    assert_true(window.x1 - window.x0 >= 10);
    view_curve_window_pan(&window, -1e9);
    assert_true(window.x0 == 400);
    view_curve_window_fit(&window);
    assert_true(window.x0 == 400 && window.x1 == 1000);
}

static void a_run_of_one_step_has_a_span(void **state)
{
    (void)state;
    ViewWindow window = {0};
    view_curve_window_track(&window, 0, 1);
    assert_true(window.x1 > window.x0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_run_grows_with_it),
        cmocka_unit_test(zoom_keeps_the_step_under_the_mouse),
        cmocka_unit_test(a_part_in_the_past_stays_and_one_at_the_end_goes_along),
        cmocka_unit_test(zooming_out_shows_the_whole_run_again),
        cmocka_unit_test(a_window_never_leaves_the_run_nor_shrinks_to_nothing),
        cmocka_unit_test(a_run_of_one_step_has_a_span),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
