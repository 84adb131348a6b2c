#include "app/before.h"

#include <string.h>

#include "latentscape/core/memory.h"

#include "app/describe.h"

static const uint64_t serial_base = (uint64_t)1 << 62;

static void keep(AppBefore *before, const LsSnapshot *snapshot, const LsTrainSettings *settings)
{
    const size_t count = snapshot->model.param_count;
    before->known = false;
    if (before->room < count) {
        ls_memory_free(before->params);
        before->params = ls_memory_floats(count, NULL);
        before->room = before->params != NULL ? count : 0;
    }
    if (before->params == NULL) {
        return;
    }
    memcpy(before->params, snapshot->params, count * sizeof *before->params);
    before->snapshot = *snapshot;
    before->snapshot.params = before->params;
    before->snapshot.live = before->snapshot.m = before->snapshot.v = NULL; /* the trainer's */
    before->snapshot.settings = *settings;
    before->snapshot.serial = serial_base + ++before->serial;
    before->known = true;
}

void app_before_note(AppBefore *before, const LsSnapshot *snapshot, const LsTrainSettings *from,
                     const LsTrainSettings *to, bool done)
{
    if (!before->changing && !ls_train_settings_teach_alike(from, to)) {
        keep(before, snapshot, from);
        before->changing = true;
    }
    if (before->changing && before->known) {
        app_describe_loss(&before->snapshot.settings, to, before->label, sizeof before->label);
    }
    before->changing = before->changing && !done;
}

/* Whether there is a figure to be had that it was left without, or one of other kinds than its own. */
static bool lacks_figures(const AppBefore *before)
{
    const LsMetric *evaluation = &before->snapshot.evaluation;
    const LsTrainSettings *settings = &before->snapshot.settings;
    return before->known &&
           (!evaluation->evaluated || evaluation->kind[0] != settings->rec ||
            evaluation->kind[1] != settings->div || before->snapshot.measures.serial == 0);
}

bool app_before_follow(AppBefore *before, const LsDataset *data, LsHistory *history)
{
    if (!lacks_figures(before)) {
        return false;
    }
    if (before->judge == NULL) {
        before->judge = ls_judge_create(data, NULL);
    }
    if (before->judge == NULL) {
        return false; /* the figures stay unknown */
    }
    if (before->judged != before->serial) {
        if (ls_judge_try_begin(before->judge, &before->snapshot)) {
            before->judged = before->serial;
        }
        return true;
    }
    if (ls_judge_busy(before->judge)) {
        return true;
    }
    LsSnapshot *snapshot = &before->snapshot;
    const bool found = ls_judge_try_take(before->judge, &snapshot->evaluation, &snapshot->measures);
    if (found) {
        size_t count = 0;
        const LsMeasures *measured = ls_history_measures(history, &count);
        if (count == 0 || measured[count - 1].step < snapshot->measures.step) {
            ls_history_add_measures(history, &snapshot->measures);
        }
    }
    return found;
}

void app_before_forget(AppBefore *before)
{
    before->known = before->held = before->pressed = before->changing = false;
    before->wipe = 0;
}

void app_before_finish(AppBefore *before)
{
    ls_judge_destroy(before->judge);
    ls_memory_free(before->params);
    *before = (AppBefore){0};
}
