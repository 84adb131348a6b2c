#include "latentscape/vae/pass.h"

#include <assert.h>

#include "latentscape/core/memory.h"
#include "latentscape/nn/gemm.h"
#include "latentscape/nn/sum.h"
#include "latentscape/vae/divergence.h"

#include "vae/block.h"
#include "vae/shard.h"

/* Hands out the next piece of the one buffer; with memory NULL it only counts. */
static float *take(float *memory, size_t *used, size_t floats)
{
    float *piece = memory != NULL ? memory + *used : NULL;
    *used += ls_pass_round(floats);
    return piece;
}

/* Points every array into memory, or, with memory NULL, tells how many floats that takes. */
static size_t lay_out(LsPass *pass, float *memory)
{
    const LsModel *model = &pass->model;
    const size_t batch = (size_t)pass->max_batch;
    const size_t shards = (size_t)ls_pass_shards_of(pass->max_batch) + 1; /* with guests */
    const size_t codes = batch * (size_t)model->spec.latent;
    const size_t pixels = (size_t)model->pixels;
    size_t used = 0;
    pass->x = take(memory, &used, batch * pixels);
    pass->seen = take(memory, &used, batch * pixels);
    pass->eps = take(memory, &used, codes);
    pass->prior = take(memory, &used, codes);
    pass->probe = take(memory, &used, codes);
    pass->z = take(memory, &used, 2 * codes);
    pass->sigma = take(memory, &used, codes);
    pass->z_grad = take(memory, &used, 2 * codes);
    pass->div_dim = take(memory, &used, codes);
    pass->div_row = take(memory, &used, batch);
    pass->rec_row = take(memory, &used, batch);
    pass->jac_row = take(memory, &used, batch);
    pass->pull = take(memory, &used, (size_t)model->spec.latent);
    pass->bias_total = 0;
    for (int i = 0; i < model->layer_count; i++) {
        const size_t out = (size_t)model->layer[i].out;
        const size_t rows = i >= model->decoder ? 2 * batch : batch;
        LsPassTrace *trace = &pass->trace[i];
        trace->out = take(memory, &used, rows * out);
        trace->delta = take(memory, &used, rows * out);
        const bool sloped = model->layer[i].activated || i == model->logvar;
        trace->slope = sloped ? take(memory, &used, rows * out) : NULL;
        trace->bias_at = pass->bias_total;
        pass->bias_total += ls_pass_round(out);
        const bool head = i == model->mu || i == model->logvar;
        const int before = head ? model->encoder_count - 1 : i - 1;
        trace->input = i == model->decoder ? pass->z
                       : before < 0        ? pass->x
                                           : pass->trace[before].out;
    }
    for (size_t i = 0; i < LS_COUNT(pass->pixel); i++) {
        pass->pixel[i] = take(memory, &used, shards * ls_pass_round(pixels));
    }
    pass->bias = take(memory, &used, shards * pass->bias_total);
    pass->grad = take(memory, &used, (size_t)pass->rooms * pass->room_floats);
    return used;
}

static bool make_images(LsPass *pass, LsError *err)
{
    const size_t shards = (size_t)ls_pass_shards_of(pass->max_batch) + 1; /* with guests */
    const size_t pixels = (size_t)pass->model.pixels;
    const size_t rows =
        pass->max_batch < LS_PASS_SHARD_ROWS ? (size_t)pass->max_batch : LS_PASS_SHARD_ROWS;
    const size_t room = ls_sparse_room(rows, pixels);
    pass->image = ls_memory_items(shards, sizeof *pass->image, err);
    pass->image_memory = pass->image != NULL ? ls_memory_items(shards, room, err) : NULL;
    for (size_t i = 0; i < shards && pass->image_memory != NULL; i++) {
        ls_sparse_init(&pass->image[i], rows, pixels, pass->image_memory + i * room);
    }
    return pass->image_memory != NULL;
}

