/* The settings of the optimizer: all that are neither a term's nor the model's own. */
#ifndef VIEWS_OPTIMIZER_H
#define VIEWS_OPTIMIZER_H

#include "views/form.h"

/* Draws them from the top of *rect, and cuts off what they take; those seldom touched where *all, which
 * the button at the heading's right changes.  Thread: UI. */
void view_optimizer_draw(View *view, UiRect *rect, bool *all);

/* Whether a row belongs here.  Thread: any. */
bool view_optimizer_owns(const LsSetting *row);

#endif
