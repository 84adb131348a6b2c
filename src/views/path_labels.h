/* Where names stand beside the ends of paths in a plane: none covers another, or a ring that stands at
 * an end, a beginning or a change. */
#ifndef VIEWS_PATH_LABELS_H
#define VIEWS_PATH_LABELS_H

#include <stddef.h>

#include "ui/geometry.h"

enum {
    VIEW_PATH_LABEL_H = 16 /* px */
};

typedef struct ViewPathLabel {
    UiPoint end; /* in: of its path */
    float width; /* in: of its text */
    UiRect box;  /* out: of its text */
} ViewPathLabel;

/* Places names inside an area: right of the end of its path where nothing is there, else left of it,
 * above, below, or at a corner; where all are taken, right of it after all. The first chooses first.
 * Shapes: labels [count], rings [ring_count], their middles.  Thread: any. */
void view_path_labels_place(ViewPathLabel *labels, size_t count, const UiPoint *rings,
                            size_t ring_count, UiRect area);

#endif
