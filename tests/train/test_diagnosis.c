#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/train/diagnosis.h"
#include "latentscape/train/preset.h"
#include "latentscape/vae/recon.h"

enum {
    PIXELS = 784 /* of an image */
};

/* A run that is made up: `until` steps whose losses go evenly from one value to another, with an
 * evaluation each hundred steps and at the last. */
typedef struct Course {
    uint64_t from, until;
    double rec[2], kl[2], reg[2]; /* of training */
    double heldout[2], train_elbo[2];
    double axis[2]; /* KL of both axes in every evaluation */
} Course;

static const Course good = {.from = 1,
                            .until = 1000,
                            .rec = {300, 150},
                            .kl = {6, 6},
                            .heldout = {-310, -158},
                            .train_elbo = {-308, -156},
                            .axis = {3, 3}};

static double along(const double *range, const Course *course, uint64_t step)
{
    const double t = (double)(step - course->from) / (double)(course->until - course->from);
    return range[0] + (range[1] - range[0]) * t;
}

static void add(LsHistory *history, const Course *course)
{
    for (uint64_t step = course->from; step <= course->until; step++) {
        LsMetric metric = {.step = step,
                           .train = {.rec = along(course->rec, course, step),
                                     .kl = along(course->kl, course, step),
                                     .reg = along(course->reg, course, step)}};
        metric.train.total = metric.train.rec + metric.train.kl + metric.train.reg;
        ls_history_add(history, &metric);
        if (step % 100 != 0 && step != course->until) {
            continue;
        }
        LsMetric evaluation = {.step = step,
                               .evaluated = true,
                               .axes = 2,
                               .axis_kl = {(float)course->axis[0], (float)course->axis[1]},
                               .heldout_kl = course->axis[0] + course->axis[1],
                               .heldout_elbo = along(course->heldout, course, step),
                               .train_elbo = along(course->train_elbo, course, step)};
        ls_history_add(history, &evaluation);
    }
}

/* Asserts which rule speaks of a course under settings. */
static LsDiagnosis said(const Course *course, const LsTrainSettings *settings, const char *name)
{
    LsHistory *history = ls_history_create(NULL);
    assert_non_null(history);
    if (course != NULL) {
        add(history, course);
    }
    const LsDiagnosis found = ls_diagnosis_make(history, settings, PIXELS, 1000000, NULL);
    assert_string_equal(found.name, name);
    assert_true(strlen(found.sentence) > 10);
    assert_true(strlen(found.rule) > 10);
    ls_history_destroy(history);
    return found;
}

static void nothing_trained_is_said_to_wait(void **state)
{
    (void)state;
    const LsTrainSettings settings = ls_train_settings_make();
    const LsDiagnosis found = said(NULL, &settings, "quiet");
    assert_non_null(strstr(found.sentence, "this line says"));
}

static void training_that_stopped_by_itself_is_told_before_all_else(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    settings.lr = 10;
    settings.div_on = false;
    LsHistory *history = ls_history_create(NULL);
    assert_non_null(history);
    add(history, &good);
    const char *why = "Training stopped by itself: at step 139 the KL had grown beyond all bounds.";
    LsDiagnosis found = ls_diagnosis_make(history, &settings, PIXELS, 0, why);
    assert_string_equal(found.name, "stopped");
    assert_int_equal(found.tone, LS_TONE_CAUTION);
    assert_string_equal(found.sentence,
                        "Training stopped by itself. Learning rate 10 is the likely "
                        "cause (0.003 is usual).");
    assert_string_equal(found.figures, why);
    settings = ls_train_settings_make(); /* no setting stands out */
    found = ls_diagnosis_make(history, &settings, PIXELS, 0, why);
    assert_string_equal(found.sentence,
                        "Training stopped by itself. The loss had grown beyond all bounds.");
    assert_string_not_equal(ls_diagnosis_make(history, &settings, PIXELS, 0, NULL).name, "stopped");
    ls_history_destroy(history);
}

