#include "ui/recorder.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/memory.h"

#include "ui/context.h"

enum {
    ARENA_FIRST = 1 << 20, /* a frame of the whole program takes about 300 kB */
    ARENA_MOST = 64 << 20
};

static uint32_t packed(UiColor color)
{
    return (uint32_t)color.a << 24 | (uint32_t)color.r << 16 | (uint32_t)color.g << 8 | color.b;
}

// --- the arena

bool ui_recorder_init(UiRecorder *recorder)
{
    LsError err;
    memset(recorder, 0, sizeof(*recorder));
    recorder->arena = ls_memory_items(ARENA_FIRST, 1, &err);
    recorder->size = recorder->arena == NULL ? 0 : ARENA_FIRST;
    return recorder->arena != NULL;
}

void ui_recorder_finish(UiRecorder *recorder)
{
    ls_memory_free(recorder->arena);
    ls_memory_free(recorder->cells);
    ls_memory_free(recorder->cells_before);
    memset(recorder, 0, sizeof(*recorder));
}

void ui_recorder_begin(UiRecorder *recorder)
{
    if (recorder->wanted > recorder->size && recorder->size < ARENA_MOST) {
        LsError err;
        const size_t size = recorder->wanted + recorder->wanted / 2;
        uint8_t *const arena = ls_memory_items(size, 1, &err);
        if (arena != NULL) {
            ls_memory_free(recorder->arena);
            recorder->arena = arena;
            recorder->size = size;
        }
    }
    recorder->used = 0;
    recorder->wanted = 0;
    memset(recorder->first, 0, sizeof(recorder->first));
    memset(recorder->last, 0, sizeof(recorder->last));
}

void *ui_recorder_take(UiRecorder *recorder, size_t bytes)
{
    const size_t whole = (bytes + 15) & ~(size_t)15;
    recorder->wanted += whole;
    if (whole > recorder->size - recorder->used) {
        return NULL;
    }
    void *const room = recorder->arena + recorder->used;
    recorder->used += whole;
    return room;
}

UiCommand *ui_command_add(Ui *ui, UiCommandKind kind, float x0, float y0, float x1, float y1)
{
    const UiBox clip = ui->clips[ui->clip_count - 1];
    /* Written so that NaN gives no command and a huge number no overflow. */
    if (!(x0 < (float)clip.x1 && x1 > (float)clip.x0 && y0 < (float)clip.y1 &&
          y1 > (float)clip.y0)) {
        return NULL;
    }
    const UiBox box = {x0 > (float)clip.x0 ? (int)floorf(x0) : clip.x0,
                       y0 > (float)clip.y0 ? (int)floorf(y0) : clip.y0,
                       x1 < (float)clip.x1 ? (int)ceilf(x1) : clip.x1,
                       y1 < (float)clip.y1 ? (int)ceilf(y1) : clip.y1};
    UiCommand *const command = ui_recorder_take(&ui->recorder, sizeof(UiCommand));
    if (command == NULL) {
        return NULL;
    }
    memset(command, 0, sizeof(*command));
    command->kind = (int32_t)kind;
    command->box = box;
    const int layer = ui->layer;
    if (ui->recorder.last[layer] == NULL) {
        ui->recorder.first[layer] = command;
    } else {
        ui->recorder.last[layer]->next = command;
    }
    ui->recorder.last[layer] = command;
    return command;
}

// --- layers and clips

void ui_draw_layer(Ui *ui, int layer)
{
    /* Every second layer is kept free for the menus of the one below it. */
    const int inner = layer * 2;
    ui->layer = inner < 0 ? 0 : inner >= UI_LAYERS ? UI_LAYERS - 1 : inner;
}

float ui_snap(const Ui *ui, float position)
{
    return floorf(position * ui->scale + 0.5F) / ui->scale;
}

float ui_snap_length(const Ui *ui, float length)
{
    const float px = floorf(length * ui->scale + 0.5F);
    return (px < 1 ? 1 : px) / ui->scale;
}

static int nearest(float value)
{
    return (int)floorf(fminf(fmaxf(value, -1e6F), 1e6F) + 0.5F);
}

static UiBox snapped(const Ui *ui, UiRect rect)
{
    return (UiBox){nearest(rect.x * ui->scale), nearest(rect.y * ui->scale),
                   nearest((rect.x + rect.w) * ui->scale), nearest((rect.y + rect.h) * ui->scale)};
}

