#include <math.h>
#include <stdlib.h>

#include "latentscape/nn/sum.h"

#include "twin.h"

static void sums_agree_with_the_twin(void **state)
{
    (void)state;
    static TwinArray array;
    for (size_t s = 0; s < LS_COUNT(twin_sizes) * 4; s++) {
        const size_t n = twin_sizes[s / 4];
        const float *x = twin_fill(&array, n, s % 4, s, 0.0, 3.0);
        double want = 0.0;
        for (size_t i = 0; i < n; i++) {
            want += (double)x[i];
        }
        twin_check("sum", n, ls_sum(n, x), want, 1e-6, 0.0);
    }
}

static void the_place_in_memory_does_not_change_a_bit(void **state)
{
    (void)state;
    static TwinArray first, second;
    const double a = ls_sum(TWIN_MAX, twin_fill(&first, TWIN_MAX, 0, 3, -1.0, 1.0));
    const double b = ls_sum(TWIN_MAX, twin_fill(&second, TWIN_MAX, 5, 3, -1.0, 1.0));
    assert_true(a == b);
}

static void a_million_terms_keep_six_digits(void **state)
{
    (void)state;
    const size_t n = 1000003;
    float *x = malloc(n * sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < n; i++) {
        x[i] = 0.1f;
    }
    twin_check("sum", n, ls_sum(n, x), (double)0.1f * (double)n, 1e-6, 0.0);
    free(x);
}

static void one_nan_makes_the_sum_nan(void **state)
{
    (void)state;
    static TwinArray array;
    float *x = twin_fill(&array, 100, 0, 1, 0.0, 1.0);
    x[99] = NAN;
    assert_true(isnan(ls_sum(100, x)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_agree_with_the_twin),
        cmocka_unit_test(the_place_in_memory_does_not_change_a_bit),
        cmocka_unit_test(a_million_terms_keep_six_digits),
        cmocka_unit_test(one_nan_makes_the_sum_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
