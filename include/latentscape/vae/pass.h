/* One training step on one minibatch, cut into parts that any number of workers may share:
 *
 *   1. row shards (64 images each): forward, losses, gradients of activations;
 *   1b. only for a divergence that looks at the whole minibatch (ls_pass_gathers()): its numbers are
 *      gathered when all shards are done, and each goes the rest of the way back through the encoder;
 *   2. blocks (about 128 outputs of one layer): the gradient product over the whole minibatch, then
 *      the regularizer and Adam on that block while it is in the cache. A block may run as soon as all
 *      shards have left its layer (ls_pass_set_left()), at the latest when all are done.
 *
 * Shards and blocks are fixed by model and batch, never by the number of workers, and nothing is
 * summed between workers: same seed, same settings, same numbers bit for bit. This header knows no
 * threads: a shard is a row range, and whoever calls provides the barriers and gates.
 *
 * total = w_rec * R + w_kl * K + w_reg * G; a term that is switched off has weight 0 and is computed
 * and reported all the same. Sums over pixels, means over the batch: nats per image. */
#ifndef LATENTSCAPE_VAE_PASS_H
#define LATENTSCAPE_VAE_PASS_H

#include "latentscape/nn/adam.h"
#include "latentscape/nn/backend.h"
#include "latentscape/vae/model.h"
#include "latentscape/vae/regularizer.h"

enum {
    LS_PASS_SHARD_ROWS = 64,
    LS_PASS_BLOCK_ROWS = 128,
    LS_PASS_WORKERS = 64 /* at most, as in train/pool.h */
};

/* What is minimized: kinds are indices into the tables of recon.h, divergence.h, regularizer.h;
 * weights are 0 where a term is switched off. */
typedef struct LsLoss {
    int rec, div, reg;
    double w_rec, w_kl, w_reg;
    double
        deviation; /* of a pixel, for the kinds of reconstruction that have one; 0: the kind's own */
    double div_param; /* what the kind of divergence asks for: nats, or a width */
    double mix
        [LS_REGULARIZERS]; /* how much of each other kind of regularization is in G besides `reg`,
                                    of which there is 1 */
} LsLoss;

/* Values of the terms, each unweighted, and the weighted total. Units: nats per image. */
typedef struct LsLossValues {
    double rec, kl, reg, total;
} LsLossValues;

typedef struct LsPass LsPass;

/* Room for a step with up to max_batch images, whose blocks up to `workers` threads run at a time
 * (1 .. LS_PASS_WORKERS; the numbers do not depend on it). Owns: the caller, ls_pass_destroy().
 * Fails: NULL, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsPass *ls_pass_create(const LsModel *model, int max_batch, int workers, LsError *err);

/* Releases it; NULL is accepted.  Thread: any. */
void ls_pass_destroy(LsPass *pass);

/* Sets the size of the minibatch, 1 .. max_batch.  Thread: trainer, between steps. */
void ls_pass_set_batch(LsPass *pass, int batch);

/* Makes the last `guests` images of the minibatch, 0 .. batch - 1, teach the encoder alone: the decoder
 * passes their gradient on and keeps nothing of it, so that it redraws what the others are. Guests have
 * shards of their own. ls_pass_set_batch() sets none.  Thread: trainer, between steps. */
void ls_pass_set_guests(LsPass *pass, int guests);

/* Multiplies with a backend from now on; NULL, as at first, is OpenBLAS. The pass must go before the
 * backend does. Fails: false, LS_ERR_MEMORY, LS_ERR_SYSTEM; it is then OpenBLAS.
 * Thread: trainer, between steps. */
LS_CHECKED bool ls_pass_use(LsPass *pass, LsBackend *backend, LsError *err);

/* What it multiplies with; NULL: OpenBLAS.  Thread: trainer, between steps. */
LsBackend *ls_pass_backend(const LsPass *pass);

/* To be called before each step's first ls_pass_shard() where a backend is in use: sees to it that the
 * backend has its products for this size of minibatch and its copy of the weights.
 * Shapes: params [param_count].  Thread: trainer, between steps. */
void ls_pass_prepare(LsPass *pass, const float *params);

/* To be called where another than ls_pass_block() has changed the weights.
 * Thread: trainer, between steps. */
void ls_pass_forget(LsPass *pass);

/* Says that the encoder sees mostly zeros: a backend then leaves the layer that looks at the images to
 * the program's own kernels, which leave every zero out. Without a backend they find out by themselves.
 * What it says is to follow from data and settings, so that a run that is stopped goes on with the same
 * bits.  Thread: trainer, between steps. */
void ls_pass_set_sparse(LsPass *pass, bool sparse);

/* Tells that a shard has left a layer: it has gone forward and back through it, reads its weights no more, and
 * what the layer's blocks need of it is there.  Thread: worker, the shard's. */
typedef void LsPassLeft(void *context, int layer);

