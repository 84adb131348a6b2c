/* Ticks, numbers and curves of plots. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/plot.h"

static void steps_are_one_two_or_five(void **state)
{
    (void)state;
    for (double span = 1e-4; span < 1e7; span *= 1.37) {
        for (int most = 1; most < 12; most++) {
            const double step = ui_plot_step(span, most);
            const double digit = step / pow(10, floor(log10(step) + 1e-9));
            assert_true(fabs(digit - 1) < 1e-6 || fabs(digit - 2) < 1e-6 || fabs(digit - 5) < 1e-6);
            assert_true(span / step <= most * 1.0001);
            assert_true(span / step >= most / 2.5001 - 1);
        }
    }
    assert_true(ui_plot_step(0, 5) == 1 && ui_plot_step((double)NAN, 5) == 1);
}

static void numbers_are_short(void **state)
{
    (void)state;

    static const struct {
        double value, step;
        const char *text;
    } rows[] = {{1500, 500, "1.5k"},
                {1000, 500, "1k"},
                {2.5e6, 5e5, "2.5M"},
                {0, 0.5, "0.0"},
                {0.5, 0.5, "0.5"},
                {140, 20, "140"},
                {-2, 1,
                 "\u2212"
                 "2"},
                {1e-17, 0.1, "0.0"},
                {1200, 200, "1.2k"},
                {10000, 5000, "10k"},
                {80e12, 20e12, "80T"},
                {3e15, 1e15, "3P"},
                {8e20, 2e20, "8e+20"},
                {2e-5, 1e-5,
                 "2e\u2212"
                 "5"},
                {1.5e-5, 5e-6,
                 "1.5e\u2212"
                 "5"},
                {-1.2e-3, 1e-4,
                 "\u2212"
                 "1.2e\u2212"
                 "3"},
                {0, 1e-5, "0"},
                {0.004, 0.002, "0.004"}};

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char text[24];
        ui_plot_number(rows[i].value, rows[i].step, text);
        assert_string_equal(text, rows[i].text);
    }
}

static UiPlot plot_of(double x_max)
{
    return (UiPlot){.area = {0, 0, 400, 100}, .x_min = 0, .x_max = x_max, .y_min = 0, .y_max = 1};
}

static void window_and_data_agree(void **state)
{
    (void)state;
    UiPlot plot = plot_of(1000);
    const UiPoint p = ui_plot_point(&plot, 250, 0.75);
    assert_true(p.x == 100 && p.y == 25);
    assert_true(fabs(ui_plot_x(&plot, 100) - 250) < 1e-9);
    plot.log_y = true;
    plot.y_min = 0.01;
    plot.y_max = 100;
    assert_true(fabsf(ui_plot_point(&plot, 0, 1).y - 50) < 1e-3F);
}

static void thinning_keeps_the_extremes(void **state)
{
    (void)state;
    static UiCurve curve; /* large; this program has one thread */
    const UiPlot plot = plot_of(1e6);
    ui_curve_reset(&curve);
    for (int i = 0; i < 1000000; i += 7) {
        ui_curve_add(&plot, &curve, i, i == 350000 ? 1.0 : i == 700000 ? 0.0 : 0.5);
    }
    float top = 100;
    float bottom = 0;
    for (size_t i = 0; i < curve.count; i++) {
        top = fminf(top, curve.points[i].y);
        bottom = fmaxf(bottom, curve.points[i].y);
    }
    assert_true(top == 0 && bottom == 100);
    assert_true(curve.count <= LS_COUNT(curve.points));
    assert_true(curve.points[curve.count - 1].x > 399);
}

static void numbers_that_are_none_leave_no_point(void **state)
{
    (void)state;
    static UiCurve curve;
    const UiPlot plot = plot_of(10);
    ui_curve_reset(&curve);
    ui_curve_add(&plot, &curve, 1, (double)NAN);
    ui_curve_add(&plot, &curve, (double)INFINITY, 1);
    assert_int_equal(curve.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_one_two_or_five),
        cmocka_unit_test(numbers_are_short),
        cmocka_unit_test(window_and_data_agree),
        cmocka_unit_test(thinning_keeps_the_extremes),
        cmocka_unit_test(numbers_that_are_none_leave_no_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
