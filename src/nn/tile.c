#include "nn/tile.h"

#include <string.h>

enum {
    GRAIN = 16, /* lanes a kernel takes at least */
    /* Below this a tile is mostly margin: a layer of two outputs runs 5 to 10 times slower in tiles. */
    SIDE_LEAST = 16
};

const LsTileKernel *ls_tile_find(void)
{
#if defined(LS_TILE_X86)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
        return &ls_tile_kernel_v4;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
        __builtin_cpu_supports("bmi2")) {
        return &ls_tile_kernel_v3;
    }
#endif
    return NULL;
}

const LsTileKernel *ls_tile_suit(int n, int k)
{
    return n >= SIDE_LEAST && k >= SIDE_LEAST ? ls_tile_find() : NULL;
}

const LsTileKernel *ls_tile_suit_rows(int m, int n, int k)
{
    return m > LS_TILE_VECTOR_ROWS ? ls_tile_suit(n, k) : NULL;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t whole_grains(size_t lanes)
{
    return (lanes + GRAIN - 1) / GRAIN * GRAIN;
}

/* c = x b^T for up to LS_TILE_LANES rows of x, as c^T = b x^T: the rows are the lanes. Columns in which
 * all these rows are zero, as the margins of digits are, add nothing and are left out; what comes out is
 * the same bit for bit as long as b is finite there. */
static void rows_nt(const LsTileKernel *kernel, size_t rows, size_t n, size_t k, const float *x,
                    const float *b, float *c)
{
    _Alignas(64) float panel[LS_TILE_DEPTH * LS_TILE_LANES];
    _Alignas(64) float square[LS_TILE_LANES * LS_TILE_LANES];
    _Alignas(64) float turned[LS_TILE_LANES * LS_TILE_LANES];
    uint32_t index[LS_TILE_DEPTH];
    const size_t lanes = whole_grains(rows);
    for (size_t deep = 0; deep < k; deep += LS_TILE_DEPTH) {
        const size_t depth = least(k - deep, LS_TILE_DEPTH);
        if (rows < lanes) { /* what is not filled must be numbers */
            memset(panel, 0, depth * LS_TILE_LANES * sizeof *panel);
        }
        kernel->transpose(rows, depth, x + deep, k, panel, LS_TILE_LANES);
        const size_t left = kernel->sift(depth, panel, index);
        for (size_t out = 0; out < n; out += LS_TILE_LANES) {
            const size_t some = least(n - out, LS_TILE_LANES);
            const LsTileMatrix a = {b + out * k + deep, k, 1};
            /* b is read row by row: the processor sees it coming */
            kernel->multiply(some, left, a, left < depth ? index : NULL, panel, lanes, NULL, false,
                             square, LS_TILE_LANES);
            if (deep == 0) {
                kernel->transpose(some, rows, square, LS_TILE_LANES, c + out, n);
                continue;
            }
            kernel->transpose(some, rows, square, LS_TILE_LANES, turned, LS_TILE_LANES);
            for (size_t row = 0; row < rows; row++) {
                for (size_t i = 0; i < some; i++) {
                    c[row * n + out + i] += turned[row * LS_TILE_LANES + i];
                }
            }
        }
    }
}

void ls_tile_nt(const LsTileKernel *kernel, int m, int n, int k, const float *a, const float *b,
                float *c)
{
    const size_t width = (size_t)k;
    const size_t out = (size_t)n;
    for (size_t row = 0; row < (size_t)m; row += LS_TILE_LANES) {
        const size_t rows = least((size_t)m - row, LS_TILE_LANES);
        rows_nt(kernel, rows, out, width, a + row * width, b, c + row * out);
    }
}

/* panel = `lanes` columns of b. */
static void lay_out(const LsTileKernel *kernel, size_t depth, const float *b, size_t stride,
                    size_t lanes, float *panel)
{
    if (lanes == LS_TILE_LANES) {
        kernel->copy(depth, b, stride, panel);
        return;
    }
    for (size_t line = 0; line < depth; line++) {
        memcpy(panel + line * LS_TILE_LANES, b + line * stride, lanes * sizeof *panel);
    }
}

/* c = a b for up to LS_TILE_LANES columns of b and c: the columns are the lanes. */
static void columns(const LsTileKernel *kernel, size_t m, size_t n, size_t k, LsTileMatrix a,
                    const float *b, size_t lanes, bool add, float *c)
{
    _Alignas(64) float panel[LS_TILE_DEPTH * LS_TILE_LANES];
    _Alignas(64) float square[LS_TILE_LANES * LS_TILE_LANES];
    const size_t wide = whole_grains(lanes);
    if (lanes < wide) {
        memset(panel, 0, least(k, LS_TILE_DEPTH) * LS_TILE_LANES * sizeof *panel);
    }
    for (size_t deep = 0; deep < k; deep += LS_TILE_DEPTH) {
        const size_t depth = least(k - deep, LS_TILE_DEPTH);
        const bool more = add || deep > 0;
        lay_out(kernel, depth, b + deep * n, n, lanes, panel);
        const LsTileMatrix part = {a.from + deep * a.column_step, a.row_step, a.column_step};
        const LsTileAhead ahead = {.from = {b + deep * n + LS_TILE_LANES}, .step = {n}};
        if (lanes == wide) {
            kernel->multiply(m, depth, part, NULL, panel, lanes, &ahead, more, c, n);
            continue;
        }
        for (size_t row = 0; row < m; row += LS_TILE_LANES) {
            const size_t rows = least(m - row, LS_TILE_LANES);
            const LsTileMatrix rest = {part.from + row * part.row_step, part.row_step,
                                       part.column_step};
            kernel->multiply(rows, depth, rest, NULL, panel, wide, &ahead, false, square,
                             LS_TILE_LANES);
            for (size_t i = 0; i < rows; i++) {
                float *to = c + (row + i) * n;
                for (size_t j = 0; j < lanes; j++) {
                    to[j] = (more ? to[j] : 0.0f) + square[i * LS_TILE_LANES + j];
                }
            }
        }
    }
}

static void all_columns(const LsTileKernel *kernel, int m, int n, int k, LsTileMatrix a,
                        const float *b, bool add, float *c)
{
    const size_t width = (size_t)n;
    for (size_t lane = 0; lane < width; lane += LS_TILE_LANES) {
        const size_t lanes = least(width - lane, LS_TILE_LANES);
        columns(kernel, (size_t)m, width, (size_t)k, a, b + lane, lanes, add, c + lane);
    }
}

void ls_tile_nn(const LsTileKernel *kernel, int m, int n, int k, const float *a, const float *b,
                bool add, float *c)
{
    all_columns(kernel, m, n, k, (LsTileMatrix){a, (size_t)k, 1}, b, add, c);
}

void ls_tile_tn(const LsTileKernel *kernel, int m, int n, int k, const float *a, int stride,
                const float *b, float *c)
{
    all_columns(kernel, m, n, k, (LsTileMatrix){a, 1, (size_t)stride}, b, false, c);
}

void ls_tile_strip(const LsTileKernel *kernel, size_t m, size_t lanes, size_t k, const float *a,
                   size_t a_stride, const float *b, size_t b_stride, const LsTileAhead *ahead,
                   float *c)
{
    _Alignas(64) float panel[LS_TILE_DEPTH * LS_TILE_LANES];
    const size_t wide = whole_grains(lanes);
    if (lanes < wide) {
        memset(panel, 0, least(k, LS_TILE_DEPTH) * LS_TILE_LANES * sizeof *panel);
    }
    for (size_t deep = 0; deep < k; deep += LS_TILE_DEPTH) {
        const size_t depth = least(k - deep, LS_TILE_DEPTH);
        const LsTileMatrix part = {a + deep * a_stride, 1, a_stride};
        lay_out(kernel, depth, b + deep * b_stride, b_stride, lanes, panel);
        kernel->multiply(m, depth, part, NULL, panel, wide, deep == 0 ? ahead : NULL, deep > 0, c,
                         LS_TILE_LANES);
    }
}
