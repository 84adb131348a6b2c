/* Drawing: commands recorded in one frame's arena, in layers, and carried out at the end of the
 * frame. A frame whose commands are those of the one before is not drawn again. What finds the arena
 * full is not drawn; the arena grows before the next frame. Edges, lines and circles are anti-aliased.
 * All of it on the UI thread; coordinates are logical units. */
#ifndef UI_DRAW_H
#define UI_DRAW_H

#include <stddef.h>

#include "ui/theme.h"

typedef struct Ui Ui;
typedef struct UiImage UiImage;

typedef enum UiAlign {
    UI_LEFT,
    UI_CENTER,
    UI_RIGHT
} UiAlign;

/* What follows is drawn over everything in lower layers: 0 the window, 1 menus, 2 dialogs, 3 tooltips
 * and messages.  Thread: UI. */
void ui_draw_layer(Ui *ui, int layer);

/* Restricts what follows to rect (and to the clip around it) until the matching pop.  Thread: UI. */
void ui_draw_push_clip(Ui *ui, UiRect rect);
void ui_draw_pop_clip(Ui *ui);

/* A filled rectangle with sharp corners, snapped to whole pixels.  Thread: UI. */
void ui_draw_rect(Ui *ui, UiRect rect, UiColor color);

/* A filled rectangle with round corners.  Thread: UI. */
void ui_draw_round(Ui *ui, UiRect rect, float radius, UiColor color);

/* The outline of one, `width` thick, inside rect.  Thread: UI. */
void ui_draw_frame(Ui *ui, UiRect rect, float radius, float width, UiColor color);

/* A polyline with round joins. Shapes: points [count], copied.  Thread: UI. */
void ui_draw_lines(Ui *ui, const UiPoint *points, size_t count, float width, UiColor color);

/* A polyline whose colour fades from `from` at the first point to `to` at the last.  Thread: UI. */
void ui_draw_trail(Ui *ui, const UiPoint *points, size_t count, float width, UiColor from,
                   UiColor to);

/* What lies between two curves over the same ascending x, filled. Shapes: points [count], copied.
 * Thread: UI. */
void ui_draw_band(Ui *ui, const UiBandPoint *points, size_t count, UiColor color);

/* A straight line, dashed: `on` drawn and `off` left out in turn.  Thread: UI. */
void ui_draw_dashes(Ui *ui, UiPoint a, UiPoint b, float width, float on, float off, UiColor color);

/* A vertical bar from y0 to y1 at x, one device pixel wide: min/max columns of dense curves.
 * Thread: UI. */
void ui_draw_column(Ui *ui, float x, float y0, float y1, UiColor color);

/* A filled circle; a ring `width` thick, dashed where dash > 0 (length of dash and gap).
 * Thread: UI. */
void ui_draw_disc(Ui *ui, UiPoint center, float radius, UiColor color);
void ui_draw_ring(Ui *ui, UiPoint center, float radius, float width, float dash, UiColor color);

/* Many equal small discs, each with a thin outline (none where outline.a == 0). Shapes: centers,
 * colors [count], copied.  Thread: UI. */
void ui_draw_dots(Ui *ui, const UiPoint *centers, const UiColor *colors, size_t count, float radius,
                  UiColor outline);

/* An image, or the part of it `source` names in its pixels (NULL: all of it), tinted.
 * Thread: UI. */
void ui_draw_image(Ui *ui, const UiImage *image, const UiRect *source, UiRect target, UiColor tint);

/* One line of text, vertically centred in rect, cut with an ellipsis where it does not fit.
 * Digits are equally wide. Returns its width.  Thread: UI. */
float ui_draw_text(Ui *ui, UiRect rect, UiFont font, UiAlign align, UiColor color,
                   const char *text);

/* The same, formatted.  Thread: UI. */
float ui_draw_textf(Ui *ui, UiRect rect, UiFont font, UiAlign align, UiColor color,
                    const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Text broken into lines at spaces; returns the height it takes. draw = false only measures.
 * Thread: UI. */
float ui_draw_paragraph(Ui *ui, UiRect rect, UiFont font, UiColor color, const char *text,
                        bool draw);

/* The width of a line of text; the height of a line.  Thread: UI. */
float ui_text_width(Ui *ui, UiFont font, const char *text);
float ui_text_height(Ui *ui, UiFont font);

/* A picture of width x height pixels that can be changed: grey levels or RGBA. Linear filtering where
 * smooth. Owns: the caller, ui_image_destroy(). Fails: NULL where the renderer has no room; drawing a
 * NULL image does nothing.  Thread: UI. */
UiImage *ui_image_create(Ui *ui, int width, int height, bool smooth);
void ui_image_destroy(UiImage *image);

/* Replaces the part x, y, w, h. Shapes: grey [h, stride] bytes; rgba [h, w * 4].  Thread: UI. */
void ui_image_set_grey(UiImage *image, int x, int y, int w, int h, const uint8_t *grey, int stride);
void ui_image_set_rgba(UiImage *image, int x, int y, int w, int h, const uint8_t *rgba, int stride);

/* Its size in pixels.  Thread: UI. */
int ui_image_width(const UiImage *image);
int ui_image_height(const UiImage *image);

#endif
