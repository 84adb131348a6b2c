#include <math.h>
#include <string.h>

#include "latentscape/nn/activation.h"

#include "twin.h"

static void rows_are_whole_and_their_names_unique(void **state)
{
    (void)state;
    size_t count = 0;
    const LsActivation *kinds = ls_activation_kinds(&count);
    assert_true(count >= 5);
    for (size_t i = 0; i < count; i++) {
        LsError err = {0};
        assert_ptr_equal(ls_activation_find(kinds[i].name, &err), &kinds[i]);
        assert_string_equal(ls_activation_name((int)i), kinds[i].name);
        assert_non_null(ls_activation_help((int)i));
        assert_true(strlen(kinds[i].help) > 20);
    }
    assert_null(ls_activation_name((int)count));
    assert_null(ls_activation_name(-1));
    assert_null(ls_activation_help((int)count));
    assert_string_equal(ls_activation_init_name(LS_ACTIVATION_HE), "he");
    assert_string_equal(ls_activation_init_name(LS_ACTIVATION_GLOROT), "glorot");
    assert_null(ls_activation_init_name(LS_ACTIVATION_GLOROT + 1));
}

static void an_unknown_name_is_a_usage_error(void **state)
{
    (void)state;
    LsError err = {0};
    assert_null(ls_activation_find("sine", &err));
    assert_int_equal(err.code, LS_ERR_USAGE);
    assert_non_null(strstr(err.text, "sine"));
}

static void value_and_slope_agree_with_the_twins(void **state)
{
    (void)state;
    static TwinArray bias, slope, out;
    size_t count = 0;
    const LsActivation *kinds = ls_activation_kinds(&count);
    for (size_t k = 0; k < count; k++) {
        TwinActivation *twin = twin_activation(kinds[k].name);
        for (size_t s = 0; s < LS_COUNT(twin_sizes) * 4; s++) {
            const size_t n = twin_sizes[s / 4];
            const float *b = twin_fill(&bias, n, (s + 1) % 4, s, -1.0, 1.0);
            float *d = twin_fill(&slope, n, s % 4, s + 1, -9.0, 9.0);
            float *y = twin_fill(&out, n, (s + 2) % 4, s + 2, 0.0, 0.0);
            double pre[TWIN_MAX];
            for (size_t i = 0; i < n; i++) {
                pre[i] = (double)(d[i] + b[i]);
            }
            kinds[k].eval(n, b, d, y);
            for (size_t i = 0; i < n; i++) {
                twin_check(kinds[k].name, i, (double)y[i], twin(pre[i]), 1e-6, 0.1);
                twin_check(kinds[k].name, i, (double)d[i], twin_slope(twin, pre[i]), 1e-6, 1.0);
            }
            twin_check_guard(&bias);
            twin_check_guard(&slope);
            twin_check_guard(&out);
        }
    }
}

static void nan_passes_and_large_numbers_stay_finite(void **state)
{
    (void)state;
    size_t count = 0;
    const LsActivation *kinds = ls_activation_kinds(&count);
    for (size_t k = 0; k < count; k++) {
        const float bias[17] = {0};
        float slope[17] = {NAN, 1e30f, -1e30f, 100.0f, -100.0f};
        float out[17];
        kinds[k].eval(LS_COUNT(slope), bias, slope, out);
        assert_true(isnan(out[0]));
        for (size_t i = 1; i < LS_COUNT(slope); i++) {
            assert_true(isfinite(out[i]) && isfinite(slope[i]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_whole_and_their_names_unique),
        cmocka_unit_test(an_unknown_name_is_a_usage_error),
        cmocka_unit_test(value_and_slope_agree_with_the_twins),
        cmocka_unit_test(nan_passes_and_large_numbers_stay_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
