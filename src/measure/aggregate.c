#include "latentscape/measure/aggregate.h"

#include <math.h>
#include <string.h>

#include "latentscape/core/rng.h"
#include "latentscape/nn/sum.h"

#include "nn/fastmath.h"

enum {
    GROUPS = 10,  /* of the jackknife */
    BASES = 16,   /* looked along at most */
    RADIX = 2048, /* 11 bits: three passes sort 32 */
};

static const double log_two_pi = 1.8378770664093453;
static const double used = 0.01; /* variance of mu above which an axis counts as used */

/* ---- densities */

double ls_aggregate_log_posterior(int latent, const float *mu, const float *logvar, const float *z)
{
    double sum = 0;
    for (int j = 0; j < latent; j++) {
        const double d = (double)z[j] - (double)mu[j];
        sum += d * d * exp(-(double)logvar[j]) + (double)logvar[j] + log_two_pi;
    }
    return -0.5 * sum;
}

void ls_aggregate_place(int n, int latent, int at, const float *mu, const float *logvar,
                        float *axis_mu, float *inverse, float *scale)
{
    double sum = 0;
    for (int j = 0; j < latent; j++) {
        const size_t place = (size_t)j * (size_t)n + (size_t)at;
        axis_mu[place] = mu[j];
        inverse[place] = expf(-logvar[j]);
        sum += (double)logvar[j] + log_two_pi;
    }
    scale[at] = (float)(-0.5 * sum);
}

LS_KERNEL static void add_axis(size_t n, float z, const float *restrict mu,
                               const float *restrict inverse, float *restrict work)
{
    for (size_t i = 0; i < n; i++) {
        const float d = z - mu[i];
        work[i] -= 0.5f * d * d * inverse[i];
    }
}

LS_KERNEL static float largest(size_t n, const float *x)
{
    float lane[LS_LANES];
    for (size_t j = 0; j < LS_LANES; j++) {
        lane[j] = x[0];
    }
    size_t i = 0;
    for (; i + LS_LANES <= n; i += LS_LANES) {
        for (size_t j = 0; j < LS_LANES; j++) {
            lane[j] = lane[j] < x[i + j] ? x[i + j] : lane[j];
        }
    }
    float most = x[0];
    for (; i < n; i++) {
        most = most < x[i] ? x[i] : most;
    }
    for (size_t j = 0; j < LS_LANES; j++) {
        most = most < lane[j] ? lane[j] : most;
    }
    return most;
}

LS_KERNEL static void exponentials(size_t n, float most, float *x)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = ls_exp(x[i] - most);
    }
}

double ls_aggregate_log_density(const LsMixture *mixture, const float *z, float *work)
{
    const size_t n = (size_t)mixture->n;
    memcpy(work, mixture->scale, n * sizeof *work);
    for (int j = 0; j < mixture->latent; j++) {
        const size_t at = (size_t)j * n;
        add_axis(n, z[j], mixture->mu + at, mixture->inverse + at, work);
    }
    const float most = largest(n, work);
    exponentials(n, most, work);
    return (double)most + log(ls_sum(n, work));
}

/* ---- active units */

/* How many axes are used by the codes that are not in one group; group -1: by all. */
static int count_active(int n, int latent, int group, const float *mu)
{
    int active = 0;
    for (int j = 0; j < latent; j++) {
        double sum = 0, squares = 0;
        int count = 0;
        const double shift = (double)mu[j]; /* so that the difference of sums keeps its digits */
        for (int i = 0; i < n; i++) {
            if (i % GROUPS != group) {
                const double x = (double)mu[(size_t)i * (size_t)latent + (size_t)j] - shift;
                sum += x;
                squares += x * x;
                count++;
            }
        }
        const double mean = count > 0 ? sum / count : 0;
        active += count > 0 && squares / count - mean * mean > used ? 1 : 0;
    }
    return active;
}

LsEstimate ls_aggregate_active(int n, int latent, const float *mu)
{
    double without[GROUPS], mean = 0, spread = 0;
    for (int group = 0; group < GROUPS; group++) {
        without[group] = count_active(n, latent, group, mu);
        mean += without[group];
    }
    mean /= GROUPS;
    for (int group = 0; group < GROUPS; group++) {
        spread += (without[group] - mean) * (without[group] - mean);
    }
    return (LsEstimate){.value = count_active(n, latent, -1, mu),
                        .error = sqrt(spread * (GROUPS - 1) / GROUPS)};
}

/* ---- distance to the prior */

int ls_aggregate_basis_size(int latent)
{
    return latent < LS_AGGREGATE_DIRECTIONS ? latent : LS_AGGREGATE_DIRECTIONS;
}

int ls_aggregate_bases(int latent)
{
    const int most = LS_AGGREGATE_DIRECTIONS / ls_aggregate_basis_size(latent);
    return latent == 1 ? 1 : most < BASES ? most : BASES;
}

static double dot(size_t n, const float *a, const float *b)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)a[i] * (double)b[i];
    }
    return sum;
}

/* row -= its part along other, of length 1. */
static void take_away(size_t n, const float *other, float *row)
{
    const float part = (float)dot(n, row, other);
    for (size_t at = 0; at < n; at++) {
        row[at] -= part * other[at];
    }
}

