#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/setting.h"

typedef struct Sample {
    char before; /* so that no field has offset 0 or is aligned by luck */
    bool on;
    int whole;
    uint64_t seed;
    double real;
    int choice;
    LsSizes sizes;
} Sample;

static const char *fruit(int index)
{
    static const char *const names[] = {"apple", "pear", "quince"};
    return index >= 0 && index < 3 ? names[index] : NULL;
}

static const LsSetting rows[] = {
    {.name = "rec_on", .type = LS_SETTING_BOOL, .offset = offsetof(Sample, on), .fallback = "on"},
    {.name = "batch",
     .type = LS_SETTING_INT,
     .offset = offsetof(Sample, whole),
     .min = 1,
     .max = 4096,
     .fallback = "128"},
    {.name = "seed",
     .type = LS_SETTING_SEED,
     .offset = offsetof(Sample, seed),
     .fallback = "1",
     .always_shared = true},
    {.name = "lr",
     .type = LS_SETTING_REAL,
     .offset = offsetof(Sample, real),
     .min = 1e-6,
     .max = 1,
     .fallback = "1e-3"},
    {.name = "fruit",
     .type = LS_SETTING_CHOICE,
     .offset = offsetof(Sample, choice),
     .fallback = "pear",
     .choice = fruit},
    {.name = "hidden",
     .type = LS_SETTING_SIZES,
     .offset = offsetof(Sample, sizes),
     .min = 1,
     .max = 65536,
     .fallback = "512,256"},
};
static const LsSettingTable table = {rows, LS_COUNT(rows)};

static Sample make(void)
{
    Sample sample;
    memset(&sample, 0, sizeof sample);
    ls_setting_defaults(table, &sample);
    return sample;
}

static const LsSetting *row_called(const char *name)
{
    const LsSetting *row = ls_setting_find(table, name);
    assert_non_null(row);
    return row;
}

static void defaults_fill_every_field(void **state)
{
    (void)state;
    const Sample sample = make();
    assert_true(sample.on);
    assert_int_equal(sample.whole, 128);
    assert_int_equal(sample.seed, 1);
    assert_true(sample.real == 1e-3);
    assert_int_equal(sample.choice, 1);
    assert_int_equal(sample.sizes.count, 2);
    assert_int_equal(sample.sizes.value[1], 256);
}

static void dashes_and_underscores_are_alike_in_names(void **state)
{
    (void)state;
    assert_ptr_equal(ls_setting_find(table, "rec-on"), &rows[0]);
    assert_ptr_equal(ls_setting_find(table, "rec_on"), &rows[0]);
    assert_null(ls_setting_find(table, "rec"));
    assert_null(ls_setting_find(table, "rec_on_"));
    assert_null(ls_setting_find(table, ""));
}

static void every_accepted_text_prints_and_parses_to_the_same(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"rec_on", "on"},
        {"rec_on", "off"},
        {"rec_on", "1"},
        {"rec_on", "false"},
        {"rec_on", "yes"},
        {"batch", "1"},
        {"batch", "4096"},
        {"batch", "1e3"},
        {"seed", "0"},
        {"seed", "9223372036854775807"},
        {"seed", "12345678901234567"},
        {"lr", "1e-6"},
        {"lr", "1"},
        {"lr", "0.1"},
        {"lr", "0.33333333333333331"},
        {"fruit", "apple"},
        {"fruit", "quince"},
        {"hidden", "1"},
        {"hidden", "65536,2,3"},
        {"hidden", "1,2,3,4,5,6,7,8"},
    };
    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        const LsSetting *row = row_called(cases[i][0]);
        Sample a = make();
        Sample b = make();
        LsError err = {0};
        char text[LS_SETTING_TEXT];
        if (!ls_setting_parse(row, cases[i][1], &a, &err)) {
            fail_msg("%s", err.text);
        }
        ls_setting_print(row, &a, text);
        assert_true(ls_setting_parse(row, text, &b, &err));
        assert_true(ls_setting_equal(row, &a, &b));
        assert_null(strchr(text, ' '));
    }
}

