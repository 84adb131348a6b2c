#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"
#include "latentscape/vae/regularizer.h"

#include "nn/half.h"
#include "twin.h"

/* A block of weights, what their gradient is made of, and Adam's means. */
typedef struct Block {
    size_t m, n, k, stride;
    uint16_t *a, *b, *half;
    float *grad, *weight, *mean, *square, *loss;
    uint32_t *words;
    void *scratch;
} Block;

static void *items(size_t count, size_t size)
{
    void *memory = ls_memory_items(count, size, NULL);
    assert_non_null(memory);
    return memory;
}

static uint16_t *halves(size_t count, uint64_t from)
{
    float *value = items(count, sizeof *value);
    uint16_t *half = items(count, sizeof *half);
    ls_rng_normal(ls_rng_make(7, LS_RNG_NOISE), from << 24, count, value);
    ls_backend_halve(count, value, half);
    ls_memory_free(value);
    return half;
}

static void block_init(Block *block, size_t m, size_t n, size_t k)
{
    *block = (Block){.m = m, .n = n, .k = k, .stride = m + 3};
    block->a = halves(k * block->stride, 1);
    block->b = halves(k * n, 2);
    block->grad = items(m * n, sizeof *block->grad);
    block->weight = items(m * n, sizeof *block->weight);
    block->mean = items(m * n, sizeof *block->mean);
    block->square = items(m * n, sizeof *block->square);
    block->loss = items(n, sizeof *block->loss);
    block->half = items(m * n, sizeof *block->half);
    block->words = items(ls_half_words(k, m), sizeof *block->words);
    const LsRng rng = ls_rng_make(8, LS_RNG_NOISE);
    ls_rng_normal(rng, 0, m * n, block->weight);
    ls_rng_normal(rng, 1 << 24, m * n, block->mean);
    ls_rng_normal(rng, 1 << 25, m * n, block->square);
    block->weight[m * n / 2] = 0; /* where a magnitude has no side */
    for (size_t i = 0; i < m * n; i++) {
        block->square[i] *= (float)k * block->square[i];
    }
}

static void block_finish(Block *block)
{
    void *const all[] = {block->a,    block->b,      block->half, block->grad,  block->weight,
                         block->mean, block->square, block->loss, block->words, block->scratch};
    for (size_t i = 0; i < LS_COUNT(all); i++) {
        ls_memory_free(all[i]);
    }
}

/* One thing after the other: the whole gradient, then Adam row by row. */
static void move_apart(Block *block, const LsHalfKernel *kernel, const LsRegularizer *kind,
                       const LsAdam *adam, float factor)
{
    const LsProductShape shape = {.form = LS_PRODUCT_TN,
                                  .m = (int)block->m,
                                  .n = (int)block->n,
                                  .k = (int)block->k,
                                  .stride = (int)block->stride};
    block->scratch = items(1, ls_half_scratch(&shape));
    ls_half_run(kernel, &shape, block->scratch, block->a, block->b, block->grad);
    kind->update(adam, block->m, block->n, block->grad, block->n, factor, block->loss,
                 block->weight, block->mean, block->square, block->half, block->n);
}

static void move_at_once(Block *block, const LsHalfKernel *kernel, const LsRegularizer *kind,
                         const LsAdam *adam, float factor)
{
    const LsHalfLearning learning = {.rates = ls_adam_rates(adam),
                                     .bounded = ls_adam_rates_bounded(adam),
                                     .absolute = kind->absolute,
                                     .factor = factor,
                                     .weight = block->weight,
                                     .m = block->mean,
                                     .v = block->square,
                                     .half = block->half,
                                     .stride = block->n,
                                     .loss = block->loss};
    ls_half_lay_out(kernel, block->k, block->m, block->a, block->stride, block->words);
    ls_half_learn(kernel, block->m, block->n, block->k, block->words, block->b, &learning);
}

static void same_bits(const char *what, const void *got, const void *want, size_t count,
                      size_t size, const Block *block)
{
    for (size_t i = 0; i < count; i++) {
        if (memcmp((const char *)got + i * size, (const char *)want + i * size, size) != 0) {
            fail_msg("%s %zu of %zu x %zu x %zu is another", what, i, block->m, block->n, block->k);
        }
    }
}

static void compare(const LsHalfKernel *kernel, const LsRegularizer *kind, size_t m, size_t n,
                    size_t k, double bound)
{
    Block got, want;
    const LsAdam loose = ls_adam_make_with(1e-2, 0.9, 0.99, 0.1, 12);
    const LsAdam adam = ls_adam_bounded(&loose, bound);
    block_init(&got, m, n, k);
    block_init(&want, m, n, k);
    move_at_once(&got, kernel, kind, &adam, 0.03f);
    move_apart(&want, kernel, kind, &adam, 0.03f);
    same_bits("weight", got.weight, want.weight, m * n, sizeof *got.weight, &got);
    same_bits("mean", got.mean, want.mean, m * n, sizeof *got.mean, &got);
    same_bits("square", got.square, want.square, m * n, sizeof *got.square, &got);
    same_bits("loss", got.loss, want.loss, n, sizeof *got.loss, &got);
    same_bits("half", got.half, want.half, m * n, sizeof *got.half, &got);
    block_finish(&got);
    block_finish(&want);
}

/* Sizes around those of tiles, of columns that are taken at a time, and the default model's. */
static const size_t sizes[][3] = {{8, 16, 1},     {8, 32, 2},    {16, 48, 7},   {128, 784, 128},
                                  {128, 512, 33}, {24, 80, 129}, {8, 208, 1024}};

static void weights_moved_in_the_product_are_those_moved_after_it(void **state)
{
    (void)state;
    const LsHalfKernel *kernel = ls_half_find();
    size_t count = 0;
    const LsRegularizer *kinds = ls_regularizer_kinds(&count);
    for (size_t i = 0; i < count && kernel != NULL; i++) {
        for (size_t s = 0; s < LS_COUNT(sizes) && kinds[i].update != NULL; s++) {
            const size_t *size = sizes[s];
            assert_true(ls_half_learns(size[0], size[1], size[2]));
            compare(kernel, &kinds[i], size[0], size[1], size[2], (double)INFINITY);
            compare(kernel, &kinds[i], size[0], size[1], size[2], 0.5);
        }
    }
}

static void what_is_not_a_number_stays_none(void **state)
{
    (void)state;
    const LsHalfKernel *kernel = ls_half_find();
    size_t count = 0;
    const LsRegularizer *kinds = ls_regularizer_kinds(&count);
    if (kernel == NULL) {
        return;
    }
    Block block;
    const LsAdam loose = ls_adam_make(1e-2, 3);
    const LsAdam adam = ls_adam_bounded(&loose, 0.5);
    block_init(&block, 8, 16, 4);
    block.b[5] = 0x7fc0; /* of the first row: in the gradient of column 5 */
    move_at_once(&block, kernel, &kinds[0], &adam, 0.0f);
    for (size_t i = 0; i < 8 * 16; i++) {
        assert_int_equal(isnan(block.weight[i]) != 0, i % 16 == 5);
    }
    block_finish(&block);
}

static void sizes_that_do_not_suit_are_refused(void **state)
{
    (void)state;
    assert_false(ls_half_learns(12, 64, 128));
    assert_false(ls_half_learns(16, 40, 128));
    assert_false(ls_half_learns(16, 64, LS_HALF_DEPTH + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_moved_in_the_product_are_those_moved_after_it),
        cmocka_unit_test(what_is_not_a_number_stays_none),
        cmocka_unit_test(sizes_that_do_not_suit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
