#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/data/augment.h"

enum {
    WIDTH = 70, /* more than a strip */
    HEIGHT = 9,
    CHANNELS = 3,
    PIXELS = WIDTH * HEIGHT * CHANNELS
};

static const LsAugmentSize size = {WIDTH, HEIGHT, CHANNELS};

static LsRng stream(void)
{
    return ls_rng_make(3, LS_RNG_MOVE);
}

static void fill(float *image)
{
    ls_rng_uniform(ls_rng_make(1, LS_RNG_VIEW), 0, PIXELS, image);
}

static void without_movement_an_image_stays_as_it_is(void **state)
{
    (void)state;
    float from[PIXELS], to[PIXELS];
    fill(from);
    ls_augment_move(stream(), 5, size, 0, 0, from, to);
    for (int i = 0; i < PIXELS; i++) {
        assert_true(fabsf(from[i] - to[i]) < 1e-4f);
    }
}

static double mean_place(const float *image, int axis)
{
    double sum = 0, weight = 0;
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            const double value = (double)image[(y * WIDTH + x) * CHANNELS + 1];
            sum += value * (axis == 0 ? x : y);
            weight += value;
        }
    }
    return sum / weight;
}

static void a_shift_moves_all_of_an_image_within_its_bound(void **state)
{
    (void)state;
    float from[PIXELS] = {0}, to[PIXELS];
    for (int c = 0; c < CHANNELS; c++) {
        from[(4 * WIDTH + 66) * CHANNELS + c] = 1;
    }
    double most = 0;
    for (uint64_t row = 0; row < 200; row++) {
        ls_augment_move(stream(), row, size, 2, 0, from, to);
        const double dx = mean_place(to, 0) - 66, dy = mean_place(to, 1) - 4;
        assert_true(fabs(dx) <= 2.001 && fabs(dy) <= 2.001);
        most = fmax(most, fmax(fabs(dx), fabs(dy)));
        double sum = 0;
        for (int i = 0; i < PIXELS; i++) {
            sum += (double)to[i];
        }
        assert_true(fabs(sum - CHANNELS) < 1e-4); /* nothing of it is lost */
    }
    assert_true(most > 1.8);
}

static void what_comes_from_beyond_the_edge_is_black(void **state)
{
    (void)state;
    float from[PIXELS], to[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
        from[i] = 1;
    }
    for (uint64_t row = 0; row < 50; row++) {
        ls_augment_move(stream(), row, size, 500, 1, from, to); /* often wholly out of sight */
        for (int i = 0; i < PIXELS; i++) {
            assert_true(to[i] >= 0 && to[i] <= 1);
        }
    }
}

static void a_row_is_changed_alike_whoever_changes_it(void **state)
{
    (void)state;
    float from[PIXELS], one[PIXELS], two[PIXELS];
    fill(from);
    ls_augment_move(stream(), 7, size, 2, 0.2, from, one);
    ls_augment_move(stream(), 8, size, 2, 0.2, from, two);
    assert_memory_not_equal(one, two, sizeof one);
    ls_augment_move(stream(), 7, size, 2, 0.2, from, two);
    assert_memory_equal(one, two, sizeof one);
}

static void a_mask_blackens_its_share(void **state)
{
    (void)state;
    float from[PIXELS], to[PIXELS];
    fill(from);
    int black = 0;
    for (uint64_t row = 0; row < 20; row++) {
        ls_augment_mask(stream(), row, PIXELS, 0.3, from, to);
        for (int i = 0; i < PIXELS; i++) {
            assert_true(to[i] == 0 || to[i] == from[i]);
            black += to[i] == 0;
        }
    }
    const double share = (double)black / (20.0 * PIXELS);
    assert_true(fabs(share - 0.3) < 0.02);
    ls_augment_mask(stream(), 1, PIXELS, 0, from, to);
    assert_memory_equal(from, to, sizeof to);
}

static void gaussian_noise_has_its_deviation(void **state)
{
    (void)state;
    float from[PIXELS], to[PIXELS];
    fill(from);
    ls_augment_gaussian(stream(), 2, PIXELS, 0.5, from, to);
    double sum = 0;
    for (int i = 0; i < PIXELS; i++) {
        const double noise = (double)to[i] - (double)from[i];
        sum += noise * noise;
    }
    assert_true(fabs(sqrt(sum / PIXELS) - 0.5) < 0.03);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_movement_an_image_stays_as_it_is),
        cmocka_unit_test(a_shift_moves_all_of_an_image_within_its_bound),
        cmocka_unit_test(what_comes_from_beyond_the_edge_is_black),
        cmocka_unit_test(a_row_is_changed_alike_whoever_changes_it),
        cmocka_unit_test(a_mask_blackens_its_share),
        cmocka_unit_test(gaussian_noise_has_its_deviation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
