#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "views/coordinate.h"

static void codes_read_as_in_a_text(void **state)
{
    (void)state;
    char text[VIEW_COORDINATE];
    const float z[] = {-0.84F, 1.117F};
    view_coordinate_print(z, 2, text);
    assert_string_equal(text, "(−0.84, 1.12)");
    view_coordinate_print(z, 1, text);
    assert_string_equal(text, "−0.84");
}

static void zero_has_no_sign(void **state)
{
    (void)state;
    char text[VIEW_COORDINATE];
    view_coordinate_number(-0.001, 2, text);
    assert_string_equal(text, "0.00");
    view_coordinate_number(-0.006, 2, text);
    assert_string_equal(text, "−0.01");
}

static void small_densities_keep_a_figure(void **state)
{
    (void)state;
    char text[VIEW_COORDINATE];
    view_coordinate_density(0.0598, text);
    assert_string_equal(text, "0.060");
    view_coordinate_density(2.1e-5, text);
    assert_string_equal(text, "2e−5");
    view_coordinate_density(9.7e-5, text);
    assert_string_equal(text, "1e−4");
    view_coordinate_density(0, text);
    assert_string_equal(text, "0.000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_read_as_in_a_text),
        cmocka_unit_test(zero_has_no_sign),
        cmocka_unit_test(small_densities_keep_a_figure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
