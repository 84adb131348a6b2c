/* What a plot says where the mouse is: some lines on a plate beside the place that is read. Where the
 * plot is low they stand in one row, so that most of it stays in sight. */
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
    bool row;  /* the lines stand beside one another */
    int shown; /* so many of them: the last ones fall away */
} ViewReadoutPlace;

/* Whether so many lines stand in one row in a plot.  Thread: any. */
bool view_readout_in_row(int count, UiRect area);

/* Where the plate lies: beside x, at the top of area or (low) at its bottom.
 * Shapes: width [count], of the lines' texts.  Thread: any. */
ViewReadoutPlace view_readout_place(const float *width, int count, float x, bool low, UiRect area);

/* Draws it.  Shapes: line [count].  Thread: UI. */
void view_readout_draw(Ui *ui, const ViewReadoutLine *line, int count, float x, bool low,
                       UiRect area);

#endif
