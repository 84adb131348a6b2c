#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/nn/activation.h"
#include "latentscape/train/run.h"

#include "../scratch.h"
#include "synthetic.h"

static Synthetic blobs; /* filled once, then only read */

static LsRun *make_run(const LsTrainSettings *settings, int threads)
{
    LsError err = {0};
    LsRun *run = ls_run_create(&blobs.data, settings, threads, &err);
    if (run == NULL) {
        fail_msg("%s", err.text);
    }
    return run;
}

static void steps(LsRun *run, int count)
{
    LsMetric metric;
    for (int i = 0; i < count; i++) {
        ls_run_step(run, &metric);
    }
}

static void assert_same_state(const LsRun *a, const LsRun *b)
{
    const size_t bytes = ls_run_model(a)->param_count * sizeof(float);
    assert_int_equal(ls_run_model(b)->param_count * sizeof(float), bytes);
    const float *m[2], *v[2];
    ls_run_moments(a, &m[0], &v[0]);
    ls_run_moments(b, &m[1], &v[1]);
    assert_memory_equal(ls_run_params(a), ls_run_params(b), bytes);
    assert_memory_equal(m[0], m[1], bytes);
    assert_memory_equal(v[0], v[1], bytes);
    assert_int_equal(ls_run_live(a) != NULL, ls_run_live(b) != NULL);
    if (ls_run_live(a) != NULL) {
        assert_memory_equal(ls_run_live(a), ls_run_live(b), bytes);
    }
    assert_int_equal(ls_run_schedule_steps(a), ls_run_schedule_steps(b));
    assert_int_equal(ls_run_average_steps(a), ls_run_average_steps(b));
    assert_int_equal(ls_run_loss_steps(a), ls_run_loss_steps(b));
    const LsMetric at[2] = {ls_run_state(a), ls_run_state(b)};
    assert_int_equal(at[0].step, at[1].step);
    assert_int_equal(at[0].images, at[1].images);
}

