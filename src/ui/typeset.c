/* Lines and paragraphs of text. Foreign text is cut to UI_TEXT_MAX signs and what is no UTF-8 shows as
 * a question mark; SDL_ttf sees single signs only, never a text of unknown length. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ui/context.h"

/* The length looked at: no line needs more bytes than this. */
static size_t bounded(const char *text)
{
    return strnlen(text, (size_t)UI_TEXT_MAX * 4);
}

/* Draws bytes of text in rect; only measures where draw is false. Returns the width. */
static float line(Ui *ui, UiRect rect, UiFont font, UiAlign align, UiColor color, const char *text,
                  size_t bytes, bool limited, bool draw)
{
    UiFace *const face = &ui->fonts.faces[font];
    UiSpot spots[UI_TEXT_MAX];
    int width = 0;
    /* Half a quarter pixel of grace, for a text measured and then drawn in just that width. */
    const int limit = limited ? (int)(fmaxf(rect.w, 0) * ui->scale * 4 + 0.6F) : -1;
    const int count = ui_face_layout(face, text, bytes, limit, spots, &width);
    const float width_px = (float)width / 4;
    const float em = (float)face->em_px;
    if (!draw || count == 0) {
        return width_px / ui->scale;
    }
    float left = rect.x * ui->scale;
    if (align == UI_CENTER) {
        left += (rect.w * ui->scale - width_px) / 2;
    } else if (align == UI_RIGHT) {
        left += rect.w * ui->scale - width_px;
    }
    const int x = (int)floorf(left * 4 + 0.5F);
    /* Capitals are 0.727 em high: centring them centres the line. */
    const float middle = (rect.y + rect.h / 2) * ui->scale;
    const int y = (int)floorf(middle + 0.3635F * em + 0.5F);
    UiCommand *const command =
        ui_command_add(ui, UI_COMMAND_TEXT, left - em / 2, (float)y - em * 1.2F,
                       left + width_px + em / 2, (float)y + em * 0.5F);
    UiSpot *const own =
        command == NULL ? NULL : ui_recorder_take(&ui->recorder, (size_t)count * sizeof(UiSpot));
    if (own != NULL) {
        memcpy(own, spots, (size_t)count * sizeof(UiSpot));
        command->data = own;
        command->count = (size_t)count;
        command->bytes = (size_t)count * sizeof(UiSpot);
        command->v[0] = (float)x;
        command->v[1] = (float)y;
        command->extra = (uint32_t)font;
        command->color =
            (uint32_t)color.a << 24 | (uint32_t)color.r << 16 | (uint32_t)color.g << 8 | color.b;
    }
    return width_px / ui->scale;
}

float ui_draw_text(Ui *ui, UiRect rect, UiFont font, UiAlign align, UiColor color, const char *text)
{
    return line(ui, rect, font, align, color, text, bounded(text), true, true);
}

float ui_draw_textf(Ui *ui, UiRect rect, UiFont font, UiAlign align, UiColor color,
                    const char *format, ...)
{
    char text[UI_TEXT_MAX * 4];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    return ui_draw_text(ui, rect, font, align, color, text);
}

float ui_text_width(Ui *ui, UiFont font, const char *text)
{
    return line(ui, (UiRect){0, 0, 0, 0}, font, UI_LEFT, UI_TEXT, text, bounded(text), false,
                false);
}

float ui_text_height(Ui *ui, UiFont font)
{
    /* A little more than the typeface asks for: paragraphs want air on a dark ground. */
    return ceilf((float)ui->fonts.faces[font].em_px * 1.45F) / ui->scale;
}

static bool fits(UiFace *face, const char *text, size_t bytes, float limit)
{
    UiSpot spots[UI_TEXT_MAX];
    int measured = 0;
    ui_face_layout(face, text, bytes, -1, spots, &measured);
    return (float)measured <= limit;
}

/* How many bytes of a word that is too long for a line stand on it: a path breaks after a slash. Where
 * not one sign fits it is the whole word, to be cut where it is drawn. */
static size_t fitting_of_word(UiFace *face, const char *word, size_t bytes, float limit)
{
    size_t good = 0;
    size_t bad = bytes;
    for (;;) {
        size_t at = good + (bad - good) / 2;
        while (at > good && ((unsigned char)word[at] & 0xC0U) == 0x80U) {
            at--;
        }
        if (at == good) {
            ui_text_next(word, bytes, &at); /* the next sign, or none is left between */
        }
        if (at >= bad) {
            break;
        }
        if (fits(face, word, at, limit)) {
            good = at;
        } else {
            bad = at;
        }
    }
    size_t slash = good;
    while (slash > good / 2 && word[slash - 1] != '/') {
        slash--;
    }
    return good == 0 ? bytes : slash > good / 2 ? slash : good;
}

/* How many bytes of text fit the width, broken after a space where there is one. */
static size_t fitting(Ui *ui, UiFont font, float width, const char *text, size_t bytes)
{
    UiFace *const face = &ui->fonts.faces[font];
    const float limit = width * ui->scale * 4 + 0.6F;
    size_t good = 0;
    size_t at = 0;
    while (at < bytes) {
        const size_t word_from = at;
        while (at < bytes && text[at] == ' ') {
            at++;
        }
        while (at < bytes && text[at] != ' ') {
            ui_text_next(text, bytes, &at);
        }
        if (!fits(face, text, at, limit)) {
            return word_from > 0 ? word_from : fitting_of_word(face, text, at, limit);
        }
        good = at;
    }
    return good;
}

float ui_draw_paragraph(Ui *ui, UiRect rect, UiFont font, UiColor color, const char *text,
                        bool draw)
{
    const float height = ui_text_height(ui, font);
    const size_t total = strnlen(text, 4096);
    float y = rect.y;
    for (size_t at = 0; at < total;) {
        const char *const end = memchr(text + at, '\n', total - at);
        const size_t hard = end == NULL ? total - at : (size_t)(end - (text + at));
        const size_t look = hard < UI_TEXT_MAX ? hard : UI_TEXT_MAX;
        size_t bytes = look == 0 ? 0 : fitting(ui, font, rect.w, text + at, look);
        bytes = bytes == 0 ? look : bytes;
        line(ui, (UiRect){rect.x, y, rect.w, height}, font, UI_LEFT, color, text + at, bytes, true,
             draw);
        at += bytes;
        if (at < total && text[at] == '\n') {
            at++;
        }
        while (at < total && text[at] == ' ') {
            at++;
        }
        y += height;
    }
    return y - rect.y;
}
