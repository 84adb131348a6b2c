/* Pictures out, as PNG files with 8 bits a channel. */
#ifndef LATENTSCAPE_DATA_PNG_H
#define LATENTSCAPE_DATA_PNG_H

#include "latentscape/core/error.h"

/* Writes a picture atomically: the file at path is the old one or the whole new one.
 * Shapes: pixels [height, width, channels], top row first; channels 1 (grey), 2 (grey, alpha),
 * 3 (red, green, blue) or 4 (with alpha, not premultiplied).
 * Fails: false, LS_ERR_USAGE (no picture has such a size), LS_ERR_FILE or LS_ERR_MEMORY, naming the
 * file; the old file stays whole.  Thread: any. */
LS_CHECKED bool ls_png_save(const char *path, int width, int height, int channels,
                            const uint8_t *pixels, LsError *err);

#endif
