/* What coder and pass share: a run of layers, forward. Internal to vae. */
#ifndef LATENTSCAPE_SRC_VAE_FORWARD_H
#define LATENTSCAPE_SRC_VAE_FORWARD_H

#include "latentscape/nn/dense.h"
#include "latentscape/vae/model.h"

/* The bounds of logvar in the forward pass: deviations from 0.0025 to 400. */
#define LS_LOGVAR_MIN (-12.0f)
#define LS_LOGVAR_MAX 12.0f

/* Layer number index of the model among params.  Thread: any. */
LsDense ls_forward_layer(const LsModel *model, const float *params, int index);

/* The model's activation, or NULL for a linear layer.  Thread: any. */
const LsActivation *ls_forward_activation(const LsModel *model, int index);

/* logvar into its bounds, NaN kept. Shapes: logvar [n]; slope [n], gets 1 inside and 0 where the
 * bound bites, so that nothing pulls there.  Thread: any. */
void ls_forward_clamp(size_t n, float *logvar, float *slope);

#endif
