#include "vae/shard.h"

#include <string.h>

#include "latentscape/nn/sum.h"
#include "latentscape/vae/divergence.h"
#include "latentscape/vae/recon.h"

#include "nn/fastmath.h"
#include "vae/forward.h"

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

/* Whether a layer's products for the rows from this one on are a plan's, which knows nothing of those
 * behind the batch: pictures that are probed. */
static bool planned(const LsPass *pass, int index, int first)
{
    return ls_pass_planned(pass, index) && first < pass->batch;
}

/* Of what a layer looks at, the rows of a shard where they are mostly zeros, or NULL. */
static const LsSparse *sparse_of(const LsPass *pass, int index, int shard)
{
    const bool taken = ls_pass_looks(&pass->model, index) && pass->image[shard].rows > 0;
    return taken && !ls_pass_planned(pass, index) ? &pass->image[shard] : NULL;
}

/* Finds out what is not zero in the images of a shard, for whom it may concern. */
static void take_image(LsPass *pass, int shard, int first, int rows)
{
    const LsLayer *layer = &pass->model.layer[0];
    if (!ls_pass_planned(pass, 0) && ls_tile_suit(layer->out, layer->in) != NULL) {
        (void)ls_sparse_take(&pass->image[shard], (size_t)rows,
                             pass->trace[0].input + ls_pass_row(first, layer->in));
    }
}

/* A layer's delta is whole on these rows: what multiplies by it may take it. */
static void take_delta(const LsPass *pass, int index, int first, int rows)
{
    if (planned(pass, index, first)) {
        ls_plan_take_delta(pass->plan, index, first, rows,
                           pass->trace[index].delta +
                               ls_pass_row(first, pass->model.layer[index].out));
    }
}

/* The product x W^T of a layer, by whom it concerns. */
static void product(LsPass *pass, const float *params, int index, int first, int rows,
                    const LsSparse *sparse, float *y)
{
    const LsDense layer = ls_forward_layer(&pass->model, params, index);
    const float *x = pass->trace[index].input + ls_pass_row(first, layer.in);
    const LsTileKernel *tiles =
        sparse != NULL ? ls_tile_suit_rows(rows, layer.out, layer.in) : NULL;
    if (planned(pass, index, first)) {
        ls_plan_take_input(pass->plan, index, first, rows, x);
        if (ls_plan_forward(pass->plan, index, first, rows, params, x, y)) {
            return;
        }
    }
    if (tiles != NULL) {
        ls_sparse_nt(tiles, sparse, (size_t)layer.out, layer.weight, y);
    } else {
        ls_dense_product(&layer, rows, x, y);
    }
}

static void forward(LsPass *pass, const float *params, int index, int first, int rows,
                    const LsSparse *sparse)
{
    const LsDense layer = ls_forward_layer(&pass->model, params, index);
    const LsPassTrace *trace = &pass->trace[index];
    const size_t at = ls_pass_row(first, layer.out);
    const LsActivation *activation = ls_forward_activation(&pass->model, index);
    float *slope = activation != NULL ? trace->slope + at : NULL;
    product(pass, params, index, first, rows, sparse, slope != NULL ? slope : trace->out + at);
    ls_dense_finish(&layer, activation, rows, slope, trace->out + at);
}

/* From delta of a layer to the gradient of its input. */
static void backward(const LsPass *pass, const float *params, int index, int first, int rows,
                     bool add, float *input_grad)
{
    const LsDense layer = ls_forward_layer(&pass->model, params, index);
    const float *delta = pass->trace[index].delta + ls_pass_row(first, layer.out);
    float *x_grad = input_grad + ls_pass_row(first, layer.in);
    if (!planned(pass, index, first) ||
        !ls_plan_inputs(pass->plan, index, first, rows, params, delta, add, x_grad)) {
        ls_dense_input_gradient(&layer, rows, delta, add, x_grad);
    }
}

/* From the gradient of an activated layer's output to its delta, in place, and its bias's. */
static void backward_slope(const LsPass *pass, int index, int first, int rows, float *bias)
{
    const int out = pass->model.layer[index].out;
    const LsPassTrace *trace = &pass->trace[index];
    const size_t at = ls_pass_row(first, out);
    ls_dense_slope((size_t)out, rows, trace->slope + at, trace->delta + at, bias + trace->bias_at);
    take_delta(pass, index, first, rows);
}

