#include "train/measure_log.h"

void ls_measure_log_reset(LsMeasureLog *log)
{
    log->count = 0;
    log->stride = 1;
    log->pending = 0;
}

void ls_measure_log_rewind(LsMeasureLog *log, uint64_t step)
{
    while (log->count > 0 && log->entry[log->count - 1].step >= step) {
        log->count--;
        log->pending = 0;
    }
}

void ls_measure_log_add(LsMeasureLog *log, const LsMeasures *measures)
{
    ls_measure_log_rewind(log, measures->step);
    if (log->pending > 0) {
        log->count--; /* it stood there as the newest only */
    }
    if (log->count == LS_MEASURE_LOG_MOST) {
        for (size_t i = 0; i < LS_MEASURE_LOG_MOST / 2; i++) {
            log->entry[i] = log->entry[2 * i];
        }
        log->count = LS_MEASURE_LOG_MOST / 2;
        log->stride *= 2;
        log->pending = log->stride / 2;
    }
    log->entry[log->count++] = *measures;
    log->pending = (log->pending + 1) % log->stride;
}
