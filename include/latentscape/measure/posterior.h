/* The true posterior p(z|x) of one image under a model with two latent dimensions, as a picture: what
 * the encoder's Gaussian q(z|x) stands for. A coarse grid over the whole plane finds where it lies, a
 * fine one shows it there; both use bce's likelihood, as the ELBO does. Work comes in slices, and the
 * last whole result stays while the next one is worked out. */
#ifndef LATENTSCAPE_MEASURE_POSTERIOR_H
#define LATENTSCAPE_MEASURE_POSTERIOR_H

#include "latentscape/vae/model.h"

enum {
    LS_POSTERIOR_CELLS = 8192, /* of a picture, at most */
    LS_POSTERIOR_SIDE = 256,   /* across or high, at most */
    LS_POSTERIOR_LEVELS = 2,
};

typedef struct LsPosteriorPicture {
    double log_p, elbo, gap;   /* of the image; gap = log_p - elbo = KL(q || p). Units: nats */
    double mu[2], sigma[2];    /* the encoder's Gaussian */
    double mean[2], spread[2]; /* the true posterior's mean and deviation on each axis */
    double x, y, step;         /* the lower left corner of cell 0, 0; side of a cell */
    int nx, ny;
    const float *density; /* [ny, nx], upwards: relative to the highest, 0 .. 1 */
    /* Relative densities at the edges of the regions that hold as much of it as one and two
     * deviations of a Gaussian do (39 % and 86 %). */
    double level[LS_POSTERIOR_LEVELS];
} LsPosteriorPicture;

typedef struct LsPosterior LsPosterior;

/* Room for a model's posteriors. Owns: the caller, ls_posterior_destroy(). Fails: NULL, LS_ERR_MODEL
 * where there are not two latent dimensions, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsPosterior *ls_posterior_create(const LsModel *model, LsError *err);

/* Releases it; NULL is accepted.  Thread: any. */
void ls_posterior_destroy(LsPosterior *posterior);

/* The model it was made for. Owns: borrowed.  Thread: any. */
const LsModel *ls_posterior_model(const LsPosterior *posterior);

/* Begins with an image; both are copied. forget: the last result is of another image, and is no longer
 * given. Shapes: params [param_count], x [pixels].  Thread: one at a time. */
void ls_posterior_begin(LsPosterior *posterior, const float *params, const float *x, bool forget);

/* Whether it has begun and is not finished.  Thread: one at a time. */
bool ls_posterior_running(const LsPosterior *posterior);

/* Decodes at most `rows` (up to 64) places more. Returns whether it is finished.
 * Thread: one at a time. */
bool ls_posterior_advance(LsPosterior *posterior, int rows);

/* The last whole result, or NULL before the first. Owns: borrowed, until the next one is finished.
 * Thread: one at a time. */
const LsPosteriorPicture *ls_posterior_picture(const LsPosterior *posterior);

#endif
