#include "nn/half.h"

#include <assert.h>
#include <string.h>
#if defined(LS_HALF_X86)
#    include <cpuid.h>
#endif

#include "nn/fastmath.h"
#include "nn/tile.h"

enum {
    GRAIN = 16,               /* lanes a kernel takes at least */
    DEEP = LS_HALF_DEPTH / 2, /* pairs */
    AMX_BF16 = 22,            /* bit of edx in leaf 7 of cpuid */
};

const LsHalfKernel *ls_half_find(void)
{
#if defined(LS_HALF_X86)
    if (__builtin_cpu_supports("avx512bf16") && ls_tile_find() == &ls_tile_kernel_v4) {
        return &ls_half_kernel_v4;
    }
#endif
    return NULL;
}

bool ls_half_matrix_units(void)
{
#if defined(LS_HALF_X86)
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (d >> AMX_BF16 & 1) != 0;
#else
    return false;
#endif
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t whole_grains(size_t lanes)
{
    return (lanes + GRAIN - 1) / GRAIN * GRAIN;
}

static float value_of(uint16_t half)
{
    return ls_float_from_bits((uint32_t)half << 16);
}

static LsHalfMatrix row_major(const uint16_t *from, size_t stride)
{
    return (LsHalfMatrix){from, LS_HALF_ROWS * stride, stride, 2};
}

/* The last number of each sum, where their number is odd. Shapes: a [m], b [n], a_step and b_step apart;
 * c [m, n]. */
static void add_last(size_t m, size_t n, const uint16_t *a, size_t a_step, const uint16_t *b,
                     size_t b_step, float *c)
{
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) {
            c[i * n + j] += value_of(a[i * a_step]) * value_of(b[j * b_step]);
        }
    }
}

/* c = x b^T for up to LS_TILE_LANES rows of x, as c^T = b x^T: the rows are the lanes. */
static void rows_nt(const LsHalfKernel *kernel, size_t rows, size_t n, size_t k, const uint16_t *x,
                    const uint16_t *b, float *c)
{
    _Alignas(64) uint32_t panel[DEEP * LS_TILE_LANES];
    _Alignas(64) float square[LS_TILE_LANES * LS_TILE_LANES];
    _Alignas(64) float turned[LS_TILE_LANES * LS_TILE_LANES];
    const LsTileKernel *tiles = ls_tile_find();
    const size_t lanes = whole_grains(rows);
    for (size_t deep = 0; deep < k; deep += LS_HALF_DEPTH) {
        const size_t pairs = least(k - deep, LS_HALF_DEPTH) / 2;
        if (rows < lanes) { /* what is not filled must be numbers */
            memset(panel, 0, pairs * LS_TILE_LANES * sizeof *panel);
        }
        kernel->turn(rows, pairs, x + deep, k, panel);
        for (size_t out = 0; out < n; out += LS_TILE_LANES) {
            const size_t some = least(n - out, LS_TILE_LANES);
            const LsHalfMatrix a = row_major(b + out * k + deep, k);
            /* b is read row by row: the processor sees it coming */
            kernel->multiply(some, pairs, a, panel, lanes, NULL, false, square, LS_TILE_LANES);
            if (deep == 0) {
                tiles->transpose(some, rows, square, LS_TILE_LANES, c + out, n);
                continue;
            }
            tiles->transpose(some, rows, square, LS_TILE_LANES, turned, LS_TILE_LANES);
            for (size_t row = 0; row < rows; row++) {
                for (size_t i = 0; i < some; i++) {
                    c[row * n + out + i] += turned[row * LS_TILE_LANES + i];
                }
            }
        }
    }
    if (k % 2 != 0) {
        add_last(rows, n, x + k - 1, k, b + k - 1, k, c);
    }
}

/* c = a b for up to LS_TILE_LANES columns of b and c: the columns are the lanes. Whole pairs alone: k is
 * even, or a and the row of zeros that is thought behind b are laid out so. */
static void columns(const LsHalfKernel *kernel, size_t m, size_t k, LsHalfMatrix a,
                    const uint16_t *b, size_t b_stride, size_t lanes, const LsHalfAhead *ahead,
                    bool add, float *c, size_t c_stride)
{
    _Alignas(64) uint32_t panel[DEEP * LS_TILE_LANES];
    _Alignas(64) float square[LS_TILE_LANES * LS_TILE_LANES];
    const size_t wide = whole_grains(lanes);
    if (lanes < wide) {
        memset(panel, 0, (least(k, LS_HALF_DEPTH) + 1) / 2 * LS_TILE_LANES * sizeof *panel);
    }
    for (size_t deep = 0; deep < k; deep += LS_HALF_DEPTH) {
        const size_t depth = least(k - deep, LS_HALF_DEPTH);
        const size_t pairs = (depth + 1) / 2;
        const bool more = add || deep > 0;
        LsHalfMatrix part = a;
        part.from += deep / 2 * a.pair_step;
        kernel->pair(depth, lanes, b + deep * b_stride, b_stride, LS_TILE_LANES, panel, 0);
        if (lanes == wide) {
            kernel->multiply(m, pairs, part, panel, lanes, deep == 0 ? ahead : NULL, more, c,
                             c_stride);
            continue;
        }
        for (size_t row = 0; row < m; row += LS_TILE_LANES) {
            const size_t rows = least(m - row, LS_TILE_LANES);
            LsHalfMatrix rest = part;
            rest.from += row / LS_HALF_ROWS * part.tile_step; /* LS_TILE_LANES are whole tiles */
            kernel->multiply(rows, pairs, rest, panel, wide, NULL, false, square, LS_TILE_LANES);
            for (size_t i = 0; i < rows; i++) {
                float *to = c + (row + i) * c_stride;
                for (size_t j = 0; j < lanes; j++) {
                    to[j] = (more ? to[j] : 0.0f) + square[i * LS_TILE_LANES + j];
                }
            }
        }
    }
}

