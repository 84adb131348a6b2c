#include "latentscape/nn/dense.h"

#include "latentscape/nn/gemm.h"

#include "nn/fastmath.h"

LS_KERNEL static void add(size_t n, const float *restrict bias, float *restrict y)
{
    for (size_t i = 0; i < n; i++) {
        y[i] += bias[i];
    }
}

LS_KERNEL static void slope_row(size_t n, const float *restrict slope, float *restrict delta,
                                float *restrict bias_grad)
{
    for (size_t i = 0; i < n; i++) {
        delta[i] *= slope[i];
        bias_grad[i] += delta[i];
    }
}

LS_KERNEL static void sigmoid(size_t n, const float *restrict logits, float *restrict prob)
{
    for (size_t i = 0; i < n; i++) {
        prob[i] = ls_sigmoid(logits[i]);
    }
}

LS_KERNEL static void sigmoid_add(size_t n, const float *restrict bias, float *restrict y)
{
    for (size_t i = 0; i < n; i++) {
        y[i] = ls_sigmoid(y[i] + bias[i]);
    }
}

void ls_dense_forward(const LsDense *layer, const LsActivation *activation, int rows,
                      const float *x, float *slope, float *y)
{
    ls_dense_product(layer, rows, x, activation != NULL ? slope : y);
    ls_dense_finish(layer, activation, rows, slope, y);
}

void ls_dense_finish(const LsDense *layer, const LsActivation *activation, int rows, float *slope,
                     float *y)
{
    const size_t n = (size_t)layer->out;
    for (size_t row = 0; row < (size_t)rows; row++) {
        if (activation != NULL) {
            activation->eval(n, layer->bias, slope + row * n, y + row * n);
        } else {
            add(n, layer->bias, y + row * n);
        }
    }
}

void ls_dense_product(const LsDense *layer, int rows, const float *x, float *y)
{
    ls_gemm_nt(rows, layer->out, layer->in, x, layer->weight, y);
}

void ls_dense_input_gradient(const LsDense *layer, int rows, const float *delta, bool add_to,
                             float *x_grad)
{
    ls_gemm_nn(rows, layer->in, layer->out, delta, layer->weight, add_to, x_grad);
}

void ls_dense_weight_gradient(int in, int out, int rows, int first, int count, const float *delta,
                              const float *x, float *grad)
{
    ls_gemm_tn(count, in, rows, delta + first, out, x, grad);
}

void ls_dense_slope(size_t n, int rows, const float *slope, float *delta, float *bias_grad)
{
    for (size_t row = 0; row < (size_t)rows; row++) {
        slope_row(n, slope + row * n, delta + row * n, bias_grad);
    }
}

void ls_dense_add(size_t n, const float *bias, float *y)
{
    add(n, bias, y);
}

void ls_dense_sigmoid(size_t n, const float *logits, float *prob)
{
    sigmoid(n, logits, prob);
}

void ls_dense_sigmoid_add(size_t n, const float *bias, float *y)
{
    sigmoid_add(n, bias, y);
}
