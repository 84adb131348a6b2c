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

/* From the probability, as the paper has it, but near 1/2; where the probability has no digits left, the
 * same number from the logit. */
static double cb(double l, double x)
{
    const double p = sigmoid(l);
    const double d = p - 0.5;
    double log_c = log(2.0) + 4.0 / 3.0 * d * d + 104.0 / 45.0 * d * d * d * d;
    if (fabs(d) > 0.49) {
        log_c = log(l / tanh(l / 2.0));
    } else if (fabs(d) > 1e-3) {
        log_c = log(2.0 * atanh(1.0 - 2.0 * p) / (1.0 - 2.0 * p));
    }
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
    static const char *const names[] = {"kl", "free_bits", "capacity"};

    for (size_t i = 0; i < LS_COUNT(names); i++) {
        if (strcmp(names[i], name) == 0) {
            return kl;
        }
    }
    fail_msg("divergence term \"%s\" has no twin", name);
    return NULL;
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

static double kernel(size_t latent, const double *a, const double *b, double width)
{
    static const double scales[] = {0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0};

    double distance = 0.0;
    for (size_t j = 0; j < latent; j++) {
        distance += (a[j] - b[j]) * (a[j] - b[j]);
    }
    double sum = 0.0;
    for (size_t s = 0; s < LS_COUNT(scales); s++) {
        const double c = 2.0 * (double)latent * width * width * scales[s];
        sum += c / (c + distance);
    }
    return sum / LS_COUNT(scales);
}

double reference_mmd(size_t n, size_t latent, const double *z, const double *prior, double width)
{
    double within = 0.0, across = 0.0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            const double *zi = z + i * latent, *zj = z + j * latent;
            const double *pi = prior + i * latent, *pj = prior + j * latent;
            if (i != j || n == 1) {
                within += kernel(latent, zi, zj, width) + kernel(latent, pi, pj, width);
            }
            across += kernel(latent, zi, pj, width);
        }
    }
    const double pairs = n > 1 ? (double)n * (double)(n - 1) : 1.0;
    return within / pairs - 2.0 * across / (double)(n * n);
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
                             .z = room(codes),
                             .draws = room(codes),
                             .work = {room(widest), room(widest)}};
}

void reference_finish(Reference *reference)
{
    free(reference->mu);
    free(reference->logvar);
    free(reference->logits);
    free(reference->z);
    free(reference->draws);
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
        reference->z[row * latent + j] = first[j];
    }
    last = layers(reference, params, model->decoder, model->decoder_count - 1, first, second);
    layer(reference, params, model->layer_count - 1, last, reference->logits + row * pixels);
}

/* K from the codes of the last forward pass. */
static double divergence(Reference *reference)
{
    const size_t latent = (size_t)reference->model->spec.latent;
    const size_t batch = (size_t)reference->batch;
    const double param = reference->loss.div_param;
    const char *name = ls_divergence_name(reference->loss.div);
    if (strcmp(name, "mmd") == 0) {
        for (size_t i = 0; i < batch * latent; i++) {
            reference->draws[i] = (double)reference->prior[i];
        }
        return reference_mmd(batch, latent, reference->z, reference->draws, param);
    }
    ReferenceCode *twin = reference_divergence(name);
    double sum = 0.0;
    for (size_t j = 0; j < latent; j++) {
        double mean = 0.0;
        for (size_t row = 0; row < batch; row++) {
            const size_t at = row * latent + j;
            mean += twin(reference->mu[at], reference->logvar[at]) / reference->batch;
        }
        sum += strcmp(name, "free_bits") == 0 ? fmax(param, mean) : mean;
    }
    return strcmp(name, "capacity") == 0 ? fabs(sum - param) : sum;
}

/* How much a picture changes from the last forward pass's z to a tenth of u away, squared, per unit. */
static double jacobian(const Reference *reference, const double *params, size_t row)
{
    const LsModel *model = reference->model;
    const size_t latent = (size_t)model->spec.latent;
    const size_t pixels = (size_t)model->pixels;
    double *first = reference->work[0];
    double *second = reference->work[1];
    for (size_t j = 0; j < latent; j++) {
        first[j] =
            reference->z[row * latent + j] + 0.1 * (double)reference->probe[row * latent + j];
    }
    const double *last =
        layers(reference, params, model->decoder, model->decoder_count - 1, first, second);
    double *off = last == first ? second : first;
    layer(reference, params, model->layer_count - 1, last, off);
    double sum = 0.0;
    for (size_t i = 0; i < pixels; i++) {
        const double slope = (sigmoid(off[i]) - sigmoid(reference->logits[row * pixels + i])) / 0.1;
        sum += slope * slope;
    }
    return sum;
}

/* G: each kind of the mixture. */
static double regularization(const Reference *reference, const double *params)
{
    const LsModel *model = reference->model;
    double sum = 0.0;
    for (int kind = 0; ls_regularizer_name(kind) != NULL; kind++) {
        const LsLoss *loss = &reference->loss;
        const double amount = kind == loss->reg ? 1.0 : loss->mix[kind];
        if (amount == 0.0) {
            continue;
        }
        if (strcmp(ls_regularizer_name(kind), "jacobian") == 0) {
            for (size_t row = 0; row < (size_t)reference->batch; row++) {
                sum += amount * jacobian(reference, params, row) / reference->batch;
            }
            continue;
        }
        ReferenceWeight *twin = reference_regularizer(ls_regularizer_name(kind));
        for (int t = 0; t < model->tensor_count; t++) {
            const LsTensor *tensor = &model->tensor[t];
            const size_t n = tensor->is_weight ? (size_t)tensor->rows * (size_t)tensor->cols : 0;
            for (size_t i = 0; i < n; i++) {
                sum += amount * twin(params[tensor->offset + i]);
            }
        }
    }
    return sum;
}

LsLossValues reference_loss(Reference *reference, const double *params)
{
    const LsModel *model = reference->model;
    const LsLoss *loss = &reference->loss;
    ReferencePixel *recon = reference_recon(ls_recon_name(loss->rec));
    LsLossValues values = {0};
    for (size_t row = 0; row < (size_t)reference->batch; row++) {
        forward_row(reference, params, row);
    }
    const size_t pixels = (size_t)reference->batch * (size_t)model->pixels;
    for (size_t i = 0; i < pixels; i++) {
        values.rec += recon(reference->logits[i], (double)reference->x[i]) / reference->batch;
    }
    values.kl = divergence(reference);
    values.reg = regularization(reference, params);
    values.total = loss->w_rec * values.rec + loss->w_kl * values.kl + loss->w_reg * values.reg;
    return values;
}
