/* Several images in one texture, side by side: what samples, reconstructions and neighbours are
 * drawn from. A zeroed one is ready for view_tiles_fit(). */
#ifndef VIEWS_TILES_H
#define VIEWS_TILES_H

#include "ui/ui.h"

typedef struct ViewTiles {
    int cols, rows, w, h, channels;
    UiImage *image;
    uint8_t *bytes; /* of one tile */
    float *sum;     /* [rows, cols]: of the numbers in each; NaN where none were put */
} ViewTiles;

/* Makes room for cols x rows images of w x h; allocates only where one of these changed, and then
 * *fresh is set: nothing is shown yet. Fails: false where there is no memory.  Thread: UI. */
LS_CHECKED bool view_tiles_fit(ViewTiles *tiles, Ui *ui, int cols, int rows, int w, int h,
                               int channels, bool *fresh);

/* Releases everything and zeroes it.  Thread: UI. */
void view_tiles_finish(ViewTiles *tiles);

/* Puts an image into place. Shapes: image [h, w, channels], numbers in [0,1], or bytes.
 * Thread: UI. */
void view_tiles_put(ViewTiles *tiles, int col, int row, const float *image);
void view_tiles_put_bytes(ViewTiles *tiles, int col, int row, const uint8_t *image);

/* The mean of all numbers put in place, not of bytes, for the trace; 0 where there are none yet.
 * Thread: UI. */
double view_tiles_mean(const ViewTiles *tiles);

/* Draws them all, or one of them.  Thread: UI. */
void view_tiles_draw(const ViewTiles *tiles, Ui *ui, UiRect target);
void view_tiles_draw_one(const ViewTiles *tiles, Ui *ui, int col, int row, UiRect target);

/* Replaces the part x, y, w, h of a texture. Shapes: pixels [h, stride], stride in bytes; `bytes` a
 * pixel, grey or RGBA.  Thread: UI. */
void view_tiles_upload(UiImage *texture, int bytes, int x, int y, int w, int h,
                       const uint8_t *pixels, int stride);

#endif
