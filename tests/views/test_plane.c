#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "views/plane.h"

static const UiRect area = {40, 90, 504, 504};

static void assert_near(double a, double b, double within)
{
    if (!(fabs(a - b) <= within)) {
        fail_msg("%.9g is not %.9g", a, b);
    }
}

static void the_prior_fills_the_area_at_first(void **state)
{
    (void)state;
    const ViewPlane plane = view_plane_make(area);
    const UiPoint corner = view_plane_to_window(&plane, -3, 3);
    assert_near((double)corner.x, 40, 1e-4);
    assert_near((double)corner.y, 90, 1e-4);
    assert_near(view_plane_unit(&plane), 84, 1e-9);
}

static void window_and_plane_are_inverse(void **state)
{
    (void)state;
    ViewPlane plane = view_plane_make(area);
    plane.x = 1.5;
    plane.y = -0.25;
    plane.half = 0.7;
    for (int i = 0; i <= 10; i++) {
        const UiPoint at = {40 + 50.4F * (float)i, 594 - 33.3F * (float)i};
        double x = 0;
        double y = 0;
        view_plane_from_window(&plane, at, &x, &y);
        const UiPoint back = view_plane_to_window(&plane, x, y);
        assert_near((double)back.x, (double)at.x, 1e-3);
        assert_near((double)back.y, (double)at.y, 1e-3);
    }
}

static void the_second_axis_points_up(void **state)
{
    (void)state;
    const ViewPlane plane = view_plane_make(area);
    assert_true(view_plane_to_window(&plane, 0, 1).y < view_plane_to_window(&plane, 0, 0).y);
}

static void zooming_keeps_what_is_under_the_pointer(void **state)
{
    (void)state;
    ViewPlane plane = view_plane_make(area);
    const UiPoint about = {100, 500};
    double x0 = 0;
    double y0 = 0;
    view_plane_from_window(&plane, about, &x0, &y0);
    for (int i = 0; i < 60; i++) {
        view_plane_zoom(&plane, i < 30 ? 1.2 : 1 / 1.1, about);
        double x = 0;
        double y = 0;
        view_plane_from_window(&plane, about, &x, &y);
        assert_near(x, x0, 1e-6);
        assert_near(y, y0, 1e-6);
    }
}

static void zooming_stops_at_its_limits(void **state)
{
    (void)state;
    ViewPlane plane = view_plane_make(area);
    for (int i = 0; i < 200; i++) {
        view_plane_zoom(&plane, 1.5, (UiPoint){300, 300});
    }
    assert_near(2 * plane.half, VIEW_PLANE_LEAST, 1e-9);
    for (int i = 0; i < 200; i++) {
        view_plane_zoom(&plane, 0.5, (UiPoint){300, 300});
    }
    assert_near(2 * plane.half, VIEW_PLANE_MOST, 1e-9);
    const ViewPlane before = plane;
    view_plane_zoom(&plane, 0, (UiPoint){300, 300});
    view_plane_zoom(&plane, (double)NAN, (UiPoint){300, 300});
    assert_true(view_plane_same(&plane, &before));
}

static void panning_moves_the_plane_with_the_hand(void **state)
{
    (void)state;
    ViewPlane plane = view_plane_make(area);
    double x0 = 0;
    double y0 = 0;
    view_plane_from_window(&plane, (UiPoint){200, 200}, &x0, &y0);
    view_plane_pan(&plane, (UiPoint){37, -12});
    double x = 0;
    double y = 0;
    view_plane_from_window(&plane, (UiPoint){237, 188}, &x, &y);
    assert_near(x, x0, 1e-6);
    assert_near(y, y0, 1e-6);
}

