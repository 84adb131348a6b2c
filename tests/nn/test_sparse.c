#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"

#include "nn/sparse.h"
#include "twin.h"

/* What numbers are not zero. */
typedef enum Filling {
    NOTHING,
    ONE_EACH, /* one column of every row */
    A_FIFTH,
    MANY, /* just few enough to be taken */
} Filling;

/* rows of up to PARTS matrices, one below the other; outputs; columns: whole chunks, margins of every
 * kind, sums deeper than a panel. */
enum {
    PARTS = 10
};

typedef struct Shape {
    size_t rows[PARTS];
    size_t out, in;
    Filling filling;
} Shape;

static const Shape shapes[] = {
    {{64}, 128, 784, A_FIFTH},
    {{1}, 16, 16, ONE_EACH},
    {{63, 1}, 64, 129, MANY},
    {{64, 36, 28}, 90, 600, A_FIFTH},
    {{64, 64, 2}, 17, 1030, MANY},
    {{64, 6}, 100, 300, NOTHING},
    {{64, 64, 64, 64, 64, 64, 64, 64, 64, 10}, 70, 90, A_FIFTH},
};

static void release(float *x, size_t n)
{
    assert_true(x[n] == 77.0f);
    ls_memory_free(x);
}

/* Zeros of either sign. */
static float *fill_sparse(size_t rows, size_t columns, Filling filling)
{
    static const float shares[] = {[NOTHING] = 0, [ONE_EACH] = 0, [A_FIFTH] = 0.2f, [MANY] = 0.38f};
    float *x = twin_floats(rows * columns, 1);
    float *chance = twin_floats(rows * columns, 2);
    ls_rng_uniform(ls_rng_make(3, LS_RNG_NOISE), 0, rows * columns, chance);
    for (size_t i = 0; i < rows * columns; i++) {
        const bool one = filling == ONE_EACH && i % columns == (i / columns * 7 + 3) % columns;
        const float zero = i % 3 == 0 ? -0.0f : 0.0f;
        x[i] = one || chance[i] < shares[filling] ? x[i] : zero;
    }
    release(chance, rows * columns);
    return x;
}

/* The matrices of a shape, taken. */
typedef struct Stack {
    size_t count, rows;
    LsSparse part[PARTS];
    void *memory[PARTS];
    float *x;
} Stack;

static Stack stack_make(const Shape *shape)
{
    Stack stack = {0};
    for (; stack.count < PARTS && shape->rows[stack.count] > 0; stack.count++) {
        stack.rows += shape->rows[stack.count];
    }
    stack.x = fill_sparse(stack.rows, shape->in, shape->filling);
    size_t row = 0;
    for (size_t i = 0; i < stack.count; i++) {
        stack.memory[i] = ls_memory_items(1, ls_sparse_room(shape->rows[i], shape->in), NULL);
        assert_non_null(stack.memory[i]);
        ls_sparse_init(&stack.part[i], shape->rows[i], shape->in, stack.memory[i]);
        assert_true(ls_sparse_take(&stack.part[i], shape->rows[i], stack.x + row * shape->in));
        row += shape->rows[i];
    }
    return stack;
}

static void stack_finish(Stack *stack, const Shape *shape)
{
    release(stack->x, stack->rows * shape->in);
    for (size_t i = 0; i < stack->count; i++) {
        ls_memory_free(stack->memory[i]);
    }
}

static void check_outputs(const LsTileKernel *kernel, const Shape *shape)
{
    Stack stack = stack_make(shape);
    const size_t out = shape->out;
    const size_t in = shape->in;
    float *weight = twin_floats(out * in, 4);
    float *got = twin_floats(stack.rows * out, 5);
    float *want = twin_floats(stack.rows * out, 6);
    size_t row = 0;
    for (size_t i = 0; i < stack.count; i++) {
        ls_sparse_nt(kernel, &stack.part[i], out, weight, got + row * out);
        row += stack.part[i].rows;
    }
    ls_tile_nt(kernel, (int)stack.rows, (int)out, (int)in, stack.x, weight, want);
    assert_memory_equal(got, want, stack.rows * out * sizeof *got);
    for (size_t i = 0; i < stack.rows; i++) {
        for (size_t j = 0; j < out; j++) {
            double sum = 0.0;
            for (size_t p = 0; p < in; p++) {
                sum += (double)stack.x[i * in + p] * (double)weight[j * in + p];
            }
            twin_check("c", i * out + j, (double)got[i * out + j], sum, 1e-5, 30.0);
        }
    }
    release(weight, out * in);
    release(got, stack.rows * out);
    release(want, stack.rows * out);
    stack_finish(&stack, shape);
}

