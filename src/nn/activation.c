#include "latentscape/nn/activation.h"

#include <string.h>

#include "nn/fastmath.h"

LS_KERNEL static void relu(size_t n, const float *restrict bias, float *restrict slope,
                           float *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        const float pre = slope[i] + bias[i];
        out[i] = pre < 0.0f ? 0.0f : pre; /* written so that NaN stays NaN */
        slope[i] = pre > 0.0f ? 1.0f : 0.0f;
    }
}

LS_KERNEL static void leaky_relu(size_t n, const float *restrict bias, float *restrict slope,
                                 float *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        const float pre = slope[i] + bias[i];
        const float factor = pre > 0.0f ? 1.0f : 0.01f;
        out[i] = factor * pre;
        slope[i] = factor;
    }
}

LS_KERNEL static void silu(size_t n, const float *restrict bias, float *restrict slope,
                           float *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        const float pre = slope[i] + bias[i];
        const float s = ls_sigmoid(pre);
        out[i] = pre * s;
        slope[i] = s + pre * s * (1.0f - s);
    }
}

/* The exact form, x * Phi(x), not the tanh approximation (Hendrycks & Gimpel 2016). */
LS_KERNEL static void gelu(size_t n, const float *restrict bias, float *restrict slope,
                           float *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        const float pre = slope[i] + bias[i];
        const float tail = ls_normal_tail(pre);
        const float phi = pre < 0.0f ? tail : 1.0f - tail;
        const float density = 0.398942280f * ls_exp(-0.5f * pre * pre);
        out[i] = pre * phi;
        slope[i] = phi + pre * density;
    }
}

/* Named apart from the C library's tanh. */
LS_KERNEL static void tangent(size_t n, const float *restrict bias, float *restrict slope,
                              float *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        const float t = ls_tanh(slope[i] + bias[i]);
        out[i] = t;
        slope[i] = 1.0f - t * t;
    }
}

static const LsActivation kinds[] = {
    {.name = "relu",
     .help = "Straight above zero, silent below: fast, and the plane is folded along sharp lines.",
     .init = LS_ACTIVATION_HE,
     .eval = relu},
    {.name = "leaky_relu",
     .help = "As relu, but a hundredth passes below zero, so that no unit falls silent for good.",
     .init = LS_ACTIVATION_HE,
     .eval = leaky_relu},
    {.name = "silu",
     .help = "A smooth relu, x times its sigmoid: images change smoothly across the plane.",
     .init = LS_ACTIVATION_HE,
     .eval = silu},
    {.name = "gelu",
     .help = "A smooth relu, x times the normal distribution's share below x; much like silu.",
     .init = LS_ACTIVATION_HE,
     .eval = gelu},
    {.name = "tanh",
     .help = "Bounded between -1 and 1: smooth images, slower to learn in deep models.",
     .init = LS_ACTIVATION_GLOROT,
     .eval = tangent},
};

const LsActivation *ls_activation_kinds(size_t *count)
{
    *count = LS_COUNT(kinds);
    return kinds;
}

const LsActivation *ls_activation_find(const char *name, LsError *err)
{
    for (size_t i = 0; i < LS_COUNT(kinds); i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    ls_fail(err, LS_ERR_USAGE, "There is no activation \"%s\".", name);
    return NULL;
}

const char *ls_activation_name(int index)
{
    return index >= 0 && (size_t)index < LS_COUNT(kinds) ? kinds[index].name : NULL;
}

const char *ls_activation_init_name(int init)
{
    static const char *const names[] = {
        [LS_ACTIVATION_HE] = "he", [LS_ACTIVATION_GLOROT] = "glorot"};
    return init >= 0 && (size_t)init < LS_COUNT(names) ? names[init] : NULL;
}

const char *ls_activation_help(int index)
{
    return index >= 0 && (size_t)index < LS_COUNT(kinds) ? kinds[index].help : NULL;
}
