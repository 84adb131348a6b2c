/* What must be drawn anew: each cell of the canvas keeps a number made of the commands that touch it,
 * and is drawn only where that number changed, or a picture in it did. */
#include <string.h>

#include "latentscape/core/memory.h"

#include "ui/context.h"

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15U;
    return hash ^ hash >> 29;
}

static uint64_t hash_bytes(uint64_t hash, const void *data, size_t bytes)
{
    const uint8_t *at = data;
    for (; bytes >= 8; bytes -= 8, at += 8) {
        uint64_t word = 0;
        memcpy(&word, at, 8);
        hash = mix(hash, word);
    }
    uint64_t rest = bytes;
    if (bytes > 0) {
        memcpy(&rest, at, bytes);
    }
    return mix(hash, rest);
}

bool ui_recorder_resize(UiRecorder *recorder, int w, int h)
{
    LsError err;
    ls_memory_free(recorder->cells);
    ls_memory_free(recorder->cells_before);
    recorder->cols = (w + UI_CELL - 1) / UI_CELL;
    recorder->rows = (h + UI_CELL - 1) / UI_CELL;
    const size_t count = (size_t)recorder->cols * (size_t)recorder->rows;
    recorder->cells = ls_memory_items(count, sizeof(uint64_t), &err);
    recorder->cells_before = ls_memory_items(count, sizeof(uint64_t), &err);
    return recorder->cells != NULL && recorder->cells_before != NULL;
}

/* Lets every cell of box know of it. */
static void fold(UiRecorder *recorder, UiBox box, uint64_t hash)
{
    const int col1 = (box.x1 + UI_CELL - 1) / UI_CELL;
    const int row1 = (box.y1 + UI_CELL - 1) / UI_CELL;
    for (int row = box.y0 / UI_CELL; row < row1 && row < recorder->rows; row++) {
        for (int col = box.x0 / UI_CELL; col < col1 && col < recorder->cols; col++) {
            uint64_t *const cell = &recorder->cells[row * recorder->cols + col];
            *cell = mix(*cell, hash);
        }
    }
}

/* The part of the canvas that shows what changed in a command's picture. */
static UiBox changed_box(const UiCommand *command)
{
    const UiBox changed = command->image->changed;
    const float *const v = command->v; /* source, target */
    if (ui_box_empty(changed)) {
        return (UiBox){0, 0, 0, 0};
    }
    const float scale_x = v[6] / v[2];
    const float scale_y = v[7] / v[3];
    /* A changed pixel reaches into its neighbours by filtering. */
    const UiBox box = {(int)(v[4] + ((float)changed.x0 - 1 - v[0]) * scale_x) - 1,
                       (int)(v[5] + ((float)changed.y0 - 1 - v[1]) * scale_y) - 1,
                       (int)(v[4] + ((float)changed.x1 + 1 - v[0]) * scale_x) + 2,
                       (int)(v[5] + ((float)changed.y1 + 1 - v[1]) * scale_y) + 2};
    return ui_box_meet(box, command->box);
}

/* The same for what lies within `reach` of a and b. */
static void fold_near(UiRecorder *recorder, UiBox within, UiPoint a, UiPoint b, float reach,
                      uint64_t hash)
{
    const UiBox box = {(int)(ui_least(a.x, b.x) - reach), (int)(ui_least(a.y, b.y) - reach),
                       (int)(ui_most(a.x, b.x) + reach) + 1, (int)(ui_most(a.y, b.y) + reach) + 1};
    fold(recorder, ui_box_meet(box, within), hash);
}

/* Dots and strokes piece by piece: where one dot moved or a stroke grew, the rest of it stays. */
static void fold_pieces(UiRecorder *recorder, const UiCommand *command)
{
    const bool dots = command->kind == UI_COMMAND_DOTS;
    const UiPoint *const points = command->data;
    const uint32_t *const colors = command->data_other;
    const float reach = command->v[0] + 3;
    const uint32_t head[] = {(uint32_t)command->kind, command->color, command->other};
    const uint64_t hash = hash_bytes(hash_bytes(0, head, sizeof head), command->v, sizeof(float));
    const size_t bytes = dots ? sizeof(UiPoint) : 2 * sizeof(UiPoint);
    const size_t pieces = dots || command->count == 1 ? command->count : command->count - 1;
    for (size_t i = 0; i < pieces; i++) {
        const UiPoint a = points[i];
        const UiPoint b = dots || i + 1 == command->count ? a : points[i + 1];
        const UiPoint ends[] = {a, b};
        const uint32_t color =
            dots ? colors[i]
                 : ui_canvas_stroke_color(command->color, command->other, i, command->count);
        fold_near(recorder, command->box, a, b, reach, mix(hash_bytes(hash, ends, bytes), color));
    }
}