LsPass *ls_pass_create(const LsModel *model, int max_batch, int workers, LsError *err)
{
    assert(max_batch >= 1 && workers >= 1 && workers <= LS_PASS_WORKERS);
    LsPass *pass = ls_memory_items(1, sizeof *pass, err);
    if (pass == NULL) {
        return NULL;
    }
    pass->model = *model;
    pass->max_batch = max_batch;
    pass->batch = max_batch;
    pass->keep = 1;
    pass->block_count = ls_block_list(model, NULL);
    pass->rooms = workers;
    pass->room_floats = ls_block_largest(model);
    const size_t panel = ls_sparse_panel((size_t)max_batch, LS_PASS_BLOCK_ROWS);
    pass->room_floats = panel > pass->room_floats ? panel : pass->room_floats;
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
    pass->div_mean = ls_memory_items((size_t)model->spec.latent, sizeof *pass->div_mean, err);
    if (pass->div_mean == NULL) {
        goto fail;
    }
    if (!make_images(pass, err)) {
        goto fail;
    }
    (void)lay_out(pass, pass->memory);
    (void)ls_block_list(model, pass->block);
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
    ls_plan_destroy(pass->plan);
    ls_memory_free(pass->memory);
    ls_memory_free(pass->image);
    ls_memory_free(pass->image_memory);
    ls_memory_free(pass->block);
    ls_memory_free(pass->value);
    ls_memory_free(pass->div_mean);
    ls_memory_free(pass);
}

void ls_pass_set_batch(LsPass *pass, int batch)
{
    assert(batch >= 1 && batch <= pass->max_batch);
    pass->batch = batch;
    pass->guests = 0;
}

void ls_pass_set_left(LsPass *pass, LsPassLeft *left, void *context)
{
    pass->left = left;
    pass->left_context = context;
}

int ls_pass_block_layer(const LsPass *pass, int block)
{
    assert(block >= 0 && block < pass->block_count);
    return pass->block[block].layer;
}

void ls_pass_set_guests(LsPass *pass, int guests)
{
    assert(guests >= 0 && guests < pass->batch);
    pass->guests = guests;
}

bool ls_pass_use(LsPass *pass, LsBackend *backend, LsError *err)
{
    ls_plan_destroy(pass->plan);
    pass->plan = NULL;
    pass->plan_current = false;
    if (backend == NULL || ls_backend_kind(backend) == LS_BACKEND_OPENBLAS) {
        return true;
    }
    pass->plan = ls_plan_create(&pass->model, pass->max_batch, backend, err);
    if (pass->plan != NULL &&
        !ls_plan_set_batch(pass->plan, pass->batch - pass->guests, pass->guests, err)) {
        ls_plan_destroy(pass->plan);
        pass->plan = NULL;
    }
    return pass->plan != NULL;
}

LsBackend *ls_pass_backend(const LsPass *pass)
{
    return pass->plan != NULL ? ls_plan_backend(pass->plan) : NULL;
}

void ls_pass_prepare(LsPass *pass, const float *params)
{
    if (pass->plan == NULL) {
        return;
    }
    if (!ls_plan_set_batch(pass->plan, pass->batch - pass->guests, pass->guests, NULL)) {
        ls_plan_destroy(pass->plan); /* no memory for more products: OpenBLAS needs none */
        pass->plan = NULL;
        return;
    }
    if (!pass->plan_current) {
        ls_plan_take_weights(pass->plan, 0, pass->model.param_count, params);
        pass->plan_current = true;
    }
}

void ls_pass_forget(LsPass *pass)
{
    pass->plan_current = false;
}

void ls_pass_set_sparse(LsPass *pass, bool sparse)
{
    /* a plan's copy of these weights is not kept up while they are none of its business */
    pass->plan_current = pass->plan_current && pass->sparse == sparse;
    pass->sparse = sparse;
}

int ls_pass_shards(const LsPass *pass)
{
    return ls_pass_all_shards(pass);
}

int ls_pass_blocks(const LsPass *pass)
{
    return pass->block_count;
}

void ls_pass_shard_rows(const LsPass *pass, int shard, int *first, int *count)
{
    const int own = ls_pass_own_shards(pass);
    assert(shard >= 0 && shard < ls_pass_all_shards(pass));
    const bool guest = shard >= own;
    const int begin = guest ? pass->batch - pass->guests : 0;
    const int end = guest ? pass->batch : pass->batch - pass->guests;
    *first = begin + (guest ? shard - own : shard) * LS_PASS_SHARD_ROWS;
    const int left = end - *first;
    *count = left < LS_PASS_SHARD_ROWS ? left : LS_PASS_SHARD_ROWS;
}

