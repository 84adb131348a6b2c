#include "latentscape/vae/products.h"

#include <assert.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"
#include "latentscape/nn/gemm.h"
#include "latentscape/vae/pass.h"

#include "vae/block.h"
#include "vae/pass_state.h"
#include "vae/plan.h"

enum {
    WIDE = 3
};

struct LsProducts {
    LsModel model;
    int batch;
    const LsGemm *gemm;
    float *params, *grad; /* [param_count] */
    float *wide[WIDE];    /* [batch, widest layer]: what is multiplied, and the results */
    int block_count;
    LsPassBlock *block;
    LsPlan *plan; /* NULL: gemm does all */
};

LsProducts *ls_products_create(const LsModel *model, int batch, const LsGemm *gemm, LsError *err)
{
    assert(batch >= 1);
    LsProducts *products = ls_memory_items(1, sizeof *products, err);
    if (products == NULL) {
        return NULL;
    }
    products->model = *model;
    products->batch = batch;
    products->gemm = gemm;
    size_t widest = (size_t)model->pixels;
    for (int i = 0; i < model->layer_count; i++) {
        const size_t out = (size_t)model->layer[i].out;
        widest = out > widest ? out : widest;
    }
    const size_t floats = (size_t)batch * widest;
    products->params = ls_memory_floats(model->param_count, err);
    products->grad = products->params != NULL ? ls_memory_floats(model->param_count, err) : NULL;
    products->block_count = ls_block_list(model, NULL);
    products->block = ls_memory_items((size_t)products->block_count, sizeof *products->block, err);
    bool whole = products->grad != NULL && products->block != NULL;
    for (int i = 0; i < WIDE && whole; i++) {
        products->wide[i] = ls_memory_floats(floats, err);
        whole = products->wide[i] != NULL;
    }
    if (!whole) {
        ls_products_destroy(products);
        return NULL;
    }
    (void)ls_block_list(model, products->block);
    ls_model_init_params(model, 1, products->params);
    for (int i = 0; i < WIDE; i++) {
        ls_rng_uniform(ls_rng_make(1, LS_RNG_NOISE), (uint64_t)i << 32, floats, products->wide[i]);
    }
    ls_gemm_init();
    return products;
}

void ls_products_destroy(LsProducts *products)
{
    if (products == NULL) {
        return;
    }
    ls_plan_destroy(products->plan);
    ls_memory_free(products->block);
    ls_memory_free(products->params);
    ls_memory_free(products->grad);
    for (int i = 0; i < WIDE; i++) {
        ls_memory_free(products->wide[i]);
    }
    ls_memory_free(products);
}

bool ls_products_use(LsProducts *products, LsBackend *backend, LsError *err)
{
    ls_plan_destroy(products->plan);
    products->plan = NULL;
    if (ls_backend_kind(backend) == LS_BACKEND_OPENBLAS) {
        return true;
    }
    const LsModel *model = &products->model;
    products->plan = ls_plan_create(model, products->batch, backend, err);
    if (products->plan == NULL || !ls_plan_set_batch(products->plan, products->batch, 0, err)) {
        return false;
    }
    /* Operands are made once: to make them is not a product's work. */
    ls_plan_take_weights(products->plan, 0, model->param_count, products->params);
    for (int i = 0; i < model->layer_count; i++) {
        ls_plan_take_input(products->plan, i, 0, products->batch, products->wide[0]);
        ls_plan_take_delta(products->plan, i, 0, products->batch, products->wide[1]);
    }
    return true;
}

/* Phase 1 on a shard: every layer forward, then the gradients of its inputs. */
static void shard(LsProducts *products, int first, int rows)
{
    const LsModel *model = &products->model;
    LsPlan *plan = products->plan;
    float *const *wide = products->wide;
    for (int i = 0; i < model->layer_count; i++) {
        const LsLayer *layer = &model->layer[i];
        const float *weight = products->params + model->tensor[layer->weight].offset;
        if (plan == NULL ||
            !ls_plan_forward(plan, i, first, rows, products->params, wide[0], wide[1])) {
            products->gemm->nt(rows, layer->out, layer->in, wide[0], weight, wide[1]);
        }
        if (i == 0) { /* nobody asks for the gradient of the images */
            continue;
        }
        if (plan == NULL || !ls_plan_inputs(plan, i, first, rows, products->params, wide[1],
                                            i == model->logvar, wide[2])) {
            products->gemm->nn(rows, layer->in, layer->out, wide[1], weight, false, wide[2]);
        }
    }
}

/* Phase 2 on a block: the gradient of its weights. */
static void block(LsProducts *products, int number)
{
    const LsPassBlock *part = &products->block[number];
    const LsLayer *layer = &products->model.layer[part->layer];
    float *grad = products->grad + products->model.tensor[layer->weight].offset +
                  (size_t)part->first * (size_t)layer->in;
    if (products->plan == NULL ||
        !ls_plan_weights(products->plan, number, products->wide[1], products->wide[0], grad)) {
        products->gemm->tn(part->count, layer->in, products->batch, products->wide[1] + part->first,
                           layer->out, products->wide[0], grad);
    }
}

void ls_products_step(LsProducts *products)
{
    for (int first = 0; first < products->batch; first += LS_PASS_SHARD_ROWS) {
        const int left = products->batch - first;
        shard(products, first, left < LS_PASS_SHARD_ROWS ? left : LS_PASS_SHARD_ROWS);
    }
    for (int i = 0; i < products->block_count; i++) {
        block(products, i);
    }
}

void ls_products_decode(LsProducts *products, int n)
{
    assert(n >= 0 && n <= products->batch);
    const LsModel *model = &products->model;
    /* Always of the same numbers: handed on from layer to layer they would fade to zeros, and products of
     * zeros are left out. */
    for (int i = model->decoder; i < model->layer_count; i++) {
        const LsLayer *layer = &model->layer[i];
        products->gemm->nt(n, layer->out, layer->in, products->wide[0],
                           products->params + model->tensor[layer->weight].offset,
                           products->wide[1]);
    }
}

double ls_products_step_flops(const LsModel *model, int batch)
{
    double flops = 0;
    for (int i = 0; i < model->layer_count; i++) {
        const double one = 2.0 * model->layer[i].in * model->layer[i].out;
        flops += (i > 0 ? 3 : 2) * one;
    }
    return flops * batch;
}

double ls_products_decode_flops(const LsModel *model)
{
    double flops = 0;
    for (int i = model->decoder; i < model->layer_count; i++) {
        flops += 2.0 * model->layer[i].in * model->layer[i].out;
    }
    return flops;
}
