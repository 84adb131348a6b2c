#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/train/contrast.h"

typedef struct Pair {
    LsMetric metric[2];
    LsMeasures measures[2];
    LsContrastSide side[2];
} Pair;

/* Two runs that differ in nothing. */
static void begin(Pair *pair)
{
    static const char *const names[] = {"A", "B"};
    memset(pair, 0, sizeof *pair);
    for (int i = 0; i < 2; i++) {
        pair->metric[i].evaluated = true;
        pair->metric[i].heldout.rec = 140;
        pair->metric[i].heldout_elbo = -147;
        pair->metric[i].train_elbo = -142;
        pair->measures[i].serial = 1;
        pair->measures[i].value[LS_MEASURE_INFORMATION].value = 7;
        pair->measures[i].value[LS_MEASURE_DISTANCE].value = 0.7;
        pair->side[i] = (LsContrastSide){names[i], &pair->metric[i], &pair->measures[i], .rec = 0};
    }
}

static void assert_said(const Pair *pair, const char *rule, const char *words)
{
    const LsContrast contrast = ls_contrast_make(&pair->side[0], &pair->side[1]);
    assert_string_equal(contrast.name, rule);
    assert_non_null(contrast.rule);
    assert_non_null(strstr(contrast.sentence, words));
    assert_true(strlen(contrast.sentence) < sizeof contrast.sentence - 1);
}

static void each_rule_speaks_of_the_side_it_holds_for(void **state)
{
    (void)state;
    Pair pair;
    begin(&pair);
    assert_said(&pair, "even", "A and B differ by less than 1 nat");
    pair.metric[1].heldout_elbo = -149;
    pair.metric[1].train_elbo = -144;
    assert_said(&pair, "better", "A explains held-out images better, by 2.0 nats");
    pair.metric[1].train_elbo = -140;
    assert_said(&pair, "heart",
                "B learns its images by heart: held-out ones come out worse by 9.0");
    pair.metric[1].heldout.rec = 137.4;
    pair.measures[1].value[LS_MEASURE_DISTANCE].value = 1.92;
    assert_said(&pair, "trade", "B copies images better by 2.6 nats");
    pair.measures[0].value[LS_MEASURE_INFORMATION].value = 0.02;
    assert_said(&pair, "silent", "A's codes tell nothing of its images any more, B's tell 7.0");
    pair.metric[0].evaluated = false;
    assert_said(&pair, "unknown", "");
}

static void other_units_and_missing_measures_are_not_compared(void **state)
{
    (void)state;
    Pair pair;
    begin(&pair);
    pair.metric[1].heldout.rec = 50;
    pair.measures[1].value[LS_MEASURE_DISTANCE].value = 3;
    pair.side[1].rec = 2;
    assert_said(&pair, "even", "");
    pair.side[1].rec = 0;
    pair.measures[1].value[LS_MEASURE_DISTANCE].missing = "too many axes";
    assert_said(&pair, "even", "");
    pair.measures[1].serial = 0;
    assert_said(&pair, "even", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_speaks_of_the_side_it_holds_for),
        cmocka_unit_test(other_units_and_missing_measures_are_not_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
