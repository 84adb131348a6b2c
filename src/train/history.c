#include "latentscape/train/history.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"

#include "train/measure_log.h"

static const double smoothing = 0.02; /* share of a step in the moving average */
/* Before that a step weighs this much of all steps so far: the curve starts in the middle of the fall. */
static const double early = 6;
static const uint64_t again = 24; /* as many steps count as smoothed after a change */

/* What a bucket knows besides what is drawn. */
typedef struct Extent {
    uint64_t count;  /* steps it holds; fewer than last - first + 1 where metrics were lost */
    uint64_t images; /* seen at its end */
    double seconds;
} Extent;

struct LsHistory {
    size_t bucket_count;
    uint64_t span; /* steps a bucket may hold: bucket number (step - 1) / span */
    LsBucket *bucket;
    Extent *extent;
    double smooth[LS_SERIES_COUNT], part[3]; /* moving averages */
    uint64_t smoothed;                       /* steps in the moving average so far */

    size_t evaluation_count;
    uint64_t stride;  /* of how many evaluations one is kept */
    uint64_t pending; /* evaluations since the last one kept for good: 0, the newest is one */
    LsMetric *evaluation;

    size_t marker_count;
    LsMarker *marker;
    LsMeasureLog measures;
    LsMetric last; /* step 0: none yet */
};

LsHistory *ls_history_create(LsError *err)
{
    LsHistory *history = ls_memory_items(1, sizeof *history, err);
    if (history == NULL) {
        return NULL;
    }
    history->bucket = ls_memory_items(LS_HISTORY_BUCKETS, sizeof *history->bucket, err);
    history->extent = ls_memory_items(LS_HISTORY_BUCKETS, sizeof *history->extent, err);
    history->evaluation = ls_memory_items(LS_HISTORY_EVALUATIONS, sizeof *history->evaluation, err);
    history->marker = ls_memory_items(LS_HISTORY_MARKERS, sizeof *history->marker, err);
    history->measures.entry =
        ls_memory_items(LS_MEASURE_LOG_MOST, sizeof *history->measures.entry, err);
    if (history->measures.entry == NULL || history->bucket == NULL || history->extent == NULL ||
        history->evaluation == NULL || history->marker == NULL) {
        ls_history_destroy(history);
        return NULL;
    }
    ls_history_reset(history);
    return history;
}

void ls_history_copy(LsHistory *to, const LsHistory *from)
{
    LsHistory copy = *from; /* but for where its parts lie */
    copy.bucket = to->bucket;
    copy.extent = to->extent;
    copy.evaluation = to->evaluation;
    copy.marker = to->marker;
    copy.measures.entry = to->measures.entry;
    memcpy(copy.bucket, from->bucket, from->bucket_count * sizeof *copy.bucket);
    memcpy(copy.extent, from->extent, from->bucket_count * sizeof *copy.extent);
    memcpy(copy.evaluation, from->evaluation, from->evaluation_count * sizeof *copy.evaluation);
    memcpy(copy.marker, from->marker, from->marker_count * sizeof *copy.marker);
    memcpy(copy.measures.entry, from->measures.entry,
           from->measures.count * sizeof *copy.measures.entry);
    *to = copy;
}

/* Drops what lies at or after step. */
static void rewind_to(LsHistory *history, uint64_t step)
{
    while (history->bucket_count > 0 && history->bucket[history->bucket_count - 1].first >= step) {
        history->bucket_count--;
    }
    if (history->bucket_count > 0) {
        LsBucket *end = &history->bucket[history->bucket_count - 1];
        end->last = end->last < step ? end->last : step - 1;
        for (int i = 0; i < LS_SERIES_COUNT; i++) {
            history->smooth[i] = (double)end->series[i].smooth;
        }
        for (size_t i = 0; i < LS_COUNT(end->part); i++) {
            history->part[i] = (double)end->part[i];
        }
    } else {
        history->smoothed = 0;
    }
    while (history->evaluation_count > 0 &&
           history->evaluation[history->evaluation_count - 1].step >= step) {
        history->evaluation_count--;
        history->pending = 0;
    }
    while (history->marker_count > 0 && history->marker[history->marker_count - 1].step >= step) {
        history->marker_count--;
    }
    ls_measure_log_rewind(&history->measures, step);
}

void ls_history_branch(LsHistory *to, const LsHistory *from, uint64_t step)
{
    LsHistory copy;
    ls_history_copy(to, from);
    rewind_to(to, step + 1);
    copy = *to;
    ls_history_reset(to);
    memcpy(to->smooth, copy.smooth, sizeof to->smooth);
    memcpy(to->part, copy.part, sizeof to->part);
    to->smoothed = copy.smoothed < again ? copy.smoothed : again;
}

