/* What the help dialog holds: what the window shows, what the mouse does, and every key. */
#ifndef VIEWS_HELP_H
#define VIEWS_HELP_H

#include "views/view.h"

/* Where it is scrolled to; zeroed to begin. */
typedef struct ViewHelp {
    float offset, height;
} ViewHelp;

/* Draws it into rect, the inside of a dialog. Shapes: actions [count]; those without a key are left
 * out.  Thread: UI. */
void view_help_draw(ViewHelp *help, View *view, UiRect rect, const ViewAction *actions,
                    size_t count);

#endif
