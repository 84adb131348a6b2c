#include "latentscape/data/augment.h"

#include "core/kernel.h"

enum {
    STRIP = 64, /* numbers of chance drawn at once */
    DRAWS = 8   /* numbers of chance an image's movement has: six are used */
};

/* What stands at p comes from linear * (p - middle) + middle + offset. */
typedef struct Movement {
    float linear[2][2];
    float offset[2]; /* middle and offset joined: where pixel (0, 0) comes from */
} Movement;

static Movement draw_movement(LsRng rng, uint64_t row, LsAugmentSize size, double shift,
                              double warp)
{
    float u[DRAWS];
    ls_rng_uniform(rng, row * DRAWS, DRAWS, u);
    for (int i = 0; i < DRAWS; i++) {
        u[i] = 2 * u[i] - 1;
    }
    const float w = (float)warp, s = (float)shift;
    const float x = 0.5f * (float)(size.width - 1), y = 0.5f * (float)(size.height - 1);
    Movement move = {.linear = {{1 + w * u[0], w * u[1]}, {w * u[2], 1 + w * u[3]}}};
    move.offset[0] = x + s * u[4] - move.linear[0][0] * x - move.linear[0][1] * y;
    move.offset[1] = y + s * u[5] - move.linear[1][0] * x - move.linear[1][1] * y;
    return move;
}

/* The whole number below x; floorf() is a call on older processors. x is well within an int. */
static inline int below(float x)
{
    const int whole = (int)x;
    return whole - (x < (float)whole ? 1 : 0);
}

static inline int within(int place, int length)
{
    const int low = place < 0 ? 0 : place;
    return low >= length ? length - 1 : low;
}

/* A coordinate within reach of the image, so that it fits an int; further out all is black alike. */
static inline float reach(float x, float length)
{
    const float low = x < -2 ? -2 : x;
    return low > length + 1 ? length + 1 : low;
}

/* Channel `c` of line y. The four neighbours of a place count as
 * they are near; those beyond the edge count nothing. */
LS_KERNEL static void move_line(const Movement *move, LsAugmentSize size, int y, int c,
                                const float *restrict from, float *restrict to)
{
    const int width = size.width, height = size.height, channels = size.channels;
    const float far_x = (float)width, far_y = (float)height;
    const float x_x = move->linear[0][0], y_x = move->linear[1][0];
    const float x_at = move->linear[0][1] * (float)y + move->offset[0];
    const float y_at = move->linear[1][1] * (float)y + move->offset[1];
    for (int i = 0; i < width; i++) {
        const float x = reach(x_x * (float)i + x_at, far_x);
        const float y_from = reach(y_x * (float)i + y_at, far_y);
        const int ix = below(x), iy = below(y_from);
        const float fx = x - (float)ix, fy = y_from - (float)iy;
        const float x0 = ix >= 0 && ix < width ? 1 - fx : 0;
        const float x1 = ix >= -1 && ix < width - 1 ? fx : 0;
        const float y0 = iy >= 0 && iy < height ? 1 - fy : 0;
        const float y1 = iy >= -1 && iy < height - 1 ? fy : 0;
        const int c0 = within(ix, width) * channels + c, c1 = within(ix + 1, width) * channels + c;
        const int r0 = within(iy, height) * width * channels;
        const int r1 = within(iy + 1, height) * width * channels;
        const float sum = y0 * (x0 * from[r0 + c0] + x1 * from[r0 + c1]) +
                          y1 * (x0 * from[r1 + c0] + x1 * from[r1 + c1]);
        to[i * channels + c] = sum < 1 ? sum : 1; /* rounding may go beyond white */
    }
}

void ls_augment_move(LsRng rng, uint64_t row, LsAugmentSize size, double shift, double warp,
                     const float *from, float *to)
{
    const Movement move = draw_movement(rng, row, size, shift, warp);
    for (int y = 0; y < size.height; y++) {
        for (int c = 0; c < size.channels; c++) {
            move_line(&move, size, y, c, from,
                      to + (size_t)y * (size_t)size.width * (size_t)size.channels);
        }
    }
}

void ls_augment_mask(LsRng rng, uint64_t row, size_t n, double share, const float *from, float *to)
{
    const float limit = (float)share;
    float u[STRIP];
    for (size_t done = 0; done < n; done += STRIP) {
        const size_t count = n - done < STRIP ? n - done : STRIP;
        ls_rng_uniform(rng, row * n + done, count, u);
        for (size_t i = 0; i < count; i++) {
            to[done + i] = u[i] < limit ? 0 : from[done + i];
        }
    }
}

void ls_augment_gaussian(LsRng rng, uint64_t row, size_t n, double sigma, const float *from,
                         float *to)
{
    const float scale = (float)sigma;
    float noise[STRIP];
    for (size_t done = 0; done < n; done += STRIP) {
        const size_t count = n - done < STRIP ? n - done : STRIP;
        ls_rng_normal(rng, row * n + done, count, noise);
        for (size_t i = 0; i < count; i++) {
            to[done + i] = from[done + i] + scale * noise[i];
        }
    }
}
