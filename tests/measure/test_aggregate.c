#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"
#include "latentscape/measure/aggregate.h"

#include "near.h"

enum {
    CODES = 4096
};

/* The distance of some codes to the prior. */
static LsEstimate measure_distance(int latent, const float *z)
{
    const int directions = ls_aggregate_bases(latent) * ls_aggregate_basis_size(latent);
    const size_t n = CODES, d = (size_t)directions, axes = (size_t)latent;
    float *direction = ls_memory_floats(d * axes, NULL);
    float *quantile = ls_memory_floats(n, NULL), *influence = ls_memory_floats(d * n, NULL);
    uint64_t *key = ls_memory_items(2 * n, sizeof *key, NULL);
    double squared[LS_AGGREGATE_DIRECTIONS];
    ls_aggregate_directions(latent, direction);
    ls_aggregate_quantiles(CODES, quantile);
    for (size_t i = 0; i < d; i++) {
        squared[i] = ls_aggregate_transport(CODES, latent, direction + i * axes, z, quantile,
                                            influence + i * n, key);
    }
    const LsEstimate estimate = ls_aggregate_distance(CODES, latent, squared, influence);
    ls_memory_free(direction);
    ls_memory_free(quantile);
    ls_memory_free(influence);
    ls_memory_free(key);
    return estimate;
}

/* Codes drawn from a Gaussian of one spread about (shift, 0, 0 ...). */
static float *draw_codes(int latent, uint64_t seed, float spread, float shift)
{
    const size_t axes = (size_t)latent, numbers = CODES * axes;
    float *z = ls_memory_floats(numbers, NULL);
    ls_rng_normal(ls_rng_make(seed, LS_RNG_VIEW), 0, numbers, z);
    for (size_t i = 0; i < numbers; i++) {
        z[i] = spread * z[i] + (i % axes == 0 ? shift : 0);
    }
    return z;
}

static LsEstimate distance_of(int latent, uint64_t seed, float spread, float shift)
{
    float *z = draw_codes(latent, seed, spread, shift);
    const LsEstimate estimate = measure_distance(latent, z);
    ls_memory_free(z);
    return estimate;
}

static void codes_drawn_from_the_prior_are_at_almost_no_distance(void **state)
{
    (void)state;
    assert_in_range((int)(1000 * distance_of(2, 1, 1, 0).value), 0, 80);
    assert_in_range((int)(1000 * distance_of(1, 1, 1, 0).value), 0, 80);
}

static void a_shift_is_its_length_whatever_the_axes(void **state)
{
    (void)state;
    assert_near(distance_of(1, 2, 1, 2).value, 2, 0.06);
    assert_near(distance_of(2, 2, 1, 2).value, 2, 0.06);
    assert_near(distance_of(10, 2, 1, 2).value, 2, 0.08);
}

static void a_spread_counts_once_an_axis(void **state)
{
    (void)state;
    assert_near(distance_of(2, 3, 3, 0).value, sqrt(2) * 2, 0.1);
    assert_near(distance_of(8, 3, 0.25f, 0).value, sqrt(8) * 0.75, 0.05);
}

static void codes_all_at_zero_are_one_deviation_an_axis_away(void **state)
{
    (void)state;
    assert_near(distance_of(2, 4, 0, 0).value, sqrt(2), 0.01);
}

static void more_axes_than_directions_stand_for_all(void **state)
{
    (void)state;
    assert_int_equal(ls_aggregate_bases(100) * ls_aggregate_basis_size(100), 64);
    assert_near(distance_of(100, 5, 0, 0).value, 10, 0.1);
}

static void the_error_of_the_distance_is_that_of_new_codes(void **state)
{
    (void)state;
    /* Of a shift of 2 the distance differs from draw to draw as the mean does: 1 / sqrt(n). */
    const LsEstimate one = distance_of(2, 6, 1, 2);
    assert_near(one.error, 1 / sqrt(CODES), 0.2 / sqrt(CODES));
    double sum = 0, squares = 0;

    enum {
        DRAWS = 20
    };

    for (uint64_t seed = 100; seed < 100 + DRAWS; seed++) {
        const double value = distance_of(2, seed, 1, 2).value;
        sum += value / DRAWS;
        squares += value * value / DRAWS;
    }
    const double spread = sqrt(squares - sum * sum);
    assert_true(spread > 0.6 * one.error && spread < 1.5 * one.error);
}

