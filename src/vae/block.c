#include "vae/block.h"

#include <assert.h>
#include <string.h>

#include "latentscape/nn/average.h"
#include "latentscape/nn/sum.h"
#include "latentscape/vae/regularizer.h"

#include "nn/tile.h"
#include "vae/forward.h"

enum {
    /* Floats of a block updated at once where its gradient is made whole: gradient, weights and moments
     * stay in L1. As rows of LS_TILE_LANES, so that the regularizer's sums stay in registers. */
    RUN = 1024
};

static size_t size_of(const LsModel *model, const LsPassBlock *block)
{
    return (size_t)block->count * (size_t)model->layer[block->layer].in;
}

/* Whether a block is to begin before another. */
static bool precedes(const LsModel *model, const LsPassBlock *a, const LsPassBlock *b)
{
    const int last = model->layer_count - 1;
    return (a->layer == last) != (b->layer == last) ? a->layer == last
                                                    : size_of(model, a) > size_of(model, b);
}

/* Insertion keeps equals in order, and the list is short. */
static void sort(const LsModel *model, LsPassBlock *block, int count)
{
    for (int i = 1; i < count; i++) {
        const LsPassBlock moving = block[i];
        int at = i;
        for (; at > 0 && precedes(model, &moving, &block[at - 1]); at--) {
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

/* Pictures that were probed, and pulled at, are rows like any other, behind the guests': those have been
 * made to count for nothing. */
static bool is_probed(const LsPass *pass, const LsLoss *loss, const LsPassBlock *block)
{
    return block->layer >= pass->model.decoder && ls_pass_probe_factor(pass, loss) != 0.0f;
}

/* Rows of the traces that the block learns from: the decoder nothing from guests. */
static int rows_of(const LsPass *pass, const LsLoss *loss, const LsPassBlock *block)
{
    const int own = pass->batch - pass->guests;
    return is_probed(pass, loss, block)          ? pass->batch + own
           : block->layer >= pass->model.decoder ? own
                                                 : pass->batch;
}

/* The block's part of the loss's gradient over the whole minibatch, without the regularizer. */
static void weight_gradient(const LsPass *pass, const LsLoss *loss, int number, float *weight_grad)
{
    const LsPassBlock *block = &pass->block[number];
    const LsLayer *layer = &pass->model.layer[block->layer];
    const LsPassTrace *trace = &pass->trace[block->layer];
    if (!ls_pass_planned(pass, block->layer) || is_probed(pass, loss, block) ||
        !ls_plan_weights(pass->plan, number, trace->delta, trace->input, weight_grad)) {
        ls_dense_weight_gradient(layer->in, layer->out, rows_of(pass, loss, block), block->first,
                                 block->count, trace->delta, trace->input, weight_grad);
    }
}

static void bias_gradient(const LsPass *pass, const LsPassBlock *block, float *bias_grad)
{
    const bool decodes = block->layer >= pass->model.decoder;
    const int shards = decodes ? ls_pass_own_shards(pass) : ls_pass_all_shards(pass);
    const float *bias = pass->bias + pass->trace[block->layer].bias_at + block->first;
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

/* A piece of a block's weights: all rows of a strip of columns, or a run of them, cut into short rows. */
typedef struct Piece {
    size_t rows, n;
    size_t at, stride; /* in the parameters */
    float *grad;       /* [rows, n], rows grad_stride apart */
    size_t grad_stride;
} Piece;

/* Adds factor times the gradient of one kind on a piece, and returns its part of the term. */
static double regularize(const LsRegularizer *kind, float factor, const float *params,
                         const Piece *piece)
{
    _Alignas(64) float loss_of[LS_TILE_LANES], sum[LS_TILE_LANES];
    memset(sum, 0, piece->n * sizeof *sum);
    for (size_t row = 0; row < piece->rows; row++) {
        kind->eval(piece->n, params + piece->at + row * piece->stride, factor, loss_of,
                   piece->grad + row * piece->grad_stride);
        ls_dense_add(piece->n, loss_of, sum);
    }
    return ls_sum(piece->n, sum);
}

/* The same of what is mixed in besides the chosen kind. */
static double mix(const LsLoss *loss, const float *params, const Piece *piece)
{
    size_t count = 0;
    const LsRegularizer *kinds = ls_regularizer_kinds(&count);
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const double amount = ls_pass_amount(loss, (int)i);
        if ((int)i != loss->reg && amount > 0 && kinds[i].eval != NULL) {
            sum += amount * regularize(&kinds[i], (float)(loss->w_reg * amount), params, piece);
        }
    }
    return sum;
}

/* Moves a piece's weights, whose copy in bfloat16 goes to `half` if that is not NULL, and returns its part
 * of the regularizer. */
static double update(const LsLoss *loss, const LsAdam *adam, float *params, float *m, float *v,
                     uint16_t *half, const Piece *piece)
{
    const LsRegularizer *kind = regularizer_of(loss);
    const double mixed = mix(loss, params, piece);
    if (kind->update != NULL) {
        _Alignas(64) float loss_of[LS_TILE_LANES];
        kind->update(adam, piece->rows, piece->n, piece->grad, piece->grad_stride,
                     (float)loss->w_reg, loss_of, params + piece->at, m + piece->at, v + piece->at,
                     half != NULL ? half + piece->at : NULL, piece->stride);
        return mixed + ls_sum(piece->n, loss_of);
    }
    for (size_t row = 0; row < piece->rows; row++) {
        const size_t at = piece->at + row * piece->stride;
        ls_adam_update(adam, piece->n, piece->grad + row * piece->grad_stride, params + at, m + at,
                       v + at);
        if (half != NULL) {
            ls_backend_halve(piece->n, params + at, half + at);
        }
    }
    return mixed;
}

/* Moves the average towards a piece's weights while they are at hand. */
static void average(const LsPass *pass, const float *params, const Piece *piece)
{
    for (size_t row = 0; row < piece->rows && pass->keep < 1; row++) {
        const size_t at = piece->at + row * piece->stride;
        ls_average_update(piece->n, pass->keep, params + at, pass->mean + at);
    }
}

/* A block's pieces in order: strips of columns whose gradients are made one after the other
 * (nn/tile.h), or runs of it where its gradient is made whole. Returns false after the last. */
static bool next_piece(const LsPass *pass, const LsPassBlock *block, bool strips, size_t *done,
                       Piece *piece)
{
    const LsLayer *layer = &pass->model.layer[block->layer];
    const size_t in = (size_t)layer->in;
    const size_t all = strips ? in : size_of(&pass->model, block);
    if (*done >= all) {
        return false;
    }
    const size_t left = all - *done;
    piece->n = left < LS_TILE_LANES ? left : LS_TILE_LANES;
    piece->rows = strips        ? (size_t)block->count
                  : left >= RUN ? RUN / LS_TILE_LANES
                                : left / piece->n;
    piece->at =
        pass->model.tensor[layer->weight].offset + ls_pass_row(block->first, layer->in) + *done;
    piece->stride = strips ? in : LS_TILE_LANES;
    *done += strips ? piece->n : piece->rows * piece->n;
    return true;
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

/* Whether the gradient may leave out every zero of the images. */
static bool is_sparse(const LsPass *pass, const LsPassBlock *block)
{
    return ls_pass_looks(&pass->model, block->layer) &&
           ls_sparse_stacks((size_t)ls_pass_all_shards(pass), pass->image);
}

/* The kernels that make a block's gradient in strips, or NULL where it is made whole. */
static const LsTileKernel *strips_of(const LsPass *pass, const LsLoss *loss,
                                     const LsPassBlock *block)
{
    const LsLayer *layer = &pass->model.layer[block->layer];
    return ls_pass_planned(pass, block->layer)
               ? NULL
               : ls_tile_suit(layer->in, rows_of(pass, loss, block));
}

/* Gradient and update of strip after strip: 64 columns' weights and moments are fetched while their
 * gradient is computed, which then lies in L1. */
static double update_strips(LsPass *pass, const LsTileKernel *tiles, const LsLoss *loss,
                            const LsAdam *adam, int number, float *params, float *m, float *v)
{
    const LsPassBlock *block = &pass->block[number];
    const LsLayer *layer = &pass->model.layer[block->layer];
    const LsPassTrace *trace = &pass->trace[block->layer];
    const float *delta = trace->delta + block->first;
    const size_t in = (size_t)layer->in;
    const size_t out = (size_t)layer->out;
    const size_t rows = (size_t)rows_of(pass, loss, block);
    const size_t shards = (size_t)ls_pass_all_shards(pass);
    const unsigned room = claim(pass);
    float *panel = is_sparse(pass, block) ? pass->grad + room * pass->room_floats : NULL;
    if (panel != NULL) {
        ls_sparse_lay_out(tiles, rows, (size_t)block->count, delta, out, panel);
    }
    _Alignas(64) float grad[LS_PASS_BLOCK_ROWS * LS_TILE_LANES];
    Piece piece = {.grad = grad, .grad_stride = LS_TILE_LANES};
    double value = 0.0;
    size_t lane = 0;
    for (size_t done = 0; next_piece(pass, block, true, &done, &piece); lane = done) {
        const float *next = panel == NULL ? trace->input + lane + LS_TILE_LANES : NULL;
        const LsTileAhead ahead = {.from = {params + piece.at, m + piece.at, v + piece.at, next},
                                   .step = {in, in, in, in}};
        if (panel != NULL) {
            ls_sparse_strip(tiles, piece.rows, lane, piece.n, shards, pass->image, rows, panel,
                            &ahead, grad);
        } else {
            ls_tile_strip(tiles, piece.rows, piece.n, rows, delta, out, trace->input + lane, in,
                          &ahead, grad);
        }
        value += update(loss, adam, params, m, v, NULL, &piece);
        average(pass, params, &piece);
    }
    release(pass, room);
    return value;
}

/* Whether a block's weights are moved while their gradient is made, in bfloat16 and with nothing mixed in
 * between: by what, and from what. */
static LsPlanOperands learner_of(const LsPass *pass, const LsLoss *loss, int number)
{
    const LsPassBlock *block = &pass->block[number];
    size_t count = 0;
    const LsRegularizer *kinds = ls_regularizer_kinds(&count);
    bool alone = kinds[loss->reg].update != NULL && ls_pass_planned(pass, block->layer) &&
                 !is_probed(pass, loss, block);
    for (size_t i = 0; i < count; i++) {
        const bool mixed = (int)i != loss->reg && kinds[i].eval != NULL;
        alone = alone && !(mixed && ls_pass_amount(loss, (int)i) > 0);
    }
    const LsPlanOperands none = {0};
    if (!alone) {
        return none;
    }
    const LsPlanOperands operands = ls_plan_operands(pass->plan, number);
    const bool learns =
        operands.kernel != NULL &&
        ls_half_learns((size_t)block->count, (size_t)pass->model.layer[block->layer].in,
                       (size_t)operands.rows);
    return learns ? operands : none;
}

/* Gradient and update in one pass, tile by tile. */
static double update_tiles(LsPass *pass, const LsPlanOperands *operands, const LsLoss *loss,
                           const LsAdam *adam, int number, float *params, float *m, float *v)
{
    const LsPassBlock *block = &pass->block[number];
    const LsLayer *layer = &pass->model.layer[block->layer];
    const size_t in = (size_t)layer->in;
    const size_t count = (size_t)block->count;
    const size_t at =
        pass->model.tensor[layer->weight].offset + ls_pass_row(block->first, layer->in);
    const unsigned room = claim(pass);
    float *loss_of = pass->grad + room * pass->room_floats;
    uint32_t *words = (uint32_t *)(void *)(loss_of + ls_pass_round(in));
    memset(loss_of, 0, in * sizeof *loss_of);
    ls_half_lay_out(operands->kernel, (size_t)operands->rows, count, operands->delta,
                    (size_t)layer->out, words);
    const LsHalfLearning learning = {
        .rates = ls_adam_rates(adam),
        .bounded = ls_adam_rates_bounded(adam),
        .absolute = regularizer_of(loss)->absolute,
        .factor = (float)loss->w_reg,
        .weight = params + at,
        .m = m + at,
        .v = v + at,
        .half = operands->weight + at,
        .stride = in,
        .loss = loss_of,
    };
    ls_half_learn(operands->kernel, count, in, (size_t)operands->rows, words, operands->x,
                  &learning);
    const double value = ls_sum(in, loss_of);
    release(pass, room);
    const Piece piece = {.rows = 1, .n = size_of(&pass->model, block), .at = at};
    average(pass, params, &piece);
    return value;
}

/* The whole gradient first. */
static double update_runs(LsPass *pass, const LsLoss *loss, const LsAdam *adam, int number,
                          float *params, float *m, float *v)
{
    const LsPassBlock *block = &pass->block[number];
    const unsigned room = claim(pass);
    float *grad = pass->grad + room * pass->room_floats;
    weight_gradient(pass, loss, number, grad);
    uint16_t *half = pass->plan != NULL ? ls_plan_halves(pass->plan) : NULL;
    Piece piece = {.grad = grad, .grad_stride = LS_TILE_LANES};
    double value = 0.0;
    for (size_t done = 0; next_piece(pass, block, false, &done, &piece); piece.grad = grad + done) {
        value += update(loss, adam, params, m, v, half, &piece);
        average(pass, params, &piece);
    }
    release(pass, room);
    return value;
}

void ls_block_update(LsPass *pass, const LsLoss *loss, const LsAdam *adam, int block, float *params,
                     float *m, float *v)
{
    const LsPassBlock *part = &pass->block[block];
    const LsTileKernel *tiles = strips_of(pass, loss, part);
    const LsPlanOperands operands = learner_of(pass, loss, block);
    pass->value[block] = tiles != NULL ? update_strips(pass, tiles, loss, adam, block, params, m, v)
                         : operands.kernel != NULL
                             ? update_tiles(pass, &operands, loss, adam, block, params, m, v)
                             : update_runs(pass, loss, adam, block, params, m, v);
    const LsLayer *layer = &pass->model.layer[part->layer];
    const size_t bias = pass->model.tensor[layer->bias].offset + (size_t)part->first;
    _Alignas(64) float bias_grad[LS_PASS_BLOCK_ROWS];
    bias_gradient(pass, part, bias_grad);
    const LsAdam plain = ls_adam_undecayed(adam);
    ls_adam_update(&plain, (size_t)part->count, bias_grad, params + bias, m + bias, v + bias);
    const Piece piece = {.rows = 1, .n = (size_t)part->count, .at = bias};
    average(pass, params, &piece);
}

void ls_block_gradient(LsPass *pass, const float *params, const LsLoss *loss, int block,
                       float *grad)
{
    const LsPassBlock *part = &pass->block[block];
    const LsLayer *layer = &pass->model.layer[part->layer];
    const LsRegularizer *kind = regularizer_of(loss);
    weight_gradient(pass, loss, block,
                    grad + pass->model.tensor[layer->weight].offset +
                        ls_pass_row(part->first, layer->in));
    bias_gradient(pass, part, grad + pass->model.tensor[layer->bias].offset + (size_t)part->first);
    /* In the pieces of the update, so that the sums have the same bits. */
    const bool strips = strips_of(pass, loss, part) != NULL;
    Piece piece = {.grad_stride = strips ? (size_t)layer->in : LS_TILE_LANES};
    double value = 0.0;
    for (size_t done = 0; next_piece(pass, part, strips, &done, &piece);) {
        piece.grad = grad + piece.at;
        value += mix(loss, params, &piece);
        if (kind->eval != NULL) {
            value += regularize(kind, (float)loss->w_reg, params, &piece);
        }
    }
    pass->value[block] = value;
}
