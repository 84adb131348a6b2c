/* A dense layer at work: y = activation(x W^T + b), and the two gradients of it. Rows are images.
 * Symbols: rows = images at hand, in and out = the layer's widths. Nothing may overlap. */
#ifndef LATENTSCAPE_NN_DENSE_H
#define LATENTSCAPE_NN_DENSE_H

#include "latentscape/nn/activation.h"

/* A layer's place among the parameters. Borrowed. */
typedef struct LsDense {
    int in, out;
    const float *weight; /* [out, in] */
    const float *bias;   /* [out] */
} LsDense;

/* Forward. activation NULL: linear, slope is then not touched and may be NULL.
 * Shapes: x [rows, in]; slope [rows, out], gets the activation's derivative; y [rows, out].
 * Thread: any. */
void ls_dense_forward(const LsDense *layer, const LsActivation *activation, int rows,
                      const float *x, float *slope, float *y);

/* What a forward pass does after its product, which has been left in slope, or in y where activation is
 * NULL. Shapes: as ls_dense_forward().  Thread: any. */
void ls_dense_finish(const LsDense *layer, const LsActivation *activation, int rows, float *slope,
                     float *y);

/* The product of a forward pass alone, without bias. Shapes: x [rows, in], y [rows, out].
 * Thread: any. */
void ls_dense_product(const LsDense *layer, int rows, const float *x, float *y);

/* Gradient of the layer's inputs, or added to it. Shapes: delta = gradient of x W^T + b [rows, out],
 * x_grad [rows, in].  Thread: any. */
void ls_dense_input_gradient(const LsDense *layer, int rows, const float *delta, bool add_to,
                             float *x_grad);

/* Gradient of weight rows first .. first + count - 1. Shapes: delta [rows, out], x [rows, in],
 * grad [count, in].  Thread: any. */
void ls_dense_weight_gradient(int in, int out, int rows, int first, int count, const float *delta,
                              const float *x, float *grad);

/* From the gradient of y to that of x W^T + b, in place, adding the bias's gradient on the way.
 * Shapes: slope [rows, n], delta [rows, n], bias_grad [n], added to.  Thread: any. */
void ls_dense_slope(size_t n, int rows, const float *slope, float *delta, float *bias_grad);

/* y += bias on one row. Shapes: [n].  Thread: any. */
void ls_dense_add(size_t n, const float *bias, float *y);

/* prob = sigmoid(logits). Shapes: [n].  Thread: any. */
void ls_dense_sigmoid(size_t n, const float *logits, float *prob);

/* y = sigmoid(y + bias) on one row. Shapes: [n].  Thread: any. */
void ls_dense_sigmoid_add(size_t n, const float *bias, float *y);

#endif
