/* Glyph pictures. A font is opened four times as wide as high and each glyph is kept in four shifts of
 * a quarter pixel, so that letters stand where they should while their stems keep the hinted height.
 * Positions along a line are quarter pixels, device. */
#ifndef UI_FONT_H
#define UI_FONT_H

#include <SDL_ttf.h>

#include "latentscape/core/error.h"

#include "ui/canvas.h"
#include "ui/theme.h"

enum {
    UI_GLYPH_MAX = 512, /* different signs a font holds */
    UI_GLYPH_SLOTS = 1024,
    UI_GLYPH_PLAIN = 128, /* codes of nearly all text: found without a search */
    UI_TEXT_MAX = 256,    /* signs drawn of one line */
};

typedef struct UiGlyph {
    uint32_t code;
    int16_t advance; /* quarter pixels */
    int16_t left[4]; /* whole pixels from the pen, for each shift */
    int16_t top, h;  /* rows above the baseline, rows */
    int16_t w[4];
    uint32_t cover[4]; /* where in the font's pool */
} UiGlyph;

typedef struct UiFace {
    TTF_Font *font;
    int em_px;
    int line_px, digit; /* a line's height; a digit's cell, quarter pixels */
    int spacing;        /* added after each sign, quarter pixels */
    UiGlyph glyphs[UI_GLYPH_MAX];
    int glyph_count;
    uint16_t slots[UI_GLYPH_SLOTS]; /* glyph + 1, by code */
    uint16_t plain[UI_GLYPH_PLAIN]; /* glyph + 1, of the codes below, once they were asked for */
    uint8_t *pool;
    size_t pool_size, pool_used;
    bool full; /* something did not fit: emptied before the next frame */
} UiFace;

typedef struct UiFonts {
    UiFace faces[UI_FONT_COUNT];
    float scale;
} UiFonts;

/* One sign of a laid-out line. */
typedef struct UiSpot {
    uint16_t glyph;
    int16_t x; /* quarter pixels from the line's start */
} UiSpot;

/* Opens the fonts for a scale; those already open are closed. Fails: false, LS_ERR_FILE, LS_ERR_MEMORY.
 * Thread: UI. */
LS_CHECKED bool ui_fonts_open(UiFonts *fonts, float scale, LsError *err);
void ui_fonts_close(UiFonts *fonts);

/* Empties faces that ran full. Returns whether any did.  Thread: UI. */
bool ui_fonts_refresh(UiFonts *fonts);

/* Lays out at most UI_TEXT_MAX signs of text [bytes] that fit `limit` quarter pixels (negative: no
 * limit), cut with an ellipsis. Shapes: spots [UI_TEXT_MAX]; *width in quarter pixels. Returns the number
 * of signs.  Thread: UI. */
int ui_face_layout(UiFace *face, const char *text, size_t bytes, int limit, UiSpot *spots,
                   int *width);

/* The next sign of UTF-8 text; bytes that are none, and control characters, become '?'. Moves *at.
 * Thread: any. */
uint32_t ui_text_next(const char *text, size_t bytes, size_t *at);

/* Draws a laid-out line whose baseline is y and whose start is x quarter pixels.  Thread: UI. */
void ui_face_draw(const UiFace *face, UiCanvas *canvas, UiBox clip, int x, int y,
                  const UiSpot *spots, size_t count, uint32_t color);

/* Shapes Inter lacks, as coverage: whether there is one for code, and whether the point (x right, y up,
 * in ems from the pen on the baseline) lies in it.  Thread: any. */
bool ui_sign_known(uint32_t code, float *advance);
bool ui_sign_has(uint32_t code, float x, float y);

#endif
