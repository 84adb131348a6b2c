/* Carries out what was recorded, where it must be drawn anew: of what lies below something opaque nothing,
 * of a surface that something opaque covers in part the rest. */
#include <math.h>

#include "core/kernel.h"
#include "ui/context.h"

enum {
    CHUNK = 1024, /* commands looked at together; what hides another must be among them */
    HIDERS = 8,   /* and so many of them that hide others in one box */
    SHARE = 8     /* those that hide at least this part of it */
};

/* Commands in their order. */
typedef struct Chunk {
    int count;
    const UiCommand *command[CHUNK];
    int32_t x0[CHUNK], y0[CHUNK], x1[CHUNK], y1[CHUNK]; /* their boxes */
} Chunk;

/* A part of a box in which nothing is seen of the commands before `at`. */
typedef struct Hider {
    UiBox box;
    int at;
} Hider;

static void carry_out(Ui *ui, const UiCommand *c, UiBox clip)
{
    UiCanvas *const canvas = &ui->canvas;
    const float *const v = c->v;
    switch ((UiCommandKind)c->kind) {
    case UI_COMMAND_FILL:
        ui_canvas_fill(canvas, clip, c->box, c->color);
        break;
    case UI_COMMAND_COLUMN:
        ui_canvas_column(canvas, clip, (int)v[0], v[1], v[2], c->color);
        break;
    case UI_COMMAND_ROUND:
        ui_canvas_round(canvas, clip, v, v[4], v[5], c->color);
        break;
    case UI_COMMAND_DISC:
        ui_canvas_disc(canvas, clip, v[0], v[1], v[2], c->color);
        break;
    case UI_COMMAND_RING:
        ui_canvas_ring(canvas, clip, v[0], v[1], v[2], v[3], v[4], c->color);
        break;
    case UI_COMMAND_DOTS:
        ui_canvas_dots(canvas, clip, c->data, c->data_other, c->count, v[0], c->color);
        break;
    case UI_COMMAND_STROKE:
        ui_canvas_stroke(canvas, clip, c->data, c->count, v[0], c->color, c->other);
        break;
    case UI_COMMAND_BAND:
        ui_canvas_band(canvas, clip, c->data, c->count, c->color);
        break;
    case UI_COMMAND_PICTURE:
        ui_canvas_picture(canvas, clip,
                          &(UiPixels){.bytes = c->image->bytes,
                                      .w = c->image->w,
                                      .h = c->image->h,
                                      .channels = c->image->channels,
                                      .smooth = c->image->smooth},
                          v, v + 4, c->color);
        break;
    case UI_COMMAND_TEXT:
        ui_face_draw(&ui->fonts.faces[c->extra], canvas, clip, (int)v[0], (int)v[1], c->data,
                     c->count, c->color);
        break;
    }
}

static int area(UiBox box)
{
    return ui_box_empty(box) ? 0 : (box.x1 - box.x0) * (box.y1 - box.y0);
}

static bool within(UiBox inner, UiBox outer)
{
    return outer.x0 <= inner.x0 && outer.y0 <= inner.y0 && outer.x1 >= inner.x1 &&
           outer.y1 >= inner.y1;
}

/* Where nothing is seen of what lies below a command. */
static UiBox opaque_part(const UiCommand *c)
{
    static const UiBox none = {0, 0, 0, 0};
    const float *const v = c->v;
    if (c->color >> 24 != 255) {
        return none;
    }
    if (c->kind == UI_COMMAND_FILL) {
        return c->box;
    }
    if (c->kind == UI_COMMAND_ROUND && v[5] <= 0) {
        const int edge = (int)ceilf(v[4]) + 1;
        return ui_box_meet(c->box, (UiBox){(int)ceilf(v[0]) + edge, (int)ceilf(v[1]) + edge,
                                           (int)(v[0] + v[2]) - edge, (int)(v[1] + v[3]) - edge});
    }
    /* Grey pictures have no opacity of their own; they begin and end at whole pixels. */
    return c->kind == UI_COMMAND_PICTURE && c->image->channels == 1 ? c->box : none;
}

/* What hides others in a box, the last first. Returns their number; *begin gets the command before which
 * nothing of the box is seen. Shapes: order [count], of the chunk; hiders [HIDERS]. */
static int find_hiders(const Chunk *chunk, const uint16_t *order, int count, UiBox box,
                       Hider *hiders, int *begin)
{
    int found = 0;
    *begin = 0;
    for (int k = count - 1; k >= 0; k--) {
        const UiBox part = ui_box_meet(opaque_part(chunk->command[order[k]]), box);
        if (ui_box_empty(part)) {
            continue;
        }
        if (within(box, part)) {
            *begin = k;
            break;
        }
        if (found < HIDERS && area(part) >= area(box) / SHARE) {
            hiders[found++] = (Hider){part, k};
        }
    }
    return found;
}

