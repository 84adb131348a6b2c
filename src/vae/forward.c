#include "vae/forward.h"

#include "nn/fastmath.h"

LS_KERNEL static void clamp(size_t n, float *restrict logvar, float *restrict slope)
{
    for (size_t i = 0; i < n; i++) {
        const float raw = logvar[i];
        const float low = raw < LS_LOGVAR_MIN ? LS_LOGVAR_MIN : raw;
        logvar[i] = low > LS_LOGVAR_MAX ? LS_LOGVAR_MAX : low;
        slope[i] = raw < LS_LOGVAR_MIN || raw > LS_LOGVAR_MAX ? 0.0f : 1.0f;
    }
}

LsDense ls_forward_layer(const LsModel *model, const float *params, int index)
{
    const LsLayer *layer = &model->layer[index];
    return (LsDense){.in = layer->in,
                     .out = layer->out,
                     .weight = params + model->tensor[layer->weight].offset,
                     .bias = params + model->tensor[layer->bias].offset};
}

const LsActivation *ls_forward_activation(const LsModel *model, int index)
{
    size_t count = 0;
    return model->layer[index].activated ? &ls_activation_kinds(&count)[model->spec.activation]
                                         : NULL;
}

void ls_forward_clamp(size_t n, float *logvar, float *slope)
{
    clamp(n, logvar, slope);
}
