#include "latentscape/vae/regularizer.h"

#include <math.h>
#include <string.h>

#include "nn/adam_rates.h"
#include "nn/fastmath.h"

LS_KERNEL static void l2(size_t n, const float *restrict weight, float factor, float *restrict loss,
                         float *restrict grad)
{
    for (size_t i = 0; i < n; i++) {
        loss[i] = 0.5f * (weight[i] * weight[i]);
        grad[i] += factor * weight[i];
    }
}

LS_KERNEL static void l1(size_t n, const float *restrict weight, float factor, float *restrict loss,
                         float *restrict grad)
{
    for (size_t i = 0; i < n; i++) {
        const float side = weight[i] > 0.0f ? 1.0f : weight[i] < 0.0f ? -1.0f : weight[i];
        loss[i] = fabsf(weight[i]);
        grad[i] += factor * side;
    }
}

enum {
    LANES = 64 /* weights of a row in a strip or a run of a block, but for the last (vae/block.c) */
};

#define ALWAYS_INLINE inline __attribute__((always_inline))

/* All rows; where n is a constant a row is a few vectors without a loop, and where half and bounded are,
 * what is not asked for is not there. */
static ALWAYS_INLINE void update_rows(LsAdamRates r, bool absolute, bool bounded, size_t rows,
                                      size_t n, const float *restrict grad, size_t grad_stride,
                                      float factor, float *restrict loss, float *restrict weight,
                                      float *restrict m, float *restrict v, uint16_t *restrict half,
                                      size_t stride)
{
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < n; i++) {
            const size_t at = row * stride + i;
            const float w = weight[at];
            const float side = w > 0.0f ? 1.0f : w < 0.0f ? -1.0f : w;
            loss[i] += absolute ? fabsf(w) : 0.5f * (w * w);
            const float total = grad[row * grad_stride + i] + factor * (absolute ? side : w);
            ls_adam_rates_apply(r, bounded, total, &weight[at], &m[at], &v[at]);
            if (half != NULL) {
                half[at] = ls_float_half(weight[at]);
            }
        }
    }
}

/* The same for a kind known where this is compiled in: rows of LANES without a bound are what there is most of. */
static ALWAYS_INLINE void update_kind(LsAdamRates r, bool absolute, bool bounded, size_t rows,
                                      size_t n, const float *restrict grad, size_t grad_stride,
                                      float factor, float *restrict loss, float *restrict weight,
                                      float *restrict m, float *restrict v, uint16_t *restrict half,
                                      size_t stride)
{
    const bool usual = !bounded && n == LANES;
    if (usual && half != NULL) {
        update_rows(r, absolute, false, rows, LANES, grad, grad_stride, factor, loss, weight, m, v,
                    half, stride);
    } else if (usual) {
        update_rows(r, absolute, false, rows, LANES, grad, grad_stride, factor, loss, weight, m, v,
                    NULL, stride);
    } else if (half != NULL) {
        update_rows(r, absolute, true, rows, n, grad, grad_stride, factor, loss, weight, m, v, half,
                    stride);
    } else {
        update_rows(r, absolute, true, rows, n, grad, grad_stride, factor, loss, weight, m, v, NULL,
                    stride);
    }
}

/* Without restrict, which inlining forgets, each row would begin by comparing addresses. */
LS_KERNEL static void rows_l2(LsAdamRates r, bool bounded, size_t rows, size_t n,
                              const float *restrict grad, size_t grad_stride, float factor,
                              float *restrict loss, float *restrict weight, float *restrict m,
                              float *restrict v, uint16_t *restrict half, size_t stride)
{
    update_kind(r, false, bounded, rows, n, grad, grad_stride, factor, loss, weight, m, v, half,
                stride);
}

LS_KERNEL static void rows_l1(LsAdamRates r, bool bounded, size_t rows, size_t n,
                              const float *restrict grad, size_t grad_stride, float factor,
                              float *restrict loss, float *restrict weight, float *restrict m,
                              float *restrict v, uint16_t *restrict half, size_t stride)
{
    update_kind(r, true, bounded, rows, n, grad, grad_stride, factor, loss, weight, m, v, half,
                stride);
}

