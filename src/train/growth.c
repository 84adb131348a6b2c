/* The batch that grows over the learning rate's schedule (settings.h). */
#include <string.h>

#include "latentscape/train/settings.h"

#include "train/schedule.h"

/* How many times the batch size a minibatch is at a stage, from 0. */
static int multiple(const LsTrainSettings *settings, int stage)
{
    const int most = LS_TRAIN_BATCH_MOST / settings->batch;
    return stage + 1 < most ? stage + 1 : most;
}

/* Nothing grows where there is no schedule to grow over. */
static int stages(const LsTrainSettings *settings)
{
    const char *name = ls_schedule_name(settings->schedule);
    return strcmp(name, "constant") == 0 ? 1 : settings->batch_growth;
}

int ls_train_settings_batch(const LsTrainSettings *settings, uint64_t step)
{
    const uint64_t count = (uint64_t)stages(settings), period = (uint64_t)settings->period;
    const uint64_t stage = step < period ? step * count / period : count - 1;
    return settings->batch * multiple(settings, (int)stage);
}

int ls_train_settings_batch_largest(const LsTrainSettings *settings)
{
    return settings->batch * multiple(settings, stages(settings) - 1);
}

double ls_train_settings_batch_mean(const LsTrainSettings *settings)
{
    const int count = stages(settings);
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += multiple(settings, i);
    }
    return settings->batch * sum / count;
}
