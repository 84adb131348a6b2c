/* How many device pixels a logical unit has, by what the desktop says. SDL 2 knows nothing of it on
 * X11, and what it says of the display's size in inches is often wrong. */
#include "ui/display.h"

#include <math.h>
#include <string.h>

#include <SDL.h>
#include <SDL_syswm.h>

#include "latentscape/core/text.h"

float ui_display_clamp(double scale)
{
    return scale < 0.75 ? 0.75F : scale > 3 ? 3.0F : (float)(floor(scale * 16 + 0.5) / 16);
}

double ui_display_resource_dpi(const char *resources)
{
    static const char name[] = "Xft.dpi:";
    for (const char *at = resources; at != NULL && *at != '\0';) {
        if (strncmp(at, name, sizeof(name) - 1) == 0) {
            char value[32];
            double dpi = 0;
            at += sizeof(name) - 1;
            at += strspn(at, " \t");
            const size_t length = strcspn(at, " \t\r\n");
            if (length < sizeof(value)) {
                memcpy(value, at, length);
                value[length] = '\0';
                return ls_text_to_number(value, &dpi) && dpi > 0 ? dpi : 0;
            }
        }
        at = strchr(at, '\n');
        at = at == NULL ? NULL : at + 1;
    }
    return 0;
}

/* Xft.dpi from the X server's resources, 0 where there are none. libX11 is loaded already by SDL; asking
 * it by name keeps the program free of a link to it. */
static double x11_dpi(SDL_Window *window)
{
    double dpi = 0;
#ifdef SDL_VIDEO_DRIVER_X11
    typedef char *ResourceString(Display *);
    SDL_SysWMinfo info;
    SDL_VERSION(&info.version);
    if (!SDL_GetWindowWMInfo(window, &info) || info.subsystem != SDL_SYSWM_X11) {
        return 0;
    }
    void *const library = SDL_LoadObject("libX11.so.6");
    if (library != NULL) {
        void *const found = SDL_LoadFunction(library, "XResourceManagerString");
        ResourceString *function = NULL;
        memcpy(&function, &found, sizeof(function)); /* C has no cast from data to function */
        if (function != NULL) {
            dpi = ui_display_resource_dpi(function(info.info.x11.display));
        }
        SDL_UnloadObject(library);
    }
#else
    (void)window;
#endif
    return dpi;
}

static double from_environment(const char *name)
{
    const char *const text = SDL_getenv(name);
    double value = 0;
    return text != NULL && ls_text_to_number(text, &value) && value > 0 ? value : 0;
}

float ui_display_scale(SDL_Window *window, float density)
{
    double scale = from_environment("LATENTSCAPE_SCALE");
    if (scale <= 0 && density > 1.01F) {
        scale = (double)density;
    }
    if (scale <= 0 && window != NULL) {
        scale = x11_dpi(window) / 96;
    }
    if (scale <= 0) {
        scale = from_environment("GDK_SCALE");
    }
    if (scale <= 0) {
        scale = from_environment("QT_SCALE_FACTOR");
    }
    return ui_display_clamp(scale > 0 ? scale : 1);
}
