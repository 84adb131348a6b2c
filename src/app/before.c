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
    before->snapshot.m = NULL;
    before->snapshot.v = NULL;
    before->snapshot.settings = *settings;
    before->snapshot.serial = serial_base + ++before->serial;
    before->known = true;
}

void app_before_note(AppBefore *before, const LsSnapshot *snapshot, const LsTrainSettings *from,
                     const LsTrainSettings *to, bool done)
{
    if (!before->changing && app_describe_loss_differs(from, to)) {
        keep(before, snapshot, from);
        before->changing = true;
    }
    if (before->changing && before->known) {
        app_describe_loss(&before->snapshot.settings, to, before->label, sizeof before->label);
    }
    before->changing = before->changing && !done;
}

void app_before_forget(AppBefore *before)
{
    before->known = before->held = before->pressed = before->changing = false;
    before->wipe = 0;
}

void app_before_finish(AppBefore *before)
{
    ls_memory_free(before->params);
    *before = (AppBefore){0};
}
