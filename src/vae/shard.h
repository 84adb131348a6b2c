/* Phase 1 of a pass: a shard of the minibatch's rows, forward and back. Internal to vae. */
#ifndef LATENTSCAPE_SRC_VAE_SHARD_H
#define LATENTSCAPE_SRC_VAE_SHARD_H

#include "vae/pass_state.h"

/* As ls_pass_shard().  Thread: worker, a shard each. */
void ls_shard_run(LsPass *pass, const float *params, const LsLoss *loss, int shard);

/* As ls_pass_rest().  Thread: worker, a shard each. */
void ls_shard_rest(LsPass *pass, const float *params, const LsLoss *loss, int shard);

#endif
