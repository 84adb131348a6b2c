#include "latentscape/measure/exact.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/nn/gemm.h"
#include "latentscape/vae/coder.h"

#include "measure/likelihood.h"

enum {
    ROWS = 128,                                         /* codes decoded at once */
    POINTS = LS_LIKELIHOOD_NODES * LS_LIKELIHOOD_NODES, /* of the quadrature, for an image: most */
    COARSE = 16, /* cells of a unit below which fewer nodes do, too */
};

static const double half_least = 4; /* beyond lies 1e-4 of the prior */
static const double rim = 0.5;      /* of the grid around the outermost code */

/* A running log-sum-exp: sum is relative to `most`. */
typedef struct Lane {
    double most, sum;
} Lane;

/* What one worker works on. */
typedef struct Scratch {
    LsCoder *coder;
    float *memory;
    float *z;      /* [ROWS, 2] */
    float *logits; /* [ROWS, pixels] */
    float *score;  /* [images, ROWS] */
    float *base;   /* [ROWS] */
    float *work;   /* [max(pixels, ROWS)] */
} Scratch;

struct LsExact {
    // --- immutable after create
    LsModel model;
    int room, workers;
    // --- set by begin, read by tasks
    float *params;      /* [param_count] */
    float *x;           /* [room, pixels] */
    float *mu, *logvar; /* [room, 2] */
    int n, cells, elbo_tasks, tasks;
    int across; /* nodes of the quadrature on each axis */
    double half;
    // --- written by tasks, each its own part
    Lane *lane;   /* [LS_EXACT_LANES, room] */
    double *elbo; /* [room] */
    // --- a worker each
    Scratch *scratch;
};

bool ls_exact_can(const LsModel *model)
{
    return model->spec.latent == LS_EXACT_LATENT;
}

static size_t lines(size_t floats)
{
    return (floats + 15) / 16 * 16;
}

static bool make_scratch(Scratch *scratch, const LsModel *model, int images, LsError *err)
{
    const size_t pixels = (size_t)model->pixels;
    const size_t row = pixels > ROWS ? pixels : ROWS;
    const size_t sizes[] = {lines(ROWS * LS_EXACT_LATENT), lines(ROWS * pixels),
                            lines((size_t)images * ROWS), ROWS, lines(row)};
    float **const pieces[] = {&scratch->z, &scratch->logits, &scratch->score, &scratch->base,
                              &scratch->work};
    size_t total = 0;
    for (size_t i = 0; i < LS_COUNT(sizes); i++) {
        total += sizes[i];
    }
    scratch->memory = ls_memory_floats(total, err);
    scratch->coder = scratch->memory != NULL ? ls_coder_create(model, ROWS, err) : NULL;
    if (scratch->coder == NULL) {
        return false;
    }
    float *at = scratch->memory;
    for (size_t i = 0; i < LS_COUNT(pieces); i++) {
        *pieces[i] = at;
        at += sizes[i];
    }
    return true;
}

LsExact *ls_exact_create(const LsModel *model, int images, int workers, LsError *err)
{
    if (!ls_exact_can(model)) {
        ls_fail(err, LS_ERR_MODEL,
                "The exact likelihood needs a model with two latent dimensions, this one has %d.",
                model->spec.latent);
        return NULL;
    }
    LsExact *exact = ls_memory_items(1, sizeof *exact, err);
    if (exact == NULL) {
        return NULL;
    }
    exact->model = *model;
    exact->room = images;
    exact->workers = workers;
    const size_t n = (size_t)images;
    float **const buffers[] = {&exact->params, &exact->x, &exact->mu, &exact->logvar};
    const size_t sizes[] = {model->param_count, n * (size_t)model->pixels, n * LS_EXACT_LATENT,
                            n * LS_EXACT_LATENT};
    for (size_t i = 0; i < LS_COUNT(buffers); i++) {
        *buffers[i] = ls_memory_floats(sizes[i], err);
        if (*buffers[i] == NULL) {
            goto fail;
        }
    }
    exact->lane = ls_memory_items(n * LS_EXACT_LANES, sizeof *exact->lane, err);
    exact->elbo = exact->lane != NULL ? ls_memory_items(n, sizeof *exact->elbo, err) : NULL;
    exact->scratch =
        exact->elbo != NULL ? ls_memory_items((size_t)workers, sizeof *exact->scratch, err) : NULL;
    if (exact->scratch == NULL) {
        goto fail;
    }
    for (int i = 0; i < workers; i++) {
        if (!make_scratch(&exact->scratch[i], model, images, err)) {
            goto fail;
        }
    }
    ls_gemm_init();
    return exact;
fail:
    ls_exact_destroy(exact);
    return NULL;
}

