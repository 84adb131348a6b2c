#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"
#include "latentscape/nn/backend.h"

#include "nn/fastmath.h"
#include "twin.h"

/* Kinds that this build and this processor have: the test of one that is missing has nothing to say. */
static LsBackend *backend_of(LsBackendKind kind)
{
    LsError err;
    LsBackend *backend = ls_backend_create(kind, &err);
    if (backend == NULL) {
        assert_int_equal(err.code, LS_ERR_SYSTEM);
        assert_int_not_equal(kind, LS_BACKEND_OPENBLAS);
    }
    return backend;
}

static void names_are_found_again_and_others_refused(void **state)
{
    (void)state;
    for (int i = 0; i < LS_BACKEND_KINDS; i++) {
        LsBackendKind kind = LS_BACKEND_KINDS;
        assert_true(ls_backend_find(ls_backend_name(i), &kind, NULL));
        assert_int_equal(kind, i);
    }
    assert_null(ls_backend_name(-1));
    assert_null(ls_backend_name(LS_BACKEND_KINDS));
    LsError err;
    LsBackendKind kind = LS_BACKEND_AUTO;
    assert_false(ls_backend_find("mkl", &kind, &err));
    assert_int_equal(err.code, LS_ERR_USAGE);
    assert_non_null(strstr(err.text, "mkl"));
}

static void the_fastest_is_one_that_can_be_asked_for(void **state)
{
    (void)state;
    LsBackend *fastest = ls_backend_create(LS_BACKEND_AUTO, NULL);
    assert_non_null(fastest);
    const LsBackendKind kind = ls_backend_kind(fastest);
    assert_int_not_equal(kind, LS_BACKEND_AUTO);
    LsBackend *asked = ls_backend_create(kind, NULL);
    assert_non_null(asked);
    assert_int_equal(ls_backend_kind(asked), kind);
    ls_backend_destroy(asked);
    ls_backend_destroy(fastest);
}

static float half_value(uint16_t half)
{
    return ls_float_from_bits((uint32_t)half << 16);
}

static void halves_are_the_nearest_and_ties_are_even(void **state)
{
    (void)state;
    const float from[] = {0.0f,     -0.0f,    1.0f,      1.00390625f, 1.01171875f, 1.004f,
                          -3.1416f, INFINITY, -INFINITY, 3.4e38f,     NAN};
    /* 1.00390625 and 1.01171875 lie in the middle of two neighbours: the even one is taken */
    const float want[] = {0.0f,       -0.0f,    1.0f,      1.0f,     1.015625f, 1.0078125f,
                          -3.140625f, INFINITY, -INFINITY, INFINITY, NAN};
    uint16_t half[LS_COUNT(from)];
    ls_backend_halve(LS_COUNT(from), from, half);
    for (size_t i = 0; i + 1 < LS_COUNT(from); i++) {
        const float got = half_value(half[i]);
        assert_true(got == want[i] && signbit(got) == signbit(want[i]));
    }
    assert_true(isnan(half_value(half[10])));
    const uint32_t full = 0x7fffffffu; /* a NaN whose rounding would run over into the sign */
    const float last = ls_float_from_bits(full);
    ls_backend_halve(1, &last, half);
    assert_true(isnan(half_value(half[0])));
}

static void halves_of_many_are_within_half_a_step(void **state)
{
    (void)state;
    static TwinArray array;
    uint16_t half[TWIN_MAX];
    for (size_t s = 0; s < LS_COUNT(twin_sizes); s++) {
        const size_t n = twin_sizes[s];
        const float *from = twin_fill(&array, n, s % 4, s, -5.0, 5.0);
        ls_backend_halve(n, from, half);
        for (size_t i = 0; i < n; i++) {
            twin_check("half", i, (double)half_value(half[i]), (double)from[i], 0x1p-8, 0.0);
        }
    }
}

/* A product with operands as a backend takes them, and its answer in double. */
typedef struct Sum {
    LsProductShape shape;
    float *a, *b, *c;
    uint16_t *half_a, *half_b;
    void *scratch;
    double *want, *size; /* [m, n]: the sum, and that of the absolute values */
} Sum;

static size_t a_count(const LsProductShape *shape)
{
    return (size_t)shape->k * (size_t)(shape->form == LS_PRODUCT_TN ? shape->stride : shape->m);
}

static void *items(size_t count, size_t size)
{
    void *memory = ls_memory_items(count, size, NULL);
    assert_non_null(memory);
    return memory;
}

/* Where element l of the sum for c[i][j] lies in a and b. */
static void places(const LsProductShape *s, size_t i, size_t j, size_t l, size_t *a, size_t *b)
{
    const size_t k = (size_t)s->k, n = (size_t)s->n;
    *a = s->form == LS_PRODUCT_TN ? l * (size_t)s->stride + i : i * k + l;
    *b = s->form == LS_PRODUCT_NT ? j * k + l : l * n + j;
}

