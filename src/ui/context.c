#include "ui/context.h"

#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"

#include "ui/display.h"

enum {
    WIDTH = 1280,
    HEIGHT = 800,
    WIDTH_LEAST = 800,
    HEIGHT_LEAST = 500,
    SIDE_MOST = 16384
};

// --- the window

static bool is_set(const char *name)
{
    const char *const value = SDL_getenv(name);
    return value != NULL && *value != '\0';
}

/* Where there is no display SDL falls back on drivers that show nobody anything; only somebody who
 * asks for one by name wants it. */
static bool shows_windows(void)
{
    const char *const driver = SDL_GetCurrentVideoDriver();
    return is_set("SDL_VIDEODRIVER") || driver == NULL ||
           (strcmp(driver, "offscreen") != 0 && strcmp(driver, "dummy") != 0 &&
            strcmp(driver, "evdev") != 0);
}

static bool start_video(bool offscreen, LsError *err)
{
    /* SDL would take SIGINT and SIGTERM for itself and only queue an event. */
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_VIDEO_HIGHDPI_DISABLED, "0");
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
    SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    if (offscreen) {
        SDL_SetHintWithPriority(SDL_HINT_VIDEODRIVER, "dummy", SDL_HINT_OVERRIDE);
    }
    /* Asked before SDL tries every driver there is, some of which complain aloud. */
    if (!offscreen && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") &&
        !is_set("SDL_VIDEODRIVER")) {
        return ls_fail(err, LS_ERR_SYSTEM, "No window can be opened: no display was found.");
    }
    const bool started = SDL_InitSubSystem(SDL_INIT_VIDEO) == 0;
    if (offscreen) {
        SDL_ResetHint(SDL_HINT_VIDEODRIVER); /* a window opened later may have a display */
    }
    if (!started) {
        return ls_fail(err, LS_ERR_SYSTEM, "No window can be opened: %s.", SDL_GetError());
    }
    if (!offscreen && !shows_windows()) {
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
        return ls_fail(err, LS_ERR_SYSTEM, "No window can be opened: no display was found.");
    }
    if (TTF_Init() != 0) {
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
        return ls_fail(err, LS_ERR_SYSTEM, "Text cannot be drawn: %s.", TTF_GetError());
    }
    return true;
}

/* The window's size in its own units for a size in logical ones, kept inside the display. */
static void fit_size(const Ui *ui, const UiOptions *options, float units, int *w, int *h)
{
    SDL_Rect usable;
    *w = (int)((float)(options->width > 0 ? options->width : WIDTH) * units + 0.5F);
    *h = (int)((float)(options->height > 0 ? options->height : HEIGHT) * units + 0.5F);
    if (!ui->offscreen && options->width == 0 && SDL_GetDisplayUsableBounds(0, &usable) == 0) {
        *w = *w > usable.w ? usable.w : *w;
        *h = *h > usable.h ? usable.h : *h;
    }
    *w = *w > SIDE_MOST ? SIDE_MOST : *w;
    *h = *h > SIDE_MOST ? SIDE_MOST : *h;
}

static void read_size(Ui *ui)
{
    int w = 0;
    int h = 0;
    SDL_GetWindowSize(ui->window, &w, &h);
    SDL_GetWindowSizeInPixels(ui->window, &ui->width_px, &ui->height_px);
    ui->width_px = ui->width_px < 1 ? 1 : ui->width_px > SIDE_MOST ? SIDE_MOST : ui->width_px;
    ui->height_px = ui->height_px < 1 ? 1 : ui->height_px > SIDE_MOST ? SIDE_MOST : ui->height_px;
    ui->density = w > 0 ? (float)ui->width_px / (float)w : 1;
}