void ls_history_destroy(LsHistory *history)
{
    if (history != NULL) {
        ls_memory_free(history->bucket);
        ls_memory_free(history->extent);
        ls_memory_free(history->evaluation);
        ls_memory_free(history->marker);
        ls_memory_free(history->measures.entry);
        ls_memory_free(history);
    }
}

void ls_history_reset(LsHistory *history)
{
    history->bucket_count = 0;
    history->span = 1;
    history->smoothed = 0;
    history->evaluation_count = 0;
    history->stride = 1;
    history->pending = 0;
    history->marker_count = 0;
    ls_measure_log_reset(&history->measures);
    history->last = (LsMetric){0};
}

/* ---- steps */

static double series_value(const LsLossValues *values, int series)
{
    const double all[LS_SERIES_COUNT] = {[LS_SERIES_REC] = values->rec,
                                         [LS_SERIES_KL] = values->kl,
                                         [LS_SERIES_REG] = values->reg,
                                         [LS_SERIES_TOTAL] = values->total};
    return all[series];
}

static bool is_drawable(const LsLossValues *values)
{
    for (int i = 0; i < LS_SERIES_COUNT; i++) {
        if (!isfinite((float)series_value(values, i))) {
            return false;
        }
    }
    return true;
}

/* Adds the later bucket b to a. */
static void join(LsBucket *a, Extent *extent_a, const LsBucket *b, const Extent *extent_b)
{
    const uint64_t count = extent_a->count + extent_b->count;
    const float share = (float)((double)extent_b->count / (double)count);
    for (int i = 0; i < LS_SERIES_COUNT; i++) {
        a->series[i].min = fminf(a->series[i].min, b->series[i].min);
        a->series[i].max = fmaxf(a->series[i].max, b->series[i].max);
        a->series[i].mean += (b->series[i].mean - a->series[i].mean) * share;
        a->series[i].smooth = b->series[i].smooth;
    }
    memcpy(a->part, b->part, sizeof a->part);
    a->last = b->last;
    *extent_a = (Extent){.count = count, .images = extent_b->images, .seconds = extent_b->seconds};
}

/* Makes room by letting each bucket hold more steps. Where steps lie far apart one doubling may join
 * few of them, so it goes on until a quarter is free. */
static void compact(LsHistory *history)
{
    while (history->bucket_count > (size_t)LS_HISTORY_BUCKETS / 4 * 3) {
        history->span *= 2;
        size_t kept = 0;
        for (size_t i = 1; i < history->bucket_count; i++) {
            LsBucket *a = &history->bucket[kept];
            const LsBucket *b = &history->bucket[i];
            if ((a->first - 1) / history->span == (b->last - 1) / history->span) {
                join(a, &history->extent[kept], b, &history->extent[i]);
            } else {
                kept++;
                history->bucket[kept] = *b;
                history->extent[kept] = history->extent[i];
            }
        }
        history->bucket_count = kept + 1;
    }
}

static void add_step(LsHistory *history, const LsMetric *metric)
{
    if (metric->step <= history->last.step) {
        rewind_to(history, metric->step);
    }
    history->last = *metric;
    if (metric->step == 0 || !is_drawable(&metric->train)) {
        return;
    }
    history->smoothed++;
    const double share = fmax(smoothing, fmin(1.0, early / (double)history->smoothed));
    LsBucket one = {.first = metric->step, .last = metric->step};
    const Extent extent = {.count = 1, .images = metric->images, .seconds = metric->seconds};
    for (int i = 0; i < LS_SERIES_COUNT; i++) {
        const double value = series_value(&metric->train, i);
        history->smooth[i] = history->smoothed == 1
                                 ? value
                                 : history->smooth[i] + share * (value - history->smooth[i]);
        one.series[i].min = one.series[i].max = one.series[i].mean = (float)value;
        one.series[i].smooth = (float)history->smooth[i];
    }
    for (size_t i = 0; i < LS_COUNT(one.part); i++) {
        const double value = (double)metric->part[i];
        history->part[i] =
            history->smoothed == 1 ? value : history->part[i] + share * (value - history->part[i]);
        one.part[i] = (float)history->part[i];
    }
    if (history->bucket_count > 0) {
        const size_t end = history->bucket_count - 1;
        if ((history->bucket[end].first - 1) / history->span == (one.first - 1) / history->span) {
            join(&history->bucket[end], &history->extent[end], &one, &extent);
            return;
        }
    }
    if (history->bucket_count == LS_HISTORY_BUCKETS) {
        compact(history);
        /* The new step may belong to a bucket that is wider now; at worst it begins one early. */
    }
    history->bucket[history->bucket_count] = one;
    history->extent[history->bucket_count] = extent;
    history->bucket_count++;
}