static void every_refused_text_names_setting_and_value_and_changes_nothing(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"rec_on", ""},
        {"rec_on", "maybe"},
        {"rec_on", "ON"},
        {"batch", "0"},
        {"batch", "4097"},
        {"batch", "1.5"},
        {"batch", "x"},
        {"batch", ""},
        {"batch", "1e99"},
        {"batch", "99999999999999999999"},
        {"seed", "-1"},
        {"seed", "9223372036854775808"},
        {"seed", "1e3"},
        {"seed", ""},
        {"seed", "99999999999999999999999999"},
        {"lr", "0"},
        {"lr", "1.0001"},
        {"lr", "nan"},
        {"lr", "inf"},
        {"lr", "1e-3x"},
        {"lr", "0,1"},
        {"lr", "0x1p-3"},
        {"fruit", "plum"},
        {"fruit", ""},
        {"fruit", "0"},
        {"hidden", ""},
        {"hidden", "0"},
        {"hidden", "65537"},
        {"hidden", "1,,2"},
        {"hidden", "1,"},
        {"hidden", ",1"},
        {"hidden", "1 2"},
        {"hidden", "-1"},
        {"hidden", "1,2,3,4,5,6,7,8,9"},
        {"hidden", "99999999999999999999"},
    };
    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        const Sample before = make();
        Sample sample = before;
        LsError err = {0};
        assert_false(ls_setting_parse(row_called(cases[i][0]), cases[i][1], &sample, &err));
        assert_memory_equal(&sample, &before, sizeof sample);
        assert_int_equal(err.code, LS_ERR_USAGE);
        assert_non_null(strstr(err.text, cases[i][0]));
        assert_non_null(strstr(err.text, cases[i][1]));
    }
}

static void a_misspelt_choice_is_guessed(void **state)
{
    (void)state;
    Sample sample = make();
    LsError err = {0};
    assert_false(ls_setting_parse(row_called("fruit"), "quinze", &sample, &err));
    assert_non_null(strstr(err.text, "did you mean quince?"));
    assert_non_null(strstr(err.text, "apple, pear or quince"));
}

static void a_misspelt_name_is_guessed(void **state)
{
    (void)state;
    LsError err = {0};
    assert_ptr_equal(ls_setting_named(table, "rec-on", &err), row_called("rec_on"));
    assert_null(ls_setting_named(table, "btch", &err));
    assert_int_equal(err.code, LS_ERR_USAGE);
    assert_string_equal(err.text, "There is no setting \"btch\": did you mean batch?");
}

static void a_share_text_holds_what_differs(void **state)
{
    (void)state;
    Sample sample = make();
    char line[LS_SETTING_LINE];
    ls_setting_share(table, &sample, line);
    assert_string_equal(line, "seed=1");
    sample.on = false;
    sample.real = 0.25;
    sample.sizes = (LsSizes){.count = 1, .value = {7}};
    ls_setting_share(table, &sample, line);
    assert_string_equal(line, "rec_on=off seed=1 lr=0.25 hidden=7");
    Sample back = make();
    assert_true(ls_setting_apply(table, line, sizeof back, &back, NULL));
    for (size_t i = 0; i < table.count; i++) {
        assert_true(ls_setting_equal(&table.rows[i], &sample, &back));
    }
}

static void a_share_text_applies_whole_or_not_at_all(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"lr=0.5 btch=3", "did you mean batch?"},
        {"lr=0.5 rec-onn=off", "did you mean rec_on?"},
        {"lr=0.5 zzzzzzz=1", "There is no setting \"zzzzzzz\"."},
        {"lr=0.5 batch", "batch=128"},
        {"lr=0.5 batch=", "batch cannot be \"\""},
        {"lr=0.5 batch=0", "batch cannot be \"0\""},
        {"lr=0.5 =3", "There is no setting \"\"."},
        {"lr=0.5 batch = 3", "batch stands without a value"},
        {"lr=0.5 \x1b[2J=1", "?[2J"},
    };
    for (size_t i = 0; i < LS_COUNT(bad); i++) {
        const Sample before = make();
        Sample sample = before;
        LsError err = {0};
        assert_false(ls_setting_apply(table, bad[i][0], sizeof sample, &sample, &err));
        assert_memory_equal(&sample, &before, sizeof sample);
        assert_int_equal(err.code, LS_ERR_USAGE);
        if (strstr(err.text, bad[i][1]) == NULL) {
            fail_msg("\"%s\" gave: %s", bad[i][0], err.text);
        }
    }
    char flood[5000];
    Sample sample = make();
    LsError err = {0};
    memset(flood, '9', sizeof flood);
    memcpy(flood, "batch=", 6);
    flood[sizeof flood - 1] = '\0';
    assert_false(ls_setting_apply(table, flood, sizeof sample, &sample, &err));
    assert_non_null(strstr(err.text, "batch"));
    memset(flood, 'b', sizeof flood - 1);
    assert_false(ls_setting_apply(table, flood, sizeof sample, &sample, &err));
}

