/* The runs of a session as a table: what sets each apart, how far it came and what came of it, sorted
 * by any column. A click chooses up to two of them; a double click asks for one back. */
#ifndef VIEWS_RUNS_TABLE_H
#define VIEWS_RUNS_TABLE_H

#include "views/view.h"

enum {
    VIEW_RUNS_MOST = 48
};

/* One run. */
typedef struct ViewRunRow {
    int number;       /* of the session, from 1 */
    const char *what; /* "β 4", "as it came" */
    const char *how;  /* how it ended: "reset", "kept B"; "now" while it lasts */
    uint64_t step;
    double elbo; /* of held-out images; NAN: not evaluated */
    LsMeasures measures;
    bool kept; /* its weights are there still */
    UiColor color;
} ViewRunRow;

typedef struct ViewRunsTable {
    int column; /* it is sorted by */
    bool down;
    int first;     /* of the measures shown */
    int chosen[2]; /* numbers of the runs chosen, oldest first; 0: none */
    float offset, height;
} ViewRunsTable;

typedef enum ViewRunsWish {
    VIEW_RUNS_NOTHING,
    VIEW_RUNS_RESTORE, /* chosen[0] */
    VIEW_RUNS_PAIR,    /* chosen[0] as A, chosen[1] as B */
    VIEW_RUNS_EXPORT,
} ViewRunsWish;

/* Sorts the order of rows by a column: 0 number, 1 what, 2 steps, 3 ELBO, from 4 on the measures;
 * what is not known comes last. Shapes: order [count].  Thread: any. */
void view_runs_table_sort(const ViewRunRow *rows, int count, int column, bool down, int *order);

/* Draws it and returns what is wished. can: whether runs can be asked for now.  Thread: UI. */
ViewRunsWish view_runs_table_draw(ViewRunsTable *table, View *view, UiRect rect,
                                  const ViewRunRow *rows, int count, bool can);

#endif
