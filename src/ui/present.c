#include "ui/present.h"

#include <string.h>
#include <unistd.h>

#include "latentscape/core/clock.h"

#include "ui/recorder.h"

/* Whether a renderer is worth its start-up time. Without a graphics device OpenGL is emulated on the
 * processor, and drawing the finished picture through it costs more than copying it. */
static bool has_graphics_device(void)
{
    return access("/dev/dri/renderD128", F_OK) == 0;
}

static bool make_renderer(UiPresent *present)
{
    SDL_RendererInfo info;
    present->renderer = SDL_CreateRenderer(present->window, -1,
                                           SDL_RENDERER_ACCELERATED | SDL_RENDERER_PRESENTVSYNC);
    if (present->renderer == NULL || SDL_GetRendererInfo(present->renderer, &info) != 0) {
        return false;
    }
    SDL_strlcpy(present->name, info.name, sizeof(present->name));
    present->vsync = (info.flags & SDL_RENDERER_PRESENTVSYNC) != 0;
    return true;
}

void ui_present_init(UiPresent *present, SDL_Window *window, bool nowhere)
{
    memset(present, 0, sizeof(*present));
    present->window = window;
    present->nowhere = nowhere;
    SDL_strlcpy(present->name, nowhere ? "memory" : "software", sizeof(present->name));
    if (nowhere) {
        return;
    }
    const char *const asked = SDL_getenv("SDL_RENDER_DRIVER");
    const char *const driver = SDL_GetCurrentVideoDriver();
    /* Wayland has no surface of its own in SDL 2: it always needs the renderer. */
    const bool wayland = driver != NULL && strcmp(driver, "wayland") == 0;
    const bool accelerated = asked != NULL && *asked != '\0' ? strcmp(asked, "software") != 0
                                                             : wayland || has_graphics_device();
    if (accelerated && !make_renderer(present)) {
        ui_present_finish(present);
        SDL_strlcpy(present->name, "software", sizeof(present->name));
    }
    if (present->renderer == NULL) {
        /* The surface goes straight to the display, not through an emulated OpenGL. */
        SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    }
}

void ui_present_finish(UiPresent *present)
{
    if (present->renderer != NULL) {
        SDL_DestroyRenderer(present->renderer); /* and its texture */
    }
    present->renderer = NULL;
    present->texture = NULL;
}

void ui_present_lost(UiPresent *present)
{
    if (present->texture != NULL) {
        SDL_DestroyTexture(present->texture);
        present->texture = NULL;
    }
}

static bool show_texture(UiPresent *present, const UiCanvas *canvas, const UiBox *boxes, int count)
{
    bool whole = true;
    if (present->texture == NULL || present->texture_w != canvas->w ||
        present->texture_h != canvas->h) {
        ui_present_lost(present);
        present->texture = SDL_CreateTexture(present->renderer, SDL_PIXELFORMAT_ARGB8888,
                                             SDL_TEXTUREACCESS_STREAMING, canvas->w, canvas->h);
        present->texture_w = canvas->w;
        present->texture_h = canvas->h;
        /* A fresh texture holds nothing: boxes that are not the whole window must come again. */
        whole = count == 1 && boxes[0].x0 == 0 && boxes[0].y0 == 0 && boxes[0].x1 == canvas->w &&
                boxes[0].y1 == canvas->h;
    }
    for (int i = 0; i < count; i++) {
        const SDL_Rect rect = {boxes[i].x0, boxes[i].y0, boxes[i].x1 - boxes[i].x0,
                               boxes[i].y1 - boxes[i].y0};
        SDL_UpdateTexture(present->texture, &rect,
                          canvas->pixels + (size_t)rect.y * (size_t)canvas->w + rect.x,
                          canvas->w * 4);
    }
    SDL_SetTextureBlendMode(present->texture, SDL_BLENDMODE_NONE);
    SDL_RenderCopy(present->renderer, present->texture, NULL, NULL);
    const double before = ls_clock_now();
    SDL_RenderPresent(present->renderer);
    present->wait = ls_clock_now() - before;
    return whole;
}

static bool show_surface(UiPresent *present, const UiCanvas *canvas, const UiBox *boxes, int count)
{
    SDL_Rect rects[UI_DAMAGE_MAX];
    SDL_Surface *const surface = SDL_GetWindowSurface(present->window);
    if (surface == NULL || surface->format->BytesPerPixel != 4 || surface->w != canvas->w ||
        surface->h != canvas->h) {
        return false;
    }
    const bool same = surface->format->Rmask == 0xff0000 && surface->format->Gmask == 0xff00 &&
                      surface->format->Bmask == 0xff;
    for (int i = 0; i < count; i++) {
        rects[i] = (SDL_Rect){boxes[i].x0, boxes[i].y0, boxes[i].x1 - boxes[i].x0,
                              boxes[i].y1 - boxes[i].y0};
        uint8_t *const to =
            (uint8_t *)surface->pixels + (ptrdiff_t)rects[i].y * surface->pitch + rects[i].x * 4;
        const uint32_t *const from =
            canvas->pixels + (size_t)rects[i].y * (size_t)canvas->w + rects[i].x;
        if (same) {
            for (int row = 0; row < rects[i].h; row++) {
                memcpy(to + (ptrdiff_t)row * surface->pitch, from + (size_t)row * (size_t)canvas->w,
                       (size_t)rects[i].w * 4);
            }
        } else {
            SDL_ConvertPixels(rects[i].w, rects[i].h, SDL_PIXELFORMAT_ARGB8888, from, canvas->w * 4,
                              surface->format->format, to, surface->pitch);
        }
    }
    const double before = ls_clock_now();
    const bool shown = SDL_UpdateWindowSurfaceRects(present->window, rects, count) == 0;
    present->wait = ls_clock_now() - before;
    return shown;
}

bool ui_present_show(UiPresent *present, const UiCanvas *canvas, const UiBox *boxes, int count)
{
    present->wait = 0;
    if (present->nowhere) {
        return true;
    }
    return present->renderer != NULL ? show_texture(present, canvas, boxes, count)
                                     : show_surface(present, canvas, boxes, count);
}
