/* Headings of the parts of a panel. */
#ifndef VIEWS_CAPTION_H
#define VIEWS_CAPTION_H

#include "ui/ui.h"

enum {
    VIEW_CAPTION_H = 24 /* px */
};

/* Draws a heading in small capitals at the top of *rect and cuts it off. Returns its line, for what
 * stands at its right.  Thread: UI. */
UiRect view_caption_draw(Ui *ui, UiRect *rect, const char *text);

#endif
