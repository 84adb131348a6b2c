/* Compiled once for each instruction set, with LS_TILE_WIDTH floats in a vector and LS_TILE_NAME for
 * its kernels: the best shape of a tile depends on the number and the length of the registers, which
 * function clones cannot know. */
#include "nn/tile_kernel.h"

/* One vector, at any address. */
typedef float Vector __attribute__((vector_size(LS_TILE_WIDTH * sizeof(float)), aligned(4)));

enum {
#if LS_TILE_WIDTH == 16
    TILE_ROWS = 8, /* 8 x 2 sums, 2 vectors of the panel and the factor: 19 of 32 registers */
#else
    TILE_ROWS = 6, /* 6 x 2 sums: 15 of 16 registers */
#endif
    TILE_VECTORS = 2,
    LINE = 16 /* floats */
};

/* One cache line of every row of something needed soon. */
typedef struct Fetch {
    const float *from;
    size_t step;
} Fetch;

#define ALWAYS_INLINE inline __attribute__((always_inline))

/* rows and vectors are constants wherever this is inlined, so that the sums live in registers. */
static ALWAYS_INLINE void tile(const int rows, const int vectors, size_t k, LsTileMatrix a,
                               const uint32_t *index, const float *panel, Fetch fetch, bool add,
                               float *c, size_t stride)
{
    Vector sum[TILE_ROWS][TILE_VECTORS];
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++) {
#pragma GCC unroll 2
        for (int j = 0; j < vectors; j++) {
            sum[i][j] = (Vector){0};
        }
    }
    for (size_t p = 0; p < k; p++) {
        const float *from = a.from + (index != NULL ? index[p] : p) * a.column_step;
        const float *line = panel + p * LS_TILE_LANES;
        __builtin_prefetch(fetch.from + p * fetch.step, 0, 2);
        Vector x[TILE_VECTORS];
#pragma GCC unroll 2
        for (int j = 0; j < vectors; j++) {
            x[j] = *(const Vector *)(line + j * LS_TILE_WIDTH);
        }
#pragma GCC unroll 8
        for (int i = 0; i < rows; i++) {
            const float factor = from[(size_t)i * a.row_step];
#pragma GCC unroll 2
            for (int j = 0; j < vectors; j++) {
                sum[i][j] += factor * x[j];
            }
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++) {
#pragma GCC unroll 2
        for (int j = 0; j < vectors; j++) {
            Vector *to = (Vector *)(c + (size_t)i * stride + j * LS_TILE_WIDTH);
            *to = add ? *to + sum[i][j] : sum[i][j];
        }
    }
}

/* Each of the first tiles fetches a cache line of every row of what comes next; the others fetch what is
 * there already. */
static ALWAYS_INLINE Fetch fetch_of(const LsTileAhead *ahead, size_t tile_index, const float *panel)
{
    enum {
        LINES = LS_TILE_LANES / LINE
    };

    const size_t which = tile_index / LINES;
    if (ahead == NULL || which >= LS_TILE_AHEAD || ahead->from[which] == NULL) {
        return (Fetch){panel, 0};
    }
    return (Fetch){ahead->from[which] + tile_index % LINES * LINE, ahead->step[which]};
}

/* All rows for the lanes of one tile. */
static ALWAYS_INLINE void column(const int vectors, size_t m, size_t k, LsTileMatrix a,
                                 const uint32_t *index, const float *panel,
                                 const LsTileAhead *ahead, bool add, float *c, size_t stride)
{
    size_t row = 0;
    for (; row + TILE_ROWS <= m; row += TILE_ROWS) {
        const LsTileMatrix rest = {a.from + row * a.row_step, a.row_step, a.column_step};
        tile(TILE_ROWS, vectors, k, rest, index, panel, fetch_of(ahead, row / TILE_ROWS, panel),
             add, c + row * stride, stride);
    }
    const Fetch nothing = {panel, 0};
    for (; row + 4 <= m; row += 4) {
        const LsTileMatrix rest = {a.from + row * a.row_step, a.row_step, a.column_step};
        tile(4, vectors, k, rest, index, panel, nothing, add, c + row * stride, stride);
    }
    for (; row < m; row++) {
        const LsTileMatrix rest = {a.from + row * a.row_step, a.row_step, a.column_step};
        tile(1, vectors, k, rest, index, panel, nothing, add, c + row * stride, stride);
    }
}

static ALWAYS_INLINE void columns(size_t m, size_t k, LsTileMatrix a, const uint32_t *index,
                                  const float *panel, size_t lanes, const LsTileAhead *ahead,
                                  bool add, float *c, size_t stride)
{
    const size_t both = (size_t)TILE_VECTORS * LS_TILE_WIDTH;
    size_t lane = 0;
    for (; lane + both <= lanes; lane += both) {
        column(TILE_VECTORS, m, k, a, index, panel + lane, ahead, add, c + lane, stride);
        ahead = NULL;
    }
    for (; lane < lanes; lane += LS_TILE_WIDTH) {
        column(1, m, k, a, index, panel + lane, ahead, add, c + lane, stride);
        ahead = NULL;
    }
}

static void multiply(size_t m, size_t k, LsTileMatrix a, const uint32_t *index, const float *panel,
                     size_t lanes, const LsTileAhead *ahead, bool add, float *c, size_t stride)
{
    if (index != NULL) {
        columns(m, k, a, index, panel, lanes, ahead, add, c, stride);
    } else {
        columns(m, k, a, NULL, panel, lanes, ahead, add, c, stride);
    }
}