static bool same_values(const LsLossValues *a, const LsLossValues *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static LsTrainSettings apply(LsTrainSettings settings, const char *line)
{
    LsError err = {0};
    if (!ls_setting_apply(ls_train_settings_table(), line, sizeof settings, &settings, &err)) {
        fail_msg("%s", err.text);
    }
    return settings;
}

/* Everything by chance at once, and a schedule that falls. */
static const char *const chances = "ema=0.95 moved=0.5 shift=2 warp=0.2 input_noise=mask "
                                   "input_amount=0.2 schedule=cosine period=150 warmup=5";

static void logits_begin_at_the_mean_of_the_training_images(void **state)
{
    (void)state;
    const LsTrainSettings settings = synthetic_settings();
    LsRun *run = make_run(&settings, 1);
    const LsModel *model = ls_run_model(run);
    const float *bias =
        ls_run_params(run) + model->tensor[model->layer[model->layer_count - 1].bias].offset;
    for (int j = 0; j < SYNTHETIC_PIXELS; j++) {
        double sum = 16 * 0.5; /* and 16 images of middle grey */
        for (int i = 0; i < SYNTHETIC_TRAIN; i++) {
            sum += blobs.pixels[i * SYNTHETIC_PIXELS + j] / 255.0;
        }
        const double mean = sum / (SYNTHETIC_TRAIN + 16);
        assert_true(fabs(1 / (1 + exp(-(double)bias[j])) - mean) < 1e-6);
    }
    ls_run_destroy(run);
}

static void the_number_of_workers_changes_no_bit(void **state)
{
    (void)state;
    LsTrainSettings settings = apply(synthetic_settings(), chances);
    settings.batch = 130; /* shards of 64, 64 and 2 */
    settings.w_reg = 1e-3;
    LsRun *run[3] = {make_run(&settings, 1), make_run(&settings, 2), make_run(&settings, 4)};
    for (int i = 0; i < 120; i++) {
        LsMetric metric[3];
        for (int k = 0; k < 3; k++) {
            ls_run_step(run[k], &metric[k]);
        }
        assert_true(same_values(&metric[0].train, &metric[1].train));
        assert_true(same_values(&metric[0].train, &metric[2].train));
        assert_true(isfinite(metric[0].train.total));
    }
    assert_same_state(run[0], run[1]);
    assert_same_state(run[0], run[2]);
    LsMetric metric[3];
    for (int k = 0; k < 3; k++) {
        ls_run_evaluate(run[k], &metric[k]);
        assert_true(same_values(&metric[0].heldout, &metric[k].heldout));
        assert_true(same_values(&metric[0].train, &metric[k].train));
        assert_true(metric[0].heldout_elbo == metric[k].heldout_elbo);
        ls_run_destroy(run[k]);
    }
}

static void a_run_saved_and_resumed_equals_one_never_stopped(void **state)
{
    const Scratch *scratch = *state;
    char path[SCRATCH_PATH];
    scratch_path(scratch, "run.safetensors", path);
    LsTrainSettings settings =
        apply(apply(synthetic_settings(), chances), "w_reg=0.01 batch=50 seed=41");
    LsError err = {0};
    LsRun *whole = make_run(&settings, 1), *first = make_run(&settings, 2);
    steps(whole, 100);
    steps(first, 37); /* 1,850 images: within the seventh epoch */
    assert_true(ls_run_save(first, path, &err));
    ls_run_destroy(first);

    LsCheckpoint checkpoint;
    assert_true(ls_checkpoint_open(&checkpoint, path, &err));
    const LsTrainSettings others = ls_train_settings_make();
    LsRun *second = make_run(&others, 1);
    if (!ls_run_load(second, &checkpoint, &err)) {
        fail_msg("%s", err.text);
    }
    ls_checkpoint_finish(&checkpoint);
    assert_int_equal(ls_run_steps(second), 37);
    steps(second, 63);
    assert_same_state(whole, second);
    ls_run_destroy(whole);
    ls_run_destroy(second);
}

/* Every divergence that looks at the whole minibatch, pictures that are probed, mixtures, schedules; and
 * what the optimizer can be told. */
static const char *const losses[] = {
    "div=free_bits free_bits=0.3 reg=jacobian w_reg=0.1 mix_l2=0.01",
    "div=capacity capacity=3 capacity_steps=40 rec=laplace deviation=0.4",
    "div=mmd beta=50 mmd_width=0.7 rec=cb reg=l1 w_reg=1e-4 mix_jacobian=100 moved=0.4",
    "beta_schedule=cyclical beta_period=30 rec=gaussian",
    "adam_beta1=0.8 adam_beta2=0.98 decay=2 w_reg=1e-3",
    "adam_beta1=0 decay=0.5 reg=jacobian w_reg=0.1",
    "batch=50 batch_growth=3 period=45 moved=0.4 ema=0.9",
};

static void every_loss_is_the_same_with_any_workers_and_when_resumed(void **state)
{
    const Scratch *scratch = *state;
    char path[SCRATCH_PATH];
    scratch_path(scratch, "loss.safetensors", path);
    for (size_t i = 0; i < LS_COUNT(losses); i++) {
        LsTrainSettings settings = synthetic_settings();
        settings.batch = 130;
        LsError err = {0};
        if (!ls_setting_apply(ls_train_settings_table(), losses[i], sizeof settings, &settings,
                              &err)) {
            fail_msg("%s", err.text);
        }
        LsRun *run[3] = {make_run(&settings, 1), make_run(&settings, 2), make_run(&settings, 4)};
        steps(run[0], 50);
        steps(run[1], 50);
        steps(run[2], 20);
        assert_same_state(run[0], run[1]);
        assert_true(ls_run_save(run[2], path, &err));
        LsCheckpoint checkpoint;
        assert_true(ls_checkpoint_open(&checkpoint, path, &err));
        assert_true(ls_run_load(run[1], &checkpoint, &err));
        ls_checkpoint_finish(&checkpoint);
        steps(run[1], 30);
        steps(run[2], 30);
        assert_same_state(run[0], run[1]);
        assert_same_state(run[0], run[2]);
        LsMetric metric[3];
        for (int k = 0; k < 3; k++) {
            ls_run_evaluate(run[k], &metric[k]);
            assert_true(isfinite(metric[k].heldout.total));
            assert_true(same_values(&metric[0].heldout, &metric[k].heldout));
            assert_true(same_values(&metric[0].train, &metric[k].train));
            ls_run_destroy(run[k]);
        }
    }
}

static void a_new_divergence_begins_its_schedule_anew(void **state)
{
    (void)state;
    LsTrainSettings settings = synthetic_settings();
    LsError err = {0};
    LsRun *run = make_run(&settings, 1);
    steps(run, 10);
    assert_int_equal(ls_run_loss_steps(run), 10);
    assert_true(
        ls_setting_apply(ls_train_settings_table(), "beta=2", sizeof settings, &settings, &err));
    assert_true(ls_run_set(run, &settings, &err));
    assert_int_equal(ls_run_loss_steps(run), 10);
    assert_true(ls_setting_apply(ls_train_settings_table(), "beta_schedule=warmup", sizeof settings,
                                 &settings, &err));
    assert_true(ls_run_set(run, &settings, &err));
    assert_int_equal(ls_run_loss_steps(run), 0);
    ls_run_destroy(run);
}

static void a_model_without_optimizer_state_begins_with_fresh_moments(void **state)
{
    const Scratch *scratch = *state;
    char path[SCRATCH_PATH];
    scratch_path(scratch, "weights.safetensors", path);
    const LsTrainSettings settings = synthetic_settings();
    LsRun *run = make_run(&settings, 1);
    steps(run, 20);
    LsMetaList meta = {0};
    LsError err = {0};
    ls_run_meta(run, &meta);
    assert_true(
        ls_checkpoint_save(path, ls_run_model(run), ls_run_params(run), NULL, NULL, &meta, &err));
    LsCheckpoint checkpoint;
    assert_true(ls_checkpoint_open(&checkpoint, path, &err));
    assert_true(ls_run_load(run, &checkpoint, &err));
    ls_checkpoint_finish(&checkpoint);
    assert_int_equal(ls_run_steps(run), 20);
    assert_int_equal(ls_run_adam_steps(run), 0);
    LsMetric metric;
    ls_run_step(run, &metric);
    assert_int_equal(metric.step, 21);
    assert_int_equal(ls_run_adam_steps(run), 1);
    ls_run_destroy(run);
}

static void another_batch_size_keeps_weights_and_place(void **state)
{
    (void)state;
    LsTrainSettings settings = synthetic_settings();
    LsRun *run = make_run(&settings, 1);
    steps(run, 10);
    const float before = ls_run_params(run)[0];
    settings.batch = 700; /* more than an epoch, and more than there was room for */
    settings.beta = 4;
    settings.seed = 99; /* ignored, like the sizes */
    settings.latent = 7;
    LsError err = {0};
    assert_true(ls_run_set(run, &settings, &err));
    assert_true(ls_run_params(run)[0] == before);
    assert_int_equal(ls_run_settings(run)->latent, 2);
    assert_int_equal(ls_run_settings(run)->seed, 5);
    LsMetric metric;
    ls_run_step(run, &metric);
    assert_int_equal(metric.images, 10 * 32 + 700);
    assert_true(isfinite(metric.train.total));
    settings.batch = 1;
    assert_true(ls_run_set(run, &settings, &err));
    ls_run_step(run, &metric);
    assert_int_equal(metric.images, 10 * 32 + 700 + 1);
    ls_run_destroy(run);
}

static void training_learns(void **state)
{
    (void)state;
    const LsTrainSettings settings = synthetic_settings();
    LsRun *run = make_run(&settings, 2);
    LsMetric before, after;
    ls_run_evaluate(run, &before);
    steps(run, 400);
    ls_run_evaluate(run, &after);
    assert_true(after.heldout_elbo > before.heldout_elbo + 5);
    assert_true(after.train_elbo > before.train_elbo + 5);
    assert_true(fabs(after.heldout_elbo + after.heldout.rec + after.heldout.kl) < 1e-9);
    ls_run_destroy(run);
}

static void an_evaluation_in_slices_judges_the_weights_it_began_with(void **state)
{
    (void)state;
    const LsTrainSettings settings = synthetic_settings();
    LsRun *run = make_run(&settings, 1), *quiet = make_run(&settings, 1);
    LsMetric at_once, sliced;
    ls_run_evaluate(quiet, &at_once);
    ls_run_evaluate_begin(run);
    int slices = 1;
    while (!ls_run_evaluate_advance(run, &sliced)) {
        assert_true(ls_run_evaluating(run));
        steps(run, 1);
        slices++;
    }
    assert_false(ls_run_evaluating(run));
    assert_true(slices > 3);
    assert_int_equal(sliced.step, 0);
    assert_true(same_values(&at_once.heldout, &sliced.heldout));
    steps(quiet, slices - 1);
    assert_same_state(run, quiet);
    ls_run_destroy(run);
    ls_run_destroy(quiet);
}

static void the_elbo_does_not_depend_on_what_is_trained(void **state)
{
    (void)state;
    LsTrainSettings settings = synthetic_settings();
    LsRun *run = make_run(&settings, 1);
    LsMetric bce, gaussian;
    ls_run_evaluate(run, &bce);
    LsError err = {0};
    assert_true(ls_setting_apply(ls_train_settings_table(), "rec=gaussian beta=7 div_on=off",
                                 sizeof settings, &settings, &err));
    assert_true(ls_run_set(run, &settings, &err));
    ls_run_evaluate(run, &gaussian);
    assert_true(bce.heldout_elbo == gaussian.heldout_elbo);
    assert_true(bce.heldout.rec != gaussian.heldout.rec);
    assert_true(gaussian.heldout.total == gaussian.heldout.rec); /* kl off, no l2 */
    ls_run_destroy(run);
}

static void parts_of_an_evaluation_add_up(void **state)
{
    (void)state;
    LsTrainSettings settings = synthetic_settings();
    settings.w_reg = 1e-3;
    settings.beta = 3;
    LsRun *run = make_run(&settings, 1);
    LsMetric step, judged;
    ls_run_step(run, &step);
    ls_run_evaluate(run, &judged);
    double axes = 0;
    assert_int_equal(judged.axes, 2);
    for (int i = 0; i < judged.axes; i++) {
        axes += (double)judged.axis_kl[i];
    }
    assert_true(fabs(axes - judged.heldout_kl) < 1e-4 * fabs(judged.heldout_kl) + 1e-6);
    assert_true(fabs(judged.heldout_bce + judged.heldout_kl + judged.heldout_elbo) < 1e-9);
    assert_true(fabs((double)(step.part[0] + step.part[1] + step.part[2]) - step.train.total) <
                1e-5 * step.train.total);
    assert_true(fabs((double)step.part[1] - 3 * step.train.kl) < 1e-5 * step.train.total);
    ls_run_destroy(run);
}

static LsCheckpoint make_checkpoint(const LsTrainSettings *settings, int width, float *params)
{
    LsCheckpoint checkpoint = {0};
    const LsModelSpec spec = ls_train_settings_spec(settings, width, SYNTHETIC_SIDE, 1);
    assert_true(ls_model_init(&checkpoint.model, &spec, NULL));
    checkpoint.params = params;
    return checkpoint;
}

static void a_model_of_another_image_size_is_refused(void **state)
{
    (void)state;
    const LsTrainSettings settings = synthetic_settings();
    LsRun *run = make_run(&settings, 1);
    steps(run, 3);
    LsCheckpoint checkpoint = make_checkpoint(&settings, SYNTHETIC_SIDE + 1, NULL);
    LsError err = {0};
    assert_false(ls_run_load(run, &checkpoint, &err));
    assert_int_equal(err.code, LS_ERR_MODEL);
    assert_non_null(strstr(err.text, "9 x 8"));
    assert_non_null(strstr(err.text, "8 x 8"));
    assert_int_equal(ls_run_steps(run), 3);
    ls_run_destroy(run);
}

static void weights_that_are_not_finite_are_refused(void **state)
{
    (void)state;
    const LsTrainSettings settings = synthetic_settings();
    LsRun *run = make_run(&settings, 1);
    static float params[8192];
    LsCheckpoint checkpoint = make_checkpoint(&settings, SYNTHETIC_SIDE, params);
    assert_true(checkpoint.model.param_count <= LS_COUNT(params));
    params[100] = NAN;
    LsError err = {0};
    assert_false(ls_run_load(run, &checkpoint, &err));
    assert_int_equal(err.code, LS_ERR_MODEL);
    params[100] = 0;
    assert_true(ls_run_load(run, &checkpoint, &err));
    ls_run_destroy(run);
}

static void the_file_tells_how_the_first_weights_were_drawn(void **state)
{
    (void)state;
    LsTrainSettings settings = synthetic_settings();
    LsRun *run = make_run(&settings, 1);
    LsMetaList he = {0}, glorot = {0}, unknown = {0};
    ls_run_meta(run, &he);
    assert_string_equal(ls_meta_find(&he, "init"), "he");
    LsError err = {0};
    size_t count = 0;
    static float params[8192];
    settings.activation = (int)(ls_activation_find("tanh", &err) - ls_activation_kinds(&count));
    assert_true(ls_run_reset(run, &settings, &err));
    ls_run_meta(run, &glorot);
    assert_string_equal(ls_meta_find(&glorot, "init"), "glorot");
    /* What another file says stays with its model, and where it says nothing nothing is made up. */
    LsCheckpoint checkpoint = make_checkpoint(&settings, SYNTHETIC_SIDE, params);
    ls_meta_set(&checkpoint.meta, "init", "he");
    assert_true(ls_run_load(run, &checkpoint, &err));
    assert_string_equal(ls_run_init(run), "he");
    ls_meta_set(&checkpoint.meta, "init", "orthogonal");
    assert_true(ls_run_load(run, &checkpoint, &err));
    ls_run_meta(run, &unknown);
    assert_null(ls_meta_find(&unknown, "init"));
    ls_run_destroy(run);
}

static void losses_that_are_not_finite_are_named_and_the_kept_state_comes_back(void **state)
{
    (void)state;
    LsTrainSettings settings = synthetic_settings();
    LsRun *run = make_run(&settings, 2), *same = make_run(&settings, 1);
    steps(run, 5);
    steps(same, 5);
    assert_null(ls_run_keep(run));
    settings.lr = 10;
    settings.w_reg = 10;
    LsError err = {0};
    /* Weights of 10^30 are finite, what they make of an image is not. */
    static float params[8192];
    LsCheckpoint checkpoint = make_checkpoint(&settings, SYNTHETIC_SIDE, params);
    for (size_t i = 0; i < checkpoint.model.param_count; i++) {
        params[i] = 1e30f;
    }
    LsRun *storm = make_run(&settings, 1);
    assert_true(ls_run_load(storm, &checkpoint, &err));
    LsMetric metric;
    ls_run_step(storm, &metric);
    assert_non_null(ls_run_fault(&metric));
    assert_string_equal(ls_run_keep(storm), "size of the weights");
    ls_run_restore(storm);
    assert_true(ls_run_params(storm)[0] == 1e30f);
    assert_int_equal(ls_run_steps(storm), 0);
    ls_run_destroy(storm);

    steps(run, 5);
    ls_run_restore(run);
    assert_same_state(run, same);
    ls_run_step(run, &metric);
    assert_null(ls_run_fault(&metric));
    ls_run_destroy(run);
    ls_run_destroy(same);
}

static void a_reset_equals_a_new_run(void **state)
{
    (void)state;
    LsTrainSettings settings = synthetic_settings();
    LsRun *run = make_run(&settings, 1);
    steps(run, 7);
    settings.seed = 77;
    settings.latent = 3;
    settings.hidden = (LsSizes){.count = 1, .value = {16}};
    LsRun *fresh = make_run(&settings, 1);
    LsError err = {0};
    assert_true(ls_run_reset(run, &settings, &err));
    steps(run, 7);
    steps(fresh, 7);
    assert_same_state(run, fresh);
    ls_run_destroy(run);
    ls_run_destroy(fresh);
}

static void senseless_sizes_leave_the_run_as_it_is(void **state)
{
    (void)state;
    LsTrainSettings settings = synthetic_settings();
    LsRun *run = make_run(&settings, 1);
    steps(run, 2);
    settings.hidden = (LsSizes){.count = 3, .value = {65536, 65536, 65536}};
    LsError err = {0};
    assert_false(ls_run_reset(run, &settings, &err));
    assert_int_equal(err.code, LS_ERR_MODEL);
    assert_int_equal(ls_run_steps(run), 2);
    steps(run, 2);
    ls_run_destroy(run);
}

static double distance(size_t n, const float *a, const float *b)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += fabs((double)a[i] - (double)b[i]);
    }
    return sum;
}

