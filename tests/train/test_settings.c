#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/train/preset.h"
#include "latentscape/train/settings.h"
#include "latentscape/vae/divergence.h"
#include "latentscape/vae/regularizer.h"

enum {
    PIXELS = 784 /* of an image */
};

static void every_row_has_a_name_of_its_own_a_title_and_a_sentence(void **state)
{
    (void)state;
    const LsSettingTable table = ls_train_settings_table();
    assert_true(table.count >= 17); /* none is ever taken away */
    for (size_t i = 0; i < table.count; i++) {
        const LsSetting *row = &table.rows[i];
        assert_non_null(row->title);
        assert_int_equal(row->help[strlen(row->help) - 1], '.');
        assert_ptr_equal(ls_setting_find(table, row->name), row);
        assert_true(row->low == row->high || (row->low >= row->min && row->high <= row->max));
        assert_true(!row->logarithmic || (row->low == row->high ? row->min : row->low) > 0);
        assert_int_equal(row->type == LS_SETTING_CHOICE, row->choice != NULL);
    }
}

static void no_row_has_the_name_of_what_else_a_checkpoint_tells(void **state)
{
    (void)state;
    static const char *const taken[] = {
        "program",     "dataset",      "step",    "images", "adam_step", "schedule_step",
        "loss_step",   "average_step", "seconds", "init",   "backend",   "heldout_step",
        "heldout_rec", "heldout_kl",   "width",   "height", "channels",  "made_with",
    };

    for (size_t i = 0; i < LS_COUNT(taken); i++) {
        assert_null(ls_setting_find(ls_train_settings_table(), taken[i]));
    }
}

static void what_a_row_stands_with_or_needs_exists(void **state)
{
    (void)state;
    const LsSettingTable table = ls_train_settings_table();
    for (size_t i = 0; i < table.count; i++) {
        const LsSetting *row = &table.rows[i];
        assert_true(row->group == NULL || ls_setting_find(table, row->group) != NULL);
        if (row->needs != NULL) {
            char name[32] = "";
            memcpy(name, row->needs, strcspn(row->needs, "!="));
            const LsSetting *needed = ls_setting_find(table, name);
            assert_non_null(needed);
            LsTrainSettings settings = ls_train_settings_make();
            bool ever = false; /* some value of the other row gives this one a meaning */
            for (int choice = 0; needed->choice != NULL && needed->choice(choice); choice++) {
                ls_setting_set_number(needed, choice, &settings);
                ever = ever || ls_setting_meant(table, row, &settings);
            }
            if (needed->choice == NULL) {
                ls_setting_set_number(needed, needed->max, &settings);
                ever = ls_setting_meant(table, row, &settings);
            }
            assert_true(ever);
        }
    }
}

static void defaults_are_those_of_the_command_line(void **state)
{
    (void)state;
    const LsTrainSettings settings = ls_train_settings_make();

    const struct {
        const char *name, *value;
    } expected[] = {
        {"hidden", "512,256,128,128"},
        {"latent", "2"},
        {"activation", "silu"},
        {"rec", "bce"},
        {"rec_on", "on"},
        {"w_rec", "1"},
        {"rec_over", "sum"},
        {"div", "kl"},
        {"div_on", "on"},
        {"beta", "1"},
        {"reg", "l2"},
        {"reg_on", "on"},
        {"w_reg", "0"},
        {"lr", "0.003"},
        {"batch", "128"},
        {"schedule", "cosine"},
        {"period", "20000"},
        {"seed", "1"},
        {"warmup", "100"},
        {"ema", "0.999"},
        {"moved", "0.5"},
        {"shift", "1"},
        {"warp", "0.15"},
        {"input_noise", "none"},
        {"adam_beta1", "0.9"},
        {"adam_beta2", "0.99"},
        {"clip", "0.5"},
        {"clip_from", "1000"},
        {"decay", "0"},
        {"batch_growth", "1"},
    };

    for (size_t i = 0; i < LS_COUNT(expected); i++) {
        const LsSetting *row = ls_setting_find(ls_train_settings_table(), expected[i].name);
        assert_non_null(row);
        char text[LS_SETTING_TEXT];
        ls_setting_print(row, &settings, text);
        assert_string_equal(text, expected[i].value);
    }
}

static void a_term_switched_off_weighs_nothing(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    settings.w_rec = 2;
    settings.beta = 3;
    settings.w_reg = 4;
    LsLoss loss = ls_train_settings_loss(&settings, PIXELS);
    assert_true(loss.w_rec == 2 && loss.w_kl == 3 && loss.w_reg == 4);
    settings.rec_on = settings.div_on = settings.reg_on = false;
    loss = ls_train_settings_loss(&settings, PIXELS);
    assert_true(loss.w_rec == 0 && loss.w_kl == 0 && loss.w_reg == 0);
}

