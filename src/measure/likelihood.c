#include "measure/likelihood.h"

#include <math.h>

#include "latentscape/nn/sum.h"

#include "nn/fastmath.h"

/* Of the standard normal: exact for polynomials up to the thirteenth and the ninth power. */
static const double node[][LS_LIKELIHOOD_NODES] = {
    {-3.750439717725742, -2.366759410734541, -1.154405394739968, 0, 1.154405394739968,
     2.366759410734541, 3.750439717725742},
    {-2.856970013872806, -1.355626179974266, 0, 1.355626179974266, 2.856970013872806}};
static const double share[][LS_LIKELIHOOD_NODES] = {
    {0.000548268855972, 0.030757123967586, 0.240123178605013, 0.457142857142857, 0.240123178605013,
     0.030757123967586, 0.000548268855972},
    {0.011257411327721, 0.222075922005613, 0.533333333333332, 0.222075922005613,
     0.011257411327721}};

LS_KERNEL static void softplus(size_t n, const float *restrict x, float *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = ls_softplus(x[i]);
    }
}

LS_KERNEL static void pixels(size_t n, const float *restrict logits, const float *restrict x,
                             float *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = logits[i] * x[i] - ls_softplus(logits[i]);
    }
}

LS_KERNEL static void add(size_t n, const float *restrict a, const float *restrict b,
                          float *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = a[i] + b[i];
    }
}

LS_KERNEL static void exponentials(size_t n, float most, float *restrict x)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = ls_exp(x[i] - most);
    }
}

double ls_likelihood_zeros(size_t n, const float *logits, float *work)
{
    softplus(n, logits, work);
    return ls_sum(n, work);
}

double ls_likelihood_log(size_t n, const float *logits, const float *x, float *work)
{
    pixels(n, logits, x, work);
    return ls_sum(n, work);
}

double ls_likelihood_fold(size_t n, const float *score, const float *base, float *work)
{
    add(n, score, base, work);
    float largest = work[0];
    for (size_t i = 1; i < n; i++) {
        largest = work[i] > largest ? work[i] : largest;
    }
    exponentials(n, largest, work);
    return (double)largest + log(ls_sum(n, work));
}

double ls_likelihood_prior(double z0, double z1)
{
    return -0.5 * (z0 * z0 + z1 * z1) - log(2 * M_PI);
}

double ls_likelihood_kl(const float *mu, const float *logvar)
{
    double kl = 0;
    for (int i = 0; i < 2; i++) {
        const double m = (double)mu[i];
        const double v = (double)logvar[i];
        kl += 0.5 * (m * m + exp(v) - 1 - v);
    }
    return kl;
}

void ls_likelihood_nodes(int across, const float *mu, const float *logvar, float *z, double *weight)
{
    const double sigma[] = {exp(0.5 * (double)logvar[0]), exp(0.5 * (double)logvar[1])};
    const int row = across == LS_LIKELIHOOD_NODES ? 0 : 1;
    for (int j = 0; j < across; j++) {
        for (int i = 0; i < across; i++) {
            const int k = j * across + i;
            z[2 * k] = (float)((double)mu[0] + sigma[0] * node[row][i]);
            z[2 * k + 1] = (float)((double)mu[1] + sigma[1] * node[row][j]);
            weight[k] = share[row][i] * share[row][j];
        }
    }
}
