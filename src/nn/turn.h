/* Matrices of 32-bit words turned over, for kernels that are compiled once for each vector length
 * (nn/tile_kernel.c, nn/half_kernel.c): LS_TILE_WIDTH words in a vector. Words are moved and never
 * computed with, so that they may be anything. Internal to nn. */
#ifndef LATENTSCAPE_SRC_NN_TURN_H
#define LATENTSCAPE_SRC_NN_TURN_H

#include <stddef.h>
#include <stdint.h>

/* One word, one vector of them, of whatever type they are in memory. */
typedef uint32_t LsTurnWord __attribute__((may_alias));
typedef uint32_t LsTurnVector
    __attribute__((vector_size(LS_TILE_WIDTH * sizeof(uint32_t)), aligned(4), may_alias));

/* The words of the first, or of the second, halves of two vectors in turn. */
#if LS_TILE_WIDTH == 16
#    define LS_TURN_FIRST(a, b) \
        __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#    define LS_TURN_SECOND(a, b) \
        __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#else
#    define LS_TURN_FIRST(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#    define LS_TURN_SECOND(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#endif

/* A square of LS_TILE_WIDTH rows: dealing the rows of one half among those of the other, as often as
 * the width halves, turns it over. */
static inline void ls_turn_square(const LsTurnWord *from, size_t from_stride, LsTurnWord *to,
                                  size_t to_stride)
{
    LsTurnVector row[LS_TILE_WIDTH];
    for (size_t i = 0; i < LS_TILE_WIDTH; i++) {
        row[i] = *(const LsTurnVector *)(from + i * from_stride);
    }
    for (size_t left = LS_TILE_WIDTH; left > 1; left /= 2) {
        LsTurnVector dealt[LS_TILE_WIDTH];
#pragma GCC unroll 8
        for (size_t i = 0; i < LS_TILE_WIDTH / 2; i++) {
            dealt[2 * i] = LS_TURN_FIRST(row[i], row[i + LS_TILE_WIDTH / 2]);
            dealt[2 * i + 1] = LS_TURN_SECOND(row[i], row[i + LS_TILE_WIDTH / 2]);
        }
#pragma GCC unroll 16
        for (size_t i = 0; i < LS_TILE_WIDTH; i++) {
            row[i] = dealt[i];
        }
    }
    for (size_t i = 0; i < LS_TILE_WIDTH; i++) {
        *(LsTurnVector *)(to + i * to_stride) = row[i];
    }
}

/* to = from transposed. Shapes: from [rows, columns], rows from_stride apart; to [columns, rows],
 * rows to_stride apart.  Thread: any. */
static inline void ls_turn(size_t rows, size_t columns, const LsTurnWord *from, size_t from_stride,
                           LsTurnWord *to, size_t to_stride)
{
    for (size_t row = 0; row < rows; row += LS_TILE_WIDTH) {
        const size_t high = rows - row < LS_TILE_WIDTH ? rows - row : LS_TILE_WIDTH;
        for (size_t first = 0; first < columns; first += LS_TILE_WIDTH) {
            const size_t wide = columns - first < LS_TILE_WIDTH ? columns - first : LS_TILE_WIDTH;
            const LsTurnWord *source = from + row * from_stride + first;
            LsTurnWord *target = to + first * to_stride + row;
            if (high == LS_TILE_WIDTH && wide == LS_TILE_WIDTH) {
                ls_turn_square(source, from_stride, target, to_stride);
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

#endif
