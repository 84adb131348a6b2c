#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/script.h"

/* Reads a script from a file made of text. */
static AppScript *read_text(const char *text, LsError *err)
{
    char path[] = "/tmp/latentscape-script-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    AppScript *script = app_script_create(path, err);
    unlink(path);
    return script;
}

static void every_word_is_read(void **state)
{
    (void)state;
    LsError err = {0};
    AppScript *script =
        read_text("# a comment\n\n move 10 20.5\r\nmove map -1 2e-1\ndrag 1 2 3 4\n"
                  "click 5 6\nclick train.toggle\nwheel -1\nkey Ctrl+Shift+Z\nhold B\nrelease B\n"
                  "type some words\naction train.toggle\nset beta 4\nset hidden 64,32\n"
                  "resize 900 600\ndrop /tmp/a file.safetensors\nwait-steps 10\n"
                  "wait-ms 5\nscreenshot /tmp/a b.png\nquit",
                  &err);
    assert_non_null(script);
    assert_true(app_script_due(script) < (double)INFINITY); /* there is something to do */
    app_script_destroy(script);
}

static void a_fault_is_told_with_its_line(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "quit\nmove 1\n",      "quit\nmove 1 2 3\n", "quit\nmove x y\n", "quit\nset nothing 4\n",
        "quit\naction fly\n",  "quit\njump 1 2\n",   "quit\nwait-ms\n",  "quit\nmove sky 1 2\n",
        "quit\nkey Hyper+Q\n", "quit\nscreenshot\n", "quit\nquit now\n",
    };
    for (size_t i = 0; i < LS_COUNT(bad); i++) {
        LsError err = {0};
        assert_null(read_text(bad[i], &err));
        assert_int_equal(err.code, LS_ERR_FORMAT);
        assert_non_null(strstr(err.text, ":2: "));
    }
}

static void a_missing_script_is_named(void **state)
{
    (void)state;
    LsError err = {0};
    assert_null(app_script_create("/nonexistent/at all", &err));
    assert_int_equal(err.code, LS_ERR_FILE);
    assert_non_null(strstr(err.text, "/nonexistent/at all"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_is_read),
        cmocka_unit_test(a_fault_is_told_with_its_line),
        cmocka_unit_test(a_missing_script_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
