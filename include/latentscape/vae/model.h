/* What a model is made of: its sizes, and where each tensor lies in one flat buffer of floats.
 * Gradients and Adam's two moments share the layout, so a snapshot is one memcpy and a checkpoint
 * one walk over the tensors. A plain value: copy it freely, it owns nothing.
 *
 * Tensor names and shapes are PyTorch's: encoder.I.weight [out, in], encoder.I.bias [out],
 * mu.weight, mu.bias, logvar.weight, logvar.bias, decoder.I.weight, decoder.I.bias. */
#ifndef LATENTSCAPE_VAE_MODEL_H
#define LATENTSCAPE_VAE_MODEL_H

#include "latentscape/core/error.h"
#include "latentscape/core/setting.h"

enum {
    LS_MODEL_LAYERS = 2 * LS_SIZES_MAX + 3, /* encoder, mu, logvar, decoder */
    LS_MODEL_TENSORS = 2 * LS_MODEL_LAYERS,
};

/* The sizes a model is made from. */
typedef struct LsModelSpec {
    int width, height, channels; /* of an image */
    int latent;                  /* >= 1 */
    LsSizes hidden;              /* encoder's widths; the decoder has them reversed */
    int activation;              /* index into ls_activation_kinds() */
} LsModelSpec;

typedef struct LsTensor {
    char name[24];
    int rows, cols; /* bias: rows = out, cols = 1 */
    size_t offset;  /* in floats, a multiple of 16 */
    bool is_weight; /* false: a bias, a vector in files */
} LsTensor;

typedef struct LsLayer {
    int weight, bias; /* indices into tensor[] */
    int in, out;
    bool activated; /* false: linear */
} LsLayer;

typedef struct LsModel {
    LsModelSpec spec;
    int pixels; /* width * height * channels */
    /* layer[0 .. encoder_count-1] encoder, then mu, logvar, then decoder_count layers, the last of
     * them linear: logits. */
    int encoder_count, mu, logvar, decoder, decoder_count, layer_count;
    LsLayer layer[LS_MODEL_LAYERS];
    int tensor_count;
    LsTensor tensor[LS_MODEL_TENSORS];
    size_t param_count;  /* floats in the buffer, padding between tensors included (always zero) */
    size_t weight_total; /* numbers that are learned: without padding */
} LsModel;

/* Lays the model out. Fails: false, LS_ERR_MODEL where a size is out of range (a dimension of 1 to
 * 65,536, at most 2^28 floats in all).  Thread: any. */
LS_CHECKED bool ls_model_init(LsModel *model, const LsModelSpec *spec, LsError *err);

/* Initial weights: He for the relu family, Glorot otherwise, a tenth of Glorot's variance for the
 * linear layers (mu, logvar, logits); biases 0, but for the decoder's first layer: uniform in
 * +-1/sqrt(latent). Shapes: params [param_count].  Thread: any. */
void ls_model_init_params(const LsModel *model, uint64_t seed, float *params);

/* Whether both have the same sizes and activation.  Thread: any. */
bool ls_model_equal(const LsModel *a, const LsModel *b);

/* Where the decoder's parameters begin: all that lies before is the encoder's, all behind the decoder's.
 * Units: floats.  Thread: any. */
size_t ls_model_decoder_at(const LsModel *model);

/* Index of the tensor called name, or -1.  Thread: any. */
int ls_model_find_tensor(const LsModel *model, const char *name);

#endif
