/* The widgets. Each draws itself in rect, reads mouse and keys, and tells what happened. Ids are
 * names of settings and actions. Every one shows its states: rest, hover, held, focused, disabled. */
#ifndef UI_WIDGETS_H
#define UI_WIDGETS_H

#include "ui/ui.h"

typedef enum UiLook {
    UI_LOOK_PLAIN,   /* no ground until the mouse is over it */
    UI_LOOK_RAISED,  /* a button */
    UI_LOOK_PRIMARY, /* the one button that matters: colour of action, dark text */
    UI_LOOK_CHIP,    /* pill shape; lit when `on` */
} UiLook;

/* A button. on: drawn as chosen. Returns whether it was pressed.  Thread: UI. */
bool ui_button(Ui *ui, const char *id, UiRect rect, const char *label, UiLook look, bool on,
               bool enabled);

/* The width a button's label needs.  Thread: UI. */
float ui_button_width(Ui *ui, const char *label, UiLook look);

/* A switch in a colour. Returns whether *on changed.  Thread: UI. */
bool ui_switch(Ui *ui, const char *id, UiRect rect, bool *on, UiColor color);

/* How a number moves and reads. */
typedef struct UiRange {
    double min, max;  /* what may be typed */
    double low, high; /* ends of the slider */
    bool logarithmic; /* by ratio; with min == 0 the leftmost stop is zero */
    bool whole;       /* whole numbers only */
    double reset;     /* double click and Delete set it to this */
} UiRange;

/* A slider with a fill of the colour. Returns whether *value changed; *done (may be NULL) whether the
 * person has finished (mouse let go, key pressed), so that one drag is one undo.  Thread: UI. */
bool ui_slider(Ui *ui, const char *id, UiRect rect, double *value, UiRange range, UiColor color,
               bool *done);

/* A figure that can be edited: click or Enter, type, Enter takes it, Esc leaves it; up and down step
 * it. Text that is no number in range shows in the colour of failure and is not taken.
 * Returns whether *value changed.  Thread: UI. */
bool ui_number(Ui *ui, const char *id, UiRect rect, double *value, UiRange range);

/* A field of text, UTF-8, with caret, selection by Shift and mouse, copy and paste. size: of text.
 * Returns whether Enter was pressed; *changed (may be NULL) whether the text changed.  Thread: UI. */
bool ui_text_field(Ui *ui, const char *id, UiRect rect, char *text, size_t size, const char *empty,
                   bool *changed);

/* One line of a menu. */
typedef struct UiItem {
    const char *label; /* NULL: a rule */
    const char *key;   /* its binding, or NULL */
    const char *help;  /* tooltip, or NULL */
    bool disabled;
} UiItem;

/* A button that opens a menu of items; `chosen` is ticked (-1: none). Returns the index picked, or -1.
 * The menu flips up and is kept inside the window; arrows, Enter and Esc work it.  Thread: UI. */
int ui_menu(Ui *ui, const char *id, UiRect rect, const char *label, UiLook look,
            const UiItem *items, int count, int chosen);

/* The width a menu's button needs for its label and arrow.  Thread: UI. */
float ui_menu_width(Ui *ui, const char *label, UiLook look);

/* A card: round ground with a title at its top left. Returns the inside below the title.
 * Thread: UI. */
UiRect ui_card(Ui *ui, UiRect rect, const char *title);

/* A vertically scrolling part: content is drawn between begin and end with the offset applied to the
 * rectangle begin returns; height: what the content took last time, kept by the caller.
 * Thread: UI. */
UiRect ui_scroll_begin(Ui *ui, const char *id, UiRect rect, float *offset, float content_height);
void ui_scroll_end(Ui *ui);

/* A dialog in the middle of the window over a dimmed ground, of at most w x h. Returns its inside;
 * everything drawn until ui_dialog_end() lies in it, and nothing else can be reached. *close becomes
 * true on Esc, on a click beside it and on its close button.  Thread: UI. */
UiRect ui_dialog_begin(Ui *ui, const char *id, float w, float h, const char *title, bool *close);
void ui_dialog_end(Ui *ui);

/* What a file browser is asked for, and its state between frames. */
typedef struct UiBrowser {
    bool open;
    bool saving; /* a name can be typed, an existing file is asked about */
    char title[64];
    char folder[4096];
    char name[256];  /* typed or picked */
    char suffix[16]; /* ".safetensors": other files are dimmed; added to a typed name */
    float scroll;
    int chosen;
    bool confirm;  /* asking whether to replace */
    bool begun;    /* has been shown once */
    void *listing; /* private to browser.c */
} UiBrowser;

/* Opens it at a folder ("" = the working one).  Thread: UI. */
void ui_browser_open(UiBrowser *browser, bool saving, const char *title, const char *folder,
                     const char *name, const char *suffix);

/* Shows it while open. Returns true in the frame in which a file was picked; path [4096] then holds
 * it.  Thread: UI. */
bool ui_browser(Ui *ui, UiBrowser *browser, char *path);

/* Frees what it holds.  Thread: UI. */
void ui_browser_finish(UiBrowser *browser);

#endif
