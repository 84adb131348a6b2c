/* Tabs: several pages share one place of the window, and a row of words above it says which is shown.
 * A page that is not shown is not drawn: it costs nothing. */
#ifndef UI_TABS_H
#define UI_TABS_H

#include "ui/ui.h"

enum {
    UI_TABS_ROW = 24, /* logical units: how high a row of tabs stands */
};

typedef struct UiTab {
    const char *id; /* name of the action that shows it */
    const char *label;
    const char *key;  /* its binding, or NULL */
    const char *help; /* tooltip, or NULL */
} UiTab;

/* A row of tabs from the left of rect. Tab reaches each; arrows, Home and End lead from one to the
 * next and show it, Space and Enter too. Returns the index picked in this frame, or -1 where it stays
 * as chosen.  Thread: UI. */
int ui_tabs(Ui *ui, UiRect rect, const UiTab *tabs, int count, int chosen);

/* The width a row wants; less narrows the room around its words.  Thread: UI. */
float ui_tabs_width(Ui *ui, const UiTab *tabs, int count);

#endif
