/* From decoded numbers to bytes on the screen: rounding, enlarging, and pictures of several images
 * in one texture. Bytes are grey levels for one channel and RGBA otherwise. */
#ifndef VIEWS_PIXELS_H
#define VIEWS_PIXELS_H

#include "latentscape/core/base.h"

#include "ui/theme.h"

/* Bytes a pixel takes for images of so many channels: 1, or 4 (RGBA).  Thread: any. */
int view_pixels_bytes(int channels);

/* Numbers in [0,1] to bytes. Shapes: image [count, channels]; out [count, bytes].  Thread: any. */
void view_pixels_round(const float *image, size_t count, int channels, uint8_t *out);

/* Bytes of a data set to bytes of the screen. Shapes: image [count, channels]; out [count, bytes].
 * Thread: any. */
void view_pixels_copy(const uint8_t *image, size_t count, int channels, uint8_t *out);

/* The part of an image that a cell sees where the image is enlarged over a block of `across` x
 * `across` cells: cell column i, row j of the block; smooth between pixels. Shapes: image and out
 * [h, w, bytes].  Thread: any. */
void view_pixels_part(const uint8_t *image, int w, int h, int bytes, int across, int i, int j,
                      uint8_t *out);

/* Enlarges `times` with a cubic (Catmull & Rom 1974): smooth, and edges stay crisp. Values are kept
 * in [0,1]. Shapes: image [h, w, channels]; row [h * w * times * channels] for the work between;
 * out [h * times, w * times, channels].  Thread: any. */
void view_pixels_enlarge(const float *image, int w, int h, int channels, int times, float *row,
                         float *out);

/* The colour of a class. The palette has ten; later classes take them again, lighter or darker.
 * Thread: any. */
UiColor view_pixels_class(int label);

#endif
