#include "latentscape/vae/pass.h"

#include <assert.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/nn/gemm.h"
#include "latentscape/nn/sum.h"
#include "latentscape/vae/divergence.h"
#include "latentscape/vae/recon.h"
#include "latentscape/vae/regularizer.h"

#include "nn/fastmath.h"
#include "vae/forward.h"

enum {
    ALIGN = 16,  /* floats: 64 bytes */
    STRIP = 1024 /* floats of a block updated at once: weight, gradient, m, v and loss stay in L1 */
};

/* A run of outputs of one layer. */
typedef struct Block {
    int layer, first, count;
} Block;

/* What one layer leaves behind for its gradient. Shapes: [max_batch, out]. */
typedef struct Trace {
    const float *input; /* [max_batch, in]: x, z or the output of the layer before */
    float *out;         /* logvar: clamped */
    float *slope;       /* of the activation, of logvar's clamp; NULL for a linear layer */
    float *delta;       /* d total / d (x W^T + b) */
    size_t bias_at;     /* of the layer's bias gradient within a shard's */
} Trace;

struct LsPass {
    // --- immutable after create
    LsModel model;
    int max_batch;
    int block_count;
    Block *block; /* largest first, so that the last ones even the workers out */
    size_t bias_total;
    float *memory; /* all the floats below */
    // --- trainer, between steps
    int batch;
    // --- phase 1: the rows, or the shard, of the worker at hand
    Trace trace[LS_MODEL_LAYERS];
    float *x, *eps, *z;
    float *sigma;    /* exp(logvar / 2) [max_batch, latent] */
    float *z_grad;   /* [max_batch, latent] */
    float *div_dim;  /* [max_batch, latent] */
    float *div_row;  /* [max_batch] */
    float *rec_row;  /* [max_batch] */
    float *pixel[2]; /* [shards, pixels]: probabilities and losses of the row at hand */
    float *bias;     /* [shards, bias_total] */
    // --- phase 2: the block of the worker at hand
    float *grad;   /* [param_count] */
    double *value; /* [block_count], of the regularizer */
};

/* delta *= factor on one row, adding the bias's gradient on the way. */
LS_KERNEL static void scale(size_t n, float factor, float *restrict delta, float *restrict bias)
{
    for (size_t i = 0; i < n; i++) {
        delta[i] *= factor;
        bias[i] += delta[i];
    }
}

LS_KERNEL static void sample(size_t n, const float *restrict mu, const float *restrict logvar,
                             const float *restrict eps, float *restrict sigma, float *restrict z)
{
    for (size_t i = 0; i < n; i++) {
        sigma[i] = ls_exp(0.5f * logvar[i]);
        z[i] = mu[i] + sigma[i] * eps[i];
    }
}

/* The gradients of mu and logvar: on entry the divergence's, unweighted; z's comes in through the
 * sampling; where logvar's clamp bites its slope is 0. */
LS_KERNEL static void unsample(size_t n, float factor, const float *restrict z_grad,
                               const float *restrict eps, const float *restrict sigma,
                               const float *restrict slope, float *restrict mu,
                               float *restrict logvar)
{
    for (size_t i = 0; i < n; i++) {
        mu[i] = factor * mu[i] + z_grad[i];
        logvar[i] = (factor * logvar[i] + 0.5f * (z_grad[i] * eps[i]) * sigma[i]) * slope[i];
    }
}

static size_t round_up(size_t floats)
{
    return (floats + ALIGN - 1) / ALIGN * ALIGN;
}

static int shards_of(int batch)
{
    return (batch + LS_PASS_SHARD_ROWS - 1) / LS_PASS_SHARD_ROWS;
}

/* Hands out the next piece of the one buffer; with memory NULL it only counts. */
static float *take(float *memory, size_t *used, size_t floats)
{
    float *piece = memory != NULL ? memory + *used : NULL;
    *used += round_up(floats);
    return piece;
}

