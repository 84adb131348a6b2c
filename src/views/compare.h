/* Two sides of a fork compared: what differs in their settings, what each comes to, and the image of
 * the same code from both. */
#ifndef VIEWS_COMPARE_H
#define VIEWS_COMPARE_H

#include "views/view.h"

typedef struct ViewCompare ViewCompare;

/* Nothing yet. Owns: the caller, view_compare_destroy(). Fails: NULL, LS_ERR_MEMORY.  Thread: UI. */
LS_CHECKED ViewCompare *view_compare_create(LsError *err);

/* Releases it; NULL is accepted. To be called before ui_destroy().  Thread: UI. */
void view_compare_destroy(ViewCompare *compare);

/* Draws it; a and b are the views of both sides, whose settings its switches edit.  Thread: UI. */
void view_compare_draw(ViewCompare *compare, View *a, View *b, UiRect rect);

#endif
