#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"

#include "ui/context.h"

enum {
    SIDE_MAX = 16384
};

UiImage *ui_image_create(Ui *ui, int width, int height, bool smooth)
{
    LsError err;
    if (width < 1 || height < 1 || width > SIDE_MAX || height > SIDE_MAX) {
        return NULL;
    }
    UiImage *const image = ls_memory_items(1, sizeof(UiImage), &err);
    if (image == NULL) {
        return NULL;
    }
    image->bytes = ls_memory_items((size_t)width * (size_t)height, 4, &err);
    if (image->bytes == NULL) {
        ls_memory_free(image);
        return NULL;
    }
    image->ui = ui;
    image->w = width;
    image->h = height;
    image->channels = 1;
    image->smooth = smooth;
    image->serial = ++ui->image_serial;
    image->changed = (UiBox){0, 0, width, height};
    return image;
}

void ui_image_destroy(UiImage *image)
{
    if (image == NULL) {
        return;
    }
    /* Commands of the frame being recorded may still name it. */
    for (int layer = 0; layer < UI_LAYERS; layer++) {
        for (UiCommand *c = image->ui->recorder.first[layer]; c != NULL; c = c->next) {
            if (c->image == image) {
                c->image = NULL;
                c->kind = UI_COMMAND_FILL;
            }
        }
    }
    ls_memory_free(image->bytes);
    ls_memory_free(image);
}

/* Notes the part that changed, cut to the picture. Returns whether any is left. */
static bool note(UiImage *image, int *x, int *y, int *w, int *h)
{
    if (*x < 0 || *y < 0 || *w < 1 || *h < 1 || *x > image->w - *w || *y > image->h - *h) {
        return false;
    }
    const UiBox box = {*x, *y, *x + *w, *y + *h};
    UiBox *const all = &image->changed;
    if (ui_box_empty(*all)) {
        *all = box;
    } else {
        all->x0 = box.x0 < all->x0 ? box.x0 : all->x0;
        all->y0 = box.y0 < all->y0 ? box.y0 : all->y0;
        all->x1 = box.x1 > all->x1 ? box.x1 : all->x1;
        all->y1 = box.y1 > all->y1 ? box.y1 : all->y1;
    }
    return true;
}

void ui_image_set_grey(UiImage *image, int x, int y, int w, int h, const uint8_t *grey, int stride)
{
    if (image == NULL || !note(image, &x, &y, &w, &h)) {
        return;
    }
    for (int row = 0; row < h; row++) {
        const uint8_t *const from = grey + (ptrdiff_t)row * stride;
        const size_t at = (size_t)(y + row) * (size_t)image->w + (size_t)x;
        if (image->channels == 1) {
            memcpy(image->bytes + at, from, (size_t)w);
            continue;
        }
        uint8_t *const to = image->bytes + at * 4;
        for (int i = 0; i < w; i++) {
            to[i * 4] = to[i * 4 + 1] = to[i * 4 + 2] = from[i];
            to[i * 4 + 3] = 255;
        }
    }
}

void ui_image_set_rgba(UiImage *image, int x, int y, int w, int h, const uint8_t *rgba, int stride)
{
    if (image == NULL || !note(image, &x, &y, &w, &h)) {
        return;
    }
    if (image->channels ==
        1) { /* grey becomes colour, from the end so that nothing is overwritten */
        image->channels = 4;
        for (size_t i = (size_t)image->w * (size_t)image->h; i-- > 0;) {
            const uint8_t value = image->bytes[i];
            memset(image->bytes + i * 4, value, 3);
            image->bytes[i * 4 + 3] = 255;
        }
        image->changed = (UiBox){0, 0, image->w, image->h};
    }
    for (int row = 0; row < h; row++) {
        memcpy(image->bytes + ((size_t)(y + row) * (size_t)image->w + (size_t)x) * 4,
               rgba + (ptrdiff_t)row * stride, (size_t)w * 4);
    }
}

int ui_image_width(const UiImage *image)
{
    return image == NULL ? 0 : image->w;
}

int ui_image_height(const UiImage *image)
{
    return image == NULL ? 0 : image->h;
}

void ui_draw_image(Ui *ui, const UiImage *image, const UiRect *source, UiRect target, UiColor tint)
{
    if (image == NULL) {
        return;
    }
    const float s = ui->scale;
    /* Edges on whole pixels: pictures side by side leave no seam. */
    const float x0 = floorf(target.x * s + 0.5F);
    const float y0 = floorf(target.y * s + 0.5F);
    const float x1 = floorf((target.x + target.w) * s + 0.5F);
    const float y1 = floorf((target.y + target.h) * s + 0.5F);
    UiCommand *const command = ui_command_add(ui, UI_COMMAND_PICTURE, x0, y0, x1, y1);
    if (command == NULL) {
        return;
    }
    const UiRect all = {0, 0, (float)image->w, (float)image->h};
    const UiRect from = source == NULL ? all : *source;
    const float v[8] = {from.x, from.y, from.w, from.h, x0, y0, x1 - x0, y1 - y0};
    memcpy(command->v, v, sizeof(v));
    command->color =
        (uint32_t)tint.a << 24 | (uint32_t)tint.r << 16 | (uint32_t)tint.g << 8 | tint.b;
    command->extra = image->serial;

    /* The picture is the caller's; only its note of changes is cleared when it has been drawn. */
    union {
        const UiImage *seen;
        UiImage *own;
    } const picture = {.seen = image};

    command->image = picture.own;
}
