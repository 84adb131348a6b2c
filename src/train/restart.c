#include "train/restart.h"

#include <math.h>

LsRestart ls_restart_find(const LsTrainSettings *had, const LsTrainSettings *gets)
{
    const bool learns = !ls_train_settings_teach_alike(had, gets);
    return (LsRestart){.schedule = learns || had->schedule != gets->schedule,
                       .average = learns,
                       .loss = had->div != gets->div || had->beta_schedule != gets->beta_schedule};
}

/* How many updates with a new beta leave as much of the moments' beginning as `step` have left with the old
 * one: old^step = new^result. */
static double as_warm(double had, double gets, double step)
{
    return gets <= 0 ? step : had <= 0 ? (double)INFINITY : step * log(had) / log(gets);
}

uint64_t ls_restart_adam_step(const LsTrainSettings *had, const LsTrainSettings *gets,
                              uint64_t step)
{
    const double most = 1e9; /* as good as without end, and exact in a file */
    if (step == 0 || (had->adam_beta1 == gets->adam_beta1 && had->adam_beta2 == gets->adam_beta2)) {
        return step;
    }
    const double warm1 = as_warm(had->adam_beta1, gets->adam_beta1, (double)step);
    const double warm2 = as_warm(had->adam_beta2, gets->adam_beta2, (double)step);
    return (uint64_t)ceil(fmin(fmax(fmax(warm1, warm2), (double)step), most));
}

/* None carries its weight further than `clip` full rates, so that it counts for more as the rate falls. */
static double clip(const LsTrainSettings *settings, uint64_t step, uint64_t schedule_step)
{
    const bool clips = settings->clip > 0 && step >= (uint64_t)settings->clip_from;
    return clips ? settings->clip * settings->lr / ls_train_settings_rate(settings, schedule_step)
                 : (double)INFINITY;
}

static double bound_after_change(uint64_t step, uint64_t schedule_step)
{
    const double before = (double)step - (double)schedule_step;
    const double held = 4; /* times as long as what was learned before */
    return before > 0 ? 0.5 + 1.5 * fmax(0, (double)schedule_step / before - held)
                      : (double)INFINITY;
}

double ls_restart_bound(const LsTrainSettings *settings, uint64_t step, uint64_t schedule_step)
{
    return fmin(clip(settings, step, schedule_step), bound_after_change(step, schedule_step));
}