void ls_aggregate_directions(int latent, float *direction)
{
    const int size = ls_aggregate_basis_size(latent), bases = ls_aggregate_bases(latent);
    const size_t axes = (size_t)latent;
    const LsRng rng = ls_rng_split(ls_rng_make(0, LS_RNG_MEASURE), 1);
    for (int i = 0; i < bases * size; i++) {
        float *row = direction + (size_t)i * axes;
        ls_rng_normal(rng, (uint64_t)i * axes, axes, row);
        const int first = i / size * size;
        /* Gram and Schmidt, twice: once leaves what rounding has brought back. */
        for (int pass = 0; pass < 2; pass++) {
            for (int j = first; j < i; j++) {
                take_away(axes, direction + (size_t)j * axes, row);
            }
            const float length = (float)sqrt(dot(axes, row, row));
            for (size_t at = 0; at < axes; at++) {
                row[at] /= length;
            }
        }
    }
}

/* Below which x a share p of the standard normal lies, 0 < p <= 0.5, by Newton's method. */
static double normal_quantile(double p)
{
    double x = -sqrt(-2 * log(2 * p)); /* on the far side: the steps come from one direction */
    for (int i = 0; i < 60; i++) {
        const double step = (0.5 * erfc(-x * M_SQRT1_2) - p) / exp(-0.5 * (x * x + log_two_pi));
        x -= fmax(-1, fmin(step, 1));
        if (fabs(step) < 1e-12) {
            break;
        }
    }
    return x;
}

void ls_aggregate_quantiles(int n, float *quantile)
{
    /* Within a stretch from a to b the mean is (density(a) - density(b)) n. */
    double before = 0;
    for (int i = 0; i < (n + 1) / 2; i++) {
        const double end = normal_quantile(fmin((double)(i + 1) / n, 0.5));
        const double density = exp(-0.5 * (end * end + log_two_pi));
        quantile[i] = (float)((before - density) * n);
        before = density;
    }
    if (n % 2 == 1) {
        quantile[n / 2] = 0; /* the middle stretch reaches over both sides */
    }
    for (int i = 0; i < n / 2; i++) {
        quantile[n - 1 - i] = -quantile[i];
    }
}

/* Sorts keys by their upper 32 bits; of equals, in their order. Shapes: key [2 n]; the second half is
 * for scratch, and has the result. */
static const uint64_t *sort_keys(int n, uint64_t *key)
{
    uint64_t *from = key;
    uint64_t *to = key + n;
    for (unsigned shift = 32; shift < 64; shift += 11) {
        uint32_t place[RADIX] = {0};
        for (int i = 0; i < n; i++) {
            place[(from[i] >> shift) % RADIX]++;
        }
        uint32_t sum = 0;
        for (int digit = 0; digit < RADIX; digit++) {
            const uint32_t count = place[digit];
            place[digit] = sum;
            sum += count;
        }
        for (int i = 0; i < n; i++) {
            to[place[(from[i] >> shift) % RADIX]++] = from[i];
        }
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

/* Bits that grow as the number does. */
static uint32_t ordered_bits(float x)
{
    const uint32_t bits = ls_float_bits(x);
    return (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
}

static float from_ordered_bits(uint32_t bits)
{
    return ls_float_from_bits((bits & 0x80000000u) != 0 ? bits & 0x7fffffffu : ~bits);
}

double ls_aggregate_transport(int n, int latent, const float *direction, const float *z,
                              const float *quantile, float *influence, uint64_t *key)
{
    for (int i = 0; i < n; i++) {
        const float *code = z + (size_t)i * (size_t)latent;
        float at = 0;
        for (int j = 0; j < latent; j++) {
            at += direction[j] * code[j];
        }
        key[i] = (uint64_t)ordered_bits(at) << 32 | (uint32_t)i;
    }
    const uint64_t *sorted = sort_keys(n, key);
    /* The distance's derivative by the share of codes at x is a potential whose own derivative is
     * twice what x is moved by. */
    double squared = 0, potential = 0, last = 0, last_moved = 0;
    for (int i = 0; i < n; i++) {
        const double at = (double)from_ordered_bits((uint32_t)(sorted[i] >> 32));
        const double moved = at - (double)quantile[i];
        potential += i > 0 ? (moved + last_moved) * (at - last) : 0;
        influence[(uint32_t)sorted[i]] = (float)potential;
        squared += moved * moved;
        last = at;
        last_moved = moved;
    }
    return squared / n;
}

LsEstimate ls_aggregate_distance(int n, int latent, const double *squared, float *influence)
{
    const int size = ls_aggregate_basis_size(latent), bases = ls_aggregate_bases(latent);
    /* Where a basis does not reach all axes it stands for the others. */
    const double weight = (double)latent / size / bases;
    double sum = 0;
    for (int i = 0; i < bases * size; i++) {
        sum += squared[i];
        for (int j = 0; i > 0 && j < n; j++) {
            influence[j] += influence[(size_t)i * (size_t)n + (size_t)j];
        }
    }
    const double distance = sqrt(weight * sum);
    const double error = weight * ls_estimate_mean((size_t)n, influence).error;
    return (LsEstimate){.value = distance, .error = distance > 0 ? error / (2 * distance) : 0};
}
