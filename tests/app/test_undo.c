#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "app/undo.h"

static void undo_and_redo_walk_the_same_states(void **state)
{
    (void)state;
    AppUndo *undo = calloc(1, sizeof *undo);
    assert_non_null(undo);
    LsTrainSettings settings = ls_train_settings_make();
    app_undo_reset(undo, &settings);
    assert_null(app_undo_peek(undo, -1));
    for (int i = 1; i <= 3; i++) {
        settings.beta = i * 2;
        app_undo_push(undo, &settings);
    }
    app_undo_move(undo, -1);
    assert_true(app_undo_present(undo)->beta == 4);
    app_undo_move(undo, 1);
    assert_true(app_undo_present(undo)->beta == 6);
    assert_null(app_undo_peek(undo, 1));
    free(undo);
}

static void a_new_change_forgets_what_could_be_redone(void **state)
{
    (void)state;
    AppUndo *undo = calloc(1, sizeof *undo);
    assert_non_null(undo);
    LsTrainSettings settings = ls_train_settings_make();
    app_undo_reset(undo, &settings);
    settings.beta = 4;
    app_undo_push(undo, &settings);
    app_undo_move(undo, -1);
    settings.beta = 9;
    app_undo_push(undo, &settings);
    assert_null(app_undo_peek(undo, 1));
    assert_true(app_undo_peek(undo, -1)->beta == 1);
    free(undo);
}

static void the_same_settings_are_no_change(void **state)
{
    (void)state;
    AppUndo *undo = calloc(1, sizeof *undo);
    assert_non_null(undo);
    const LsTrainSettings settings = ls_train_settings_make();
    app_undo_reset(undo, &settings);
    app_undo_push(undo, &settings);
    assert_int_equal(undo->count, 1);
    free(undo);
}

static void the_oldest_is_forgotten_when_it_is_full(void **state)
{
    (void)state;
    AppUndo *undo = calloc(1, sizeof *undo);
    assert_non_null(undo);
    LsTrainSettings settings = ls_train_settings_make();
    app_undo_reset(undo, &settings);
    for (int i = 0; i < 2 * APP_UNDO_MAX; i++) {
        settings.batch = 8 + i;
        app_undo_push(undo, &settings);
    }
    assert_int_equal(undo->count, APP_UNDO_MAX);
    assert_int_equal(app_undo_present(undo)->batch, 8 + 2 * APP_UNDO_MAX - 1);
    int back = 0;
    while (app_undo_peek(undo, -1)) {
        app_undo_move(undo, -1);
        back++;
    }
    assert_int_equal(back, APP_UNDO_MAX - 1);
    free(undo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(undo_and_redo_walk_the_same_states),
        cmocka_unit_test(a_new_change_forgets_what_could_be_redone),
        cmocka_unit_test(the_same_settings_are_no_change),
        cmocka_unit_test(the_oldest_is_forgotten_when_it_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
