#include <math.h>
#include <string.h>

#include "latentscape/nn/adam.h"

#include "twin.h"

typedef struct Kind {
    double beta1, beta2, decay;
} Kind;

/* Adam as its paper writes it, and AdamW as its own does (algorithm 2; the rate is eta * alpha), in
 * double. */
static void twin_adam(const Kind *kind, double lr, int step, size_t n, const float *grad, double *w,
                      double *m, double *v)
{
    for (size_t i = 0; i < n; i++) {
        const double g = (double)grad[i];
        m[i] = kind->beta1 * m[i] + (1.0 - kind->beta1) * g;
        v[i] = kind->beta2 * v[i] + (1.0 - kind->beta2) * g * g;
        const double m_hat = m[i] / (1.0 - pow(kind->beta1, step));
        const double v_hat = v[i] / (1.0 - pow(kind->beta2, step));
        w[i] -= lr * (m_hat / (sqrt(v_hat) + 1e-8) + kind->decay * w[i]);
    }
}

static void twenty_updates_agree(const Kind *kind)
{
    static TwinArray grad, weight, m, v;
    for (size_t s = 0; s < LS_COUNT(twin_sizes); s++) {
        const size_t n = twin_sizes[s];
        float *w = twin_fill(&weight, n, s % 4, s, -1.0, 1.0);
        float *m1 = twin_fill(&m, n, (s + 1) % 4, s, 0.0, 0.0);
        float *v1 = twin_fill(&v, n, (s + 2) % 4, s, 0.0, 0.0);
        double w2[TWIN_MAX], m2[TWIN_MAX] = {0}, v2[TWIN_MAX] = {0};
        for (size_t i = 0; i < n; i++) {
            w2[i] = (double)w[i];
        }
        for (int step = 1; step <= 20; step++) {
            const uint64_t seed = s * 32 + (uint64_t)step;
            const float *g = twin_fill(&grad, n, (s + 3) % 4, seed, -0.01, 0.02);
            const LsAdam adam =
                ls_adam_make_with(0.01, kind->beta1, kind->beta2, kind->decay, (uint64_t)step);
            ls_adam_update(&adam, n, g, w, m1, v1);
            twin_adam(kind, 0.01, step, n, g, w2, m2, v2);
        }
        for (size_t i = 0; i < n; i++) {
            twin_check("weight", i, (double)w[i], w2[i], 1e-6, 1.0);
            twin_check("m", i, (double)m1[i], m2[i], 1e-5, 0.01);
            twin_check("v", i, (double)v1[i], v2[i], 1e-5, 1e-6);
        }
        twin_check_guard(&weight);
        twin_check_guard(&m);
        twin_check_guard(&v);
        twin_check_guard(&grad);
    }
}

static void twenty_updates_agree_with_the_paper(void **state)
{
    (void)state;
    static const Kind usual = {0.9, 0.999, 0.0};
    twenty_updates_agree(&usual);
}

static void other_betas_and_a_decay_agree_with_the_paper(void **state)
{
    (void)state;
    static const Kind kinds[] = {
        {0.5, 0.9, 0.0}, {0.95, 0.99, 0.3}, {0.9, 0.999, 2.0}, {0.0, 0.5, 0.0}};
    for (size_t i = 0; i < LS_COUNT(kinds); i++) {
        twenty_updates_agree(&kinds[i]);
    }
}

static void the_usual_update_is_one_of_the_general_ones_bit_for_bit(void **state)
{
    (void)state;
    const LsAdam usual = ls_adam_make(0.003, 7);
    const LsAdam general = ls_adam_make_with(0.003, 0.9, 0.999, 0.0, 7);
    assert_memory_equal(&usual, &general, sizeof usual);
    /* Without a decay each weight moves by what its moments say, to the last bit. */
    static TwinArray grad, weight;
    const float *g = twin_fill(&grad, TWIN_MAX, 0, 1, -1.0, 2.0);
    float *w = twin_fill(&weight, TWIN_MAX, 0, 2, -1.0, 2.0);
    static float m[TWIN_MAX], v[TWIN_MAX], before[TWIN_MAX];
    memcpy(before, w, sizeof before);
    ls_adam_update(&usual, TWIN_MAX, g, w, m, v);
    for (size_t i = 0; i < TWIN_MAX; i++) {
        const float size = sqrtf(v[i]) * (float)usual.root;
        const float contracted = fmaf(sqrtf(v[i]), (float)usual.root, (float)usual.epsilon);
        const float step = (float)usual.rate * m[i];
        assert_true(w[i] == before[i] - step / (size + (float)usual.epsilon) ||
                    w[i] == before[i] - step / contracted);
    }
}

