/* Which points lie within the neighbourhoods of others: what precision and recall of a generative model
 * are made of (Kynkaanniemi et al. 2019, "Improved precision and recall metric for assessing generative
 * models") and their coverage (Naeem et al. 2020, "Reliable fidelity and diversity metrics for generative
 * models"). A set's shape is the union of balls about its points, each as wide as the distance to the
 * point's k-th nearest neighbour in the same set. Distances come from matrix products.
 *
 * Symbols: size = numbers of a point; points are rows, and norms[i] is the squared length of row i. */
#ifndef LATENTSCAPE_MEASURE_NEIGHBOURS_H
#define LATENTSCAPE_MEASURE_NEIGHBOURS_H

#include "latentscape/core/base.h"

enum {
    LS_NEIGHBOURS_K = 3 /* as in the paper */
};

/* Squared lengths of n points. Shapes: points [n, size], norms [n].  Thread: any. */
void ls_neighbours_norms(int n, int size, const float *points, float *norms);

/* Squared distances of some points to all of a set. Shapes: points [rows, size], norms [rows], set
 * [n, size], set_norms [n], distances [rows, n], never below 0.  Thread: any. */
void ls_neighbours_distances(int rows, int n, int size, const float *points, const float *norms,
                             const float *set, const float *set_norms, float *distances);

/* The squared distance to the k-th nearest of a set, without member number `self` (-1: all of them
 * count). Shapes: distances [n], n > k (n > k - 1 where self is -1).  Thread: any. */
float ls_neighbours_radius(int n, int k, int self, const float *distances);

/* Whether a point lies in the ball of any member of a set, and in whose. Shapes: distances, radii [n],
 * squared; covered [n] gets 1 where it does and is left alone elsewhere.  Thread: any. */
bool ls_neighbours_within(int n, const float *distances, const float *radii, float *covered);

/* Notes which members of a set lie in a ball of one radius about a point. Shapes: distances [n],
 * reached [n] gets 1 where one does and is left alone elsewhere.  Thread: any. */
void ls_neighbours_reach(int n, float radius, const float *distances, float *reached);

/* The k nearest of a set, nearest first; of equals the first. Shapes: distances [n], n >= k,
 * index [k].  Thread: any. */
void ls_neighbours_nearest(int n, int k, const float *distances, int *index);

#endif
