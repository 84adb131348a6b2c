/* The column of everything that steers training: the loss, term by term, then the optimizer, then the
 * model's own sizes. Scrolls where it finds too little room. */
#ifndef VIEWS_LOSS_PANEL_H
#define VIEWS_LOSS_PANEL_H

#include "views/view.h"

typedef struct ViewLossPanel ViewLossPanel;

/* A panel. Owns: the caller, view_loss_panel_destroy(). Fails: NULL, LS_ERR_MEMORY.
 * Thread: UI. */
LS_CHECKED ViewLossPanel *view_loss_panel_create(LsError *err);

/* Releases it; NULL is accepted.  Thread: UI. */
void view_loss_panel_destroy(ViewLossPanel *panel);

/* Draws it into rect; edits reach the program through view->host.  Thread: UI. */
void view_loss_panel_draw(ViewLossPanel *panel, View *view, UiRect rect);

#endif