static void a_decay_takes_its_share_and_leaves_the_moments_alone(void **state)
{
    (void)state;
    const float grad[2] = {0};
    float weight[2] = {1.0f, -2.0f}, m[2] = {0}, v[2] = {0};
    const LsAdam adam = ls_adam_make_with(0.5, 0.9, 0.999, 0.5, 1);
    ls_adam_update(&adam, LS_COUNT(grad), grad, weight, m, v);
    assert_true(weight[0] == 0.75f && weight[1] == -1.5f);
    assert_true(m[0] == 0.0f && v[0] == 0.0f);
    const LsAdam plain = ls_adam_undecayed(&adam);
    ls_adam_update(&plain, LS_COUNT(grad), grad, weight, m, v);
    assert_true(weight[0] == 0.75f && weight[1] == -1.5f);
}

static void no_gradient_moves_nothing(void **state)
{
    (void)state;
    const float grad[20] = {0};
    float weight[20] = {1.0f, -2.0f}, m[20] = {0}, v[20] = {0};
    const LsAdam adam = ls_adam_make(0.1, 1);
    ls_adam_update(&adam, LS_COUNT(grad), grad, weight, m, v);
    assert_true(weight[0] == 1.0f && weight[1] == -2.0f && weight[2] == 0.0f);
}

static void the_first_update_is_the_learning_rate(void **state)
{
    (void)state;
    const float grad[2] = {1e-3f, -250.0f};
    float weight[2] = {0}, m[2] = {0}, v[2] = {0};
    const LsAdam adam = ls_adam_make(0.5, 1);
    ls_adam_update(&adam, LS_COUNT(grad), grad, weight, m, v);
    twin_check("weight", 0, (double)weight[0], -0.5, 1e-4, 0.0);
    twin_check("weight", 1, (double)weight[1], 0.5, 1e-5, 0.0);
}

/* A weight whose gradient comes once in a long while: the momentum of the one that comes carries it ten
 * rates far, and no further than the bound says where there is one. A bound of
 * 1 or more leaves alone gradients that are all alike. */
static void a_rare_gradient_moves_a_weight_no_further_than_its_bound(void **state)
{
    (void)state;
    static const double bounds[] = {0.5, 1, 2, 5, INFINITY};
    for (size_t i = 0; i < LS_COUNT(bounds); i++) {
        float weight[2] = {0}, m[2] = {0, 0.5f}, v[2] = {0, 0.25f};
        const LsAdam plain = ls_adam_make_with(1e-3, 0.9, 0.99, 0.0, 1000000);
        const LsAdam adam = ls_adam_bounded(&plain, bounds[i]);
        for (int step = 0; step < 200; step++) {
            const float grad[2] = {step == 0 ? -3.0f : 0.0f, 0.5f};
            ls_adam_update(&adam, LS_COUNT(grad), grad, weight, m, v);
        }
        const double far = bounds[i] < 10 ? bounds[i] : 10;
        assert_true((double)weight[0] > 1e-3 * far && (double)weight[0] < 1.1e-3 * far);
        twin_check("m", 1, (double)m[1], 0.5 * fmin(bounds[i], 1), 1e-4, 0.0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twenty_updates_agree_with_the_paper),
        cmocka_unit_test(other_betas_and_a_decay_agree_with_the_paper),
        cmocka_unit_test(the_usual_update_is_one_of_the_general_ones_bit_for_bit),
        cmocka_unit_test(a_decay_takes_its_share_and_leaves_the_moments_alone),
        cmocka_unit_test(a_rare_gradient_moves_a_weight_no_further_than_its_bound),
        cmocka_unit_test(no_gradient_moves_nothing),
        cmocka_unit_test(the_first_update_is_the_learning_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
