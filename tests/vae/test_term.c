/* The kernels of the three tables of loss terms against their double-precision twins. */
#include <math.h>
#include <string.h>

#include "latentscape/nn/backend.h"
#include "latentscape/vae/divergence.h"
#include "latentscape/vae/recon.h"
#include "latentscape/vae/regularizer.h"

#include "reference.h"
#include "twin.h"

static const double h = 1e-5;

static void check_texts(const char *name, const char *title, const char *help, const char *paper)
{
    /* One sentence: it stands in menus, tooltips and tables. */
    assert_true(help != NULL && help[strlen(help) - 1] == '.' && strlen(help) < 200);
    assert_true(name != NULL && strlen(name) > 1);
    assert_true(title != NULL && strlen(title) > 1);
    assert_true(help != NULL && strlen(help) > 20);
    assert_true(paper != NULL && strlen(paper) > 4);
}

static void rows_are_whole_and_found_by_name(void **state)
{
    (void)state;
    LsError err = {0};
    size_t count = 0;
    const LsRecon *recon = ls_recon_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        check_texts(recon[i].name, recon[i].title, recon[i].help, recon[i].paper);
        assert_ptr_equal(ls_recon_find(recon[i].name, &err), &recon[i]);
        assert_ptr_equal(ls_recon_name((int)i), recon[i].name);
        assert_ptr_equal(ls_recon_help((int)i), recon[i].help);
    }
    assert_null(ls_recon_name((int)count));
    assert_null(ls_recon_help(-1));
    const LsDivergence *divergence = ls_divergence_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        check_texts(divergence[i].name, divergence[i].title, divergence[i].help,
                    divergence[i].paper);
        assert_ptr_equal(ls_divergence_find(divergence[i].name, &err), &divergence[i]);
        assert_ptr_equal(ls_divergence_name((int)i), divergence[i].name);
        assert_ptr_equal(ls_divergence_help((int)i), divergence[i].help);
    }
    assert_null(ls_divergence_name((int)count));
    assert_null(ls_divergence_help(-1));
    const LsRegularizer *regularizer = ls_regularizer_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        check_texts(regularizer[i].name, regularizer[i].title, regularizer[i].help,
                    regularizer[i].paper);
        assert_ptr_equal(ls_regularizer_find(regularizer[i].name, &err), &regularizer[i]);
        assert_ptr_equal(ls_regularizer_name((int)i), regularizer[i].name);
        assert_ptr_equal(ls_regularizer_help((int)i), regularizer[i].help);
    }
    assert_null(ls_regularizer_name((int)count));
    assert_null(ls_regularizer_help(-1));
}

static void unknown_names_are_usage_errors(void **state)
{
    (void)state;
    LsError err = {0};
    assert_null(ls_recon_find("BCE", &err));
    assert_int_equal(err.code, LS_ERR_USAGE);
    assert_null(ls_divergence_find("", &err));
    assert_int_equal(err.code, LS_ERR_USAGE);
    assert_null(ls_regularizer_find("l9", &err));
    assert_int_equal(err.code, LS_ERR_USAGE);
    assert_non_null(strstr(err.text, "l9"));
}

