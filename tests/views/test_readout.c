#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "views/readout.h"

static const float width[] = {60, 120, 110};

static void lines_stand_below_one_another_where_the_plot_is_high(void **state)
{
    (void)state;
    const UiRect area = {10, 20, 400, 120};
    const ViewReadoutPlace place = view_readout_place(width, 3, 100, false, area);
    assert_false(place.row);
    assert_int_equal(place.shown, 3);
    assert_true(place.box.x > 100 && place.box.y == 20);
    assert_true(place.box.w < 150);
    const ViewReadoutPlace low = view_readout_place(width, 3, 100, true, area);
    assert_true(low.box.y + low.box.h == 140);
}

static void a_low_plot_keeps_half_of_itself_in_sight(void **state)
{
    (void)state;
    for (int w = 90; w < 500; w += 10) {
        const UiRect area = {10, 20, (float)w, 42};
        const ViewReadoutPlace place = view_readout_place(width, 3, 60, true, area);
        assert_true(place.row);
        assert_true(place.box.h <= area.h / 2);
        assert_true(place.box.x >= area.x && place.box.x + place.box.w <= area.x + area.w);
        assert_in_range(place.shown, 1, 3);
        assert_int_equal(place.shown == 3, w >= 60 + 120 + 110 + 24 + 16);
    }
}

static void a_single_line_is_no_row(void **state)
{
    (void)state;
    const ViewReadoutPlace place = view_readout_place(width, 1, 60, false, (UiRect){0, 0, 200, 30});
    assert_false(place.row);
    assert_int_equal(place.shown, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_stand_below_one_another_where_the_plot_is_high),
        cmocka_unit_test(a_low_plot_keeps_half_of_itself_in_sight),
        cmocka_unit_test(a_single_line_is_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
