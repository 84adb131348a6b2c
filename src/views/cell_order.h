/* The order in which the cells of a grid are decoded: every fourth of every fourth row first, then
 * every second, then the rest, so that the whole plane is there at once, coarse, and gets finer.
 * Neighbours are far apart in the order: a grid that is refreshed a part at a time shows no front
 * moving over it. */
#ifndef VIEWS_CELL_ORDER_H
#define VIEWS_CELL_ORDER_H

typedef struct ViewCell {
    int i, j;             /* column and row */
    int block_i, block_j; /* first cell of the block it stands for until finer ones come */
    int block;            /* cells across that block: 4, 2 or 1 */
} ViewCell;

/* Every cell of across x down, once. Shapes: order [across * down].  Thread: any. */
void view_cell_order(int across, int down, ViewCell *order);

#endif
