#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latentscape/train/preset.h"

#include "app/describe.h"

static LsTrainSettings read(const char *line)
{
    LsTrainSettings settings = ls_train_settings_make();
    assert_true(
        ls_setting_apply(ls_train_settings_table(), line, sizeof settings, &settings, NULL));
    return settings;
}

static void assert_run(const char *line, const char *name)
{
    const LsTrainSettings settings = read(line);
    char text[LS_HISTORY_LABEL];
    app_describe_run(&settings, text, sizeof text);
    assert_string_equal(text, name);
}

static void a_run_is_named_by_what_makes_it_another_one(void **state)
{
    (void)state;
    assert_run("", "VAE");
    assert_run("schedule=cosine period=15000", "VAE"); /* as the shipped model */
    assert_run("seed=7 lr=0.004", "VAE");
    assert_run("beta=4 period=15000 lr=0.002", "β-VAE, 4");
    assert_run("lr=0.1", "Too hot");
    assert_run("beta=3 period=15000 lr=0.004", "β 3");
    assert_run("beta=3 lr=0.05", "β 3, η 0.05");
    assert_run("div_on=off beta=4 period=15000", "KL off, β 4");
}

static void every_preset_names_its_run_whatever_its_length(void **state)
{
    (void)state;
    size_t count = 0;
    const LsPreset *preset = ls_preset_rows(&count);
    for (size_t i = 0; i < count; i++) {
        char text[LS_HISTORY_LABEL];
        LsTrainSettings settings = read("period=15000");
        ls_preset_apply(&preset[i], &settings);
        app_describe_run(&settings, text, sizeof text);
        assert_string_equal(text, preset[i].title);
    }
}

static void assert_sides(const char *a_line, const char *b_line, const char *a_name,
                         const char *b_name)
{
    const LsTrainSettings a = read(a_line);
    const LsTrainSettings b = read(b_line);
    char text[LS_HISTORY_LABEL];
    app_describe_side(&a, &b, text, sizeof text);
    assert_string_equal(text, a_name);
    app_describe_side(&b, &a, text, sizeof text);
    assert_string_equal(text, b_name);
}

static void sides_of_a_fork_are_named_by_what_tells_them_apart(void **state)
{
    (void)state;
    assert_sides("period=15000", "period=15000", "as the other", "as the other");
    assert_sides("period=15000", "div_on=off period=15000", "VAE", "Autoencoder");
    assert_sides("beta=3", "beta=3 div_on=off", "KL on", "KL off");
    assert_sides("", "beta=3", "β 1", "β 3");
    assert_sides("", "lr=0.004", "η 0.003", "η 0.004"); /* one preset, two rates */
}

/* Another value than the default, as a slider would give. */
static LsTrainSettings with_other(const LsSetting *row)
{
    LsTrainSettings settings = ls_train_settings_make();
    const double usual = ls_setting_number(row, &settings);
    ls_setting_set_number(row, usual > 0 ? 0 : 1, &settings);
    if (ls_setting_number(row, &settings) == usual) { /* 0 is not allowed */
        ls_setting_set_number(row, row->max, &settings);
    }
    assert_true(ls_setting_number(row, &settings) != usual);
    return settings;
}

static void only_terms_and_images_are_of_the_loss(void **state)
{
    (void)state;
    static const char *const optimizer[] = {"lr",         "batch",        "schedule", "period",
                                            "warmup",     "ema",          "decay",    "adam_beta1",
                                            "adam_beta2", "batch_growth", "patience"};
    static const char *const loss[] = {"beta", "rec", "w_reg", "input_noise", "train_images"};
    const LsSettingTable table = ls_train_settings_table();
    const LsTrainSettings usual = ls_train_settings_make();
    char text[LS_HISTORY_LABEL];
    for (size_t i = 0; i < LS_COUNT(optimizer); i++) {
        const LsTrainSettings other = with_other(ls_setting_find(table, optimizer[i]));
        assert_true(ls_train_settings_teach_alike(&usual, &other));
        app_describe_loss(&usual, &other, text, sizeof text);
        assert_string_equal(text, "");
    }
    for (size_t i = 0; i < LS_COUNT(loss); i++) {
        const LsTrainSettings other = with_other(ls_setting_find(table, loss[i]));
        assert_false(ls_train_settings_teach_alike(&usual, &other));
    }
    size_t count = 0;
    const LsPreset *preset = ls_preset_rows(&count);
    for (size_t i = 1; i < count; i++) { /* all but a learning rate differ in their loss */
        LsTrainSettings other = usual;
        ls_preset_apply(&preset[i], &other);
        assert_true(ls_train_settings_teach_alike(&usual, &other) == (other.lr != usual.lr));
    }
}

static void assert_undo(int step, int side, const char *from, const char *to, const char *told)
{
    const LsTrainSettings a = read(from);
    const LsTrainSettings b = read(to);
    char text[LS_HISTORY_LABEL + 64];
    app_describe_undo(step, side, &a, &b, text, sizeof text);
    assert_string_equal(text, told);
}

static void undo_says_which_side_it_was_and_what(void **state)
{
    (void)state;
    assert_undo(-1, 1, "beta=4", "", "Undo in B: β 4 → 1.");
    assert_undo(1, 0, "", "beta=4", "Redo in A: β 1 → 4.");
    assert_undo(-1, 0, "div_on=off lr=0.01", "", "Undo in A: KL on, η 0.01 → 0.003.");
    assert_undo(-1, 1, "beta=4 lr=0.01 batch=64", "", "Undo in B: 3 settings.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_terms_and_images_are_of_the_loss),
        cmocka_unit_test(undo_says_which_side_it_was_and_what),
        cmocka_unit_test(a_run_is_named_by_what_makes_it_another_one),
        cmocka_unit_test(every_preset_names_its_run_whatever_its_length),
        cmocka_unit_test(sides_of_a_fork_are_named_by_what_tells_them_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
