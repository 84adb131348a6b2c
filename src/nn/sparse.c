#include "nn/sparse.h"

#include <assert.h>
#include <string.h>

#include "nn/fastmath.h"

enum {
    LINE = 64, /* bytes */
    /* Of PARTS numbers so many may be something else than zero. Where they lie anywhere, whole products
     * are as fast at half of them; digits have a fifth. */
    SHARE = 2,
    PARTS = 5
};

static size_t chunks_of(size_t columns)
{
    return (columns + LS_SPARSE_CHUNK - 1) / LS_SPARSE_CHUNK;
}

static size_t most_of(size_t rows, size_t columns)
{
    return rows * columns * SHARE / PARTS;
}

static size_t lines(size_t bytes)
{
    return (bytes + LINE - 1) / LINE * LINE;
}

static size_t row_begins(size_t rows, size_t columns)
{
    return lines((chunks_of(columns) * rows + 1) * sizeof(uint32_t));
}

static size_t column_begins(size_t columns)
{
    return lines((columns + 1) * sizeof(uint32_t));
}

static size_t entries(size_t rows, size_t columns)
{
    return lines(most_of(rows, columns) * sizeof(LsTileEntry));
}

size_t ls_sparse_room(size_t most_rows, size_t columns)
{
    return row_begins(most_rows, columns) + column_begins(columns) +
           2 * entries(most_rows, columns);
}

void ls_sparse_init(LsSparse *sparse, size_t most_rows, size_t columns, void *memory)
{
    unsigned char *at = memory;
    *sparse = (LsSparse){.most_rows = most_rows, .columns = columns};
    sparse->row_begin = (void *)at;
    at += row_begins(most_rows, columns);
    sparse->column_begin = (void *)at;
    at += column_begins(columns);
    sparse->by_row = (void *)at;
    at += entries(most_rows, columns);
    sparse->by_column = (void *)at;
}

/* How many numbers are not zero. */
LS_KERNEL static size_t count(size_t n, const float *x)
{
    uint32_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        kept += x[i] != 0.0f ? 1 : 0;
    }
    return kept;
}

/* Counts for each column what is not zero in it. */
LS_KERNEL static void count_columns(size_t rows, size_t columns, size_t stride, const float *x,
                                    uint32_t *of_column)
{
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < columns; i++) {
            of_column[i] += x[row * stride + i] != 0.0f ? 1 : 0;
        }
    }
}

/* Where a row's part of a chunk is not zero. Every place is written, and the next one over it where
 * there is a zero: to branch by each would be guessed wrong too often. */
static size_t find_part(size_t columns, const float *x, uint32_t *place)
{
    size_t kept = 0;
    for (size_t i = 0; i < columns; i++) {
        place[kept] = (uint32_t)i;
        kept += ls_float_bits(x[i]) << 1 != 0 ? 1 : 0; /* a zero has no other bit than its sign */
    }
    return kept;
}

/* Takes the columns of a chunk: by rows, then from these by columns. */
static uint32_t take_chunk(LsSparse *sparse, size_t chunk, const float *x, uint32_t kept)
{
    const size_t first = chunk * LS_SPARSE_CHUNK;
    const size_t left = sparse->columns - first;
    const size_t columns = left < LS_SPARSE_CHUNK ? left : LS_SPARSE_CHUNK;
    uint32_t *begin = sparse->row_begin + chunk * sparse->rows;
    uint32_t next[LS_SPARSE_CHUNK] = {0};
    count_columns(sparse->rows, columns, sparse->columns, x + first, next);
    uint32_t at = kept;
    for (size_t i = 0; i < columns; i++) {
        const uint32_t of_column = next[i];
        sparse->column_begin[first + i] = next[i] = at;
        at += of_column;
    }
    for (size_t row = 0; row < sparse->rows; row++) {
        const float *part = x + row * sparse->columns + first;
        uint32_t place[LS_SPARSE_CHUNK + 1];
        const size_t some = find_part(columns, part, place);
        begin[row] = kept;
        for (size_t i = 0; i < some; i++) {
            const uint32_t column = place[i];
            const float value = part[column];
            sparse->by_row[kept++] = (LsTileEntry){column * LS_TILE_LANES, value};
            sparse->by_column[next[column]++] = (LsTileEntry){(uint32_t)row * LS_TILE_LANES, value};
        }
    }
    begin[sparse->rows] = kept;
    return kept;
}

bool ls_sparse_take(LsSparse *sparse, size_t rows, const float *x)
{
    assert(rows >= 1 && rows <= sparse->most_rows);
    sparse->rows = 0;
    if (count(rows * sparse->columns, x) > most_of(rows, sparse->columns)) {
        return false;
    }
    sparse->rows = rows;
    uint32_t kept = 0;
    for (size_t chunk = 0; chunk < chunks_of(sparse->columns); chunk++) {
        kept = take_chunk(sparse, chunk, x, kept);
    }
    sparse->column_begin[sparse->columns] = kept;
    return true;
}

