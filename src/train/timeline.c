#include "latentscape/train/timeline.h"

#include <string.h>

#include "latentscape/core/memory.h"

enum {
    BLOCK = 256,
    BITS = 12,
    MOST = 2047,               /* the largest weight of a block becomes that */
    PACKED = BLOCK * BITS / 8, /* bytes of a block */
    FIRST_GAP = 32,            /* steps between the first states */
};

/* ---- packing */

static size_t blocks_of(size_t count)
{
    return (count + BLOCK - 1) / BLOCK;
}

size_t ls_packed_bytes(size_t count)
{
    return blocks_of(count) * (PACKED + sizeof(float));
}

void ls_packed_finish(LsPacked *packed)
{
    ls_memory_free(packed->value);
    ls_memory_free(packed->unit);
    *packed = (LsPacked){0};
}

/* Numbers of up to MOST either way, two in three bytes. */
static void pack(const int16_t *from, uint8_t *to)
{
    for (int i = 0; i < BLOCK / 2; i++) {
        const unsigned both = (unsigned)(from[2 * i] + MOST) | (unsigned)(from[2 * i + 1] + MOST)
                                                                   << BITS;
        to[3 * i] = (uint8_t)both;
        to[3 * i + 1] = (uint8_t)(both >> 8);
        to[3 * i + 2] = (uint8_t)(both >> 16);
    }
}

static void unpack(const uint8_t *from, int16_t *to)
{
    for (int i = 0; i < BLOCK / 2; i++) {
        const unsigned both = (unsigned)from[3 * i] | (unsigned)from[3 * i + 1] << 8 |
                              (unsigned)from[3 * i + 2] << 16;
        to[2 * i] = (int16_t)((int)(both & ((1U << BITS) - 1)) - MOST);
        to[2 * i + 1] = (int16_t)((int)(both >> BITS) - MOST);
    }
}

/* The largest size of n numbers, none of which is NaN: the bits of floats that are not negative are in the
 * order of the numbers, and whole numbers compare as vectors. */
static float largest(const float *from, size_t n)
{
    int32_t most = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t bits = 0;
        memcpy(&bits, &from[i], sizeof bits);
        bits &= INT32_MAX;
        most = bits > most ? bits : most;
    }
    float size = 0;
    memcpy(&size, &most, sizeof size);
    return size;
}

bool ls_packed_make(LsPacked *packed, const float *params, size_t count, LsError *err)
{
    if (packed->count != count) {
        ls_packed_finish(packed);
        packed->value = ls_memory_items(blocks_of(count), PACKED, err);
        packed->unit = packed->value != NULL ? ls_memory_floats(blocks_of(count), err) : NULL;
        if (packed->unit == NULL) {
            ls_packed_finish(packed);
            return false;
        }
        packed->count = count;
    }
    for (size_t b = 0; b < blocks_of(count); b++) {
        const float *from = params + b * BLOCK;
        int16_t whole[BLOCK] = {0};
        const size_t n = count - b * BLOCK < BLOCK ? count - b * BLOCK : BLOCK;
        const float most = largest(from, n);
        const float per = most > 0 ? MOST / most : 0;
        packed->unit[b] = most / MOST;
        for (size_t i = 0; i < n; i++) {
            const float value = from[i] * per;
            whole[i] = (int16_t)(value + (value < 0 ? -0.5f : 0.5f));
        }
        pack(whole, packed->value + b * PACKED);
    }
    return true;
}

void ls_packed_open(const LsPacked *packed, float *params)
{
    for (size_t b = 0; b < blocks_of(packed->count); b++) {
        int16_t whole[BLOCK];
        float *to = params + b * BLOCK;
        const size_t n = packed->count - b * BLOCK < BLOCK ? packed->count - b * BLOCK : BLOCK;
        const float unit = packed->unit[b];
        unpack(packed->value + b * PACKED, whole);
        for (size_t i = 0; i < n; i++) {
            to[i] = (float)whole[i] * unit;
        }
    }
}

void ls_packed_restore(const LsPacked *packed, const LsSnapshot *head, float *params,
                       LsSnapshot *snapshot)
{
    ls_packed_open(packed, params);
    *snapshot = *head;
    snapshot->params = params;
    snapshot->adam_step = snapshot->average_step = 0;
    snapshot->fault = (LsError){0};
}

/* ---- the states of a run */

typedef struct Entry {
    LsSnapshot head; /* without weights */
    LsPacked weights;
} Entry;

struct LsTimeline {
    size_t bytes;
    Entry *entry[LS_TIMELINE_MOST]; /* in the order of steps; beyond count: spare, or NULL */
    int count;
    float *params; /* of the state opened last */
    size_t room;
};

LsTimeline *ls_timeline_create(size_t bytes, LsError *err)
{
    LsTimeline *timeline = ls_memory_items(1, sizeof *timeline, err);
    if (timeline != NULL) {
        timeline->bytes = bytes;
    }
    return timeline;
}

