/* Averages of weights over the steps of a training (Polyak & Juditsky 1992; as exponential moving
 * averages: Tarvainen & Valpola 2017): what single minibatches have pushed to and fro evens out. */
#ifndef LATENTSCAPE_NN_AVERAGE_H
#define LATENTSCAPE_NN_AVERAGE_H

#include "latentscape/core/base.h"

/* How much of the average is kept at step n of it (from 0): n / (n + 9), so that it begins with the
 * weights themselves and looks back over a tenth of its steps, but no more than `most`. After the first
 * 64 steps only every fourth counts, for the three before it too: a quarter of the memory's traffic,
 * and nothing that could be told from the whole. 1: there is nothing to do.  Thread: any. */
double ls_average_keep(double most, uint64_t n);

/* mean = keep * mean + (1 - keep) * value; with keep 0 a plain copy, whatever was in mean before.
 * Shapes: both [n]; they must not overlap.  Thread: any. */
void ls_average_update(size_t n, double keep, const float *value, float *mean);

#endif