/* One row of a sparse product: its sums stay in registers. */
static ALWAYS_INLINE void gather_row(const LsTileEntry *entry, const LsTileEntry *end,
                                     const float *panel, bool add, float *c)
{
    enum {
        VECTORS = LS_TILE_LANES / LS_TILE_WIDTH
    };

    Vector sum[VECTORS];
#pragma GCC unroll 8
    for (int j = 0; j < VECTORS; j++) {
        sum[j] = add ? *(const Vector *)(c + j * LS_TILE_WIDTH) : (Vector){0};
    }
    for (; entry < end; entry++) {
        const float *line = panel + entry->at;
        const float factor = entry->value;
#pragma GCC unroll 8
        for (int j = 0; j < VECTORS; j++) {
            sum[j] += factor * *(const Vector *)(line + j * LS_TILE_WIDTH);
        }
    }
#pragma GCC unroll 8
    for (int j = 0; j < VECTORS; j++) {
        *(Vector *)(c + j * LS_TILE_WIDTH) = sum[j];
    }
}

static ALWAYS_INLINE void fetch_row(const LsTileAhead *ahead, size_t row)
{
    for (size_t i = 0; i < LS_TILE_AHEAD && ahead->from[i] != NULL; i++) {
        for (size_t j = 0; j < LS_TILE_LANES; j += LINE) {
            __builtin_prefetch(ahead->from[i] + row * ahead->step[i] + j, 0, 2);
        }
    }
}

static void gather(size_t m, const uint32_t *begin, const LsTileEntry *entry, const float *panel,
                   const LsTileAhead *ahead, bool add, float *c)
{
    for (size_t i = 0; i < m; i++) {
        if (ahead != NULL) {
            fetch_row(ahead, i);
        }
        gather_row(entry + begin[i], entry + begin[i + 1], panel, add, c + i * LS_TILE_LANES);
    }
}

static size_t sift(size_t k, float *panel, uint32_t *index)
{
    size_t kept = 0;
    for (size_t p = 0; p < k; p++) {
        const float *line = panel + p * LS_TILE_LANES;
        float *to = panel + kept * LS_TILE_LANES;
        float any = 0.0f;
        for (size_t j = 0; j < LS_TILE_LANES; j++) {
            any = line[j] != 0.0f ? 1.0f : any;
            to[j] = line[j];
        }
        index[kept] = (uint32_t)p;
        kept += any != 0.0f ? 1 : 0;
    }
    return kept;
}

/* A call of memcpy for each line, or the instruction that gcc takes in its place, is slower. */
static void copy(size_t k, const float *from, size_t stride, float *to)
{
    for (size_t p = 0; p < k; p++) {
#pragma GCC unroll 8
        for (size_t j = 0; j < LS_TILE_LANES; j += LS_TILE_WIDTH) {
            *(Vector *)(to + p * LS_TILE_LANES + j) = *(const Vector *)(from + p * stride + j);
        }
    }
}

/* The numbers of the first, or of the second, halves of two vectors in turn. */
#if LS_TILE_WIDTH == 16
#    define FIRST(a, b) \
        __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#    define SECOND(a, b) \
        __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#else
#    define FIRST(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#    define SECOND(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#endif

/* A square of LS_TILE_WIDTH rows: dealing the rows of one half among those of the other, as often as
 * the width halves, turns it over. */
static void turn(const float *from, size_t from_stride, float *to, size_t to_stride)
{
    Vector row[LS_TILE_WIDTH];
    for (size_t i = 0; i < LS_TILE_WIDTH; i++) {
        row[i] = *(const Vector *)(from + i * from_stride);
    }
    for (size_t left = LS_TILE_WIDTH; left > 1; left /= 2) {
        Vector dealt[LS_TILE_WIDTH];
#pragma GCC unroll 8
        for (size_t i = 0; i < LS_TILE_WIDTH / 2; i++) {
            dealt[2 * i] = FIRST(row[i], row[i + LS_TILE_WIDTH / 2]);
            dealt[2 * i + 1] = SECOND(row[i], row[i + LS_TILE_WIDTH / 2]);
        }
#pragma GCC unroll 16
        for (size_t i = 0; i < LS_TILE_WIDTH; i++) {
            row[i] = dealt[i];
        }
    }
    for (size_t i = 0; i < LS_TILE_WIDTH; i++) {
        *(Vector *)(to + i * to_stride) = row[i];
    }
}

static void transpose(size_t rows, size_t columns, const float *from, size_t from_stride, float *to,
                      size_t to_stride)
{
    for (size_t row = 0; row < rows; row += LS_TILE_WIDTH) {
        const size_t high = rows - row < LS_TILE_WIDTH ? rows - row : LS_TILE_WIDTH;
        for (size_t first = 0; first < columns; first += LS_TILE_WIDTH) {
            const size_t wide = columns - first < LS_TILE_WIDTH ? columns - first : LS_TILE_WIDTH;
            const float *source = from + row * from_stride + first;
            float *target = to + first * to_stride + row;
            if (high == LS_TILE_WIDTH && wide == LS_TILE_WIDTH) {
                turn(source, from_stride, target, to_stride);
                continue;
            }
            for (size_t i = 0; i < high; i++) {
                for (size_t j = 0; j < wide; j++) {
                    target[j * to_stride + i] = source[i * from_stride + j];
                }
            }
        }
    }
}

const LsTileKernel LS_TILE_NAME = {
    .multiply = multiply, .gather = gather, .copy = copy, .transpose = transpose, .sift = sift};
