/* The work of measuring a model, cut into small tasks that any workers may share: between the steps of a
 * run that is training, or all at once. The figures depend neither on the workers nor on when. */
#ifndef LATENTSCAPE_MEASURE_MEASURING_H
#define LATENTSCAPE_MEASURE_MEASURING_H

#include "latentscape/data/dataset.h"
#include "latentscape/measure/classifier.h"
#include "latentscape/measure/measure.h"
#include "latentscape/vae/model.h"

enum {
    LS_MEASURING_SAMPLES = 1000, /* from the prior, and held-out images, at most */
    LS_MEASURING_CODES = 4096,   /* training images whose codes are looked at, at most */
};

typedef struct LsMeasuring LsMeasuring;

/* One task. worker: 0 .. workers - 1.  Thread: worker. */
typedef void LsMeasuringTask(void *context, int task, int worker);

/* Runs tasks 0 .. count - 1 and returns when all are done; crew is whoever does it.
 * Thread: one at a time. */
typedef void LsMeasuringRun(void *crew, int count, LsMeasuringTask *task, void *context);

/* A measuring of models like *model for a number of workers. data is borrowed; classifier too, and may
 * be NULL, or not know these images: what needs it is then missing. Large images have fewer samples.
 * Owns: the caller, ls_measuring_destroy(). Fails: NULL, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsMeasuring *ls_measuring_create(const LsModel *model, const LsDataset *data,
                                            const LsClassifier *classifier, int workers,
                                            LsError *err);

/* Releases it; NULL is accepted.  Thread: one at a time. */
void ls_measuring_destroy(LsMeasuring *measuring);

/* Begins anew with a copy of the weights, taken after so many steps; what is under way is dropped.
 * Shapes: params [param_count].  Thread: one at a time. */
void ls_measuring_begin(LsMeasuring *measuring, const float *params, uint64_t step);

/* The same for images in the place of the model's samples; measures of codes are missing.
 * ls_measuring_samples() are looked at, the first ones again where there are fewer.
 * Shapes: images [n, pixels], copied; n >= 1.  Thread: one at a time. */
void ls_measuring_begin_images(LsMeasuring *measuring, int n, const float *images);

/* How many samples it looks at.  Thread: any. */
int ls_measuring_samples(const LsMeasuring *measuring);

/* Whether it has begun and is not finished.  Thread: one at a time. */
bool ls_measuring_running(const LsMeasuring *measuring);

/* One slice: a task for each worker, a millisecond or two. Fails: false while it is not finished; then
 * fills *measures and is no longer running.  Thread: one at a time. */
LS_CHECKED bool ls_measuring_advance(LsMeasuring *measuring, LsMeasuringRun *run, void *crew,
                                     LsMeasures *measures);

#endif
