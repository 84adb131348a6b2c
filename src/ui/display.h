/* The scale the desktop asks for. */
#ifndef UI_DISPLAY_H
#define UI_DISPLAY_H

#include <SDL.h>

/* Device pixels a unit: LATENTSCAPE_SCALE, the drawable's density, Xft.dpi, GDK_SCALE, QT_SCALE_FACTOR,
 * the first that says anything; else 1. window may be NULL.  Thread: UI. */
float ui_display_scale(SDL_Window *window, float density);

/* A scale kept within 0.75 .. 3, in sixteenths.  Thread: any. */
float ui_display_clamp(double scale);

/* The value of Xft.dpi in the text of the X server's resources; 0 where there is none.  Thread: any. */
double ui_display_resource_dpi(const char *resources);

#endif
