/* What a plot says where the mouse is: some lines on a plate beside the place that is read. Where the
 * plot is low they stand in columns, in as few rows as they fit into, so that most of it stays in sight;
 * all of them are read before any of it is. */
#ifndef VIEWS_READOUT_H
#define VIEWS_READOUT_H

#include "ui/theme.h"
#include "ui/ui.h"

enum {
    VIEW_READOUT_LINES = 24, /* at most */
    VIEW_READOUT_LINE = 15   /* px */
};

typedef struct ViewReadoutLine {
    const char *text;
    UiColor color;
    UiFont font;
} ViewReadoutLine;

typedef struct ViewReadoutPlace {
    UiRect box;
    int rows;  /* lines of a column */
    int shown; /* so many lines: the last ones fall away where not even the whole plot has room */
} ViewReadoutPlace;

/* Whether so many lines do not stand below one another in a plot.  Thread: any. */
bool view_readout_in_row(int count, UiRect area);

/* Where the plate lies: beside x, at the top of area or (low) at its bottom.
 * Shapes: width [count], of the lines' texts.  Thread: any. */
ViewReadoutPlace view_readout_place(const float *width, int count, float x, bool low, UiRect area);

/* Draws it.  Shapes: line [count].  Thread: UI. */
void view_readout_draw(Ui *ui, const ViewReadoutLine *line, int count, float x, bool low,
                       UiRect area);

#endif
