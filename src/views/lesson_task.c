#include "views/lesson_task.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/base.h"

#include "views/figure.h"
#include "views/measures.h"
#include "views/term.h"

enum {
    NATS = VIEW_TERMS, /* whatever is trained */
    NONE,
};

/* The quantities that are no measures; those have a row of their own. */
static const struct {
    const char *name, *label;
    int unit; /* a term's, or one of the above */
} metrics[] = {
    {"rec", "Reconstruction", LS_SERIES_REC},
    {"kl", "KL", LS_SERIES_KL},
    {"reg", "Regularization", LS_SERIES_REG},
    {"total", "Total", LS_SERIES_REC},
    {"elbo", "ELBO", NATS},
    {"train_elbo", "ELBO of training images", NATS},
    {"steps", "Steps", NONE},
    {"lr", "Learning rate", NONE},
};

_Static_assert(LS_COUNT(metrics) == LS_LESSON_METRICS, "a row for each");

static size_t row_of(int quantity)
{
    size_t row = 0;
    while (row + 1 < LS_COUNT(metrics) &&
           strcmp(metrics[row].name, ls_lesson_quantity(quantity)) != 0) {
        row++;
    }
    return row;
}

static const char *label_of(int quantity)
{
    return quantity < LS_LESSON_METRICS ? metrics[row_of(quantity)].label
                                        : ls_measure_rows()[quantity - LS_LESSON_METRICS].label;
}

static const char *unit_of(int quantity, const LsTrainSettings *settings)
{
    if (quantity >= LS_LESSON_METRICS) {
        return ls_measure_rows()[quantity - LS_LESSON_METRICS].unit;
    }
    const int unit = metrics[row_of(quantity)].unit;
    return unit == NATS   ? "nats"
           : unit == NONE ? ""
                          : view_term_unit(settings, &view_term_all()[unit]);
}

/* What was measured, as the rest of the window writes it. */
static void print(int quantity, double value, char *out)
{
    if (quantity >= LS_LESSON_METRICS) {
        const LsMeasureValue measured = {.value = value};
        view_measures_figure(&ls_measure_rows()[quantity - LS_LESSON_METRICS], &measured, out);
    } else if (metrics[row_of(quantity)].unit == NONE) {
        (void)snprintf(out, VIEW_FIGURE, "%s%.6g", value < 0 ? "−" : "", fabs(value));
    } else {
        view_figure_nats(value, out);
    }
}

void view_lesson_task_condition(const LsLessonCondition *condition, const LsTrainSettings *settings,
                                double figure, char *out)
{
    static const char *const relations[] = {
        [LS_LESSON_ABOVE] = ">",
        [LS_LESSON_BELOW] = "<",
        [LS_LESSON_RISES] = "rises by",
        [LS_LESSON_FALLS] = "falls by",
    };
    const int quantity = condition->quantity;
    const bool change =
        condition->relation == LS_LESSON_RISES || condition->relation == LS_LESSON_FALLS;
    const char *unit = condition->share ? "%" : unit_of(quantity, settings);
    const double amount = condition->share ? 100 * condition->amount : condition->amount;
    const int used = snprintf(out, VIEW_LESSON_TASK, "%s %s %s%.6g%s%s", label_of(quantity),
                              relations[condition->relation], amount < 0 ? "−" : "", fabs(amount),
                              unit[0] != '\0' ? " " : "", unit);
    if (isfinite(figure) && used > 0 && used < VIEW_LESSON_TASK) {
        char now[VIEW_FIGURE];
        print(quantity, figure, now);
        (void)snprintf(out + used, (size_t)(VIEW_LESSON_TASK - used), " · now %s%s",
                       change && figure > 0 ? "+" : "", now);
    }
}

/* One setting: a switch is switched, and 0 says what it stands for where its row does. */
static int say(const LsSetting *row, const char *value, bool first, char *out, size_t size)
{
    static const char nought[] = "; 0: ";
    static const char on[] = " on";
    if (row->type == LS_SETTING_BOOL) {
        const size_t length = strlen(row->title);
        const size_t tail = sizeof on - 1;
        const bool cut = length > tail && strcmp(row->title + length - tail, on) == 0;
        return snprintf(out, size, "%s %.*s %s", first ? "Switch" : ", switch",
                        (int)(cut ? length - tail : length), row->title, value);
    }
    const char *meant = row->unit != NULL ? strstr(row->unit, nought) : NULL;
    const bool none = meant != NULL && strcmp(value, "0") == 0;
    return snprintf(out, size, "%s %s%s%s to %s%s", first ? "Set" : ", set", row->title,
                    row->symbol != NULL ? " " : "", row->symbol != NULL ? row->symbol : "",
                    value[0] == '-' ? "−" : "",
                    none ? meant + sizeof nought - 1 : value + (value[0] == '-' ? 1 : 0));
}

void view_lesson_task_set(const char *set, char *out)
{
    size_t used = 0;
    out[0] = '\0';
    for (const char *at = set; *at != '\0'; at += strspn(at, " ")) {
        const size_t length = strcspn(at, " ");
        const size_t stem = strcspn(at, "=");
        char name[64];
        char value[64];
        (void)snprintf(name, sizeof name, "%.*s", (int)(stem < length ? stem : length), at);
        (void)snprintf(value, sizeof value, "%.*s", (int)(stem < length ? length - stem - 1 : 0),
                       at + (stem < length ? stem + 1 : length));
        const LsSetting *row = ls_setting_find(ls_train_settings_table(), name);
        if (row != NULL && used < VIEW_LESSON_TASK) {
            const int more = say(row, value, used == 0, out + used, VIEW_LESSON_TASK - used);
            used += more > 0 ? (size_t)more : 0;
        }
        at += length;
    }
}
