/* A few dozen rows of a matrix that is mostly zeros, as images of digits are: what is not zero, in two
 * orders, and the two products of a layer that looks at them, in which every zero is left out. They add
 * the same numbers up in the same order as the tiles do (nn/tile.h), whose bits they give as long as
 * the other matrix is finite: 0 times a number adds nothing to a sum. Internal to nn and vae.
 *
 * Columns are taken LS_SPARSE_CHUNK at a time, so that the other matrix's part of them stays near. */
#ifndef LATENTSCAPE_SRC_NN_SPARSE_H
#define LATENTSCAPE_SRC_NN_SPARSE_H

#include "nn/tile.h"

enum {
    LS_SPARSE_ROWS = 64, /* at most */
    LS_SPARSE_CHUNK = 128
};

typedef struct LsSparse {
    // --- immutable after init
    size_t most_rows, columns;
    // --- written by take
    size_t rows;            /* 0: nothing was taken */
    uint32_t *row_begin;    /* [chunks * rows + 1]: chunk after chunk, in it row after row */
    uint32_t *column_begin; /* [columns + 1] */
    LsTileEntry *by_row, *by_column;
    uint64_t *mark; /* [chunks, rows, LS_SPARSE_CHUNK / 64]: a bit where something is not zero */
} LsSparse;

/* Bytes of memory that a matrix of up to so many rows takes, a multiple of 64.  Thread: any. */
size_t ls_sparse_room(size_t most_rows, size_t columns);

/* Makes an empty matrix for up to most_rows rows, 1 .. LS_SPARSE_ROWS, in `memory`, which is aligned to
 * 64 bytes. Owns: memory stays the caller's.  Thread: any. */
void ls_sparse_init(LsSparse *sparse, size_t most_rows, size_t columns, void *memory);

/* Takes up to most_rows rows. Returns false, and holds nothing, where so many numbers are not
 * zero that whole products are faster. Shapes: x [rows, columns].  Thread: one at a time. */
bool ls_sparse_take(LsSparse *sparse, size_t rows, const float *x);

/* c = x b^T. Shapes: b [n, columns], c [rows, n].  Thread: any. */
void ls_sparse_nt(const LsTileKernel *kernel, const LsSparse *sparse, size_t n, const float *b,
                  float *c);

/* Whether matrices one below the other can be multiplied by ls_sparse_strip(): all were taken, and
 * none lies across a multiple of LS_TILE_DEPTH rows.  Thread: any. */
bool ls_sparse_stacks(size_t count, const LsSparse *sparse);

/* Floats of a panel for `rows` rows and m columns.  Thread: any. */
size_t ls_sparse_panel(size_t rows, size_t m);

/* Lays m columns of a matrix out for ls_sparse_strip(). Shapes: a [rows, m], rows `stride` apart.
 * Thread: any. */
void ls_sparse_lay_out(const LsTileKernel *kernel, size_t rows, size_t m, const float *a,
                       size_t stride, float *panel);

/* c = a^T x for the columns first .. first + lanes - 1 of x, which are `count` matrices one below the
 * other with `rows` rows in all, while `ahead` is fetched, rows [m]. Shapes: panel of a [rows, m];
 * c [m, LS_TILE_LANES]. first is a multiple of LS_TILE_LANES.  Thread: any. */
void ls_sparse_strip(const LsTileKernel *kernel, size_t m, size_t first, size_t lanes, size_t count,
                     const LsSparse *sparse, size_t rows, const float *panel,
                     const LsTileAhead *ahead, float *c);

#endif
