#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef __GLIBC__ /* as <stdlib.h> has told */
#    include <malloc.h>
#endif

#include <cmocka.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"

static void memory_is_aligned_and_zeroed(void **state)
{
    (void)state;
    for (size_t count = 0; count < 100; count++) {
        LsError err = {0};
        float *floats = ls_memory_floats(count, &err);
        assert_non_null(floats);
        assert_int_equal((uintptr_t)floats % 64, 0);
        for (size_t i = 0; i < count; i++) {
            assert_true(floats[i] == 0.0f);
            floats[i] = 1.0f;
        }
        ls_memory_free(floats);
    }
    ls_memory_free(NULL);
}

/* What the process holds in memory. Units: bytes. */
static size_t resident(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    assert_non_null(file);
    unsigned long all = 0, held = 0;
    assert_int_equal(fscanf(file, "%lu %lu", &all, &held), 2); // NOLINT(cert-err34-c): the kernel's
    assert_int_equal(fclose(file), 0);
    return (size_t)held * (size_t)sysconf(_SC_PAGESIZE);
}

static void a_large_piece_takes_no_memory_until_it_is_written(void **state)
{
    (void)state;
#ifdef __GLIBC__
    (void)mallopt(M_PERTURB, 0); /* what a test runner may have asked for would write it */
#endif
    const size_t count = (size_t)16 << 20, bytes = count * sizeof(float);
    const size_t before = resident();
    float *floats = ls_memory_floats(count, NULL);
    assert_non_null(floats);
    assert_true(resident() < before + bytes / 2);
    for (size_t i = 0; i < count; i++) {
        floats[i] = 1.0f;
    }
    assert_true(resident() >= before + bytes / 2);
    ls_memory_free(floats);
}

static void sizes_beyond_memory_are_refused(void **state)
{
    (void)state;
    const size_t cases[][2] = {
        {SIZE_MAX, 1},      {SIZE_MAX, 2}, {SIZE_MAX / 2, 3},
        {SIZE_MAX - 62, 1}, {1, SIZE_MAX}, {(size_t)1 << 32, (size_t)1 << 32},
    };
    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        LsError err = {0};
        assert_null(ls_memory_items(cases[i][0], cases[i][1], &err));
        assert_int_equal(err.code, LS_ERR_MEMORY);
        assert_true(err.text[0] != '\0');
    }
}

static void size_arithmetic_refuses_overflow(void **state)
{
    (void)state;
    size_t result = 7;
    assert_true(ls_size_mul(3, 4, &result));
    assert_int_equal(result, 12);
    assert_true(ls_size_mul(0, SIZE_MAX, &result));
    assert_int_equal(result, 0);
    assert_true(ls_size_mul(SIZE_MAX, 1, &result));
    assert_true(result == SIZE_MAX);
    assert_false(ls_size_mul((size_t)1 << 33, (size_t)1 << 31, &result));
    assert_true(result == SIZE_MAX);
    assert_true(ls_size_add(SIZE_MAX - 1, 1, &result));
    assert_true(result == SIZE_MAX);
    assert_false(ls_size_add(SIZE_MAX, 1, &result));
}

static void the_clock_never_goes_back(void **state)
{
    (void)state;
    double before = ls_clock_now();
    for (int i = 0; i < 1000; i++) {
        const double now = ls_clock_now();
        assert_true(now >= before);
        before = now;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_aligned_and_zeroed),
        cmocka_unit_test(a_large_piece_takes_no_memory_until_it_is_written),
        cmocka_unit_test(sizes_beyond_memory_are_refused),
        cmocka_unit_test(size_arithmetic_refuses_overflow),
        cmocka_unit_test(the_clock_never_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
