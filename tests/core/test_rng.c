#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/rng.h"

#include "core/philox.h"

enum {
    MANY = 1 << 20
};

/* The known answers that Salmon et al. publish with their generator. */
static void philox_gives_the_published_answers(void **state)
{
    (void)state;

    static const struct {
        uint32_t counter[4], key[2], answer[4];
    } cases[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        uint32_t block[4];
        memcpy(block, cases[i].counter, sizeof block);
        philox_block(block, cases[i].key);
        assert_memory_equal(block, cases[i].answer, sizeof block);
        /* The stream is the upper half of the counter, the position the lower. */
        const LsRng rng = {.key = {cases[i].key[0], cases[i].key[1]},
                           .stream = {cases[i].counter[2], cases[i].counter[3]}};
        const uint64_t at = (uint64_t)cases[i].counter[1] << 32 | cases[i].counter[0];
        assert_true(ls_rng_bits(rng, at) == ((uint64_t)block[1] << 32 | block[0]));
    }
}

static void vector_lanes_agree_with_the_plain_generator(void **state)
{
    (void)state;
    const LsRng rng = ls_rng_make(0x123456789abcdefULL, LS_RNG_NOISE);
    float out[300];
    ls_rng_uniform(rng, 0, 300, out);
    for (uint32_t i = 0; i < 300; i++) {
        uint32_t block[4] = {i / 4, 0, rng.stream[0], rng.stream[1]};
        philox_block(block, rng.key);
        assert_true(out[i] == (float)(block[i % 4] >> 8) / 16777216.0f);
    }
}

static void a_number_does_not_depend_on_where_the_run_begins(void **state)
{
    (void)state;
    const LsRng rng = ls_rng_make(5, LS_RNG_NOISE);
    const uint64_t bases[] = {0, 60, ((uint64_t)1 << 34) - 100, (uint64_t)1 << 50};
    for (size_t b = 0; b < LS_COUNT(bases); b++) {
        float whole[2][200];
        ls_rng_normal(rng, bases[b], 200, whole[0]);
        ls_rng_uniform(rng, bases[b], 200, whole[1]);
        for (size_t first = 0; first < 200; first += 7) {
            for (size_t n = 0; n <= 200 - first; n += 13) {
                float part[200];
                ls_rng_normal(rng, bases[b] + first, n, part);
                assert_memory_equal(part, whole[0] + first, n * sizeof *part);
                ls_rng_uniform(rng, bases[b] + first, n, part);
                assert_memory_equal(part, whole[1] + first, n * sizeof *part);
            }
        }
    }
}

/* Box & Muller in double on the same bits: the fast logarithm and circle are as good as libm. */
static void normals_agree_with_libm(void **state)
{
    (void)state;
    const LsRng rng = ls_rng_make(11, LS_RNG_NOISE);
    float *out = malloc(40000 * sizeof *out);
    assert_non_null(out);
    ls_rng_normal(rng, 0, 40000, out);
    double worst = 0.0;
    for (uint32_t i = 0; i < 40000; i += 2) {
        uint32_t block[4] = {i / 4, 0, rng.stream[0], rng.stream[1]};
        philox_block(block, rng.key);
        const uint32_t *pair = block + i % 4;
        const double u = (double)(pair[0] >> 1) * 0x1p-31 + 0x1p-33;
        const double angle = 2.0 * acos(-1.0) * (double)pair[1] * 0x1p-32;
        const double radius = sqrt(-2.0 * log(u));
        worst = fmax(worst, fabs(radius * cos(angle) - (double)out[i]));
        worst = fmax(worst, fabs(radius * sin(angle) - (double)out[i + 1]));
    }
    free(out);
    assert_true(worst < 4e-6);
}

static void normals_have_the_moments_of_a_normal(void **state)
{
    (void)state;
    float *out = malloc(MANY * sizeof *out);
    assert_non_null(out);
    ls_rng_normal(ls_rng_make(1, LS_RNG_NOISE), 0, MANY, out);
    double sum[5] = {0};
    double product = 0.0;
    int beyond = 0;
    for (int i = 0; i < MANY; i++) {
        const double x = (double)out[i];
        assert_true(isfinite(x));
        for (int power = 1; power <= 4; power++) {
            sum[power] += pow(x, power) / MANY;
        }
        product += i > 0 ? x * (double)out[i - 1] / MANY : 0.0;
        beyond += fabs(x) > 3.0;
    }
    free(out);
    /* Five standard errors of each. */
    assert_true(fabs(sum[1]) < 5.0 / 1024.0);
    assert_true(fabs(sum[2] - 1.0) < 5.0 * sqrt(2.0) / 1024.0);
    assert_true(fabs(sum[3]) < 5.0 * sqrt(15.0) / 1024.0);
    assert_true(fabs(sum[4] - 3.0) < 5.0 * sqrt(96.0) / 1024.0);
    assert_true(fabs(product) < 5.0 / 1024.0);
    assert_true(fabs((double)beyond / MANY - 0.0026998) < 5.0 * 0.052 / 1024.0);
}