void ui_draw_push_clip(Ui *ui, UiRect rect)
{
    const UiBox clip = ui_box_meet(ui->clips[ui->clip_count - 1], snapped(ui, rect));
    /* Beyond the deepest nesting the outer clip is narrowed no further; the count stays honest. */
    if (ui->clip_count < UI_CLIP_MAX) {
        ui->clips[ui->clip_count++] = clip;
    }
}

void ui_draw_pop_clip(Ui *ui)
{
    if (ui->clip_count > 1) {
        ui->clip_count--;
    }
}

UiRect ui_clip_rect(const Ui *ui)
{
    const UiBox clip = ui->clips[ui->clip_count - 1];
    return (UiRect){(float)clip.x0 / ui->scale, (float)clip.y0 / ui->scale,
                    (float)(clip.x1 - clip.x0) / ui->scale, (float)(clip.y1 - clip.y0) / ui->scale};
}

// --- shapes

void ui_draw_rect(Ui *ui, UiRect rect, UiColor color)
{
    UiBox box = snapped(ui, rect);
    /* What has a size keeps at least a pixel: rules do not vanish at small scales. */
    box.x1 = rect.w > 0 && box.x1 == box.x0 ? box.x0 + 1 : box.x1;
    box.y1 = rect.h > 0 && box.y1 == box.y0 ? box.y0 + 1 : box.y1;
    UiCommand *const command = ui_command_add(ui, UI_COMMAND_FILL, (float)box.x0, (float)box.y0,
                                              (float)box.x1, (float)box.y1);
    if (command != NULL) {
        command->color = packed(color);
    }
}

static void add_round(Ui *ui, UiRect rect, float radius, float width_px, UiColor color)
{
    const UiBox box = snapped(ui, rect);
    UiCommand *const command = ui_command_add(ui, UI_COMMAND_ROUND, (float)box.x0, (float)box.y0,
                                              (float)box.x1, (float)box.y1);
    if (command != NULL) {
        command->v[0] = (float)box.x0;
        command->v[1] = (float)box.y0;
        command->v[2] = (float)(box.x1 - box.x0);
        command->v[3] = (float)(box.y1 - box.y0);
        command->v[4] = radius * ui->scale;
        command->v[5] = width_px;
        command->color = packed(color);
    }
}

void ui_draw_round(Ui *ui, UiRect rect, float radius, UiColor color)
{
    add_round(ui, rect, radius, 0, color);
}

void ui_draw_frame(Ui *ui, UiRect rect, float radius, float width, UiColor color)
{
    add_round(ui, rect, radius, ui_snap_length(ui, width) * ui->scale, color);
}

void ui_draw_column(Ui *ui, float x, float y0, float y1, UiColor color)
{
    const float left = floorf(x * ui->scale);
    float top = fminf(y0, y1) * ui->scale;
    float bottom = fmaxf(y0, y1) * ui->scale;
    if (bottom - top < 1) {
        top = (top + bottom) / 2 - 0.5F;
        bottom = top + 1;
    }
    UiCommand *const command = ui_command_add(ui, UI_COMMAND_COLUMN, left, top, left + 1, bottom);
    if (command != NULL) {
        command->v[0] = left;
        command->v[1] = top;
        command->v[2] = bottom;
        command->color = packed(color);
    }
}

void ui_draw_disc(Ui *ui, UiPoint center, float radius, UiColor color)
{
    const float x = center.x * ui->scale;
    const float y = center.y * ui->scale;
    const float r = radius * ui->scale;
    UiCommand *const command =
        ui_command_add(ui, UI_COMMAND_DISC, x - r - 1, y - r - 1, x + r + 1, y + r + 1);
    if (command != NULL) {
        command->v[0] = x;
        command->v[1] = y;
        command->v[2] = r;
        command->color = packed(color);
    }
}

void ui_draw_ring(Ui *ui, UiPoint center, float radius, float width, float dash, UiColor color)
{
    const float x = center.x * ui->scale;
    const float y = center.y * ui->scale;
    const float r = radius * ui->scale;
    const float w = width * ui->scale;
    const float reach = r + w / 2 + 1;
    UiCommand *const command =
        ui_command_add(ui, UI_COMMAND_RING, x - reach, y - reach, x + reach, y + reach);
    if (command != NULL) {
        command->v[0] = x;
        command->v[1] = y;
        command->v[2] = r;
        command->v[3] = w;
        command->v[4] = dash * ui->scale;
        command->color = packed(color);
    }
}

