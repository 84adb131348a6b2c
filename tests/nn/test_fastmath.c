#include <float.h>

#include "nn/fastmath.h"
#include "twin.h"

typedef struct Function {
    const char *name;
    float (*fast)(float);
    double (*plain)(double);
    double low, high;        /* swept */
    double tolerance;        /* relative */
    double floor;            /* below this the error is absolute */
    float at_minus, at_plus; /* at -infinity and +infinity */
} Function;

static double softplus(double x)
{
    return x > 0.0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static double sigmoid(double x)
{
    return x < 0.0 ? exp(x) / (1.0 + exp(x)) : 1.0 / (1.0 + exp(-x));
}

static double normal_tail(double x)
{
    return 0.5 * erfc(fabs(x) / sqrt(2.0));
}

static const Function functions[] = {
    {"exp", ls_exp, exp, -87.3, 88.7, 2.5e-7, 0.0, 0.0f, INFINITY},
    {"log1p", ls_log1p_unit, log1p, 0.0, 1.0, 2.5e-7, 0.0, NAN, NAN},
    {"softplus", ls_softplus, softplus, -80.0, 100.0, 4e-7, 0.0, 0.0f, INFINITY},
    {"sigmoid", ls_sigmoid, sigmoid, -80.0, 80.0, 4e-7, 0.0, 0.0f, 1.0f},
    {"tanh", ls_tanh, tanh, -20.0, 20.0, 2.5e-7, 0.0, -1.0f, 1.0f},
    {"normal tail", ls_normal_tail, normal_tail, -20.0, 20.0, 2e-7, 1.0, 0.0f, 0.0f},
};

static void functions_agree_with_libm(void **state)
{
    (void)state;
    for (size_t f = 0; f < LS_COUNT(functions); f++) {
        const Function *row = &functions[f];
        for (size_t i = 0; i <= 200000; i++) {
            const float x = (float)(row->low + (row->high - row->low) * (double)i / 200000.0);
            twin_check(row->name, i, (double)row->fast(x), row->plain((double)x), row->tolerance,
                       row->floor);
        }
    }
}

static void small_arguments_keep_their_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < 30; i++) {
        const float x = ldexpf(1.2345f, -(int)i);
        twin_check("tanh", i, (double)ls_tanh(x), tanh((double)x), 2.5e-7, 0.0);
        twin_check("tanh", i, (double)ls_tanh(-x), tanh((double)-x), 2.5e-7, 0.0);
        if (x <= 1.0f) {
            twin_check("log1p", i, (double)ls_log1p_unit(x), log1p((double)x), 2.5e-7, 0.0);
        }
    }
    assert_true(ls_exp(0.0f) == 1.0f);
    assert_true(ls_tanh(0.0f) == 0.0f);
    assert_true(ls_sigmoid(0.0f) == 0.5f);
}

static void infinities_give_the_limits(void **state)
{
    (void)state;
    for (size_t f = 0; f < LS_COUNT(functions); f++) {
        const Function *row = &functions[f];
        if (!isnan(row->at_minus)) {
            assert_true(row->fast(-INFINITY) == row->at_minus);
            assert_true(row->fast(INFINITY) == row->at_plus);
            assert_true(row->fast(-FLT_MAX) == row->at_minus);
            assert_true(row->fast(FLT_MAX) >= 0.0f);
        }
    }
}

static void nan_stays_nan(void **state)
{
    (void)state;
    for (size_t f = 0; f < LS_COUNT(functions); f++) {
        assert_true(isnan(functions[f].fast(NAN)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_agree_with_libm),
        cmocka_unit_test(small_arguments_keep_their_digits),
        cmocka_unit_test(infinities_give_the_limits),
        cmocka_unit_test(nan_stays_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
