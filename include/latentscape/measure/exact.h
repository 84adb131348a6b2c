/* The exact likelihood of images under a model with two latent dimensions: log p(x), the logarithm of
 * the integral of p(x|z) p(z), as a sum over a fine grid of the latent plane. The pixels' likelihood is
 * bce's whatever the model was trained with, as in the ELBO. What is missing from it in the ELBO is the
 * gap KL(q(z|x) || p(z|x)): how far the encoder's Gaussian is from the true posterior.
 *
 * Work comes in numbered tasks of about a millisecond, so that it can go on between the steps of a run
 * or be shared out among workers; the numbers do not depend on who does which. Tasks that run at the
 * same time must lie within LS_EXACT_LANES neighbours, and all before those must be done.
 *
 * n: images at hand; half: the grid covers [-half, half] on both axes; cells: of it across. */
#ifndef LATENTSCAPE_MEASURE_EXACT_H
#define LATENTSCAPE_MEASURE_EXACT_H

#include "latentscape/data/dataset.h"
#include "latentscape/vae/model.h"

enum {
    LS_EXACT_LANES = 32, /* tasks that may run at once */
    LS_EXACT_FINE =
        40, /* cells of a unit, a prior's deviation: safe for posteriors from 0.016 wide */
    LS_EXACT_LATENT = 2, /* dimensions it can do */
};

/* Means over the images. Units: nats per image. */
typedef struct LsExactMeans {
    double log_p, log_p_error; /* log p(x), and the mean's standard error */
    double elbo;               /* with the expectation over q by quadrature, without noise */
    double gap, gap_error;     /* log_p - elbo, and its standard error */
    double half;               /* of the grid */
    int cells;
    uint32_t images;
    uint32_t outside; /* images whose code lies beyond the grid: log p(x) is then a lower bound */
} LsExactMeans;

typedef struct LsExact LsExact;

/* Whether a model has the two latent dimensions this needs.  Thread: any. */
bool ls_exact_can(const LsModel *model);

/* Room for at most `images` images and `workers` threads at once. Owns: the caller,
 * ls_exact_destroy(). Fails: NULL, LS_ERR_MODEL where there are not two latent dimensions,
 * LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsExact *ls_exact_create(const LsModel *model, int images, int workers, LsError *err);

/* Releases it; NULL is accepted.  Thread: any. */
void ls_exact_destroy(LsExact *exact);

/* Begins anew with images first .. first + n - 1 of a part of data; params are copied. The grid reaches
 * as far as the codes do, at least to 4 and at most to half_most, with `fine` cells a unit; below 16
 * the ELBO takes fewer nodes, too.
 * Shapes: params [param_count].  Thread: one at a time. */
void ls_exact_begin(LsExact *exact, const float *params, const LsDataset *data,
                    const LsImages *images, uint32_t first, int n, double half_most, int fine);

/* How many tasks there are since it was begun.  Thread: any. */
int ls_exact_tasks(const LsExact *exact);

/* Does one of them; worker: 0 .. workers - 1.  Thread: worker, see above. */
void ls_exact_task(LsExact *exact, int task, int worker);

/* log p(x) and the ELBO of an image, 0 .. n - 1, once every task is done.  Thread: one at a time. */
double ls_exact_log_p(const LsExact *exact, int image);
double ls_exact_elbo(const LsExact *exact, int image);

/* Means over all images, once every task is done.  Thread: one at a time. */
LsExactMeans ls_exact_means(const LsExact *exact);

#endif
