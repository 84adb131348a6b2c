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
    assert_null(app_undo_peek(undo, -1, NULL));
    for (int i = 1; i <= 3; i++) {
        settings.beta = i * 2;
        app_undo_push(undo, 0, &settings);
    }
    app_undo_move(undo, -1);
    assert_true(app_undo_present(undo, 0)->beta == 4);
    app_undo_move(undo, 1);
    assert_true(app_undo_present(undo, 0)->beta == 6);
    assert_null(app_undo_peek(undo, 1, NULL));
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
    app_undo_push(undo, 0, &settings);
    app_undo_move(undo, -1);
    settings.beta = 9;
    app_undo_push(undo, 0, &settings);
    assert_null(app_undo_peek(undo, 1, NULL));
    assert_true(app_undo_peek(undo, -1, NULL)->beta == 1);
    free(undo);
}

static void the_same_settings_are_no_change(void **state)
{
    (void)state;
    AppUndo *undo = calloc(1, sizeof *undo);
    assert_non_null(undo);
    const LsTrainSettings settings = ls_train_settings_make();
    app_undo_reset(undo, &settings);
    app_undo_push(undo, 0, &settings);
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
        app_undo_push(undo, 0, &settings);
    }
    assert_int_equal(undo->count, APP_UNDO_MAX);
    assert_int_equal(app_undo_present(undo, 0)->batch, 8 + 2 * APP_UNDO_MAX - 1);
    int back = 0;
    while (app_undo_peek(undo, -1, NULL)) {
        app_undo_move(undo, -1);
        back++;
    }
    assert_int_equal(back, APP_UNDO_MAX - 1);
    free(undo);
}

/* A change of one number of a side. */
static void change(AppUndo *undo, int side, double beta)
{
    LsTrainSettings settings = *app_undo_present(undo, side);
    settings.beta = beta;
    app_undo_push(undo, side, &settings);
}

static void assert_next(const AppUndo *undo, int step, int side, double beta)
{
    int of = -1;
    const LsTrainSettings *to = app_undo_peek(undo, step, &of);
    assert_non_null(to);
    assert_int_equal(of, side);
    assert_true(to->beta == beta);
}

/* A list in which beta was 1, then 2, and a fork then begun: A 3, B 4, A 5. */
static AppUndo *make_forked(void)
{
    AppUndo *undo = calloc(1, sizeof *undo);
    assert_non_null(undo);
    const LsTrainSettings settings = ls_train_settings_make();
    app_undo_reset(undo, &settings);
    change(undo, 0, 2);
    app_undo_fork(undo, app_undo_present(undo, 0));
    change(undo, 0, 3);
    change(undo, 1, 4);
    change(undo, 0, 5);
    return undo;
}

static void in_a_fork_changes_of_both_sides_are_taken_back_in_their_order(void **state)
{
    (void)state;
    AppUndo *undo = make_forked();
    assert_next(undo, -1, 0, 3);
    app_undo_move(undo, -1);
    assert_next(undo, -1, 1, 2);
    app_undo_move(undo, -1);
    assert_next(undo, 1, 1, 4);
    assert_next(undo, -1, 0, 2);
    app_undo_move(undo, -1);
    assert_null(app_undo_peek(undo, -1, NULL)); /* what came before is of both */
    assert_next(undo, 1, 0, 3);
    app_undo_move(undo, 1);
    app_undo_move(undo, 1);
    assert_next(undo, 1, 0, 5);
    assert_true(app_undo_present(undo, 0)->beta == 3);
    assert_true(app_undo_present(undo, 1)->beta == 4);
    change(undo, 1, 9);
    assert_null(app_undo_peek(undo, 1, NULL)); /* of neither side */
    free(undo);
}

static void a_kept_side_can_take_back_its_changes_and_those_before_the_fork(void **state)
{
    (void)state;
    static const double past[2][4] = {{5, 3, 2, 1}, {4, 2, 1, 0}};
    for (int side = 0; side < 2; side++) {
        AppUndo *undo = make_forked();
        app_undo_keep(undo, side);
        for (int i = 0; i < 4 && past[side][i] > 0; i++) {
            assert_true(app_undo_present(undo, 0)->beta == past[side][i]);
            app_undo_move(undo, -1);
        }
        assert_null(app_undo_peek(undo, -1, NULL));
        change(undo, 0, 7); /* and it is a list of one run again */
        assert_next(undo, -1, 0, 1);
        free(undo);
    }
}

static void what_was_taken_back_can_be_made_again_once_a_side_is_kept(void **state)
{
    (void)state;
    for (int side = 0; side < 2; side++) {
        AppUndo *undo = make_forked();
        app_undo_move(undo, -1);
        app_undo_move(undo, -1);
        app_undo_keep(undo, side);
        assert_true(app_undo_present(undo, 0)->beta == (side == 0 ? 3 : 2));
        assert_next(undo, 1, 0, side == 0 ? 5 : 4);
        free(undo);
    }
}

static void a_b_that_began_with_settings_of_its_own_has_no_past_before_the_fork(void **state)
{
    (void)state;
    for (int side = 0; side < 2; side++) {
        AppUndo *undo = calloc(1, sizeof *undo);
        assert_non_null(undo);
        LsTrainSettings settings = ls_train_settings_make();
        app_undo_reset(undo, &settings);
        change(undo, 0, 2);
        settings.beta = 8;
        app_undo_fork(undo, &settings);
        change(undo, 1, 9);
        app_undo_keep(undo, side);
        assert_next(undo, -1, 0, side == 0 ? 1 : 8);
        app_undo_move(undo, -1);
        assert_null(app_undo_peek(undo, -1, NULL));
        free(undo);
    }
}

static void a_long_fork_forgets_its_oldest_changes_and_never_mixes_sides(void **state)
{
    (void)state;
    AppUndo *undo = make_forked();
    for (int i = 0; i < 2 * APP_UNDO_MAX; i++) {
        change(undo, i % 2, 10 + i);
    }
    int last = 1;
    while (app_undo_peek(undo, -1, NULL)) {
        assert_next(undo, -1, last, app_undo_present(undo, last)->beta - 2);
        app_undo_move(undo, -1);
        last = 1 - last;
    }
    assert_int_equal(undo->at, 0);
    free(undo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(undo_and_redo_walk_the_same_states),
        cmocka_unit_test(a_new_change_forgets_what_could_be_redone),
        cmocka_unit_test(the_same_settings_are_no_change),
        cmocka_unit_test(the_oldest_is_forgotten_when_it_is_full),
        cmocka_unit_test(in_a_fork_changes_of_both_sides_are_taken_back_in_their_order),
        cmocka_unit_test(a_kept_side_can_take_back_its_changes_and_those_before_the_fork),
        cmocka_unit_test(what_was_taken_back_can_be_made_again_once_a_side_is_kept),
        cmocka_unit_test(a_b_that_began_with_settings_of_its_own_has_no_past_before_the_fork),
        cmocka_unit_test(a_long_fork_forgets_its_oldest_changes_and_never_mixes_sides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