static void reconstruction_agrees_with_the_twins(void **state)
{
    (void)state;
    static TwinArray logits, prob, target, loss, grad;
    size_t count = 0;
    const LsRecon *kinds = ls_recon_kinds(&count);
    for (size_t k = 0; k < count; k++) {
        ReferencePixel *twin = reference_recon(kinds[k].name);
        for (size_t s = 0; s < LS_COUNT(twin_sizes) * 4; s++) {
            const size_t n = twin_sizes[s / 4];
            const float *l = twin_fill(&logits, n, s % 4, s, -14.0, 14.0);
            const float *x = twin_fill(&target, n, (s + 1) % 4, s + 1, 0.0, 1.0);
            float *p = twin_fill(&prob, n, (s + 2) % 4, 0, 0.0, 0.0);
            float *nats = twin_fill(&loss, n, (s + 3) % 4, 0, 0.0, 0.0);
            float *g = twin_fill(&grad, n, (s + 5) % 8, 0, 0.0, 0.0);
            for (size_t i = 0; i < n; i++) {
                p[i] = (float)(1.0 / (1.0 + exp(-(double)l[i])));
            }
            for (int direct = 0; direct <= (kinds[k].direct != NULL ? 1 : 0); direct++) {
                if (direct == 0) {
                    kinds[k].eval(n, l, p, x, nats, g);
                } else {
                    kinds[k].direct(n, l, x, nats, g);
                }
                for (size_t i = 0; i < n; i++) {
                    const double at = (double)l[i];
                    const double y = (double)x[i];
                    const double slope = (twin(at + h, y) - twin(at - h, y)) / (2.0 * h);
                    twin_check(kinds[k].name, i, (double)nats[i], twin(at, y), 1e-6, 1.0);
                    twin_check(kinds[k].name, i, (double)g[i], slope, 2e-6, 1.0);
                }
            }
            twin_check_guard(&loss);
            twin_check_guard(&grad);
        }
    }
}

static void divergence_agrees_with_the_twins(void **state)
{
    (void)state;
    static TwinArray mean, spread, loss, mean_grad, spread_grad;
    size_t count = 0;
    const LsDivergence *kinds = ls_divergence_kinds(&count);
    for (size_t k = 0; k < count; k++) {
        if (kinds[k].eval == NULL) {
            continue; /* it has no value of a single dimension */
        }
        ReferenceCode *twin = reference_divergence(kinds[k].name);
        for (size_t s = 0; s < LS_COUNT(twin_sizes) * 4; s++) {
            const size_t n = twin_sizes[s / 4];
            const float *mu = twin_fill(&mean, n, s % 4, s, -5.0, 5.0);
            const float *logvar = twin_fill(&spread, n, (s + 1) % 4, s + 1, -12.0, 3.0);
            float *nats = twin_fill(&loss, n, (s + 2) % 4, 0, 0.0, 0.0);
            float *g = twin_fill(&mean_grad, n, (s + 3) % 4, 0, 0.0, 0.0);
            float *d = twin_fill(&spread_grad, n, (s + 5) % 8, 0, 0.0, 0.0);
            kinds[k].eval(n, mu, logvar, nats, g, d);
            for (size_t i = 0; i < n; i++) {
                const double m = (double)mu[i];
                const double v = (double)logvar[i];
                const double by_mu = (twin(m + h, v) - twin(m - h, v)) / (2.0 * h);
                const double by_logvar = (twin(m, v + h) - twin(m, v - h)) / (2.0 * h);
                twin_check(kinds[k].name, i, (double)nats[i], twin(m, v), 1e-6, 1.0);
                twin_check(kinds[k].name, i, (double)g[i], by_mu, 1e-6, 1.0);
                twin_check(kinds[k].name, i, (double)d[i], by_logvar, 1e-6, 1.0);
            }
            twin_check_guard(&loss);
            twin_check_guard(&mean_grad);
            twin_check_guard(&spread_grad);
        }
    }
}

static void regularization_agrees_with_the_twins(void **state)
{
    (void)state;
    static TwinArray weights, loss, grad;
    size_t count = 0;
    const LsRegularizer *kinds = ls_regularizer_kinds(&count);
    for (size_t k = 0; k < count; k++) {
        if (kinds[k].eval == NULL) {
            continue; /* it looks at pictures */
        }
        ReferenceWeight *twin = reference_regularizer(kinds[k].name);
        for (size_t s = 0; s < LS_COUNT(twin_sizes) * 4; s++) {
            const size_t n = twin_sizes[s / 4];
            const float *w = twin_fill(&weights, n, s % 4, s, -2.0, 2.0);
            float *nats = twin_fill(&loss, n, (s + 1) % 4, 0, 0.0, 0.0);
            float *g = twin_fill(&grad, n, (s + 2) % 4, 0, 3.0, 3.0);
            kinds[k].eval(n, w, 0.25f, nats, g);
            for (size_t i = 0; i < n; i++) {
                const double at = (double)w[i];
                const double slope = (twin(at + h) - twin(at - h)) / (2.0 * h);
                twin_check(kinds[k].name, i, (double)nats[i], twin(at), 1e-6, 1e-3);
                twin_check(kinds[k].name, i, (double)g[i], 3.0 + 0.25 * slope, 1e-6, 0.0);
            }
            twin_check_guard(&loss);
            twin_check_guard(&grad);
        }
    }
}

