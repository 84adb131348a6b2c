/* Editing of one line of text: caret, selection, clipboard, mouse. */
#include <math.h>
#include <string.h>

#include "latentscape/core/text.h"

#include "ui/parts.h"

static const double blink_s = 0.53;

static bool is_rest(char byte)
{
    return ((unsigned char)byte & 0xc0U) == 0x80;
}

static size_t left_of(const char *text, size_t at)
{
    while (at > 0) {
        at--;
        if (!is_rest(text[at])) {
            break;
        }
    }
    return at;
}

static size_t right_of(const char *text, size_t at)
{
    if (text[at] != '\0') {
        at++;
    }
    while (is_rest(text[at])) {
        at++;
    }
    return at;
}

/* The beginning of the word before, or the end of the one after. */
static size_t word_left(const char *text, size_t at)
{
    while (at > 0 && text[at - 1] == ' ') {
        at--;
    }
    while (at > 0 && text[at - 1] != ' ') {
        at--;
    }
    return at;
}

static size_t word_right(const char *text, size_t at)
{
    while (text[at] == ' ') {
        at++;
    }
    while (text[at] != '\0' && text[at] != ' ') {
        at++;
    }
    return at;
}

static bool remove_range(UiEdit *edit, size_t from, size_t to)
{
    if (from == to) {
        return false;
    }
    memmove(edit->text + from, edit->text + to, strlen(edit->text + to) + 1);
    edit->caret = edit->anchor = from;
    return true;
}

static bool remove_selection(UiEdit *edit)
{
    const size_t from = edit->caret < edit->anchor ? edit->caret : edit->anchor;
    const size_t to = edit->caret < edit->anchor ? edit->anchor : edit->caret;
    return remove_range(edit, from, to);
}

/* Puts text in place of the selection, as much as has room, whole signs only. */
static bool insert(UiEdit *edit, size_t size, const char *text)
{
    char clean[UI_EDIT_MAX];
    ls_text_clean(text, clean, sizeof(clean));
    bool changed = remove_selection(edit);
    const size_t length = strlen(edit->text);
    const size_t room = size - 1 - length;
    size_t more = strlen(clean);
    if (more > room) {
        more = room;
        while (more > 0 && is_rest(clean[more])) {
            more--;
        }
    }
    if (more > 0) {
        memmove(edit->text + edit->caret + more, edit->text + edit->caret,
                length - edit->caret + 1);
        memcpy(edit->text + edit->caret, clean, more);
        edit->caret += more;
        edit->anchor = edit->caret;
        changed = true;
    }
    return changed;
}

static bool clipboard_key(UiEdit *edit, size_t size, SDL_Keycode sym)
{
    const size_t from = edit->caret < edit->anchor ? edit->caret : edit->anchor;
    const size_t to = edit->caret < edit->anchor ? edit->anchor : edit->caret;
    if (sym == SDLK_v) {
        char *const text = SDL_GetClipboardText();
        const bool changed = text != NULL && insert(edit, size, text);
        SDL_free(text);
        return changed;
    }
    if (from < to) {
        char copy[UI_EDIT_MAX];
        memcpy(copy, edit->text + from, to - from);
        copy[to - from] = '\0';
        SDL_SetClipboardText(copy);
    }
    return sym == SDLK_x && remove_selection(edit);
}

/* Moves the caret. Returns false where the key is none that moves it. */
static bool move_key(UiEdit *edit, const UiKey *key)
{
    const bool word = (key->mod & KMOD_CTRL) != 0;
    const bool shift = (key->mod & KMOD_SHIFT) != 0;
    const bool selected = edit->caret != edit->anchor;
    size_t to = edit->caret;
    if (key->sym == SDLK_LEFT) {
        to = selected && !shift ? (edit->caret < edit->anchor ? edit->caret : edit->anchor)
             : word             ? word_left(edit->text, to)
                                : left_of(edit->text, to);
    } else if (key->sym == SDLK_RIGHT) {
        to = selected && !shift ? (edit->caret < edit->anchor ? edit->anchor : edit->caret)
             : word             ? word_right(edit->text, to)
                                : right_of(edit->text, to);
    } else if (key->sym == SDLK_HOME) {
        to = 0;
    } else if (key->sym == SDLK_END) {
        to = strlen(edit->text);
    } else {
        return false;
    }
    edit->caret = to;
    edit->anchor = shift ? edit->anchor : to;
    return true;
}

