/* Where the parts of the window lie, for any size from 800x500 up. */
#ifndef APP_LAYOUT_H
#define APP_LAYOUT_H

#include "ui/geometry.h"

typedef struct AppLayout {
    UiRect topbar, map, cursor, samples, reconstructions, status;
    UiRect panel_tabs, panel;   /* the column at the right: its row of tabs, what they show */
    UiRect measures;            /* the line of figures over the plots */
    UiRect bottom_tabs, bottom; /* the plots below: the same */
} AppLayout;

/* Shares the window out. Units: logical.  Thread: any. */
AppLayout app_layout_make(UiRect window);

#endif
