/* Phase 2 of a pass: the model's weights in blocks of one layer's outputs, each with its gradient over
 * the whole minibatch, regularizer and update. Internal to vae. */
#ifndef LATENTSCAPE_SRC_VAE_BLOCK_H
#define LATENTSCAPE_SRC_VAE_BLOCK_H

#include "vae/pass_state.h"

/* The blocks of every layer into block[]: those of the last layer, which shards leave first, then the largest
 * ones first, so that the last even the workers out; or, with block NULL, their number.  Thread: any. */
int ls_block_list(const LsModel *model, LsPassBlock *block);

/* Floats that the gradient of any block finds room in, a multiple of 64 bytes.  Thread: any. */
size_t ls_block_largest(const LsModel *model);

/* As ls_pass_block().  Thread: worker, a block each, after every shard has left its layer. */
void ls_block_update(LsPass *pass, const LsLoss *loss, const LsAdam *adam, int block, float *params,
                     float *m, float *v);

/* As ls_pass_gradient().  Thread: worker, a block each, after every shard has left its layer. */
void ls_block_gradient(LsPass *pass, const float *params, const LsLoss *loss, int block,
                       float *grad);

#endif
