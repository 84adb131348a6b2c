#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "views/pixels.h"

static void numbers_are_rounded_to_the_nearest_byte(void **state)
{
    (void)state;
    const float image[] = {0, 1, 0.5F, 0.001F, 0.999F};
    uint8_t out[5];
    view_pixels_round(image, 5, 1, out);
    const uint8_t wanted[] = {0, 255, 128, 0, 255};
    assert_memory_equal(out, wanted, 5);
}

static void colours_become_opaque_pixels(void **state)
{
    (void)state;
    const float image[] = {0, 0.5F, 1, 1, 0, 0};
    uint8_t out[8];
    view_pixels_round(image, 2, 3, out);
    const uint8_t wanted[] = {0, 128, 255, 255, 255, 0, 0, 255};
    assert_memory_equal(out, wanted, 8);
}

static void parts_of_an_enlarged_image_make_it_whole(void **state)
{
    (void)state;

    enum {
        SIDE = 6,
        ACROSS = 4
    };

    uint8_t image[SIDE * SIDE];
    uint8_t whole[SIDE * ACROSS * SIDE * ACROSS];
    for (int i = 0; i < SIDE * SIDE; i++) {
        image[i] = (uint8_t)(i % SIDE * 50);
    }
    for (int j = 0; j < ACROSS; j++) {
        for (int i = 0; i < ACROSS; i++) {
            uint8_t part[SIDE * SIDE];
            view_pixels_part(image, SIDE, SIDE, 1, ACROSS, i, j, part);
            for (int y = 0; y < SIDE; y++) {
                memcpy(whole + (size_t)(j * SIDE + y) * SIDE * ACROSS + (size_t)(i * SIDE),
                       part + (size_t)y * SIDE, SIDE);
            }
        }
    }
    /* A ramp from left to right stays one, without a step where parts meet. */
    for (int y = 0; y < SIDE * ACROSS; y++) {
        for (int x = 1; x < SIDE * ACROSS; x++) {
            const int rise = whole[y * SIDE * ACROSS + x] - whole[y * SIDE * ACROSS + x - 1];
            assert_in_range(rise, 0, 14);
        }
    }
    assert_int_equal(whole[0], 0);
    assert_int_equal(whole[SIDE * ACROSS - 1], 250);
}

static void enlarging_keeps_flat_images_flat(void **state)
{
    (void)state;
    float image[9];
    float row[9 * 4];
    float out[9 * 16];
    for (int i = 0; i < 9; i++) {
        image[i] = 0.7F;
    }
    view_pixels_enlarge(image, 3, 3, 1, 4, row, out);
    for (int i = 0; i < 9 * 16; i++) {
        assert_true(fabsf(out[i] - 0.7F) < 1e-6F);
    }
}

static void enlarging_stays_between_black_and_white(void **state)
{
    (void)state;
    const float image[4 * 4 * 3] = {[0] = 1, [7] = 1, [20] = 1, [21] = 1, [30] = 1, [47] = 1};
    float row[4 * 4 * 3 * 4];
    float out[4 * 4 * 3 * 16];
    view_pixels_enlarge(image, 4, 4, 3, 4, row, out);
    for (int i = 0; i < 4 * 4 * 3 * 16; i++) {
        assert_true(out[i] >= 0 && out[i] <= 1);
    }
}

static void classes_differ_in_colour(void **state)
{
    (void)state;
    for (int a = 0; a < 30; a++) {
        for (int b = 0; b < a; b++) {
            const UiColor one = view_pixels_class(a);
            const UiColor two = view_pixels_class(b);
            assert_memory_not_equal(&one, &two, sizeof one);
        }
    }
    const UiColor last = view_pixels_class(255);
    assert_int_equal(last.a, 255);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_rounded_to_the_nearest_byte),
        cmocka_unit_test(colours_become_opaque_pixels),
        cmocka_unit_test(parts_of_an_enlarged_image_make_it_whole),
        cmocka_unit_test(enlarging_keeps_flat_images_flat),
        cmocka_unit_test(enlarging_stays_between_black_and_white),
        cmocka_unit_test(classes_differ_in_colour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
