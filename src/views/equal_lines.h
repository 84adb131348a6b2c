/* Lines of equal ELBO in the plane of rate and distortion: where they run through a plot, and where on
 * each its label stands, clear of paths, of marks and of other labels. */
#ifndef VIEWS_EQUAL_LINES_H
#define VIEWS_EQUAL_LINES_H

#include "ui/plot.h"

enum {
    VIEW_EQUAL_LINES = 9,  /* at most */
    VIEW_EQUAL_PLACES = 5, /* that a label may take on its line */
    VIEW_EQUAL_H = 14      /* px of a label */
};

typedef struct ViewEqualLine {
    double elbo;
    char text[40];    /* of its label */
    UiPoint from, to; /* inside the plot, left to right */
    UiRect place[VIEW_EQUAL_PLACES];
    bool taken[VIEW_EQUAL_PLACES];
    int places;
} ViewEqualLine;

typedef struct ViewEqualLines {
    ViewEqualLine line[VIEW_EQUAL_LINES];
    int count;
} ViewEqualLines;

/* The lines on which rate (x) and distortion (y) of a plot, not a logarithmic one, have the same round
 * sum: the ELBO, turned over.  Thread: any. */
void view_equal_lines_make(ViewEqualLines *lines, const UiPlot *plot);

/* Gives line i the places of its label, [0] the best: at its right end, at its left, between; none
 * where its part inside the plot is too short. Units: width of the text, px.  Thread: any. */
void view_equal_lines_offer(ViewEqualLines *lines, int i, const UiPlot *plot, float width);

/* From now on no label may lie on a path, or on a box. Shapes: path [points].  Thread: any. */
void view_equal_lines_keep_path(ViewEqualLines *lines, const UiPoint *path, size_t points);
void view_equal_lines_keep_box(ViewEqualLines *lines, UiRect box);

/* The best free place of the label of line i, which later ones then keep clear of; NULL: there is
 * none, and the line goes without. Owns: borrowed.  Thread: any. */
const UiRect *view_equal_lines_take(ViewEqualLines *lines, int i);

#endif
