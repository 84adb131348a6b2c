#include "nn/half_kernel.h"

#include <immintrin.h>

#include "nn/turn.h"

/* One vector of sums, or of words, at any address. */
typedef float Vector __attribute__((vector_size(LS_TILE_WIDTH * sizeof(float)), aligned(4)));
typedef LsTurnVector Words;

/* Two halves at any address of halves. */
typedef uint32_t Pair __attribute__((aligned(2), may_alias));

enum {
    TILE_ROWS =
        LS_HALF_ROWS, /* 8 x 2 sums, 2 vectors of the panel and the pair: 19 of 32 registers */
    TILE_VECTORS = LS_HALF_LANES / LS_TILE_WIDTH,
    LINE = 64 /* bytes */
};

#define ALWAYS_INLINE inline __attribute__((always_inline))

/* sum + the products of 16 pairs. The one thing here that C has no words for. */
static ALWAYS_INLINE Vector add_pairs(Vector sum, Words x, Words y)
{
    return (Vector)_mm512_dpbf16_ps((__m512)sum, (__m512bh)x, (__m512bh)y);
}

/* A cache line of every row of something needed soon, two rows with each of the first `count` pairs: one
 * from `from` on, one from `second` on. */
typedef struct Fetch {
    const char *from, *second;
    size_t step, count;
} Fetch;

typedef struct Sums {
    Vector at[TILE_ROWS][TILE_VECTORS];
} Sums;

/* Adds pair p to the sums of a tile; a panel's lines have `wide` words. */
static ALWAYS_INLINE void add_pair(const int rows, const int vectors, LsHalfMatrix a,
                                   const uint32_t *panel, const size_t wide, size_t p, Sums *sums)
{
    const uint16_t *from = a.from + p * a.pair_step;
    Words x[TILE_VECTORS];
#pragma GCC unroll 2
    for (int j = 0; j < vectors; j++) {
        x[j] = *(const Words *)(panel + p * wide + j * LS_TILE_WIDTH);
    }
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++) {
        const Words pair = *(const Pair *)(from + (size_t)i * a.row_step) - (Words){0};
#pragma GCC unroll 2
        for (int j = 0; j < vectors; j++) {
            sums->at[i][j] = add_pairs(sums->at[i][j], pair, x[j]);
        }
    }
}

/* rows and vectors are constants wherever this is inlined, so that the sums live in registers. */
static ALWAYS_INLINE void tile(const int rows, const int vectors, size_t pairs, LsHalfMatrix a,
                               const uint32_t *panel, Fetch fetch, bool add, float *c,
                               size_t stride)
{
    Sums sums = {0};
    size_t p = 0;
    for (; p < fetch.count; p++) {
        __builtin_prefetch(fetch.from + p * fetch.step, 0, 2);
        __builtin_prefetch(fetch.second + p * fetch.step, 0, 2);
        add_pair(rows, vectors, a, panel, LS_TILE_LANES, p, &sums);
    }
    for (; p < pairs; p++) {
        add_pair(rows, vectors, a, panel, LS_TILE_LANES, p, &sums);
    }
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++) {
#pragma GCC unroll 2
        for (int j = 0; j < vectors; j++) {
            Vector *to = (Vector *)(c + (size_t)i * stride + j * LS_TILE_WIDTH);
            *to = add ? *to + sums.at[i][j] : sums.at[i][j];
        }
    }
}

/* Each of the first tiles fetches a cache line of every row of what comes next. */
static ALWAYS_INLINE Fetch fetch_of(const LsHalfAhead *ahead, size_t tile_index, size_t pairs)
{
    if (ahead == NULL || tile_index >= LS_TILE_LANES * sizeof *ahead->from / LINE) {
        return (Fetch){0};
    }
    const char *from = (const char *)ahead->from + tile_index * LINE;
    const size_t half = (ahead->rows + 1) / 2;
    const size_t count = half < pairs ? half : pairs;
    return (Fetch){from, from + (ahead->rows - count) * ahead->step, ahead->step, count};
}

