#include "vae/block.h"

#include <string.h>

#include "latentscape/nn/sum.h"
#include "latentscape/vae/regularizer.h"

#include "vae/forward.h"

enum {
    STRIP = 1024 /* floats of a block updated at once: weight, gradient, m, v and loss stay in L1 */
};

static size_t size_of(const LsModel *model, const LsPassBlock *block)
{
    return (size_t)block->count * (size_t)model->layer[block->layer].in;
}

/* Largest first; insertion keeps equals in order, and the list is short. */
static void sort(const LsModel *model, LsPassBlock *block, int count)
{
    for (int i = 1; i < count; i++) {
        const LsPassBlock moving = block[i];
        int at = i;
        for (; at > 0 && size_of(model, &block[at - 1]) < size_of(model, &moving); at--) {
            block[at] = block[at - 1];
        }
        block[at] = moving;
    }
}

int ls_block_list(const LsModel *model, LsPassBlock *block)
{
    int count = 0;
    for (int i = 0; i < model->layer_count; i++) {
        for (int first = 0; first < model->layer[i].out; first += LS_PASS_BLOCK_ROWS) {
            const int left = model->layer[i].out - first;
            if (block != NULL) {
                block[count] = (LsPassBlock){
                    .layer = i,
                    .first = first,
                    .count = left < LS_PASS_BLOCK_ROWS ? left : LS_PASS_BLOCK_ROWS,
                };
            }
            count++;
        }
    }
    if (block != NULL) {
        sort(model, block, count);
    }
    return count;
}

/* The block's part of the loss's gradient over the whole minibatch, without the regularizer. */
static void gradient(const LsPass *pass, const LsPassBlock *block, float *weight_grad,
                     float *bias_grad)
{
    const LsLayer *layer = &pass->model.layer[block->layer];
    const LsPassTrace *trace = &pass->trace[block->layer];
    ls_dense_weight_gradient(layer->in, layer->out, pass->batch, block->first, block->count,
                             trace->delta, trace->input, weight_grad);
    const float *bias = pass->bias + trace->bias_at + block->first;
    memcpy(bias_grad, bias, (size_t)block->count * sizeof *bias_grad);
    for (int shard = 1; shard < ls_pass_shards_of(pass->batch); shard++) {
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

void ls_block_update(LsPass *pass, const LsLoss *loss, const LsAdam *adam, int block, float *params,
                     float *m, float *v)
{
    const LsPassBlock *part = &pass->block[block];
    const LsLayer *layer = &pass->model.layer[part->layer];
    const size_t size = size_of(&pass->model, part);
    const size_t weight =
        pass->model.tensor[layer->weight].offset + ls_pass_row(part->first, layer->in);
    const size_t bias = pass->model.tensor[layer->bias].offset + (size_t)part->first;
    gradient(pass, part, pass->grad + weight, pass->grad + bias);
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

void ls_block_gradient(LsPass *pass, const float *params, const LsLoss *loss, int block,
                       float *grad)
{
    const LsPassBlock *part = &pass->block[block];
    const LsLayer *layer = &pass->model.layer[part->layer];
    const size_t size = size_of(&pass->model, part);
    const size_t weight =
        pass->model.tensor[layer->weight].offset + ls_pass_row(part->first, layer->in);
    const size_t bias = pass->model.tensor[layer->bias].offset + (size_t)part->first;
    gradient(pass, part, grad + weight, grad + bias);
    double value = 0.0;
    for (size_t done = 0; done < size; done += STRIP) {
        const size_t n = size - done < STRIP ? size - done : STRIP;
        value += regularize(loss, n, params + weight + done, grad + weight + done);
    }
    pass->value[block] = value;
}
