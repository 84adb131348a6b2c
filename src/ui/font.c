#include "ui/font.h"

#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"

enum {
    SUPER = 4 /* samples a pixel, each way, of signs drawn as shapes */
};

static const struct {
    const char *file;
    float size;    /* logical units an em */
    float spacing; /* ems */
} rows[UI_FONT_COUNT] = {
    [UI_FONT_SMALL] = {"assets/fonts/Inter-Regular.otf", 11, 0},
    [UI_FONT_BODY] = {"assets/fonts/Inter-Regular.otf", 13, 0},
    [UI_FONT_STRONG] = {"assets/fonts/Inter-SemiBold.otf", 13, 0},
    [UI_FONT_CAPTION] = {"assets/fonts/Inter-Medium.otf", 11, 0.07F},
    [UI_FONT_TITLE] = {"assets/fonts/Inter-SemiBold.otf", 16, 0},
};

static void empty(UiFace *face)
{
    face->glyph_count = 0;
    face->pool_used = 0;
    face->full = false;
    memset(face->slots, 0, sizeof(face->slots));
    memset(face->plain, 0, sizeof(face->plain));
}

static bool open_face(UiFace *face, int row, float scale, LsError *err)
{
    char path[LS_PATH_MAX];
    if (!ls_path_asset(rows[row].file, path, err)) {
        return false;
    }
    const float em = rows[row].size * scale;
    face->em_px = (int)(em + 0.5F) < 6 ? 6 : (int)(em + 0.5F);
    face->font = TTF_OpenFontDPI(path, face->em_px, 4 * 72, 72);
    if (face->font == NULL) {
        return ls_fail(err, LS_ERR_FILE, "%s is no font that can be read: %s.", path,
                       TTF_GetError());
    }
    TTF_SetFontHinting(face->font, TTF_HINTING_LIGHT);
    /* Some 200 signs of four shifts, each about half an em square. */
    face->pool_size = (size_t)(face->em_px * face->em_px) * 4 * 200 * 6 / 10;
    face->pool = ls_memory_items(face->pool_size + UI_LANES, 1, err);
    if (face->pool == NULL) {
        return false;
    }
    face->line_px = (int)((float)face->em_px * 1.21F + 0.5F);
    face->spacing = (int)(rows[row].spacing * (float)face->em_px * 4 + 0.5F);
    face->digit = 0;
    for (uint32_t code = '0'; code <= '9'; code++) {
        int advance = 0;
        if (TTF_GlyphMetrics32(face->font, code, NULL, NULL, NULL, NULL, &advance) == 0 &&
            advance > face->digit) {
            face->digit = advance;
        }
    }
    empty(face);
    return true;
}

bool ui_fonts_open(UiFonts *fonts, float scale, LsError *err)
{
    ui_fonts_close(fonts);
    for (int i = 0; i < UI_FONT_COUNT; i++) {
        if (!open_face(&fonts->faces[i], i, scale, err)) {
            ui_fonts_close(fonts);
            return false;
        }
    }
    fonts->scale = scale;
    return true;
}

void ui_fonts_close(UiFonts *fonts)
{
    for (int i = 0; i < UI_FONT_COUNT; i++) {
        UiFace *const face = &fonts->faces[i];
        if (face->font != NULL) {
            TTF_CloseFont(face->font);
        }
        ls_memory_free(face->pool);
        memset(face, 0, sizeof(*face));
    }
}

bool ui_fonts_refresh(UiFonts *fonts)
{
    bool any = false;
    for (int i = 0; i < UI_FONT_COUNT; i++) {
        if (fonts->faces[i].full) {
            empty(&fonts->faces[i]);
            any = true;
        }
    }
    return any;
}

uint32_t ui_text_next(const char *text, size_t bytes, size_t *at)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    const uint8_t first = (uint8_t)text[*at];
    size_t length = first < 0x80    ? 1
                    : first >= 0xf0 ? 4
                    : first >= 0xe0 ? 3
                    : first >= 0xc2 ? 2
                                    : 0;
    if (length == 0 || first > 0xf4 || *at + length > bytes) {
        *at += 1;
        return '?';
    }
    uint32_t code = length == 1 ? first : first & (0xffU >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        const uint8_t more = (uint8_t)text[*at + i];
        if ((more & 0xc0) != 0x80) {
            *at += 1;
            return '?';
        }
        code = code << 6 | (more & 0x3fU);
    }
    *at += length;
    const bool bad = code < 0x20 || code == 0x7f || (code >= 0x80 && code < 0xa0) ||
                     code < least[length] || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff;
    return bad ? '?' : code;
}

