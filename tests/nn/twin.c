#include "twin.h"

#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"

static const float guard = -12345.0f;

float *twin_fill(TwinArray *array, size_t n, size_t offset, uint64_t seed, double low, double high)
{
    assert_true(n <= TWIN_MAX && offset < TWIN_PAD);
    for (size_t i = 0; i < LS_COUNT(array->room); i++) {
        array->room[i] = guard;
    }
    array->n = n;
    array->offset = TWIN_PAD / 2 + offset;
    float *numbers = array->room + array->offset;
    ls_rng_uniform(ls_rng_make(7, LS_RNG_VIEW), seed * 4096, n, numbers);
    for (size_t i = 0; i < n; i++) {
        numbers[i] = (float)(low + (high - low) * (double)numbers[i]);
    }
    return numbers;
}

void twin_check_guard(const TwinArray *array)
{
    for (size_t i = 0; i < LS_COUNT(array->room); i++) {
        if (i < array->offset || i >= array->offset + array->n) {
            assert_memory_equal(&array->room[i], &guard, sizeof guard);
        }
    }
}

float *twin_floats(size_t n, uint64_t seed)
{
    float *x = ls_memory_floats(n + 1, NULL);
    assert_non_null(x);
    ls_rng_normal(ls_rng_make(seed, LS_RNG_NOISE), 0, n, x);
    x[n] = 77.0f; /* a guard */
    return x;
}

void twin_check(const char *what, size_t i, double got, double want, double tolerance, double floor)
{
    if (!(fabs(got - want) <= tolerance * (fabs(want) + floor))) {
        fail_msg("%s, number %zu: got %.9g, want %.9g", what, i, got, want);
    }
}

static double relu(double pre)
{
    return pre > 0.0 ? pre : 0.0;
}

static double leaky_relu(double pre)
{
    return pre > 0.0 ? pre : 0.01 * pre;
}

static double silu(double pre)
{
    return pre / (1.0 + exp(-pre));
}

static double gelu(double pre)
{
    return 0.5 * pre * erfc(-pre / sqrt(2.0));
}

TwinActivation *twin_activation(const char *name)
{
    static const struct {
        const char *name;
        TwinActivation *twin;
    } rows[] = {
        {"relu", relu}, {"leaky_relu", leaky_relu}, {"silu", silu}, {"gelu", gelu}, {"tanh", tanh},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return rows[i].twin;
        }
    }
    fail_msg("activation \"%s\" has no twin", name);
    return NULL;
}

double twin_slope(TwinActivation *twin, double pre)
{
    const double h = 1e-5;
    return (twin(pre + h) - twin(pre - h)) / (2.0 * h);
}
