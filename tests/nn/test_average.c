#include <math.h>
#include <string.h>

#include "latentscape/nn/average.h"

#include "twin.h"

static void averages_agree_with_the_twin(void **state)
{
    (void)state;
    static TwinArray value, mean;
    for (size_t s = 0; s < LS_COUNT(twin_sizes) * 4; s++) {
        const size_t n = twin_sizes[s / 4];
        const float *x = twin_fill(&value, n, s % 4, s, -1.0, 1.0);
        float *y = twin_fill(&mean, n, (s + 1) % 4, s + 100, -1.0, 1.0);
        float before[TWIN_MAX];
        memcpy(before, y, n * sizeof *y);
        ls_average_update(n, 0.9, x, y);
        for (size_t i = 0; i < n; i++) {
            const double want = 0.9 * (double)before[i] + 0.1 * (double)x[i];
            twin_check("average", i, (double)y[i], want, 1e-5, 0.1);
        }
        twin_check_guard(&mean);
    }
}

static void an_average_of_one_is_a_copy(void **state)
{
    (void)state;
    static TwinArray value, mean;
    const float *x = twin_fill(&value, 100, 0, 1, -1.0, 1.0);
    float *y = twin_fill(&mean, 100, 0, 2, -1.0, 1.0);
    y[7] = NAN; /* nothing of what was there stays */
    ls_average_update(100, ls_average_keep(0.999, 0), x, y);
    assert_memory_equal(x, y, 100 * sizeof *x);
}

static void the_span_of_an_average_grows_to_its_limit(void **state)
{
    (void)state;
    double last = 0;
    for (uint64_t n = 1; n < 64; n++) {
        const double keep = ls_average_keep(0.999, n);
        assert_true(keep > last && keep < 0.999);
        last = keep;
    }
    /* From here on in fours. */
    last = pow(last, 4);
    for (uint64_t n = 64; n < 8990; n++) {
        const double keep = ls_average_keep(0.999, n);
        assert_true(n % 4 == 0 ? keep > last && keep < pow(0.999, 4) : keep == 1);
        last = n % 4 == 0 ? keep : last;
    }
    assert_true(ls_average_keep(0.999, 9000) == pow(0.999, 4));
    assert_true(ls_average_keep(0.999, UINT64_MAX - 3) == pow(0.999, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(averages_agree_with_the_twin),
        cmocka_unit_test(an_average_of_one_is_a_copy),
        cmocka_unit_test(the_span_of_an_average_grows_to_its_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
