#include "train/objective.h"

#include <math.h>
#include <string.h>

#include "latentscape/train/settings.h"
#include "latentscape/vae/divergence.h"

typedef enum Schedule {
    SCHEDULE_CONSTANT,
    SCHEDULE_WARMUP,
    SCHEDULE_CYCLICAL
} Schedule;

static const struct {
    const char *name, *help;
} schedules[] = {
    [SCHEDULE_CONSTANT] = {"constant", "The weight stays as it is set."},
    [SCHEDULE_WARMUP] = {"warmup", "The weight rises evenly from nothing (Bowman et al. 2016)."},
    [SCHEDULE_CYCLICAL] =
        {"cyclical", "The weight rises from nothing over half of each cycle and stays for the "
                     "other half (Fu et al. 2019)."},
};

const char *ls_objective_schedule_name(int index)
{
    return index >= 0 && (size_t)index < LS_COUNT(schedules) ? schedules[index].name : NULL;
}

const char *ls_objective_schedule_help(int index)
{
    return index >= 0 && (size_t)index < LS_COUNT(schedules) ? schedules[index].help : NULL;
}

typedef enum Over {
    OVER_SUM,
    OVER_MEAN
} Over;

static const struct {
    const char *name, *help;
} overs[] = {
    [OVER_SUM] = {"sum", "The pixels' losses are added up, as the ELBO asks for."},
    [OVER_MEAN] = {"mean", "The mean of the pixels' losses counts: beside it the other terms weigh "
                           "as many times more as there are pixels."},
};

const char *ls_objective_over_name(int index)
{
    return index >= 0 && (size_t)index < LS_COUNT(overs) ? overs[index].name : NULL;
}

const char *ls_objective_over_help(int index)
{
    return index >= 0 && (size_t)index < LS_COUNT(overs) ? overs[index].help : NULL;
}

/* How much of the divergence's weight there is after t steps. */
static double share(Schedule schedule, double t, double period)
{
    switch (schedule) {
    case SCHEDULE_CONSTANT:
        break;
    case SCHEDULE_WARMUP:
        return fmin(t / period, 1);
    case SCHEDULE_CYCLICAL:
        return fmin(2 * fmod(t, period) / period, 1);
    }
    return 1;
}

static const LsDivergence *divergence(const LsTrainSettings *settings)
{
    size_t count = 0;
    return &ls_divergence_kinds(&count)[settings->div];
}

/* The setting called name as a number, or what it is without a name. */
static double number_of(const LsTrainSettings *settings, const char *name, double without)
{
    return name != NULL
               ? ls_setting_number(ls_setting_find(ls_train_settings_table(), name), settings)
               : without;
}

LsLoss ls_train_settings_loss(const LsTrainSettings *settings, int pixels)
{
    const double w_rec =
        settings->rec_over == OVER_MEAN ? settings->w_rec / pixels : settings->w_rec;
    LsLoss loss = {
        .rec = settings->rec,
        .div = settings->div,
        .reg = settings->reg,
        .w_rec = settings->rec_on ? w_rec : 0,
        .w_kl = settings->div_on ? settings->beta : 0,
        .w_reg = settings->reg_on ? settings->w_reg : 0,
        .deviation = settings->deviation,
        .div_param = number_of(settings, divergence(settings)->param, 0),
    };
    memcpy(loss.mix, settings->mix, sizeof loss.mix);
    return loss;
}

LsLoss ls_train_settings_loss_at(const LsTrainSettings *settings, int pixels, uint64_t step)
{
    LsLoss loss = ls_train_settings_loss(settings, pixels);
    const double t = (double)step;
    loss.w_kl *= share((Schedule)settings->beta_schedule, t, settings->beta_period);
    const char *grows = divergence(settings)->grows;
    if (grows != NULL) {
        loss.div_param *= fmin(t / number_of(settings, grows, 1), 1);
    }
    return loss;
}

bool ls_train_settings_teaches(const LsSetting *row)
{
    static const char *const images[] = {"moved",       "shift",        "warp",
                                         "input_noise", "input_amount", "train_images"};
    bool found = row->group != NULL;
    for (size_t i = 0; i < LS_COUNT(images); i++) {
        found = found || strcmp(row->name, images[i]) == 0;
    }
    return found;
}

bool ls_train_settings_teach_alike(const LsTrainSettings *a, const LsTrainSettings *b)
{
    const LsSettingTable table = ls_train_settings_table();
    for (size_t i = 0; i < table.count; i++) {
        if (ls_train_settings_teaches(&table.rows[i]) && !ls_setting_equal(&table.rows[i], a, b)) {
            return false;
        }
    }
    return true;
}
