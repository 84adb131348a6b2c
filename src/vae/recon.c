#include "latentscape/vae/recon.h"

#include <math.h>
#include <string.h>

#include "nn/fastmath.h"

LS_KERNEL static void bce(size_t n, const float *restrict logits, const float *restrict prob,
                          const float *restrict x, float *restrict loss, float *restrict grad)
{
    for (size_t i = 0; i < n; i++) {
        loss[i] = ls_softplus(logits[i]) - logits[i] * x[i]; /* finite where log(prob) is not */
        grad[i] = prob[i] - x[i];
    }
}

/* Softplus and sigmoid from one exponential. */
LS_KERNEL static void bce_direct(size_t n, const float *restrict logits, const float *restrict x,
                                 float *restrict loss, float *restrict grad)
{
    for (size_t i = 0; i < n; i++) {
        const float l = logits[i];
        const float e = ls_exp(-fabsf(l));
        const float p = 1.0f / (1.0f + e);
        const float positive = l < 0.0f ? 0.0f : l;
        loss[i] = positive + ls_log1p_unit(e) - l * x[i];
        grad[i] = (l < 0.0f ? e * p : p) - x[i];
    }
}

/* (x - prob)^2 / (2 s^2) with s = 0.25; the constant of the density is dropped. */
LS_KERNEL static void gaussian(size_t n, const float *restrict logits, const float *restrict prob,
                               const float *restrict x, float *restrict loss, float *restrict grad)
{
    (void)logits;
    for (size_t i = 0; i < n; i++) {
        const float miss = prob[i] - x[i];
        loss[i] = 8.0f * (miss * miss);
        grad[i] = 16.0f * miss * (prob[i] * (1.0f - prob[i]));
    }
}

/* |x - prob| / b with b = 0.25; the constant of the density is dropped. A pixel that is met exactly is
 * not pulled. */
LS_KERNEL static void laplace(size_t n, const float *restrict logits, const float *restrict prob,
                              const float *restrict x, float *restrict loss, float *restrict grad)
{
    (void)logits;
    for (size_t i = 0; i < n; i++) {
        const float miss = prob[i] - x[i];
        const float side = miss > 0.0f ? 4.0f : miss < 0.0f ? -4.0f : miss;
        loss[i] = 4.0f * fabsf(miss);
        grad[i] = side * (prob[i] * (1.0f - prob[i]));
    }
}

/* The continuous Bernoulli's normalizer is C = 2 atanh(1 - 2p) / (1 - 2p), which from the logit l is
 * l / tanh(l / 2): log C and its slope 1/l - 1/sinh(l) lose all their digits near p = 1/2, so there
 * they are the first terms of their Taylor series in l. */
LS_KERNEL static void cb(size_t n, const float *restrict logits, const float *restrict prob,
                         const float *restrict x, float *restrict loss, float *restrict grad)
{
    for (size_t i = 0; i < n; i++) {
        const float a = fabsf(logits[i]);
        const float t = a * a;
        float p = 2.13359e-6f;
        p = p * t - 2.62483e-5f;
        p = p * t + 3.41711e-4f;
        p = p * t - 4.86111111e-3f;
        p = p * t + 8.33333333e-2f;
        float q = 2.13359e-5f;
        q = q * t - 2.09987e-4f;
        q = q * t + 2.05026455e-3f;
        q = q * t - 1.94444444e-2f;
        q = q * t + 1.66666667e-1f;
        const bool near = a < 0.7f;
        const float far = near ? 0.7f : a;
        const float e = ls_exp(-far);
        const float log_c = near ? 0.693147181f + t * p : ls_log(far * ((1.0f + e) / (1.0f - e)));
        const float slope = near ? a * q : 1.0f / far - 2.0f * e / (1.0f - e * e);
        loss[i] = ls_softplus(logits[i]) - logits[i] * x[i] - log_c;
        grad[i] = prob[i] - x[i] - copysignf(slope, logits[i]);
    }
}

static const LsRecon kinds[] = {
    {.name = "bce",
     .title = "Bernoulli",
     .symbol = "-x log p - (1-x) log(1-p)",
     .meaning = "how well images come back",
     .unit = "nats",
     .range = "0 and up",
     .help = "Each pixel is a coin with the decoder's probability; a sure mistake costs most.",
     .paper = "Kingma & Welling 2013",
     .eval = bce,
     .direct = bce_direct},
    {.name = "gaussian",
     .title = "Gaussian",
     .symbol = "(x-p)² / 2s²",
     .meaning = "how far pixels are off, squared",
     .unit = "nats",
     .range = "0 and up",
     .help = "Squared pixel errors with a deviation s: softer about single wrong pixels, blurrier "
             "where the model is not sure.",
     .paper = "Kingma & Welling 2013",
     .eval = gaussian,
     .deviation = 0.25,
     .power = 2},
    {.name = "laplace",
     .title = "Laplace",
     .symbol = "|x-p| / b",
     .meaning = "how far pixels are off",
     .unit = "nats",
     .range = "0 and up",
     .help = "Absolute pixel errors with a spread b: the model decides for black or white where "
             "others average, so that images become sharper.",
     .paper = "Zhao et al. 2017, \"Loss functions for image restoration\"",
     .eval = laplace,
     .deviation = 0.25,
     .power = 1},
    {.name = "cb",
     .title = "Continuous Bernoulli",
     .symbol = "bce - log C(p)",
     .meaning = "how well grey levels come back",
     .unit = "nats",
     .range = "below 0 too",
     .help = "A density for grey levels instead of a coin: the normalizer it adds makes pixels "
             "decided, black or white.",
     .paper = "Loaiza-Ganem & Cunningham 2019",
     .eval = cb},
};

double ls_recon_scale(const LsRecon *kind, double deviation)
{
    return kind->power > 0 && deviation > 0 ? pow(kind->deviation / deviation, kind->power) : 1;
}

const LsRecon *ls_recon_kinds(size_t *count)
{
    *count = LS_COUNT(kinds);
    return kinds;
}

const LsRecon *ls_recon_find(const char *name, LsError *err)
{
    for (size_t i = 0; i < LS_COUNT(kinds); i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    ls_fail(err, LS_ERR_USAGE, "There is no reconstruction term \"%s\".", name);
    return NULL;
}

const char *ls_recon_name(int index)
{
    return index >= 0 && (size_t)index < LS_COUNT(kinds) ? kinds[index].name : NULL;
}

const char *ls_recon_help(int index)
{
    return index >= 0 && (size_t)index < LS_COUNT(kinds) ? kinds[index].help : NULL;
}
