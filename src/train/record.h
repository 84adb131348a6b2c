/* What a checkpoint's metadata tells of a run besides the settings. Internal to train. */
#ifndef LATENTSCAPE_SRC_TRAIN_RECORD_H
#define LATENTSCAPE_SRC_TRAIN_RECORD_H

#include "latentscape/train/metric.h"
#include "latentscape/train/settings.h"

/* Names in files, never renamed: step, images, adam_step, schedule_step, loss_step, average_step, seconds,
 * init, backend. */
typedef struct LsRecord {
    uint64_t step, images;
    uint64_t adam_step;     /* updates in Adam's moments; step where a file does not tell */
    bool has_schedule;      /* a file tells the next */
    uint64_t schedule_step; /* of the learning rate; step where a file does not tell */
    uint64_t loss_step;     /* of the loss's schedules; step where a file does not tell */
    uint64_t average_step;  /* updates in the averaged weights */
    double seconds;
    const char
        *init; /* how the first weights were drawn, as ls_activation_init_name(); NULL where a
                         file does not tell, or tells what this program knows nothing of */
    LsBackendKind backend; /* that the last steps were made with; AUTO: not known */
} LsRecord;

/* Writes record, settings, data set's name, program's version and, where `evaluated` is an
 * evaluation, its held-out figures.  Thread: any. */
void ls_record_write(const LsRecord *record, const LsTrainSettings *settings,
                     const LsMetric *evaluated, const char *dataset, LsMetaList *meta);

/* Reads what the metadata holds of a record; the rest is 0. Fails: false, LS_ERR_FORMAT naming key
 * and value.  Thread: any. */
LS_CHECKED bool ls_record_read(LsRecord *record, const LsMetaList *meta, LsError *err);

#endif
