/* How numbers move and read. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/parts.h"

static const UiRange weight = {
    .min = 0, .max = 1000, .low = 0.01, .high = 100, .logarithmic = true, .reset = 1};
static const UiRange rate = {
    .min = 1e-6, .max = 1, .low = 1e-5, .high = 0.1, .logarithmic = true, .reset = 1e-3};
static const UiRange batch = {.min = 1,
                              .max = 4096,
                              .low = 16,
                              .high = 512,
                              .logarithmic = true,
                              .whole = true,
                              .reset = 128};
static const UiRange even = {.min = -1, .max = 1, .low = -1, .high = 1};

static void sliders_leftmost_stop_is_zero_where_zero_is_allowed(void **state)
{
    (void)state;
    assert_true(ui_range_value(weight, 0) == 0);
    assert_true(ui_range_value(weight, -3) == 0);
    assert_true(ui_range_fraction(weight, 0) == 0);
    assert_true(ui_range_value(rate, 0) == 1e-5);
}

static void sliders_ends_are_the_ranges(void **state)
{
    (void)state;
    assert_true(ui_range_value(weight, 1) == 100);
    assert_true(ui_range_value(rate, 1) == 0.1);
    assert_true(ui_range_value(batch, 0) == 16 && ui_range_value(batch, 1) == 512);
    assert_true(ui_range_fraction(weight, 1e9) == 1);
    assert_true(ui_range_fraction(even, (double)NAN) == 0);
}

static void logarithmic_middle_is_the_geometric_mean(void **state)
{
    (void)state;
    assert_true(fabs(ui_range_value(rate, 0.5) - 1e-3) < 1e-6);
    assert_true(fabs(ui_range_fraction(rate, 1e-3) - 0.5) < 1e-9);
}

static void place_and_value_agree(void **state)
{
    (void)state;
    const UiRange ranges[] = {weight, rate, batch, even};
    for (size_t r = 0; r < LS_COUNT(ranges); r++) {
        for (int i = 0; i <= 100; i++) {
            const double value = ui_range_value(ranges[r], i / 100.0);
            const double again = ui_range_value(ranges[r], ui_range_fraction(ranges[r], value));
            assert_true(fabs(again - value) <= fabs(value) * 0.006 + 1e-12);
        }
    }
}

static void a_step_always_changes_the_value_inside_the_range(void **state)
{
    (void)state;
    double value = 16;
    for (int i = 0; i < 20; i++) {
        const double next = ui_range_step(batch, value, 1);
        assert_true(next > value || value >= 512);
        value = next;
    }
    assert_true(ui_range_step(weight, 0, 1) > 0);
    assert_true(ui_range_step(weight, 0.01, -1) == 0);
    assert_true(ui_range_step(weight, 500, -1) <= 100);
}

static void figures_are_short(void **state)
{
    (void)state;

    static const struct {
        double value;
        const char *text;
    } rows[] = {{1, "1.00"},          {0.5, "0.50"},    {0.125, "0.125"},      {0.001, "0.001"},
                {0.002, "0.002"},     {0, "0"},         {-0.25, "-0.25"},      {12.5, "12.5"},
                {100, "100"},         {133.6, "133.6"}, {1500, "1500"},        {1e-5, "1e-5"},
                {0.00123, "0.00123"}, {0.0005, "5e-4"}, {0.000123, "1.23e-4"}, {1e-300, "1e-300"}};

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char text[32];
        ui_range_text(weight, rows[i].value, text);
        assert_string_equal(text, rows[i].text);
    }
    char text[32];
    ui_range_text(batch, 128, text);
    assert_string_equal(text, "128");
}

static void typed_text_must_be_a_number_in_range(void **state)
{
    (void)state;
    double value = 7;
    assert_true(ui_range_parse(weight, " 0,5 ", &value) && value == 0.5);
    assert_true(ui_range_parse(rate, "1e-4", &value) && value == 1e-4);
    assert_false(ui_range_parse(weight, "", &value));
    assert_false(ui_range_parse(weight, "abc", &value));
    assert_false(ui_range_parse(weight, "1001", &value));
    assert_false(ui_range_parse(weight, "-1", &value));
    assert_false(ui_range_parse(weight, "nan", &value));
    assert_false(ui_range_parse(batch, "12.5", &value));
    assert_true(value == 1e-4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sliders_leftmost_stop_is_zero_where_zero_is_allowed),
        cmocka_unit_test(sliders_ends_are_the_ranges),
        cmocka_unit_test(logarithmic_middle_is_the_geometric_mean),
        cmocka_unit_test(place_and_value_agree),
        cmocka_unit_test(a_step_always_changes_the_value_inside_the_range),
        cmocka_unit_test(figures_are_short),
        cmocka_unit_test(typed_text_must_be_a_number_in_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
