/* Reconstruction terms R of the loss, one table row per kind. The rows drive the loss panel, the
 * options, the manual page, the checkpoint and the gradient test. */
#ifndef LATENTSCAPE_VAE_RECON_H
#define LATENTSCAPE_VAE_RECON_H

#include "latentscape/core/error.h"

/* One term and its derivative, pixel by pixel; ls_sum() adds up loss[].
 * Shapes: all [n]. logits = decoder output, prob = sigmoid(logits), x = target in [0,1];
 *         loss and grad (d loss / d logits) are overwritten. None may overlap.
 * Units:  nats.  Fails: never; NaN in gives NaN out.  Thread: any. */
typedef void LsReconFn(size_t n, const float *logits, const float *prob, const float *x,
                       float *loss, float *grad);

/* The same from the logits alone, in one pass, where a kind has it: to within rounding what eval gives
 * of the probabilities.  Thread: any. */
typedef void LsReconDirectFn(size_t n, const float *logits, const float *x, float *loss,
                             float *grad);

typedef struct LsRecon {
    const char *name;    /* in files, options and scripts: never renamed */
    const char *title;   /* for people */
    const char *symbol;  /* the formula of one pixel, p = sigmoid(l) */
    const char *meaning; /* a few words: what its value tells */
    const char *unit;    /* of its value */
    const char *range;   /* of its value, for people */
    const char *help;    /* one sentence: what it does to the model */
    const char *paper;
    LsReconFn *eval;
    LsReconDirectFn *direct; /* or NULL */
    /* The deviation of a pixel that eval holds for; with another one value and gradient are multiplied
     * by (deviation / other) to this power. 0 where the kind has none. */
    double deviation;
    int power;
} LsRecon;

/* What eval's loss and gradient are multiplied by for a deviation; 1 for deviation 0, which stands for
 * the kind's own, and for a kind that has none.  Thread: any. */
double ls_recon_scale(const LsRecon *kind, double deviation);

/* Every kind, in menu order; *count rows. Owns: nothing to free.  Thread: any. */
const LsRecon *ls_recon_kinds(size_t *count);

/* The kind called name; its index is its distance from ls_recon_kinds().
 * Fails: NULL, LS_ERR_USAGE.  Thread: any. */
LS_CHECKED const LsRecon *ls_recon_find(const char *name, LsError *err);

/* Name and help of kind number index, or NULL past the last: a setting's choices.
 * Thread: any. */
const char *ls_recon_name(int index);
const char *ls_recon_help(int index);

#endif
