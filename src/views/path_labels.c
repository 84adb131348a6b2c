#include "views/path_labels.h"

#include <stdbool.h>

#include "latentscape/core/base.h"

static const float gap = 14;   /* px from the middle of an end */
static const float ring = 9;   /* px of a ring about its middle */
static const float around = 2; /* px of ground about a name */

static bool overlap(UiRect a, UiRect b)
{
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

static bool is_free(UiRect box, const ViewPathLabel *labels, size_t count, const UiPoint *rings,
                    size_t ring_count, UiRect area)
{
    const UiRect whole = {box.x - around, box.y - around, box.w + 2 * around, box.h + 2 * around};
    bool free = whole.x >= area.x && whole.y >= area.y && whole.x + whole.w <= area.x + area.w &&
                whole.y + whole.h <= area.y + area.h;
    for (size_t i = 0; i < count && free; i++) {
        free = !overlap(whole, labels[i].box);
    }
    for (size_t i = 0; i < ring_count && free; i++) {
        free = !overlap(whole, (UiRect){rings[i].x - ring, rings[i].y - ring, 2 * ring, 2 * ring});
    }
    return free;
}

void view_path_labels_place(ViewPathLabel *labels, size_t count, const UiPoint *rings,
                            size_t ring_count, UiRect area)
{
    /* Which way from the end, -1 .. 1 along x and y. */
    static const struct {
        float x, y;
    } ways[] = {{1, 0}, {-1, 0}, {0, -1}, {0, 1}, {1, -1}, {1, 1}, {-1, -1}, {-1, 1}};

    const float high = VIEW_PATH_LABEL_H;
    for (size_t i = 0; i < count; i++) {
        const UiPoint end = labels[i].end;
        const float width = labels[i].width;
        const bool left = end.x + gap + width > area.x + area.w;
        labels[i].box =
            (UiRect){left ? end.x - gap - width : end.x + gap, end.y - high / 2, width, high};
        for (size_t k = 0; k < LS_COUNT(ways); k++) {
            const UiRect box = {
                end.x + ways[k].x * (gap + width / 2) - width / 2,
                end.y + ways[k].y * (gap + high / 2) - high / 2,
                width,
                high,
            };
            if (is_free(box, labels, i, rings, ring_count, area)) {
                labels[i].box = box;
                break;
            }
        }
    }
}
