#include "latentscape/vae/products.h"

#include <assert.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"
#include "latentscape/nn/gemm.h"
#include "latentscape/vae/pass.h"

enum {
    WIDE = 3
};

struct LsProducts {
    LsModel model;
    int batch;
    const LsGemm *gemm;
    float *params, *grad; /* [param_count] */
    float *wide[WIDE];    /* [batch, widest layer]: what is multiplied, and the results */
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
    bool whole = products->grad != NULL;
    for (int i = 0; i < WIDE && whole; i++) {
        products->wide[i] = ls_memory_floats(floats, err);
        whole = products->wide[i] != NULL;
    }
    if (!whole) {
        ls_products_destroy(products);
        return NULL;
    }
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
    ls_memory_free(products->params);
    ls_memory_free(products->grad);
    for (int i = 0; i < WIDE; i++) {
        ls_memory_free(products->wide[i]);
    }
    ls_memory_free(products);
}

/* Phase 1 on a shard: every layer forward, then the gradients of its inputs. */
static void shard(LsProducts *products, int rows)
{
    const LsModel *model = &products->model;
    for (int i = 0; i < model->layer_count; i++) {
        const LsLayer *layer = &model->layer[i];
        const float *weight = products->params + model->tensor[layer->weight].offset;
        products->gemm->nt(rows, layer->out, layer->in, products->wide[0], weight,
                           products->wide[1]);
        if (i > 0) { /* nobody asks for the gradient of the images */
            products->gemm->nn(rows, layer->in, layer->out, products->wide[1], weight, false,
                               products->wide[2]);
        }
    }
}

/* Phase 2 on a layer: the gradient of its weights, block by block. */
static void blocks(LsProducts *products, const LsLayer *layer)
{
    float *grad = products->grad + products->model.tensor[layer->weight].offset;
    for (int first = 0; first < layer->out; first += LS_PASS_BLOCK_ROWS) {
        const int left = layer->out - first;
        products->gemm->tn(left < LS_PASS_BLOCK_ROWS ? left : LS_PASS_BLOCK_ROWS, layer->in,
                           products->batch, products->wide[1] + first, layer->out,
                           products->wide[0], grad + (size_t)first * (size_t)layer->in);
    }
}

void ls_products_step(LsProducts *products)
{
    for (int first = 0; first < products->batch; first += LS_PASS_SHARD_ROWS) {
        const int left = products->batch - first;
        shard(products, left < LS_PASS_SHARD_ROWS ? left : LS_PASS_SHARD_ROWS);
    }
    for (int i = 0; i < products->model.layer_count; i++) {
        blocks(products, &products->model.layer[i]);
    }
}

void ls_products_decode(LsProducts *products, int n)
{
    assert(n >= 0 && n <= products->batch);
    const LsModel *model = &products->model;
    for (int i = model->decoder; i < model->layer_count; i++) {
        const LsLayer *layer = &model->layer[i];
        const int even = (i - model->decoder) % 2;
        products->gemm->nt(n, layer->out, layer->in, products->wide[even],
                           products->params + model->tensor[layer->weight].offset,
                           products->wide[1 - even]);
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
