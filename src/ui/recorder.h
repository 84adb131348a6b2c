/* The commands of a frame: recorded in an arena, compared cell by cell with those of the frame before,
 * and carried out only where they differ. */
#ifndef UI_RECORDER_H
#define UI_RECORDER_H

#include "ui/canvas.h"
#include "ui/draw.h"

enum {
    UI_LAYERS = 8,
    UI_CELL = 32,        /* device pixels, each side of a cell */
    UI_DAMAGE_MAX = 192, /* rectangles drawn anew in a frame; more are drawn as one */
};

typedef enum UiCommandKind {
    UI_COMMAND_FILL,
    UI_COMMAND_COLUMN,
    UI_COMMAND_ROUND,
    UI_COMMAND_DISC,
    UI_COMMAND_RING,
    UI_COMMAND_DOTS,
    UI_COMMAND_STROKE,
    UI_COMMAND_BAND,
    UI_COMMAND_PICTURE,
    UI_COMMAND_TEXT
} UiCommandKind;

/* Device pixels throughout. Everything up to `next` and what `data` holds is compared; of dots and
 * strokes piece by piece. */
typedef struct UiCommand {
    int32_t kind;
    UiBox box; /* what it may touch, inside its clip */
    float v[8];
    uint32_t color, other;
    uint32_t extra; /* font or picture; 0 */
    struct UiCommand *next;
    void *data, *data_other; /* points or glyphs; colours */
    size_t count, bytes, bytes_other;
    UiImage *image;
} UiCommand;

typedef struct UiRecorder {
    uint8_t *arena;
    size_t size, used, wanted; /* wanted: what did not fit, too */
    UiCommand *first[UI_LAYERS], *last[UI_LAYERS];
    uint64_t *cells, *cells_before; /* [rows, cols] */
    int cols, rows;
    UiBox damage[UI_DAMAGE_MAX];
    int damage_count;
} UiRecorder;

/* Thread: UI. */
bool ui_recorder_init(UiRecorder *recorder);
void ui_recorder_finish(UiRecorder *recorder);

/* Fits the cells to a canvas; all of it will be drawn anew. Fails: false where there is no memory.
 * Thread: UI. */
bool ui_recorder_resize(UiRecorder *recorder, int w, int h);

/* Empties the arena and lets it grow to what the last frame wanted.  Thread: UI. */
void ui_recorder_begin(UiRecorder *recorder);

/* Room in the arena, or NULL where it is full.  Thread: UI. */
void *ui_recorder_take(UiRecorder *recorder, size_t bytes);

/* Finds what differs from the frame before, or all of it where `whole`; damage then holds it.
 * Thread: UI. */
void ui_recorder_compare(Ui *ui, bool whole);

/* Draws the damage.  Thread: UI. */
void ui_recorder_draw(Ui *ui);

/* A new command on the layer in force that may touch x0 .. x1, y0 .. y1; NULL where nothing of it can
 * be seen or the arena is full.  Thread: UI. */
UiCommand *ui_command_add(Ui *ui, UiCommandKind kind, float x0, float y0, float x1, float y1);

/* A picture: grey until a colour is put in. */
struct UiImage {
    Ui *ui;
    uint8_t *bytes;
    int w, h, channels;
    bool smooth;
    uint32_t serial;
    UiBox changed; /* since it was last drawn, in its pixels */
};

#endif