static void kl_is_zero_at_the_prior(void **state)
{
    (void)state;
    const LsDivergence *kl = ls_divergence_find("kl", NULL);
    assert_non_null(kl);
    const float zero[17] = {0};
    float loss[17], mu_grad[17], logvar_grad[17];
    kl->eval(LS_COUNT(zero), zero, zero, loss, mu_grad, logvar_grad);
    for (size_t i = 0; i < LS_COUNT(zero); i++) {
        assert_true(loss[i] == 0.0f && mu_grad[i] == 0.0f && logvar_grad[i] == 0.0f);
    }
}

static void bce_is_finite_where_the_probability_is_zero(void **state)
{
    (void)state;
    const LsRecon *bce = ls_recon_find("bce", NULL);
    assert_non_null(bce);
    const float logits[2] = {-500.0f, 500.0f};
    const float prob[2] = {0.0f, 1.0f};
    const float x[2] = {1.0f, 0.0f};
    float loss[2], grad[2];
    bce->eval(2, logits, prob, x, loss, grad);
    assert_true(loss[0] == 500.0f && loss[1] == 500.0f);
    assert_true(grad[0] == -1.0f && grad[1] == 1.0f);
}

static void cb_is_smooth_at_one_half(void **state)
{
    (void)state;
    const LsRecon *cb = ls_recon_find("cb", NULL);
    assert_non_null(cb);
    const float logits[] = {0.0f, 1e-20f, -1e-6f, 1e-3f,  -0.01f,
                            0.3f, 0.699f, 0.701f, -0.72f, 90.0f};
    for (size_t i = 0; i < LS_COUNT(logits); i++) {
        const double l = (double)logits[i];
        const float prob = (float)(1.0 / (1.0 + exp(-l)));
        const float x = 0.25f;
        float loss = 0.0f, grad = 0.0f;
        cb->eval(1, &logits[i], &prob, &x, &loss, &grad);
        const double a = fabs(l);
        const double log_c = a < 1e-2 ? log(2.0) + a * a / 12.0 : log(a / tanh(a / 2.0));
        const double slope = a < 1e-2 ? a / 6.0 : 1.0 / a - 1.0 / sinh(a);
        const double bce = fmax(l, 0.0) - l * 0.25 + log1p(exp(-a));
        twin_check("cb", i, (double)loss, bce - log_c, 1e-6, 1.0);
        twin_check("cb", i, (double)grad, 1.0 / (1.0 + exp(-l)) - 0.25 - copysign(slope, l), 1e-6,
                   1.0);
    }
}

static void laplace_does_not_pull_a_pixel_that_is_met(void **state)
{
    (void)state;
    const LsRecon *laplace = ls_recon_find("laplace", NULL);
    assert_non_null(laplace);
    const float logit = 0.0f, half = 0.5f;
    float loss = 1.0f, grad = 1.0f;
    laplace->eval(1, &logit, &half, &half, &loss, &grad);
    assert_true(loss == 0.0f && grad == 0.0f);
}

static void a_deviation_scales_its_kind_alone(void **state)
{
    (void)state;
    assert_true(ls_recon_scale(ls_recon_find("bce", NULL), 0.1) == 1.0);
    assert_true(ls_recon_scale(ls_recon_find("gaussian", NULL), 0.0) == 1.0);
    assert_true(ls_recon_scale(ls_recon_find("gaussian", NULL), 0.5) == 0.25);
    assert_true(ls_recon_scale(ls_recon_find("laplace", NULL), 0.5) == 0.5);
}

