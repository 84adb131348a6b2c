/* One card of the loss plots, in two passes: first the curve, then, when every card has told whether
 * the mouse is on it, what is read out at one step in all of them. */
#ifndef VIEWS_CURVE_CARD_H
#define VIEWS_CURVE_CARD_H

#include "ui/plot.h"
#include "views/curve_scale.h"
#include "views/curve_window.h"
#include "views/view.h"

/* What a card shows: a series, or what only evaluations tell. */
typedef enum ViewCard {
    VIEW_CARD_REC = LS_SERIES_REC,
    VIEW_CARD_KL = LS_SERIES_KL,
    VIEW_CARD_REG = LS_SERIES_REG,
    VIEW_CARD_TOTAL = LS_SERIES_TOTAL,
    VIEW_CARD_ELBO,
    VIEW_CARD_AXES, /* the divergence of each latent dimension */
    VIEW_CARD_COUNT
} ViewCard;

/* What the cards share. */
typedef struct ViewCurveState {
    ViewTrace trace;
    ViewKinds kinds;
    ViewWindow window;
    ViewAxis axis[LS_SERIES_COUNT];
    ViewAxis judged[VIEW_CARD_COUNT - VIEW_CARD_ELBO];
    UiCurve curve; /* room to draw one */
    UiBandPoint band[VIEW_TRACE_GROUPS];
    bool swaps;         /* there is a card less than series: the last takes turns with one more */
    ViewCard turn;      /* which the last one shows */
    bool by_axis;       /* the divergence's card shows it for each latent dimension */
    bool due;           /* what is plotted is brought up to date in this frame */
    double seconds;     /* since it was the last time */
    const char *notice; /* drawn in the first card while there is nothing to plot */
} ViewCurveState;

/* Draws a card with what is plotted. Returns whether there is a plot; it is then in *plot.
 * Thread: UI. */
LS_CHECKED bool view_curve_card_draw(ViewCurveState *state, View *view, UiRect rect, ViewCard card,
                                     UiPlot *plot);

/* Draws the line and the figures at a step.  Thread: UI. */
void view_curve_card_read(const View *view, const ViewKinds *kinds, const UiPlot *plot,
                          ViewCard card, double step);

#endif
