#include "reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "latentscape/nn/activation.h"
#include "latentscape/vae/divergence.h"
#include "latentscape/vae/recon.h"
#include "latentscape/vae/regularizer.h"

#include "twin.h"

static double sigmoid(double l)
{
    return 1.0 / (1.0 + exp(-l));
}

static double bce(double l, double x)
{
    return fmax(l, 0.0) - l * x + log1p(exp(-fabs(l)));
}

static double gaussian(double l, double x)
{
    const double miss = x - sigmoid(l);
    return miss * miss / (2.0 * 0.25 * 0.25);
}

static double laplace(double l, double x)
{
    return fabs(x - sigmoid(l)) / 0.25;
}

/* From the probability, as the paper has it; the twin needs no care but near 1/2. */
static double cb(double l, double x)
{
    const double p = sigmoid(l);
    const double d = p - 0.5;
    const double log_c = fabs(d) < 1e-3
                             ? log(2.0) + 4.0 / 3.0 * d * d + 104.0 / 45.0 * d * d * d * d
                             : log(2.0 * atanh(1.0 - 2.0 * p) / (1.0 - 2.0 * p));
    return bce(l, x) - log_c;
}

static double kl(double mu, double logvar)
{
    return (mu * mu + exp(logvar) - 1.0 - logvar) / 2.0;
}

static double l2(double weight)
{
    return weight * weight / 2.0;
}

static double l1(double weight)
{
    return fabs(weight);
}

ReferencePixel *reference_recon(const char *name)
{
    static const struct {
        const char *name;
        ReferencePixel *twin;
    } rows[] = {{"bce", bce}, {"gaussian", gaussian}, {"laplace", laplace}, {"cb", cb}};

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return rows[i].twin;
        }
    }
    fail_msg("reconstruction term \"%s\" has no twin", name);
    return NULL;
}

ReferenceCode *reference_divergence(const char *name)
{
    if (strcmp(name, "kl") != 0) {
        fail_msg("divergence term \"%s\" has no twin", name);
    }
    return kl;
}

ReferenceWeight *reference_regularizer(const char *name)
{
    if (strcmp(name, "l2") == 0) {
        return l2;
    }
    if (strcmp(name, "l1") != 0) {
        fail_msg("regularization term \"%s\" has no twin", name);
    }
    return l1;
}

static double *room(size_t count)
{
    double *memory = calloc(count, sizeof *memory);
    assert_non_null(memory);
    return memory;
}

void reference_init(Reference *reference, const LsModel *model, int batch, const float *x,
                    const float *eps, LsLoss loss)
{
    size_t widest = (size_t)model->pixels;
    for (int i = 0; i < model->layer_count; i++) {
        const size_t out = (size_t)model->layer[i].out;
        widest = out > widest ? out : widest;
    }
    const size_t codes = (size_t)batch * (size_t)model->spec.latent;
    *reference = (Reference){.model = model,
                             .batch = batch,
                             .x = x,
                             .eps = eps,
                             .loss = loss,
                             .mu = room(codes),
                             .logvar = room(codes),
                             .logits = room((size_t)batch * (size_t)model->pixels),
                             .work = {room(widest), room(widest)}};
}

void reference_finish(Reference *reference)
{
    free(reference->mu);
    free(reference->logvar);
    free(reference->logits);
    free(reference->work[0]);
    free(reference->work[1]);
}

/* y = activation(W x + b) */
static void layer(const Reference *reference, const double *params, int index, const double *x,
                  double *y)
{
    const LsModel *model = reference->model;
    const LsLayer *shape = &model->layer[index];
    const double *weight = params + model->tensor[shape->weight].offset;
    const double *bias = params + model->tensor[shape->bias].offset;
    TwinActivation *twin = twin_activation(ls_activation_name(model->spec.activation));
    for (size_t o = 0; o < (size_t)shape->out; o++) {
        double sum = bias[o];
        for (size_t i = 0; i < (size_t)shape->in; i++) {
            sum += weight[o * (size_t)shape->in + i] * x[i];
        }
        y[o] = shape->activated ? twin(sum) : sum;
    }
}

/* Hidden layers first .. first + count - 1 in turn; the result lies in the array returned. */
static const double *layers(const Reference *reference, const double *params, int first, int count,
                            double *x, double *spare)
{
    for (int i = first; i < first + count; i++) {
        layer(reference, params, i, x, spare);
        double *swap = x;
        x = spare;
        spare = swap;
    }
    return x;
}

static void forward_row(const Reference *reference, const double *params, size_t row)
{
    const LsModel *model = reference->model;
    const size_t latent = (size_t)model->spec.latent;
    const size_t pixels = (size_t)model->pixels;
    double *first = reference->work[0];
    double *second = reference->work[1];
    double *mu = reference->mu + row * latent;
    double *logvar = reference->logvar + row * latent;
    for (size_t i = 0; i < pixels; i++) {
        first[i] = (double)reference->x[row * pixels + i];
    }
    const double *last = layers(reference, params, 0, model->encoder_count, first, second);
    layer(reference, params, model->mu, last, mu);
    layer(reference, params, model->logvar, last, logvar);
    for (size_t j = 0; j < latent; j++) {
        logvar[j] = fmin(fmax(logvar[j], -12.0), 12.0);
        first[j] = mu[j] + exp(logvar[j] / 2.0) * (double)reference->eps[row * latent + j];
    }
    last = layers(reference, params, model->decoder, model->decoder_count - 1, first, second);
    layer(reference, params, model->layer_count - 1, last, reference->logits + row * pixels);
}

LsLossValues reference_loss(Reference *reference, const double *params)
{
    const LsModel *model = reference->model;
    const LsLoss *loss = &reference->loss;
    ReferencePixel *recon = reference_recon(ls_recon_name(loss->rec));
    ReferenceCode *divergence = reference_divergence(ls_divergence_name(loss->div));
    ReferenceWeight *regularizer = reference_regularizer(ls_regularizer_name(loss->reg));
    LsLossValues values = {0};
    for (size_t row = 0; row < (size_t)reference->batch; row++) {
        forward_row(reference, params, row);
    }
    const size_t pixels = (size_t)reference->batch * (size_t)model->pixels;
    for (size_t i = 0; i < pixels; i++) {
        values.rec += recon(reference->logits[i], (double)reference->x[i]) / reference->batch;
    }
    const size_t codes = (size_t)reference->batch * (size_t)model->spec.latent;
    for (size_t i = 0; i < codes; i++) {
        values.kl += divergence(reference->mu[i], reference->logvar[i]) / reference->batch;
    }
    for (int t = 0; t < model->tensor_count; t++) {
        const LsTensor *tensor = &model->tensor[t];
        const size_t n = tensor->is_weight ? (size_t)tensor->rows * (size_t)tensor->cols : 0;
        for (size_t i = 0; i < n; i++) {
            values.reg += regularizer(params[tensor->offset + i]);
        }
    }
    values.total = loss->w_rec * values.rec + loss->w_kl * values.kl + loss->w_reg * values.reg;
    return values;
}
