#include "nn/sparse.h"

#include <assert.h>
#include <string.h>

#include "nn/fastmath.h"

enum {
    LINE = 64, /* bytes */
    /* Of PARTS numbers so many may be something else than zero. Where they lie anywhere, whole products
     * are as fast at half of them; digits have a fifth. */
    SHARE = 2,
    PARTS = 5,
    WORDS = LS_SPARSE_CHUNK / 64 /* of marks, for a row's part of a chunk */
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

static size_t marks(size_t rows, size_t columns)
{
    return lines(chunks_of(columns) * rows * WORDS * sizeof(uint64_t));
}

size_t ls_sparse_room(size_t most_rows, size_t columns)
{
    return row_begins(most_rows, columns) + column_begins(columns) +
           2 * entries(most_rows, columns) + marks(most_rows, columns);
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
    at += entries(most_rows, columns);
    sparse->mark = (void *)at;
}

/* Looks at the columns of a chunk: seen [rows, LS_SPARSE_CHUNK] gets the bit of its column, one of eight,
 * where a number is not zero, and of_column how many there are. */
static inline __attribute__((always_inline)) void look_at(size_t rows, size_t columns,
                                                          size_t stride, const float *restrict x,
                                                          uint32_t *restrict of_column,
                                                          uint8_t *restrict seen)
{
    static const uint8_t bit_of[LS_SPARSE_CHUNK] = {
#define EIGHT 1, 2, 4, 8, 16, 32, 64, 128
        EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT,
        EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT,
#undef EIGHT
    };
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < columns; i++) {
            const bool some = x[row * stride + i] != 0.0f;
            of_column[i] += some ? 1 : 0;
            seen[row * LS_SPARSE_CHUNK + i] = some ? bit_of[i] : 0;
        }
    }
}

LS_KERNEL static void look(size_t rows, size_t columns, size_t stride, const float *restrict x,
                           uint32_t *restrict of_column, uint8_t *restrict seen)
{
    if (columns == LS_SPARSE_CHUNK) {
        look_at(rows, LS_SPARSE_CHUNK, stride, x, of_column, seen);
    } else {
        look_at(rows, columns, stride, x, of_column, seen);
    }
}

/* Eight bytes with a bit each become one, whichever comes first in memory: it is their sum. */
static uint64_t fold(const uint8_t *seen)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < 8; i++) {
        uint64_t eight = 0;
        memcpy(&eight, seen + i * 8, sizeof eight);
        bits |= (eight * 0x0101010101010101u >> 56) << (8 * i);
    }
    return bits;
}

/* Marks what is not zero in the columns of a chunk, and returns how many that are. */
static size_t mark_chunk(LsSparse *sparse, size_t chunk, const float *x)
{
    const size_t first = chunk * LS_SPARSE_CHUNK;
    const size_t left = sparse->columns - first;
    const size_t columns = left < LS_SPARSE_CHUNK ? left : LS_SPARSE_CHUNK;
    uint8_t seen[LS_SPARSE_ROWS * LS_SPARSE_CHUNK];
    if (columns < LS_SPARSE_CHUNK) {
        memset(seen, 0, sizeof seen);
    }
    uint32_t *of_column = sparse->column_begin + first;
    memset(of_column, 0, columns * sizeof *of_column);
    look(sparse->rows, columns, sparse->columns, x + first, of_column, seen);
    uint64_t *mark = sparse->mark + chunk * sparse->rows * WORDS;
    for (size_t i = 0; i < sparse->rows * WORDS; i++) {
        mark[i] = fold(seen + i * 64);
    }
    size_t some = 0;
    for (size_t i = 0; i < columns; i++) {
        some += of_column[i];
    }
    return some;
}

/* Takes the columns of a chunk: by rows, and by columns, whose numbers begin where those before them end. */
static uint32_t take_chunk(LsSparse *sparse, size_t chunk, const float *x, uint32_t kept)
{
    const size_t first = chunk * LS_SPARSE_CHUNK;
    const size_t left = sparse->columns - first;
    const size_t columns = left < LS_SPARSE_CHUNK ? left : LS_SPARSE_CHUNK;
    uint32_t *begin = sparse->row_begin + chunk * sparse->rows;
    const uint64_t *mark = sparse->mark + chunk * sparse->rows * WORDS;
    uint32_t next[LS_SPARSE_CHUNK];
    uint32_t at = kept;
    for (size_t i = 0; i < columns; i++) {
        const uint32_t of_column = sparse->column_begin[first + i];
        sparse->column_begin[first + i] = next[i] = at;
        at += of_column;
    }
    for (size_t row = 0; row < sparse->rows; row++) {
        const float *part = x + row * sparse->columns + first;
        begin[row] = kept;
        for (size_t word = 0; word < WORDS; word++) {
            for (uint64_t bits = mark[row * WORDS + word]; bits != 0; bits &= bits - 1) {
                const uint32_t column = (uint32_t)word * 64 + (uint32_t)__builtin_ctzll(bits);
                const float value = part[column];
                sparse->by_row[kept++] = (LsTileEntry){column * LS_TILE_LANES, value};
                sparse->by_column[next[column]++] =
                    (LsTileEntry){(uint32_t)row * LS_TILE_LANES, value};
            }
        }
    }
    begin[sparse->rows] = kept;
    return kept;
}

bool ls_sparse_take(LsSparse *sparse, size_t rows, const float *x)
{
    assert(rows >= 1 && rows <= sparse->most_rows);
    const size_t chunks = chunks_of(sparse->columns);
    sparse->rows = rows;
    size_t some = 0;
    for (size_t chunk = 0; chunk < chunks; chunk++) {
        some += mark_chunk(sparse, chunk, x);
    }
    if (some > most_of(rows, sparse->columns)) {
        sparse->rows = 0;
        return false;
    }
    uint32_t kept = 0;
    for (size_t chunk = 0; chunk < chunks; chunk++) {
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