/* Points every array into memory, or, with memory NULL, tells how many floats that takes. */
static size_t lay_out(LsPass *pass, float *memory)
{
    const LsModel *model = &pass->model;
    const size_t batch = (size_t)pass->max_batch;
    const size_t shards = (size_t)shards_of(pass->max_batch);
    const size_t codes = batch * (size_t)model->spec.latent;
    const size_t pixels = (size_t)model->pixels;
    size_t used = 0;
    pass->x = take(memory, &used, batch * pixels);
    pass->eps = take(memory, &used, codes);
    pass->z = take(memory, &used, codes);
    pass->sigma = take(memory, &used, codes);
    pass->z_grad = take(memory, &used, codes);
    pass->div_dim = take(memory, &used, codes);
    pass->div_row = take(memory, &used, batch);
    pass->rec_row = take(memory, &used, batch);
    pass->bias_total = 0;
    for (int i = 0; i < model->layer_count; i++) {
        const size_t out = (size_t)model->layer[i].out;
        Trace *trace = &pass->trace[i];
        trace->out = take(memory, &used, batch * out);
        trace->delta = take(memory, &used, batch * out);
        const bool sloped = model->layer[i].activated || i == model->logvar;
        trace->slope = sloped ? take(memory, &used, batch * out) : NULL;
        trace->bias_at = pass->bias_total;
        pass->bias_total += round_up(out);
        const bool head = i == model->mu || i == model->logvar;
        const int before = head ? model->encoder_count - 1 : i - 1;
        trace->input = i == model->decoder ? pass->z
                       : before < 0        ? pass->x
                                           : pass->trace[before].out;
    }
    pass->pixel[0] = take(memory, &used, shards * round_up(pixels));
    pass->pixel[1] = take(memory, &used, shards * round_up(pixels));
    pass->bias = take(memory, &used, shards * pass->bias_total);
    pass->grad = take(memory, &used, model->param_count);
    return used;
}

/* The blocks of every layer into block[], or, with block NULL, their number. */
static int list_blocks(const LsModel *model, Block *block)
{
    int count = 0;
    for (int i = 0; i < model->layer_count; i++) {
        for (int first = 0; first < model->layer[i].out; first += LS_PASS_BLOCK_ROWS) {
            const int left = model->layer[i].out - first;
            if (block != NULL) {
                block[count] = (Block){
                    .layer = i,
                    .first = first,
                    .count = left < LS_PASS_BLOCK_ROWS ? left : LS_PASS_BLOCK_ROWS,
                };
            }
            count++;
        }
    }
    return count;
}

static size_t block_size(const LsModel *model, const Block *block)
{
    return (size_t)block->count * (size_t)model->layer[block->layer].in;
}

/* Largest first; insertion keeps equals in order, and the list is short. */
static void sort_blocks(const LsModel *model, Block *block, int count)
{
    for (int i = 1; i < count; i++) {
        const Block moving = block[i];
        int at = i;
        for (; at > 0 && block_size(model, &block[at - 1]) < block_size(model, &moving); at--) {
            block[at] = block[at - 1];
        }
        block[at] = moving;
    }
}

LsPass *ls_pass_create(const LsModel *model, int max_batch, LsError *err)
{
    assert(max_batch >= 1);
    LsPass *pass = ls_memory_items(1, sizeof *pass, err);
    if (pass == NULL) {
        return NULL;
    }
    pass->model = *model;
    pass->max_batch = max_batch;
    pass->batch = max_batch;
    pass->block_count = list_blocks(model, NULL);
    pass->memory = ls_memory_floats(lay_out(pass, NULL), err);
    if (pass->memory == NULL) {
        goto fail;
    }
    pass->block = ls_memory_items((size_t)pass->block_count, sizeof *pass->block, err);
    if (pass->block == NULL) {
        goto fail;
    }
    pass->value = ls_memory_items((size_t)pass->block_count, sizeof *pass->value, err);
    if (pass->value == NULL) {
        goto fail;
    }
    (void)lay_out(pass, pass->memory);
    (void)list_blocks(model, pass->block);
    sort_blocks(model, pass->block, pass->block_count);
    ls_gemm_init();
    return pass;
fail:
    ls_pass_destroy(pass);
    return NULL;
}

