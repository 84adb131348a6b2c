#include "views/term.h"

#include <string.h>

#include "latentscape/core/base.h"
#include "latentscape/vae/divergence.h"
#include "latentscape/vae/recon.h"
#include "latentscape/vae/regularizer.h"

static const ViewTerm terms[VIEW_TERMS] = {
    {.series = LS_SERIES_REC,
     .title = "Reconstruction",
     .brief = "Rec.",
     .on = "rec_on",
     .kind = "rec",
     .weight = "w_rec",
     .action = "loss.rec",
     .start = 1},
    {.series = LS_SERIES_KL,
     .title = "KL divergence",
     .brief = "KL",
     .on = "div_on",
     .kind = "div",
     .weight = "beta",
     .action = "loss.kl",
     .start = 1},
    {.series = LS_SERIES_REG,
     .title = "Regularization",
     .brief = "Reg.",
     .on = "reg_on",
     .kind = "reg",
     .weight = "w_reg",
     .action = "loss.reg",
     .start = 1e-2},
};

static const LsSetting *setting(const char *name)
{
    return ls_setting_find(ls_train_settings_table(), name);
}

const ViewTerm *view_term_all(void)
{
    return terms;
}

UiColor view_term_color(LsSeries series)
{
    const UiColor colors[LS_SERIES_COUNT] = {
        [LS_SERIES_REC] = UI_REC,
        [LS_SERIES_KL] = UI_KL,
        [LS_SERIES_REG] = UI_REG,
        [LS_SERIES_TOTAL] = UI_TOTAL,
    };
    return colors[series];
}

const char *view_term_title(LsSeries series)
{
    return series < LS_SERIES_TOTAL ? terms[series].title : "Total";
}

const char *view_term_label(const LsTrainSettings *settings, LsSeries series)
{
    size_t count = 0;
    return series == LS_SERIES_KL && settings->div != 0
               ? ls_divergence_kinds(&count)[settings->div].title
               : view_term_title(series);
}

double view_term_value(const LsLossValues *values, LsSeries series)
{
    const double all[LS_SERIES_COUNT] = {
        [LS_SERIES_REC] = values->rec,
        [LS_SERIES_KL] = values->kl,
        [LS_SERIES_REG] = values->reg,
        [LS_SERIES_TOTAL] = values->total,
    };
    return all[series];
}

const char *view_term_unit(const LsTrainSettings *settings, const ViewTerm *term)
{
    size_t count = 0;
    return term->series == LS_SERIES_REC  ? ls_recon_kinds(&count)[settings->rec].unit
           : term->series == LS_SERIES_KL ? ls_divergence_kinds(&count)[settings->div].unit
                                          : ls_regularizer_kinds(&count)[settings->reg].unit;
}

const char *view_term_meaning(const LsTrainSettings *settings, const ViewTerm *term)
{
    size_t count = 0;
    return term->series == LS_SERIES_REC  ? ls_recon_kinds(&count)[settings->rec].meaning
           : term->series == LS_SERIES_KL ? ls_divergence_kinds(&count)[settings->div].meaning
                                          : ls_regularizer_kinds(&count)[settings->reg].meaning;
}

bool view_term_active(const LsTrainSettings *settings, const ViewTerm *term)
{
    return ls_setting_number(setting(term->on), settings) > 0.5 &&
           ls_setting_number(setting(term->weight), settings) > 0;
}

void view_term_switch(LsTrainSettings *settings, const ViewTerm *term, bool on)
{
    const LsSetting *weight = setting(term->weight);
    ls_setting_set_number(setting(term->on), on ? 1 : 0, settings);
    if (on && ls_setting_number(weight, settings) <= 0) {
        ls_setting_set_number(weight, term->start, settings);
    }
}

/* A choice's name, or "" where the row gives none. */
static const char *chosen(const char *name, const LsTrainSettings *settings)
{
    const LsSetting *row = setting(name);
    const char *text = row->choice((int)ls_setting_number(row, settings));
    return text ? text : "";
}

bool view_term_total_is_elbo(const LsTrainSettings *settings, int pixels)
{
    const LsLoss loss = ls_train_settings_loss(settings, pixels);
    return strcmp(chosen("rec", settings), "bce") == 0 &&
           strcmp(chosen("div", settings), "kl") == 0 && loss.w_rec == 1 && loss.w_kl == 1 &&
           loss.w_reg == 0;
}