bool ui_edit_key(UiEdit *edit, size_t size, const UiKey *key)
{
    const bool control = (key->mod & KMOD_CTRL) != 0;
    if (key->sym == 0) {
        return insert(edit, size, key->text);
    }
    if (move_key(edit, key)) {
        return false;
    }
    if (key->sym == SDLK_BACKSPACE || key->sym == SDLK_DELETE) {
        if (edit->caret != edit->anchor) {
            return remove_selection(edit);
        }
        if (key->sym == SDLK_BACKSPACE) {
            return remove_range(edit,
                                control ? word_left(edit->text, edit->caret)
                                        : left_of(edit->text, edit->caret),
                                edit->caret);
        }
        return remove_range(edit, edit->caret,
                            control ? word_right(edit->text, edit->caret)
                                    : right_of(edit->text, edit->caret));
    }
    if (control && key->sym == SDLK_a) {
        edit->anchor = 0;
        edit->caret = strlen(edit->text);
        return false;
    }
    if (control && (key->sym == SDLK_c || key->sym == SDLK_x || key->sym == SDLK_v)) {
        return clipboard_key(edit, size, key->sym);
    }
    return false;
}

void ui_edit_begin(Ui *ui, uint64_t id, const char *text)
{
    UiEdit *const edit = &ui->edit;
    /* A field declared after this one has yet to see that its editing is over. */
    const uint64_t left = edit->id == id ? 0 : edit->id;
    char left_text[sizeof(edit->left_text)];
    SDL_strlcpy(left_text, edit->text, sizeof(left_text));
    memset(edit, 0, sizeof(*edit));
    edit->left = left;
    memcpy(edit->left_text, left_text, sizeof(left_text));
    edit->id = id;
    SDL_strlcpy(edit->text, text, sizeof(edit->text));
    edit->caret = strlen(edit->text);
    edit->blink_from = ui->now;
    edit->fresh = true;
}

bool ui_edit_keys(Ui *ui, size_t size, bool *enter, bool *escape)
{
    bool changed = false;
    int at = ui->edit.key_from;
    ui->edit.key_from = 0;
    for (const UiKey *key = ui_key_next(ui, ui->edit.id, &at); key != NULL;
         key = ui_key_next(ui, ui->edit.id, &at)) {
        ui->edit.blink_from = ui->now;
        if (key->sym == SDLK_RETURN || key->sym == SDLK_KP_ENTER) {
            *enter = true;
            break;
        } else if (key->sym == SDLK_ESCAPE) {
            *escape = true;
        } else {
            changed = ui_edit_key(&ui->edit, size, key) || changed;
        }
    }
    return changed;
}

/* The width of the first `bytes` of the text. */
static float width_of(Ui *ui, const char *text, size_t bytes)
{
    char part[UI_EDIT_MAX];
    memcpy(part, text, bytes);
    part[bytes] = '\0';
    return ui_text_width(ui, UI_FONT_BODY, part);
}

static size_t byte_at(Ui *ui, const char *text, float x)
{
    size_t at = 0;
    float before = 0;
    while (text[at] != '\0') {
        const size_t next = right_of(text, at);
        const float after = width_of(ui, text, next);
        if (x < (before + after) / 2) {
            break;
        }
        before = after;
        at = next;
    }
    return at;
}

static void follow_mouse(Ui *ui, UiRect rect, UiAct act)
{
    UiEdit *const edit = &ui->edit;
    if (act.doubled) {
        edit->anchor = 0;
        edit->caret = strlen(edit->text);
        edit->selecting = false;
    } else if (act.pressed && !edit->fresh) {
        edit->caret = byte_at(ui, edit->text, ui->input.press_at.x - rect.x + edit->scroll);
        edit->anchor = (ui->input.mod & KMOD_SHIFT) != 0 ? edit->anchor : edit->caret;
        edit->selecting = true;
        edit->blink_from = ui->now;
    } else if (act.held && edit->selecting && ui->input.moved) {
        edit->caret = byte_at(ui, edit->text, ui->input.at.x - rect.x + edit->scroll);
    }
    edit->fresh = false;
    if (!act.held) {
        edit->selecting = false;
    }
}

