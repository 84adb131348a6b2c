/* The scale the desktop asks for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ui/display.h"

static void dpi_is_found_among_the_resources(void **state)
{
    (void)state;
    assert_true(ui_display_resource_dpi("Xft.dpi:\t192\n") == 192);
    assert_true(ui_display_resource_dpi("*color: red\nXft.dpi: 120.5\nXft.hinting: 1") == 120.5);
    assert_true(ui_display_resource_dpi("XXft.dpi: 192\n") == 0);
    assert_true(ui_display_resource_dpi("Xft.dpi: much\n") == 0);
    assert_true(ui_display_resource_dpi("") == 0);
    assert_true(ui_display_resource_dpi(NULL) == 0);
}

static void scales_are_kept_in_bounds(void **state)
{
    (void)state;
    assert_true(ui_display_clamp(0.1) == 0.75F);
    assert_true(ui_display_clamp(9) == 3);
    assert_true(ui_display_clamp(1.5) == 1.5F);
    assert_true(ui_display_clamp(1.26) == 1.25F);
}

static void environment_is_asked_in_turn(void **state)
{
    (void)state;
    unsetenv("LATENTSCAPE_SCALE");
    unsetenv("GDK_SCALE");
    unsetenv("QT_SCALE_FACTOR");
    assert_true(ui_display_scale(NULL, 1) == 1);
    setenv("QT_SCALE_FACTOR", "1.5", 1);
    assert_true(ui_display_scale(NULL, 1) == 1.5F);
    setenv("GDK_SCALE", "2", 1);
    assert_true(ui_display_scale(NULL, 1) == 2);
    setenv("LATENTSCAPE_SCALE", "1.25", 1);
    assert_true(ui_display_scale(NULL, 2) == 1.25F);
    unsetenv("LATENTSCAPE_SCALE");
    assert_true(ui_display_scale(NULL, 1.75F) == 1.75F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dpi_is_found_among_the_resources),
        cmocka_unit_test(scales_are_kept_in_bounds),
        cmocka_unit_test(environment_is_asked_in_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
