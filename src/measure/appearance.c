#include "latentscape/measure/appearance.h"

#include "nn/fastmath.h"

/* Sum of squared differences of two rows, side by side so that it vectorizes. */
LS_KERNEL static float squared_differences(size_t n, const float *a, const float *b)
{
    float lane[LS_LANES] = {0};
    size_t i = 0;
    for (; i + LS_LANES <= n; i += LS_LANES) {
        for (size_t j = 0; j < LS_LANES; j++) {
            const float d = a[i + j] - b[i + j];
            lane[j] += d * d;
        }
    }
    float sum = 0;
    for (; i < n; i++) {
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    for (size_t j = 0; j < LS_LANES; j++) {
        sum += lane[j];
    }
    return sum;
}

float ls_appearance_gradient(int width, int height, int channels, const float *image)
{
    const size_t row = (size_t)width * (size_t)channels;
    const size_t step = (size_t)channels;
    double sum = 0;
    for (size_t y = 0; y < (size_t)height; y++) {
        const float *at = image + y * row;
        sum += (double)squared_differences(row - step, at + step, at);
        if (y + 1 < (size_t)height) {
            sum += (double)squared_differences(row, at + row, at);
        }
    }
    return (float)(sum / (double)((size_t)height * row));
}

LS_KERNEL float ls_appearance_decided(size_t n, const float *image)
{
    float lane[LS_LANES] = {0};
    size_t i = 0;
    for (; i + LS_LANES <= n; i += LS_LANES) {
        for (size_t j = 0; j < LS_LANES; j++) {
            lane[j] += image[i + j] * (1.0f - image[i + j]);
        }
    }
    float sum = 0;
    for (; i < n; i++) {
        sum += image[i] * (1.0f - image[i]);
    }
    for (size_t j = 0; j < LS_LANES; j++) {
        sum += lane[j];
    }
    return 1.0f - 4.0f * sum / (float)n;
}
