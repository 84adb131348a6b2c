/* What can be said of an image by itself: how sharp it is and how decided its pixels are. */
#ifndef LATENTSCAPE_MEASURE_APPEARANCE_H
#define LATENTSCAPE_MEASURE_APPEARANCE_H

#include "latentscape/core/base.h"

/* Gradient energy: the mean over the pixels of the squared differences to the right-hand and the lower
 * neighbour. 0 for an even surface, 2 for a chessboard of black and white (but for the far edges).
 * Shapes: image [height, width, channels] in [0,1].  Thread: any. */
float ls_appearance_gradient(int width, int height, int channels, const float *image);

/* How decided the pixels are: 1 - mean of 4 p (1 - p), 1 where all are black or white, 0 where all are
 * in the middle. Shapes: image [n] in [0,1].  Thread: any. */
float ls_appearance_decided(size_t n, const float *image);

#endif