static void fitting_shows_every_bound(void **state)
{
    (void)state;
    ViewPlane plane = view_plane_make(area);
    view_plane_fit(&plane, (ViewBounds){-12, 340, 5, 7});
    const ViewBounds seen = view_plane_bounds(&plane);
    assert_true(seen.x0 < -12 && seen.x1 > 340 && seen.y0 < 5 && seen.y1 > 7);
    view_plane_zoom(&plane, 1 / 1.2, (UiPoint){300, 300});
    assert_true(view_plane_bounds(&plane).x1 > 340);
}

static void fitting_takes_turns_between_prior_and_all_codes(void **state)
{
    (void)state;
    ViewPlane plane = view_plane_make(area);
    const ViewPlane prior = plane;
    const ViewBounds codes = {-20, 15, -4, 30};
    view_plane_fit_next(&plane, &codes, 0.4);
    const ViewBounds seen = view_plane_bounds(&plane);
    assert_true(seen.x0 < -20 && seen.x1 > 15 && seen.y0 < -4 && seen.y1 > 30);
    view_plane_fit_next(&plane, &codes, 0.4);
    assert_true(view_plane_same(&plane, &prior));
    view_plane_fit_next(&plane, &codes, 0.4);
    assert_false(view_plane_same(&plane, &prior));
}

static void fitting_shows_the_prior_where_codes_stay_near_it(void **state)
{
    (void)state;
    ViewPlane plane = view_plane_make(area);
    const ViewPlane prior = plane;
    const ViewBounds codes = {-2, 2, -3.4, 2};
    view_plane_zoom(&plane, 5, (UiPoint){90, 100});
    view_plane_fit_next(&plane, &codes, 0.005);
    assert_true(view_plane_same(&plane, &prior));
    view_plane_fit_next(&plane, NULL, 0);
    assert_true(view_plane_same(&plane, &prior));
}

/* Whether the ends of an arc are seen, a little further in. */
static void assert_arc_holds(const ViewPlane *plane, double radius)
{
    double from = 0;
    double to = 0;
    assert_true(view_plane_arc(plane, radius, &from, &to));
    const ViewBounds seen = view_plane_bounds(plane);
    for (int k = 0; k < 1000; k++) {
        const double angle = 2 * M_PI * k / 1000;
        const double x = radius * cos(angle);
        const double y = radius * sin(angle);
        const bool inside = x > seen.x0 && x < seen.x1 && y > seen.y0 && y < seen.y1;
        const double turn = remainder(angle - (from + to) / 2, 2 * M_PI);
        if (inside && fabs(turn) > (to - from) / 2 + 1e-9) {
            fail_msg("the arc leaves out what is seen at %g", angle);
        }
    }
}

static void an_arc_holds_all_of_a_ring_that_is_seen(void **state)
{
    (void)state;
    double from = 0;
    double to = 0;
    ViewPlane plane = view_plane_make(area);
    assert_arc_holds(&plane, 3);
    plane.x = -1.4;
    plane.y = 1.4;
    plane.half = 0.05;
    assert_true(view_plane_arc(&plane, 2, &from, &to));
    assert_true(to - from < 0.2);
    assert_arc_holds(&plane, 2);
    plane.half = 1.9;
    assert_arc_holds(&plane, 3);
    plane.half = 0.01;
    assert_false(view_plane_arc(&plane, 1, &from, &to));
    assert_false(view_plane_arc(&plane, 3, &from, &to));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_prior_fills_the_area_at_first),
        cmocka_unit_test(window_and_plane_are_inverse),
        cmocka_unit_test(the_second_axis_points_up),
        cmocka_unit_test(zooming_keeps_what_is_under_the_pointer),
        cmocka_unit_test(zooming_stops_at_its_limits),
        cmocka_unit_test(panning_moves_the_plane_with_the_hand),
        cmocka_unit_test(fitting_shows_every_bound),
        cmocka_unit_test(fitting_takes_turns_between_prior_and_all_codes),
        cmocka_unit_test(fitting_shows_the_prior_where_codes_stay_near_it),
        cmocka_unit_test(an_arc_holds_all_of_a_ring_that_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