void ls_pass_destroy(LsPass *pass)
{
    if (pass == NULL) {
        return;
    }
    ls_memory_free(pass->memory);
    ls_memory_free(pass->block);
    ls_memory_free(pass->value);
    ls_memory_free(pass);
}

void ls_pass_set_batch(LsPass *pass, int batch)
{
    assert(batch >= 1 && batch <= pass->max_batch);
    pass->batch = batch;
}

int ls_pass_shards(const LsPass *pass)
{
    return shards_of(pass->batch);
}

int ls_pass_blocks(const LsPass *pass)
{
    return pass->block_count;
}

void ls_pass_shard_rows(const LsPass *pass, int shard, int *first, int *count)
{
    assert(shard >= 0 && shard < shards_of(pass->batch));
    *first = shard * LS_PASS_SHARD_ROWS;
    const int left = pass->batch - *first;
    *count = left < LS_PASS_SHARD_ROWS ? left : LS_PASS_SHARD_ROWS;
}

float *ls_pass_x(LsPass *pass)
{
    return pass->x;
}

float *ls_pass_eps(LsPass *pass)
{
    return pass->eps;
}

/* Rows first .. first + rows - 1 of a [max_batch, width] array. */
static size_t at_row(int first, int width)
{
    return (size_t)first * (size_t)width;
}

static void forward(LsPass *pass, const float *params, int index, int first, int rows)
{
    const LsDense layer = ls_forward_layer(&pass->model, params, index);
    const Trace *trace = &pass->trace[index];
    const size_t at = at_row(first, layer.out);
    const LsActivation *activation = ls_forward_activation(&pass->model, index);
    ls_dense_forward(&layer, activation, rows, trace->input + at_row(first, layer.in),
                     activation != NULL ? trace->slope + at : NULL, trace->out + at);
}

/* From delta of a layer to the gradient of its input. */
static void backward(const LsPass *pass, const float *params, int index, int first, int rows,
                     bool add, float *input_grad)
{
    const LsDense layer = ls_forward_layer(&pass->model, params, index);
    ls_dense_input_gradient(&layer, rows, pass->trace[index].delta + at_row(first, layer.out), add,
                            input_grad + at_row(first, layer.in));
}

/* From the gradient of an activated layer's output to its delta, in place, and its bias's. */
static void backward_slope(const LsPass *pass, int index, int first, int rows, float *bias)
{
    const int out = pass->model.layer[index].out;
    const Trace *trace = &pass->trace[index];
    const size_t at = at_row(first, out);
    ls_dense_slope((size_t)out, rows, trace->slope + at, trace->delta + at, bias + trace->bias_at);
}

/* R and its gradient. A weight of 0 gives zeros, also where the term itself is not finite. */
static void reconstruct(LsPass *pass, const LsLoss *loss, int shard, int first, int rows,
                        float *bias)
{
    size_t kinds = 0;
    const LsRecon *kind = &ls_recon_kinds(&kinds)[loss->rec];
    const size_t pixels = (size_t)pass->model.pixels;
    const Trace *logits = &pass->trace[pass->model.layer_count - 1];
    const double scaled = ls_recon_scale(kind, loss->deviation);
    const float factor = (float)(loss->w_rec * scaled / pass->batch);
    float *prob = pass->pixel[0] + (size_t)shard * round_up(pixels);
    float *nats = pass->pixel[1] + (size_t)shard * round_up(pixels);
    for (int row = first; row < first + rows; row++) {
        const size_t at = at_row(row, pass->model.pixels);
        float *delta = logits->delta + at;
        ls_dense_sigmoid(pixels, logits->out + at, prob);
        kind->eval(pixels, logits->out + at, prob, pass->x + at, nats, delta);
        pass->rec_row[row] = (float)(scaled * ls_sum(pixels, nats));
        if (factor == 0.0f) {
            memset(delta, 0, pixels * sizeof *delta);
        } else {
            scale(pixels, factor, delta, bias + logits->bias_at);
        }
    }
}