static void run_nt(const LsHalfKernel *kernel, size_t m, size_t n, size_t k, const uint16_t *a,
                   const uint16_t *b, float *c)
{
    for (size_t row = 0; row < m; row += LS_TILE_LANES) {
        rows_nt(kernel, least(m - row, LS_TILE_LANES), n, k, a + row * k, b, c + row * n);
    }
}

static void run_nn(const LsHalfKernel *kernel, size_t m, size_t n, size_t k, const uint16_t *a,
                   const uint16_t *b, bool add, float *c)
{
    const size_t even = k - k % 2;
    for (size_t lane = 0; lane < n; lane += LS_TILE_LANES) {
        const size_t lanes = least(n - lane, LS_TILE_LANES);
        const LsHalfAhead ahead = {b + lane + LS_TILE_LANES, n * sizeof *b, k};
        if (even > 0) {
            columns(kernel, m, even, row_major(a, k), b + lane, n, lanes, &ahead, add, c + lane, n);
        }
    }
    if (even == 0 && !add) {
        memset(c, 0, m * n * sizeof *c);
    }
    if (k % 2 != 0) {
        add_last(m, n, a + k - 1, k, b + (k - 1) * n, 1, c);
    }
}

size_t ls_half_words(size_t k, size_t m)
{
    return (k + 1) / 2 * ((m + LS_HALF_ROWS - 1) / LS_HALF_ROWS * LS_HALF_ROWS);
}

void ls_half_lay_out(const LsHalfKernel *kernel, size_t k, size_t m, const uint16_t *a,
                     size_t stride, uint32_t *words)
{
    kernel->pair(k, m, a, stride, LS_HALF_ROWS, words, (k + 1) / 2 * LS_HALF_ROWS);
}

static LsHalfMatrix laid_out(const uint32_t *words, size_t k)
{
    return (LsHalfMatrix){(const uint16_t *)words, (k + 1) / 2 * 2 * LS_HALF_ROWS, 2,
                          2 * LS_HALF_ROWS};
}

bool ls_half_learns(size_t m, size_t n, size_t k)
{
    return m % LS_HALF_ROWS == 0 && n % GRAIN == 0 && k <= LS_HALF_DEPTH;
}

/* So many columns at a time that they stay near while all rows go past them. */
void ls_half_learn(const LsHalfKernel *kernel, size_t m, size_t n, size_t k, const uint32_t *words,
                   const uint16_t *b, const LsHalfLearning *learning)
{
    assert(ls_half_learns(m, n, k));
    _Alignas(64) uint32_t panel[DEEP * LS_TILE_LANES];
    const size_t pairs = (k + 1) / 2;
    const size_t most = LS_COUNT(panel) / (pairs * LS_HALF_LANES) * LS_HALF_LANES;
    for (size_t lane = 0; lane < n; lane += most) {
        const size_t lanes = least(n - lane, most);
        LsHalfLearning part = *learning;
        part.weight += lane;
        part.m += lane;
        part.v += lane;
        part.half += lane;
        part.loss += lane;
        kernel->pair(k, lanes, b + lane, n, LS_HALF_LANES, panel, pairs * LS_HALF_LANES);
        kernel->learn(m, pairs, laid_out(words, k), panel, lanes, &part);
    }
}

size_t ls_half_scratch(const LsProductShape *shape)
{
    const bool turned = shape->form == LS_PRODUCT_TN;
    return turned ? ls_half_words((size_t)shape->k, (size_t)shape->m) * sizeof(uint32_t) : 0;
}

void ls_half_run(const LsHalfKernel *kernel, const LsProductShape *shape, void *scratch,
                 const uint16_t *a, const uint16_t *b, float *c)
{
    const size_t m = (size_t)shape->m;
    const size_t n = (size_t)shape->n;
    const size_t k = (size_t)shape->k;
    switch (shape->form) {
    case LS_PRODUCT_NT:
        assert(!shape->add);
        run_nt(kernel, m, n, k, a, b, c);
        break;
    case LS_PRODUCT_NN:
        run_nn(kernel, m, n, k, a, b, shape->add, c);
        break;
    case LS_PRODUCT_TN:
        assert(!shape->add);
        ls_half_lay_out(kernel, k, m, a, (size_t)shape->stride, scratch);
        for (size_t lane = 0; lane < n; lane += LS_TILE_LANES) {
            const LsHalfAhead ahead = {b + lane + LS_TILE_LANES, n * sizeof *b, k};
            columns(kernel, m, k, laid_out(scratch, k), b + lane, n, least(n - lane, LS_TILE_LANES),
                    &ahead, false, c + lane, n);
        }
        break;
    }
}