/* ---- evaluations */

static void add_evaluation(LsHistory *history, const LsMetric *metric)
{
    while (history->evaluation_count > 0 &&
           history->evaluation[history->evaluation_count - 1].step >= metric->step) {
        history->evaluation_count--; /* the same weights judged anew, or a run that went back */
        history->pending = 0;
    }
    if (history->pending > 0) {
        history->evaluation_count--; /* it stood there as the newest only */
    }
    if (history->evaluation_count == LS_HISTORY_EVALUATIONS) {
        for (size_t i = 0; i < LS_HISTORY_EVALUATIONS / 2; i++) {
            history->evaluation[i] = history->evaluation[2 * i];
        }
        history->evaluation_count = LS_HISTORY_EVALUATIONS / 2;
        history->stride *= 2;
        history->pending = history->stride / 2;
    }
    history->evaluation[history->evaluation_count++] = *metric;
    history->pending = (history->pending + 1) % history->stride;
}

void ls_history_add(LsHistory *history, const LsMetric *metric)
{
    if (metric->evaluated) {
        add_evaluation(history, metric);
    } else {
        add_step(history, metric);
    }
}

/* ---- markers */

/* A label of the form "what old → new": where each part ends. */
typedef struct Change {
    size_t what, old, arrow; /* lengths up to the end of what, of old, and of the arrow */
} Change;

static bool split_change(const char *label, size_t length, Change *change)
{
    static const char arrow[] = " → ";
    const char *at = strstr(label, arrow);
    if (at == NULL || (size_t)(at - label) >= length) {
        return false;
    }
    change->old = (size_t)(at - label);
    change->arrow = change->old + sizeof arrow - 1;
    change->what = change->old;
    while (change->what > 0 && label[change->what - 1] != ' ') {
        change->what--;
    }
    return change->what > 0;
}

/* Puts the later change in the place of the part [length] of label that it goes on from; what comes
 * back to where it began disappears. */
static void merge_change(char *label, char *part, size_t length, const Change *old,
                         const char *newest)
{
    char joined[2 * LS_HISTORY_LABEL + 8];
    const char *tail = part + length;
    const char *first = part + old->what;
    const size_t first_length = old->old - old->what;
    if (first_length != strlen(newest) || strncmp(first, newest, first_length) != 0) {
        snprintf(joined, sizeof joined, "%.*s%s%s", (int)(part - label + (ptrdiff_t)old->arrow),
                 label, newest, tail);
    } else {
        size_t kept = (size_t)(part - label);
        if (tail[0] == ',') {
            tail += 2;
        } else if (kept >= 2) {
            kept -= 2; /* the comma before it */
        }
        snprintf(joined, sizeof joined, "%.*s%s", (int)kept, label, tail);
    }
    ls_text_clean(joined, label, LS_HISTORY_LABEL);
}

/* A slider that is dragged while the model stands still sends many changes at one step: "β 1 → 2" and
 * "β 2 → 4" become "β 1 → 4", and "β 1 → 1" disappears. Returns false where there is nothing of the
 * kind to join. */
static bool join_change(char *label, const char *next)
{
    Change new = {0};
    if (!split_change(next, strlen(next), &new)) {
        return false;
    }
    for (char *part = label; *part != '\0';) {
        const char *comma = strstr(part, ", ");
        const size_t length = comma != NULL ? (size_t)(comma - part) : strlen(part);
        Change old = {0};
        if (split_change(part, length, &old) && old.what == new.what &&
            strncmp(part, next, old.what) == 0) {
            merge_change(label, part, length, &old, next + new.arrow);
            return true;
        }
        part += comma != NULL ? length + 2 : length;
    }
    return false;
}