void ls_exact_destroy(LsExact *exact)
{
    if (exact == NULL) {
        return;
    }
    for (int i = 0; exact->scratch != NULL && i < exact->workers; i++) {
        ls_coder_destroy(exact->scratch[i].coder);
        ls_memory_free(exact->scratch[i].memory);
    }
    ls_memory_free(exact->scratch);
    ls_memory_free(exact->params);
    ls_memory_free(exact->x);
    ls_memory_free(exact->mu);
    ls_memory_free(exact->logvar);
    ls_memory_free(exact->lane);
    ls_memory_free(exact->elbo);
    ls_memory_free(exact);
}

void ls_exact_begin(LsExact *exact, const float *params, const LsDataset *data,
                    const LsImages *images, uint32_t first, int n, double half_most, int fine)
{
    assert(n >= 1 && n <= exact->room && fine >= 1);
    const size_t middle = ls_model_decoder_at(&exact->model);
    /* The encoder is done with in here: what is never written takes no memory. */
    memcpy(exact->params + middle, params + middle,
           (exact->model.param_count - middle) * sizeof *params);
    exact->n = n;
    ls_dataset_gather(data, images, first, NULL, n, exact->x);
    for (int at = 0; at < n; at += ROWS) {
        const size_t code = (size_t)at * LS_EXACT_LATENT;
        ls_coder_encode(exact->scratch[0].coder, params, n - at < ROWS ? n - at : ROWS,
                        exact->x + (size_t)at * (size_t)exact->model.pixels, exact->mu + code,
                        exact->logvar + code);
    }
    double reach = 0;
    for (int i = 0; i < n * LS_EXACT_LATENT; i++) {
        reach = fmax(reach, fabs((double)exact->mu[i]));
    }
    exact->half = fmin(fmax(ceil(reach + rim), half_least), fmax(half_most, half_least));
    exact->cells = (int)(2 * exact->half * fine);
    exact->across = fine < COARSE ? LS_LIKELIHOOD_FEW : LS_LIKELIHOOD_NODES;
    const int together = ROWS / (exact->across * exact->across);
    exact->elbo_tasks = (n + together - 1) / together;
    exact->tasks = exact->elbo_tasks + (exact->cells * exact->cells + ROWS - 1) / ROWS;
    for (int i = 0; i < exact->room * LS_EXACT_LANES; i++) {
        exact->lane[i] = (Lane){-INFINITY, 0};
    }
}

int ls_exact_tasks(const LsExact *exact)
{
    return exact->tasks;
}

/* E[log p(x|z)] over q by quadrature, less the divergence, of a few images. */
static void find_elbo(LsExact *exact, Scratch *scratch, int task)
{
    const size_t pixels = (size_t)exact->model.pixels;
    const int points = exact->across * exact->across;
    const int together = ROWS / points;
    const int first = task * together;
    const int n = exact->n - first < together ? exact->n - first : together;
    double weight[POINTS];
    for (int i = 0; i < n; i++) {
        const size_t code = (size_t)(first + i) * LS_EXACT_LATENT;
        ls_likelihood_nodes(exact->across, exact->mu + code, exact->logvar + code,
                            scratch->z + (size_t)(i * points) * LS_EXACT_LATENT, weight);
    }
    ls_coder_decode(scratch->coder, exact->params, n * points, scratch->z, scratch->logits, NULL);
    for (int i = 0; i < n; i++) {
        const size_t image = (size_t)(first + i);
        double sum = 0;
        for (int k = 0; k < points; k++) {
            const float *logits = scratch->logits + (size_t)(i * points + k) * pixels;
            sum += weight[k] *
                   ls_likelihood_log(pixels, logits, exact->x + image * pixels, scratch->work);
        }
        exact->elbo[image] = sum - ls_likelihood_kl(exact->mu + image * LS_EXACT_LATENT,
                                                    exact->logvar + image * LS_EXACT_LATENT);
    }
}