/* What the setting says of an image of that size. */
static LsLoss loss_of(const char *line, int width, int height, int channels)
{
    LsTrainSettings settings = ls_train_settings_make();
    LsModel model = {0};
    LsError err = {0};
    assert_true(
        ls_setting_apply(ls_train_settings_table(), line, sizeof settings, &settings, &err));
    const LsModelSpec spec = ls_train_settings_spec(&settings, width, height, channels);
    assert_true(ls_model_init(&model, &spec, &err));
    const LsLoss loss = ls_train_settings_loss(&settings, model.pixels);
    const LsLoss now = ls_train_settings_loss_at(&settings, model.pixels, 7);
    assert_true(now.w_rec == loss.w_rec);
    return loss;
}

static void a_mean_over_pixels_weighs_what_each_of_them_does(void **state)
{
    (void)state;
    assert_true(loss_of("rec_over=mean", 28, 28, 1).w_rec == 1.0 / 784);
    assert_true(loss_of("rec_over=mean", 64, 64, 3).w_rec == 1.0 / 12288);
    assert_true(loss_of("rec_over=mean w_rec=5", 64, 64, 3).w_rec == 5.0 / 12288);
    assert_true(loss_of("rec_over=sum w_rec=5", 64, 64, 3).w_rec == 5);
    assert_true(loss_of("rec_over=mean rec_on=off", 28, 28, 1).w_rec == 0);
    const LsLoss mean = loss_of("rec_over=mean beta=3 w_reg=0.5", 64, 64, 3);
    assert_true(mean.w_kl == 3 && mean.w_reg == 0.5); /* of the other terms nothing is averaged */
}

static void the_preset_of_the_mean_trains_what_the_weight_of_a_pixel_does(void **state)
{
    (void)state;
    const LsPreset *preset = ls_preset_find("mean", NULL);
    assert_non_null(preset);
    assert_null(strpbrk(preset->expect, "0123456789")); /* it holds for images of every size */
    const LsLoss named = loss_of(preset->line, 28, 28, 1);
    LsLoss weighed = loss_of("", 28, 28, 1);
    weighed.w_rec = 1.0 / 784;
    assert_memory_equal(&named, &weighed, sizeof named);
}

static void a_cosine_falls_to_its_floor_and_stays(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    LsError err = {0};
    assert_true(ls_setting_apply(ls_train_settings_table(), "schedule=constant warmup=0",
                                 sizeof settings, &settings, &err));
    assert_true(ls_train_settings_rate(&settings, 123456) == settings.lr);
    assert_true(ls_setting_apply(ls_train_settings_table(), "schedule=cosine period=1000 lr=1",
                                 sizeof settings, &settings, &err));
    assert_true(ls_train_settings_rate(&settings, 0) == 1);
    double last = 1;
    for (uint64_t step = 1; step <= 1000; step++) {
        const double rate = ls_train_settings_rate(&settings, step);
        assert_true(rate < last);
        last = rate;
    }
    assert_true(last > 0.0199 && last < 0.0201);
    assert_true(ls_train_settings_rate(&settings, 5000) == last);
}

static void schedules_of_the_loss_are_functions_of_the_step(void **state)
{
    (void)state;

    const struct {
        const char *line;
        uint64_t step;
        double w_kl, param;
    } cases[] = {
        {"beta=4", 0, 4, 0},
        {"beta=4 beta_schedule=warmup beta_period=100", 0, 0, 0},
        {"beta=4 beta_schedule=warmup beta_period=100", 25, 1, 0},
        {"beta=4 beta_schedule=warmup beta_period=100", 1000, 4, 0},
        {"beta=4 beta_schedule=cyclical beta_period=100", 25, 2, 0},
        {"beta=4 beta_schedule=cyclical beta_period=100", 99, 4, 0},
        {"beta=4 beta_schedule=cyclical beta_period=100", 300, 0, 0},
        {"div=capacity capacity=10 capacity_steps=100", 50, 1, 5},
        {"div=capacity capacity=10 capacity_steps=100", 5000, 1, 10},
        {"div=free_bits free_bits=0.25", 50, 1, 0.25},
        {"div=mmd mmd_width=2", 50, 1, 2},
    };

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        LsTrainSettings settings = ls_train_settings_make();
        assert_true(ls_setting_apply(ls_train_settings_table(), cases[i].line, sizeof settings,
                                     &settings, NULL));
        const LsLoss loss = ls_train_settings_loss_at(&settings, PIXELS, cases[i].step);
        assert_true(loss.w_kl == cases[i].w_kl && loss.div_param == cases[i].param);
        assert_true(ls_train_settings_loss(&settings, PIXELS).w_kl == settings.beta);
    }
}