static void terms_that_are_off_are_named(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    settings.div_on = false;
    (void)said(&good, &settings, "kl_off");
    settings.rec_on = false;
    settings.reg_on = false;
    (void)said(&good, &settings, "nothing");
    settings.div_on = true;
    (void)said(&good, &settings, "rec_off");
}

static void axes_that_carry_nothing_are_a_collapse(void **state)
{
    (void)state;
    const LsTrainSettings settings = ls_train_settings_make();
    Course course = good;
    course.axis[0] = course.axis[1] = 0.05;
    const LsDiagnosis found = said(&course, &settings, "collapsed");
    assert_string_equal(found.sentence,
                        "Collapsed: both axes carry under 0.1 nats, every sample is alike.");
    assert_string_equal(found.figures, "KL is 0.10 nats in all.");
    LsTrainSettings averaged = settings;
    ls_preset_apply(ls_preset_find("mean", NULL), &averaged);
    assert_string_equal(said(&course, &averaged, "collapsed").figures,
                        "KL is 0.10 nats in all, and counts far more than reconstruction.");
    course.axis[1] = 4;
    (void)said(&course, &settings, "axis_idle");
    course.axis[0] = 0.2;
    (void)said(&course, &settings, "learning");
    /* Codes have not spread yet: no collapse. */
    course = good;
    course.until = 300;
    course.axis[0] = course.axis[1] = 0.05;
    (void)said(&course, &settings, "learning");
}

static void a_high_rate_that_gets_nowhere_is_named(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    Course course = good;
    course.rec[0] = course.rec[1] = 210;
    settings.lr = 0.05;
    const LsDiagnosis found = said(&course, &settings, "hot");
    assert_non_null(strstr(found.sentence, "0.05"));
    course.rec[1] = 150; /* it falls all the same */
    (void)said(&course, &settings, "learning");
    course.axis[0] = course.axis[1] = 0;
    (void)said(&course, &settings, "hot");
    settings.lr = 0.001;
    (void)said(&course, &settings, "collapsed");
    settings.lr = 1e-5;
    (void)said(&good, &settings, "cold");
}

static void a_model_that_knows_less_than_nothing_is_told(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    settings.lr = 0.1;
    Course course = good; /* torn from the start: there was nothing better to compare with */
    course.rec[0] = 90000;
    course.rec[1] = 5000;
    course.heldout[0] = -80000;
    course.heldout[1] = -5448;
    const LsDiagnosis found = said(&course, &settings, "below_chance");
    assert_string_equal(
        found.sentence,
        "The model knows less than nothing: a learning rate of 0.1 tears it. One half "
        "for every pixel would do better.");
    assert_string_equal(found.figures,
                        "Held-out ELBO is −5448.0 nats; one half for every pixel gives −543.4.");
    settings.lr = 0.001; /* whatever has done it */
    assert_string_equal(
        said(&course, &settings, "below_chance").sentence,
        "The model knows less than nothing. One half for every pixel would do better.");
    course.heldout[1] = -543;
    (void)said(&course, &settings, "learning");
    course.heldout[1] = -5448;
    course.until = 100; /* it has hardly begun */
    (void)said(&course, &settings, "quiet");
    course.until = 1000;
    settings.div_on = false; /* codes may cost anything then */
    (void)said(&course, &settings, "kl_off");
}

/* A course that was good, then something else, under settings changed at step 1,000. */
static void then_said(const Course *after, const LsTrainSettings *settings, const char *name)
{
    LsHistory *history = ls_history_create(NULL);
    assert_non_null(history);
    add(history, &good);
    ls_history_mark(history, 1000, "changed");
    add(history, after);
    const LsDiagnosis found = ls_diagnosis_make(history, settings, PIXELS, 1000000, NULL);
    assert_string_equal(found.name, name);
    ls_history_destroy(history);
}

