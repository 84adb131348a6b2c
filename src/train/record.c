#include "train/record.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "latentscape/core/text.h"
#include "latentscape/nn/activation.h"

#include "config.h"

static const double count_max = 9007199254740992.0; /* 2^53: exact in any reader of the file */

static void set_number(LsMetaList *meta, const char *key, double value)
{
    char text[32];
    ls_text_number(value, text);
    ls_meta_set(meta, key, "%s", text);
}

void ls_record_write(const LsRecord *record, const LsTrainSettings *settings,
                     const LsMetric *evaluated, const char *dataset, LsMetaList *meta)
{
    ls_meta_set(meta, "program", "latentscape %s", LS_VERSION);
    ls_meta_set(meta, "dataset", "%s", dataset);
    ls_meta_set(meta, "step", "%" PRIu64, record->step);
    ls_meta_set(meta, "images", "%" PRIu64, record->images);
    ls_meta_set(meta, "adam_step", "%" PRIu64, record->adam_step);
    ls_meta_set(meta, "schedule_step", "%" PRIu64, record->schedule_step);
    ls_meta_set(meta, "loss_step", "%" PRIu64, record->loss_step);
    if (record->average_step > 0) {
        ls_meta_set(meta, "average_step", "%" PRIu64, record->average_step);
    }
    set_number(meta, "seconds", record->seconds);
    if (record->init != NULL) {
        ls_meta_set(meta, "init", "%s", record->init);
    }
    if (record->backend != LS_BACKEND_AUTO) {
        ls_meta_set(meta, "backend", "%s", ls_backend_name((int)record->backend));
    }
    ls_train_settings_to_meta(settings, meta);
    if (evaluated->evaluated && isfinite(evaluated->heldout_elbo)) {
        ls_meta_set(meta, "heldout_step", "%" PRIu64, evaluated->step);
        set_number(meta, "heldout_rec", evaluated->heldout.rec);
        set_number(meta, "heldout_kl", evaluated->heldout.kl);
        set_number(meta, "heldout_elbo", evaluated->heldout_elbo);
    }
}

static bool read_number(const LsMetaList *meta, const char *key, bool whole, double *value,
                        LsError *err)
{
    const char *text = ls_meta_find(meta, key);
    if (text == NULL) {
        return true;
    }
    double read = 0;
    if (!ls_text_to_number(text, &read) || read < 0 || read > count_max ||
        (whole && read != floor(read))) {
        return ls_fail(err, LS_ERR_FORMAT, "The model's metadata says %s \"%s\", which is no %s.",
                       key, text, whole ? "count" : "time");
    }
    *value = read;
    return true;
}

static const char *read_init(const LsMetaList *meta)
{
    const char *text = ls_meta_find(meta, "init");
    const char *name = ls_activation_init_name(0);
    for (int i = 1; text != NULL && name != NULL; i++) {
        if (strcmp(name, text) == 0) {
            return name;
        }
        name = ls_activation_init_name(i);
    }
    return NULL;
}

static LsBackendKind read_backend(const LsMetaList *meta)
{
    LsBackendKind kind = LS_BACKEND_AUTO;
    const char *name = ls_meta_find(meta, "backend");
    return name != NULL && ls_backend_find(name, &kind, NULL) ? kind : LS_BACKEND_AUTO;
}

bool ls_record_read(LsRecord *record, const LsMetaList *meta, LsError *err)
{
    double step = 0, images = 0, adam_step = -1, schedule_step = -1, loss_step = -1,
           average_step = 0, seconds = 0;
    if (!read_number(meta, "step", true, &step, err) ||
        !read_number(meta, "images", true, &images, err) ||
        !read_number(meta, "adam_step", true, &adam_step, err) ||
        !read_number(meta, "schedule_step", true, &schedule_step, err) ||
        !read_number(meta, "loss_step", true, &loss_step, err) ||
        !read_number(meta, "average_step", true, &average_step, err) ||
        !read_number(meta, "seconds", false, &seconds, err)) {
        return false;
    }
    *record = (LsRecord){.step = (uint64_t)step,
                         .images = (uint64_t)images,
                         .adam_step = (uint64_t)(adam_step < 0 ? step : adam_step),
                         .has_schedule = schedule_step >= 0,
                         .schedule_step = (uint64_t)(schedule_step < 0 ? step : schedule_step),
                         .loss_step = (uint64_t)(loss_step < 0 ? step : loss_step),
                         .average_step = (uint64_t)average_step,
                         .seconds = seconds,
                         .init = read_init(meta),
                         .backend = read_backend(meta)};
    return true;
}
