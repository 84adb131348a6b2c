#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/rng.h"
#include "latentscape/core/text.h"

static void text_is_cut_at_a_whole_character(void **state)
{
    (void)state;
    const char *text = "aé€😀z"; /* 1, 2, 3, 4, 1 bytes */
    const char *const cut[] = {"",    "a",   "a",   "aé",  "aé",   "aé",
                               "aé€", "aé€", "aé€", "aé€", "aé€😀", "aé€😀z"};
    for (size_t size = 1; size <= LS_COUNT(cut); size++) {
        char out[16];
        memset(out, 'x', sizeof out);
        ls_text_clean(text, out, size);
        assert_string_equal(out, cut[size - 1]);
        assert_int_equal(out[size], 'x');
    }
}

static void a_long_text_keeps_both_ends(void **state)
{
    (void)state;
    char out[16];
    ls_text_shorten("/a/b/c/d/e/file", out, 16);
    assert_string_equal(out, "/a/b/c/d/e/file");
    ls_text_shorten("/a/folder/folder/x.idx", out, 16);
    assert_string_equal(out, "/a/f...er/x.idx");
    const char *wide = "€€€€€€€€€€"; /* 30 bytes */
    for (size_t size = 1; size <= sizeof out; size++) {
        memset(out, 'x', sizeof out);
        ls_text_shorten(wide, out, size);
        assert_true(strlen(out) < size);
        assert_true(ls_text_is_plain(out, strlen(out)));
    }
    assert_string_equal(out, "€...€€");
}

static void what_cannot_be_shown_becomes_a_question_mark(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"a\tb\x7f", "a?b?"},
        {"\xc2\x85", "?"},             /* C1 control */
        {"\xe2\x80\xae txt", "? txt"}, /* right-to-left override */
        {"\xe2\x81\xa6x", "?x"},       /* isolate */
        {"\xef\xbb\xbfx", "?x"},       /* byte order mark */
        {"\xc0\xaf", "??"},            /* overlong */
        {"\xed\xa0\x80", "???"},       /* surrogate */
        {"\xf4\x90\x80\x80", "????"},  /* beyond U+10FFFF */
        {"\xe2\x82", "??"},            /* broken off */
        {"\xff", "?"},
    };
    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        char out[32];
        ls_text_clean(cases[i][0], out, sizeof out);
        assert_string_equal(out, cases[i][1]);
        assert_false(ls_text_is_plain(cases[i][0], strlen(cases[i][0])));
    }
    assert_true(ls_text_is_plain("encoder.0.weight é😀", 23));
    assert_false(ls_text_is_plain("a\0b", 3));
    assert_true(ls_text_is_plain("", 0));
}

static void numbers_are_short_and_exact(void **state)
{
    (void)state;

    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0.0, "0"},
        {1e-3, "0.001"},
        {1e-4, "0.0001"},
        {1e-5, "1e-5"},
        {128.0, "128"},
        {0.1, "0.1"},
        {-2.5, "-2.5"},
        {1e14, "100000000000000"},
        {1e15, "1e15"},
        {1e300, "1e300"},
        {12345678.9, "12345678.9"},
        {2.5e-7, "2.5e-7"},
        {1.0 / 3.0, "0.3333333333333333"},
    };

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        char out[32];
        ls_text_number(cases[i].value, out);
        assert_string_equal(out, cases[i].text);
    }
    const LsRng rng = ls_rng_make(3, LS_RNG_VIEW);
    for (uint64_t i = 0; i < 20000; i++) {
        const uint64_t bits = ls_rng_bits(rng, i);
        double value = 0.0;
        double back = 0.0;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value)) {
            char out[32];
            ls_text_number(value, out);
            assert_true(strlen(out) < sizeof out);
            assert_true(ls_text_to_number(out, &back));
            assert_memory_equal(&value, &back, sizeof value);
        }
    }
}

