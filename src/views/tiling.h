/* How images of one shape fill a rectangle: as many as there is room for at about a given size, the
 * size chosen so that little is left empty. */
#ifndef VIEWS_TILING_H
#define VIEWS_TILING_H

#include "ui/geometry.h"

typedef struct ViewTiling {
    int cols, rows;
    UiRect area; /* what they fill: the rectangle's upper left part */
    float w, h;  /* of one */
} ViewTiling;

/* Images of width x height pixels in rect, about `count` of them but none smaller than can be made
 * out, in groups of `group` rows. Where not even one group is high enough, one as high as there is
 * room; never less than one image, never more than 256.  Thread: any. */
ViewTiling view_tiling_find(UiRect rect, int count, int group, int width, int height);

/* Where one lies.  Thread: any. */
UiRect view_tiling_place(const ViewTiling *tiling, int col, int row);

#endif
