#include "vae/plan.h"

#include <assert.h>

#include "latentscape/core/memory.h"

#include "vae/block.h"
#include "vae/pass_state.h"

enum {
    NARROW = 16, /* layers with fewer inputs or outputs are left to OpenBLAS */
    SIZES = 3,   /* of shards: whole ones, the last, and the last of guests */
    LINE = 64    /* bytes */
};

struct LsPlan {
    // --- immutable after create
    LsModel model;
    LsBackend *backend;
    bool halves;
    int shards; /* most there can be */
    int block_count;
    LsPassBlock *block;
    // --- operands in bfloat16, or NULL: written and read as what they are copies of
    uint16_t *memory;
    uint16_t *weight;                 /* [param_count] */
    uint16_t *input[LS_MODEL_LAYERS]; /* [max_batch, in]; mu and logvar share theirs */
    uint16_t *delta[LS_MODEL_LAYERS]; /* [max_batch, out] */
    // --- trainer, between steps
    int own, guests; /* images of the minibatch; own 0: the plan has no products */
    int rows[SIZES]; /* that the products are for; 0: none */
    unsigned char *scratch;
    size_t shard_scratch, block_scratch; /* bytes of scratch for each shard, then for each block */
    // --- phase 1: a seat for each shard
    LsProduct *forward[SIZES][LS_MODEL_LAYERS];
    LsProduct *inputs[SIZES][LS_MODEL_LAYERS];
    // --- phase 2: of the worker at hand
    LsProduct **weights; /* [block_count] */
};

static bool is_wide(const LsModel *model, int layer)
{
    return model->layer[layer].in >= NARROW && model->layer[layer].out >= NARROW;
}

static uint16_t *take(uint16_t *memory, size_t *used, size_t count)
{
    uint16_t *piece = memory != NULL ? memory + *used : NULL;
    *used += (count + 31) / 32 * 32;
    return piece;
}

/* Points the operands into memory, or, with memory NULL, tells how many there are. */
static size_t lay_out(LsPlan *plan, int max_batch, uint16_t *memory)
{
    const LsModel *model = &plan->model;
    const size_t batch = (size_t)max_batch;
    size_t used = 0;
    plan->weight = take(memory, &used, model->param_count);
    for (int i = 0; i < model->layer_count; i++) {
        if (!is_wide(model, i)) {
            continue;
        }
        plan->input[i] = i == model->logvar
                             ? plan->input[model->mu]
                             : take(memory, &used, batch * (size_t)model->layer[i].in);
        plan->delta[i] = take(memory, &used, batch * (size_t)model->layer[i].out);
    }
    return used;
}

LsPlan *ls_plan_create(const LsModel *model, int max_batch, LsBackend *backend, LsError *err)
{
    LsPlan *plan = ls_memory_items(1, sizeof *plan, err);
    if (plan == NULL) {
        return NULL;
    }
    plan->model = *model;
    plan->backend = backend;
    plan->halves = ls_backend_halves(backend);
    plan->shards = ls_pass_shards_of(max_batch) + 1; /* with guests */
    plan->block_count = ls_block_list(model, NULL);
    plan->block = ls_memory_items((size_t)plan->block_count, sizeof *plan->block, err);
    plan->weights = plan->block != NULL
                        ? ls_memory_items((size_t)plan->block_count, sizeof *plan->weights, err)
                        : NULL;
    if (plan->weights == NULL) {
        goto fail;
    }
    (void)ls_block_list(model, plan->block);
    if (plan->halves) {
        plan->memory = ls_memory_items(lay_out(plan, max_batch, NULL), sizeof *plan->memory, err);
        if (plan->memory == NULL) {
            goto fail;
        }
        (void)lay_out(plan, max_batch, plan->memory);
    }
    return plan;
fail:
    ls_plan_destroy(plan);
    return NULL;
}

static void drop_size(LsPlan *plan, int size)
{
    for (int i = 0; i < LS_MODEL_LAYERS; i++) {
        ls_product_destroy(plan->forward[size][i]);
        ls_product_destroy(plan->inputs[size][i]);
        plan->forward[size][i] = plan->inputs[size][i] = NULL;
    }
    plan->rows[size] = 0;
}

static void drop_weights(LsPlan *plan)
{
    for (int i = 0; i < plan->block_count && plan->weights != NULL; i++) {
        ls_product_destroy(plan->weights[i]);
        plan->weights[i] = NULL;
    }
}

static void drop_all(LsPlan *plan)
{
    plan->own = plan->guests = 0;
    for (int size = 0; size < SIZES; size++) {
        drop_size(plan, size);
    }
    drop_weights(plan);
    ls_memory_free(plan->scratch);
    plan->scratch = NULL;
}

