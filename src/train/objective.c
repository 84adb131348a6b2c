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

/* What the chosen kind of divergence asks for. */
static double div_param(const LsTrainSettings *settings)
{
    const struct {
        const char *kind;
        double value;
    } params[] = {
        {"free_bits", settings->free_bits},
        {"capacity", settings->capacity},
        {"mmd", settings->mmd_width},
    };

    for (size_t i = 0; i < LS_COUNT(params); i++) {
        if (strcmp(ls_divergence_name(settings->div), params[i].kind) == 0) {
            return params[i].value;
        }
    }
    return 0;
}

LsLoss ls_train_settings_loss(const LsTrainSettings *settings)
{
    LsLoss loss = {
        .rec = settings->rec,
        .div = settings->div,
        .reg = settings->reg,
        .w_rec = settings->rec_on ? settings->w_rec : 0,
        .w_kl = settings->div_on ? settings->beta : 0,
        .w_reg = settings->reg_on ? settings->w_reg : 0,
        .deviation = settings->deviation,
        .div_param = div_param(settings),
    };
    memcpy(loss.mix, settings->mix, sizeof loss.mix);
    return loss;
}

LsLoss ls_train_settings_loss_at(const LsTrainSettings *settings, uint64_t step)
{
    LsLoss loss = ls_train_settings_loss(settings);
    const double t = (double)step;
    loss.w_kl *= share((Schedule)settings->beta_schedule, t, settings->beta_period);
    if (strcmp(ls_divergence_name(settings->div), "capacity") == 0) {
        loss.div_param *= fmin(t / settings->capacity_steps, 1);
    }
    return loss;
}
