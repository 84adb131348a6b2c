#include "latentscape/vae/divergence.h"

#include <string.h>

#include "nn/fastmath.h"

LS_KERNEL static void kl(size_t n, const float *restrict mu, const float *restrict logvar,
                         float *restrict loss, float *restrict mu_grad, float *restrict logvar_grad)
{
    for (size_t i = 0; i < n; i++) {
        const float excess = ls_exp(logvar[i]) - 1.0f;
        loss[i] = 0.5f * (mu[i] * mu[i] + (excess - logvar[i]));
        mu_grad[i] = mu[i];
        logvar_grad[i] = 0.5f * excess;
    }
}

static const LsDivergence kinds[] = {
    {.name = "kl",
     .title = "KL to the prior",
     .symbol = "Σ (μ² + σ² - 1 - log σ²) / 2",
     .unit = "nats",
     .range = "0 and up",
     .help = "Draws every image's code towards the standard normal prior, so that samples from it "
             "decode well.",
     .paper = "Kingma & Welling 2013",
     .eval = kl},
};

const LsDivergence *ls_divergence_kinds(size_t *count)
{
    *count = LS_COUNT(kinds);
    return kinds;
}

const LsDivergence *ls_divergence_find(const char *name, LsError *err)
{
    for (size_t i = 0; i < LS_COUNT(kinds); i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    ls_fail(err, LS_ERR_USAGE, "There is no divergence term \"%s\".", name);
    return NULL;
}

const char *ls_divergence_name(int index)
{
    return index >= 0 && (size_t)index < LS_COUNT(kinds) ? kinds[index].name : NULL;
}

const char *ls_divergence_help(int index)
{
    return index >= 0 && (size_t)index < LS_COUNT(kinds) ? kinds[index].help : NULL;
}