/* R and its gradient. A weight of 0 gives zeros, also where the term itself is not finite. */
static void reconstruct(LsPass *pass, const LsLoss *loss, int shard, int first, int rows,
                        float *bias)
{
    size_t kinds = 0;
    const LsRecon *kind = &ls_recon_kinds(&kinds)[loss->rec];
    const size_t pixels = (size_t)pass->model.pixels;
    const LsPassTrace *logits = &pass->trace[pass->model.layer_count - 1];
    const double scaled = ls_recon_scale(kind, loss->deviation);
    const float factor = (float)(loss->w_rec * scaled / pass->batch);
    float *prob = pass->pixel[0] + (size_t)shard * ls_pass_round(pixels);
    float *nats = pass->pixel[1] + (size_t)shard * ls_pass_round(pixels);
    for (int row = first; row < first + rows; row++) {
        const size_t at = ls_pass_row(row, pass->model.pixels);
        float *delta = logits->delta + at;
        if (kind->direct != NULL) {
            kind->direct(pixels, logits->out + at, pass->x + at, nats, delta);
        } else {
            ls_dense_sigmoid(pixels, logits->out + at, prob);
            kind->eval(pixels, logits->out + at, prob, pass->x + at, nats, delta);
        }
        pass->rec_row[row] = (float)(scaled * ls_sum(pixels, nats));
        if (factor == 0.0f) {
            memset(delta, 0, pixels * sizeof *delta);
        } else {
            scale(pixels, factor, delta, bias + logits->bias_at);
        }
    }
    take_delta(pass, pass->model.layer_count - 1, first, rows);
}

/* How the pictures change a little way off, and what that adds to the gradients of both; factor 0: the
 * value alone. */
static void smooth(LsPass *pass, float factor, int shard, int first, int rows, float *bias)
{
    const size_t pixels = (size_t)pass->model.pixels;
    const LsPassTrace *logits = &pass->trace[pass->model.layer_count - 1];
    const size_t scratch = (size_t)shard * ls_pass_round(pixels);
    float *prob = pass->pixel[0] + scratch;
    float *value = pass->pixel[1] + scratch;
    float *off = pass->pixel[2] + scratch;
    for (int row = first; row < first + rows; row++) {
        const size_t here = ls_pass_row(row, pass->model.pixels);
        const size_t there = ls_pass_row(row + pass->batch, pass->model.pixels);
        ls_dense_sigmoid(pixels, logits->out + here, prob);
        ls_dense_sigmoid(pixels, logits->out + there, off);
        ls_regularizer_probe(pixels, prob, off, value);
        pass->jac_row[row] = (float)ls_sum(pixels, value);
        if (factor != 0.0f) {
            ls_regularizer_probe_gradient(pixels, factor, prob, off, logits->delta + here,
                                          logits->delta + there, bias + logits->bias_at);
        }
    }
    if (factor != 0.0f) {
        take_delta(pass, pass->model.layer_count - 1, first, rows);
    }
}

/* Each dimension's loss and its gradients to mu and logvar, unweighted. */
static void diverge(LsPass *pass, const LsDivergence *kind, int first, int rows)
{
    const size_t at = ls_pass_row(first, pass->model.spec.latent);
    const size_t n = ls_pass_row(rows, pass->model.spec.latent);
    const LsPassTrace *mean = &pass->trace[pass->model.mu];
    const LsPassTrace *spread = &pass->trace[pass->model.logvar];
    kind->eval(n, mean->out + at, spread->out + at, pass->div_dim + at, mean->delta + at,
               spread->delta + at);
}

/* What the whole minibatch says to these rows: its pull on each dimension, or each code's gradient among
 * the others, which goes to z. */
