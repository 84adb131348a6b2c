/* The two products of nn/sparse.h in bfloat16: matrices taken in pairs, so that a word with two numbers, of which
 * one or both are not zero, is one multiplication. Internal to nn and vae. */
#ifndef LATENTSCAPE_SRC_NN_HALF_SPARSE_H
#define LATENTSCAPE_SRC_NN_HALF_SPARSE_H

#include "nn/half.h"
#include "nn/sparse.h"

/* c = x b^T. Shapes: b [n, columns], c [rows, n].  Thread: any. */
void ls_half_sparse_nt(const LsHalfKernel *kernel, const LsSparse *x, size_t n, const uint16_t *b,
                       float *c);

/* Words of a panel for matrices with `rows` rows in all, and m columns.  Thread: any. */
size_t ls_half_sparse_panel(size_t rows, size_t m);

/* Lays m columns of a matrix out for ls_half_sparse_strip(), whose rows are those of `count` matrices one below
 * the other. Shapes: a [rows, m], rows `stride` apart.  Thread: any. */
void ls_half_sparse_lay_out(const LsHalfKernel *kernel, size_t count, const LsSparse *x, size_t m,
                            const uint16_t *a, size_t stride, uint32_t *panel);

/* c = a^T x for the columns first .. first + lanes - 1 of x, as ls_sparse_strip(). Shapes: panel of a [rows, m];
 * c [m, LS_TILE_LANES].  Thread: any. */
void ls_half_sparse_strip(const LsHalfKernel *kernel, size_t m, size_t first, size_t lanes,
                          size_t count, const LsSparse *x, const uint32_t *panel,
                          const LsTileAhead *ahead, float *c);

#endif
