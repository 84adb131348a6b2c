#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/turns.h"
#include "views/view.h"

enum {
    ALL = (1 << APP_TURN_GROUPS) - 1,
    APART = 3 /* frames from one turn of the map to the next */
};

static void everybody_follows_a_model_that_rests(void **state)
{
    (void)state;
    AppTurns turns = {0};
    assert_int_equal(app_turns_begin(&turns, 7, false), 0);
    assert_false(app_turns_wait(&turns, 7));
    assert_true(app_turns_wait(&turns, 8));
}

static void each_has_a_turn_of_its_own_in_a_round(void **state)
{
    (void)state;
    AppTurns turns = {0};
    unsigned had = 0;
    for (int i = 0; i < APP_TURNS; i++) {
        const unsigned turn = ALL & ~app_turns_begin(&turns, 1, true);
        assert_true(turn != 0);
        assert_int_equal(turn & (turn - 1), 0); /* a single one */
        assert_int_equal(turn == VIEW_TURN_MAP, i % APART == 0);
        had |= turn;
    }
    assert_int_equal(had, ALL);
}

static void the_map_has_more_time_in_its_turn_while_the_model_learns(void **state)
{
    (void)state;
    const double others = app_turns_decode_s(true, VIEW_TURN_MAP);
    assert_true(app_turns_decode_s(true, ALL & ~(unsigned)VIEW_TURN_MAP) > 2 * others);
    assert_true(app_turns_decode_s(false, 0) > others);
}

static void a_snapshot_waits_until_all_have_followed_it(void **state)
{
    (void)state;
    AppTurns turns = {0};
    (void)app_turns_begin(&turns, 1, false);
    unsigned had = 0;
    while (had != ALL) {
        assert_true(app_turns_wait(&turns, 2));
        had |= ALL & ~app_turns_begin(&turns, 2, true);
    }
    assert_false(app_turns_wait(&turns, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_follows_a_model_that_rests),
        cmocka_unit_test(each_has_a_turn_of_its_own_in_a_round),
        cmocka_unit_test(the_map_has_more_time_in_its_turn_while_the_model_learns),
        cmocka_unit_test(a_snapshot_waits_until_all_have_followed_it),
    };
    return cmocka_run_group_tests_name("app/turns", tests, NULL, NULL);
}
