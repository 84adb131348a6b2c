/* How the weighted total of the loss is made up: the share of each term, and the widths of the bar
 * that shows it. */
#ifndef VIEWS_SHARE_H
#define VIEWS_SHARE_H

#include <stddef.h>

/* Shares of weights[i] * values[i] in their sum; all 0 where the sum is not a positive number.
 * Negative and undefined parts count as nothing. Shapes: all [count].  Thread: any. */
void view_share_compute(const double *values, const double *weights, size_t count, double *share);

/* Widths of a bar's parts that add up to `width` exactly (all 0 where every share is): a part that
 * is there at all is at least `least` wide, taken from the widest. Shapes: share, part [count].
 * Thread: any. */
void view_share_bar(const double *share, size_t count, float width, float least, float *part);

#endif
