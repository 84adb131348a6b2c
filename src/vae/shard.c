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

/* A layer's delta is whole on these rows: what multiplies by it may take it. */
static void take_delta(const LsPass *pass, int index, int first, int rows)
{
    if (pass->plan != NULL) {
        ls_plan_take_delta(pass->plan, index, first, rows,
                           pass->trace[index].delta +
                               ls_pass_row(first, pass->model.layer[index].out));
    }
}

static void forward(LsPass *pass, const float *params, int index, int first, int rows)
{
    const LsDense layer = ls_forward_layer(&pass->model, params, index);
    const LsPassTrace *trace = &pass->trace[index];
    const size_t at = ls_pass_row(first, layer.out);
    const LsActivation *activation = ls_forward_activation(&pass->model, index);
    const float *x = trace->input + ls_pass_row(first, layer.in);
    float *slope = activation != NULL ? trace->slope + at : NULL;
    if (pass->plan != NULL && ls_plan_forward(pass->plan, index, first, rows, params, x,
                                              slope != NULL ? slope : trace->out + at)) {
        ls_dense_finish(&layer, activation, rows, slope, trace->out + at);
    } else {
        ls_dense_forward(&layer, activation, rows, x, slope, trace->out + at);
    }
}

/* From delta of a layer to the gradient of its input. */
static void backward(const LsPass *pass, const float *params, int index, int first, int rows,
                     bool add, float *input_grad)
{
    const LsDense layer = ls_forward_layer(&pass->model, params, index);
    const float *delta = pass->trace[index].delta + ls_pass_row(first, layer.out);
    float *x_grad = input_grad + ls_pass_row(first, layer.in);
    if (pass->plan == NULL ||
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
        ls_dense_sigmoid(pixels, logits->out + at, prob);
        kind->eval(pixels, logits->out + at, prob, pass->x + at, nats, delta);
        pass->rec_row[row] = (float)(scaled * ls_sum(pixels, nats));
        if (factor == 0.0f) {
            memset(delta, 0, pixels * sizeof *delta);
        } else {
            scale(pixels, factor, delta, bias + logits->bias_at);
        }
    }
    take_delta(pass, pass->model.layer_count - 1, first, rows);
}

/* K and the gradients of mu and logvar, R's through z included. */
static void diverge(LsPass *pass, const LsLoss *loss, int first, int rows, float *bias)
{
    size_t kinds = 0;
    const LsDivergence *kind = &ls_divergence_kinds(&kinds)[loss->div];
    const size_t latent = (size_t)pass->model.spec.latent;
    const size_t at = (size_t)first * latent;
    const size_t n = (size_t)rows * latent;
    const LsPassTrace *mean = &pass->trace[pass->model.mu];
    const LsPassTrace *spread = &pass->trace[pass->model.logvar];
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
    take_delta(pass, pass->model.mu, first, rows);
    take_delta(pass, pass->model.logvar, first, rows);
}

static void run_forward(LsPass *pass, const float *params, int first, int rows)
{
    const LsModel *model = &pass->model;
    for (int i = 0; i <= model->logvar; i++) { /* the encoder's layers, then the two heads */
        forward(pass, params, i, first, rows);
    }
    const LsPassTrace *spread = &pass->trace[model->logvar];
    const size_t at = ls_pass_row(first, model->spec.latent);
    const size_t n = ls_pass_row(rows, model->spec.latent);
    ls_forward_clamp(n, spread->out + at, spread->slope + at);
    sample(n, pass->trace[model->mu].out + at, spread->out + at, pass->eps + at, pass->sigma + at,
           pass->z + at);
    for (int i = model->decoder; i < model->layer_count; i++) {
        forward(pass, params, i, first, rows);
    }
}

void ls_shard_run(LsPass *pass, const float *params, const LsLoss *loss, int shard)
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