static void uniforms_fill_the_unit_interval(void **state)
{
    (void)state;
    float *out = malloc(MANY * sizeof *out);
    assert_non_null(out);
    int bins[64] = {0};
    ls_rng_uniform(ls_rng_make(2, LS_RNG_INIT), 0, MANY, out);
    for (int i = 0; i < MANY; i++) {
        assert_true(out[i] >= 0.0f && out[i] < 1.0f);
        bins[(int)(out[i] * 64.0f)]++;
    }
    free(out);
    double chi2 = 0.0;
    for (int i = 0; i < 64; i++) {
        const double expected = MANY / 64.0;
        chi2 += (bins[i] - expected) * (bins[i] - expected) / expected;
    }
    assert_true(chi2 > 25.0 && chi2 < 125.0); /* 63 degrees of freedom, far beyond 1 in 10^4 */
}

static void streams_seeds_and_splits_share_nothing(void **state)
{
    (void)state;
    const LsRng parent = ls_rng_make(9, LS_RNG_NOISE);
    const LsRng rngs[] = {
        parent,
        ls_rng_make(9, LS_RNG_INIT),
        ls_rng_make(10, LS_RNG_NOISE),
        ls_rng_make((uint64_t)9 << 32, LS_RNG_NOISE),
        ls_rng_split(parent, 0),
        ls_rng_split(parent, 1),
        ls_rng_split(parent, (uint64_t)1 << 32),
        ls_rng_split(ls_rng_split(parent, 0), 0),
    };
    for (size_t a = 0; a < LS_COUNT(rngs); a++) {
        for (size_t b = a + 1; b < LS_COUNT(rngs); b++) {
            int same = 0;
            for (uint64_t i = 0; i < 64; i++) {
                same += ls_rng_bits(rngs[a], i) == ls_rng_bits(rngs[b], i);
            }
            assert_int_equal(same, 0);
        }
    }
    const LsRng again = ls_rng_split(ls_rng_make(9, LS_RNG_NOISE), 1);
    assert_memory_equal(&again, &rngs[5], sizeof again);
}

static void below_stays_below_and_is_even(void **state)
{
    (void)state;
    const LsRng rng = ls_rng_make(4, LS_RNG_VIEW);
    int bins[10] = {0};
    for (uint64_t i = 0; i < 100000; i++) {
        bins[ls_rng_below(rng, i, 10)]++;
        assert_int_equal(ls_rng_below(rng, i, 1), 0);
        assert_true(ls_rng_below(rng, i, UINT32_MAX) < UINT32_MAX);
    }
    for (int i = 0; i < 10; i++) {
        assert_in_range(bins[i], 9500, 10500);
    }
}

static void a_shuffle_is_a_permutation_of_its_own(void **state)
{
    (void)state;

    enum {
        N = 9000
    };

    static const uint32_t sizes[] = {0, 1, 2, 3, N};
    uint32_t *order = malloc(2 * N * sizeof *order);
    uint8_t *seen = malloc(N);
    assert_non_null(order);
    assert_non_null(seen);
    const LsRng rng = ls_rng_make(6, LS_RNG_SHUFFLE);
    for (size_t s = 0; s < LS_COUNT(sizes); s++) {
        memset(seen, 0, N);
        ls_rng_shuffle(rng, sizes[s], order);
        for (uint32_t i = 0; i < sizes[s]; i++) {
            assert_true(order[i] < sizes[s]);
            assert_int_equal(seen[order[i]], 0);
            seen[order[i]] = 1;
        }
    }
    int fixed = 0;
    int shared = 0;
    ls_rng_shuffle(ls_rng_split(rng, 1), N, order + N);
    for (uint32_t i = 0; i < N; i++) {
        fixed += order[i] == i;
        shared += order[i] == order[N + i];
    }
    free(order);
    free(seen);
    assert_true(fixed < 10 && shared < 10); /* one is expected */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_published_answers),
        cmocka_unit_test(vector_lanes_agree_with_the_plain_generator),
        cmocka_unit_test(a_number_does_not_depend_on_where_the_run_begins),
        cmocka_unit_test(normals_agree_with_libm),
        cmocka_unit_test(normals_have_the_moments_of_a_normal),
        cmocka_unit_test(uniforms_fill_the_unit_interval),
        cmocka_unit_test(streams_seeds_and_splits_share_nothing),
        cmocka_unit_test(below_stays_below_and_is_even),
        cmocka_unit_test(a_shuffle_is_a_permutation_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
