#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/session.h"

static LsTrainSettings read(const char *line)
{
    LsTrainSettings settings = ls_train_settings_make();
    assert_true(
        ls_setting_apply(ls_train_settings_table(), line, sizeof settings, &settings, NULL));
    return settings;
}

/* Of either side of a fork, too: both mark with this. */
static void a_change_is_marked_with_the_settings_to_come_back_to(void **state)
{
    (void)state;
    LsHistory *history = ls_history_create(NULL);
    assert_non_null(history);
    const LsTrainSettings from = read("");
    const LsTrainSettings to = read("beta=4 lr=0.01 seed=9");
    app_session_mark(history, 30, &from, &to);
    size_t count = 0;
    const LsMarker *marker = ls_history_markers(history, &count);
    assert_int_equal(count, 1);
    assert_int_equal(marker->step, 30);
    assert_string_equal(marker->label, "β 1 → 4, η 0.003 → 0.01");
    assert_true(marker->settled);
    assert_true(ls_train_settings_equal(&marker->settings, &to));
    ls_history_destroy(history);
}

static void a_mark_is_never_before_the_newest_step(void **state)
{
    (void)state;
    LsHistory *history = ls_history_create(NULL);
    assert_non_null(history);
    const LsTrainSettings from = read("");
    const LsTrainSettings to = read("beta=4");
    const LsMetric metric = {.step = 40};
    ls_history_add(history, &metric);
    app_session_mark(history, 30, &from, &to);
    size_t count = 0;
    const LsMarker *marker = ls_history_markers(history, &count);
    assert_int_equal(count, 1);
    assert_int_equal(marker->step, 40);
    ls_history_destroy(history);
}

static void a_seed_or_a_new_model_leaves_no_mark(void **state)
{
    (void)state;
    LsHistory *history = ls_history_create(NULL);
    assert_non_null(history);
    const LsTrainSettings from = read("");
    const LsTrainSettings to = read("seed=9 hidden=32 latent=3");
    app_session_mark(history, 30, &from, &to);
    size_t count = 0;
    (void)ls_history_markers(history, &count);
    assert_int_equal(count, 0);
    ls_history_destroy(history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_marked_with_the_settings_to_come_back_to),
        cmocka_unit_test(a_mark_is_never_before_the_newest_step),
        cmocka_unit_test(a_seed_or_a_new_model_leaves_no_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
