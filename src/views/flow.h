/* The way of one held-out image through the model, a stage at a time: the encoder's layers, mu and
 * sigma, the code drawn from them, the decoder's layers, the image redrawn, and what each term of the
 * loss makes of it. It is a step of training on that image alone, stopped before the weights move. */
#ifndef VIEWS_FLOW_H
#define VIEWS_FLOW_H

#include "views/view.h"

typedef struct ViewFlow ViewFlow;

/* A view that shows every stage. Owns: the caller, view_flow_destroy(). Fails: NULL, LS_ERR_MEMORY.
 * Thread: UI. */
LS_CHECKED ViewFlow *view_flow_create(LsError *err);

/* Releases it; NULL is accepted.  Thread: UI. */
void view_flow_destroy(ViewFlow *flow);

/* One stage more; from the last one (or where all are shown) it begins again with the next image, and
 * the return value is true: time for a step of training.  Thread: UI. */
bool view_flow_next(ViewFlow *flow, const View *view);

/* Shows all stages of the image at hand.  Thread: UI. */
void view_flow_all(ViewFlow *flow);

/* How many stages are shown, of how many.  Thread: UI. */
int view_flow_shown(const ViewFlow *flow);
int view_flow_stages(const ViewFlow *flow);

/* What the loss comes to for the image that was drawn last, each term weighed as in the step the model is
 * at; of the weights, and of codes that are looked at together, the newest step's figures.
 * Thread: UI. */
double view_flow_nats(const ViewFlow *flow, const View *view);

/* Draws it.  Thread: UI. */
void view_flow_draw(ViewFlow *flow, View *view, UiRect rect);

#endif