static void sum_init(Sum *sum, const LsProductShape *shape, bool halves)
{
    const size_t m = (size_t)shape->m, n = (size_t)shape->n, k = (size_t)shape->k;
    const size_t a = a_count(shape);
    *sum = (Sum){.shape = *shape};
    sum->a = items(a, sizeof *sum->a);
    sum->b = items(k * n, sizeof *sum->b);
    sum->c = items(m * n, sizeof *sum->c);
    sum->half_a = items(a, sizeof *sum->half_a);
    sum->half_b = items(k * n, sizeof *sum->half_b);
    sum->want = items(m * n, sizeof *sum->want);
    sum->size = items(m * n, sizeof *sum->size);
    const LsRng rng = ls_rng_make(3, LS_RNG_NOISE);
    ls_rng_normal(rng, 0, a, sum->a);
    ls_rng_normal(rng, 1 << 24, k * n, sum->b);
    ls_rng_normal(rng, 1 << 25, m * n, sum->c);
    ls_backend_halve(a, sum->a, sum->half_a);
    ls_backend_halve(k * n, sum->b, sum->half_b);
    for (size_t at = 0; at < m * n; at++) {
        double total = shape->add ? (double)sum->c[at] : 0, size = fabs(total);
        for (size_t l = 0; l < k; l++) {
            size_t x = 0, y = 0;
            places(shape, at / n, at % n, l, &x, &y);
            /* exact in double: what is judged is the product, not the rounding before it */
            const double one =
                halves ? (double)half_value(sum->half_a[x]) * (double)half_value(sum->half_b[y])
                       : (double)sum->a[x] * (double)sum->b[y];
            total += one;
            size += fabs(one);
        }
        sum->want[at] = total;
        sum->size[at] = size;
    }
}

static void sum_finish(Sum *sum)
{
    void *const all[] = {sum->a,      sum->b,    sum->c,    sum->half_a,
                         sum->half_b, sum->want, sum->size, sum->scratch};
    for (size_t i = 0; i < LS_COUNT(all); i++) {
        ls_memory_free(all[i]);
    }
}

/* Forms, sizes around those of vectors and blocks, and the default model's. */
static const LsProductShape shapes[] = {
    {LS_PRODUCT_NT, 64, 512, 784, 0, false},    {LS_PRODUCT_NT, 17, 33, 47, 0, false},
    {LS_PRODUCT_NT, 1, 150, 200, 0, false},     {LS_PRODUCT_NN, 64, 256, 512, 0, false},
    {LS_PRODUCT_NN, 64, 40, 17, 0, true},       {LS_PRODUCT_NN, 3, 31, 65, 0, false},
    {LS_PRODUCT_TN, 128, 256, 128, 512, false}, {LS_PRODUCT_TN, 22, 150, 7, 150, false},
    {LS_PRODUCT_TN, 16, 16, 1, 16, false},
};

static void check_product(LsBackend *backend, const LsProductShape *shape)
{
    Sum sum;
    LsError err;
    const bool halves = ls_backend_halves(backend);
    sum_init(&sum, shape, halves);
    LsProduct *product = ls_product_create(backend, shape, 2, &err);
    if (product == NULL) {
        fail_msg("%s", err.text);
    }
    sum.scratch = items(1, ls_product_scratch(product));
    ls_product_run(product, 1, sum.scratch, halves ? (void *)sum.half_a : sum.a,
                   halves ? (void *)sum.half_b : sum.b, sum.c);
    for (size_t i = 0; i < (size_t)shape->m * (size_t)shape->n; i++) {
        /* Sums in single precision, in whatever order: a fraction of what was added up. */
        if (!(fabs((double)sum.c[i] - sum.want[i]) <= 2e-6 * sum.size[i])) {
            fail_msg("%s, form %d, %d x %d x %d: entry %zu is %g, not %g",
                     ls_backend_name((int)ls_backend_kind(backend)), (int)shape->form, shape->m,
                     shape->n, shape->k, i, (double)sum.c[i], sum.want[i]);
        }
    }
    ls_product_destroy(product);
    sum_finish(&sum);
}

static void every_backend_agrees_with_the_plain_sum_of_what_it_is_given(void **state)
{
    (void)state;
    for (int kind = LS_BACKEND_OPENBLAS; kind < LS_BACKEND_KINDS; kind++) {
        LsBackend *backend = backend_of((LsBackendKind)kind);
        for (size_t i = 0; i < LS_COUNT(shapes) && backend != NULL; i++) {
            check_product(backend, &shapes[i]);
        }
        ls_backend_destroy(backend);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_again_and_others_refused),
        cmocka_unit_test(the_fastest_is_one_that_can_be_asked_for),
        cmocka_unit_test(halves_are_the_nearest_and_ties_are_even),
        cmocka_unit_test(halves_of_many_are_within_half_a_step),
        cmocka_unit_test(every_backend_agrees_with_the_plain_sum_of_what_it_is_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
