#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"

#include "nn/fastmath.h"
#include "nn/half_sparse.h"
#include "twin.h"

enum {
    PARTS = 4
};

/* Rows of matrices one below the other, outputs, columns, and what share of the numbers is not zero. */
typedef struct Shape {
    size_t rows[PARTS];
    size_t out, in;
    float share;
} Shape;

static const Shape shapes[] = {
    {{64}, 128, 784, 0.2f},    {{1}, 16, 16, 0.1f},
    {{63, 1}, 64, 130, 0.25f}, {{64, 36, 27, 64}, 90, 600, 0.2f},
    {{64, 6}, 100, 300, 0.0f}, {{5, 7}, 17, 1030, 0.2f},
};

static void *items(size_t count, size_t size)
{
    void *memory = ls_memory_items(count, size, NULL);
    assert_non_null(memory);
    return memory;
}

static float value_of(uint16_t half)
{
    return ls_float_from_bits((uint32_t)half << 16);
}

static float *normals(size_t count, uint64_t from)
{
    float *value = items(count, sizeof *value);
    ls_rng_normal(ls_rng_make(5, LS_RNG_NOISE), from << 24, count, value);
    return value;
}

static uint16_t *halves_of(const float *value, size_t count)
{
    uint16_t *half = items(count, sizeof *half);
    ls_backend_halve(count, value, half);
    return half;
}

/* Zeros of either sign. */
static float *fill_sparse(size_t count, float share)
{
    float *x = normals(count, 1);
    float *chance = items(count, sizeof *chance);
    ls_rng_uniform(ls_rng_make(6, LS_RNG_NOISE), 0, count, chance);
    for (size_t i = 0; i < count; i++) {
        x[i] = chance[i] < share ? x[i] : i % 3 == 0 ? -0.0f : 0.0f;
    }
    ls_memory_free(chance);
    return x;
}

/* Matrices taken in pairs, and all they are made of. */
typedef struct Stack {
    const Shape *shape;
    size_t count, rows;
    float *x;
    uint16_t *half;
    void *memory[PARTS];
    LsSparse part[PARTS];
} Stack;

static void stack_init(Stack *stack, const Shape *shape)
{
    *stack = (Stack){.shape = shape};
    for (; stack->count < PARTS && shape->rows[stack->count] > 0; stack->count++) {
        stack->rows += shape->rows[stack->count];
    }
    stack->x = fill_sparse(stack->rows * shape->in, shape->share);
    stack->half = halves_of(stack->x, stack->rows * shape->in);
    const float *x = stack->x;
    for (size_t i = 0; i < stack->count; i++) {
        stack->memory[i] = items(1, ls_sparse_room(LS_SPARSE_ROWS, shape->in));
        ls_sparse_init(&stack->part[i], LS_SPARSE_ROWS, shape->in, stack->memory[i]);
        assert_true(ls_sparse_take_pairs(&stack->part[i], shape->rows[i], x));
        x += shape->rows[i] * shape->in;
    }
}

static void stack_finish(Stack *stack)
{
    for (size_t i = 0; i < stack->count; i++) {
        ls_memory_free(stack->memory[i]);
    }
    ls_memory_free(stack->x);
    ls_memory_free(stack->half);
}

/* Sums in single precision, in whatever order: a fraction of what was added up. */
static void check(const char *what, float got, double want, double size, const Shape *shape)
{
    if (!(fabs((double)got - want) <= 2e-6 * size)) {
        fail_msg("%s, %zu x %zu: %g, not %g", what, shape->out, shape->in, (double)got, want);
    }
}

static void outputs_are_sums_of_what_was_rounded(void **state)
{
    (void)state;
    const LsHalfKernel *kernel = ls_half_find();
    for (size_t s = 0; s < LS_COUNT(shapes) && kernel != NULL; s++) {
        Stack stack;
        stack_init(&stack, &shapes[s]);
        const size_t in = shapes[s].in, out = shapes[s].out, rows = shapes[s].rows[0];
        float *b = normals(out * in, 2);
        uint16_t *half_b = halves_of(b, out * in);
        float *c = items(rows * out, sizeof *c);
        ls_half_sparse_nt(kernel, &stack.part[0], out, half_b, c);
        for (size_t at = 0; at < rows * out; at++) {
            double want = 0, size = 0;
            for (size_t l = 0; l < in; l++) {
                const double one = (double)value_of(stack.half[at / out * in + l]) *
                                   (double)value_of(half_b[at % out * in + l]);
                want += one;
                size += fabs(one);
            }
            check("output", c[at], want, size, &shapes[s]);
        }
        ls_memory_free(b);
        ls_memory_free(half_b);
        ls_memory_free(c);
        stack_finish(&stack);
    }
}

static void check_strip(const LsHalfKernel *kernel, const Stack *stack, const uint16_t *a,
                        const uint32_t *panel, size_t first)
{
    const size_t in = stack->shape->in, out = stack->shape->out;
    const size_t lanes = in - first < LS_TILE_LANES ? in - first : LS_TILE_LANES;
    const LsTileAhead nothing = {{NULL}, {0}};
    float *c = items(out * LS_TILE_LANES, sizeof *c);
    ls_half_sparse_strip(kernel, out, first, lanes, stack->count, stack->part, panel, &nothing, c);
    for (size_t i = 0; i < out; i++) {
        for (size_t j = 0; j < lanes; j++) {
            double want = 0, size = 0;
            for (size_t row = 0; row < stack->rows; row++) {
                const double one = (double)value_of(a[row * out + i]) *
                                   (double)value_of(stack->half[row * in + first + j]);
                want += one;
                size += fabs(one);
            }
            check("gradient", c[i * LS_TILE_LANES + j], want, size, stack->shape);
        }
    }
    ls_memory_free(c);
}

static void gradients_are_sums_of_what_was_rounded(void **state)
{
    (void)state;
    const LsHalfKernel *kernel = ls_half_find();
    for (size_t s = 0; s < LS_COUNT(shapes) && kernel != NULL; s++) {
        Stack stack;
        stack_init(&stack, &shapes[s]);
        float *a = normals(stack.rows * shapes[s].out, 3);
        uint16_t *half_a = halves_of(a, stack.rows * shapes[s].out);
        uint32_t *panel = items(ls_half_sparse_panel(stack.rows, shapes[s].out), sizeof *panel);
        ls_half_sparse_lay_out(kernel, stack.count, stack.part, shapes[s].out, half_a,
                               shapes[s].out, panel);
        for (size_t first = 0; first < shapes[s].in; first += LS_TILE_LANES) {
            check_strip(kernel, &stack, half_a, panel, first);
        }
        ls_memory_free(a);
        ls_memory_free(half_a);
        ls_memory_free(panel);
        stack_finish(&stack);
    }
}

static void what_is_not_mostly_zeros_is_not_taken(void **state)
{
    (void)state;

    enum {
        ROWS = 6,
        COLUMNS = 100
    };

    float *x = fill_sparse((size_t)ROWS * COLUMNS, 0.6f);
    void *memory = items(1, ls_sparse_room(ROWS, COLUMNS));
    LsSparse sparse;
    ls_sparse_init(&sparse, ROWS, COLUMNS, memory);
    assert_false(ls_sparse_take_pairs(&sparse, ROWS, x));
    assert_int_equal(sparse.rows, 0);
    ls_memory_free(x);
    ls_memory_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outputs_are_sums_of_what_was_rounded),
        cmocka_unit_test(gradients_are_sums_of_what_was_rounded),
        cmocka_unit_test(what_is_not_mostly_zeros_is_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