/* Room for w x h bytes of each of the four shifts. */
static bool take_pool(UiFace *face, UiGlyph *glyph)
{
    for (int shift = 0; shift < 4; shift++) {
        const size_t bytes = (size_t)glyph->w[shift] * (size_t)glyph->h;
        if (bytes > face->pool_size - face->pool_used) {
            face->full = true;
            return false;
        }
        glyph->cover[shift] = (uint32_t)face->pool_used;
        face->pool_used += bytes;
    }
    return true;
}

/* Sets the boxes of a glyph whose ink lies between quarter pixels x0 and x1, and takes their room. */
static bool place(UiFace *face, UiGlyph *glyph, int x0, int x1)
{
    for (int shift = 0; shift < 4; shift++) {
        const int left = (int)floorf((float)(x0 + shift) / 4);
        glyph->left[shift] = (int16_t)left;
        glyph->w[shift] = (int16_t)((int)ceilf((float)(x1 + shift) / 4) - left);
    }
    return take_pool(face, glyph);
}

/* Averages the wide picture's columns by four, once for each shift. */
static bool shrink(UiFace *face, UiGlyph *glyph, const SDL_Surface *wide, int pen)
{
    if (!place(face, glyph, pen, pen + wide->w)) {
        return false;
    }
    for (int shift = 0; shift < 4; shift++) {
        uint8_t *const out = face->pool + glyph->cover[shift];
        const int offset =
            pen + shift - glyph->left[shift] * 4; /* of the wide picture's column 0 */
        for (int y = 0; y < glyph->h; y++) {
            const uint8_t *const row = (const uint8_t *)wide->pixels + (ptrdiff_t)y * wide->pitch;
            for (int x = 0; x < glyph->w[shift]; x++) {
                unsigned sum = 0;
                for (int i = 0; i < 4; i++) {
                    const int column = x * 4 + i - offset;
                    if (column >= 0 && column < wide->w) {
                        uint32_t pixel = 0;
                        memcpy(&pixel, row + (ptrdiff_t)column * 4, 4);
                        sum += pixel >> 24;
                    }
                }
                out[y * glyph->w[shift] + x] = (uint8_t)((sum + 2) / 4);
            }
        }
    }
    return true;
}

/* A sign the typeface lacks, sampled from its shape. */
static bool draw_sign(UiFace *face, UiGlyph *glyph, float advance)
{
    const float em = (float)face->em_px;
    glyph->advance = (int16_t)(advance * em * 4 + 0.5F);
    glyph->top = (int16_t)face->em_px;
    glyph->h = (int16_t)(face->em_px + face->em_px / 4);
    if (!place(face, glyph, 0, glyph->advance)) {
        return false;
    }
    for (int shift = 0; shift < 4; shift++) {
        uint8_t *const out = face->pool + glyph->cover[shift];
        for (int y = 0; y < glyph->h; y++) {
            for (int x = 0; x < glyph->w[shift]; x++) {
                int hits = 0;
                for (int i = 0; i < SUPER * SUPER; i++) {
                    const float dx = ((float)(i % SUPER) + 0.5F) / SUPER;
                    const float dy = ((float)(i / SUPER) + 0.5F) / SUPER;
                    const float px = (float)(x + glyph->left[shift]) + dx - (float)shift / 4;
                    const float py = (float)(glyph->top - y) - dy;
                    hits += ui_sign_has(glyph->code, px / em, py / em);
                }
                out[y * glyph->w[shift] + x] = (uint8_t)(hits * 255 / (SUPER * SUPER));
            }
        }
    }
    return true;
}