static void a_model_far_below_its_best_is_told(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    Course after = {.from = 1001,
                    .until = 2000,
                    .rec = {400, 215},
                    .kl = {60, 14},
                    .heldout = {-690, -692},
                    .train_elbo = {-690, -690},
                    .axis = {7, 7}};
    then_said(&after, &settings, "lost");
    settings.lr = 0.1F;
    then_said(&after, &settings, "torn");
    after.until = 1010; /* said at once */
    after.heldout[0] = after.heldout[1] = -9e9;
    then_said(&after, &settings, "torn");
    after.until = 2000;
    settings.lr = ls_train_settings_make().lr;
    after.heldout[0] = after.heldout[1] = good.heldout[1] - 49; /* not so far */
    after.kl[0] = after.kl[1];
    after.rec[0] = after.rec[1];
    then_said(&after, &settings, "quiet");
    after.heldout[0] = -690; /* far, and on its way back */
    after.heldout[1] = -500;
    then_said(&after, &settings, "coming_back");
    settings.lr = 10; /* nor is it praised for what it regains of a disaster */
    after.rec[0] = 400;
    after.heldout[0] = -9e9;
    after.heldout[1] = -3.4e6;
    then_said(&after, &settings, "coming_back");
    settings.lr = ls_train_settings_make().lr;
    size_t kinds = 0;
    settings.rec = (int)(ls_recon_find("laplace", NULL) -
                         ls_recon_kinds(&kinds)); /* trades the ELBO for something else */
    after.heldout[0] = after.heldout[1] = -692;
    then_said(&after, &settings, "quiet");
}

static void a_kl_that_bursts_though_it_counts_is_told(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    settings.beta = 4;
    Course after = {.from = 1001,
                    .until = 2000,
                    .rec = {200, 200},
                    .kl = {300, 472},
                    .heldout = {-160, -160},
                    .train_elbo = {-160, -160},
                    .axis = {236, 236}};
    then_said(&after, &settings, "burst");
    after.axis[0] = after.axis[1] = 19;
    then_said(&after, &settings, "quiet");
    after.axis[0] = after.axis[1] = 40; /* of a time without the term, and paid down */
    after.kl[0] = 80;
    after.kl[1] = 50;
    then_said(&after, &settings, "kl_falls");
    settings.div_on = false;
    then_said(&after, &settings, "kl_off");
}

static void a_weight_on_its_way_is_read_as_it_is_now(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    settings.beta_schedule = 1; /* warm-up */
    settings.beta_period = 3000;
    LsHistory *history = ls_history_create(NULL);
    assert_non_null(history);
    add(history, &good);
    assert_string_equal(ls_diagnosis_make(history, &settings, PIXELS, 300, NULL).name, "scheduled");
    assert_string_equal(ls_diagnosis_make(history, &settings, PIXELS, 0, NULL).name, "scheduled");
    assert_string_not_equal(ls_diagnosis_make(history, &settings, PIXELS, 2000, NULL).name,
                            "scheduled");
    ls_history_destroy(history);
}

static void held_out_that_worsens_while_training_improves_is_overfitting(void **state)
{
    (void)state;
    const LsTrainSettings settings = ls_train_settings_make();
    LsHistory *history = ls_history_create(NULL);
    assert_non_null(history);
    Course course = good;
    course.until = 4000;
    add(history, &course);
    course = (Course){.from = 4001,
                      .until = 6500,
                      .rec = {150, 140},
                      .kl = {6, 6},
                      .heldout = {-158, -165},
                      .train_elbo = {-156, -146},
                      .axis = {3, 3}};
    add(history, &course);
    const LsDiagnosis found = ls_diagnosis_make(history, &settings, PIXELS, 1000000, NULL);
    assert_string_equal(found.name, "overfitting");
    assert_string_equal(found.sentence, "Overfitting: held-out has worsened for 2,500 steps while "
                                        "training improves.");
    /* A change of the settings begins anew. */
    ls_history_mark(history, 6400, "λ 0 → 0.01");
    assert_string_not_equal(ls_diagnosis_make(history, &settings, PIXELS, 1000000, NULL).name,
                            "overfitting");
    ls_history_destroy(history);
    /* Worse on both is something else. */
    course = good;
    course.until = 4000;
    course.heldout[0] = course.train_elbo[0] = -150;
    course.heldout[1] = course.train_elbo[1] = -170;
    (void)said(&course, &settings, "quiet");
}

