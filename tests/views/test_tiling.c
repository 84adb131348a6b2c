#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "views/tiling.h"

static void assert_inside(UiRect outer, const ViewTiling *tiling)
{
    assert_true(tiling->cols >= 1 && tiling->rows >= 1);
    assert_in_range(tiling->cols * tiling->rows, 1, 256);
    const UiRect last = view_tiling_place(tiling, tiling->cols - 1, tiling->rows - 1);
    assert_true(last.x + last.w <= outer.x + outer.w + 0.02F);
    assert_true(last.y + last.h <= outer.y + outer.h + 0.02F);
}

static void tiles_stay_inside_at_any_size(void **state)
{
    (void)state;
    static const int shapes[][2] = {{28, 28}, {8, 24}, {64, 20}, {1, 1}};
    for (int shape = 0; shape < 4; shape++) {
        for (float w = 16; w < 3000; w *= 1.37F) {
            for (float h = 16; h < 2000; h *= 1.41F) {
                for (int group = 1; group <= 2; group++) {
                    const UiRect rect = {5, 7, w, h};
                    const ViewTiling tiling =
                        view_tiling_find(rect, 40, group, shapes[shape][0], shapes[shape][1]);
                    assert_inside(rect, &tiling);
                    assert_int_equal(tiling.rows % group, 0);
                }
            }
        }
    }
}

static void little_of_a_card_is_left_empty(void **state)
{
    (void)state;
    const UiRect rect = {0, 0, 302, 132};
    const ViewTiling tiling = view_tiling_find(rect, 40, 1, 28, 28);
    assert_in_range(tiling.cols * tiling.rows, 30, 50);
    assert_true(tiling.area.h > 0.9F * rect.h && tiling.area.w > 0.99F * rect.w);
}

static void larger_cards_hold_larger_images(void **state)
{
    (void)state;
    const ViewTiling small = view_tiling_find((UiRect){0, 0, 300, 130}, 40, 1, 28, 28);
    const ViewTiling large = view_tiling_find((UiRect){0, 0, 600, 260}, 40, 1, 28, 28);
    assert_true(large.w > 1.5F * small.w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiles_stay_inside_at_any_size),
        cmocka_unit_test(little_of_a_card_is_left_empty),
        cmocka_unit_test(larger_cards_hold_larger_images),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
