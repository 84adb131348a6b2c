#include "train/schedule.h"

#include <math.h>
#include <stddef.h>

#include "latentscape/core/base.h"
#include "latentscape/train/settings.h"

static const double rate_floor = 0.02; /* of the learning rate: where a cosine ends */

typedef struct Kind {
    const char *name, *help;
    double (*height)(double done); /* from 1 down to 0 when `done`, 0 .. 1, of its length is over */
} Kind;

static double stay(double done)
{
    (void)done;
    return 1;
}

static double half_cosine(double done)
{
    return 0.5 * (1 + cos(3.14159265358979323846 * done));
}

static double line(double done)
{
    return 1 - done;
}

static const Kind kinds[] = {
    {"constant", "The step size stays as it is set.", stay},
    {"cosine",
     "The step size falls along half a cosine to a fiftieth, so that the weights come to rest.",
     half_cosine},
    {"linear", "The step size falls in a straight line to a fiftieth.", line},
};

const char *ls_schedule_name(int kind)
{
    return kind >= 0 && (size_t)kind < LS_COUNT(kinds) ? kinds[kind].name : NULL;
}

const char *ls_schedule_help(int kind)
{
    return kind >= 0 && (size_t)kind < LS_COUNT(kinds) ? kinds[kind].help : NULL;
}

double ls_train_settings_rate(const LsTrainSettings *settings, uint64_t step)
{
    const double height =
        kinds[settings->schedule].height(fmin((double)step / settings->period, 1));
    const double warm = settings->warmup > 0 ? fmin(((double)step + 1) / settings->warmup, 1) : 1;
    return settings->lr * warm * (rate_floor + (1 - rate_floor) * height);
}
