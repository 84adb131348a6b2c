/* What the files of this layer share: the context itself and the parts it is made of. Nothing outside
 * src/ui includes it. Lengths called _px are device pixels, all others logical units. */
#ifndef UI_CONTEXT_H
#define UI_CONTEXT_H

#include <SDL.h>

#include "ui/canvas.h"
#include "ui/font.h"
#include "ui/input.h"
#include "ui/present.h"
#include "ui/recorder.h"
#include "ui/ui.h"

enum {
    UI_DEPTH_MAX = 8,                    /* dialogs and menus opened from one another */
    UI_CLIP_MAX = 16,                    /* clips within clips */
    UI_TOAST_MAX = 3,                    /* messages shown at once */
    UI_TOAST_TEXT = LS_ERROR_TEXT + 128, /* bytes of one: a fault and what can be done about it */
    UI_EDIT_MAX = 1024,                  /* bytes of a field while it is edited */
};

/* A message on its way out. */
typedef struct UiToast {
    char text[UI_TOAST_TEXT];
    bool bad;
    double seconds; /* it stays */
    double until;   /* 0: free; infinite before the first frame that shows it */
} UiToast;

/* The one field that is being edited. */
typedef struct UiEdit {
    uint64_t id; /* 0: none */
    char text[UI_EDIT_MAX];
    size_t caret, anchor; /* bytes; the selection lies between them */
    float scroll;         /* text shifted to the left, logical units */
    double blink_from;
    bool selecting; /* the mouse drags a selection */
    bool fresh;     /* begun in this frame: its press keeps the selection of all */
    int key_from;   /* keys of the frame before this one began it */
    uint64_t left;  /* the field that was edited before, if it has not yet taken its text */
    char left_text[64];
} UiEdit;

/* The tooltip the pointer or the focus asks for in this frame. */
typedef struct UiTip {
    char text[512], key[32];
    UiRect rect, panel; /* panel: the menu it stands beside, where `beside` */
    bool beside;
    bool wanted, at_once, hinted; /* hinted: wanted in the frame before */
    bool fault;                   /* says what is wrong: nothing else takes its place */
    double since;                 /* when the pointer came to rest on rect */
    UiRect last_rect;
    bool shown;
    bool returning; /* a menu or dialog has closed: what was used to open it comes back */
    bool silenced;  /* what it speaks of was used: no more of it until it is come to again */
} UiTip;

/* The one open menu. */
typedef struct UiPopup {
    uint64_t id; /* 0: none */
    int marked;  /* the item under the mouse or the arrows, -1: none */
    bool fresh;  /* opened in this frame: the press that opened it must not close it */
} UiPopup;

/* A state shown without being in it: the gallery's. */
typedef struct UiPose {
    bool posing, hot, held, focused;
} UiPose;

/* How a window in memory sleeps: SDL would look for events a thousand times a second. */
typedef struct UiWait {
    SDL_sem *told; /* posted once for each event; NULL: SDL itself sleeps until the display tells */
} UiWait;

struct Ui {
    // --- the window
    SDL_Window *window;
    UiPresent present;
    UiWait wait;
    UiCanvas canvas;
    float scale, display_scale, wanted_scale, density; /* density: device pixels a window unit */
    int width_px, height_px;
    bool offscreen, force; /* force: the next frame is drawn whole */
    SDL_Cursor *arrow, *beam;
    bool beam_wanted, beam_set;
    // --- the frame
    double now;
    UiRecorder recorder;
    UiFonts fonts;
    UiBox clips[UI_CLIP_MAX];
    int clip_count, layer;
    uint32_t image_serial;
    // --- input
    UiInput input;
    int level, level_seen, level_top; /* 0 is the window, one more for each dialog or menu */
    uint64_t focus, focus_below[UI_DEPTH_MAX], focus_pending;
    int focus_patience; /* frames the pending focus may still wait for its widget */
    bool focus_visible;
    uint64_t scope;   /* hash of the prefix of the ids declared now; 0: none */
    uint64_t last_id; /* the widget declared last: tooltips belong to it */
    UiPose pose;
    double drag_fraction; /* where the slider being dragged stands */
    float drag_x;
    UiEdit edit;
    UiPopup popup;
    UiTip tip;
    UiToast toasts[UI_TOAST_MAX];
    // --- the scrolling part being drawn; none where its offset is NULL
    uint64_t scroll_id, scroll_focus; /* scroll_focus: the focus last brought into sight */
    UiRect scroll_rect;
    float *scroll_offset; /* the caller's, between begin and end */
    float scroll_content;
    double wake; /* seconds until a frame is wanted, negative: none */
};

/* Begins and ends to be told of events, by whatever thread makes them; without memory for it ui_wait()
 * leaves the sleeping to SDL. finish() accepts what is zeroed.  Thread: UI. */
void ui_wait_init(UiWait *wait);
void ui_wait_finish(UiWait *wait);

/* Asks for another frame within `seconds`.  Thread: UI. */
void ui_wake_in(Ui *ui, double seconds);

/* The clip in force, logical units.  Thread: UI. */
UiRect ui_clip_rect(const Ui *ui);

/* The name of a widget as the number it is kept by; never 0.  Thread: any. */
uint64_t ui_id_hash(const char *id);

/* Rounds a length to whole device pixels, at least one; a position to the nearest.  Thread: UI. */
float ui_snap_length(const Ui *ui, float length);
float ui_snap(const Ui *ui, float position);

/* The shadow of what floats above the window.  Thread: UI. */
void ui_shadow_draw(Ui *ui, UiRect rect);

/* Asks for a tooltip whatever lies under the mouse.  Thread: UI. */
void ui_tip_offer(Ui *ui, UiRect rect, const char *text, const char *key, bool at_once);

/* The same, to say what is wrong with what is being typed.  Thread: UI. */
void ui_tip_fault(Ui *ui, UiRect rect, const char *text);

/* Draws the tooltip and the messages over everything, at the end of the frame.  Thread: UI. */
void ui_tip_draw(Ui *ui);
void ui_toasts_draw(Ui *ui);

#endif
