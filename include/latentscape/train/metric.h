/* What one step, or one evaluation, has to tell about a run. */
#ifndef LATENTSCAPE_TRAIN_METRIC_H
#define LATENTSCAPE_TRAIN_METRIC_H

#include "latentscape/vae/pass.h"

enum {
    LS_METRIC_AXES =
        16 /* latent dimensions whose divergence is told one by one; later ones are not */
};

/* Units: nats per image. */
typedef struct LsMetric {
    uint64_t step;   /* steps done */
    uint64_t images; /* images seen */
    double seconds;  /* spent training, evaluation and pauses excluded */
    bool evaluated;  /* false: a step's losses in `train`; true: an evaluation, both are filled */
    LsLossValues train;   /* step: of its minibatch, as trained; evaluation: as heldout, on a fixed
                             part of the training images */
    LsLossValues heldout; /* of the trained kinds and weights */
    int kind
        [3]; /* evaluation: which kinds of rec, div and reg those are, as the settings count them */
    double train_elbo, heldout_elbo; /* -(bce + kl) whatever is trained */
    double gap_error;                /* evaluation: standard error of ls_metric_gap() */
    /* evaluation: what -heldout_elbo is the sum of, whatever is trained */
    double heldout_bce, heldout_kl;
    /* evaluation: means of log p(x) and of what the ELBO falls short of it, as known of the weights
     * after exact_step steps; 0: not known. Over some of the held-out images. */
    double exact_log_p, exact_gap;
    uint64_t exact_step;
    int axes;                      /* evaluation: how many of the following; step: 0 */
    float axis_kl[LS_METRIC_AXES]; /* of heldout_kl, each latent dimension's */
    float part[3]; /* step: rec, kl and reg by their weights, so that they sum up to train.total */
    double lr;
} LsMetric;

/* The overfitting gap of an evaluation: by how much the ELBO of training images is above that of
 * held-out ones; its standard error is gap_error. Units: nats per image.  Thread: any. */
static inline double ls_metric_gap(const LsMetric *metric)
{
    return metric->train_elbo - metric->heldout_elbo;
}

#endif
