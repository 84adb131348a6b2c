/* Compiled once for each instruction set, with LS_TILE_WIDTH floats in a vector and LS_TILE_NAME for
 * its kernels: the best shape of a tile depends on the number and the length of the registers, which
 * function clones cannot know. */
#include "nn/tile_kernel.h"

#include "nn/turn.h"

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

static void transpose(size_t rows, size_t columns, const float *from, size_t from_stride, float *to,
                      size_t to_stride)
{
    ls_turn(rows, columns, (const LsTurnWord *)from, from_stride, (LsTurnWord *)to, to_stride);
}

const LsTileKernel LS_TILE_NAME = {
    .multiply = multiply, .gather = gather, .copy = copy, .transpose = transpose, .sift = sift};