/* A kind that is new fails here until its rows name settings that reach the loss. */
static void what_the_rows_of_terms_name_reaches_the_loss(void **state)
{
    (void)state;
    const LsSettingTable table = ls_train_settings_table();
    size_t count = 0;
    const LsDivergence *kinds = ls_divergence_kinds(&count);
    for (int i = 0; i < (int)count; i++) {
        LsTrainSettings settings = ls_train_settings_make();
        settings.div = i;
        const char *const names[] = {kinds[i].param, kinds[i].grows};
        for (size_t n = 0; n < LS_COUNT(names); n++) {
            if (names[n] == NULL) {
                continue;
            }
            const LsSetting *row = ls_setting_find(table, names[n]);
            assert_non_null(row);
            assert_true(ls_setting_meant(table, row, &settings));
            const double before = ls_train_settings_loss_at(&settings, PIXELS, 70).div_param;
            ls_setting_set_number(row, 77, &settings);
            assert_true(ls_train_settings_loss_at(&settings, PIXELS, 70).div_param != before);
            settings.div = i == 0 ? 1 : 0;
            assert_false(ls_setting_meant(table, row, &settings));
            settings.div = i;
        }
        assert_true(kinds[i].grows == NULL || kinds[i].param != NULL);
    }
    for (int i = 0; ls_regularizer_name(i) != NULL; i++) {
        LsTrainSettings settings = ls_train_settings_make();
        char name[64];
        (void)snprintf(name, sizeof name, "mix_%s", ls_regularizer_name(i));
        const LsSetting *row = ls_setting_find(table, name);
        assert_non_null(row);
        settings.reg = i;
        assert_false(ls_setting_meant(table, row, &settings)); /* it is not mixed with itself */
        settings.reg = i == 0 ? 1 : 0;
        assert_true(ls_setting_meant(table, row, &settings));
        ls_setting_set_number(row, 3, &settings);
        assert_true(ls_train_settings_loss(&settings, PIXELS).mix[i] == 3);
    }
}

static void settings_come_back_from_metadata(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    LsError err = {0};
    assert_true(ls_setting_apply(
        ls_train_settings_table(),
        "rec=gaussian rec_over=mean beta=0.1 lr=3e-4 div_on=off batch=77 seed=987654321987",
        sizeof settings, &settings, &err));
    LsMetaList meta = {0};
    ls_train_settings_to_meta(&settings, &meta);
    assert_null(ls_meta_find(&meta, "hidden")); /* the checkpoint's own */
    LsTrainSettings back = ls_train_settings_make();
    LsModel model = {0};
    const LsModelSpec spec = ls_train_settings_spec(&settings, 8, 8, 1);
    assert_true(ls_model_init(&model, &spec, &err));
    assert_true(ls_train_settings_from_meta(&back, &model, &meta, &err));
    const LsSettingTable table = ls_train_settings_table();
    for (size_t i = 0; i < table.count; i++) {
        assert_true(ls_setting_equal(&table.rows[i], &settings, &back));
    }
}

static void what_a_file_leaves_unsaid_is_what_was_done_when_it_was_written(void **state)
{
    static const char *const came_later[] = {
        "warmup=0",         "ema=0",      "moved=0",        "adam_beta1=0.9", "decay=0", "mix_l1=0",
        "adam_beta2=0.999", "patience=0", "batch_growth=1", "rec_over=sum",   "clip=0"};
    (void)state;
    LsError err = {0};
    LsModel model = {0};
    const LsTrainSettings plain = ls_train_settings_make();
    const LsModelSpec spec = ls_train_settings_spec(&plain, 8, 8, 1);
    assert_true(ls_model_init(&model, &spec, &err));
    LsMetaList meta = {0};
    ls_meta_set(&meta, "lr", "0.001");
    LsTrainSettings before = plain; /* what the run has that the file comes into */
    assert_true(ls_setting_apply(ls_train_settings_table(),
                                 "decay=2 adam_beta1=0.5 batch_growth=4 rec_over=mean",
                                 sizeof before, &before, &err));

    LsTrainSettings foreign = before;
    assert_true(ls_train_settings_from_meta(&foreign, &model, &meta, &err));
    assert_true(foreign.lr == 0.001 && foreign.decay == 2 &&
                foreign.adam_beta2 == before.adam_beta2);

    ls_meta_set(&meta, "program", "latentscape 0.1.0");
    LsTrainSettings got = before;
    LsTrainSettings want = plain;
    assert_true(ls_train_settings_from_meta(&got, &model, &meta, &err));
    for (size_t i = 0; i < LS_COUNT(came_later); i++) {
        assert_true(
            ls_setting_apply(ls_train_settings_table(), came_later[i], sizeof want, &want, &err));
    }
    want.lr = 0.001;
    assert_true(ls_train_settings_equal(&got, &want));
}

