#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latentscape/core/base.h"

#include "views/figure.h"

static void nats_have_as_many_digits_as_matter(void **state)
{
    (void)state;

    const struct {
        double value;
        const char *text;
    } cases[] = {
        {133.62, "133.6"},   {6.6512, "6.65"},        {9.996, "10.0"},     {0, "0.00"},
        {-149.71, "−149.7"}, {999.96, "1,000"},       {12345.4, "12,345"}, {0.01234, "0.0123"},
        {(double)NAN, "–"},  {(double)INFINITY, "–"}, {-0.00001, "0.00"},  {2.5e12, "2.50e+12"},
    };

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        char out[VIEW_FIGURE];
        view_figure_nats(cases[i].value, out);
        assert_string_equal(out, cases[i].text);
    }
}

static void short_nats_have_two_digits_where_they_are_small(void **state)
{
    (void)state;

    const struct {
        double value;
        const char *text;
    } cases[] = {
        {0.0312, "0.03"}, {-0.0312, "−0.03"}, {0.0994, "0.10"},    {0.0996, "0.10"},
        {0, "0.00"},      {-0.004, "0.00"},   {-149.71, "−149.7"}, {(double)NAN, "–"},
    };

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        char out[VIEW_FIGURE];
        view_figure_nats_short(cases[i].value, out);
        assert_string_equal(out, cases[i].text);
    }
}

static void changes_have_a_sign_and_no_more_digits_than_figures(void **state)
{
    (void)state;

    const struct {
        double value;
        const char *text;
    } cases[] = {
        {1.12, "+1.12"}, {-0.0427, "−0.04"},  {0.0074, "+0.01"},  {-0.004, "±0"},
        {0, "±0"},       {-316.24, "−316.2"}, {(double)NAN, "–"}, {(double)INFINITY, "–"},
    };

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        char out[VIEW_FIGURE];
        view_figure_change(cases[i].value, out);
        assert_string_equal(out, cases[i].text);
    }
}

static void shares_are_percents(void **state)
{
    (void)state;
    char out[VIEW_FIGURE];
    view_figure_share(0.943, out);
    assert_string_equal(out, "94.3 %");
    view_figure_share(0.0001, out);
    assert_string_equal(out, "<0.1 %");
    view_figure_share(0, out);
    assert_string_equal(out, "0.0 %");
}

static void the_widest_text_has_zeros_for_digits(void **state)
{
    (void)state;
    char out[VIEW_FIGURE];
    view_figure_widest("step 4,211", out, sizeof(out));
    assert_string_equal(out, "step 0,000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nats_have_as_many_digits_as_matter),
        cmocka_unit_test(short_nats_have_two_digits_where_they_are_small),
        cmocka_unit_test(changes_have_a_sign_and_no_more_digits_than_figures),
        cmocka_unit_test(shares_are_percents),
        cmocka_unit_test(the_widest_text_has_zeros_for_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