static void the_average_is_shown_judged_and_saved_under_the_plain_names(void **state)
{
    const Scratch *scratch = *state;
    char path[SCRATCH_PATH];
    scratch_path(scratch, "average.safetensors", path);
    const LsTrainSettings without = apply(synthetic_settings(), "ema=0");
    LsTrainSettings settings = apply(without, "ema=0.99");
    LsRun *run = make_run(&settings, 1), *plain = make_run(&without, 1);
    const size_t n = ls_run_model(run)->param_count;
    assert_null(ls_run_live(run));
    steps(run, 1); /* of one step the average is the step itself */
    assert_memory_equal(ls_run_params(run), ls_run_live(run), n * sizeof(float));
    steps(run, 99);
    steps(plain, 100);
    assert_memory_equal(ls_run_live(run), ls_run_params(plain), n * sizeof(float));
    assert_true(distance(n, ls_run_params(run), ls_run_live(run)) > 0);
    LsMetric averaged, live;
    ls_run_evaluate(run, &averaged);
    ls_run_evaluate(plain, &live);
    assert_true(averaged.heldout_elbo != live.heldout_elbo);
    LsError err = {0};
    assert_true(ls_run_save(run, path, &err));
    LsCheckpoint checkpoint;
    assert_true(ls_checkpoint_open(&checkpoint, path, &err));
    assert_memory_equal(checkpoint.params, ls_run_params(run), n * sizeof(float));
    assert_memory_equal(checkpoint.live, ls_run_live(run), n * sizeof(float));
    ls_checkpoint_finish(&checkpoint);
    settings.ema = 0; /* what is switched off is gone at once */
    assert_true(ls_run_set(run, &settings, &err));
    assert_null(ls_run_live(run));
    assert_memory_equal(ls_run_params(run), ls_run_params(plain), n * sizeof(float));
    ls_run_destroy(run);
    ls_run_destroy(plain);
}

