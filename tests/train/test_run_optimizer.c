/* What a run makes of the optimizer's settings as it goes on. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/train/run.h"

#include "synthetic.h"
#include "train/restart.h"

static Synthetic blobs; /* filled once, then only read */

static LsTrainSettings apply(LsTrainSettings settings, const char *line)
{
    LsError err = {0};
    if (!ls_setting_apply(ls_train_settings_table(), line, sizeof settings, &settings, &err)) {
        fail_msg("%s", err.text);
    }
    return settings;
}

static LsRun *make_run(const LsTrainSettings *settings)
{
    LsError err = {0};
    LsRun *run = ls_run_create(&blobs.data, settings, 2, &err);
    if (run == NULL) {
        fail_msg("%s", err.text);
    }
    return run;
}

static void set(LsRun *run, const char *line)
{
    const LsTrainSettings settings = apply(*ls_run_settings(run), line);
    LsError err = {0};
    assert_true(ls_run_set(run, &settings, &err));
}

static void step_to(LsRun *run, uint64_t images)
{
    LsMetric metric;
    ls_run_step(run, &metric);
    assert_int_equal(metric.images, images);
}

static void a_batch_grows_as_the_schedule_comes_down(void **state)
{
    (void)state;
    const LsTrainSettings settings =
        apply(synthetic_settings(), "batch=30 batch_growth=3 period=12 warmup=0");
    LsRun *run = make_run(&settings);
    static const uint64_t images[] = {30,  60,  90,  120, 180, 240, 300,
                                      360, 450, 540, 630, 720, 810, 900};
    for (size_t i = 0; i < LS_COUNT(images); i++) {
        step_to(run, images[i]);
    }
    set(run, "beta=2"); /* the schedule begins anew, and the batch with it */
    step_to(run, 930);
    set(run, "batch_growth=20 period=2"); /* more than there was room for */
    step_to(run, 930 + 11 * 30);          /* one step of two is over: the eleventh stage */
    step_to(run, 930 + 11 * 30 + 600);
    set(run, "batch_growth=1");
    step_to(run, 930 + 11 * 30 + 600 + 30);
    ls_run_destroy(run);
}

static void other_betas_leave_warm_moments_warm(void **state)
{
    (void)state;
    const LsTrainSettings settings = synthetic_settings();
    LsRun *run = make_run(&settings);
    set(run, "adam_beta1=0.5");
    assert_int_equal(ls_run_adam_steps(run), 0); /* nothing has begun */
    set(run, "adam_beta1=0.9");
    LsMetric metric;
    for (int i = 0; i < 100; i++) {
        ls_run_step(run, &metric);
    }
    set(run, "adam_beta1=0.99"); /* 0.9^100 = 0.99^1048.3 */
    assert_int_equal(ls_run_adam_steps(run), 1049);
    set(run, "adam_beta1=0"); /* less remembered is warm as it is */
    assert_int_equal(ls_run_adam_steps(run), 1049);
    set(run, "adam_beta1=0.9"); /* of nothing there is no beginning left */
    assert_int_equal(ls_run_adam_steps(run), 1000000000);
    set(run, "lr=0.001");
    assert_int_equal(ls_run_adam_steps(run), 1000000000);
    ls_run_destroy(run);
}

static void a_gradient_is_bounded_where_the_schedule_began_anew(void **state)
{
    (void)state;
    const LsTrainSettings s = apply(ls_train_settings_make(), "clip=0");
    assert_true(isinf(ls_restart_bound(&s, 0, 0)) && isinf(ls_restart_bound(&s, 7000, 7000)));
    assert_true(ls_restart_bound(&s, 7000, 0) == 0.5);
    assert_true(ls_restart_bound(&s, 35000, 28000) == 0.5);
    assert_true(ls_restart_bound(&s, 38500, 31500) == 1.25);
    assert_true(ls_restart_bound(&s, 42000, 35000) == 2);
}

/* Whether two runs hold the same weights to the bit after so many steps. */
static bool are_alike(const char *one, const char *other, int steps)
{
    const LsTrainSettings settings[] = {apply(synthetic_settings(), one),
                                        apply(synthetic_settings(), other)};
    LsRun *const run[] = {make_run(&settings[0]), make_run(&settings[1])};
    LsMetric metric;
    for (int i = 0; i < steps; i++) {
        ls_run_step(run[0], &metric);
        ls_run_step(run[1], &metric);
    }
    const size_t count = ls_run_model(run[0])->param_count;
    const bool alike =
        memcmp(ls_run_params(run[0]), ls_run_params(run[1]), count * sizeof(float)) == 0;
    ls_run_destroy(run[0]);
    ls_run_destroy(run[1]);
    return alike;
}

static void a_gradient_is_clipped_from_the_step_that_is_set(void **state)
{
    (void)state;
    assert_true(are_alike("clip=0 warmup=0", "clip=0.1 clip_from=8 warmup=0", 8));
    assert_false(are_alike("clip=0 warmup=0", "clip=0.1 clip_from=8 warmup=0", 9));
    assert_false(are_alike("clip=0.2 clip_from=0 warmup=0", "clip=0.1 clip_from=0 warmup=0", 2));
    /* No gradient is so far from the mean of those of ten steps. */
    assert_true(are_alike("clip=0", "clip=1000 clip_from=0", 10));
}

static void a_clip_leaves_more_as_the_rate_falls(void **state)
{
    (void)state;
    const LsTrainSettings settings = apply(
        ls_train_settings_make(), "clip=2 clip_from=1000 schedule=linear period=10000 warmup=0");
    assert_true(isinf(ls_restart_bound(&settings, 999, 999)));
    const double early =
        ls_restart_bound(&settings, 1000, 1000); /* 0.9 of the way above the floor of 0.02 */
    assert_true(fabs(early - 2 / 0.902) < 1e-12);
    assert_true(fabs(ls_restart_bound(&settings, 10000, 10000) - 2 / 0.02) < 1e-9);
    assert_true(ls_restart_bound(&settings, 10000, 100) ==
                0.5); /* after a change the less counts */
    const LsTrainSettings any = apply(settings, "clip=0");
    assert_true(isinf(ls_restart_bound(&any, 1000, 1000)));
}

int main(void)
{
    synthetic_init(&blobs);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_grows_as_the_schedule_comes_down),
        cmocka_unit_test(other_betas_leave_warm_moments_warm),
        cmocka_unit_test(a_gradient_is_bounded_where_the_schedule_began_anew),
        cmocka_unit_test(a_gradient_is_clipped_from_the_step_that_is_set),
        cmocka_unit_test(a_clip_leaves_more_as_the_rate_falls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