/* K and the gradients of mu and logvar, R's through z included. */
static void diverge(LsPass *pass, const LsLoss *loss, int first, int rows, float *bias)
{
    size_t kinds = 0;
    const LsDivergence *kind = &ls_divergence_kinds(&kinds)[loss->div];
    const size_t latent = (size_t)pass->model.spec.latent;
    const size_t at = (size_t)first * latent;
    const size_t n = (size_t)rows * latent;
    const Trace *mean = &pass->trace[pass->model.mu];
    const Trace *spread = &pass->trace[pass->model.logvar];
    const float factor = (float)(loss->w_kl / pass->batch);
    float *mu = mean->delta + at;
    float *logvar = spread->delta + at;
    kind->eval(n, mean->out + at, spread->out + at, pass->div_dim + at, mu, logvar);
    if (factor == 0.0f) { /* zero even where the term is not finite */
        memset(mu, 0, n * sizeof *mu);
        memset(logvar, 0, n * sizeof *logvar);
    }
    unsample(n, factor, pass->z_grad + at, pass->eps + at, pass->sigma + at, spread->slope + at, mu,
             logvar);
    for (size_t row = 0; row < (size_t)rows; row++) {
        const float *nats = pass->div_dim + at + row * latent;
        pass->div_row[(size_t)first + row] = (float)ls_sum(latent, nats);
        ls_dense_add(latent, mu + row * latent, bias + mean->bias_at);
        ls_dense_add(latent, logvar + row * latent, bias + spread->bias_at);
    }
}

static void run_forward(LsPass *pass, const float *params, int first, int rows)
{
    const LsModel *model = &pass->model;
    for (int i = 0; i <= model->logvar; i++) { /* the encoder's layers, then the two heads */
        forward(pass, params, i, first, rows);
    }
    const Trace *spread = &pass->trace[model->logvar];
    const size_t at = at_row(first, model->spec.latent);
    const size_t n = at_row(rows, model->spec.latent);
    ls_forward_clamp(n, spread->out + at, spread->slope + at);
    sample(n, pass->trace[model->mu].out + at, spread->out + at, pass->eps + at, pass->sigma + at,
           pass->z + at);
    for (int i = model->decoder; i < model->layer_count; i++) {
        forward(pass, params, i, first, rows);
    }
}

void ls_pass_shard(LsPass *pass, const float *params, const LsLoss *loss, int shard)
{
    const LsModel *model = &pass->model;
    int first = 0;
    int rows = 0;
    ls_pass_shard_rows(pass, shard, &first, &rows);
    float *bias = pass->bias + (size_t)shard * pass->bias_total;
    memset(bias, 0, pass->bias_total * sizeof *bias);

    run_forward(pass, params, first, rows);
    reconstruct(pass, loss, shard, first, rows, bias);
    for (int i = model->layer_count - 1; i > model->decoder; i--) {
        backward(pass, params, i, first, rows, false, pass->trace[i - 1].delta);
        backward_slope(pass, i - 1, first, rows, bias);
    }
    backward(pass, params, model->decoder, first, rows, false, pass->z_grad);
    diverge(pass, loss, first, rows, bias);
    if (model->encoder_count == 0) {
        return;
    }
    const int last = model->encoder_count - 1;
    backward(pass, params, model->mu, first, rows, false, pass->trace[last].delta);
    backward(pass, params, model->logvar, first, rows, true, pass->trace[last].delta);
    backward_slope(pass, last, first, rows, bias);
    for (int i = last; i > 0; i--) {
        backward(pass, params, i, first, rows, false, pass->trace[i - 1].delta);
        backward_slope(pass, i - 1, first, rows, bias);
    }
}