/* The same matrix from a row on. */
static ALWAYS_INLINE LsHalfMatrix rows_from(LsHalfMatrix a, size_t row)
{
    a.from += row / TILE_ROWS * a.tile_step + row % TILE_ROWS * a.row_step;
    return a;
}

/* All rows for the lanes of one tile; tiles before these were `done`. */
static ALWAYS_INLINE void column(const int vectors, size_t m, size_t pairs, LsHalfMatrix a,
                                 const uint32_t *panel, const LsHalfAhead *ahead, size_t done,
                                 bool add, float *c, size_t stride)
{
    size_t row = 0;
    for (; row + TILE_ROWS <= m; row += TILE_ROWS) {
        const LsHalfMatrix rest = rows_from(a, row);
        tile(TILE_ROWS, vectors, pairs, rest, panel, fetch_of(ahead, done + row / TILE_ROWS, pairs),
             add, c + row * stride, stride);
    }
    const Fetch nothing = {0};
    for (; row + 4 <= m; row += 4) {
        const LsHalfMatrix rest = rows_from(a, row);
        tile(4, vectors, pairs, rest, panel, nothing, add, c + row * stride, stride);
    }
    for (; row < m; row++) {
        const LsHalfMatrix rest = rows_from(a, row);
        tile(1, vectors, pairs, rest, panel, nothing, add, c + row * stride, stride);
    }
}

static void multiply(size_t m, size_t pairs, LsHalfMatrix a, const uint32_t *panel, size_t lanes,
                     const LsHalfAhead *ahead, bool add, float *c, size_t stride)
{
    const size_t both = (size_t)TILE_VECTORS * LS_TILE_WIDTH;
    size_t lane = 0;
    size_t done = 0;
    for (; lane + both <= lanes; lane += both, done += m / TILE_ROWS) {
        column(TILE_VECTORS, m, pairs, a, panel + lane, ahead, done, add, c + lane, stride);
    }
    for (; lane < lanes; lane += LS_TILE_WIDTH, done += m / TILE_ROWS) {
        column(1, m, pairs, a, panel + lane, ahead, done, add, c + lane, stride);
    }
}

/* 16 weights as Adam leaves them, and its means. */
typedef struct Moved {
    Vector weight, m, v;
} Moved;

/* What becomes of 16 weights: as ls_adam_rates_apply() says, with a penalty's gradient added before. */
static ALWAYS_INLINE Moved move(const LsHalfLearning *to, size_t at, size_t lane, Vector grad)
{
    const LsAdamRates *r = &to->rates;
    Vector *loss = (Vector *)(to->loss + lane);
    const Vector w = *(const Vector *)(to->weight + at);
    if (to->absolute) {
        const Words above = (Words)(w > 0.0f);
        const Words below = (Words)(w < 0.0f);
        const Words one = (Words)((Vector){0} + 1.0f);
        const Words minus = (Words)((Vector){0} - 1.0f);
        const Vector side =
            (Vector)((above & one) | (below & minus) | (~(above | below) & (Words)w));
        *loss += (Vector)_mm512_abs_ps((__m512)w);
        grad += to->factor * side;
    } else {
        *loss += 0.5f * (w * w);
        grad += to->factor * w;
    }
    const Vector v = r->beta2 * *(const Vector *)(to->v + at) + r->new2 * (grad * grad);
    const Vector root = (Vector)_mm512_sqrt_ps((__m512)v);
    if (to->bounded) {
        const Vector bound = r->bound * root;
        /* of two that cannot be compared, the second: NaN stays */
        const Vector high = (Vector)_mm512_min_ps((__m512)bound, (__m512)grad);
        grad = (Vector)_mm512_max_ps((__m512)-bound, (__m512)high);
    }
    const Vector m = r->beta1 * *(const Vector *)(to->m + at) + r->new1 * grad;
    return (Moved){r->keep * w - r->rate * m / (root * r->root + r->epsilon), m, v};
}