static void a_wrong_value_in_metadata_is_named_and_changes_nothing(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    LsMetaList meta = {0};
    ls_meta_set(&meta, "beta", "7");
    ls_meta_set(&meta, "lr", "fast");
    LsModel model = {0};
    const LsModelSpec spec = ls_train_settings_spec(&settings, 8, 8, 1);
    LsError err = {0};
    assert_true(ls_model_init(&model, &spec, &err));
    assert_false(ls_train_settings_from_meta(&settings, &model, &meta, &err));
    assert_int_equal(err.code, LS_ERR_FORMAT);
    assert_non_null(strstr(err.text, "lr"));
    assert_non_null(strstr(err.text, "fast"));
    assert_true(settings.beta == 1);
}

static void a_rate_warms_up_and_a_schedule_comes_down_to_its_floor(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    LsError err = {0};
    assert_true(ls_setting_apply(ls_train_settings_table(),
                                 "schedule=linear period=100 lr=1 warmup=10", sizeof settings,
                                 &settings, &err));
    assert_true(ls_train_settings_rate(&settings, 0) == 0.1);
    assert_true(ls_train_settings_rate(&settings, 9) < 1);
    assert_true(ls_train_settings_rate(&settings, 9) > 0.9);
    assert_true(fabs(ls_train_settings_rate(&settings, 50) - 0.51) < 1e-12);
    assert_true(fabs(ls_train_settings_rate(&settings, 1000) - 0.02) < 1e-12);
}

static void a_batch_grows_in_equal_stages_of_the_schedule(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    LsError err = {0};
    assert_true(ls_setting_apply(ls_train_settings_table(), "batch=100 batch_growth=4 period=1000",
                                 sizeof settings, &settings, &err));

    static const struct {
        uint64_t step;
        int batch;
    } expected[] = {{0, 100}, {249, 100}, {250, 200}, {500, 300}, {750, 400}, {UINT64_MAX, 400}};

    for (size_t i = 0; i < LS_COUNT(expected); i++) {
        assert_int_equal(ls_train_settings_batch(&settings, expected[i].step), expected[i].batch);
    }
    assert_int_equal(ls_train_settings_batch_largest(&settings), 400);
    assert_true(ls_train_settings_batch_mean(&settings) == 250);
    settings.batch = 1500; /* there is an end to it */
    assert_int_equal(ls_train_settings_batch(&settings, 999), 3000);
    assert_int_equal(ls_train_settings_batch_largest(&settings), 3000);
    assert_true(ls_setting_apply(ls_train_settings_table(), "batch=100 schedule=constant",
                                 sizeof settings, &settings, &err));
    assert_int_equal(ls_train_settings_batch(&settings, 999), 100); /* nothing to grow over */
    assert_int_equal(ls_train_settings_batch_largest(&settings), 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_grows_in_equal_stages_of_the_schedule),
        cmocka_unit_test(a_rate_warms_up_and_a_schedule_comes_down_to_its_floor),
        cmocka_unit_test(every_row_has_a_name_of_its_own_a_title_and_a_sentence),
        cmocka_unit_test(no_row_has_the_name_of_what_else_a_checkpoint_tells),
        cmocka_unit_test(what_a_row_stands_with_or_needs_exists),
        cmocka_unit_test(defaults_are_those_of_the_command_line),
        cmocka_unit_test(a_term_switched_off_weighs_nothing),
        cmocka_unit_test(a_mean_over_pixels_weighs_what_each_of_them_does),
        cmocka_unit_test(the_preset_of_the_mean_trains_what_the_weight_of_a_pixel_does),
        cmocka_unit_test(a_cosine_falls_to_its_floor_and_stays),
        cmocka_unit_test(schedules_of_the_loss_are_functions_of_the_step),
        cmocka_unit_test(what_the_rows_of_terms_name_reaches_the_loss),
        cmocka_unit_test(settings_come_back_from_metadata),
        cmocka_unit_test(what_a_file_leaves_unsaid_is_what_was_done_when_it_was_written),
        cmocka_unit_test(a_wrong_value_in_metadata_is_named_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