static void fold_command(UiRecorder *recorder, const UiCommand *command)
{
    if (command->kind == UI_COMMAND_DOTS || command->kind == UI_COMMAND_STROKE) {
        fold_pieces(recorder, command);
        return;
    }
    uint64_t hash = hash_bytes(0, command, offsetof(UiCommand, next));
    hash = hash_bytes(hash, command->data, command->bytes);
    hash = hash_bytes(hash, command->data_other, command->bytes_other);
    fold(recorder, command->box, hash);
}

/* A picture that changed makes its cells differ by giving the old number a twist. */
static void spoil(UiRecorder *recorder, UiBox box)
{
    if (ui_box_empty(box)) {
        return;
    }
    const int col1 = (box.x1 + UI_CELL - 1) / UI_CELL;
    const int row1 = (box.y1 + UI_CELL - 1) / UI_CELL;
    for (int row = box.y0 / UI_CELL; row < row1 && row < recorder->rows; row++) {
        for (int col = box.x0 / UI_CELL; col < col1 && col < recorder->cols; col++) {
            const int at = row * recorder->cols + col;
            recorder->cells_before[at] = ~recorder->cells[at];
        }
    }
}

static void add_damage(UiRecorder *recorder, UiBox box)
{
    for (int i = 0; i < recorder->damage_count; i++) {
        UiBox *const old = &recorder->damage[i];
        if (old->x0 == box.x0 && old->x1 == box.x1 && old->y1 == box.y0) {
            old->y1 = box.y1;
            return;
        }
    }
    if (recorder->damage_count < UI_DAMAGE_MAX) {
        recorder->damage[recorder->damage_count++] = box;
        return;
    }
    UiBox all = box;
    for (int i = 0; i < recorder->damage_count; i++) {
        const UiBox old = recorder->damage[i];
        all.x0 = old.x0 < all.x0 ? old.x0 : all.x0;
        all.y0 = old.y0 < all.y0 ? old.y0 : all.y0;
        all.x1 = old.x1 > all.x1 ? old.x1 : all.x1;
        all.y1 = old.y1 > all.y1 ? old.y1 : all.y1;
    }
    recorder->damage[0] = all;
    recorder->damage_count = 1;
}

/* Runs of cells that differ, row by row, runs alike joined downwards. */
static void collect(UiRecorder *recorder, int w, int h)
{
    for (int row = 0; row < recorder->rows; row++) {
        const uint64_t *const now = recorder->cells + (ptrdiff_t)row * recorder->cols;
        const uint64_t *const before = recorder->cells_before + (ptrdiff_t)row * recorder->cols;
        for (int col = 0; col < recorder->cols; col++) {
            if (now[col] == before[col]) {
                continue;
            }
            const int from = col;
            while (col < recorder->cols && now[col] != before[col]) {
                col++;
            }
            const UiBox box = {from * UI_CELL, row * UI_CELL, col * UI_CELL, (row + 1) * UI_CELL};
            add_damage(recorder, ui_box_meet(box, (UiBox){0, 0, w, h}));
        }
    }
}

void ui_recorder_compare(Ui *ui, bool whole)
{
    UiRecorder *const recorder = &ui->recorder;
    const size_t count = (size_t)recorder->cols * (size_t)recorder->rows;
    memset(recorder->cells, 0, count * sizeof(uint64_t));
    recorder->damage_count = 0;
    for (int layer = 0; layer < UI_LAYERS; layer++) {
        for (const UiCommand *c = recorder->first[layer]; c != NULL; c = c->next) {
            fold_command(recorder, c);
        }
    }
    for (int layer = 0; layer < UI_LAYERS; layer++) {
        for (const UiCommand *c = recorder->first[layer]; c != NULL; c = c->next) {
            if (c->image != NULL) {
                spoil(recorder, changed_box(c));
            }
        }
    }
    if (whole) {
        recorder->damage[0] = (UiBox){0, 0, ui->canvas.w, ui->canvas.h};
        recorder->damage_count = 1;
    } else {
        collect(recorder, ui->canvas.w, ui->canvas.h);
    }
    uint64_t *const cells = recorder->cells;
    recorder->cells = recorder->cells_before;
    recorder->cells_before = cells;
}
