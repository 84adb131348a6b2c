#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/text.h"
#include "latentscape/train/lesson.h"

enum {
    STEPS = 6 /* the quantity that counts them */
};

static const char *const metrics[LS_LESSON_METRICS] = {"rec",  "kl",         "reg",   "total",
                                                       "elbo", "train_elbo", "steps", "lr"};

const char *ls_lesson_quantity(int index)
{
    if (index < 0 || index >= LS_LESSON_QUANTITIES) {
        return NULL;
    }
    return index < LS_LESSON_METRICS ? metrics[index]
                                     : ls_measure_rows()[index - LS_LESSON_METRICS].name;
}

LsLessonFacts ls_lesson_facts(void)
{
    LsLessonFacts facts = {0};
    for (int i = 0; i < LS_LESSON_QUANTITIES; i++) {
        facts.value[i] = (double)NAN;
    }
    return facts;
}

void ls_lesson_add_metric(LsLessonFacts *facts, const LsMetric *metric)
{
    const double value[LS_LESSON_METRICS] = {metric->heldout.rec,
                                             metric->heldout.kl,
                                             metric->heldout.reg,
                                             metric->heldout.total,
                                             metric->heldout_elbo,
                                             metric->train_elbo,
                                             (double)NAN, /* counted from facts->step */
                                             metric->lr};
    memcpy(facts->value, value, sizeof value);
    facts->metric_step = metric->step;
    facts->step = metric->step > facts->step ? metric->step : facts->step;
}

void ls_lesson_add_measures(LsLessonFacts *facts, const LsMeasures *measures)
{
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        const LsMeasureValue *value = &measures->value[i];
        facts->value[LS_LESSON_METRICS + i] = value->missing == NULL ? value->value : (double)NAN;
    }
    facts->measure_step = measures->step;
}

bool ls_lesson_needs_measures(const LsLessonStep *step)
{
    for (int i = 0; i < step->condition_count; i++) {
        if (step->condition[i].quantity >= LS_LESSON_METRICS) {
            return true;
        }
    }
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        char opened[64];
        (void)snprintf(opened, sizeof opened, "{%s", ls_measure_rows()[i].name);
        if (strstr(step->said, opened) != NULL) {
            return true;
        }
    }
    return false;
}

bool ls_lesson_is_set(const LsLessonStep *step, const LsTrainSettings *settings)
{
    LsTrainSettings set = *settings;
    const LsSettingTable table = ls_train_settings_table();
    if (step->set[0] == '\0') {
        return true;
    }
    if (!ls_setting_apply(table, step->set, sizeof set, &set, NULL)) {
        return false;
    }
    for (size_t i = 0; i < table.count; i++) {
        if (!ls_setting_equal(&table.rows[i], &set, settings)) {
            return false;
        }
    }
    return true;
}

/* A value, NAN where it is not known. */
static double known(int quantity, const LsLessonFacts *facts)
{
    return quantity == STEPS ? 0 : facts->value[quantity];
}

/* The same of a later model than then's; NAN where it is not of a later one. */
static double since(int quantity, const LsLessonFacts *then, const LsLessonFacts *now)
{
    if (quantity == STEPS) {
        return now->step >= then->step ? (double)(now->step - then->step) : 0;
    }
    const uint64_t step = quantity >= LS_LESSON_METRICS ? now->measure_step : now->metric_step;
    return step > then->step ? now->value[quantity] : (double)NAN;
}

bool ls_lesson_holds(const LsLessonCondition *condition, const LsLessonFacts *then,
                     const LsLessonFacts *now, double *figure)
{
    const double value = since(condition->quantity, then, now);
    const double change = value - known(condition->quantity, then);
    const double was = fabs(known(condition->quantity, then));
    const double amount = condition->share ? condition->amount * was : condition->amount;
    bool holds = false;
    *figure = value;
    switch (condition->relation) {
    case LS_LESSON_ABOVE:
        holds = value > condition->amount;
        break;
    case LS_LESSON_BELOW:
        holds = value < condition->amount;
        break;
    case LS_LESSON_RISES:
        *figure = change;
        holds = change >= amount;
        break;
    case LS_LESSON_FALLS:
        *figure = change;
        holds = -change >= amount;
        break;
    }
    return holds; /* a comparison with NAN is false */
}

bool ls_lesson_reached(const LsLessonStep *step, const LsLessonFacts *then,
                       const LsLessonFacts *now)
{
    for (int i = 0; i < step->condition_count; i++) {
        double figure = 0;
        if (!ls_lesson_holds(&step->condition[i], then, now, &figure)) {
            return false;
        }
    }
    return true;
}

/* A figure as people read it: counts without, nats with one digit after the point, measures as their
 * rows say. */
static void print(int quantity, double value, char *out, size_t size)
{
    const int digits = quantity == STEPS ? 0
                       : quantity < LS_LESSON_METRICS
                           ? 1
                           : ls_measure_rows()[quantity - LS_LESSON_METRICS].digits;
    if (isfinite(value)) {
        (void)snprintf(out, size, "%s%.*f", value < 0 ? "\u2212" : "", digits, fabs(value));
    } else {
        (void)snprintf(out, size, "\u2013");
    }
}

/* What stands for {name}, {name.then} or {name.change}; name ends at length. */
static void expand(const char *name, size_t length, const LsLessonFacts *then,
                   const LsLessonFacts *now, char *out, size_t size)
{
    const char *dot = memchr(name, '.', length);
    const size_t stem = dot != NULL ? (size_t)(dot - name) : length;
    for (int i = 0; i < LS_LESSON_QUANTITIES; i++) {
        const char *row = ls_lesson_quantity(i);
        if (strlen(row) != stem || memcmp(row, name, stem) != 0) {
            continue;
        }
        const double is = since(i, then, now);
        const double was = known(i, then);
        print(i, dot == NULL ? is : dot[1] == 't' ? was : is - was, out, size);
        return;
    }
    out[0] = '\0';
}

void ls_lesson_fill(const char *text, const LsLessonFacts *then, const LsLessonFacts *now,
                    char *out, size_t size)
{
    char filled[2 * LS_LESSON_LONG];
    size_t used = 0;
    while (*text != '\0' && used + 1 < sizeof filled) {
        const size_t plain = strcspn(text, "{");
        const size_t room = sizeof filled - 1 - used;
        const size_t n = plain < room ? plain : room;
        memcpy(filled + used, text, n);
        used += n;
        text += plain;
        if (*text == '{') {
            const size_t length = strcspn(text + 1, "}");
            char figure[64];
            expand(text + 1, length, then, now, figure, sizeof figure);
            const size_t m = strlen(figure) < sizeof filled - 1 - used ? strlen(figure) : 0;
            memcpy(filled + used, figure, m);
            used += m;
            text += 1 + length;
            text += *text == '}' ? 1 : 0;
        }
    }
    filled[used] = '\0';
    ls_text_clean(filled, out, size);
}
