#include "train/input_noise.h"

#include "latentscape/train/settings.h"

static const char *const noises[] = {
    [LS_NOISE_NONE] = "none", [LS_NOISE_MASK] = "mask", [LS_NOISE_GAUSSIAN] = "gaussian"};
static const char *const noise_helps[] = {
    [LS_NOISE_NONE] = "The encoder sees each image as it is.",
    [LS_NOISE_MASK] =
        "Some of the pixels the encoder sees are black: it must do without any one of "
        "them (Vincent et al. 2008).",
    [LS_NOISE_GAUSSIAN] = "Each pixel the encoder sees is a little brighter or darker.",
};

const char *ls_input_noise_name(int index)
{
    return index >= 0 && (size_t)index < LS_COUNT(noises) ? noises[index] : NULL;
}

const char *ls_input_noise_help(int index)
{
    return index >= 0 && (size_t)index < LS_COUNT(noises) ? noise_helps[index] : NULL;
}
