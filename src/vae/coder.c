#include "latentscape/vae/coder.h"

#include <assert.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/nn/gemm.h"

#include "vae/forward.h"

struct LsCoder {
    // --- immutable after create
    LsModel model;
    int rows;
    // --- whoever holds the coder
    float *hidden[2]; /* [rows, widest hidden layer]: one is read while the other is written */
    float *slope;     /* [rows, widest layer but the pixels]; not used here, activations give it */
};

LsCoder *ls_coder_create(const LsModel *model, int rows, LsError *err)
{
    assert(rows >= 1);
    LsCoder *coder = ls_memory_items(1, sizeof *coder, err);
    if (coder == NULL) {
        return NULL;
    }
    coder->model = *model;
    coder->rows = rows;
    size_t widest = (size_t)model->spec.latent;
    for (int i = 0; i < model->spec.hidden.count; i++) {
        const size_t width = (size_t)model->spec.hidden.value[i];
        widest = width > widest ? width : widest;
    }
    /* rows and widths are below 2^31 each: no overflow in 64 bits; ls_memory_floats checks the rest. */
    const size_t floats = (size_t)rows * widest;
    coder->hidden[0] = ls_memory_floats(floats, err);
    coder->hidden[1] = coder->hidden[0] != NULL ? ls_memory_floats(floats, err) : NULL;
    coder->slope = coder->hidden[1] != NULL ? ls_memory_floats(floats, err) : NULL;
    if (coder->slope == NULL) {
        ls_coder_destroy(coder);
        return NULL;
    }
    ls_gemm_init();
    return coder;
}

void ls_coder_destroy(LsCoder *coder)
{
    if (coder == NULL) {
        return;
    }
    ls_memory_free(coder->hidden[0]);
    ls_memory_free(coder->hidden[1]);
    ls_memory_free(coder->slope);
    ls_memory_free(coder);
}

const LsModel *ls_coder_model(const LsCoder *coder)
{
    return &coder->model;
}

int ls_coder_rows(const LsCoder *coder)
{
    return coder->rows;
}

/* Runs hidden layers first .. first + count - 1 and returns the last one's output. */
static const float *run_hidden(LsCoder *coder, const float *params, int first, int count, int n,
                               const float *x)
{
    for (int i = 0; i < count; i++) {
        const LsDense layer = ls_forward_layer(&coder->model, params, first + i);
        float *y = coder->hidden[i % 2];
        ls_dense_forward(&layer, ls_forward_activation(&coder->model, first + i), n, x,
                         coder->slope, y);
        x = y;
    }
    return x;
}

void ls_coder_encode(LsCoder *coder, const float *params, int n, const float *x, float *mu,
                     float *logvar)
{
    assert(n >= 0 && n <= coder->rows);
    if (n == 0) {
        return;
    }
    const LsModel *model = &coder->model;
    const float *last = run_hidden(coder, params, 0, model->encoder_count, n, x);
    const LsDense mean = ls_forward_layer(model, params, model->mu);
    const LsDense spread = ls_forward_layer(model, params, model->logvar);
    ls_dense_forward(&mean, NULL, n, last, NULL, mu);
    ls_dense_forward(&spread, NULL, n, last, NULL, logvar);
    ls_forward_clamp((size_t)n * (size_t)model->spec.latent, logvar, coder->slope);
}

void ls_coder_decode(LsCoder *coder, const float *params, int n, const float *z, float *logits,
                     float *prob)
{
    assert(n >= 0 && n <= coder->rows);
    float *out = logits != NULL ? logits : prob;
    if (n == 0 || out == NULL) {
        return;
    }
    const LsModel *model = &coder->model;
    const int hidden = model->decoder_count - 1;
    const float *last = run_hidden(coder, params, model->decoder, hidden, n, z);
    const LsDense layer = ls_forward_layer(model, params, model->decoder + hidden);
    const size_t pixels = (size_t)model->pixels;
    ls_dense_product(&layer, n, last, out);
    for (size_t row = 0; row < (size_t)n; row++) {
        if (logits == NULL) {
            ls_dense_sigmoid_add(pixels, layer.bias, prob + row * pixels);
            continue;
        }
        ls_dense_add(pixels, layer.bias, logits + row * pixels);
        if (prob != NULL) {
            ls_dense_sigmoid(pixels, logits + row * pixels, prob + row * pixels);
        }
    }
}
