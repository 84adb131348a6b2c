/* The two halves of a model at work outside training: images to codes, codes to images. A coder owns
 * the activations of up to `rows` images; the parameters are the caller's, so one coder serves
 * successive snapshots of a model. */
#ifndef LATENTSCAPE_VAE_CODER_H
#define LATENTSCAPE_VAE_CODER_H

#include "latentscape/vae/model.h"

typedef struct LsCoder LsCoder;

/* A coder for at most `rows` images at once. Owns: the caller, ls_coder_destroy().
 * Fails: NULL, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsCoder *ls_coder_create(const LsModel *model, int rows, LsError *err);

/* Releases it; NULL is accepted.  Thread: any. */
void ls_coder_destroy(LsCoder *coder);

/* The model it was made for. Owns: borrowed from the coder.  Thread: any. */
const LsModel *ls_coder_model(const LsCoder *coder);

/* How many images it takes at once.  Thread: any. */
int ls_coder_rows(const LsCoder *coder);

/* Images to the Gaussian of their codes. Shapes: params [param_count], x [n, pixels] in [0,1],
 * mu and logvar [n, latent], logvar clamped to [-12, 12]. n <= rows.
 * Thread: one at a time per coder. */
void ls_coder_encode(LsCoder *coder, const float *params, int n, const float *x, float *mu,
                     float *logvar);

/* Codes to images. Shapes: params [param_count], z [n, latent], logits [n, pixels] (may be NULL),
 * prob [n, pixels] = sigmoid(logits), in [0,1] (may be NULL). n <= rows.
 * Thread: one at a time per coder. */
void ls_coder_decode(LsCoder *coder, const float *params, int n, const float *z, float *logits,
                     float *prob);

#endif