static void weigh(LsPass *pass, const LsDivergence *kind, const LsLoss *loss, int first, int rows)
{
    const int latent = pass->model.spec.latent;
    const float factor = (float)(loss->w_kl / pass->batch);
    const size_t at = ls_pass_row(first, latent);
    const size_t n = ls_pass_row(rows, latent);
    float *mu = pass->trace[pass->model.mu].delta + at;
    float *logvar = pass->trace[pass->model.logvar].delta + at;
    if (kind->points == NULL) {
        for (size_t i = 0; i < n; i++) {
            mu[i] *= pass->pull[i % (size_t)latent];
            logvar[i] *= pass->pull[i % (size_t)latent];
        }
        return;
    }
    for (int row = first; row < first + rows; row++) {
        float *pull = pass->div_dim + ls_pass_row(row, latent);
        pass->div_row[row] = (float)kind->points(pass->batch, latent, pass->z, pass->prior, row,
                                                 loss->div_param, pull);
        float *grad = pass->z_grad + ls_pass_row(row, latent);
        for (int j = 0; factor != 0.0f && j < latent; j++) {
            grad[j] += factor * pull[j];
        }
    }
    memset(mu, 0, n * sizeof *mu); /* K reaches them through z */
    memset(logvar, 0, n * sizeof *logvar);
}

/* K's gradients weighted, R's through z added. */
static void reach_code(LsPass *pass, const LsDivergence *kind, const LsLoss *loss, int first,
                       int rows, float *bias)
{
    const size_t latent = (size_t)pass->model.spec.latent;
    const size_t at = (size_t)first * latent;
    const size_t n = (size_t)rows * latent;
    const LsPassTrace *mean = &pass->trace[pass->model.mu];
    const LsPassTrace *spread = &pass->trace[pass->model.logvar];
    const float factor = (float)(loss->w_kl / pass->batch);
    float *mu = mean->delta + at;
    float *logvar = spread->delta + at;
    if (factor == 0.0f) { /* zero even where the term is not finite */
        memset(mu, 0, n * sizeof *mu);
        memset(logvar, 0, n * sizeof *logvar);
    }
    unsample(n, factor, pass->z_grad + at, pass->eps + at, pass->sigma + at, spread->slope + at, mu,
             logvar);
    for (size_t row = 0; row < (size_t)rows; row++) {
        if (kind->points == NULL) {
            const float *nats = pass->div_dim + at + row * latent;
            pass->div_row[(size_t)first + row] = (float)ls_sum(latent, nats);
        }
        ls_dense_add(latent, mu + row * latent, bias + mean->bias_at);
        ls_dense_add(latent, logvar + row * latent, bias + spread->bias_at);
    }
    take_delta(pass, pass->model.mu, first, rows);
    take_delta(pass, pass->model.logvar, first, rows);
}

static void run_encoder(LsPass *pass, const float *params, int shard, int first, int rows)
{
    const LsModel *model = &pass->model;
    take_image(pass, shard, first, rows);
    for (int i = 0; i <= model->logvar; i++) { /* the encoder's layers, then the two heads */
        forward(pass, params, i, first, rows, sparse_of(pass, i, shard));
    }
    const LsPassTrace *spread = &pass->trace[model->logvar];
    const size_t at = ls_pass_row(first, model->spec.latent);
    const size_t n = ls_pass_row(rows, model->spec.latent);
    ls_forward_clamp(n, spread->out + at, spread->slope + at);
    sample(n, pass->trace[model->mu].out + at, spread->out + at, pass->eps + at, pass->sigma + at,
           pass->z + at);
}

static void run_decoder(LsPass *pass, const float *params, int first, int rows)
{
    for (int i = pass->model.decoder; i < pass->model.layer_count; i++) {
        forward(pass, params, i, first, rows, NULL);
    }
}

/* Nothing more is done by this shard with a layer. */
static void leave(const LsPass *pass, int layer)
{
    if (pass->left != NULL) {
        pass->left(pass->left_context, layer);
    }
}

/* From the logits' delta to the gradient of z; last: these rows are the shard's last ones to go this way. */
static void return_decoder(LsPass *pass, const float *params, int first, int rows, bool last,
                           float *bias)
{
    const LsModel *model = &pass->model;
    for (int i = model->layer_count - 1; i >= model->decoder; i--) {
        const bool ends = i == model->decoder;
        backward(pass, params, i, first, rows, false,
                 ends ? pass->z_grad : pass->trace[i - 1].delta);
        if (last) {
            leave(pass, i);
        }
        if (!ends) {
            backward_slope(pass, i - 1, first, rows, bias);
        }
    }
}

