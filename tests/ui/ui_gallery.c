/* Shows the gallery in a window, or writes it into a PNG: ui_gallery [FILE.png [SCALE [ID]]]; ID is the
 * widget under the mouse, "!" before it presses it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"
#include "latentscape/data/png.h"

#include "ui/gallery.h"

static void frame(Ui *ui, UiGallery *gallery, double now)
{
    ui_begin(ui, now);
    ui_gallery_show(gallery, ui);
    (void)ui_end(ui);
}

static void point(Ui *ui, const char *id, bool press)
{
    UiRect at;
    SDL_Event event = {.type = SDL_MOUSEMOTION};
    if (!ui_find(ui, id, &at)) {
        return;
    }
    const float s = ui_event_scale(ui);
    const int x = (int)((at.x + at.w / 2) * s);
    const int y = (int)((at.y + at.h / 2) * s);
    event.motion.x = x;
    event.motion.y = y;
    ui_event(ui, &event);
    for (int down = 1; press && down >= 0; down--) {
        SDL_Event button = {.type = down ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP};
        button.button.button = SDL_BUTTON_LEFT;
        button.button.clicks = 1;
        button.button.x = x;
        button.button.y = y;
        ui_event(ui, &button);
    }
}

static int picture(Ui *ui, UiGallery *gallery, int argc, char **argv, LsError *err)
{
    uint8_t *rgb = NULL;
    int w = 0;
    int h = 0;
    double now = 100;
    frame(ui, gallery, now);
    for (int i = 3; i < argc; i++) {
        const bool press = argv[i][0] == '!';
        point(ui, argv[i] + press, press);
        for (int step = 0; step < 3; step++) {
            frame(ui, gallery, now += 0.2);
        }
    }
    frame(ui, gallery, now + 0.2);
    const double began = ls_clock_now();
    const int frames = 20;
    for (int i = 0; i < frames; i++) {
        SDL_Event exposed = {.type = SDL_WINDOWEVENT};
        exposed.window.event = SDL_WINDOWEVENT_EXPOSED;
        ui_event(ui, &exposed);
        frame(ui, gallery, now + 0.2);
    }
    const double whole = ls_clock_now() - began;
    for (int i = 0; i < frames; i++) {
        frame(ui, gallery, now + 0.2);
    }
    printf("%s: %.2f ms a whole frame, %.2f ms an unchanged one\n", ui_renderer(ui),
           whole * 1e3 / frames, (ls_clock_now() - began - whole) * 1e3 / frames);
    if (!ui_read_pixels(ui, &rgb, &w, &h, err)) {
        return 1;
    }
    const bool written = ls_png_save(argv[1], w, h, 3, rgb, err);
    ls_memory_free(rgb);
    return written ? 0 : 1;
}

static void live(Ui *ui, UiGallery *gallery)
{
    for (;;) {
        SDL_Event event;
        const double wake = ui_next_wake(ui);
        if (SDL_WaitEventTimeout(&event, wake < 0 ? 1000 : (int)(wake * 1000) + 1)) {
            do {
                if (event.type == SDL_QUIT) {
                    return;
                }
                ui_event(ui, &event);
            } while (SDL_PollEvent(&event));
        }
        frame(ui, gallery, ls_clock_now());
    }
}

int main(int argc, char **argv)
{
    LsError err = {.code = LS_OK};
    double scale = 0;
    UiGallery gallery;
    if (argc > 2 && !ls_text_to_number(argv[2], &scale)) {
        scale = 1;
    }
    const UiOptions options = {.title = "Gallery",
                               .width = 1280,
                               .height = 800,
                               .scale = (float)scale,
                               .offscreen = argc > 1};
    Ui *const ui = ui_create(&options, &err);
    if (ui == NULL) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    ui_gallery_init(&gallery, ui);
    int status = 0;
    if (argc > 1) {
        status = picture(ui, &gallery, argc, argv, &err);
    } else {
        live(ui, &gallery);
    }
    ui_gallery_finish(&gallery);
    ui_destroy(ui);
    if (status != 0) {
        fprintf(stderr, "%s\n", err.text);
    }
    return status;
}
