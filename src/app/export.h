/* Pictures and tables of what is on the screen. */
#ifndef APP_EXPORT_H
#define APP_EXPORT_H

#include "app/app.h"

/* Writes the latent map as a PNG. Fails: false with one sentence.  Thread: UI. */
LS_CHECKED bool app_export_map(App *app, const char *path, LsError *err);

/* Writes the window as it was drawn last as a PNG. Fails: false with one sentence.  Thread: UI. */
LS_CHECKED bool app_export_window(App *app, const char *path, LsError *err);

/* The same of the plots below the map alone.  Thread: UI. */
LS_CHECKED bool app_export_plots(App *app, const char *path, LsError *err);

/* Does what a picked file was for and tells the person.  Thread: UI. */
void app_export_picked(App *app, AppPick pick, const char *path);

#endif