void ls_plan_destroy(LsPlan *plan)
{
    if (plan == NULL) {
        return;
    }
    drop_all(plan);
    ls_memory_free(plan->memory);
    ls_memory_free(plan->block);
    ls_memory_free(plan->weights);
    ls_memory_free(plan);
}

LsBackend *ls_plan_backend(const LsPlan *plan)
{
    return plan->backend;
}

/* ---- products for a size of minibatch */

static bool make_size(LsPlan *plan, int size, int rows, LsError *err)
{
    if (plan->rows[size] == rows) {
        return true;
    }
    drop_size(plan, size);
    const LsModel *model = &plan->model;
    const int seats = size == 0 ? plan->shards : 1;
    for (int i = 0; i < model->layer_count && rows > 0; i++) {
        const LsLayer *layer = &model->layer[i];
        if (!is_wide(model, i)) {
            continue;
        }
        const LsProductShape forward = {
            .form = LS_PRODUCT_NT, .m = rows, .n = layer->out, .k = layer->in};
        const LsProductShape inputs = {.form = LS_PRODUCT_NN,
                                       .m = rows,
                                       .n = layer->in,
                                       .k = layer->out,
                                       .add = i == model->logvar};
        plan->forward[size][i] = ls_product_create(plan->backend, &forward, seats, err);
        if (plan->forward[size][i] == NULL) {
            return false;
        }
        plan->inputs[size][i] =
            i > 0 ? ls_product_create(plan->backend, &inputs, seats, err) : NULL;
        if (i > 0 && plan->inputs[size][i] == NULL) {
            return false;
        }
    }
    plan->rows[size] = rows;
    return true;
}

/* Images of such a minibatch that a block learns from: the decoder nothing from guests. */
static int learns_from(const LsPlan *plan, const LsPassBlock *block, int own, int guests)
{
    return block->layer >= plan->model.decoder ? own : own + guests;
}

static bool make_weights(LsPlan *plan, int own, int guests, LsError *err)
{
    drop_weights(plan);
    for (int i = 0; i < plan->block_count; i++) {
        const LsPassBlock *block = &plan->block[i];
        const LsLayer *layer = &plan->model.layer[block->layer];
        if (!is_wide(&plan->model, block->layer) || block->count < NARROW) {
            continue;
        }
        const LsProductShape shape = {.form = LS_PRODUCT_TN,
                                      .m = block->count,
                                      .n = layer->in,
                                      .k = learns_from(plan, block, own, guests),
                                      .stride = layer->out};
        plan->weights[i] = ls_product_create(plan->backend, &shape, 1, err);
        if (plan->weights[i] == NULL) {
            return false;
        }
    }
    return true;
}

static void need(size_t *most, const LsProduct *product)
{
    const size_t bytes = product != NULL ? ls_product_scratch(product) : 0;
    *most = bytes > *most ? (bytes + LINE - 1) / LINE * LINE : *most;
}

/* Room for whatever runs at once: shards, and blocks of layers that these have left. */
static bool make_scratch(LsPlan *plan, LsError *err)
{
    plan->shard_scratch = plan->block_scratch = 0;
    for (int size = 0; size < SIZES; size++) {
        for (int i = 0; i < LS_MODEL_LAYERS; i++) {
            need(&plan->shard_scratch, plan->forward[size][i]);
            need(&plan->shard_scratch, plan->inputs[size][i]);
        }
    }
    for (int i = 0; i < plan->block_count; i++) {
        need(&plan->block_scratch, plan->weights[i]);
    }
    const size_t shards = plan->shard_scratch * (size_t)plan->shards;
    const size_t blocks = plan->block_scratch * (size_t)plan->block_count;
    ls_memory_free(plan->scratch);
    plan->scratch = ls_memory_items(1, shards + blocks, err);
    return plan->scratch != NULL;
}

bool ls_plan_set_batch(LsPlan *plan, int own, int guests, LsError *err)
{
    if (own == plan->own && guests == plan->guests) {
        return true;
    }
    const bool whole = own >= LS_PASS_SHARD_ROWS || guests >= LS_PASS_SHARD_ROWS;
    if (!make_size(plan, 0, whole ? LS_PASS_SHARD_ROWS : 0, err) ||
        !make_size(plan, 1, own % LS_PASS_SHARD_ROWS, err) ||
        !make_size(plan, 2, guests % LS_PASS_SHARD_ROWS, err) ||
        !make_weights(plan, own, guests, err) || !make_scratch(plan, err)) {
        drop_all(plan);
        return false;
    }
    plan->own = own;
    plan->guests = guests;
    return true;
}