static void something_new_to_learn_lifts_the_rate_and_shortens_the_average(void **state)
{
    (void)state;
    LsTrainSettings settings =
        apply(synthetic_settings(), "ema=0.999 schedule=cosine period=200 warmup=20");
    LsRun *run = make_run(&settings, 1);
    steps(run, 300);
    assert_true(ls_run_state(run).lr < 0.021 * settings.lr);
    assert_int_equal(ls_run_average_steps(run), 300);
    LsError err = {0};
    settings.batch = 64; /* nothing new to learn */
    assert_true(ls_run_set(run, &settings, &err));
    assert_int_equal(ls_run_schedule_steps(run), 300);
    assert_int_equal(ls_run_average_steps(run), 300);
    settings.beta = 4;
    assert_true(ls_run_set(run, &settings, &err));
    assert_int_equal(ls_run_schedule_steps(run),
                     0); /* a jump of the rate would tear the codes apart */
    assert_true(ls_run_state(run).lr < 0.06 * settings.lr);
    assert_true(ls_run_average_steps(run) <= 100);
    /* The average follows: some steps later it is near the weights, not where it was. */
    const size_t n = ls_run_model(run)->param_count;
    static float before[8192];
    assert_true(n <= LS_COUNT(before));
    memcpy(before, ls_run_params(run), n * sizeof *before);
    steps(run, 60);
    assert_true(ls_run_state(run).lr > 0.75 * settings.lr);
    assert_true(distance(n, ls_run_params(run), ls_run_live(run)) <
                0.5 * distance(n, ls_run_params(run), before));
    ls_run_destroy(run);
}