static void a_regularizer_that_outweighs_the_images_is_named(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    settings.w_reg = 1;
    Course course = good;
    course.reg[0] = course.reg[1] = 900;
    (void)said(&course, &settings, "heavy");
    course.reg[0] = course.reg[1] = 20;
    (void)said(&course, &settings, "learning");
}

static void a_kind_that_was_not_trained_yet_is_not_judged_by_the_one_before(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    settings.w_reg = 1;
    Course course = good;
    course.reg[0] = course.reg[1] = 40000; /* of l2 */
    (void)said(&course, &settings, "heavy");
    LsHistory *history = ls_history_create(NULL);
    assert_non_null(history);
    add(history, &course);
    ls_history_mark(history, 1000, "jacobian");
    const LsDiagnosis found = ls_diagnosis_make(history, &settings, PIXELS, 1000000, NULL);
    assert_string_not_equal(found.name, "heavy");
    ls_history_destroy(history);
}

static void kl_that_rises_early_is_normal(void **state)
{
    (void)state;
    const LsTrainSettings settings = ls_train_settings_make();
    Course course = good;
    course.kl[0] = 1;
    const LsDiagnosis found = said(&course, &settings, "kl_rises");
    assert_string_equal(found.sentence, "KL rises because codes spread out: normal early on.");
    course.until = 9000;
    (void)said(&course, &settings, "learning");
    course.until = 1000;
    course.kl[0] = 20;
    course.rec[0] = 120;
    course.heldout[0] = -150;
    (void)said(&course, &settings, "kl_falls");
}

static void held_out_that_stands_still_is_settled(void **state)
{
    (void)state;
    const LsTrainSettings settings = ls_train_settings_make();
    Course course = good;
    course.until = 5000;
    course.heldout[0] = course.heldout[1];
    (void)said(&course, &settings, "settled");
    course.heldout[0] = course.heldout[1] - 3;
    const LsDiagnosis found = said(&course, &settings, "learning");
    assert_non_null(strstr(found.sentence, "1,000 steps"));
}

static void rules_have_names_of_their_own_and_say_when_they_hold(void **state)
{
    (void)state;
    int count = 0;
    for (; ls_diagnosis_rule(count) != NULL; count++) {
        const LsDiagnosisRule *rule = ls_diagnosis_rule(count);
        assert_true(strlen(rule->rule) > 10 && rule->rule[strlen(rule->rule) - 1] == '.');
        for (int i = 0; i < count; i++) {
            assert_string_not_equal(rule->name, ls_diagnosis_rule(i)->name);
        }
    }
    assert_true(count >= 10);
    assert_null(ls_diagnosis_rule(-1));
    assert_string_equal(ls_diagnosis_rule(count - 1)->name, "quiet");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_trained_is_said_to_wait),
        cmocka_unit_test(training_that_stopped_by_itself_is_told_before_all_else),
        cmocka_unit_test(terms_that_are_off_are_named),
        cmocka_unit_test(axes_that_carry_nothing_are_a_collapse),
        cmocka_unit_test(a_high_rate_that_gets_nowhere_is_named),
        cmocka_unit_test(a_model_that_knows_less_than_nothing_is_told),
        cmocka_unit_test(a_model_far_below_its_best_is_told),
        cmocka_unit_test(a_kl_that_bursts_though_it_counts_is_told),
        cmocka_unit_test(a_weight_on_its_way_is_read_as_it_is_now),
        cmocka_unit_test(held_out_that_worsens_while_training_improves_is_overfitting),
        cmocka_unit_test(a_regularizer_that_outweighs_the_images_is_named),
        cmocka_unit_test(a_kind_that_was_not_trained_yet_is_not_judged_by_the_one_before),
        cmocka_unit_test(kl_that_rises_early_is_normal),
        cmocka_unit_test(held_out_that_stands_still_is_settled),
        cmocka_unit_test(rules_have_names_of_their_own_and_say_when_they_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