/* Weights in rows, as the update in one pass takes them, and what it leaves behind. */
enum {
    ROWS = 5,
    STRIDE = 80
};

typedef struct Rows {
    float grad[ROWS * STRIDE], weight[ROWS * STRIDE], m[ROWS * STRIDE], v[ROWS * STRIDE];
    uint16_t half[ROWS * STRIDE];
    float loss[STRIDE];
} Rows;

static void rows_fill(Rows *rows)
{
    static TwinArray array;
    float *const parts[] = {rows->grad, rows->weight, rows->m, rows->v};
    memset(rows, 0, sizeof *rows);
    for (size_t i = 0; i < LS_COUNT(parts); i++) {
        memcpy(parts[i], twin_fill(&array, ROWS * STRIDE, 0, i, i == 3 ? 0.0 : -1.0, 1.0),
               sizeof rows->grad);
    }
}

/* What the update in one pass is to give. */
static void rows_one_by_one(const LsRegularizer *kind, const LsAdam *adam, size_t n, bool halved,
                            Rows *rows)
{
    float loss[STRIDE];
    for (size_t row = 0; row < ROWS; row++) {
        const size_t at = row * STRIDE;
        kind->eval(n, rows->weight + at, 0.1f, loss, rows->grad + at);
        ls_adam_update(adam, n, rows->grad + at, rows->weight + at, rows->m + at, rows->v + at);
        for (size_t i = 0; i < n; i++) {
            rows->loss[i] += loss[i];
        }
        if (halved) {
            ls_backend_halve(n, rows->weight + at, rows->half + at);
        }
    }
}

static void an_update_in_one_pass_is_its_parts_bit_for_bit(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 15, 16, 17, 48, 64};
    static const double bounds[] = {INFINITY, 0.5};
    static Rows whole, parts;
    size_t count = 0;
    const LsRegularizer *kinds = ls_regularizer_kinds(&count);
    for (size_t i = 0; i < count * LS_COUNT(sizes) * LS_COUNT(bounds) * 2; i++) {
        const LsRegularizer *kind = &kinds[i % count];
        const size_t n = sizes[i / count % LS_COUNT(sizes)];
        const bool halved = i / count / LS_COUNT(sizes) % 2 == 1;
        if (kind->update == NULL) {
            continue;
        }
        const LsAdam plain = ls_adam_make(0.01, 7);
        const LsAdam adam = ls_adam_bounded(&plain, bounds[i / count / LS_COUNT(sizes) / 2]);
        rows_fill(&whole);
        rows_fill(&parts);
        kind->update(&adam, ROWS, n, whole.grad, STRIDE, 0.1f, whole.loss, whole.weight, whole.m,
                     whole.v, halved ? whole.half : NULL, STRIDE);
        rows_one_by_one(kind, &adam, n, halved, &parts);
        assert_memory_equal(whole.weight, parts.weight, sizeof whole.weight);
        assert_memory_equal(whole.m, parts.m, sizeof whole.m);
        assert_memory_equal(whole.v, parts.v, sizeof whole.v);
        assert_memory_equal(whole.half, parts.half, sizeof whole.half);
        for (size_t k = 0; k < n; k++) {
            twin_check("loss", k, (double)whole.loss[k], (double)parts.loss[k], 1e-6, 1.0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_whole_and_found_by_name),
        cmocka_unit_test(unknown_names_are_usage_errors),
        cmocka_unit_test(reconstruction_agrees_with_the_twins),
        cmocka_unit_test(divergence_agrees_with_the_twins),
        cmocka_unit_test(regularization_agrees_with_the_twins),
        cmocka_unit_test(an_update_in_one_pass_is_its_parts_bit_for_bit),
        cmocka_unit_test(kl_is_zero_at_the_prior),
        cmocka_unit_test(bce_is_finite_where_the_probability_is_zero),
        cmocka_unit_test(cb_is_smooth_at_one_half),
        cmocka_unit_test(laplace_does_not_pull_a_pixel_that_is_met),
        cmocka_unit_test(a_deviation_scales_its_kind_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