static void add_to(Lane *lane, double log_sum)
{
    if (log_sum == -(double)INFINITY) {
        return;
    }
    if (log_sum <= lane->most) {
        lane->sum += exp(log_sum - lane->most);
    } else { /* also where it is NaN, which then stays */
        lane->sum = lane->sum * exp(lane->most - log_sum) + 1;
        lane->most = log_sum;
    }
}

/* Some nodes of the grid against every image: two matrix products and a log-sum-exp. */
static void sum_nodes(LsExact *exact, Scratch *scratch, int slice, Lane *lane)
{
    const int pixels = exact->model.pixels;
    const int total = exact->cells * exact->cells;
    const int first = slice * ROWS;
    const int count = total - first < ROWS ? total - first : ROWS;
    const double step = 2 * exact->half / exact->cells;
    for (int k = 0; k < count; k++) {
        const int node = first + k;
        const double z0 = -exact->half + (node % exact->cells + 0.5) * step;
        const double z1 = -exact->half + (node / exact->cells + 0.5) * step;
        scratch->z[2 * k] = (float)z0;
        scratch->z[2 * k + 1] = (float)z1;
        scratch->base[k] = (float)(ls_likelihood_prior(z0, z1) + 2 * log(step));
    }
    ls_coder_decode(scratch->coder, exact->params, count, scratch->z, scratch->logits, NULL);
    for (int k = 0; k < count; k++) {
        const float *logits = scratch->logits + (size_t)k * (size_t)pixels;
        scratch->base[k] -= (float)ls_likelihood_zeros((size_t)pixels, logits, scratch->work);
    }
    ls_gemm_nt(exact->n, count, pixels, exact->x, scratch->logits, scratch->score);
    for (int i = 0; i < exact->n; i++) {
        add_to(&lane[i],
               ls_likelihood_fold((size_t)count, scratch->score + (size_t)i * (size_t)count,
                                  scratch->base, scratch->work));
    }
}

void ls_exact_task(LsExact *exact, int task, int worker)
{
    assert(task >= 0 && task < exact->tasks && worker >= 0 && worker < exact->workers);
    Scratch *scratch = &exact->scratch[worker];
    if (task < exact->elbo_tasks) {
        find_elbo(exact, scratch, task);
    } else {
        const size_t lane = (size_t)(task % LS_EXACT_LANES) * (size_t)exact->room;
        sum_nodes(exact, scratch, task - exact->elbo_tasks, exact->lane + lane);
    }
}

double ls_exact_log_p(const LsExact *exact, int image)
{
    Lane all = {-INFINITY, 0};
    for (int i = 0; i < LS_EXACT_LANES; i++) {
        const Lane *lane = &exact->lane[i * exact->room + image];
        if (lane->sum > 0 || isnan(lane->sum)) {
            add_to(&all, lane->most + log(lane->sum));
        }
    }
    return all.most + log(all.sum);
}

double ls_exact_elbo(const LsExact *exact, int image)
{
    return exact->elbo[image];
}

/* Adds up values and their squares about a first value, so that nothing cancels. */
typedef struct Moments {
    double origin, sum, square;
    int n;
} Moments;

static void gather(Moments *moments, double value)
{
    moments->origin = moments->n == 0 ? value : moments->origin;
    const double off = value - moments->origin;
    moments->sum += off;
    moments->square += off * off;
    moments->n++;
}

static double mean_of(const Moments *moments, double *error)
{
    const double n = moments->n;
    const double mean = moments->sum / n;
    const double variance = n > 1 ? (moments->square - n * mean * mean) / (n - 1) : 0;
    *error = sqrt(fmax(variance, 0) / n);
    return moments->origin + mean;
}

LsExactMeans ls_exact_means(const LsExact *exact)
{
    LsExactMeans means = {.half = exact->half, .cells = exact->cells, .images = (uint32_t)exact->n};
    Moments log_p = {0};
    Moments gap = {0};
    for (int i = 0; i < exact->n; i++) {
        const double value = ls_exact_log_p(exact, i);
        const float *mu = exact->mu + (size_t)i * LS_EXACT_LATENT;
        gather(&log_p, value);
        gather(&gap, value - exact->elbo[i]);
        means.outside += fmaxf(fabsf(mu[0]), fabsf(mu[1])) > (float)exact->half;
    }
    means.log_p = mean_of(&log_p, &means.log_p_error);
    means.gap = mean_of(&gap, &means.gap_error);
    means.elbo = means.log_p - means.gap;
    return means;
}