/* From the heads' deltas to that of the first layer. */
static void return_encoder(LsPass *pass, const float *params, int first, int rows, float *bias)
{
    const LsModel *model = &pass->model;
    const int last = model->encoder_count - 1;
    if (last >= 0) {
        backward(pass, params, model->mu, first, rows, false, pass->trace[last].delta);
        backward(pass, params, model->logvar, first, rows, true, pass->trace[last].delta);
    }
    leave(pass, model->mu);
    leave(pass, model->logvar);
    for (int i = last; i >= 0; i--) {
        backward_slope(pass, i, first, rows, bias);
        if (i > 0) {
            backward(pass, params, i, first, rows, false, pass->trace[i - 1].delta);
        }
        leave(pass, i);
    }
}

/* The pictures a little way off: in the decoder's rows behind the batch's. */
static void run_probe(LsPass *pass, const float *params, int first, int rows)
{
    const size_t at = ls_pass_row(first, pass->model.spec.latent);
    const size_t n = ls_pass_row(rows, pass->model.spec.latent);
    float *off = pass->z + ls_pass_row(first + pass->batch, pass->model.spec.latent);
    for (size_t i = 0; i < n; i++) {
        off[i] = pass->z[at + i] + LS_REGULARIZER_STEP * pass->probe[at + i];
    }
    run_decoder(pass, params, first + pass->batch, rows);
}

/* The gradient of the code they were made from is that of the one a little way off. */
static void return_probe(LsPass *pass, const float *params, int first, int rows, float *bias)
{
    const int off = first + pass->batch;
    return_decoder(pass, params, off, rows, true, bias);
    ls_dense_add(ls_pass_row(rows, pass->model.spec.latent),
                 pass->z_grad + ls_pass_row(off, pass->model.spec.latent),
                 pass->z_grad + ls_pass_row(first, pass->model.spec.latent));
}

/* The guests lie between the decoder's own rows and those that were probed, and it learns nothing from
 * them: so they leave it. */
static void forget_guests(LsPass *pass, int first, int rows)
{
    for (int i = pass->model.decoder; i < pass->model.layer_count; i++) {
        const int out = pass->model.layer[i].out;
        memset(pass->trace[i].delta + ls_pass_row(first, out), 0,
               ls_pass_row(rows, out) * sizeof(float));
        leave(pass, i);
    }
}

static const LsDivergence *divergence(const LsLoss *loss)
{
    size_t kinds = 0;
    return &ls_divergence_kinds(&kinds)[loss->div];
}

void ls_shard_run(LsPass *pass, const float *params, const LsLoss *loss, int shard)
{
    int first = 0;
    int rows = 0;
    ls_pass_shard_rows(pass, shard, &first, &rows);
    float *bias = pass->bias + (size_t)shard * pass->bias_total;
    memset(bias, 0, pass->bias_total * sizeof *bias);

    run_encoder(pass, params, shard, first, rows);
    run_decoder(pass, params, first, rows);
    reconstruct(pass, loss, shard, first, rows, bias);
    const float factor = ls_pass_probe_factor(pass, loss);
    const bool guests = shard >= ls_pass_own_shards(pass); /* they are not probed */
    if (ls_pass_probes(loss) > 0 && !guests) {
        run_probe(pass, params, first, rows);
        smooth(pass, factor, shard, first, rows, bias);
    }
    return_decoder(pass, params, first, rows, factor == 0.0f, bias);
    if (factor != 0.0f && guests) {
        forget_guests(pass, first, rows);
    } else if (factor != 0.0f) {
        return_probe(pass, params, first, rows, bias);
    }
    const LsDivergence *kind = divergence(loss);
    if (kind->eval != NULL) {
        diverge(pass, kind, first, rows);
    }
    if (!ls_divergence_gathers(kind)) {
        reach_code(pass, kind, loss, first, rows, bias);
        return_encoder(pass, params, first, rows, bias);
    }
}

void ls_shard_rest(LsPass *pass, const float *params, const LsLoss *loss, int shard)
{
    int first = 0;
    int rows = 0;
    ls_pass_shard_rows(pass, shard, &first, &rows);
    float *bias = pass->bias + (size_t)shard * pass->bias_total;
    const LsDivergence *kind = divergence(loss);
    weigh(pass, kind, loss, first, rows);
    reach_code(pass, kind, loss, first, rows, bias);
    return_encoder(pass, params, first, rows, bias);
}
