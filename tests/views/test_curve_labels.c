#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latentscape/core/base.h"

#include "views/curve_labels.h"

static const UiRect high = {0, 0, 300, 120};

static void check_apart(const ViewLabel *labels, size_t count, float left, float right)
{
    for (size_t i = 0; i < count; i++) {
        if (labels[i].row < 0) {
            continue;
        }
        assert_true(labels[i].x >= left && labels[i].x + labels[i].width <= right);
        for (size_t j = 0; j < i; j++) {
            assert_false(labels[j].row == labels[i].row &&
                         labels[j].x < labels[i].x + labels[i].width &&
                         labels[i].x < labels[j].x + labels[j].width);
        }
    }
}

static void a_lone_label_stands_right_of_its_line_at_the_top(void **state)
{
    (void)state;
    ViewLabel label = {.line_x = 100, .width = 40};
    view_curve_labels_place(&label, 1, high);
    assert_int_equal(label.row, 0);
    assert_true(label.x > 100 && label.x < 110);
}

static void a_label_at_the_right_edge_turns_to_the_left(void **state)
{
    (void)state;
    ViewLabel label = {.line_x = 290, .width = 40};
    view_curve_labels_place(&label, 1, high);
    assert_int_equal(label.row, 0);
    assert_true(label.x + label.width < 290);
}

static void labels_never_overlap_however_close_their_lines(void **state)
{
    (void)state;
    for (int apart = 0; apart <= 48; apart += 3) {
        ViewLabel labels[16];
        for (int i = 0; i < 16; i++) {
            labels[i] = (ViewLabel){.line_x = 20 + (float)(apart * i) * 0.5F,
                                    .width = 30 + (float)(i * 7 % 25)};
        }
        view_curve_labels_place(labels, 16, (UiRect){10, 0, 380, 120});
        check_apart(labels, 16, 10, 390);
        assert_true(labels[15].row >= 0); /* the newest always has its label */
    }
}

static void a_low_plot_has_one_row_that_crosses_no_line(void **state)
{
    (void)state;
    const UiRect low = {10, 0, 380, 50};
    for (int apart = 4; apart <= 60; apart += 4) {
        ViewLabel labels[6];
        for (int i = 0; i < 6; i++) {
            labels[i] =
                (ViewLabel){.line_x = 30 + (float)(apart * i), .width = 30 + (float)(i * 7 % 25)};
        }
        view_curve_labels_place(labels, 6, low);
        check_apart(labels, 6, 10, 390);
        assert_int_equal(labels[5].row, 0); /* the newest always has its label */
        for (int i = 0; i < 5; i++) {
            assert_true(labels[i].row <= 0);
            for (int j = 0; j < 6 && labels[i].row == 0; j++) {
                assert_true(j == i || labels[j].line_x < labels[i].x ||
                            labels[j].line_x > labels[i].x + labels[i].width);
            }
        }
    }
}

static void labels_keep_clear_of_other_lines_where_they_can(void **state)
{
    (void)state;
    ViewLabel labels[2] = {{.line_x = 100, .width = 50}, {.line_x = 130, .width = 50}};
    view_curve_labels_place(labels, 2, high);
    assert_true(labels[1].x > 130);
    assert_true(labels[0].x + labels[0].width < 100);
    assert_int_equal(labels[0].row, 0);
}

static void a_label_wider_than_the_plot_is_left_out(void **state)
{
    (void)state;
    ViewLabel label = {.line_x = 50, .width = 500};
    view_curve_labels_place(&label, 1, high);
    assert_int_equal(label.row, -1);
}

static void a_box_beside_a_line_stays_within_its_ends(void **state)
{
    (void)state;
    assert_true(view_curve_labels_beside(20, 100, 0, 400) == 30);
    assert_true(view_curve_labels_beside(350, 100, 0, 400) == 240);
    assert_true(view_curve_labels_beside(80, 150, 0, 200) == 50); /* it fits on neither side */
    assert_true(view_curve_labels_beside(80, 300, 0, 200) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lone_label_stands_right_of_its_line_at_the_top),
        cmocka_unit_test(a_label_at_the_right_edge_turns_to_the_left),
        cmocka_unit_test(labels_never_overlap_however_close_their_lines),
        cmocka_unit_test(a_low_plot_has_one_row_that_crosses_no_line),
        cmocka_unit_test(labels_keep_clear_of_other_lines_where_they_can),
        cmocka_unit_test(a_label_wider_than_the_plot_is_left_out),
        cmocka_unit_test(a_box_beside_a_line_stays_within_its_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
