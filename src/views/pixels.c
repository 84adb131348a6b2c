#include "views/pixels.h"

#include <math.h>
#include <string.h>

int view_pixels_bytes(int channels)
{
    return channels == 1 ? 1 : 4;
}

void view_pixels_round(const float *image, size_t count, int channels, uint8_t *out)
{
    if (channels == 1) {
        for (size_t i = 0; i < count; i++) {
            out[i] = (uint8_t)(image[i] * 255.0F + 0.5F);
        }
        return;
    }
    for (size_t i = 0; i < count; i++) {
        for (int c = 0; c < 3; c++) {
            const int from = c < channels ? c : channels - 1;
            out[i * 4 + (size_t)c] =
                (uint8_t)(image[i * (size_t)channels + (size_t)from] * 255.0F + 0.5F);
        }
        out[i * 4 + 3] = 255;
    }
}

void view_pixels_copy(const uint8_t *image, size_t count, int channels, uint8_t *out)
{
    if (channels == 1) {
        memcpy(out, image, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        for (int c = 0; c < 3; c++) {
            const int from = c < channels ? c : channels - 1;
            out[i * 4 + (size_t)c] = image[i * (size_t)channels + (size_t)from];
        }
        out[i * 4 + 3] = 255;
    }
}

static int clamp(int value, int most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

void view_pixels_part(const uint8_t *image, int w, int h, int bytes, int across, int i, int j,
                      uint8_t *out)
{
    const float scale = 1.0F / (float)across;
    for (int y = 0; y < h; y++) {
        const float from_y = ((float)(j * h + y) + 0.5F) * scale - 0.5F;
        const int y0 = (int)floorf(from_y);
        const float ty = from_y - (float)y0;
        const uint8_t *upper = image + (size_t)clamp(y0, h - 1) * (size_t)(w * bytes);
        const uint8_t *lower = image + (size_t)clamp(y0 + 1, h - 1) * (size_t)(w * bytes);
        for (int x = 0; x < w; x++) {
            const float from_x = ((float)(i * w + x) + 0.5F) * scale - 0.5F;
            const int x0 = (int)floorf(from_x);
            const float tx = from_x - (float)x0;
            const int left = clamp(x0, w - 1) * bytes;
            const int right = clamp(x0 + 1, w - 1) * bytes;
            for (int b = 0; b < bytes; b++) {
                const float top = (float)upper[left + b] * (1 - tx) + (float)upper[right + b] * tx;
                const float low = (float)lower[left + b] * (1 - tx) + (float)lower[right + b] * tx;
                *out++ = (uint8_t)(top * (1 - ty) + low * ty + 0.5F);
            }
        }
    }
}

/* The weights of four neighbours for a place t in [0,1) between the middle two. */
static void cubic(float t, float weight[4])
{
    const float t2 = t * t;
    const float t3 = t2 * t;
    weight[0] = -0.5F * t3 + t2 - 0.5F * t;
    weight[1] = 1.5F * t3 - 2.5F * t2 + 1;
    weight[2] = -1.5F * t3 + 2 * t2 + 0.5F * t;
    weight[3] = 0.5F * t3 - 0.5F * t2;
}

/* One axis: `lines` lines of n steps each; a step is `inner` numbers long. */
static void enlarge_axis(const float *from, int lines, int n, int inner, int times, float *to)
{
    for (int k = 0; k < n * times; k++) {
        const float place = ((float)k + 0.5F) / (float)times - 0.5F;
        const int first = (int)floorf(place);
        float weight[4];
        cubic(place - (float)first, weight);
        int step[4];
        for (int a = 0; a < 4; a++) {
            step[a] = clamp(first - 1 + a, n - 1) * inner;
        }
        for (int line = 0; line < lines; line++) {
            const float *in = from + (size_t)line * (size_t)(n * inner);
            float *out = to + ((size_t)line * (size_t)(n * times) + (size_t)k) * (size_t)inner;
            for (int c = 0; c < inner; c++) {
                const float value = weight[0] * in[step[0] + c] + weight[1] * in[step[1] + c] +
                                    weight[2] * in[step[2] + c] + weight[3] * in[step[3] + c];
                /* not fmaxf(), which is a call for each pixel */
                out[c] = value > 1 ? 1 : value > 0 ? value : 0;
            }
        }
    }
}

void view_pixels_enlarge(const float *image, int w, int h, int channels, int times, float *row,
                         float *out)
{
    enlarge_axis(image, h, w, channels, times, row);
    enlarge_axis(row, 1, h, w * times * channels, times, out);
}

static uint8_t mix(uint8_t from, uint8_t to, int sixteenths)
{
    return (uint8_t)((from * (16 - sixteenths) + to * sixteenths) / 16);
}

UiColor view_pixels_class(int label)
{
    const UiColor classes[] = UI_CLASSES;
    const int count = (int)LS_COUNT(classes);
    UiColor color = classes[label % count];
    const int round = label / count % 3;
    if (round > 0) {
        const uint8_t to = round == 1 ? 255 : 16;
        color.r = mix(color.r, to, 6);
        color.g = mix(color.g, to, 6);
        color.b = mix(color.b, to, 6);
    }
    return color;
}