void ls_history_mark(LsHistory *history, uint64_t step, const char *label)
{
    char clean[LS_HISTORY_LABEL];
    ls_text_clean(label, clean, sizeof clean);
    /* What a change does is seen at once: the steps before it lose their weight in the average. */
    history->smoothed = history->smoothed < again ? history->smoothed : again;
    if (history->marker_count > 0 && history->marker[history->marker_count - 1].step == step) {
        LsMarker *marker = &history->marker[history->marker_count - 1];
        if (!join_change(marker->label, clean)) {
            char both[2 * LS_HISTORY_LABEL + 4];
            snprintf(both, sizeof both, "%s, %s", marker->label, clean);
            ls_text_clean(both, marker->label, sizeof marker->label);
        }
        history->marker_count -= marker->label[0] == '\0' ? 1 : 0;
        return;
    }
    if (history->marker_count == LS_HISTORY_MARKERS) { /* the oldest gives way */
        memmove(history->marker, history->marker + 1,
                (LS_HISTORY_MARKERS - 1) * sizeof *history->marker);
        history->marker_count--;
    }
    LsMarker *marker = &history->marker[history->marker_count++];
    marker->step = step;
    memcpy(marker->label, clean, sizeof clean);
    marker->settled = false;
}

void ls_history_settle(LsHistory *history, uint64_t step, const LsTrainSettings *settings)
{
    if (history->marker_count > 0 && history->marker[history->marker_count - 1].step == step) {
        LsMarker *marker = &history->marker[history->marker_count - 1];
        marker->settings = *settings;
        marker->settled = true;
    }
}

/* ---- measures */

void ls_history_add_measures(LsHistory *history, const LsMeasures *measures)
{
    ls_measure_log_add(&history->measures, measures);
}

const LsMeasures *ls_history_measures(const LsHistory *history, size_t *count)
{
    *count = history->measures.count;
    return history->measures.entry;
}

const LsMeasures *ls_history_measures_at(const LsHistory *history, uint64_t step)
{
    for (size_t i = history->measures.count; i > 0; i--) {
        if (history->measures.entry[i - 1].step <= step) {
            return &history->measures.entry[i - 1];
        }
    }
    return NULL;
}

const LsMeasures *ls_history_measures_before(const LsHistory *history, uint64_t step,
                                             const LsMarker **change)
{
    size_t markers = history->marker_count;
    while (markers > 0 && history->marker[markers - 1].step >= step) {
        markers--;
    }
    if (markers == 0) {
        return NULL;
    }
    *change = &history->marker[markers - 1];
    return ls_history_measures_at(history, (*change)->step);
}

/* ---- reading */

const LsBucket *ls_history_buckets(const LsHistory *history, size_t *count)
{
    *count = history->bucket_count;
    return history->bucket;
}

const LsMetric *ls_history_evaluations(const LsHistory *history, size_t *count)
{
    *count = history->evaluation_count;
    return history->evaluation;
}

const LsMarker *ls_history_markers(const LsHistory *history, size_t *count)
{
    *count = history->marker_count;
    return history->marker;
}

const LsMetric *ls_history_last(const LsHistory *history)
{
    return history->last.step > 0 ? &history->last : NULL;
}

/* ---- CSV: one row for each bucket, evaluation, marker and measuring, in the order of their steps */

/* So many empty columns. */
static void print_nothing(LsFileWriter *file, int columns)
{
    for (int i = 0; i < columns; i++) {
        ls_file_writer_print(file, ",");
    }
}

enum {
    BUCKET_COLUMNS = 3 * LS_SERIES_COUNT, /* mean, least and most of each series */
    EVALUATION_COLUMNS = 6,
    JUDGED_COLUMNS = 3,                    /* bce, KL, and the KL of each axis, after the change */
    PART_COLUMNS = 3,                      /* what each term adds to the total */
    MEASURE_COLUMNS = 2 * LS_MEASURE_COUNT /* with their errors */
};

static void print_bucket(LsFileWriter *file, const LsBucket *bucket, const Extent *extent)
{
    ls_file_writer_print(file, "%" PRIu64 ",%" PRIu64 ",%.6g", bucket->last, extent->images,
                         extent->seconds);
    for (int i = 0; i < LS_SERIES_COUNT; i++) {
        ls_file_writer_print(file, ",%.7g,%.7g,%.7g", (double)bucket->series[i].mean,
                             (double)bucket->series[i].min, (double)bucket->series[i].max);
    }
    print_nothing(file, EVALUATION_COLUMNS + 1 + JUDGED_COLUMNS);
    ls_file_writer_print(file, ",%.7g,%.7g,%.7g", (double)bucket->part[0], (double)bucket->part[1],
                         (double)bucket->part[2]);
    print_nothing(file, MEASURE_COLUMNS);
    ls_file_writer_print(file, "\n");
}

