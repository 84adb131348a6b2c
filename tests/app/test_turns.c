#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/turns.h"
#include "views/view.h"

enum {
    ALL = VIEW_TURN_MAP | VIEW_TURN_CARDS | VIEW_TURN_PLOTS
};

static void everybody_follows_a_model_that_rests(void **state)
{
    (void)state;
    AppTurns turns = {0};
    assert_int_equal(app_turns_begin(&turns, 7, false), 0);
    assert_false(app_turns_wait(&turns, 7));
    assert_true(app_turns_wait(&turns, 8));
}

static void each_has_one_turn_in_a_round(void **state)
{
    (void)state;
    AppTurns turns = {0};
    unsigned had = 0;
    for (int i = 0; i < APP_TURNS; i++) {
        const unsigned turn = ALL & ~app_turns_begin(&turns, 1, true);
        assert_true(turn != 0);
        assert_int_equal(turn & (turn - 1), 0); /* a single one */
        assert_int_equal(had & turn, 0);
        had |= turn;
    }
    assert_int_equal(had, ALL);
}

static void a_snapshot_waits_until_all_have_followed_it(void **state)
{
    (void)state;
    AppTurns turns = {0};
    (void)app_turns_begin(&turns, 1, false);
    for (int i = 0; i < APP_TURNS; i++) {
        assert_true(app_turns_wait(&turns, 2));
        (void)app_turns_begin(&turns, 2, true);
    }
    assert_false(app_turns_wait(&turns, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_follows_a_model_that_rests),
        cmocka_unit_test(each_has_one_turn_in_a_round),
        cmocka_unit_test(a_snapshot_waits_until_all_have_followed_it),
    };
    return cmocka_run_group_tests_name("app/turns", tests, NULL, NULL);
}
