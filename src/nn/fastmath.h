/* Elementary functions that vectorize: plain arithmetic without branches or calls, so that a loop
 * around one becomes SIMD code in each of LS_KERNEL's clones. libm's own do not (softplus 20x slower).
 *
 * Relative error about 2e-7 unless a function says otherwise; infinities give their limits and NaN
 * gives NaN. Comparisons are written "x < limit ? limit : x", never the other way round: a NaN fails
 * the comparison and passes through. Internal to nn, vae and measure.
 *
 * Coefficients are minimax fits (reweighted least squares in double precision) of the function that
 * stands beside them. */
#ifndef LATENTSCAPE_SRC_NN_FASTMATH_H
#define LATENTSCAPE_SRC_NN_FASTMATH_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/kernel.h"

/* Floats added side by side by a reduction: one widest vector, in any instruction set. */
#define LS_LANES 16

static inline float ls_float_from_bits(uint32_t bits)
{
    float value = 0.0f;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint32_t ls_float_bits(float value)
{
    uint32_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* The nearest number in bfloat16, halves to even: the bits that are dropped are carried into those that
 * stay, which would make a zero of some NaN. NaN stays NaN.  Thread: any. */
static inline uint16_t ls_float_half(float x)
{
    const uint32_t bits = ls_float_bits(x);
    const uint32_t nearest = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    return (uint16_t)(x != x ? 0x7fc0u : nearest);
}

/* exp(x), down to the smallest denormal and up to infinity.  Thread: any. */
static inline float ls_exp(float x)
{
    /* Beyond these the result is 0 or infinity; the limits keep the exponent arithmetic in range. */
    x = x < -105.0f ? -105.0f : x;
    x = x > 90.0f ? 90.0f : x;
    /* Adding 1.5 * 2^23 rounds to a whole number and leaves it in the low bits. */
    const float magic = 12582912.0f;
    const float shifted = x * 1.44269504f + magic;
    const float whole = shifted - magic;
    /* ln 2 in two parts; the first has few enough bits that whole * it is exact. */
    const float r = (x - whole * 0.693145752f) - whole * 1.42860677e-6f;
    float p = 0.00138145f; /* (exp(r) - 1 - r) / r^2 on |r| <= ln(2)/2 */
    p = p * r + 0.00836878f;
    p = p * r + 0.04166839f;
    p = p * r + 0.1666652f;
    p = p * r + 0.49999993f;
    p = 1.0f + (r + r * r * p);
    /* 2^whole in two factors, since neither 2^128 nor 2^-150 is a float. */
    const int32_t power = (int32_t)(ls_float_bits(shifted) - ls_float_bits(magic));
    const int32_t half = power >> 1;
    const float low = ls_float_from_bits((uint32_t)(half + 127) << 23);
    const float high = ls_float_from_bits((uint32_t)(power - half + 127) << 23);
    return p * low * high;
}

/* log(1 + u) for u in [0, 1].  Thread: any. */
static inline float ls_log1p_unit(float u)
{
    const float s = u / (2.0f + u); /* log(1 + u) = 2 atanh(s) */
    const float t = s * s;
    float p = 0.14005993f; /* (atanh(s) - s) / s^3 on 0 <= s <= 1/3 */
    p = p * t + 0.14000903f;
    p = p * t + 0.20010764f;
    p = p * t + 0.33333208f;
    return 2.0f * (s + s * t * p);
}

/* log(x) for normal x > 0; NaN for infinity. Error 2e-7 of the larger of 1 and the result.
 * Thread: any. */
static inline float ls_log(float x)
{
    const uint32_t bits = ls_float_bits(x);
    const float power = (float)((int32_t)(bits >> 23 & 0xff) - 127);
    const float unit = ls_float_from_bits((bits & 0x7fffff) | 0x3f800000); /* in [1, 2) */
    return power * 0.693147181f + ls_log1p_unit(unit - 1.0f) + (x - x);
}

/* log(1 + exp(x)).  Thread: any. */
static inline float ls_softplus(float x)
{
    const float positive = x < 0.0f ? 0.0f : x;
    return positive + ls_log1p_unit(ls_exp(-fabsf(x)));
}

/* 1 / (1 + exp(-x)).  Thread: any. */
static inline float ls_sigmoid(float x)
{
    const float e = ls_exp(-fabsf(x));
    const float p = 1.0f / (1.0f + e);
    return x < 0.0f ? e * p : p;
}

/* tanh(x).  Thread: any. */
static inline float ls_tanh(float x)
{
    const float a = fabsf(x);
    const float t = x * x;
    float p = -0.00570499f; /* (tanh(x) - x) / x^3 on |x| < 0.625 */
    p = p * t + 0.02063909f;
    p = p * t + -0.05373972f;
    p = p * t + 0.13331442f;
    p = p * t + -0.33333282f;
    const float near = x + x * t * p;
    const float far = copysignf(1.0f - 2.0f / (1.0f + ls_exp(2.0f * a)), x);
    return a < 0.625f ? near : far;
}

/* Half of erfc(|x| / sqrt 2): the normal distribution's tail beyond |x|. Error 1e-7 relative to the
 * centre; below 1e-10 (|x| > 6.36) it is 0.  Thread: any. */
static inline float ls_normal_tail(float x)
{
    const float t = fabsf(x) * 0.707106781f;
    float p = -3.21658889e-6f; /* -log(erfc(t)) / t on 0 <= t <= 4.5 */
    p = p * t + 5.31575944e-5f;
    p = p * t + -3.51613350e-4f;
    p = p * t + 1.02005658e-3f;
    p = p * t + 6.85441351e-4f;
    p = p * t + -1.97832421e-2f;
    p = p * t + 0.103031307f;
    p = p * t + 0.636571377f;
    p = p * t + 1.12838219f;
    const float tail = 0.5f * ls_exp(-t * p);
    return t > 4.5f ? 0.0f : tail;
}

#endif