static void step_l2(const LsAdam *adam, size_t rows, size_t n, const float *grad,
                    size_t grad_stride, float factor, float *loss, float *weight, float *m,
                    float *v, uint16_t *half, size_t stride)
{
    memset(loss, 0, n * sizeof *loss);
    rows_l2(ls_adam_rates(adam), ls_adam_rates_bounded(adam), rows, n, grad, grad_stride, factor,
            loss, weight, m, v, half, stride);
}

static void step_l1(const LsAdam *adam, size_t rows, size_t n, const float *grad,
                    size_t grad_stride, float factor, float *loss, float *weight, float *m,
                    float *v, uint16_t *half, size_t stride)
{
    memset(loss, 0, n * sizeof *loss);
    rows_l1(ls_adam_rates(adam), ls_adam_rates_bounded(adam), rows, n, grad, grad_stride, factor,
            loss, weight, m, v, half, stride);
}

LS_KERNEL static void probe_value(size_t n, const float *restrict prob, const float *restrict off,
                                  float *restrict value)
{
    for (size_t i = 0; i < n; i++) {
        const float slope = (off[i] - prob[i]) * (1.0f / LS_REGULARIZER_STEP);
        value[i] = slope * slope;
    }
}

LS_KERNEL static void probe_gradient(size_t n, float factor, const float *restrict prob,
                                     const float *restrict off, float *restrict logit_grad,
                                     float *restrict off_grad, float *restrict bias_grad)
{
    const float pull = 2.0f * factor / (LS_REGULARIZER_STEP * LS_REGULARIZER_STEP);
    for (size_t i = 0; i < n; i++) {
        const float apart = pull * (off[i] - prob[i]);
        const float here = apart * (prob[i] * (1.0f - prob[i]));
        const float there = apart * (off[i] * (1.0f - off[i]));
        logit_grad[i] -= here;
        off_grad[i] = there;
        bias_grad[i] += there - here;
    }
}

static const LsRegularizer kinds[] = {
    {.name = "l2",
     .title = "L2 (weight decay)",
     .symbol = "Σ w² / 2",
     .meaning = "how large weights are, squared",
     .unit = "",
     .range = "0 and up",
     .help = "Half the sum of squared weights: keeps them small and the images smooth.",
     .paper = "Krogh & Hertz 1991",
     .eval = l2,
     .update = step_l2},
    {.name = "l1",
     .title = "L1 (lasso)",
     .symbol = "Σ |w|",
     .meaning = "how large weights are",
     .unit = "",
     .range = "0 and up",
     .help =
         "The sum of absolute weights: pulls each with the same force, so that the needless ones "
         "come to rest at nothing.",
     .paper = "Tibshirani 1996",
     .eval = l1,
     .update = step_l1,
     .absolute = true},
    {.name = "jacobian",
     .title = "Decoder smoothness",
     .symbol = "E |g(z + δu) - g(z)|² / δ²",
     .meaning = "how fast the picture changes",
     .unit = "",
     .range = "0 and up",
     .help = "How fast the picture changes as the code moves, a little way in a random direction: "
             "makes the map change gently from place to place.",
     .paper = "Rifai et al. 2011; Hoffman et al. 2019",
     .probes = true},
};

const LsRegularizer *ls_regularizer_kinds(size_t *count)
{
    *count = LS_COUNT(kinds);
    return kinds;
}

const LsRegularizer *ls_regularizer_find(const char *name, LsError *err)
{
    for (size_t i = 0; i < LS_COUNT(kinds); i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    ls_fail(err, LS_ERR_USAGE, "There is no regularization term \"%s\".", name);
    return NULL;
}

const char *ls_regularizer_name(int index)
{
    return index >= 0 && (size_t)index < LS_COUNT(kinds) ? kinds[index].name : NULL;
}

const char *ls_regularizer_help(int index)
{
    return index >= 0 && (size_t)index < LS_COUNT(kinds) ? kinds[index].help : NULL;
}

void ls_regularizer_probe(size_t n, const float *prob, const float *off, float *value)
{
    probe_value(n, prob, off, value);
}

void ls_regularizer_probe_gradient(size_t n, float factor, const float *prob, const float *off,
                                   float *logit_grad, float *off_grad, float *bias_grad)
{
    probe_gradient(n, factor, prob, off, logit_grad, off_grad, bias_grad);
}
