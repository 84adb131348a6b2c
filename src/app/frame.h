/* What a frame shows: which model the views are given, and where they lie. */
#ifndef APP_FRAME_H
#define APP_FRAME_H

#include "app/app.h"

/* Makes the views, but for those of a model beside the one at hand. Fails: false, LS_ERR_MEMORY.
 * Thread: UI. */
LS_CHECKED bool app_frame_create(App *app, LsError *err);

/* Releases them all. To be called before ui_destroy().  Thread: UI. */
void app_frame_destroy(App *app);

/* Makes the views of the model beside the one at hand where there are none yet. Fails: false where
 * there is no memory.  Thread: UI. */
LS_CHECKED bool app_frame_ready_other(App *app);

/* The views of both change places.  Thread: UI. */
void app_frame_swap_other(App *app);

/* Draws the window, and tells in app->busy whether views have more to decode.  Thread: UI. */
void app_frame_draw(App *app);

/* What the views show now: "now", "before" or "past".  Thread: UI. */
const char *app_frame_shown(const App *app);

/* The views that the frame drew, in a fork those of side A. Owns: borrowed.  Thread: UI. */
AppViews app_frame_views(const App *app);

#endif
