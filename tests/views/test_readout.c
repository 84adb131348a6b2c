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
    assert_int_equal(place.rows, 3);
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
        const bool one_row = w >= 60 + 120 + 110 + 24 + 16;
        assert_int_equal(place.rows == 1, one_row);
        assert_true(place.box.h <= (one_row ? area.h / 2 : area.h));
        assert_true(w < 140 || place.box.x >= area.x);
        assert_true(w < 140 || place.box.x + place.box.w <= area.x + area.w);
        assert_int_equal(place.shown == 3, w >= 120 + 110 + 12 + 16);
        assert_in_range(place.shown, 1, 3);
    }
}

static void all_lines_are_read_before_any_of_a_low_plot(void **state)
{
    (void)state;
    const float names[] = {70, 92, 60, 64, 100, 80};
    for (int count = 1; count <= 6; count++) {
        const UiRect area = {30, 400, 250, 62}; /* a card of a window of 900 x 600 */
        const ViewReadoutPlace place = view_readout_place(names, count, 90, false, area);
        assert_int_equal(place.shown, count);
        assert_true(place.box.h <= area.h);
        assert_true(place.box.x >= area.x && place.box.x + place.box.w <= area.x + area.w);
    }
}

static void a_single_line_is_no_row(void **state)
{
    (void)state;
    const ViewReadoutPlace place = view_readout_place(width, 1, 60, false, (UiRect){0, 0, 200, 30});
    assert_int_equal(place.rows, 1);
    assert_int_equal(place.shown, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_stand_below_one_another_where_the_plot_is_high),
        cmocka_unit_test(a_low_plot_keeps_half_of_itself_in_sight),
        cmocka_unit_test(all_lines_are_read_before_any_of_a_low_plot),
        cmocka_unit_test(a_single_line_is_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
