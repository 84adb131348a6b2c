/* How the weights of a fresh run begin: those of the model, and logits at the mean of the images.
 * Internal to train. */
#ifndef LATENTSCAPE_SRC_TRAIN_START_H
#define LATENTSCAPE_SRC_TRAIN_START_H

#include "latentscape/data/dataset.h"
#include "latentscape/vae/model.h"

/* ls_model_init_params(), and the logits' biases where sigmoid(bias) is each pixel's mean over the first
 * 4,096 training images and 16 of middle grey, so that no pixel is sure.
 * Shapes: params [param_count]; the data's images are the model's size.  Thread: any. */
void ls_start_params(const LsModel *model, const LsDataset *data, uint64_t seed, float *params);

#endif