static bool open_window(Ui *ui, const UiOptions *options, LsError *err)
{
    /* Hidden until its scale, which only the window can tell, has given it its size. */
    ui->window =
        SDL_CreateWindow(options->title == NULL ? "" : options->title, SDL_WINDOWPOS_UNDEFINED,
                         SDL_WINDOWPOS_UNDEFINED, WIDTH, HEIGHT,
                         SDL_WINDOW_HIDDEN | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
    if (ui->window == NULL) {
        return ls_fail(err, LS_ERR_SYSTEM, "No window can be opened: %s.", SDL_GetError());
    }
    read_size(ui);
    ui->display_scale = ui->offscreen ? 1 : ui_display_scale(ui->window, ui->density);
    ui->scale = options->scale > 0 ? ui_display_clamp((double)options->scale) : ui->display_scale;
    int w = 0;
    int h = 0;
    fit_size(ui, options, ui->scale / ui->density, &w, &h);
    SDL_SetWindowSize(ui->window, w, h);
    const float least = ui->scale / ui->density;
    if (options->width == 0 || options->width >= WIDTH_LEAST) {
        SDL_SetWindowMinimumSize(
            ui->window, (int)(WIDTH_LEAST * least < (float)w ? WIDTH_LEAST * least : (float)w),
            (int)(HEIGHT_LEAST * least < (float)h ? HEIGHT_LEAST * least : (float)h));
    }
    SDL_SetWindowPosition(ui->window, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED);
    ui_present_init(&ui->present, ui->window, ui->offscreen);
    if (!ui->offscreen) {
        SDL_ShowWindow(ui->window);
    }
    read_size(ui);
    return true;
}

static bool resize(Ui *ui)
{
    ui->force = true;
    return ui_canvas_resize(&ui->canvas, ui->width_px, ui->height_px) &&
           ui_recorder_resize(&ui->recorder, ui->width_px, ui->height_px);
}

Ui *ui_create(const UiOptions *options, LsError *err)
{
    if (!start_video(options->offscreen, err)) {
        return NULL;
    }
    Ui *const ui = ls_memory_items(1, sizeof(Ui), err);
    if (ui == NULL) {
        TTF_Quit();
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
        return NULL;
    }
    ui->offscreen = options->offscreen;
    ui->popup.marked = -1;
    ui->input.rest_since = -1;
    ui->clip_count = 1;
    if (ui->offscreen) {
        ui_wait_init(&ui->wait);
    }
    if (!open_window(ui, options, err) || !ui_fonts_open(&ui->fonts, ui->scale, err)) {
        ui_destroy(ui);
        return NULL;
    }
    if (!ui_recorder_init(&ui->recorder) || !resize(ui)) {
        ls_fail(err, LS_ERR_MEMORY, "There is no memory for a window of %d x %d pixels.",
                ui->width_px, ui->height_px);
        ui_destroy(ui);
        return NULL;
    }
    ui->arrow = SDL_CreateSystemCursor(SDL_SYSTEM_CURSOR_ARROW);
    ui->beam = SDL_CreateSystemCursor(SDL_SYSTEM_CURSOR_IBEAM);
    SDL_StartTextInput();
    return ui;
}

void ui_destroy(Ui *ui)
{
    if (ui == NULL) {
        return;
    }
    ui_fonts_close(&ui->fonts);
    ui_recorder_finish(&ui->recorder);
    ui_canvas_finish(&ui->canvas);
    SDL_FreeCursor(ui->arrow);
    SDL_FreeCursor(ui->beam);
    ui_wait_finish(&ui->wait);
    ui_present_finish(&ui->present);
    if (ui->window != NULL) {
        SDL_DestroyWindow(ui->window);
    }
    ls_memory_free(ui);
    TTF_Quit();
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
}

// --- the frame

static void apply_scale(Ui *ui)
{
    LsError err;
    const float scale = ui->wanted_scale;
    ui->wanted_scale = 0;
    if (scale <= 0 || scale == ui->scale) {
        return;
    }
    const float before = ui->scale;
    if (ui_fonts_open(&ui->fonts, scale, &err)) {
        ui->scale = scale;
        ui->force = true;
    } else if (!ui_fonts_open(&ui->fonts, before, &err)) {
        ui_message(ui, true, err.text);
    }
}

void ui_begin(Ui *ui, double now)
{
    LsError err;
    ui->now = now;
    ui->wake = -1;
    apply_scale(ui);
    read_size(ui);
    if (ui->canvas.w != ui->width_px || ui->canvas.h != ui->height_px) {
        if (!resize(ui)) { /* too large for the memory there is: the window is made small again */
            SDL_SetWindowSize(ui->window, WIDTH_LEAST, HEIGHT_LEAST);
            read_size(ui);
            if (!resize(ui)) {
                ls_fail(&err, LS_ERR_MEMORY, "There is no memory for the window.");
                ui->width_px = 0;
                ui->height_px = 0;
            }
        }
    }
    if (ui_fonts_refresh(&ui->fonts)) {
        ui->force = true;
    }
    ui_recorder_begin(&ui->recorder);
    ui->clips[0] = (UiBox){0, 0, ui->canvas.w, ui->canvas.h};
    ui->clip_count = 1;
    ui->layer = 0;
    ui->level = 0;
    ui->level_seen = 0;
    ui->last_id = 0;
    ui->beam_wanted = false;
    ui->tip.hinted = ui->tip.wanted;
    ui->tip.wanted = false;
    ui->tip.fault = false;
    ui->scroll_id = 0;
    ui->scroll_offset = NULL;
    ui->popup.fresh = false;
    ui_input_begin(ui);
}

static void choose_cursor(Ui *ui)
{
    if (ui->beam_wanted != ui->beam_set && ui->arrow != NULL && ui->beam != NULL) {
        SDL_SetCursor(ui->beam_wanted ? ui->beam : ui->arrow);
        ui->beam_set = ui->beam_wanted;
    }
}

bool ui_end(Ui *ui)
{
    ui->clip_count = 1;
    ui_tip_draw(ui);
    ui_toasts_draw(ui);
    ui_input_end(ui);
    choose_cursor(ui);
    bool refill = ui->recorder.wanted > ui->recorder.size;
    for (int i = 0; i < UI_FONT_COUNT; i++) {
        refill = refill || ui->fonts.faces[i].full;
    }
    if (refill) {
        ui_wake_in(ui, 0);
    }
    if (ui->canvas.pixels == NULL || ui->recorder.cells == NULL) {
        return false;
    }
    ui_recorder_compare(ui, ui->force);
    ui->force = false;
    if (ui->recorder.damage_count == 0) {
        return false;
    }
    ui_recorder_draw(ui);
    if (!ui_present_show(&ui->present, &ui->canvas, ui->recorder.damage,
                         ui->recorder.damage_count)) {
        ui->force = true;
        ui_wake_in(ui, 0.02);
    }
    return true;
}

// --- what is known of it

UiRect ui_bounds(const Ui *ui)
{
    return (UiRect){0, 0, (float)ui->width_px / ui->scale, (float)ui->height_px / ui->scale};
}

float ui_scale(const Ui *ui)
{
    return ui->scale;
}

float ui_event_scale(const Ui *ui)
{
    return ui->scale / ui->density;
}

void ui_set_scale(Ui *ui, float scale)
{
    ui->wanted_scale = scale > 0 ? ui_display_clamp((double)scale) : ui->display_scale;
    ui_wake_in(ui, 0);
}

double ui_now(const Ui *ui)
{
    return ui->now;
}

double ui_next_wake(const Ui *ui)
{
    return ui->wake;
}

void ui_wake_in(Ui *ui, double seconds)
{
    if (ui->wake < 0 || seconds < ui->wake) {
        ui->wake = seconds < 0 ? 0 : seconds;
    }
}

bool ui_read_pixels(Ui *ui, uint8_t **rgb, int *w, int *h, LsError *err)
{
    const size_t count = (size_t)ui->canvas.w * (size_t)ui->canvas.h;
    if (ui->canvas.pixels == NULL) {
        return ls_fail(err, LS_ERR_SYSTEM, "The window has no picture yet.");
    }
    *rgb = ls_memory_items(count, 3, err);
    if (*rgb == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const uint32_t pixel = ui->canvas.pixels[i];
        (*rgb)[i * 3] = (uint8_t)(pixel >> 16);
        (*rgb)[i * 3 + 1] = (uint8_t)(pixel >> 8);
        (*rgb)[i * 3 + 2] = (uint8_t)pixel;
    }
    *w = ui->canvas.w;
    *h = ui->canvas.h;
    return true;
}

const char *ui_renderer(const Ui *ui)
{
    return ui->present.name;
}

SDL_Window *ui_sdl_window(Ui *ui)
{
    return ui->window;
}

bool ui_vsync(const Ui *ui)
{
    return ui->present.vsync;
}

double ui_present_wait(const Ui *ui)
{
    return ui->present.wait;
}