static void directions_stand_at_right_angles(void **state)
{
    (void)state;

    enum {
        AXES = 5
    };

    float direction[LS_AGGREGATE_DIRECTIONS * AXES];
    ls_aggregate_directions(AXES, direction);
    for (int basis = 0; basis < ls_aggregate_bases(AXES); basis++) {
        for (int i = 0; i < AXES; i++) {
            for (int j = 0; j <= i; j++) {
                double dot = 0;
                for (int k = 0; k < AXES; k++) {
                    dot += (double)direction[(basis * AXES + i) * AXES + k] *
                           (double)direction[(basis * AXES + j) * AXES + k];
                }
                assert_near(dot, i == j ? 1 : 0, 1e-5);
            }
        }
    }
}

static void quantiles_are_symmetric_and_have_almost_the_priors_spread(void **state)
{
    (void)state;
    for (int n = 1; n <= 1001; n += 100) {
        float *quantile = ls_memory_floats((size_t)n, NULL);
        ls_aggregate_quantiles(n, quantile);
        double squares = 0;
        for (int i = 0; i < n; i++) {
            squares += (double)quantile[i] * (double)quantile[i] / n;
            assert_near(quantile[i], -quantile[n - 1 - i], 1e-6);
            assert_true(i == 0 || quantile[i] > quantile[i - 1]);
        }
        assert_true(squares <= 1.00001 && (n < 101 || squares > 0.97));
        ls_memory_free(quantile);
    }
    float half[2];
    ls_aggregate_quantiles(2, half); /* the mean of a half normal */
    assert_near(half[1], sqrt(2 / M_PI), 1e-6);
}

static void density_of_a_mixture_equals_a_plain_sum(void **state)
{
    (void)state;

    enum {
        N = 33,
        AXES = 3
    };

    float mu[N * AXES], logvar[N * AXES], axis_mu[N * AXES], inverse[N * AXES], scale[N], work[N];
    ls_rng_normal(ls_rng_make(7, LS_RNG_VIEW), 0, N * AXES, mu);
    ls_rng_normal(ls_rng_make(8, LS_RNG_VIEW), 0, N * AXES, logvar);
    const float z[AXES] = {0.3f, -0.7f, 1.1f};
    double plain = 0;
    for (int i = 0; i < N; i++) {
        ls_aggregate_place(N, AXES, i, mu + i * AXES, logvar + i * AXES, axis_mu, inverse, scale);
        plain += exp(ls_aggregate_log_posterior(AXES, mu + i * AXES, logvar + i * AXES, z));
    }
    const LsMixture mixture = {
        .n = N, .latent = AXES, .mu = axis_mu, .inverse = inverse, .scale = scale};
    assert_near(ls_aggregate_log_density(&mixture, z, work), log(plain), 1e-5);
}

static void far_from_every_posterior_the_density_stays_finite(void **state)
{
    (void)state;
    const float mu[1] = {0}, logvar[1] = {-12}, z[1] = {50};
    float axis_mu[1], inverse[1], scale[1], work[1];
    ls_aggregate_place(1, 1, 0, mu, logvar, axis_mu, inverse, scale);
    const LsMixture mixture = {
        .n = 1, .latent = 1, .mu = axis_mu, .inverse = inverse, .scale = scale};
    const double density = ls_aggregate_log_density(&mixture, z, work);
    assert_true(isfinite(density) && density < -1e8);
}

static void an_axis_that_does_not_vary_is_not_active(void **state)
{
    (void)state;

    enum {
        N = 500,
        AXES = 4
    };

    float mu[N * AXES];
    ls_rng_normal(ls_rng_make(9, LS_RNG_VIEW), 0, N * AXES, mu);
    for (int i = 0; i < N; i++) {
        mu[i * AXES + 1] *= 0.05f;              /* variance 0.0025: below 0.01 */
        mu[i * AXES + 2] = 1000;                /* far from 0 and always there */
        mu[i * AXES + 3] = 1000 + mu[i * AXES]; /* variance 1, far from 0 */
    }
    const LsEstimate active = ls_aggregate_active(N, AXES, mu);
    assert_near(active.value, 2, 0);
    assert_near(active.error, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_drawn_from_the_prior_are_at_almost_no_distance),
        cmocka_unit_test(a_shift_is_its_length_whatever_the_axes),
        cmocka_unit_test(a_spread_counts_once_an_axis),
        cmocka_unit_test(codes_all_at_zero_are_one_deviation_an_axis_away),
        cmocka_unit_test(more_axes_than_directions_stand_for_all),
        cmocka_unit_test(the_error_of_the_distance_is_that_of_new_codes),
        cmocka_unit_test(directions_stand_at_right_angles),
        cmocka_unit_test(quantiles_are_symmetric_and_have_almost_the_priors_spread),
        cmocka_unit_test(density_of_a_mixture_equals_a_plain_sum),
        cmocka_unit_test(far_from_every_posterior_the_density_stays_finite),
        cmocka_unit_test(an_axis_that_does_not_vary_is_not_active),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
