/* A plot: axes with sensible ticks, curves, points and markers over a range of x. The caller draws
 * between begin and end with data coordinates; knows nothing of what is plotted. */
#ifndef UI_PLOT_H
#define UI_PLOT_H

#include "ui/ui.h"

typedef struct UiPlot {
    UiRect area; /* inside the axes, logical units */
    double x_min, x_max, y_min, y_max;
    bool log_y;
    UiHit hit; /* mouse over the area */
} UiPlot;

/* Draws grid, ticks ("1k", "2.5k", "1M" on x) and numbers, and declares the area as `id`.
 * Thread: UI. */
UiPlot ui_plot_begin(Ui *ui, const char *id, UiRect rect, double x_min, double x_max, double y_min,
                     double y_max, bool log_y);
void ui_plot_end(Ui *ui);

/* Data to window and back.  Thread: UI. */
UiPoint ui_plot_point(const UiPlot *plot, double x, double y);
double ui_plot_x(const UiPlot *plot, float window_x);

/* One more point of a curve; break_line begins a new one. Points closer than a pixel are thinned so
 * that extremes stay.  Thread: UI. */
typedef struct UiCurve {
    UiPoint points[2048];
    size_t count;
} UiCurve;

void ui_curve_reset(UiCurve *curve);
void ui_curve_add(const UiPlot *plot, UiCurve *curve, double x, double y);
void ui_curve_draw(Ui *ui, const UiCurve *curve, float width, UiColor color);

/* The same, `on` drawn and `off` left out in turn along the curve; whole where off is 0.
 * Thread: UI. */
void ui_curve_dash(Ui *ui, const UiCurve *curve, float width, float on, float off, UiColor color);

/* A minimum-to-maximum column of a dense curve.  Thread: UI. */
void ui_plot_span(Ui *ui, const UiPlot *plot, double x, double y_min, double y_max, UiColor color);

/* A ring at a data point (an evaluation).  Thread: UI. */
void ui_plot_mark(Ui *ui, const UiPlot *plot, double x, double y, float radius, UiColor color);

/* A dashed vertical line with a label at its top; labels too close to the last one are left out
 * (*last_label_x is kept by the caller, begin with a very small number).  Thread: UI. */
void ui_plot_marker(Ui *ui, const UiPlot *plot, double x, const char *label, float *last_label_x);

/* Steps for ticks: the power of ten times 1, 2 or 5 that puts at most `most` ticks on the span.
 * Thread: any. */
double ui_plot_step(double span, int most);

/* A number for an axis: 1500 as "1.5k". Shapes: out [24].  Thread: any. */
void ui_plot_number(double value, double step, char *out);

#endif