static void check_strip(const Shape *shape, const Stack *stack, const float *delta, size_t stride,
                        size_t first, size_t lanes, const float *got)
{
    for (size_t i = 0; i < shape->out; i++) {
        for (size_t j = 0; j < lanes; j++) {
            double sum = 0.0;
            for (size_t row = 0; row < stack->rows; row++) {
                sum +=
                    (double)delta[row * stride + i] * (double)stack->x[row * shape->in + first + j];
            }
            twin_check("c", i * shape->in + first + j, (double)got[i * LS_TILE_LANES + j], sum,
                       1e-5, 30.0);
        }
    }
}

static void check_gradient(const LsTileKernel *kernel, const Shape *shape)
{
    Stack stack = stack_make(shape);
    const size_t out = shape->out;
    const size_t in = shape->in;
    const size_t stride = out + 3;
    const size_t floats = ls_sparse_panel(stack.rows, out);
    float *delta = twin_floats(stack.rows * stride, 4);
    float *panel = twin_floats(floats, 5);
    float *got = twin_floats(out * LS_TILE_LANES, 6);
    float *want = twin_floats(out * LS_TILE_LANES, 7);
    assert_true(ls_sparse_stacks(stack.count, stack.part));
    ls_sparse_lay_out(kernel, stack.rows, out, delta, stride, panel);
    for (size_t first = 0; first < in; first += LS_TILE_LANES) {
        const size_t lanes = in - first < LS_TILE_LANES ? in - first : LS_TILE_LANES;
        const LsTileAhead ahead = {.from = {stack.x + first}, .step = {in}};
        ls_sparse_strip(kernel, out, first, lanes, stack.count, stack.part, stack.rows, panel,
                        &ahead, got);
        ls_tile_strip(kernel, out, lanes, stack.rows, delta, stride, stack.x + first, in, NULL,
                      want);
        for (size_t i = 0; i < out; i++) {
            assert_memory_equal(got + i * LS_TILE_LANES, want + i * LS_TILE_LANES,
                                lanes * sizeof *got);
        }
        check_strip(shape, &stack, delta, stride, first, lanes, got);
    }
    release(delta, stack.rows * stride);
    release(panel, floats);
    release(got, out * LS_TILE_LANES);
    release(want, out * LS_TILE_LANES);
    stack_finish(&stack, shape);
}

static void check_all(void (*check)(const LsTileKernel *kernel, const Shape *shape))
{
    const LsTileKernel *best = ls_tile_find();
    if (best == NULL) {
        skip();
    }
    for (size_t i = 0; i < LS_COUNT(shapes); i++) {
        check(best, &shapes[i]);
#if defined(__x86_64__)
        check(&ls_tile_kernel_v3, &shapes[i]);
#endif
    }
}

static void outputs_have_the_bits_of_whole_products(void **state)
{
    (void)state;
    check_all(check_outputs);
}

static void gradients_have_the_bits_of_whole_products(void **state)
{
    (void)state;
    check_all(check_gradient);
}

static void what_has_few_zeros_is_not_taken(void **state)
{
    (void)state;

    enum {
        ROWS = 5,
        COLUMNS = 100
    };

    void *memory = ls_memory_items(1, ls_sparse_room(ROWS, COLUMNS), NULL);
    float *x = twin_floats(ROWS * COLUMNS, 1);
    LsSparse sparse;
    ls_sparse_init(&sparse, ROWS, COLUMNS, memory);
    assert_false(ls_sparse_stacks(1, &sparse));
    assert_false(ls_sparse_take(&sparse, ROWS, x));
    assert_false(ls_sparse_stacks(1, &sparse));
    memset(x, 0, 300 * sizeof *x); /* two fifths are left */
    assert_true(ls_sparse_take(&sparse, ROWS, x));
    assert_int_equal(sparse.column_begin[COLUMNS], 200);
    assert_true(ls_sparse_stacks(1, &sparse));
    x[0] = 1.0f;
    assert_false(ls_sparse_take(&sparse, ROWS, x));
    assert_false(ls_sparse_stacks(1, &sparse));
    release(x, ROWS * COLUMNS);
    ls_memory_free(memory);
}

/* Where sums of whole products begin anew, a matrix must end. */
static void rows_across_the_depth_of_a_panel_do_not_stack(void **state)
{
    (void)state;
    LsSparse parts[10];
    for (size_t i = 0; i < LS_COUNT(parts); i++) {
        parts[i] = (LsSparse){.rows = 64};
    }
    assert_true(ls_sparse_stacks(10, parts));
    parts[7].rows = 63;
    assert_true(ls_sparse_stacks(8, parts));
    assert_false(ls_sparse_stacks(9, parts));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outputs_have_the_bits_of_whole_products),
        cmocka_unit_test(gradients_have_the_bits_of_whole_products),
        cmocka_unit_test(what_has_few_zeros_is_not_taken),
        cmocka_unit_test(rows_across_the_depth_of_a_panel_do_not_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