int main(void)
{
    synthetic_init(&blobs);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logits_begin_at_the_mean_of_the_training_images),
        cmocka_unit_test(the_number_of_workers_changes_no_bit),
        cmocka_unit_test_setup_teardown(every_loss_is_the_same_with_any_workers_and_when_resumed,
                                        scratch_create, scratch_destroy),
        cmocka_unit_test(a_new_divergence_begins_its_schedule_anew),
        cmocka_unit_test_setup_teardown(a_run_saved_and_resumed_equals_one_never_stopped,
                                        scratch_create, scratch_destroy),
        cmocka_unit_test_setup_teardown(a_model_without_optimizer_state_begins_with_fresh_moments,
                                        scratch_create, scratch_destroy),
        cmocka_unit_test(the_file_tells_how_the_first_weights_were_drawn),
        cmocka_unit_test_setup_teardown(the_average_is_shown_judged_and_saved_under_the_plain_names,
                                        scratch_create, scratch_destroy),
        cmocka_unit_test(something_new_to_learn_lifts_the_rate_and_shortens_the_average),
        cmocka_unit_test(another_batch_size_keeps_weights_and_place),
        cmocka_unit_test(training_learns),
        cmocka_unit_test(parts_of_an_evaluation_add_up),
        cmocka_unit_test(an_evaluation_in_slices_judges_the_weights_it_began_with),
        cmocka_unit_test(the_elbo_does_not_depend_on_what_is_trained),
        cmocka_unit_test(a_model_of_another_image_size_is_refused),
        cmocka_unit_test(weights_that_are_not_finite_are_refused),
        cmocka_unit_test(losses_that_are_not_finite_are_named_and_the_kept_state_comes_back),
        cmocka_unit_test(a_reset_equals_a_new_run),
        cmocka_unit_test(senseless_sizes_leave_the_run_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