void ui_edit_show(Ui *ui, UiRect rect, UiAct act, UiColor ink)
{
    UiEdit *const edit = &ui->edit;
    follow_mouse(ui, rect, act);
    const float caret = width_of(ui, edit->text, edit->caret);
    const float all = ui_text_width(ui, UI_FONT_BODY, edit->text);
    edit->scroll = fminf(edit->scroll, caret);
    edit->scroll = fmaxf(edit->scroll, caret - rect.w + 2);
    edit->scroll = fmaxf(fminf(edit->scroll, all - rect.w + 2), 0);
    const float x = rect.x - edit->scroll;
    const float h = fminf(rect.h - 6, 18);
    const float y = rect.y + (rect.h - h) / 2;
    ui_draw_push_clip(ui, (UiRect){rect.x - 2, rect.y, rect.w + 4, rect.h});
    if (edit->caret != edit->anchor) {
        const float from = width_of(ui, edit->text, edit->anchor);
        ui_draw_rect(ui, (UiRect){x + fminf(from, caret), y, fabsf(caret - from), h},
                     ui_color_fade(UI_ACTION, 0.35F));
    }
    ui_draw_text(ui, (UiRect){x, rect.y, all + 8, rect.h}, UI_FONT_BODY, UI_LEFT, ink, edit->text);
    const double phase = fmod(ui->now - edit->blink_from, 2 * blink_s);
    if (phase < blink_s) {
        ui_draw_rect(ui, (UiRect){ui_snap(ui, x + caret), y, ui_snap_length(ui, 1), h}, UI_TEXT);
    }
    ui_wake_in(ui, phase < blink_s ? blink_s - phase : 2 * blink_s - phase);
    ui_draw_pop_clip(ui);
}

bool ui_text_field(Ui *ui, const char *id, UiRect rect, char *text, size_t size, const char *empty,
                   bool *changed)
{
    const UiAct act = ui_interact(ui, id, rect, UI_WANT_FOCUS | UI_WANT_TEXT, true);
    const bool focused = ui->focus == act.id && ui_level_open(ui);
    const size_t room = size < UI_EDIT_MAX ? size : (size_t)UI_EDIT_MAX;
    bool enter = false;
    bool escape = false;
    bool new_text = false;
    if (focused && ui->edit.id != act.id) {
        ui_edit_begin(ui, act.id, text);
        ui->edit.fresh = !act.pressed; /* by keyboard all is selected, by mouse the caret is put */
    }
    if (focused) {
        if (strcmp(ui->edit.text, text) != 0) { /* changed from outside: a file was picked */
            ui_edit_begin(ui, act.id, text);
        }
        new_text = ui_edit_keys(ui, room, &enter, &escape);
        if (new_text) {
            SDL_strlcpy(text, ui->edit.text, size);
        }
    } else if (ui->edit.id == act.id) {
        ui->edit.id = 0;
    }
    const bool lit = focused || act.focused;
    const UiRect inner = {rect.x + 8, rect.y, rect.w - 16, rect.h};
    ui_draw_round(ui, rect, UI_ROUND,
                  focused    ? UI_GROUND
                  : act.held ? UI_PRESSED
                  : act.hot  ? UI_HOVER
                             : UI_RAISED);
    if (lit) {
        ui_draw_frame(ui, rect, UI_ROUND, 1, UI_ACTION);
    }
    if (text[0] == '\0' && empty != NULL) {
        ui_draw_text(ui, inner, UI_FONT_BODY, UI_LEFT, UI_MUTED, empty);
    }
    if (focused) {
        ui_edit_show(ui, inner, act, UI_TEXT);
        if (escape) {
            ui->edit.id = 0;
            ui_focus_set(ui, 0, false);
        }
    } else {
        ui_draw_text(ui, inner, UI_FONT_BODY, UI_LEFT, UI_TEXT, text);
    }
    if (act.hot) {
        ui->beam_wanted = true;
    }
    if (changed != NULL) {
        *changed = new_text;
    }
    return enter;
}