/* Draws what is seen of a command beside the first `count` hiders. A surface is cut up around them;
 * anything else is drawn whole where a part of it is seen. */
static void draw_seen(Ui *ui, const UiCommand *c, UiBox clip, const Hider *hiders, int count)
{
    const bool surface = c->kind == UI_COMMAND_FILL || c->kind == UI_COMMAND_ROUND;
    for (; count > 0; count--) {
        const UiBox hidden = ui_box_meet(hiders[count - 1].box, clip);
        if (ui_box_empty(hidden)) {
            continue;
        }
        if (within(clip, hidden)) {
            return;
        }
        if (!surface) {
            continue;
        }
        const UiBox rest[] = {{clip.x0, clip.y0, clip.x1, hidden.y0},
                              {clip.x0, hidden.y0, hidden.x0, hidden.y1},
                              {hidden.x1, hidden.y0, clip.x1, hidden.y1},
                              {clip.x0, hidden.y1, clip.x1, clip.y1}};
        for (size_t i = 0; i < LS_COUNT(rest); i++) {
            if (!ui_box_empty(rest[i])) {
                draw_seen(ui, c, rest[i], hiders, count - 1);
            }
        }
        return;
    }
    carry_out(ui, c, clip);
}

/* Which commands touch a box; some that are empty may, too. Shapes: touches [CHUNK]. */
LS_KERNEL static void look_at(const Chunk *chunk, UiBox box, int32_t *touches)
{
    for (int i = 0; i < chunk->count; i++) {
        touches[i] = (chunk->x0[i] < box.x1) & (chunk->x1[i] > box.x0) & (chunk->y0[i] < box.y1) &
                     (chunk->y1[i] > box.y0);
    }
}

/* What is seen of a chunk's commands in a box. */
static void draw_box(Ui *ui, const Chunk *chunk, UiBox box)
{
    int32_t touches[CHUNK];
    uint16_t order[CHUNK];
    int count = 0;
    look_at(chunk, box, touches);
    for (int i = 0; i < chunk->count; i++) {
        order[count] = (uint16_t)i;
        count += touches[i];
    }
    Hider hiders[HIDERS];
    int begin = 0;
    int left = find_hiders(chunk, order, count, box, hiders, &begin);
    for (int k = begin; k < count; k++) {
        while (left > 0 && hiders[left - 1].at <= k) {
            left--;
        }
        const UiCommand *const c = chunk->command[order[k]];
        const UiBox clip = ui_box_meet(box, c->box);
        if (!ui_box_empty(clip)) {
            draw_seen(ui, c, clip, hiders, left);
        }
    }
}

static void draw_chunk(Ui *ui, Chunk *chunk)
{
    for (int i = 0; i < ui->recorder.damage_count; i++) {
        draw_box(ui, chunk, ui->recorder.damage[i]);
    }
    chunk->count = 0;
}

static void add(Ui *ui, Chunk *chunk, const UiCommand *c)
{
    if (chunk->count == CHUNK) {
        draw_chunk(ui, chunk);
    }
    const int at = chunk->count++;
    chunk->command[at] = c;
    chunk->x0[at] = c->box.x0;
    chunk->y0[at] = c->box.y0;
    chunk->x1[at] = c->box.x1;
    chunk->y1[at] = c->box.y1;
}

void ui_recorder_draw(Ui *ui)
{
    const UiColor ground = UI_GROUND;
    const UiCommand lowest = {.kind = UI_COMMAND_FILL,
                              .box = {0, 0, ui->canvas.w, ui->canvas.h},
                              .color = 0xff000000U | (uint32_t)ground.r << 16 |
                                       (uint32_t)ground.g << 8 | ground.b};
    Chunk chunk;
    chunk.count = 0;
    add(ui, &chunk, &lowest);
    for (int layer = 0; layer < UI_LAYERS; layer++) {
        for (UiCommand *c = ui->recorder.first[layer]; c != NULL; c = c->next) {
            add(ui, &chunk, c);
        }
    }
    draw_chunk(ui, &chunk);
    for (int layer = 0; layer < UI_LAYERS; layer++) {
        for (UiCommand *c = ui->recorder.first[layer]; c != NULL; c = c->next) {
            if (c->image != NULL) {
                c->image->changed = (UiBox){0, 0, 0, 0};
            }
        }
    }
}
