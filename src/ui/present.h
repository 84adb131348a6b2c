/* The way from the canvas to the screen: the window's own surface, a texture of an accelerated renderer,
 * or nowhere. */
#ifndef UI_PRESENT_H
#define UI_PRESENT_H

#include <SDL.h>

#include "ui/canvas.h"

typedef struct UiPresent {
    SDL_Window *window;
    SDL_Renderer *renderer; /* NULL: the window's surface */
    SDL_Texture *texture;
    int texture_w, texture_h;
    bool nowhere, vsync;
    char name[32];
    double wait; /* seconds the last frame waited in the driver */
} UiPresent;

/* Chooses the way: a renderer where the machine has a graphics device (or SDL_RENDER_DRIVER asks for
 * one), else the surface, which needs no driver and copies only what changed.  Thread: UI. */
void ui_present_init(UiPresent *present, SDL_Window *window, bool nowhere);
void ui_present_finish(UiPresent *present);

/* Shows what the boxes cover; the rest of the window still shows what it did. Returns false where the
 * driver lost the picture: all of it must be given again.  Thread: UI. */
bool ui_present_show(UiPresent *present, const UiCanvas *canvas, const UiBox *boxes, int count);

/* Forgets the texture: the driver has lost it.  Thread: UI. */
void ui_present_lost(UiPresent *present);

#endif
