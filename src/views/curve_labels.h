/* Where the labels of the vertical lines in a plot stand: none covers another, the newest come
 * first. */
#ifndef VIEWS_CURVE_LABELS_H
#define VIEWS_CURVE_LABELS_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/geometry.h"

enum {
    VIEW_LABEL_ROWS = 2, /* of labels, at most */
    VIEW_LABEL_HEIGHT =
        90, /* px of a plot from which on it has room for them all; a lower one has one row */
};

typedef struct ViewLabel {
    float line_x; /* in: where the line stands */
    float width;  /* in: of the text */
    float x;      /* out: left end of the text */
    int row;      /* out: 0 at the top; -1 where it found no room */
} ViewLabel;

/* Places labels beside their lines, between left and right. Lines are given from left to right; later
 * ones choose first. A label stands right of its line where it fits, else left of it, else a row
 * lower; it crosses another line only where nothing else is free, lowest row first. A plot lower than
 * VIEW_LABEL_HEIGHT has one row, and there none but the newest crosses a line. Shapes: labels [count].
 * Thread: any. */
void view_curve_labels_place(ViewLabel *labels, size_t count, UiRect plot);

/* The left end of a box of that width beside a line at x: right of it, else left of it, else over it,
 * between left and right.  Thread: any. */
float view_curve_labels_beside(float x, float width, float left, float right);

#endif