/* ---- work */

void ls_plan_take_weights(LsPlan *plan, size_t first, size_t count, const float *params)
{
    if (plan->halves) {
        ls_backend_halve(count, params + first, plan->weight + first);
    }
}

uint16_t *ls_plan_halves(LsPlan *plan)
{
    return plan->weight; /* NULL where the backend takes no halves */
}

void ls_plan_take_input(LsPlan *plan, int layer, int first, int rows, const float *x)
{
    if (plan->input[layer] != NULL && layer != plan->model.logvar) { /* mu's is the same */
        const int in = plan->model.layer[layer].in;
        ls_backend_halve(ls_pass_row(rows, in), x, plan->input[layer] + ls_pass_row(first, in));
    }
}

void ls_plan_take_delta(LsPlan *plan, int layer, int first, int rows, const float *delta)
{
    if (plan->delta[layer] != NULL) {
        const int out = plan->model.layer[layer].out;
        ls_backend_halve(ls_pass_row(rows, out), delta,
                         plan->delta[layer] + ls_pass_row(first, out));
    }
}

/* Which products are for a shard of so many rows from `first` on. */
static int size_of(const LsPlan *plan, int first, int rows)
{
    return rows == LS_PASS_SHARD_ROWS ? 0 : first < plan->own ? 1 : 2;
}

/* Runs a product of phase 1 on the rows of a shard, each of which has scratch of its own. */
static void run(const LsPlan *plan, LsProduct *product, int first, int rows, const void *a,
                const void *b, float *c)
{
    const int guests_at = ls_pass_shards_of(plan->own);
    const int shard = first < plan->own ? first / LS_PASS_SHARD_ROWS
                                        : guests_at + (first - plan->own) / LS_PASS_SHARD_ROWS;
    ls_product_run(product, rows == LS_PASS_SHARD_ROWS ? shard : 0,
                   plan->scratch + (size_t)shard * plan->shard_scratch, a, b, c);
}

static size_t weight_of(const LsPlan *plan, int layer)
{
    return plan->model.tensor[plan->model.layer[layer].weight].offset;
}

bool ls_plan_forward(LsPlan *plan, int layer, int first, int rows, const float *params,
                     const float *x, float *y)
{
    LsProduct *product = plan->forward[size_of(plan, first, rows)][layer];
    if (product == NULL) {
        return false;
    }
    const size_t weight = weight_of(plan, layer);
    if (!plan->halves) {
        run(plan, product, first, rows, x, params + weight, y);
        return true;
    }
    run(plan, product, first, rows,
        plan->input[layer] + ls_pass_row(first, plan->model.layer[layer].in), plan->weight + weight,
        y);
    return true;
}

bool ls_plan_inputs(LsPlan *plan, int layer, int first, int rows, const float *params,
                    const float *delta, bool add, float *x_grad)
{
    LsProduct *product = plan->inputs[size_of(plan, first, rows)][layer];
    if (product == NULL) {
        return false;
    }
    assert(add == (layer == plan->model.logvar));
    (void)add;
    const size_t weight = weight_of(plan, layer);
    if (!plan->halves) {
        run(plan, product, first, rows, delta, params + weight, x_grad);
        return true;
    }
    run(plan, product, first, rows,
        plan->delta[layer] + ls_pass_row(first, plan->model.layer[layer].out),
        plan->weight + weight, x_grad);
    return true;
}

bool ls_plan_weights(LsPlan *plan, int block, const float *delta, const float *x, float *grad)
{
    LsProduct *product = plan->weights[block];
    if (product == NULL) {
        return false;
    }
    const LsPassBlock *part = &plan->block[block];
    unsigned char *scratch = plan->scratch + (size_t)plan->shards * plan->shard_scratch +
                             (size_t)block * plan->block_scratch;
    if (plan->halves) {
        ls_product_run(product, 0, scratch, plan->delta[part->layer] + part->first,
                       plan->input[part->layer], grad);
    } else {
        ls_product_run(product, 0, scratch, delta + part->first, x, grad);
    }
    return true;
}

LsPlanOperands ls_plan_operands(const LsPlan *plan, int block)
{
    const LsPassBlock *part = &plan->block[block];
    if (plan->weights[block] == NULL || ls_backend_kind(plan->backend) != LS_BACKEND_TILES_BF16) {
        return (LsPlanOperands){0};
    }
    return (LsPlanOperands){.kernel = ls_half_find(),
                            .delta = plan->delta[part->layer] + part->first,
                            .x = plan->input[part->layer],
                            .weight = plan->weight,
                            .rows = learns_from(plan, part, plan->own, plan->guests)};
}
