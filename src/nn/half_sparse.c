#include "nn/half_sparse.h"

#include <assert.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

void ls_half_sparse_nt(const LsHalfKernel *kernel, const LsSparse *x, size_t n, const uint16_t *b,
                       float *c)
{
    _Alignas(64) uint32_t panel[LS_SPARSE_CHUNK / 2 * LS_TILE_LANES];
    _Alignas(64) float square[LS_SPARSE_ROWS * LS_TILE_LANES];
    const size_t columns = x->columns;
    const LsHalfEntry *entry = (const LsHalfEntry *)(const void *)x->by_row;
    assert(x->paired);
    for (size_t out = 0; out < n; out += LS_TILE_LANES) {
        const size_t some = least(n - out, LS_TILE_LANES);
        if (some < LS_TILE_LANES) { /* what is not filled must be numbers */
            memset(panel, 0, sizeof panel);
        }
        for (size_t first = 0; first < columns; first += LS_SPARSE_CHUNK) {
            const size_t wide = least(columns - first, LS_SPARSE_CHUNK);
            kernel->turn(some, wide / 2, b + out * columns + first, columns, panel);
            /* what is turned next, meanwhile: a row of it for each row of x; two halves are as long as a float */
            const size_t end = first + wide;
            const uint16_t *next =
                end < columns ? b + out * columns + end : b + (out + some) * columns;
            const LsTileAhead ahead = {.from = {(const float *)(const void *)next},
                                       .step = {columns / 2}};
            kernel->gather(x->rows, x->row_begin + first / LS_SPARSE_CHUNK * x->rows, entry, panel,
                           &ahead, first > 0, square);
        }
        for (size_t row = 0; row < x->rows; row++) {
            memcpy(c + row * n + out, square + row * LS_TILE_LANES, some * sizeof *c);
        }
    }
}

static size_t pairs_of(size_t count, const LsSparse *x)
{
    size_t pairs = 0;
    for (size_t i = 0; i < count; i++) {
        pairs += (x[i].rows + 1) / 2;
    }
    return pairs;
}

size_t ls_half_sparse_panel(size_t rows, size_t m)
{
    return rows * ((m + LS_TILE_LANES - 1) / LS_TILE_LANES * LS_TILE_LANES);
}

void ls_half_sparse_lay_out(const LsHalfKernel *kernel, size_t count, const LsSparse *x, size_t m,
                            const uint16_t *a, size_t stride, uint32_t *panel)
{
    for (size_t out = 0; out < m; out += LS_TILE_LANES) {
        const size_t some = least(m - out, LS_TILE_LANES);
        if (some < LS_TILE_LANES) {
            memset(panel, 0, pairs_of(count, x) * LS_TILE_LANES * sizeof *panel);
        }
        const uint16_t *from = a + out;
        for (size_t i = 0; i < count; i++) {
            const size_t rows = x[i].rows;
            for (size_t row = 0; row < rows; row += 2, panel += LS_TILE_LANES) {
                kernel->pair(least(rows - row, 2), some, from + row * stride, stride, LS_TILE_LANES,
                             panel, 0);
            }
            from += rows * stride;
        }
    }
}

void ls_half_sparse_strip(const LsHalfKernel *kernel, size_t m, size_t first, size_t lanes,
                          size_t count, const LsSparse *x, const uint32_t *panel,
                          const LsTileAhead *ahead, float *c)
{
    _Alignas(64) float square[LS_TILE_LANES * LS_TILE_LANES];
    const LsTileKernel *tiles = ls_tile_find();
    for (size_t out = 0; out < m; out += LS_TILE_LANES) {
        const size_t some = least(m - out, LS_TILE_LANES);
        LsTileAhead rest = *ahead;
        for (int i = 0; i < LS_TILE_AHEAD && rest.from[i] != NULL; i++) {
            rest.from[i] += out * rest.step[i];
        }
        for (size_t i = 0; i < count; i++) {
            assert(x[i].paired);
            kernel->gather(lanes, x[i].column_begin + first,
                           (const LsHalfEntry *)(const void *)x[i].by_column, panel,
                           i == 0 ? &rest : NULL, i > 0, square);
            panel += (x[i].rows + 1) / 2 * LS_TILE_LANES;
        }
        tiles->transpose(lanes, some, square, LS_TILE_LANES, c + out * LS_TILE_LANES,
                         LS_TILE_LANES);
    }
}