/* The block's part of the loss's gradient over the whole minibatch, without the regularizer. */
static void block_gradient(const LsPass *pass, const Block *block, float *weight_grad,
                           float *bias_grad)
{
    const LsLayer *layer = &pass->model.layer[block->layer];
    const Trace *trace = &pass->trace[block->layer];
    ls_dense_weight_gradient(layer->in, layer->out, pass->batch, block->first, block->count,
                             trace->delta, trace->input, weight_grad);
    const float *bias = pass->bias + trace->bias_at + block->first;
    memcpy(bias_grad, bias, (size_t)block->count * sizeof *bias_grad);
    for (int shard = 1; shard < shards_of(pass->batch); shard++) {
        bias += pass->bias_total;
        ls_dense_add((size_t)block->count, bias, bias_grad);
    }
}

/* Adds the regularizer's gradient for a strip of weights and returns the term's value there. */
static double regularize(const LsLoss *loss, size_t n, const float *weight, float *grad)
{
    size_t kinds = 0;
    const LsRegularizer *kind = &ls_regularizer_kinds(&kinds)[loss->reg];
    _Alignas(64) float value[STRIP];
    kind->eval(n, weight, (float)loss->w_reg, value, grad);
    return ls_sum(n, value);
}

void ls_pass_block(LsPass *pass, const LsLoss *loss, const LsAdam *adam, int block, float *params,
                   float *m, float *v)
{
    const Block *part = &pass->block[block];
    const LsLayer *layer = &pass->model.layer[part->layer];
    const size_t size = block_size(&pass->model, part);
    const size_t weight = pass->model.tensor[layer->weight].offset + at_row(part->first, layer->in);
    const size_t bias = pass->model.tensor[layer->bias].offset + (size_t)part->first;
    block_gradient(pass, part, pass->grad + weight, pass->grad + bias);
    double value = 0.0;
    for (size_t done = 0; done < size; done += STRIP) {
        const size_t n = size - done < STRIP ? size - done : STRIP;
        const size_t at = weight + done;
        value += regularize(loss, n, params + at, pass->grad + at);
        ls_adam_update(adam, n, pass->grad + at, params + at, m + at, v + at);
    }
    ls_adam_update(adam, (size_t)part->count, pass->grad + bias, params + bias, m + bias, v + bias);
    pass->value[block] = value;
}

void ls_pass_gradient(LsPass *pass, const float *params, const LsLoss *loss, int block, float *grad)
{
    const Block *part = &pass->block[block];
    const LsLayer *layer = &pass->model.layer[part->layer];
    const size_t size = block_size(&pass->model, part);
    const size_t weight = pass->model.tensor[layer->weight].offset + at_row(part->first, layer->in);
    const size_t bias = pass->model.tensor[layer->bias].offset + (size_t)part->first;
    block_gradient(pass, part, grad + weight, grad + bias);
    double value = 0.0;
    for (size_t done = 0; done < size; done += STRIP) {
        const size_t n = size - done < STRIP ? size - done : STRIP;
        value += regularize(loss, n, params + weight + done, grad + weight + done);
    }
    pass->value[block] = value;
}

LsLossValues ls_pass_losses(const LsPass *pass, const LsLoss *loss)
{
    const size_t batch = (size_t)pass->batch;
    LsLossValues values = {
        .rec = ls_sum(batch, pass->rec_row) / pass->batch,
        .kl = ls_sum(batch, pass->div_row) / pass->batch,
    };
    for (int i = 0; i < pass->block_count; i++) {
        values.reg += pass->value[i];
    }
    /* A term that is switched off adds nothing, even where it is infinite. */
    values.total = (loss->w_rec != 0.0 ? loss->w_rec * values.rec : 0.0) +
                   (loss->w_kl != 0.0 ? loss->w_kl * values.kl : 0.0) +
                   (loss->w_reg != 0.0 ? loss->w_reg * values.reg : 0.0);
    return values;
}

const float *ls_pass_mu(const LsPass *pass)
{
    return pass->trace[pass->model.mu].out;
}

const float *ls_pass_logvar(const LsPass *pass)
{
    return pass->trace[pass->model.logvar].out;
}

const float *ls_pass_logits(const LsPass *pass)
{
    return pass->trace[pass->model.layer_count - 1].out;
}