static void print_evaluation(LsFileWriter *file, const LsMetric *metric)
{
    ls_file_writer_print(file, "%" PRIu64 ",%" PRIu64 ",%.6g", metric->step, metric->images,
                         metric->seconds);
    print_nothing(file, BUCKET_COLUMNS);
    ls_file_writer_print(file, ",%.7g,%.7g,%.7g,%.7g,%.7g,%.7g,,%.7g,%.7g,", metric->heldout.rec,
                         metric->heldout.kl, metric->heldout.reg, metric->heldout.total,
                         metric->heldout_elbo, metric->train_elbo, metric->heldout_bce,
                         metric->heldout_kl);
    for (int i = 0; i < metric->axes; i++) {
        ls_file_writer_print(file, "%s%.6g", i > 0 ? " " : "", (double)metric->axis_kl[i]);
    }
    print_nothing(file, PART_COLUMNS);
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        if (i == LS_MEASURE_OVERFITTING) {
            ls_file_writer_print(file, ",%.7g,%.3g", ls_metric_gap(metric), metric->gap_error);
        } else {
            print_nothing(file, 2);
        }
    }
    ls_file_writer_print(file, "\n");
}

static void print_marker(LsFileWriter *file, const LsMarker *marker)
{
    ls_file_writer_print(file, "%" PRIu64, marker->step);
    print_nothing(file, 2 + BUCKET_COLUMNS + EVALUATION_COLUMNS);
    ls_file_writer_print(file, ",\"");
    for (const char *c = marker->label; *c != '\0'; c++) {
        ls_file_writer_print(file, "%s%c", *c == '"' ? "\"" : "", *c);
    }
    ls_file_writer_print(file, "\"");
    print_nothing(file, JUDGED_COLUMNS + PART_COLUMNS + MEASURE_COLUMNS);
    ls_file_writer_print(file, "\n");
}

static void print_measures(LsFileWriter *file, const LsMeasures *measures)
{
    ls_file_writer_print(file, "%" PRIu64, measures->step);
    print_nothing(file,
                  2 + BUCKET_COLUMNS + EVALUATION_COLUMNS + 1 + JUDGED_COLUMNS + PART_COLUMNS);
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        const LsMeasureValue *value = &measures->value[i];
        if (value->missing != NULL || i == LS_MEASURE_OVERFITTING) { /* an evaluation's */
            print_nothing(file, 2);
        } else {
            ls_file_writer_print(file, ",%.7g,%.3g", value->value, value->error);
        }
    }
    ls_file_writer_print(file, "\n");
}

static void print_heading(LsFileWriter *file)
{
    ls_file_writer_print(file, "step,images,seconds,rec,rec_min,rec_max,kl,kl_min,kl_max,"
                               "reg,reg_min,reg_max,total,total_min,total_max,heldout_rec,"
                               "heldout_kl,heldout_reg,heldout_total,heldout_elbo,train_elbo,"
                               "change,heldout_bce,heldout_prior_kl,heldout_axis_kl,"
                               "weighted_rec,weighted_kl,weighted_reg");
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        const char *name = ls_measure_rows()[i].name;
        ls_file_writer_print(file, ",%s,%s_error", name, name);
    }
    ls_file_writer_print(file, "\n");
}

bool ls_history_save_csv(const LsHistory *history, const char *path, LsError *err)
{
    LsFileWriter *file = ls_file_writer_create(path, err);
    if (file == NULL) {
        return false;
    }
    print_heading(file);
    const LsMeasures *measures = history->measures.entry;
    size_t b = 0, e = 0, m = 0, s = 0;
    while (b < history->bucket_count || e < history->evaluation_count ||
           m < history->marker_count || s < history->measures.count) {
        const uint64_t bucket = b < history->bucket_count ? history->bucket[b].last : UINT64_MAX;
        const uint64_t evaluation =
            e < history->evaluation_count ? history->evaluation[e].step : UINT64_MAX;
        const uint64_t marker = m < history->marker_count ? history->marker[m].step : UINT64_MAX;
        const uint64_t measured = s < history->measures.count ? measures[s].step : UINT64_MAX;
        if (bucket <= evaluation && bucket <= marker && bucket <= measured) {
            print_bucket(file, &history->bucket[b], &history->extent[b]);
            b++;
        } else if (evaluation <= marker && evaluation <= measured) {
            print_evaluation(file, &history->evaluation[e++]);
        } else if (measured <= marker) {
            print_measures(file, &measures[s++]);
        } else {
            print_marker(file, &history->marker[m++]);
        }
    }
    return ls_file_writer_commit(file, err);
}
