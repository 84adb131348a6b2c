/* Messages that go away by themselves. */
#include <math.h>
#include <string.h>

#include "latentscape/core/text.h"

#include "ui/parts.h"

static const double good_s = 4;
static const double bad_s = 10;
static const double fade_s = 0.25;

enum {
    TOAST_W = 560,
    TOAST_PAD = 14,
    TOAST_WORD = 64 /* bytes of a word: only paths are longer */
};

/* Copies the message with the middle of long words left out, so that a path takes a line or so.
 * Shapes: out [size]. */
static void shorten_words(const char *text, char *out, size_t size)
{
    size_t used = 0;
    while (*text != '\0' && used + 1 < size) {
        char word[UI_TOAST_TEXT];
        const size_t length = *text == ' ' ? 1 : strcspn(text, " ");
        const size_t held = length < sizeof(word) - 1 ? length : sizeof(word) - 1;
        memcpy(word, text, held);
        word[held] = '\0';
        const size_t room = size - used;
        ls_text_shorten(word, out + used, room < TOAST_WORD + 1 ? room : TOAST_WORD + 1);
        used += strlen(out + used);
        text += length;
    }
    out[used] = '\0';
}

void ui_message(Ui *ui, bool bad, const char *text)
{
    UiToast *const toasts = ui->toasts;
    /* Its time begins with the frame that shows it: the last one may have been long ago. */
    UiToast fresh = {.bad = bad, .seconds = bad ? bad_s : good_s, .until = (double)INFINITY};
    char brief[UI_TOAST_TEXT];
    shorten_words(text, brief, sizeof(brief));
    ls_text_clean(brief, fresh.text, sizeof(fresh.text));
    /* What is said again is said once, for longer. */
    int at = UI_TOAST_MAX;
    for (int i = 0; i < UI_TOAST_MAX; i++) {
        if (toasts[i].until > 0 && strcmp(toasts[i].text, fresh.text) == 0) {
            at = i;
        }
    }
    for (int i = UI_TOAST_MAX - 1; i >= 0 && at == UI_TOAST_MAX; i--) {
        at = toasts[i].until <= 0 ? i : at;
    }
    /* The newest stands at the end; the oldest gives way. */
    at = at == UI_TOAST_MAX ? 0 : at;
    memmove(toasts + at, toasts + at + 1, (size_t)(UI_TOAST_MAX - 1 - at) * sizeof(*toasts));
    toasts[UI_TOAST_MAX - 1] = fresh;
}

static void draw_one(Ui *ui, UiRect card, const UiToast *toast, float alpha)
{
    const UiColor edge = toast->bad ? UI_BAD : UI_ACTION;
    ui_draw_round(ui, card, UI_RADIUS, ui_color_fade(UI_RAISED, alpha));
    ui_draw_frame(ui, card, UI_RADIUS, 1, ui_color_fade(edge, alpha * 0.55F));
    ui_draw_disc(
        ui, (UiPoint){card.x + TOAST_PAD + 3, card.y + 10 + ui_text_height(ui, UI_FONT_BODY) / 2},
        3.5F, ui_color_fade(edge, alpha));
    const UiRect text = {card.x + TOAST_PAD + 16, card.y + 10, card.w - 2 * TOAST_PAD - 16, 0};
    ui_draw_paragraph(ui, text, UI_FONT_BODY, ui_color_fade(UI_TEXT, alpha), toast->text, true);
}

void ui_toasts_draw(Ui *ui)
{
    const UiRect bounds = ui_bounds(ui);
    float y = bounds.h - 40;
    ui->layer = UI_LAYERS - 1;
    for (int i = UI_TOAST_MAX - 1; i >= 0; i--) {
        UiToast *const toast = &ui->toasts[i];
        if (toast->until <= 0) {
            continue;
        }
        if (isinf(toast->until)) {
            toast->until = ui->now + toast->seconds;
        }
        const double left = toast->until - ui->now;
        if (left <= 0) {
            toast->until = 0;
            continue;
        }
        const float most = fminf(TOAST_W, bounds.w - 32);
        const float inner = fminf(ceilf(ui_text_width(ui, UI_FONT_BODY, toast->text)) + 1,
                                  most - 2 * TOAST_PAD - 16);
        const float h = ui_draw_paragraph(ui, (UiRect){0, 0, inner, 0}, UI_FONT_BODY, UI_TEXT,
                                          toast->text, false) +
                        20;
        const float w = inner + 2 * TOAST_PAD + 16;
        const UiRect card = {ui_snap(ui, (bounds.w - w) / 2), ui_snap(ui, y - h), w, h};
        y -= h + 8;
        draw_one(ui, card, toast, (float)fmin(left / fade_s, 1));
        for (int e = 0; e < ui->input.event_count; e++) {
            if (ui->input.events[e].kind == UI_EVENT_PRESS &&
                ui_rect_has(card, ui->input.events[e].at)) {
                toast->until = 0;
                ui_wake_in(ui, 0);
            }
        }
        ui_wake_in(ui, left <= fade_s ? 1.0 / 60 : left - fade_s);
    }
}
