#include "latentscape/data/augment.h"

#include <math.h>

enum {
    STRIP = 64, /* pixels, or numbers of chance, worked on at once */
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

/* The four neighbours of a place: where they stand and how much each counts; those beyond the edge
 * count nothing. */
typedef struct Neighbours {
    int at[4][STRIP]; /* pixels */
    float share[4][STRIP];
} Neighbours;

static int within(int place, int length)
{
    const int low = place < 0 ? 0 : place;
    return low >= length ? length - 1 : low;
}

/* For pixels first .. first + n - 1 of line y. */
static void find_neighbours(const Movement *move, LsAugmentSize size, int y, int first, int n,
                            Neighbours *found)
{
    const int width = size.width, height = size.height;
    for (int i = 0; i < n; i++) {
        const float px = (float)(first + i), py = (float)y;
        const float x = move->linear[0][0] * px + move->linear[0][1] * py + move->offset[0];
        const float y_from = move->linear[1][0] * px + move->linear[1][1] * py + move->offset[1];
        const float left = floorf(x), top = floorf(y_from);
        const float fx = x - left, fy = y_from - top;
        const int ix = (int)left, iy = (int)top;
        const float x0 = ix >= 0 && ix < width ? 1 - fx : 0;
        const float x1 = ix >= -1 && ix < width - 1 ? fx : 0;
        const float y0 = iy >= 0 && iy < height ? 1 - fy : 0;
        const float y1 = iy >= -1 && iy < height - 1 ? fy : 0;
        const int c0 = within(ix, width), c1 = within(ix + 1, width);
        const int r0 = within(iy, height) * width, r1 = within(iy + 1, height) * width;
        found->at[0][i] = r0 + c0;
        found->at[1][i] = r0 + c1;
        found->at[2][i] = r1 + c0;
        found->at[3][i] = r1 + c1;
        found->share[0][i] = y0 * x0;
        found->share[1][i] = y0 * x1;
        found->share[2][i] = y1 * x0;
        found->share[3][i] = y1 * x1;
    }
}

void ls_augment_move(LsRng rng, uint64_t row, LsAugmentSize size, double shift, double warp,
                     const float *from, float *to)
{
    const Movement move = draw_movement(rng, row, size, shift, warp);
    const int channels = size.channels;
    for (int y = 0; y < size.height; y++) {
        for (int first = 0; first < size.width; first += STRIP) {
            const int n = size.width - first < STRIP ? size.width - first : STRIP;
            Neighbours found;
            find_neighbours(&move, size, y, first, n, &found);
            float *line = to + ((size_t)y * (size_t)size.width + (size_t)first) * (size_t)channels;
            for (int c = 0; c < channels; c++) {
                for (int i = 0; i < n; i++) {
                    float sum = 0;
                    for (int k = 0; k < 4; k++) {
                        sum += found.share[k][i] * from[found.at[k][i] * channels + c];
                    }
                    line[i * channels + c] = sum < 1 ? sum : 1; /* rounding may go beyond white */
                }
            }
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
