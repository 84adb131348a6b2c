/* What the help dialog holds: what the window shows, what the mouse does, and every key. */
#ifndef VIEWS_GUIDE_H
#define VIEWS_GUIDE_H

#include "views/view.h"

/* Where it is scrolled to; zeroed to begin. */
typedef struct ViewGuide {
    float offset, height;
} ViewGuide;

/* Draws it into rect, the inside of a dialog. Shapes: actions [count]; those without a key are left
 * out.  Thread: UI. */
void view_guide_draw(ViewGuide *help, View *view, UiRect rect, const ViewAction *actions,
                     size_t count);

#endif
