#include "vae/block.h"

#include <assert.h>
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

size_t ls_block_largest(const LsModel *model)
{
    size_t largest = 0;
    for (int i = 0; i < model->layer_count; i++) {
        const LsLayer *layer = &model->layer[i];
        const int count = layer->out < LS_PASS_BLOCK_ROWS ? layer->out : LS_PASS_BLOCK_ROWS;
        const size_t size = ls_pass_round(ls_pass_row(count, layer->in));
        largest = size > largest ? size : largest;
    }
    return largest;
}

/* The block's part of the loss's gradient over the whole minibatch, without the regularizer. */
static void gradient(const LsPass *pass, const LsLoss *loss, int number, float *weight_grad,
                     float *bias_grad)
{
    const LsPassBlock *block = &pass->block[number];
    const LsLayer *layer = &pass->model.layer[block->layer];
    const LsPassTrace *trace = &pass->trace[block->layer];
    const bool decodes = block->layer >= pass->model.decoder; /* learns nothing from guests */
    const int own = pass->batch - pass->guests;
    /* Pictures that were probed, and pulled at, are rows like any other, behind the guests': those have
     * been made to count for nothing. */
    const bool probed = decodes && ls_pass_probe_factor(pass, loss) != 0.0f;
    const int rows = probed ? pass->batch + own : decodes ? own : pass->batch;
    const int shards = decodes ? ls_pass_own_shards(pass) : ls_pass_all_shards(pass);
    if (pass->plan == NULL || probed ||
        !ls_plan_weights(pass->plan, number, trace->delta, trace->input, weight_grad)) {
        ls_dense_weight_gradient(layer->in, layer->out, rows, block->first, block->count,
                                 trace->delta, trace->input, weight_grad);
    }
    const float *bias = pass->bias + trace->bias_at + block->first;
    memcpy(bias_grad, bias, (size_t)block->count * sizeof *bias_grad);
    for (int shard = 1; shard < shards; shard++) {
        bias += pass->bias_total;
        ls_dense_add((size_t)block->count, bias, bias_grad);
    }
}

static const LsRegularizer *regularizer_of(const LsLoss *loss)
{
    size_t kinds = 0;
    return &ls_regularizer_kinds(&kinds)[loss->reg];
}

/* Adds the gradient of what is mixed in besides the chosen kind for a strip of weights, and returns its
 * part of the term. */
static double mix(const LsLoss *loss, size_t n, const float *weight, float *grad, float *loss_of)
{
    size_t count = 0;
    const LsRegularizer *kinds = ls_regularizer_kinds(&count);
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const double amount = ls_pass_amount(loss, (int)i);
        if ((int)i != loss->reg && amount > 0 && kinds[i].eval != NULL) {
            kinds[i].eval(n, weight, (float)(loss->w_reg * amount), loss_of, grad);
            sum += amount * ls_sum(n, loss_of);
        }
    }
    return sum;
}

/* A room for a gradient that no other worker has: the lowest, so that one worker's stays in its
 * cache. There are as many as workers, so one is always free. */
static unsigned claim(LsPass *pass)
{
    uint_fast64_t taken = atomic_load_explicit(&pass->taken, memory_order_relaxed);
    unsigned room = 0;
    do {
        for (room = 0; (taken >> room & 1) != 0; room++) {
        }
        assert(room < (unsigned)pass->rooms);
        /* acquire: with the release of whoever had the room before */
    } while (!atomic_compare_exchange_weak_explicit(&pass->taken, &taken,
                                                    taken | (uint_fast64_t)1 << room,
                                                    memory_order_acquire, memory_order_relaxed));
    return room;
}

static void release(LsPass *pass, unsigned room)
{
    /* release: what was read and written there, to whoever claims it next */
    atomic_fetch_and_explicit(&pass->taken, ~((uint_fast64_t)1 << room), memory_order_release);
}

void ls_block_update(LsPass *pass, const LsLoss *loss, const LsAdam *adam, int block, float *params,
                     float *m, float *v)
{
    const LsPassBlock *part = &pass->block[block];
    const LsLayer *layer = &pass->model.layer[part->layer];
    const LsRegularizer *kind = regularizer_of(loss);
    const size_t size = size_of(&pass->model, part);
    const size_t weight =
        pass->model.tensor[layer->weight].offset + ls_pass_row(part->first, layer->in);
    const size_t bias = pass->model.tensor[layer->bias].offset + (size_t)part->first;
    const unsigned room = claim(pass);
    float *grad = pass->grad + room * pass->room_floats;
    _Alignas(64) float bias_grad[LS_PASS_BLOCK_ROWS], loss_of[STRIP];
    gradient(pass, loss, block, grad, bias_grad);
    double value = 0.0;
    for (size_t done = 0; done < size; done += STRIP) {
        const size_t n = size - done < STRIP ? size - done : STRIP;
        const size_t at = weight + done;
        value += mix(loss, n, params + at, grad + done, loss_of);
        if (kind->update != NULL) {
            kind->update(adam, n, grad + done, (float)loss->w_reg, loss_of, params + at, m + at,
                         v + at);
            value += ls_sum(n, loss_of);
        } else {
            ls_adam_update(adam, n, grad + done, params + at, m + at, v + at);
        }
        if (pass->plan != NULL) {
            ls_plan_take_weights(pass->plan, at, n, params);
        }
    }
    release(pass, room);
    ls_adam_update(adam, (size_t)part->count, bias_grad, params + bias, m + bias, v + bias);
    pass->value[block] = value;
}

void ls_block_gradient(LsPass *pass, const float *params, const LsLoss *loss, int block,
                       float *grad)
{
    const LsPassBlock *part = &pass->block[block];
    const LsLayer *layer = &pass->model.layer[part->layer];
    const LsRegularizer *kind = regularizer_of(loss);
    const size_t size = size_of(&pass->model, part);
    const size_t weight =
        pass->model.tensor[layer->weight].offset + ls_pass_row(part->first, layer->in);
    const size_t bias = pass->model.tensor[layer->bias].offset + (size_t)part->first;
    gradient(pass, loss, block, grad + weight, grad + bias);
    _Alignas(64) float loss_of[STRIP];
    double value = 0.0;
    for (size_t done = 0; done < size; done += STRIP) {
        const size_t n = size - done < STRIP ? size - done : STRIP;
        const size_t at = weight + done;
        value += mix(loss, n, params + at, grad + at, loss_of);
        if (kind->eval != NULL) {
            kind->eval(n, params + at, (float)loss->w_reg, loss_of, grad + at);
            value += ls_sum(n, loss_of);
        }
    }
    pass->value[block] = value;
}