static void spaces_and_repeats_do_no_harm(void **state)
{
    (void)state;
    Sample sample = make();
    assert_true(ls_setting_apply(table, "", sizeof sample, &sample, NULL));
    assert_true(ls_setting_apply(table, " \n\t", sizeof sample, &sample, NULL));
    assert_true(ls_setting_apply(table, "\n lr=0.5\t rec-on=off \r\nlr=0.125 ", sizeof sample,
                                 &sample, NULL));
    assert_true(sample.real == 0.125);
    assert_false(sample.on);
}

static void sliders_clamp_and_round(void **state)
{
    (void)state;

    static const struct {
        const char *name;
        double value, expected;
    } cases[] = {
        {"rec_on", 0.4, 0},     {"rec_on", 7, 1},
        {"batch", 3.6, 4},      {"batch", -1e300, 1},
        {"batch", 1e300, 4096}, {"lr", 0.5, 0.5},
        {"lr", 5, 1},           {"lr", -1, 1e-6},
        {"fruit", 1.6, 2},      {"fruit", 99, 2},
        {"fruit", -3, 0},       {"seed", 41.6, 42},
        {"seed", -5, 0},        {"seed", 1e300, 9223372036854775808.0},
        {"hidden", 3, 0},
    };

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        const LsSetting *row = row_called(cases[i].name);
        Sample sample = make();
        ls_setting_set_number(row, cases[i].value, &sample);
        assert_true(ls_setting_number(row, &sample) == cases[i].expected);
        const Sample before = sample;
        ls_setting_set_number(row, (double)NAN, &sample);
        assert_memory_equal(&sample, &before, sizeof sample);
    }
}

static void sizes_print_as_they_are_read(void **state)
{
    (void)state;
    LsSizes sizes = {0};
    char text[LS_SETTING_TEXT];
    ls_sizes_print(&sizes, text);
    assert_string_equal(text, "");
    assert_true(ls_sizes_parse("2147483647,2147483647,2147483647,2147483647,2147483647,2147483647,"
                               "2147483647,2147483647",
                               &sizes));
    ls_sizes_print(&sizes, text);
    assert_int_equal(strlen(text), 87);
    assert_false(ls_sizes_parse("2147483648", &sizes));
    assert_int_equal(sizes.count, 8);
}

static void a_row_is_meant_while_what_it_needs_holds(void **state)
{
    (void)state;

    const struct {
        const char *needs;
        bool meant;
    } cases[] = {
        {NULL, true},
        {"fruit=pear", true},
        {"fruit!=pear", false},
        {"fruit=apple", false},
        {"fruit=apple,pear", true},
        {"fruit!=apple", true},
        {"fruit=pea", false},
        {"fruit=apple|fruit=pear", true},
        {"fruit=apple|rec_on=off", false},
        {"fruit!=apple,pear", false},
        {"rec_on=on", true},
    };

    const Sample sample = make();
    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        const LsSetting row = {.name = "x", .needs = cases[i].needs};
        assert_int_equal(ls_setting_meant(table, &row, &sample), cases[i].meant);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_fill_every_field),
        cmocka_unit_test(dashes_and_underscores_are_alike_in_names),
        cmocka_unit_test(every_accepted_text_prints_and_parses_to_the_same),
        cmocka_unit_test(every_refused_text_names_setting_and_value_and_changes_nothing),
        cmocka_unit_test(a_misspelt_choice_is_guessed),
        cmocka_unit_test(a_misspelt_name_is_guessed),
        cmocka_unit_test(a_share_text_holds_what_differs),
        cmocka_unit_test(a_share_text_applies_whole_or_not_at_all),
        cmocka_unit_test(spaces_and_repeats_do_no_harm),
        cmocka_unit_test(sliders_clamp_and_round),
        cmocka_unit_test(sizes_print_as_they_are_read),
        cmocka_unit_test(a_row_is_meant_while_what_it_needs_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
