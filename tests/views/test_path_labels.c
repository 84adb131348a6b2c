#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latentscape/core/base.h"

#include "views/path_labels.h"

static const UiRect area = {0, 0, 400, 200};

static bool overlap(UiRect a, UiRect b)
{
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

static void a_name_alone_stands_right_of_its_end_or_left_where_there_is_no_room(void **state)
{
    (void)state;
    ViewPathLabel labels[] = {{.end = {100, 100}, .width = 30}, {.end = {390, 50}, .width = 30}};
    const UiPoint rings[] = {{100, 100}, {390, 50}};
    view_path_labels_place(labels, 2, rings, 2, area);
    assert_true(labels[0].box.x > 100 && labels[0].box.x < 120);
    assert_true(labels[1].box.x + 30 < 390);
}

static void names_of_paths_that_begin_together_lie_apart_and_off_the_rings(void **state)
{
    (void)state;
    for (int dx = -20; dx <= 20; dx += 5) {
        for (int dy = -20; dy <= 20; dy += 5) {
            const UiPoint a = {200, 100};
            const UiPoint b = {200.0F + (float)dx, 100.0F + (float)dy};
            const UiPoint rings[] = {a, b, {195, 100}};
            ViewPathLabel labels[] = {{.end = b, .width = 9}, {.end = a, .width = 9}};
            view_path_labels_place(labels, 2, rings, LS_COUNT(rings), area);
            assert_false(overlap(labels[0].box, labels[1].box));
            for (size_t i = 0; i < 2; i++) {
                for (size_t k = 0; k < LS_COUNT(rings); k++) {
                    const UiRect ring = {rings[k].x - 8, rings[k].y - 8, 16, 16};
                    assert_false(overlap(labels[i].box, ring));
                }
            }
        }
    }
}

static void where_all_places_are_taken_a_name_stands_beside_its_end(void **state)
{
    (void)state;
    ViewPathLabel labels[] = {{.end = {10, 10}, .width = 30}};
    const UiPoint rings[] = {{10, 10}};
    view_path_labels_place(labels, 1, rings, 1, (UiRect){0, 0, 20, 20});
    assert_true(labels[0].box.x < 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_alone_stands_right_of_its_end_or_left_where_there_is_no_room),
        cmocka_unit_test(names_of_paths_that_begin_together_lie_apart_and_off_the_rings),
        cmocka_unit_test(where_all_places_are_taken_a_name_stands_beside_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
