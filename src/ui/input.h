/* Events, and whose they are. A widget is known by the entry it made in the last frame: an event is
 * given to the topmost entry under the pointer, or to the focus, in the moment it arrives, so that
 * several events between two frames go where a person meant them. */
#ifndef UI_INPUT_H
#define UI_INPUT_H

#include <SDL.h>

#include "ui/geometry.h"

typedef struct Ui Ui;

enum {
    UI_ENTRY_MAX = 2048,
    UI_EVENT_MAX = 128,
    UI_KEY_MAX = 64,
    UI_KEY_TEXT = 32,
    UI_TARGET_LEVEL = 1, /* keys for the open menu or dialog rather than one of its widgets */
};

/* What a widget wants of the input. */
typedef enum UiWant {
    UI_WANT_FOCUS = 1,
    UI_WANT_PRESS = 2,  /* Space and Enter */
    UI_WANT_ADJUST = 4, /* arrows, Page, Home, End, Delete */
    UI_WANT_TEXT = 8,   /* everything typed; takes the focus by mouse too */
    UI_WANT_MOVE = 16,  /* arrows, +, -, 0, Enter */
    UI_WANT_WHEEL = 32,
    UI_WANT_STEP = 64,  /* Up, Down, digits, Enter */
    UI_WANT_OPEN = 128, /* Down, beside Space and Enter */
    UI_WANT_PAGE =
        256, /* Page, Home, End that the focus has no use for, under the pointer or about the focus */
} UiWant;

typedef struct UiEntry {
    uint64_t id;
    UiRect rect, visible;
    uint64_t scroll; /* the scrolling part it lies in, 0: none */
    int level;
    unsigned wants;
} UiEntry;

typedef enum UiEventKind {
    UI_EVENT_PRESS,
    UI_EVENT_RELEASE,
    UI_EVENT_CLICK, /* pressed and released on it */
    UI_EVENT_DOUBLE,
    UI_EVENT_RIGHT,
    UI_EVENT_WHEEL,
    UI_EVENT_PAGE /* amount: pages up, or without end */
} UiEventKind;

typedef struct UiEvent {
    UiEventKind kind;
    uint64_t id; /* 0: beside everything */
    UiPoint at;
    float amount;
    bool shift;
} UiEvent;

typedef struct UiKey {
    uint64_t target;
    SDL_Keycode sym; /* 0: text */
    uint16_t mod;
    char text[UI_KEY_TEXT];
} UiKey;

typedef struct UiInput {
    UiPoint at, before, press_at, pan_at;
    bool inside, moved;
    double rest_since; /* the pointer has not moved since */
    double pressed_at; /* time of the last press, for double clicks */
    uint64_t pressed_id;
    uint64_t hot, active, pan; /* under the pointer; held by the left, by the other buttons */
    uint8_t pan_button;
    uint16_t mod;
    UiEvent events[UI_EVENT_MAX];
    int event_count;
    UiKey keys[UI_KEY_MAX];
    int key_count;
    UiEntry entries[2][UI_ENTRY_MAX];
    int entry_count[2];
    int current; /* which of the two this frame fills */
} UiInput;

/* What a widget learns of itself in a frame. */
typedef struct UiAct {
    uint64_t id;
    bool enabled, hot, held, focused;         /* focused: to be shown */
    bool pressed, released, clicked, doubled; /* clicked: by keyboard too */
    bool reset;                               /* double click, Delete */
} UiAct;

/* Declares a widget, and tells what happened to it.  Thread: UI. */
UiAct ui_interact(Ui *ui, const char *id, UiRect rect, unsigned wants, bool enabled);

/* The same for one that has no name of its own but belongs to id.  Thread: UI. */
UiAct ui_interact_hashed(Ui *ui, uint64_t id, UiRect rect, unsigned wants, bool enabled);

/* The next key pressed for target (an id or UI_TARGET_LEVEL), or NULL; *at begins at 0.  Thread: UI. */
const UiKey *ui_key_next(const Ui *ui, uint64_t target, int *at);

/* The topmost entry of the last frame under a point, with all bits of `wants`; NULL: none.
 * Thread: UI. */
const UiEntry *ui_entry_at(const Ui *ui, UiPoint at, unsigned wants);
const UiEntry *ui_entry_find(const Ui *ui, uint64_t id);

/* Frame's begin and end.  Thread: UI. */
void ui_input_begin(Ui *ui);
void ui_input_end(Ui *ui);

/* Moves the focus; visible: by keyboard.  Thread: UI. */
void ui_focus_set(Ui *ui, uint64_t id, bool visible);
void ui_focus_step(Ui *ui, int step);

/* After the frame: focus of widgets that are gone, of dialogs opened or closed.  Thread: UI. */
void ui_focus_settle(Ui *ui);

/* A dialog or menu: what is declared between them lies above all else.  Thread: UI. */
void ui_level_push(Ui *ui);
void ui_level_pop(Ui *ui);

/* Whether what is declared now can be reached: nothing lies above it.  Thread: UI. */
bool ui_level_open(const Ui *ui);

#endif
