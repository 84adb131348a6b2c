/* Plain double-precision twins of the vectorized kernels, and what the tests of kernels share. A twin
 * is found by the name of its table row: a new row without one fails its test. */
#ifndef LATENTSCAPE_TESTS_NN_TWIN_H
#define LATENTSCAPE_TESTS_NN_TWIN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latentscape/core/base.h"

enum {
    TWIN_MAX = 784,
    TWIN_PAD = 32 /* floats before and after an array under test */
};

/* Around the widest vector, and a whole image. */
static const size_t twin_sizes[] = {0, 1, 7, 15, 16, 17, TWIN_MAX};

/* An array with a guard on both sides, at any offset from alignment. */
typedef struct TwinArray {
    _Alignas(64) float room[TWIN_MAX + 2 * TWIN_PAD];
    size_t n, offset;
} TwinArray;

/* n numbers, uniform in [low, high), from position seed * 4096 of one fixed stream; returns them. */
float *twin_fill(TwinArray *array, size_t n, size_t offset, uint64_t seed, double low, double high);

/* Fails the test where a kernel wrote outside its array. */
void twin_check_guard(const TwinArray *array);

/* n numbers of a standard normal on the heap and, behind them, 77 as a guard. Owns: the caller,
 * ls_memory_free(). */
float *twin_floats(size_t n, uint64_t seed);

/* Fails the test where |got - want| > tolerance * (|want| + floor). */
void twin_check(const char *what, size_t i, double got, double want, double tolerance,
                double floor);

typedef double TwinActivation(double pre);

/* The twin of the activation called name; fails the test where there is none. */
TwinActivation *twin_activation(const char *name);

/* Derivative of a twin by central difference. */
double twin_slope(TwinActivation *twin, double pre);

#endif
