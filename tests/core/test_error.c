#include <errno.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/error.h"
#include "latentscape/core/text.h"

static void a_failure_carries_its_code_and_sentence(void **state)
{
    (void)state;
    LsError err = {0};
    assert_false(ls_fail(&err, LS_ERR_FORMAT, "%s holds %d.", "x.idx", 3));
    assert_int_equal(err.code, LS_ERR_FORMAT);
    assert_string_equal(err.text, "x.idx holds 3.");
}

static void nobody_needs_to_listen(void **state)
{
    (void)state;
    assert_false(ls_fail(NULL, LS_ERR_FILE, "%s", "unheard"));
}

static void foreign_bytes_are_cleaned(void **state)
{
    (void)state;
    LsError err = {0};
    ls_fail(&err, LS_ERR_FILE, "a\nb\x1b[31m \xff \xe2\x80\xae é");
    assert_string_equal(err.text, "a?b?[31m ? ? é");
}

static void a_long_sentence_keeps_its_beginning_and_its_end(void **state)
{
    (void)state;
    for (size_t length = 380; length < 4000; length += 7) {
        char path[4096] = {0};
        for (size_t i = 0; i + 2 <= length; i += 2) {
            memcpy(path + i, "é", 2);
        }
        LsError err = {0};
        ls_fail(&err, LS_ERR_FILE, "/first/%s cannot be opened: No such file.", path);
        assert_non_null(strstr(err.text, "/first/"));
        assert_non_null(strstr(err.text, " cannot be opened: No such file."));
        assert_true(strlen(err.text) < sizeof err.text);
        assert_true(ls_text_is_plain(err.text, strlen(err.text)));
        assert_null(strchr(err.text, '?'));
    }
}

/* A path of `size` bytes that ends in name. */
static const char *deep(char *path, size_t size, const char *name)
{
    memset(path, 'd', size);
    for (size_t i = 0; i < size; i += 20) {
        path[i] = '/';
    }
    memcpy(path + size - strlen(name) - 1, name, strlen(name) + 1);
    return path;
}

static void a_sentence_between_two_long_paths_stays(void **state)
{
    (void)state;
    char first[4096];
    char second[4096];
    LsError err = {0};
    for (size_t size = 60; size < sizeof first; size += 101) {
        ls_fail(&err, LS_ERR_FORMAT, "%s holds %u labels, %zu%% of %.1f, %.*s%c; %lld stand in %s.",
                deep(first, size, "/labels.idx"), 3U, (size_t)5, 2.5, 2, "ofmore", '!', 7LL,
                deep(second, size, "/images.idx"));
        assert_non_null(
            strstr(err.text, "/labels.idx holds 3 labels, 5% of 2.5, of!; 7 stand in /d"));
        const size_t length = strlen(err.text);
        assert_true(length < sizeof err.text);
        assert_string_equal(err.text + length - 12, "/images.idx.");
    }
}

static void a_fault_told_within_another_stays(void **state)
{
    (void)state;
    char path[2048];
    LsError why = {0};
    LsError err = {0};
    ls_fail(&why, LS_ERR_FILE, "%s cannot be opened: No such file or directory.",
            deep(path, 1800, "/inner.png"));
    ls_fail(&err, why.code, "%s:%d: %s", deep(path, 1900, "/outer.txt"), 12, why.text);
    assert_non_null(strstr(err.text, "/outer.txt:12: /d"));
    assert_non_null(strstr(err.text, "/inner.png cannot be opened: No such file or directory."));
}

static void system_faults_are_told_in_english(void **state)
{
    (void)state;
    setlocale(LC_ALL, "de_DE.UTF-8"); /* changes nothing where it is not installed */
    assert_string_equal(ls_error_describe(ENOSPC), "No space left on device");
    setlocale(LC_ALL, "C");
    assert_non_null(strstr(ls_error_describe(99999), "99999"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_carries_its_code_and_sentence),
        cmocka_unit_test(nobody_needs_to_listen),
        cmocka_unit_test(foreign_bytes_are_cleaned),
        cmocka_unit_test(a_long_sentence_keeps_its_beginning_and_its_end),
        cmocka_unit_test(a_sentence_between_two_long_paths_stays),
        cmocka_unit_test(a_fault_told_within_another_stays),
        cmocka_unit_test(system_faults_are_told_in_english),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
