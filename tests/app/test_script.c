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

static void a_fault_is_told_with_its_line_its_name_and_what_may_be_meant(void **state)
{
    (void)state;

    static const struct {
        const char *text, *told;
    } bad[] = {
        {"action train.togle", "There is no action \"train.togle\": did you mean train.toggle?"},
        {"action fly", "There is no action \"fly\"."},
        {"preset beta", "There is no preset \"beta\": did you mean beta4?"},
        {"set betta 4", "There is no setting \"betta\": did you mean beta?"},
        {"set beta much", "beta cannot be \"much\": it takes "},
        {"key Hyper+Q", "There is no key \"Hyper+Q\"."},
        {"hold Hyper+Q", "There is no key \"Hyper+Q\"."},
        {"move sky 1 2", "There is no place \"sky\": did you mean map?"},
        {"clik 1 2", "There is no word \"clik\": did you mean click?"},
        {"jump 1 2", "There is no word \"jump\""},
        {"move 1", "\"move 1\" is not understood: write \"move X Y\" or \"move map Z1 Z2\"."},
        {"drag 1 2 3 4 5", "\"drag 1 2 3 4 5\" is not understood: write \"drag X0 Y0 X1 Y1\"."},
        {"move x y", "\"move x y\" is not understood"},
        {"wait-ms", "write \"wait-ms N\"."},
        {"wheel \xff\x07", "\"wheel ??\" is not understood: write \"wheel N\"."},
        {"screenshot", "write \"screenshot FILE\"."},
        {"quit now", "\"quit now\" is not understood: write \"quit\"."},
    };

    for (size_t i = 0; i < LS_COUNT(bad); i++) {
        char text[64];
        LsError err = {0};
        snprintf(text, sizeof text, "quit\n%s\n", bad[i].text);
        assert_null(read_text(text, &err));
        assert_int_equal(err.code, LS_ERR_FORMAT);
        assert_non_null(strstr(err.text, ":2: "));
        if (!strstr(err.text, bad[i].told)) {
            fail_msg("\"%s\" says: %s", bad[i].text, err.text);
        }
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
        cmocka_unit_test(a_fault_is_told_with_its_line_its_name_and_what_may_be_meant),
        cmocka_unit_test(a_missing_script_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
