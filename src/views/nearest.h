/* The codes nearest to a place in latent space. */
#ifndef VIEWS_NEAREST_H
#define VIEWS_NEAREST_H

#include "latentscape/core/base.h"

/* Finds the k of count codes nearest to z by Euclidean distance, nearest first; of equally near ones
 * the first. Returns how many there are. Shapes: codes [count, latent]; z [latent]; out [k].
 * Thread: any. */
int view_nearest_find(const float *codes, int count, int latent, const float *z, int k, int *out);

#endif
