#include "latentscape/vae/recon.h"

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

static const LsRecon kinds[] = {
    {.name = "bce",
     .title = "Bernoulli",
     .help = "Each pixel is a coin with the decoder's probability; a sure mistake costs most.",
     .paper = "Kingma & Welling 2013",
     .eval = bce},
    {.name = "gaussian",
     .title = "Gaussian",
     .help = "Squared pixel errors with a deviation of 0.25: softer about single wrong pixels.",
     .paper = "Kingma & Welling 2013",
     .eval = gaussian},
};

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