float *ls_pass_x(LsPass *pass)
{
    return pass->x;
}

void ls_pass_set_apart(LsPass *pass, bool apart)
{
    const LsModel *model = &pass->model;
    const float *input = apart ? pass->seen : pass->x;
    if (model->encoder_count > 0) {
        pass->trace[0].input = input;
    } else { /* the two heads look at the image */
        pass->trace[model->mu].input = input;
        pass->trace[model->logvar].input = input;
    }
}

float *ls_pass_seen(LsPass *pass)
{
    return pass->seen;
}

float *ls_pass_eps(LsPass *pass)
{
    return pass->eps;
}

float *ls_pass_prior(LsPass *pass)
{
    return pass->prior;
}

float *ls_pass_probe(LsPass *pass)
{
    return pass->probe;
}

static const LsDivergence *divergence(const LsLoss *loss)
{
    size_t kinds = 0;
    return &ls_divergence_kinds(&kinds)[loss->div];
}

bool ls_pass_gathers(const LsLoss *loss)
{
    return ls_divergence_gathers(divergence(loss));
}

bool ls_pass_compares(const LsLoss *loss)
{
    return divergence(loss)->points != NULL;
}

double ls_pass_amount(const LsLoss *loss, int kind)
{
    return kind == loss->reg ? 1 : loss->mix[kind];
}

double ls_pass_probes(const LsLoss *loss)
{
    size_t count = 0;
    const LsRegularizer *kinds = ls_regularizer_kinds(&count);
    double amount = 0;
    for (size_t i = 0; i < count; i++) {
        amount += kinds[i].probes ? ls_pass_amount(loss, (int)i) : 0;
    }
    return amount;
}

void ls_pass_shard(LsPass *pass, const float *params, const LsLoss *loss, int shard)
{
    ls_shard_run(pass, params, loss, shard);
}

void ls_pass_gather(LsPass *pass, const LsLoss *loss)
{
    const LsDivergence *kind = divergence(loss);
    const size_t latent = (size_t)pass->model.spec.latent;
    if (kind->pull == NULL) {
        return;
    }
    const int own = pass->batch - pass->guests;
    for (size_t j = 0; j < latent; j++) {
        double sum = 0;
        for (size_t row = 0; row < (size_t)own; row++) {
            sum += (double)pass->div_dim[row * latent + j];
        }
        pass->div_mean[j] = sum / own;
    }
    pass->div_value = kind->pull(latent, pass->div_mean, loss->div_param, pass->pull);
}

void ls_pass_rest(LsPass *pass, const float *params, const LsLoss *loss, int shard)
{
    ls_shard_rest(pass, params, loss, shard);
}

void ls_pass_block(LsPass *pass, const LsLoss *loss, const LsAdam *adam, int block, float *params,
                   float *m, float *v)
{
    ls_block_update(pass, loss, adam, block, params, m, v);
}

void ls_pass_set_average(LsPass *pass, double keep, float *mean)
{
    pass->keep = keep;
    pass->mean = mean;
}

void ls_pass_gradient(LsPass *pass, const float *params, const LsLoss *loss, int block, float *grad)
{
    ls_block_gradient(pass, params, loss, block, grad);
}

LsLossValues ls_pass_losses(const LsPass *pass, const LsLoss *loss)
{
    const size_t own = (size_t)(pass->batch - pass->guests);
    LsLossValues values = {
        .rec = ls_sum(own, pass->rec_row) / (double)own,
        .kl = divergence(loss)->pull != NULL ? pass->div_value
                                             : ls_sum(own, pass->div_row) / (double)own,
    };
    for (int i = 0; i < pass->block_count; i++) {
        values.reg += pass->value[i];
    }
    const double probes = ls_pass_probes(loss);
    if (probes > 0) {
        values.reg += probes * (ls_sum(own, pass->jac_row) / (double)own);
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

const float *ls_pass_layer(const LsPass *pass, int layer)
{
    assert(layer >= 0 && layer < pass->model.layer_count);
    return pass->trace[layer].out;
}

const float *ls_pass_z(const LsPass *pass)
{
    return pass->z;
}
