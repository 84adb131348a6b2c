/* The pages of the window: what the place below the map and the column at the right can show, one page
 * at a time. Each page is one row of the table in panes.c and one action, which gives it key, tooltip
 * and script word. A page that is not shown is not drawn, so it costs nothing. */
#ifndef APP_PANES_H
#define APP_PANES_H

#include "app/app.h"
#include "app/layout.h"

typedef enum AppPaneArea {
    APP_AREA_BOTTOM,
    APP_AREA_PANEL,
    APP_AREA_COUNT
} AppPaneArea;

typedef enum AppPaneId {
    APP_PANE_CURVES,
    APP_PANE_STACK,
    APP_PANE_RATE,
    APP_PANE_FLOW,
    APP_PANE_LOSS,
    APP_PANE_SAMPLES,
    APP_PANE_RUNS,
    APP_PANE_LESSON,
    APP_PANE_COUNT
} AppPaneId;

typedef struct AppPane {
    AppPaneArea area;
    const char *action; /* that shows it; what follows its dot is the page's name in window.conf */
    const char *label;  /* on its tab */
    int in_fork;        /* which of the pages there are while a fork lasts; -1: none */
    /* Draws it into rect; tools: the rest of the row of tabs, for what belongs to the page as a whole
     * (of no width where its area has but one page, and so no tabs). */
    void (*draw)(App *app, UiRect tools, UiRect rect);
} AppPane;

/* The row of a page.  Thread: any. */
const AppPane *app_panes_row(AppPaneId id);

/* Shows a page.  Thread: UI. */
void app_panes_show(App *app, AppPaneId id);

/* Draws tabs and the pages shown.  Thread: UI. */
void app_panes_draw(App *app, const AppLayout *layout);

/* The name of an area's page by its place among the tabs, NULL past the last.  Thread: any. */
const char *app_panes_bottom_name(int index);
const char *app_panes_panel_name(int index);

#endif
