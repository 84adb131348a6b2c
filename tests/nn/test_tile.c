#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"

#include "nn/tile.h"
#include "twin.h"

/* m, n, k: whole tiles, margins of every kind, more rows than a panel has lanes, sums deeper than a
 * panel. */
static const int shapes[][3] = {{1, 1, 1},    {64, 64, 64},   {6, 16, 16},    {65, 79, 31},
                                {63, 17, 16}, {128, 128, 65}, {130, 33, 513}, {7, 200, 1030}};

typedef struct Arrays {
    float *a, *b, *c;
} Arrays;

static Arrays make(const int *shape, uint64_t seed)
{
    const size_t m = (size_t)shape[0];
    const size_t n = (size_t)shape[1];
    const size_t k = (size_t)shape[2];
    return (Arrays){twin_floats((m + 3) * k, seed), twin_floats(k * n, seed + 1),
                    twin_floats(m * n, seed + 2)};
}

static void check(const int *shape, const Arrays *arrays, const float *before, char form)
{
    const size_t m = (size_t)shape[0];
    const size_t n = (size_t)shape[1];
    const size_t k = (size_t)shape[2];
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) {
            double want = before != NULL ? (double)before[i * n + j] : 0.0;
            for (size_t p = 0; p < k; p++) {
                const float a = form == 't' ? arrays->a[p * (m + 3) + i] : arrays->a[i * k + p];
                const float b = form == 'n' ? arrays->b[j * k + p] : arrays->b[p * n + j];
                want += (double)a * (double)b;
            }
            twin_check("c", i * n + j, (double)arrays->c[i * n + j], want, 1e-5, 30.0);
        }
    }
    assert_true(arrays->c[m * n] == 77.0f);
}

/* Strip after strip gives the bits of the whole product. */
static void check_strips(const LsTileKernel *kernel, const int *shape, const Arrays *arrays)
{
    const size_t m = (size_t)shape[0];
    const size_t n = (size_t)shape[1];
    float *strip = twin_floats(m * LS_TILE_LANES, 0);
    for (size_t lane = 0; lane < n; lane += LS_TILE_LANES) {
        const size_t lanes = n - lane < LS_TILE_LANES ? n - lane : LS_TILE_LANES;
        const LsTileAhead ahead = {.from = {arrays->c + lane}, .step = {n}};
        ls_tile_strip(kernel, m, lanes, (size_t)shape[2], arrays->a, m + 3, arrays->b + lane, n,
                      &ahead, strip);
        for (size_t i = 0; i < m; i++) {
            assert_memory_equal(strip + i * LS_TILE_LANES, arrays->c + i * n + lane,
                                lanes * sizeof *strip);
        }
    }
    assert_true(strip[m * LS_TILE_LANES] == 77.0f);
    ls_memory_free(strip);
}

static void every_product_agrees_with_the_plain_sum(const LsTileKernel *kernel)
{
    for (size_t s = 0; s < LS_COUNT(shapes); s++) {
        const int m = shapes[s][0];
        const int n = shapes[s][1];
        const int k = shapes[s][2];
        Arrays arrays = make(shapes[s], s);
        ls_tile_nt(kernel, m, n, k, arrays.a, arrays.b, arrays.c);
        check(shapes[s], &arrays, NULL, 'n');
        ls_tile_tn(kernel, m, n, k, arrays.a, m + 3, arrays.b, arrays.c);
        check(shapes[s], &arrays, NULL, 't');
        check_strips(kernel, shapes[s], &arrays);
        ls_tile_nn(kernel, m, n, k, arrays.a, arrays.b, false, arrays.c);
        check(shapes[s], &arrays, NULL, 'a');
        float *before = twin_floats((size_t)m * (size_t)n, 0);
        memcpy(before, arrays.c, (size_t)m * (size_t)n * sizeof *before);
        ls_tile_nn(kernel, m, n, k, arrays.a, arrays.b, true, arrays.c);
        check(shapes[s], &arrays, before, 'a');
        ls_memory_free(before);
        ls_memory_free(arrays.a);
        ls_memory_free(arrays.b);
        ls_memory_free(arrays.c);
    }
}

static void the_kernels_of_this_processor_agree_with_the_plain_sum(void **state)
{
    (void)state;
    const LsTileKernel *kernel = ls_tile_find();
    if (kernel == NULL) {
        skip();
    }
    every_product_agrees_with_the_plain_sum(kernel);
}

static void the_kernels_of_lesser_processors_agree_with_the_plain_sum(void **state)
{
    (void)state;
#if defined(__x86_64__)
    if (ls_tile_find() == NULL) {
        skip();
    }
    every_product_agrees_with_the_plain_sum(&ls_tile_kernel_v3);
#else
    skip();
#endif
}

/* The other product adds the same numbers up in the same order and leaves nothing out. */
static void columns_of_zeros_are_left_out_without_a_trace(void **state)
{
    (void)state;
    const LsTileKernel *kernel = ls_tile_find();
    if (kernel == NULL) {
        skip();
    }

    enum {
        ROWS = 70,
        OUT = 90,
        IN = 600
    };

    float *x = twin_floats(ROWS * IN, 1);
    float *weight = twin_floats(OUT * IN, 2);
    float *turned = twin_floats(OUT * IN, 3);
    float *got = twin_floats(ROWS * OUT, 4);
    float *want = twin_floats(ROWS * OUT, 5);
    for (size_t i = 0; i < IN; i++) {
        for (size_t row = 0; row < ROWS && (i % 3 == 0 || i > 570); row++) {
            x[row * IN + i] = i % 2 == 0 ? 0.0f : -0.0f;
        }
        for (size_t out = 0; out < OUT; out++) {
            turned[i * OUT + out] = weight[out * IN + i];
        }
    }
    ls_tile_nt(kernel, ROWS, OUT, IN, x, weight, got);
    ls_tile_nn(kernel, ROWS, OUT, IN, x, turned, false, want);
    assert_memory_equal(got, want, ROWS * OUT * sizeof *got);
    float *const arrays[] = {x, weight, turned, got, want};
    for (size_t i = 0; i < LS_COUNT(arrays); i++) {
        ls_memory_free(arrays[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kernels_of_this_processor_agree_with_the_plain_sum),
        cmocka_unit_test(the_kernels_of_lesser_processors_agree_with_the_plain_sum),
        cmocka_unit_test(columns_of_zeros_are_left_out_without_a_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
