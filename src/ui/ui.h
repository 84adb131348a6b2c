/* The immediate-mode user interface: one context a window, one begin and end a frame, widgets as
 * calls between them. A widget keeps nothing of its own: hot, active and focus are the Ui's, and its
 * id is the name of the setting or action it stands for, so scripts and tests find it by name.
 *
 * A frame: ui_event() for each SDL event, ui_begin(), widgets, ui_end(). Every widget can be reached
 * with Tab and Shift-Tab in the order of its appearance, shows a focus ring when reached by keyboard,
 * and is worked with Space, Enter and arrows. While a dialog or menu is open, what lies under it gets
 * neither mouse nor keys. */
#ifndef UI_UI_H
#define UI_UI_H

#include <SDL.h>

#include "latentscape/core/error.h"

#include "ui/draw.h"

/* How a window begins. */
typedef struct UiOptions {
    const char *title;
    int width, height; /* logical units; 0: 1280x800, or what fits the display */
    float scale;       /* 0: from Xft.dpi, GDK_SCALE or the drawable's size */
    bool offscreen;    /* no display: draws into memory with the software renderer */
} UiOptions;

/* Opens the window. Owns: the caller, ui_destroy(). Fails: NULL, LS_ERR_SYSTEM: no display, no
 * renderer; LS_ERR_FILE: a font is missing, named.  Thread: UI. */
LS_CHECKED Ui *ui_create(const UiOptions *options, LsError *err);

/* Closes it; NULL is accepted.  Thread: UI. */
void ui_destroy(Ui *ui);

/* Sleeps until there is an event, which it takes, or the seconds are over (0: only looks). Returns
 * whether it took one; false a little early counts as the end.  Thread: UI. */
bool ui_wait(Ui *ui, SDL_Event *event, double seconds);

/* Tells the window's events to the interface. Returns whether the event was for a text field or an
 * open menu or dialog, so that it must not trigger a key binding.  Thread: UI. */
bool ui_event(Ui *ui, const SDL_Event *event);

/* Whether key events now belong to a text field, an open menu or a dialog.  Thread: UI. */
bool ui_takes_keys(const Ui *ui);

/* Begins a frame at time now (seconds, monotonic).  Thread: UI. */
void ui_begin(Ui *ui, double now);

/* Ends it: draws tooltip and messages, then carries out the commands where they differ from the last
 * frame's (or where images changed). Returns whether something was presented.  Thread: UI. */
bool ui_end(Ui *ui);

/* The window's size in logical units, and device pixels a unit.  Thread: UI. */
UiRect ui_bounds(const Ui *ui);
float ui_scale(const Ui *ui);

/* Units of SDL's mouse events a logical unit: for whoever makes such events.  Thread: UI. */
float ui_event_scale(const Ui *ui);

/* Sets the scale (0.75 .. 3; 0: the display's own), as Ctrl + and - do.  Thread: UI. */
void ui_set_scale(Ui *ui, float scale);

/* The frame's time, and whether an animation (a caret, a message fading) wants another frame by itself;
 * seconds until then, or a negative number for none.  Thread: UI. */
double ui_now(const Ui *ui);
double ui_next_wake(const Ui *ui);

/* Pixels of the frame last drawn. Shapes: *rgb gets [h, w, 3] bytes. Owns: the caller,
 * ls_memory_free(*rgb). Fails: false, LS_ERR_SYSTEM or LS_ERR_MEMORY.  Thread: UI. */
LS_CHECKED bool ui_read_pixels(Ui *ui, uint8_t **rgb, int *w, int *h, LsError *err);

/* How pictures reach the display: "opengl" or another renderer of SDL, "software" (copied to the
 * window), "memory" (offscreen).  Thread: UI. */
const char *ui_renderer(const Ui *ui);
SDL_Window *ui_sdl_window(Ui *ui);

/* Whether presenting waits for the display; how many seconds the last ui_end() spent in the driver
 * handing the picture over, waiting included: not the frame's own work.  Thread: UI. */
bool ui_vsync(const Ui *ui);
double ui_present_wait(const Ui *ui);

/* Ids declared from now on belong to a part of the window of its own: their names are `prefix` and id
 * together ("b:map"), so that a view can be drawn twice in a frame; NULL: no prefix any more.
 * Thread: UI. */
void ui_scope(Ui *ui, const char *prefix);

/* --- the mouse over an area that is not a widget of its own ------------------------------------- */

typedef struct UiHit {
    bool over; /* the pointer is on it and nothing lies over it there */
    bool pressed, held, released, clicked, double_clicked; /* left button, begun on it */
    bool pan_held;                                         /* right or middle button, begun on it */
    bool right_clicked; /* right button down and up without moving */
    bool focused;       /* it has the keyboard focus */
    UiPoint at;         /* the pointer, logical units */
    UiPoint moved;      /* since the last frame */
    float wheel;        /* notches up, fractions on touchpads */
    int key_x, key_y;   /* arrow keys pressed while focused: -1, 0, 1; shift held: -10, 10 */
    bool key_in, key_out, key_fit; /* '+', '-', '0' while focused */
    bool key_enter;
} UiHit;

/* Declares an area with an id; focusable with Tab where `focusable`.  Thread: UI. */
UiHit ui_area(Ui *ui, const char *id, UiRect rect, bool focusable);

/* What is said of the thing under the mouse or in focus: shown as a tooltip at once when focused by
 * keyboard, after a moment under a still mouse; also the status line's hint. To be called after the
 * widget or area it belongs to. key: its key binding, or NULL. What is higher than 160 units is told by
 * the hint alone, so that nothing covers a map.  Thread: UI. */
void ui_tooltip(Ui *ui, UiRect rect, const char *text, const char *key);

/* The hint for what is under the mouse now, or NULL. Owns: the Ui, until the frame ends.
 * Thread: UI. */
const char *ui_hint(const Ui *ui);

/* A message that goes away by itself (bad: in the colour of failure, stays longer, Esc or a click
 * ends it).  Thread: UI. */
void ui_message(Ui *ui, bool bad, const char *text);

/* Gives the keyboard focus to the widget with this id in the next frame (NULL: to none).
 * Thread: UI. */
void ui_focus(Ui *ui, const char *id);

/* Where the widget with this id was drawn in the last frame, for scripts, tests and pointers.
 * Fails: false where there is none.  Thread: UI. */
LS_CHECKED bool ui_find(const Ui *ui, const char *id, UiRect *rect);

/* Where the pointer is by the events taken so far, logical units.  Thread: UI. */
UiPoint ui_pointer(const Ui *ui);

#endif
