/* Ready-made losses, the rule that stops training, and the setting that is to blame. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/train/blame.h"
#include "latentscape/train/patience.h"
#include "latentscape/train/preset.h"

static void every_preset_is_whole_and_reads_its_line(void **state)
{
    (void)state;
    size_t count = 0;
    const LsPreset *rows = ls_preset_rows(&count);
    assert_true(count >= 14);
    for (size_t i = 0; i < count; i++) {
        LsError err = {0};
        LsTrainSettings settings = ls_train_settings_make();
        if (!ls_setting_apply(ls_train_settings_table(), rows[i].line, sizeof settings, &settings,
                              &err)) {
            fail_msg("%s: %s", rows[i].name, err.text);
        }
        assert_ptr_equal(ls_preset_find(rows[i].name, &err), &rows[i]);
        assert_ptr_equal(ls_preset_match(&settings), &rows[i]); /* no two are alike */
        assert_int_equal(rows[i].expect[strlen(rows[i].expect) - 1], '.');
    }
}

static void a_preset_keeps_sizes_seed_and_the_way_of_the_run(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    assert_true(ls_setting_apply(ls_train_settings_table(),
                                 "hidden=64,32 latent=5 activation=relu seed=9 beta=7 lr=0.01",
                                 sizeof settings, &settings, NULL));
    ls_preset_apply(ls_preset_find("ae", NULL), &settings);
    char line[LS_SETTING_LINE];
    ls_setting_share(ls_train_settings_table(), &settings, line);
    assert_string_equal(line, "hidden=64,32 latent=5 activation=relu div_on=off seed=9");
    settings.beta = 2;
    assert_null(ls_preset_match(&settings));
    settings = ls_train_settings_make();
    settings.period += 1; /* a longer run of the same */
    settings.lr *= 1.7;
    assert_string_equal(ls_preset_match(&settings)->name, "vae");
    const LsTrainSettings kept = settings;
    ls_preset_apply(ls_preset_find("ae", NULL), &settings); /* one side of a fork */
    assert_int_equal(settings.period, kept.period);
    assert_true(settings.lr == kept.lr);
    ls_preset_apply(ls_preset_find("hot", NULL), &settings);
    assert_true(settings.lr == 0.1);
    ls_preset_apply(ls_preset_find("vae", NULL), &settings);
    assert_true(settings.lr == ls_train_settings_make().lr);
}

static void an_unknown_preset_is_named(void **state)
{
    (void)state;
    LsError err = {0};
    assert_null(ls_preset_find("overfitt", &err));
    assert_int_equal(err.code, LS_ERR_USAGE);
    assert_non_null(strstr(err.text, "did you mean overfit?"));
}

static void patience_ends_after_so_many_evaluations_without_a_better_one(void **state)
{
    (void)state;
    const double elbo[] = {-200, -180, -181, -179, -180, -180, -179.5, -200};
    LsTrainSettings settings = ls_train_settings_make();
    LsPatience patience = {0};
    LsError why = {0};
    for (int kept = 0; kept < 2; kept++) {
        settings.patience = kept == 0 ? 0 : 3;
        patience = (LsPatience){0};
        size_t ended = 0;
        for (size_t i = 0; i < LS_COUNT(elbo) && ended == 0; i++) {
            const LsMetric metric = {.step = 10 * i, .heldout_elbo = elbo[i]};
            ended = ls_patience_note(&patience, &settings, &metric, &why) ? i : 0;
        }
        assert_int_equal(ended, kept == 0 ? 0 : 6);
    }
    assert_non_null(strstr(why.text, "-179.0 nats at step 30"));
    assert_false(patience.any); /* training can be begun again */
}

static void the_setting_furthest_from_what_is_usual_is_to_blame(void **state)
{
    (void)state;

    const struct {
        const char *line, *blamed;
    } cases[] = {
        {"", NULL},
        {"lr=0.0015 beta=2", NULL},
        {"lr=1", "lr"},
        {"lr=0.002 beta=1000", "beta"},
        {"w_reg=10 lr=0.02", "w_reg"},
        {"deviation=0.001", NULL}, /* means nothing with bce */
        {"rec=gaussian deviation=0.001", "deviation"},
        {"beta=1000 div_on=off lr=0.03", "lr"}, /* what is off did not do it */
        {"w_rec=100 rec_on=off", NULL},
        {"w_reg=10 reg_on=off", NULL},
        {"mix_l1=1e6", NULL}, /* of no weight */
        {"mix_l1=1e6 w_reg=0.001", "mix_l1"},
        {"adam_beta2=0.9 lr=0.006", "adam_beta2"},
        {"adam_beta1=0", "adam_beta1"},
        {"adam_beta1=0.92", NULL},
    };

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        LsTrainSettings settings = ls_train_settings_make();
        assert_true(ls_setting_apply(ls_train_settings_table(), cases[i].line, sizeof settings,
                                     &settings, NULL));
        const LsSetting *row = ls_blame_find(&settings);
        char text[LS_BLAME_TEXT];
        ls_blame_tell(&settings, text);
        if (cases[i].blamed == NULL) {
            assert_null(row);
            assert_string_equal(text, "");
        } else {
            assert_non_null(row);
            assert_string_equal(row->name, cases[i].blamed);
            assert_non_null(strstr(text, row->title));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_preset_is_whole_and_reads_its_line),
        cmocka_unit_test(a_preset_keeps_sizes_seed_and_the_way_of_the_run),
        cmocka_unit_test(an_unknown_preset_is_named),
        cmocka_unit_test(patience_ends_after_so_many_evaluations_without_a_better_one),
        cmocka_unit_test(the_setting_furthest_from_what_is_usual_is_to_blame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
