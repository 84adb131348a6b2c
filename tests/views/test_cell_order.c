#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/base.h"

#include "views/cell_order.h"

enum {
    MOST = 41
};

static const int sizes[][2] = {{1, 1}, {1, 7},   {2, 2},   {3, 5},   {4, 4},
                               {5, 4}, {16, 16}, {19, 19}, {25, 17}, {41, 41}};

static void every_cell_comes_once(void **state)
{
    (void)state;
    for (size_t s = 0; s < LS_COUNT(sizes); s++) {
        ViewCell order[MOST * MOST];
        bool seen[MOST][MOST];
        const int across = sizes[s][0];
        const int down = sizes[s][1];
        memset(seen, 0, sizeof seen);
        view_cell_order(across, down, order);
        for (int k = 0; k < across * down; k++) {
            assert_in_range(order[k].i, 0, across - 1);
            assert_in_range(order[k].j, 0, down - 1);
            assert_false(seen[order[k].j][order[k].i]);
            seen[order[k].j][order[k].i] = true;
        }
    }
}

static void coarse_cells_come_before_fine_ones(void **state)
{
    (void)state;
    ViewCell order[MOST * MOST];
    view_cell_order(18, 18, order);
    assert_int_equal(order[0].block, 4);
    for (int k = 1; k < 18 * 18; k++) {
        assert_true(order[k].block <= order[k - 1].block);
    }
}

static void each_round_stands_for_the_whole_grid(void **state)
{
    (void)state;
    for (size_t s = 0; s < LS_COUNT(sizes); s++) {
        ViewCell order[MOST * MOST];
        bool covered[MOST][MOST];
        const int across = sizes[s][0];
        const int down = sizes[s][1];
        memset(covered, 0, sizeof covered);
        view_cell_order(across, down, order);
        for (int k = 0; k < across * down && order[k].block == 4; k++) {
            const ViewCell cell = order[k];
            assert_in_range(cell.i, cell.block_i, cell.block_i + 3);
            assert_in_range(cell.j, cell.block_j, cell.block_j + 3);
            for (int j = cell.block_j; j < cell.block_j + 4 && j < down; j++) {
                for (int i = cell.block_i; i < cell.block_i + 4 && i < across; i++) {
                    covered[j][i] = true;
                }
            }
        }
        for (int j = 0; j < down; j++) {
            for (int i = 0; i < across; i++) {
                assert_true(covered[j][i]);
            }
        }
    }
}

static void neighbours_in_the_order_lie_apart(void **state)
{
    (void)state;
    ViewCell order[MOST * MOST];
    int adjacent = 0;
    view_cell_order(18, 18, order);
    for (int k = 1; k < 18 * 18; k++) {
        const int di = order[k].i - order[k - 1].i;
        const int dj = order[k].j - order[k - 1].j;
        adjacent += di * di + dj * dj <= 1;
    }
    assert_true(adjacent < 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_comes_once),
        cmocka_unit_test(coarse_cells_come_before_fine_ones),
        cmocka_unit_test(each_round_stands_for_the_whole_grid),
        cmocka_unit_test(neighbours_in_the_order_lie_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
