#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/train/puller.h"

#include "synthetic.h"

static Synthetic blobs; /* filled once, then only read */

static LsPulls find(const LsTrainSettings *settings, int steps, LsRun **kept)
{
    LsRun *run = ls_run_create(&blobs.data, settings, 2, NULL);
    assert_non_null(run);
    LsMetric metric;
    for (int i = 0; i < steps; i++) {
        ls_run_step(run, &metric);
    }
    LsPuller *puller = ls_puller_create(ls_run_model(run), NULL);
    assert_non_null(puller);
    LsPulls pulls = {0};
    ls_puller_find(puller, run, &pulls);
    assert_int_equal(pulls.step, steps);
    ls_puller_destroy(puller);
    if (kept != NULL) {
        *kept = run;
    } else {
        ls_run_destroy(run);
    }
    return pulls;
}

static void close_to(double a, double b)
{
    assert_true(fabs(a - b) <= 1e-4 * fmax(fabs(a), fabs(b)));
}

static void each_term_pulls_where_it_reaches(void **state)
{
    (void)state;
    LsTrainSettings settings = synthetic_settings();
    settings.w_reg = 0.5;
    const LsPulls pulls = find(&settings, 20, NULL);
    for (int i = 0; i < LS_PULLS_TERMS; i++) {
        assert_true(pulls.encoder[i] > 0);
    }
    assert_true(pulls.decoder[0] > 0);
    assert_true(pulls.decoder[1] == 0); /* codes alone */
    assert_true(pulls.decoder[2] > 0);
    assert_true(pulls.angle > 0 && pulls.angle < 180);
}

static void a_pull_grows_with_its_weight_and_ends_with_its_switch(void **state)
{
    (void)state;
    LsTrainSettings settings = synthetic_settings();
    const LsPulls one = find(&settings, 0, NULL);
    settings.beta = 3;
    const LsPulls three = find(&settings, 0, NULL);
    close_to(three.encoder[1], 3 * one.encoder[1]);
    close_to(three.encoder[0], one.encoder[0]);
    close_to(three.angle, one.angle);
    settings.div_on = false;
    const LsPulls off = find(&settings, 0, NULL);
    assert_true(off.encoder[1] == 0);
    assert_true(isnan(off.angle));
}

/* The pull of l2 is its weight times the weights themselves. */
static void the_pull_of_the_regularizer_is_known(void **state)
{
    (void)state;
    LsTrainSettings settings = synthetic_settings();
    settings.w_reg = 0.25;
    LsRun *run = NULL;
    const LsPulls pulls = find(&settings, 0, &run);
    const LsModel *model = ls_run_model(run);
    double square[2] = {0, 0};
    for (int i = 0; i < model->tensor_count; i++) {
        const LsTensor *tensor = &model->tensor[i];
        const bool decoder = strncmp(tensor->name, "decoder", 7) == 0;
        for (int k = 0; tensor->is_weight && k < tensor->rows * tensor->cols; k++) {
            const double w = (double)ls_run_params(run)[tensor->offset + (size_t)k];
            square[decoder] += w * w;
        }
    }
    close_to(pulls.encoder[2], 0.25 * sqrt(square[0]));
    close_to(pulls.decoder[2], 0.25 * sqrt(square[1]));
    ls_run_destroy(run);
}

static void looking_does_not_move_the_run(void **state)
{
    (void)state;
    const LsTrainSettings settings = synthetic_settings();
    LsRun *looked = NULL;
    (void)find(&settings, 3, &looked);
    LsRun *other = ls_run_create(&blobs.data, &settings, 1, NULL);
    assert_non_null(other);
    LsMetric a;
    LsMetric b;
    for (int i = 0; i < 3; i++) {
        ls_run_step(other, &b);
    }
    ls_run_step(looked, &a);
    ls_run_step(other, &b);
    assert_true(a.train.total == b.train.total);
    assert_memory_equal(ls_run_params(looked), ls_run_params(other),
                        ls_run_model(other)->param_count * sizeof(float));
    ls_run_destroy(looked);
    ls_run_destroy(other);
}

static int setup(void **state)
{
    (void)state;
    synthetic_init(&blobs);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_term_pulls_where_it_reaches),
        cmocka_unit_test(a_pull_grows_with_its_weight_and_ends_with_its_switch),
        cmocka_unit_test(the_pull_of_the_regularizer_is_known),
        cmocka_unit_test(looking_does_not_move_the_run),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