/* From now on each shard tells `left` once a step of every layer; NULL, as at first: nobody.
 * Owns: context stays the caller's.  Thread: trainer, between steps. */
void ls_pass_set_left(LsPass *pass, LsPassLeft *left, void *context);

/* The layer of a block, 0 .. LS_MODEL_LAYERS - 1.  Thread: any. */
int ls_pass_block_layer(const LsPass *pass, int block);

/* How many shards and blocks a step has now.  Thread: any. */
int ls_pass_shards(const LsPass *pass);
int ls_pass_blocks(const LsPass *pass);

/* The rows of a shard: first and count.  Thread: any. */
void ls_pass_shard_rows(const LsPass *pass, int shard, int *first, int *count);

/* The minibatch, to be filled before ls_pass_shard(): each shard's rows may be filled by the worker
 * that runs it. Shapes: x [batch, pixels] in [0,1]; eps [batch, latent], standard normal.
 * Owns: the pass.  Thread: worker, on its own rows. */
float *ls_pass_x(LsPass *pass);
float *ls_pass_eps(LsPass *pass);

/* Whether the encoder sees ls_pass_seen() or x itself, as at first: what it sees may differ from what is
 * to be reconstructed.  Thread: trainer, between steps. */
void ls_pass_set_apart(LsPass *pass, bool apart);

/* What the encoder sees where it is set apart, to be filled as x is; scratch memory for whoever fills x
 * otherwise. Shapes: [batch, pixels].
 * Owns: the pass.  Thread: worker, on its own rows. */
float *ls_pass_seen(LsPass *pass);

/* What some losses draw besides, filled like eps: draws from the prior, which codes are compared with
 * (ls_pass_compares()), and directions in which pictures are probed (ls_pass_probes() > 0).
 * Shapes: [batch, latent], standard normal. Owns: the pass.  Thread: worker, on its own rows. */
float *ls_pass_prior(LsPass *pass);
float *ls_pass_probe(LsPass *pass);

/* What a step with this loss takes besides: phase 1b; draws from the prior.  Thread: any. */
bool ls_pass_gathers(const LsLoss *loss);
bool ls_pass_compares(const LsLoss *loss);

/* How much of a kind of regularization there is in G, and how much in all of the kinds that probe
 * pictures: more than 0 takes directions.  Thread: any. */
double ls_pass_amount(const LsLoss *loss, int kind);
double ls_pass_probes(const LsLoss *loss);

/* Phase 1 on one shard. Shapes: params [param_count].  Thread: worker, a shard each. */
void ls_pass_shard(LsPass *pass, const float *params, const LsLoss *loss, int shard);

/* Phase 1b, only where ls_pass_gathers(): gather once, when every shard is done with phase 1, then
 * rest on each shard. Shapes: params [param_count].  Thread: trainer; worker, a shard each. */
void ls_pass_gather(LsPass *pass, const LsLoss *loss);
void ls_pass_rest(LsPass *pass, const float *params, const LsLoss *loss, int shard);

/* Phase 2 on one block: updates params, m and v in place; biases do not decay. Shapes: all [param_count].
 * Thread: worker, a block each, after every shard has left its layer. */
void ls_pass_block(LsPass *pass, const LsLoss *loss, const LsAdam *adam, int block, float *params,
                   float *m, float *v);

/* From now on ls_pass_block() moves an average of the weights and biases towards what they have become,
 * as ls_average_update() does; keep 1, as at first: it does not. Shapes: mean [param_count].
 * Owns: mean stays the caller's, for as long as blocks are updated.  Thread: trainer, between steps. */
void ls_pass_set_average(LsPass *pass, double keep, float *mean);

/* Phase 2 without Adam: writes d total / d params of one block into grad [param_count].
 * Thread: worker, a block each, after every shard has left its layer. */
void ls_pass_gradient(LsPass *pass, const float *params, const LsLoss *loss, int block,
                      float *grad);

/* The step's losses at the weights before the update, of all images but the guests; adds up in an order
 * fixed by the batch.
 * Thread: trainer, after phase 2 (or phase 1 for rec and kl; reg needs phase 2). */
LsLossValues ls_pass_losses(const LsPass *pass, const LsLoss *loss);

/* What the forward pass gave, for tests and views. Shapes: mu, logvar [batch, latent], logvar
 * clamped; logits [batch, pixels]. Owns: the pass.  Thread: trainer, after phase 1. */
const float *ls_pass_mu(const LsPass *pass);
const float *ls_pass_logvar(const LsPass *pass);
const float *ls_pass_logits(const LsPass *pass);

/* What a layer of the model gave, after its activation; logvar clamped; and the codes drawn.
 * Shapes: [batch, out of the layer]; z [batch, latent]. Owns: the pass.
 * Thread: trainer, after phase 1. */
const float *ls_pass_layer(const LsPass *pass, int layer);
const float *ls_pass_z(const LsPass *pass);

#endif
