#include "latentscape/train/gauge.h"

#include <math.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"
#include "latentscape/measure/classifier.h"
#include "latentscape/measure/measuring.h"

static const char judge[] = "models/digits-classifier.safetensors";

struct LsGauge {
    // --- immutable after create
    const LsDataset *data;
    LsPool *pool;
    LsClassifier *classifier; /* NULL: it could not be read */
    // --- the pool's thread
    LsModel model;
    LsMeasuring *measuring; /* of models like that; NULL before the first */
    bool running;
    uint64_t serial;
};

LsGauge *ls_gauge_create(const LsDataset *data, LsPool *pool, LsError *err)
{
    LsGauge *gauge = ls_memory_items(1, sizeof *gauge, err);
    if (gauge == NULL) {
        return NULL;
    }
    gauge->data = data;
    gauge->pool = pool;
    char path[LS_PATH_MAX];
    if (ls_path_asset(judge, path, NULL)) {
        gauge->classifier = ls_classifier_open(path, NULL);
    }
    return gauge;
}

void ls_gauge_destroy(LsGauge *gauge)
{
    if (gauge != NULL) {
        ls_measuring_destroy(gauge->measuring);
        ls_classifier_destroy(gauge->classifier);
        ls_memory_free(gauge);
    }
}

bool ls_gauge_begin(LsGauge *gauge, const LsModel *model, const float *params, uint64_t step,
                    LsError *err)
{
    gauge->running = false;
    if (gauge->measuring == NULL || !ls_model_equal(&gauge->model, model)) {
        ls_measuring_destroy(gauge->measuring);
        gauge->measuring = ls_measuring_create(model, gauge->data, gauge->classifier,
                                               ls_pool_workers(gauge->pool), err);
        if (gauge->measuring == NULL) {
            return false;
        }
        gauge->model = *model;
    }
    ls_measuring_begin(gauge->measuring, params, step);
    gauge->running = true;
    return true;
}

void ls_gauge_stop(LsGauge *gauge)
{
    gauge->running = false;
}

bool ls_gauge_running(const LsGauge *gauge)
{
    return gauge->running;
}

static void run_tasks(void *crew, int count, LsMeasuringTask *task, void *context)
{
    ls_pool_run(crew, count, task, context);
}

bool ls_gauge_advance(LsGauge *gauge, LsMeasures *measures)
{
    if (!gauge->running ||
        !ls_measuring_advance(gauge->measuring, run_tasks, gauge->pool, measures)) {
        return false;
    }
    gauge->running = false;
    measures->serial = ++gauge->serial;
    return true;
}

void ls_gauge_take_gap(LsMeasures *measures, const LsMetric *evaluation)
{
    const double gap = ls_metric_gap(evaluation);
    LsMeasureValue *value = &measures->value[LS_MEASURE_OVERFITTING];
    if (!evaluation->evaluated) {
        *value = (LsMeasureValue){.missing = "it is being evaluated"};
    } else if (!isfinite(gap) || !isfinite(evaluation->gap_error)) {
        *value = (LsMeasureValue){.missing = "it is not a finite number"};
    } else {
        *value = (LsMeasureValue){.value = gap, .error = evaluation->gap_error};
    }
}