/* c[row, some] = or += square. */
static void put(size_t rows, size_t some, const float *square, bool add, float *c, size_t stride)
{
    for (size_t row = 0; row < rows; row++) {
        float *to = c + row * stride;
        for (size_t i = 0; i < some; i++) {
            to[i] = (add ? to[i] : 0.0f) + square[row * LS_TILE_LANES + i];
        }
    }
}

void ls_sparse_nt(const LsTileKernel *kernel, const LsSparse *sparse, size_t n, const float *b,
                  float *c)
{
    _Alignas(64) float panel[LS_SPARSE_CHUNK * LS_TILE_LANES];
    _Alignas(64) float square[LS_SPARSE_ROWS * LS_TILE_LANES];
    const size_t columns = sparse->columns;
    for (size_t out = 0; out < n; out += LS_TILE_LANES) {
        const size_t some = n - out < LS_TILE_LANES ? n - out : LS_TILE_LANES;
        if (some < LS_TILE_LANES) { /* what is not filled must be numbers */
            memset(panel, 0, sizeof panel);
        }
        for (size_t first = 0; first < columns; first += LS_SPARSE_CHUNK) {
            const size_t left = columns - first;
            const size_t wide = left < LS_SPARSE_CHUNK ? left : LS_SPARSE_CHUNK;
            kernel->transpose(some, wide, b + out * columns + first, columns, panel, LS_TILE_LANES);
            /* what is turned next, meanwhile: a row of it for each row of x */
            const size_t end = first + wide;
            const float *next =
                end < columns ? b + out * columns + end : b + (out + some) * columns;
            const LsTileAhead ahead = {.from = {next, next + LS_TILE_LANES},
                                       .step = {columns, columns}};
            kernel->gather(sparse->rows, sparse->row_begin + first / LS_SPARSE_CHUNK * sparse->rows,
                           sparse->by_row, panel, &ahead, first % LS_TILE_DEPTH != 0, square);
            if (end == columns || end % LS_TILE_DEPTH == 0) {
                put(sparse->rows, some, square, end > LS_TILE_DEPTH, c + out, n);
            }
        }
    }
}

bool ls_sparse_stacks(size_t count, const LsSparse *sparse)
{
    size_t row = 0;
    for (size_t i = 0; i < count; i++) {
        if (sparse[i].rows == 0 || row % LS_TILE_DEPTH + sparse[i].rows > LS_TILE_DEPTH) {
            return false;
        }
        row += sparse[i].rows;
    }
    return true;
}

size_t ls_sparse_panel(size_t rows, size_t m)
{
    return rows * ((m + LS_TILE_LANES - 1) / LS_TILE_LANES * LS_TILE_LANES);
}

void ls_sparse_lay_out(const LsTileKernel *kernel, size_t rows, size_t m, const float *a,
                       size_t stride, float *panel)
{
    for (size_t out = 0; out < m; out += LS_TILE_LANES, panel += rows * LS_TILE_LANES) {
        const size_t some = m - out < LS_TILE_LANES ? m - out : LS_TILE_LANES;
        if (some == LS_TILE_LANES) {
            kernel->copy(rows, a + out, stride, panel);
            continue;
        }
        memset(panel, 0, rows * LS_TILE_LANES * sizeof *panel);
        for (size_t row = 0; row < rows; row++) {
            memcpy(panel + row * LS_TILE_LANES, a + row * stride + out, some * sizeof *panel);
        }
    }
}

static LsTileAhead rest_of(const LsTileAhead *ahead, size_t row)
{
    LsTileAhead rest = *ahead;
    for (int i = 0; i < LS_TILE_AHEAD && rest.from[i] != NULL; i++) {
        rest.from[i] += row * rest.step[i];
    }
    return rest;
}

void ls_sparse_strip(const LsTileKernel *kernel, size_t m, size_t first, size_t lanes, size_t count,
                     const LsSparse *sparse, size_t rows, const float *panel,
                     const LsTileAhead *ahead, float *c)
{
    _Alignas(64) float square[LS_TILE_LANES * LS_TILE_LANES];
    _Alignas(64) float turned[LS_TILE_LANES * LS_TILE_LANES];
    for (size_t out = 0; out < m; out += LS_TILE_LANES, panel += rows * LS_TILE_LANES) {
        const size_t some = m - out < LS_TILE_LANES ? m - out : LS_TILE_LANES;
        const LsTileAhead rest = rest_of(ahead, out);
        size_t row = 0;
        for (size_t i = 0; i < count; i++) {
            kernel->gather(lanes, sparse[i].column_begin + first, sparse[i].by_column,
                           panel + row * LS_TILE_LANES, i == 0 ? &rest : NULL,
                           row % LS_TILE_DEPTH != 0, square);
            row += sparse[i].rows;
            if (row != rows && row % LS_TILE_DEPTH != 0) {
                continue;
            }
            float *to = c + out * LS_TILE_LANES;
            if (row <= LS_TILE_DEPTH) {
                kernel->transpose(lanes, some, square, LS_TILE_LANES, to, LS_TILE_LANES);
            } else {
                kernel->transpose(lanes, some, square, LS_TILE_LANES, turned, LS_TILE_LANES);
                put(some, lanes, turned, true, to, LS_TILE_LANES);
            }
        }
    }
}