void ls_timeline_destroy(LsTimeline *timeline)
{
    if (timeline == NULL) {
        return;
    }
    for (int i = 0; i < LS_TIMELINE_MOST; i++) {
        if (timeline->entry[i] != NULL) {
            ls_packed_finish(&timeline->entry[i]->weights);
            ls_memory_free(timeline->entry[i]);
        }
    }
    ls_memory_free(timeline->params);
    ls_memory_free(timeline);
}

void ls_timeline_reset(LsTimeline *timeline)
{
    timeline->count = 0;
}

/* How many states of so many weights the memory holds. */
static int capacity(const LsTimeline *timeline, size_t params)
{
    const size_t most = timeline->bytes / ls_packed_bytes(params);
    return most < 2 ? 2 : most > LS_TIMELINE_MOST ? LS_TIMELINE_MOST : (int)most;
}

/* Another size of model: what is kept for spare would be of the wrong size. */
static void fit(LsTimeline *timeline, size_t params)
{
    for (int i = 0; i < LS_TIMELINE_MOST; i++) {
        if (timeline->entry[i] != NULL && timeline->entry[i]->weights.count != params) {
            ls_packed_finish(&timeline->entry[i]->weights);
            ls_memory_free(timeline->entry[i]);
            timeline->entry[i] = NULL;
        }
    }
    timeline->count = 0;
}

/* Takes the one out whose neighbours are nearest to each other; the first and the last stay. */
static void thin(LsTimeline *timeline)
{
    int out = timeline->count - 1;
    uint64_t least = UINT64_MAX;
    for (int i = 1; i + 1 < timeline->count; i++) {
        const uint64_t gap = timeline->entry[i + 1]->head.step - timeline->entry[i - 1]->head.step;
        if (gap < least) {
            least = gap;
            out = i;
        }
    }
    Entry *const entry = timeline->entry[out];
    memmove(&timeline->entry[out], &timeline->entry[out + 1],
            (size_t)(timeline->count - 1 - out) * sizeof(Entry *));
    timeline->count--;
    timeline->entry[timeline->count] = entry;
}

static bool due(const LsTimeline *timeline, const LsSnapshot *snapshot, int most)
{
    if (timeline->count == 0) {
        return true;
    }
    const uint64_t first = timeline->entry[0]->head.step;
    const uint64_t last = timeline->entry[timeline->count - 1]->head.step;
    const uint64_t even = (snapshot->step - first) / (uint64_t)most;
    return snapshot->step - last >= (even > FIRST_GAP ? even : FIRST_GAP);
}

void ls_timeline_note(LsTimeline *timeline, const LsSnapshot *snapshot)
{
    const size_t params = snapshot->model.param_count;
    const Entry *any = timeline->count > 0 ? timeline->entry[0] : NULL;
    if (any != NULL && any->head.model_id != snapshot->model_id) {
        timeline->count = 0;
    }
    if (timeline->entry[0] != NULL && timeline->entry[0]->weights.count != params) {
        fit(timeline, params);
    }
    while (timeline->count > 0 &&
           timeline->entry[timeline->count - 1]->head.step > snapshot->step) {
        timeline->count--;
    }
    const int most = capacity(timeline, params);
    if (!due(timeline, snapshot, most)) {
        return;
    }
    if (timeline->count == most) {
        thin(timeline);
    }
    Entry **const place = &timeline->entry[timeline->count];
    if (*place == NULL) {
        *place = ls_memory_items(1, sizeof **place, NULL);
    }
    if (*place == NULL || !ls_packed_make(&(*place)->weights, snapshot->params, params, NULL)) {
        return; /* the run is more than its past */
    }
    (*place)->head = *snapshot;
    (*place)->head.params = (*place)->head.live = (*place)->head.m = (*place)->head.v = NULL;
    timeline->count++;
}

int ls_timeline_count(const LsTimeline *timeline)
{
    return timeline->count;
}

uint64_t ls_timeline_step(const LsTimeline *timeline, int index)
{
    return timeline->entry[index]->head.step;
}

const LsTrainSettings *ls_timeline_settings(const LsTimeline *timeline, int index)
{
    return &timeline->entry[index]->head.settings;
}

int ls_timeline_nearest(const LsTimeline *timeline, uint64_t step)
{
    int best = -1;
    uint64_t nearest = UINT64_MAX;
    for (int i = 0; i < timeline->count; i++) {
        const uint64_t at = timeline->entry[i]->head.step;
        const uint64_t distance = at > step ? at - step : step - at;
        if (distance < nearest) {
            nearest = distance;
            best = i;
        }
    }
    return best;
}

bool ls_timeline_open(LsTimeline *timeline, int index, LsSnapshot *snapshot, LsError *err)
{
    const Entry *entry = timeline->entry[index];
    if (timeline->room < entry->weights.count) {
        ls_memory_free(timeline->params);
        timeline->params = ls_memory_floats(entry->weights.count, err);
        timeline->room = timeline->params != NULL ? entry->weights.count : 0;
        if (timeline->params == NULL) {
            return false;
        }
    }
    ls_packed_restore(&entry->weights, &entry->head, timeline->params, snapshot);
    return true;
}
