#include "views/cell_order.h"

#include "latentscape/core/base.h"

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* The cell in the middle of the block, or the last one inside where the grid ends before. */
static int middle(int first, int block, int count)
{
    return least(first + block / 2, count - 1);
}

/* Whether an earlier, coarser round has the cell. */
static bool taken(int i, int j, int across, int down, int block)
{
    for (int b = 4; b > block; b /= 2) {
        if (i == middle(i / b * b, b, across) && j == middle(j / b * b, b, down)) {
            return true;
        }
    }
    return false;
}

static int gcd(int a, int b)
{
    while (b != 0) {
        const int rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Deals the cards: takes every step-th, the step near the golden section and prime to count. */
static int step_for(int count)
{
    int step = (int)((double)count * 0.618034);
    step = step < 1 ? 1 : step;
    while (gcd(step, count) != 1) {
        step++;
    }
    return step;
}

void view_cell_order(int across, int down, ViewCell *order)
{
    int done = 0;
    for (int block = 4; block >= 1; block /= 2) {
        const int columns = (across + block - 1) / block;
        const int rows = (down + block - 1) / block;
        const int count = columns * rows;
        const int step = step_for(count);
        int at = 0;
        for (int k = 0; k < count; k++) {
            const int block_i = at % columns * block;
            const int block_j = at / columns * block;
            const int i = middle(block_i, block, across);
            const int j = middle(block_j, block, down);
            if (!taken(i, j, across, down, block)) {
                order[done++] = (ViewCell){i, j, block_i, block_j, block};
            }
            at = (at + step) % count;
        }
    }
}
