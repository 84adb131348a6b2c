/* What the files of a pass share: the pass itself (pass.c: its memory and what others read of it),
 * phase 1, the rows (shard.c), and phase 2, the weights (block.c). Internal to vae. */
#ifndef LATENTSCAPE_SRC_VAE_PASS_STATE_H
#define LATENTSCAPE_SRC_VAE_PASS_STATE_H

#include <stdatomic.h>

#include "latentscape/vae/pass.h"

#include "nn/sparse.h"
#include "vae/plan.h"

/* A run of outputs of one layer. */
typedef struct LsPassBlock {
    int layer, first, count;
} LsPassBlock;

/* What one layer leaves behind for its gradient. Shapes: [max_batch, out]; in the decoder twice as many
 * rows: where pictures are probed, those made a little way off follow the batch's own. */
typedef struct LsPassTrace {
    const float *input; /* [max_batch, in]: x, z or the output of the layer before */
    float *out;         /* logvar: clamped */
    float *slope;       /* of the activation, of logvar's clamp; NULL for a linear layer */
    float *delta;       /* d total / d (x W^T + b) */
    size_t bias_at;     /* of the layer's bias gradient within a shard's */
} LsPassTrace;

struct LsPass {
    // --- immutable after create
    LsModel model;
    int max_batch;
    int block_count;
    LsPassBlock *block; /* as ls_block_list() puts them */
    size_t bias_total;
    float *memory;               /* all the floats below */
    unsigned char *image_memory; /* of image[] */
    // --- trainer, between steps
    int batch;
    int guests;        /* the last of them: they teach the encoder alone */
    LsPlan *plan;      /* NULL: OpenBLAS */
    bool plan_current; /* it has this step's weights */
    bool sparse;       /* images are mostly zeros: their layer is none of the plan's business */
    double keep;       /* of the average: ls_average_update(); 1: there is none */
    float *mean;       /* [param_count], borrowed */
    LsPassLeft *left;  /* told of every layer that a shard has left; NULL: nobody */
    void *left_context;
    // --- phase 1: the rows, or the shard, of the worker at hand
    LsPassTrace trace[LS_MODEL_LAYERS];
    float *x, *seen;      /* [max_batch, pixels] */
    LsSparse *image;      /* [shards]: what the encoder sees, where it is mostly zeros */
    float *eps, *z;       /* [max_batch, latent]; z [2 max_batch, latent] */
    float *prior, *probe; /* [max_batch, latent] */
    float *sigma;         /* exp(logvar / 2) [max_batch, latent] */
    float *z_grad;        /* [2 max_batch, latent] */
    float *div_dim;       /* [max_batch, latent] */
    float *div_row;       /* [max_batch] */
    float *rec_row;       /* [max_batch] */
    float *jac_row;       /* [max_batch] */
    float *pixel[3];      /* [shards, pixels]: probabilities, losses and probe of the row at hand */
    float *bias;          /* [shards, bias_total] */
    // --- phase 1b: written by gather, read by the rest
    double *div_mean; /* [latent] */
    double div_value;
    float *pull; /* [latent] */
    // --- phase 2: the block of the worker at hand
    int rooms;                  /* immutable after create: workers at most */
    size_t room_floats;         /* immutable after create: of the largest block */
    float *grad;                /* [rooms, room_floats]: small enough to stay in a worker's cache */
    atomic_uint_fast64_t taken; /* a bit for each room; acquired by a claim, released after use */
    double *value;              /* [block_count], of the regularizer */
};

/* Floats rounded up to whole 64 bytes, so that every array begins on a line of its own. */
static inline size_t ls_pass_round(size_t floats)
{
    return (floats + 15) / 16 * 16;
}

/* What the gradients of probed pictures are multiplied by; 0: they have none. */
static inline float ls_pass_probe_factor(const LsPass *pass, const LsLoss *loss)
{
    const double amount = ls_pass_probes(loss);
    return amount > 0 ? (float)(loss->w_reg * amount / (pass->batch - pass->guests)) : 0.0f;
}

/* Whether a layer looks at the images: the first, or without hidden layers both heads. */
static inline bool ls_pass_looks(const LsModel *model, int layer)
{
    return layer == 0 || (model->encoder_count == 0 && layer == model->logvar);
}

/* Whether a layer's products are the plan's. */
static inline bool ls_pass_planned(const LsPass *pass, int layer)
{
    return pass->plan != NULL && !(pass->sparse && ls_pass_looks(&pass->model, layer));
}

static inline int ls_pass_shards_of(int batch)
{
    return (batch + LS_PASS_SHARD_ROWS - 1) / LS_PASS_SHARD_ROWS;
}

/* Shards of the minibatch at hand: those of its own images, and with the guests'. */
static inline int ls_pass_own_shards(const LsPass *pass)
{
    return ls_pass_shards_of(pass->batch - pass->guests);
}

static inline int ls_pass_all_shards(const LsPass *pass)
{
    return ls_pass_own_shards(pass) + ls_pass_shards_of(pass->guests);
}

/* Where row `first` of a [max_batch, width] array begins. */
static inline size_t ls_pass_row(int first, int width)
{
    return (size_t)first * (size_t)width;
}

#endif