static ALWAYS_INLINE void keep(const LsHalfLearning *to, size_t at, Moved moved)
{
    *(Vector *)(to->weight + at) = moved.weight;
    *(Vector *)(to->m + at) = moved.m;
    *(Vector *)(to->v + at) = moved.v;
    _mm256_storeu_si256((void *)(to->half + at), (__m256i)_mm512_cvtneps_pbh((__m512)moved.weight));
}

static ALWAYS_INLINE void fetch_weights(const LsHalfLearning *to, size_t at)
{
    __builtin_prefetch(to->weight + at, 1, 2);
    __builtin_prefetch(to->m + at, 1, 2);
    __builtin_prefetch(to->v + at, 1, 2);
    __builtin_prefetch(to->half + at, 1, 2);
}

/* Where a tile lies among the weights: its first one, and that one's lane. */
typedef struct Place {
    size_t at, lane;
} Place;

/* A tile of the gradient, goes to grad; in pieces between which a vector of the tile before is moved, whose
 * gradient is `moving`, or NULL if there is none, and one of the tile at `next` is fetched. */
static ALWAYS_INLINE void learn_tile(const int vectors, size_t pairs, LsHalfMatrix a,
                                     const uint32_t *panel, const LsHalfLearning *to, Place before,
                                     Place next, const float *moving, float *grad)
{
    const size_t parts = (size_t)LS_HALF_ROWS * (size_t)vectors;
    Sums sums = {0};
    size_t p = 0;
    for (size_t part = 0; part < parts; part++) {
        const size_t row = part / (size_t)vectors;
        const size_t column = part % (size_t)vectors * LS_TILE_WIDTH;
        const size_t off = row * to->stride + column;
        fetch_weights(to, next.at + off);
        Moved moved = {0};
        if (moving != NULL) {
            moved = move(to, before.at + off, before.lane + column,
                         *(const Vector *)(moving + part * LS_TILE_WIDTH));
        }
        const size_t end = (part + 1) * pairs / parts;
        for (; p < end; p++) {
            add_pair(LS_HALF_ROWS, vectors, a, panel, LS_HALF_LANES, p, &sums);
        }
        /* A store whose number is not there yet would hold up loads from where it seems to go: any with the
         * same last bits of their address. */
        if (moving != NULL) {
            keep(to, before.at + off, moved);
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < LS_HALF_ROWS; i++) {
#pragma GCC unroll 2
        for (int j = 0; j < vectors; j++) {
            *(Vector *)(grad + (i * vectors + j) * LS_TILE_WIDTH) = sums.at[i][j];
        }
    }
}

/* A tile for which there is no other to be multiplied meanwhile. */
static ALWAYS_INLINE void move_tile(const int vectors, const LsHalfLearning *to, Place place,
                                    const float *grad)
{
    for (size_t part = 0; part < (size_t)LS_HALF_ROWS * (size_t)vectors; part++) {
        const size_t column = part % (size_t)vectors * LS_TILE_WIDTH;
        const size_t at = place.at + part / (size_t)vectors * to->stride + column;
        keep(to, at,
             move(to, at, place.lane + column, *(const Vector *)(grad + part * LS_TILE_WIDTH)));
    }
}

/* Tiles of so many vectors side by side, row after row, `tiles` in each from `lane` on. */
static ALWAYS_INLINE void learn_tiles(const int vectors, size_t m, size_t pairs, LsHalfMatrix a,
                                      const uint32_t *panel, const LsHalfLearning *to, size_t lane,
                                      size_t tiles)
{
    enum {
        AHEAD = 4 /* tiles from the one that is fetched to the one that is multiplied */
    };

    _Alignas(64) float grad[2][LS_HALF_ROWS * LS_HALF_LANES];
    const size_t rows = m / LS_HALF_ROWS;
    const size_t below = LS_HALF_ROWS * to->stride;
    Place before = {0};
    for (size_t number = 0; number < rows * tiles; number++) {
        const size_t row = number / tiles;
        const size_t tile_index = number % tiles;
        const size_t soon = number + AHEAD;
        const Place here = {row * below + lane + tile_index * LS_HALF_LANES,
                            lane + tile_index * LS_HALF_LANES};
        const Place next = {soon / tiles * below + lane + soon % tiles * LS_HALF_LANES, 0};
        learn_tile(vectors, pairs, rows_from(a, row * LS_HALF_ROWS),
                   panel + tile_index * pairs * LS_HALF_LANES, to, before, next,
                   number > 0 ? grad[(number + 1) % 2] : NULL, grad[number % 2]);
        before = here;
    }
    move_tile(vectors, to, before, grad[(rows * tiles + 1) % 2]);
}

static void learn(size_t m, size_t pairs, LsHalfMatrix a, const uint32_t *x, size_t lanes,
                  const LsHalfLearning *learning)
{
    const size_t whole = lanes / LS_HALF_LANES;
    const size_t rest = whole * LS_HALF_LANES;
    if (whole > 0) {
        learn_tiles(TILE_VECTORS, m, pairs, a, x, learning, 0, whole);
    }
    if (rest < lanes) {
        learn_tiles(1, m, pairs, a, x + rest * pairs, learning, rest, 1);
    }
}

static ALWAYS_INLINE void pair_row(size_t columns, const uint16_t *low, const uint16_t *high,
                                   uint32_t *restrict to)
{
    for (size_t j = 0; j < columns; j++) {
        to[j] = (uint32_t)low[j] | (uint32_t)high[j] << 16;
    }
}

/* A pair of rows; wide is a constant wherever this is inlined. */
static ALWAYS_INLINE void pair_rows(const size_t wide, size_t columns, const uint16_t *low,
                                    const uint16_t *high, uint32_t *to, size_t to_step)
{
    size_t column = 0;
    for (; column + wide <= columns; column += wide, to += to_step) {
        pair_row(wide, low + column, high + column, to);
    }
    pair_row(columns - column, low + column, high + column, to);
}

static ALWAYS_INLINE void pair_all(const size_t wide, size_t rows, size_t columns,
                                   const uint16_t *from, size_t stride, uint32_t *to,
                                   size_t to_step)
{
    for (size_t row = 0; row + 1 < rows; row += 2) {
        const uint16_t *low = from + row * stride;
        pair_rows(wide, columns, low, low + stride, to + row / 2 * wide, to_step);
    }
    const uint16_t *last = from + (rows - rows % 2) * stride;
    for (size_t j = 0; j < columns && rows % 2 != 0; j++) {
        to[j / wide * to_step + rows / 2 * wide + j % wide] = last[j];
    }
}

static void pair(size_t rows, size_t columns, const uint16_t *from, size_t stride, size_t wide,
                 uint32_t *to, size_t to_step)
{
    if (wide == TILE_ROWS) {
        pair_all(TILE_ROWS, rows, columns, from, stride, to, to_step);
    } else if (wide == LS_HALF_LANES) {
        pair_all(LS_HALF_LANES, rows, columns, from, stride, to, to_step);
    } else {
        pair_all(LS_TILE_LANES, rows, columns, from, stride, to, to_step);
    }
}

static void turn(size_t rows, size_t pairs, const uint16_t *from, size_t stride, uint32_t *to)
{
    if (stride % 2 == 0 && (uintptr_t)from % sizeof(uint32_t) == 0) {
        ls_turn(rows, pairs, (const LsTurnWord *)(const void *)from, stride / 2, to, LS_TILE_LANES);
        return;
    }
    for (size_t row = 0; row < rows; row++) { /* rows begin in the midst of words */
        for (size_t p = 0; p < pairs; p++) {
            to[p * LS_TILE_LANES + row] = *(const Pair *)(from + row * stride + 2 * p);
        }
    }
}

const LsHalfKernel ls_half_kernel_v4 = {
    .multiply = multiply, .learn = learn, .pair = pair, .turn = turn};
