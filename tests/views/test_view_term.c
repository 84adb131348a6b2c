#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/vae/divergence.h"

#include "views/optimizer.h"
#include "views/term.h"

static void every_setting_has_one_place_in_the_panel(void **state)
{
    (void)state;
    const LsSettingTable table = ls_train_settings_table();
    const ViewTerm *terms = view_term_all();
    for (size_t i = 0; i < table.count; i++) {
        const LsSetting *row = &table.rows[i];
        int places = view_optimizer_owns(row) + (row->structural || row->type == LS_SETTING_SEED);
        for (size_t t = 0; t < VIEW_TERMS; t++) {
            places += row->group != NULL && strcmp(row->group, terms[t].kind) == 0;
        }
        assert_int_equal(places, 1);
    }
}

static void the_settings_of_every_term_exist(void **state)
{
    (void)state;
    const LsSettingTable table = ls_train_settings_table();
    for (size_t t = 0; t < VIEW_TERMS; t++) {
        const ViewTerm *term = &view_term_all()[t];
        assert_int_equal(term->series, t);
        assert_int_equal(ls_setting_find(table, term->on)->type, LS_SETTING_BOOL);
        assert_int_equal(ls_setting_find(table, term->kind)->type, LS_SETTING_CHOICE);
        assert_int_equal(ls_setting_find(table, term->weight)->type, LS_SETTING_REAL);
        assert_true(term->start > 0);
    }
}

static void every_kind_says_what_its_own_value_tells(void **state)
{
    (void)state;
    const LsSettingTable table = ls_train_settings_table();
    for (size_t t = 0; t < VIEW_TERMS; t++) {
        const ViewTerm *term = &view_term_all()[t];
        const LsSetting *kind = ls_setting_find(table, term->kind);
        const char *seen[8] = {NULL};
        for (int i = 0; kind->choice(i); i++) {
            LsTrainSettings settings = ls_train_settings_make();
            ls_setting_set_number(kind, i, &settings);
            seen[i] = view_term_meaning(&settings, term);
            assert_non_null(seen[i]);
            for (int k = 0; k < i; k++) {
                assert_string_not_equal(seen[i], seen[k]);
            }
        }
    }
}

static void switching_on_gives_a_term_a_weight(void **state)
{
    (void)state;
    const ViewTerm *reg = &view_term_all()[LS_SERIES_REG];
    LsTrainSettings settings = ls_train_settings_make();
    assert_false(view_term_active(&settings, reg));
    view_term_switch(&settings, reg, true);
    assert_true(view_term_active(&settings, reg));
    settings.w_reg = 0.5;
    view_term_switch(&settings, reg, false);
    assert_true(!view_term_active(&settings, reg) && settings.w_reg == 0.5);
    view_term_switch(&settings, reg, true);
    assert_true(view_term_active(&settings, reg) && settings.w_reg == 0.5);
}

static void the_plain_vae_alone_trains_the_elbo(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    assert_true(view_term_total_is_elbo(&settings, 64));
    settings.beta = 4;
    assert_false(view_term_total_is_elbo(&settings, 64));
    settings.beta = 1;
    settings.div_on = false;
    assert_false(view_term_total_is_elbo(&settings, 64));
    settings.div_on = true;
    settings.w_reg = 0.1;
    assert_false(view_term_total_is_elbo(&settings, 64));
    settings.reg_on = false;
    assert_true(view_term_total_is_elbo(&settings, 64));
    settings.rec_over = 1; /* mean */
    assert_false(view_term_total_is_elbo(&settings, 64));
    settings.w_rec = 64; /* which takes the mistake back */
    assert_true(view_term_total_is_elbo(&settings, 64));
    settings.rec = 1;
    assert_false(view_term_total_is_elbo(&settings, 64));
}

static void another_kind_has_its_own_title_and_unit(void **state)
{
    (void)state;
    LsTrainSettings settings = ls_train_settings_make();
    size_t count = 0;
    const LsDivergence *kinds = ls_divergence_kinds(&count);
    const ViewTerm *term = &view_term_all()[LS_SERIES_KL];
    assert_string_equal(view_term_label(&settings, LS_SERIES_KL), "KL divergence");
    assert_string_equal(view_term_unit(&settings, term), "nats");
    for (settings.div = 1; settings.div < (int)count; settings.div++) {
        assert_string_equal(view_term_label(&settings, LS_SERIES_KL), kinds[settings.div].title);
        assert_string_equal(view_term_label(&settings, LS_SERIES_REC), "Reconstruction");
        if (strcmp(kinds[settings.div].name, "mmd") == 0) {
            assert_string_equal(view_term_unit(&settings, term), "");
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_setting_has_one_place_in_the_panel),
        cmocka_unit_test(the_settings_of_every_term_exist),
        cmocka_unit_test(every_kind_says_what_its_own_value_tells),
        cmocka_unit_test(switching_on_gives_a_term_a_weight),
        cmocka_unit_test(the_plain_vae_alone_trains_the_elbo),
        cmocka_unit_test(another_kind_has_its_own_title_and_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