static void only_plain_finite_decimals_are_numbers(void **state)
{
    (void)state;
    static const char *const bad[] = {"",    " 1",  "1 ", "0x10", "inf",   "nan",   "1e",  "1e+",
                                      "1,5", "--1", ".",  "e5",   "1e999", "1.2.3", "12a", "+"};
    static const char *const good[] = {"1", "+1", "-0.5", ".5", "5.", "1e-3", "1E+3", "1e-999"};
    for (size_t i = 0; i < LS_COUNT(bad); i++) {
        double value = 42.0;
        assert_false(ls_text_to_number(bad[i], &value));
        assert_true(value == 42.0);
    }
    for (size_t i = 0; i < LS_COUNT(good); i++) {
        double value = 42.0;
        assert_true(ls_text_to_number(good[i], &value));
        assert_true(value != 42.0);
    }
}

static void numbers_do_not_follow_the_locale(void **state)
{
    (void)state;
    static const char *const locales[] = {"de_DE.UTF-8", "tr_TR.UTF-8", "fr_FR.UTF-8", "C.UTF-8"};
    for (size_t i = 0; i < LS_COUNT(locales); i++) {
        setlocale(LC_ALL, locales[i]); /* those that are not installed change nothing */
        char out[32];
        double value = 0.0;
        ls_text_number(1.5, out);
        assert_string_equal(out, "1.5");
        assert_true(ls_text_to_number("1.5", &value));
        assert_true(value == 1.5);
        assert_false(ls_text_to_number("1,5", &value));
    }
    setlocale(LC_ALL, "C");
}

static void thousands_are_grouped(void **state)
{
    (void)state;

    static const struct {
        uint64_t value;
        const char *text;
    } cases[] = {{0, "0"},
                 {999, "999"},
                 {1000, "1,000"},
                 {1234567, "1,234,567"},
                 {UINT64_MAX, "18,446,744,073,709,551,615"}};

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        char out[32];
        ls_text_thousands(cases[i].value, out);
        assert_string_equal(out, cases[i].text);
    }
}

static void a_slip_of_the_pen_finds_its_name(void **state)
{
    (void)state;
    static const char *const names[] = {"beta", "w_rec", "activation", "lr", "silu", "leaky_relu"};
    static const char *const cases[][2] = {
        {"bta", "beta"},
        {"baet", NULL},
        {"ebta", "beta"},
        {"w-rec", "w_rec"},
        {"activ", "activation"},
        {"aktivation", "activation"},
        {"zzzzzz", NULL},
        {"", NULL},
        {"l", NULL},
        {"leakyrelu", "leaky_relu"},
        {"SILU", "silu"},
        {"x", NULL},
    };
    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        const char *found = ls_text_nearest(cases[i][0], names, LS_COUNT(names));
        if (cases[i][1] == NULL) {
            if (found != NULL) {
                fail_msg("\"%s\" gave %s", cases[i][0], found);
            }
        } else {
            assert_non_null(found);
            assert_string_equal(found, cases[i][1]);
        }
    }
    char longer[1000];
    memset(longer, 'a', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    assert_null(ls_text_nearest(longer, names, LS_COUNT(names)));
    assert_null(ls_text_nearest("beta", names, 0));
}

static void figures_read_as_in_a_sentence(void **state)
{
    (void)state;

    const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0.0"},
        {-0.04, "0.0"},
        {-136.84, "−136.8"},
        {9999.94, "9999.9"},
        {10757114060.3, "10,757,114,060"},
        {-3417521.4, "−3,417,521"},
        {1e30, "1.0e+30"},
        {(double)INFINITY, "inf"},
    };

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        char out[32];
        ls_text_figure(cases[i].value, out);
        assert_string_equal(out, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_cut_at_a_whole_character),
        cmocka_unit_test(a_long_text_keeps_both_ends),
        cmocka_unit_test(what_cannot_be_shown_becomes_a_question_mark),
        cmocka_unit_test(numbers_are_short_and_exact),
        cmocka_unit_test(only_plain_finite_decimals_are_numbers),
        cmocka_unit_test(numbers_do_not_follow_the_locale),
        cmocka_unit_test(thousands_are_grouped),
        cmocka_unit_test(figures_read_as_in_a_sentence),
        cmocka_unit_test(a_slip_of_the_pen_finds_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