static float bounded(float value)
{
    return value < -1e6F ? -1e6F : value > 1e6F ? 1e6F : value;
}

/* The box of points in device pixels, grown by reach; puts the scaled points where the command keeps
 * them. Gives NULL where there is nothing to draw. */
static UiCommand *add_points(Ui *ui, UiCommandKind kind, const UiPoint *points, size_t count,
                             float reach)
{
    float low_x = INFINITY;
    float low_y = INFINITY;
    float high_x = -INFINITY;
    float high_y = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        const UiPoint p = points[i]; /* NaN is neither below nor above */
        low_x = p.x < low_x ? p.x : low_x;
        low_y = p.y < low_y ? p.y : low_y;
        high_x = p.x > high_x ? p.x : high_x;
        high_y = p.y > high_y ? p.y : high_y;
    }
    UiPoint *const own =
        count == 0 ? NULL : ui_recorder_take(&ui->recorder, count * sizeof(UiPoint));
    if (own == NULL) {
        return NULL;
    }
    UiCommand *const command =
        ui_command_add(ui, kind, low_x * ui->scale - reach, low_y * ui->scale - reach,
                       high_x * ui->scale + reach, high_y * ui->scale + reach);
    if (command == NULL) {
        return NULL;
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const UiPoint p = {points[i].x * ui->scale, points[i].y * ui->scale};
        if (isfinite(p.x) && isfinite(p.y)) {
            own[kept++] = (UiPoint){bounded(p.x), bounded(p.y)};
        } else if (kind == UI_COMMAND_DOTS) {
            own[kept++] = (UiPoint){-1e6F, -1e6F}; /* its colour must stay beside it */
        }
    }
    command->data = own;
    command->count = kept;
    command->bytes = kept * sizeof(UiPoint);
    return command;
}

void ui_draw_trail(Ui *ui, const UiPoint *points, size_t count, float width, UiColor from,
                   UiColor to)
{
    const float w = width * ui->scale;
    UiCommand *const command = add_points(ui, UI_COMMAND_STROKE, points, count, w / 2 + 2);
    if (command != NULL) {
        command->v[0] = w;
        command->color = packed(from);
        command->other = packed(to);
    }
}

void ui_draw_lines(Ui *ui, const UiPoint *points, size_t count, float width, UiColor color)
{
    ui_draw_trail(ui, points, count, width, color, color);
}

void ui_draw_dashes(Ui *ui, UiPoint a, UiPoint b, float width, float on, float off, UiColor color)
{
    const float length = hypotf(b.x - a.x, b.y - a.y);
    const float period = on + off;
    const bool upright = a.x == b.x;
    const bool level = a.y == b.y;
    if (!(length > 0) || !(period > 0) || length / period > 1000) {
        return;
    }
    for (float at = 0; at < length; at += period) {
        const float end = fminf(at + on, length);
        const UiPoint p = {a.x + (b.x - a.x) * at / length, a.y + (b.y - a.y) * at / length};
        const UiPoint q = {a.x + (b.x - a.x) * end / length, a.y + (b.y - a.y) * end / length};
        if (upright || level) { /* crisp: whole pixels */
            const float w = ui_snap_length(ui, width);
            ui_draw_rect(
                ui,
                upright ? (UiRect){ui_snap(ui, p.x - w / 2), fminf(p.y, q.y), w, fabsf(q.y - p.y)}
                        : (UiRect){fminf(p.x, q.x), ui_snap(ui, p.y - w / 2), fabsf(q.x - p.x), w},
                color);
        } else {
            ui_draw_lines(ui, (UiPoint[]){p, q}, 2, width, color);
        }
    }
}

void ui_draw_dots(Ui *ui, const UiPoint *centers, const UiColor *colors, size_t count, float radius,
                  UiColor outline)
{
    const float r = radius * ui->scale;
    uint32_t *const own =
        count == 0 ? NULL : ui_recorder_take(&ui->recorder, count * sizeof(uint32_t));
    if (own == NULL) {
        return;
    }
    UiCommand *const command = add_points(ui, UI_COMMAND_DOTS, centers, count, r + 2);
    if (command == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        own[i] = packed(colors[i]);
    }
    command->data_other = own;
    command->bytes_other = count * sizeof(uint32_t);
    command->v[0] = r;
    command->color = packed(outline);
}
