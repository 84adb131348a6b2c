#include "latentscape/vae/divergence.h"

#include <math.h>
#include <string.h>

#include "nn/fastmath.h"
#include "vae/mmd.h"

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

/* A dimension that says less than its free nats is left alone. */
static double free_bits(size_t latent, const double *mean, double param, float *pull)
{
    double value = 0;
    for (size_t j = 0; j < latent; j++) {
        const bool spared = mean[j] < param;
        value += spared ? param : mean[j]; /* NaN passes */
        pull[j] = spared ? 0.0f : 1.0f;
    }
    return value;
}

static double capacity(size_t latent, const double *mean, double param, float *pull)
{
    double sum = 0;
    for (size_t j = 0; j < latent; j++) {
        sum += mean[j];
    }
    const float side = sum < param ? -1.0f : sum > param ? 1.0f : 0.0f;
    for (size_t j = 0; j < latent; j++) {
        pull[j] = side;
    }
    return fabs(sum - param);
}

static const LsDivergence kinds[] = {
    {.name = "kl",
     .title = "KL to the prior",
     .symbol = "Σ (μ² + σ² - 1 - log σ²) / 2",
     .meaning = "how close codes are to N(0, I)",
     .unit = "nats",
     .range = "0 and up",
     .help = "Draws every image's code towards the standard normal prior, so that samples from it "
             "decode well.",
     .paper = "Kingma & Welling 2013",
     .eval = kl},
    {.name = "free_bits",
     .title = "Free bits",
     .symbol = "Σ max(λ, KL of a dimension)",
     .meaning = "KL, each axis at least λ",
     .unit = "nats",
     .range = "λ times the dimensions, and up",
     .help = "KL that leaves each dimension λ nats without charge, so that none is given up: codes "
             "keep apart where plain KL would let them collapse.",
     .paper = "Kingma et al. 2016",
     .param = "free_bits",
     .eval = kl,
     .pull = free_bits},
    {.name = "capacity",
     .title = "Capacity",
     .symbol = "|KL - C|",
     .meaning = "how far KL is from C",
     .unit = "nats",
     .range = "0 and up",
     .help = "Holds the KL at a capacity C that grows with the steps: the code learns to say first "
             "what matters most.",
     .paper = "Burgess et al. 2018",
     .param = "capacity",
     .grows = "capacity_steps",
     .eval = kl,
     .pull = capacity},
    {.name = "mmd",
     .title = "Maximum mean discrepancy",
     .symbol = "MMD²(q(z), p(z))",
     .meaning = "how like the prior the map is",
     .unit = "",
     .range = "about 0 to 2",
     .help = "Compares all codes together with draws from the prior: the map as a whole fills the "
             "prior, while each single image keeps a sharp place in it.",
     .paper = "Zhao et al. 2017; Tolstikhin et al. 2018",
     .param = "mmd_width",
     .points = ls_mmd_share},
};

bool ls_divergence_gathers(const LsDivergence *kind)
{
    return kind->pull != NULL || kind->points != NULL;
}

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