static bool load(UiFace *face, UiGlyph *glyph)
{
    float sign_advance = 0;
    int advance = 0;
    int min_x = 0;
    uint32_t code = glyph->code;
    if (!TTF_GlyphIsProvided32(face->font, code)) {
        if (ui_sign_known(code, &sign_advance)) {
            return draw_sign(face, glyph, sign_advance);
        }
        code = '?';
    }
    if (TTF_GlyphMetrics32(face->font, code, &min_x, NULL, NULL, NULL, &advance) != 0) {
        return true; /* an empty glyph of no width */
    }
    glyph->advance = (int16_t)advance;
    SDL_Surface *const wide =
        TTF_RenderGlyph32_Blended(face->font, code, (SDL_Color){255, 255, 255, 255});
    if (wide == NULL) {
        return true;
    }
    glyph->top = (int16_t)TTF_FontAscent(face->font);
    glyph->h = (int16_t)wide->h;
    const bool fits = shrink(face, glyph, wide, min_x < 0 ? min_x : 0);
    SDL_FreeSurface(wide);
    return fits;
}

/* The number of the glyph for code; -1 where the face is full. */
static int search(UiFace *face, uint32_t code)
{
    uint32_t slot = code * 2654435761U >> 22;
    while (face->slots[slot] != 0) {
        const int index = face->slots[slot] - 1;
        if (face->glyphs[index].code == code) {
            return index;
        }
        slot = (slot + 1) % UI_GLYPH_SLOTS;
    }
    if (face->glyph_count == UI_GLYPH_MAX || face->full) {
        face->full = true;
        return -1;
    }
    UiGlyph *const glyph = &face->glyphs[face->glyph_count];
    memset(glyph, 0, sizeof(*glyph));
    glyph->code = code;
    if (!load(face, glyph)) {
        return -1;
    }
    face->slots[slot] = (uint16_t)++face->glyph_count;
    return face->glyph_count - 1;
}

static int find(UiFace *face, uint32_t code)
{
    if (code < UI_GLYPH_PLAIN && face->plain[code] != 0) {
        return face->plain[code] - 1;
    }
    const int glyph = search(face, code);
    if (code < UI_GLYPH_PLAIN && glyph >= 0) {
        face->plain[code] = (uint16_t)(glyph + 1);
    }
    return glyph;
}

int ui_face_layout(UiFace *face, const char *text, size_t bytes, int limit, UiSpot *spots,
                   int *width)
{
    int count = 0;
    int pen = 0;
    int room_count = 0; /* what may stay where an ellipsis must follow */
    int room_pen = 0;
    bool cut = false;
    const int dots = find(face, 0x2026);
    const int dots_advance = dots < 0 ? 0 : face->glyphs[dots].advance;
    for (size_t at = 0; at < bytes;) {
        const uint32_t code = ui_text_next(text, bytes, &at);
        const int glyph = find(face, code);
        if (glyph < 0) {
            continue;
        }
        const int own = face->glyphs[glyph].advance;
        const bool digit = code >= '0' && code <= '9';
        const int cell = (digit ? face->digit : own) + face->spacing;
        if ((limit >= 0 && pen + cell - face->spacing > limit) || count == UI_TEXT_MAX - 1 ||
            pen > 30000) {
            cut = true;
            break;
        }
        spots[count++] =
            (UiSpot){(uint16_t)glyph, (int16_t)(pen + (digit ? (face->digit - own) / 2 : 0))};
        pen += cell;
        if (limit < 0 || pen + dots_advance <= limit) {
            room_count = count;
            room_pen = pen;
        }
    }
    if (cut && dots >= 0) {
        count = room_count;
        pen = room_pen;
        if (limit < 0 || pen + dots_advance <= limit) {
            spots[count++] = (UiSpot){(uint16_t)dots, (int16_t)pen};
            pen += dots_advance;
        }
    } else if (count > 0) {
        pen -= face->spacing;
    }
    *width = pen;
    return count;
}

void ui_face_draw(const UiFace *face, UiCanvas *canvas, UiBox clip, int x, int y,
                  const UiSpot *spots, size_t count, uint32_t color)
{
    for (size_t i = 0; i < count; i++) {
        if (spots[i].glyph >= face->glyph_count) {
            continue; /* the face was emptied since; the next frame draws all of it anew */
        }
        const UiGlyph *const glyph = &face->glyphs[spots[i].glyph];
        const int at = x + spots[i].x;
        const int shift = at & 3;
        ui_canvas_cover(canvas, clip, (at >> 2) + glyph->left[shift], y - glyph->top,
                        glyph->w[shift], glyph->h, face->pool + glyph->cover[shift], color);
    }
}
