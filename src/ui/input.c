#include "ui/input.h"

#include <math.h>
#include <string.h>

#include "latentscape/core/clock.h"

#include "ui/context.h"

static const double double_click_s = 0.4;
static const float click_slack = 4; /* logical units the mouse may stray in a click */

static uint64_t hash_on(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++) {
        hash = (hash ^ (uint8_t)*text) * 0x100000001b3U;
    }
    return hash;
}

uint64_t ui_id_hash(const char *id)
{
    const uint64_t hash = hash_on(0xcbf29ce484222325U, id);
    return hash <= UI_TARGET_LEVEL ? hash + 2 : hash;
}

void ui_scope(Ui *ui, const char *prefix)
{
    ui->scope = prefix != NULL ? hash_on(0xcbf29ce484222325U, prefix) : 0;
}

/* The number of a widget drawn now: that of its scope's prefix and its id as one name. */
static uint64_t scoped_hash(const Ui *ui, const char *id)
{
    if (ui->scope == 0) {
        return ui_id_hash(id);
    }
    const uint64_t hash = hash_on(ui->scope, id);
    return hash <= UI_TARGET_LEVEL ? hash + 2 : hash;
}

// --- entries

static const UiEntry *last_entries(const Ui *ui, int *count)
{
    const int last = 1 - ui->input.current;
    *count = ui->input.entry_count[last];
    return ui->input.entries[last];
}

const UiEntry *ui_entry_at(const Ui *ui, UiPoint at, unsigned wants)
{
    int count = 0;
    const UiEntry *const entries = last_entries(ui, &count);
    for (int i = count - 1; i >= 0; i--) {
        if (entries[i].level == ui->level_top && (entries[i].wants & wants) == wants &&
            ui_rect_has(entries[i].visible, at)) {
            return &entries[i];
        }
    }
    return NULL;
}

const UiEntry *ui_entry_find(const Ui *ui, uint64_t id)
{
    int count = 0;
    const UiEntry *const entries = last_entries(ui, &count);
    for (int i = 0; i < count; i++) {
        if (entries[i].id == id) {
            return &entries[i];
        }
    }
    return NULL;
}

UiPoint ui_pointer(const Ui *ui)
{
    return ui->input.at;
}

bool ui_find(const Ui *ui, const char *id, UiRect *rect)
{
    /* During a frame that is the one before; after it, the frame just drawn: both are "last". */
    const UiEntry *const entry = ui_entry_find(ui, ui_id_hash(id));
    if (entry != NULL) {
        *rect = entry->rect;
    }
    return entry != NULL;
}

static UiRect meet(UiRect a, UiRect b)
{
    const float x0 = fmaxf(a.x, b.x);
    const float y0 = fmaxf(a.y, b.y);
    return (UiRect){x0, y0, fmaxf(fminf(a.x + a.w, b.x + b.w) - x0, 0),
                    fmaxf(fminf(a.y + a.h, b.y + b.h) - y0, 0)};
}

// --- events

static void push_event(Ui *ui, UiEventKind kind, uint64_t id, float amount)
{
    UiInput *const in = &ui->input;
    if (in->event_count == UI_EVENT_MAX) {
        return;
    }
    in->events[in->event_count++] = (UiEvent){.kind = kind,
                                              .id = id,
                                              .at = in->at,
                                              .amount = amount,
                                              .shift = (in->mod & KMOD_SHIFT) != 0};
}

static void push_key(Ui *ui, uint64_t target, SDL_Keycode sym, const char *text)
{
    UiInput *const in = &ui->input;
    if (in->key_count == UI_KEY_MAX) {
        return;
    }
    UiKey *const key = &in->keys[in->key_count++];
    memset(key, 0, sizeof(*key));
    key->target = target;
    key->sym = sym;
    key->mod = in->mod;
    if (text != NULL) {
        SDL_strlcpy(key->text, text, sizeof(key->text));
    }
    ui->tip.silenced = true;
}

static void point_to(Ui *ui, int x, int y)
{
    UiInput *const in = &ui->input;
    in->at = (UiPoint){(float)x * ui->density / ui->scale, (float)y * ui->density / ui->scale};
    in->inside = true;
    in->moved = true;
}

static void press(Ui *ui, const SDL_MouseButtonEvent *button)
{
    UiInput *const in = &ui->input;
    const UiEntry *const entry = ui_entry_at(ui, in->at, 0);
    const uint64_t id = entry == NULL ? 0 : entry->id;
    const double now = ls_clock_now();
    /* A click beside a field ends its editing; text fields alone are focused by the mouse, so that the
     * program's keys go on working after a slider was dragged. */
    if (id != ui->focus) {
        ui_focus_set(ui, 0, false);
    }
    if (entry != NULL && (entry->wants & UI_WANT_TEXT) != 0) {
        ui_focus_set(ui, id, false);
    }
    const bool near = hypotf(in->at.x - in->press_at.x, in->at.y - in->press_at.y) < click_slack;
    const bool again =
        button->clicks != 0 ? button->clicks % 2 == 0 : now - in->pressed_at < double_click_s;
    const bool twice = again && near && id == in->pressed_id;
    in->press_at = in->at;
    in->pressed_at = twice ? -1 : now;
    in->pressed_id = id;
    in->active = id;
    push_event(ui, UI_EVENT_PRESS, id, 0);
    if (twice) {
        push_event(ui, UI_EVENT_DOUBLE, id, 0);
    }
}

static void release(Ui *ui)
{
    UiInput *const in = &ui->input;
    const UiEntry *const entry = ui_entry_at(ui, in->at, 0);
    if (in->active != 0) {
        push_event(ui, UI_EVENT_RELEASE, in->active, 0);
        if (entry != NULL && entry->id == in->active) {
            push_event(ui, UI_EVENT_CLICK, in->active, 0);
        }
    }
    in->active = 0;
}

static bool mouse_button(Ui *ui, const SDL_MouseButtonEvent *button, bool down)
{
    UiInput *const in = &ui->input;
    point_to(ui, button->x, button->y);
    ui->tip.silenced = true; /* no tooltip again until the mouse has been elsewhere */
    if (button->button == SDL_BUTTON_LEFT) {
        if (down) {
            press(ui, button);
        } else {
            release(ui);
        }
    } else if (button->button == SDL_BUTTON_RIGHT || button->button == SDL_BUTTON_MIDDLE) {
        if (down && in->pan == 0) {
            const UiEntry *const entry = ui_entry_at(ui, in->at, 0);
            in->pan = entry == NULL ? 0 : entry->id;
            in->pan_at = in->at;
            in->pan_button = button->button;
        } else if (!down && in->pan != 0 && button->button == in->pan_button) {
            const float strayed = hypotf(in->at.x - in->pan_at.x, in->at.y - in->pan_at.y);
            if (in->pan_button == SDL_BUTTON_RIGHT && strayed < click_slack) {
                push_event(ui, UI_EVENT_RIGHT, in->pan, 0);
            }
            in->pan = 0;
        }
    }
    return ui->level_top > 0;
}

static bool wheel(Ui *ui, const SDL_MouseWheelEvent *event)
{
    const UiEntry *const entry = ui_entry_at(ui, ui->input.at, UI_WANT_WHEEL);
    const float notches = event->preciseY != 0 ? event->preciseY : (float)event->y;
    if (entry != NULL && notches != 0) {
        push_event(ui, UI_EVENT_WHEEL, entry->id, notches);
        ui->tip.shown = false;
        ui->input.rest_since = (double)INFINITY;
    }
    return ui->level_top > 0;
}

// --- keys

static bool is_arrow(SDL_Keycode sym)
{
    return sym == SDLK_LEFT || sym == SDLK_RIGHT || sym == SDLK_UP || sym == SDLK_DOWN;
}

static bool is_enter(SDL_Keycode sym)
{
    return sym == SDLK_RETURN || sym == SDLK_KP_ENTER;
}

/* Whether a widget that wants `wants` has a use for the key. */
static bool wants_key(unsigned wants, SDL_Keycode sym, uint16_t mod)
{
    const bool command = (mod & (KMOD_CTRL | KMOD_ALT | KMOD_GUI)) != 0;
    if ((wants & UI_WANT_PRESS) != 0 && !command && (sym == SDLK_SPACE || is_enter(sym))) {
        return true;
    }
    if ((wants & UI_WANT_OPEN) != 0 && !command && sym == SDLK_DOWN) {
        return true;
    }
    if ((wants & UI_WANT_ADJUST) != 0 && !command) {
        return is_arrow(sym) || sym == SDLK_PAGEUP || sym == SDLK_PAGEDOWN || sym == SDLK_HOME ||
               sym == SDLK_END || sym == SDLK_DELETE || sym == SDLK_BACKSPACE;
    }
    if ((wants & UI_WANT_MOVE) != 0 && !command) {
        return is_arrow(sym) || is_enter(sym) || sym == SDLK_PLUS || sym == SDLK_KP_PLUS ||
               sym == SDLK_EQUALS || sym == SDLK_MINUS || sym == SDLK_KP_MINUS || sym == SDLK_0 ||
               sym == SDLK_KP_0;
    }
    if ((wants & UI_WANT_STEP) != 0 && !command) {
        return sym == SDLK_UP || sym == SDLK_DOWN || is_enter(sym) || sym == SDLK_MINUS ||
               sym == SDLK_PERIOD || (sym >= SDLK_0 && sym <= SDLK_9) ||
               (sym >= SDLK_KP_1 && sym <= SDLK_KP_0) || sym == SDLK_KP_PERIOD ||
               sym == SDLK_KP_MINUS || sym == SDLK_DELETE;
    }
    return false;
}

/* Keys of a field that is being edited. What it cannot use (Ctrl-S, F1) stays with the program. */
static bool edit_key(SDL_Keycode sym, uint16_t mod)
{
    if ((mod & (KMOD_CTRL | KMOD_GUI)) != 0 && (mod & KMOD_ALT) == 0) {
        return sym == SDLK_a || sym == SDLK_c || sym == SDLK_v || sym == SDLK_x || is_arrow(sym) ||
               sym == SDLK_HOME || sym == SDLK_END || sym == SDLK_BACKSPACE || sym == SDLK_DELETE ||
               sym == SDLK_z;
    }
    /* Up and down have no meaning in one line: a list beside it may have one. */
    return !(sym >= SDLK_F1 && sym <= SDLK_F12) && sym != SDLK_UP && sym != SDLK_DOWN &&
           sym != SDLK_PAGEUP && sym != SDLK_PAGEDOWN;
}

static bool end_message(Ui *ui)
{
    for (int i = 0; i < UI_TOAST_MAX; i++) {
        if (ui->toasts[i].until > 0) {
            ui->toasts[i].until = 0;
            return true;
        }
    }
    return false;
}

/* Pages through what scrolls: about the focus, else under the pointer. */
static bool turn_page(Ui *ui, SDL_Keycode sym)
{
    const float pages = sym == SDLK_PAGEUP     ? 1
                        : sym == SDLK_PAGEDOWN ? -1
                        : sym == SDLK_HOME     ? INFINITY
                        : sym == SDLK_END      ? -INFINITY
                                               : 0;
    const UiEntry *const focus = ui_entry_find(ui, ui->focus);
    const UiEntry *const under =
        ui->input.inside ? ui_entry_at(ui, ui->input.at, UI_WANT_PAGE) : NULL;
    const uint64_t around = ui->focus != 0 && focus != NULL ? focus->scroll : 0;
    const uint64_t id = around != 0 ? around : under != NULL ? under->id : 0;
    if (pages == 0 || id == 0) {
        return false;
    }
    push_event(ui, UI_EVENT_PAGE, id, pages);
    return true;
}

static bool key_down(Ui *ui, const SDL_KeyboardEvent *event)
{
    const SDL_Keycode sym = event->keysym.sym;
    const uint16_t mod = event->keysym.mod;
    ui->input.mod = mod;
    const bool command = (mod & (KMOD_CTRL | KMOD_ALT | KMOD_GUI)) != 0;
    if (ui->edit.id != 0 && ui->edit.id == ui->focus && sym != SDLK_TAB) {
        const UiEntry *const field = ui_entry_find(ui, ui->focus);
        const bool leave = sym == SDLK_ESCAPE && field != NULL && ui->level_top > 0 &&
                           (field->wants & UI_WANT_STEP) == 0;
        if (!leave) {
            const bool own = edit_key(sym, mod);
            if (own) {
                push_key(ui, ui->focus, sym, NULL);
            } else if (ui->level_top > 0) {
                push_key(ui, UI_TARGET_LEVEL, sym, NULL);
            }
            return own || ui->level_top > 0;
        }
    }
    if (ui->popup.id == 0 && sym == SDLK_TAB && !command) {
        ui_focus_step(ui, (mod & KMOD_SHIFT) != 0 ? -1 : 1);
        return true;
    }
    const UiEntry *const entry = ui->focus == 0 ? NULL : ui_entry_find(ui, ui->focus);
    if (ui->popup.id == 0 && entry != NULL && entry->level == ui->level_top &&
        ((entry->wants & (UI_WANT_TEXT | UI_WANT_STEP)) == UI_WANT_TEXT
             ? edit_key(sym, mod) && sym != SDLK_ESCAPE
             : wants_key(entry->wants, sym, mod))) {
        push_key(ui, ui->focus, sym, NULL);
        return true;
    }
    if (ui->level_top > 0) {
        push_key(ui, UI_TARGET_LEVEL, sym, NULL);
        return true;
    }
    if (sym == SDLK_ESCAPE) {
        if (end_message(ui)) {
            return true;
        }
        if (ui->focus != 0) {
            ui_focus_set(ui, 0, false);
            return true;
        }
    }
    return !command && turn_page(ui, sym);
}

static bool text_typed(Ui *ui, const SDL_TextInputEvent *event)
{
    const UiEntry *const entry = ui->focus == 0 ? NULL : ui_entry_find(ui, ui->focus);
    if (entry == NULL || entry->level != ui->level_top || ui->popup.id != 0 ||
        (entry->wants & (UI_WANT_TEXT | UI_WANT_STEP)) == 0) {
        if (ui->level_top > 0) {
            push_key(ui, UI_TARGET_LEVEL, 0, event->text);
        }
        return ui->level_top > 0;
    }
    push_key(ui, ui->focus, 0, event->text);
    return true;
}

static void window_event(Ui *ui, const SDL_WindowEvent *event)
{
    switch (event->event) {
    case SDL_WINDOWEVENT_LEAVE:
        ui->input.inside = ui->input.active != 0 || ui->input.pan != 0;
        break;
    case SDL_WINDOWEVENT_EXPOSED:
    case SDL_WINDOWEVENT_SHOWN:
    case SDL_WINDOWEVENT_RESTORED:
    case SDL_WINDOWEVENT_SIZE_CHANGED:
        ui->force = true;
        break;
    case SDL_WINDOWEVENT_FOCUS_LOST:
        ui->input.mod = 0;
        break;
    default:
        break;
    }
}

bool ui_event(Ui *ui, const SDL_Event *event)
{
    switch (event->type) {
    case SDL_MOUSEMOTION:
        point_to(ui, event->motion.x, event->motion.y);
        return false;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        return mouse_button(ui, &event->button, event->type == SDL_MOUSEBUTTONDOWN);
    case SDL_MOUSEWHEEL:
        return wheel(ui, &event->wheel);
    case SDL_KEYDOWN:
        return key_down(ui, &event->key);
    case SDL_KEYUP:
        ui->input.mod = event->key.keysym.mod;
        return ui_takes_keys(ui);
    case SDL_TEXTINPUT:
        return text_typed(ui, &event->text);
    case SDL_WINDOWEVENT:
        window_event(ui, &event->window);
        return false;
    case SDL_RENDER_TARGETS_RESET:
    case SDL_RENDER_DEVICE_RESET:
        ui_present_lost(&ui->present);
        ui->force = true;
        return false;
    default:
        return false;
    }
}

bool ui_takes_keys(const Ui *ui)
{
    return ui->level_top > 0 || ui->popup.id != 0 || (ui->edit.id != 0 && ui->edit.id == ui->focus);
}

const UiKey *ui_key_next(const Ui *ui, uint64_t target, int *at)
{
    while (*at < ui->input.key_count) {
        const UiKey *const key = &ui->input.keys[(*at)++];
        if (key->target == target) {
            return key;
        }
    }
    return NULL;
}

// --- the frame

static uint64_t under_pointer(const Ui *ui)
{
    const UiEntry *const entry = ui->input.inside ? ui_entry_at(ui, ui->input.at, 0) : NULL;
    return entry == NULL ? 0 : entry->id;
}

void ui_input_begin(Ui *ui)
{
    UiInput *const in = &ui->input;
    in->entry_count[in->current] = 0;
    in->hot = under_pointer(ui);
    if (in->moved) {
        in->rest_since = ui->now;
    }
}

void ui_input_end(Ui *ui)
{
    UiInput *const in = &ui->input;
    in->current = 1 - in->current;
    if (in->event_count > 0 || in->key_count > 0) {
        ui_wake_in(ui, 0); /* what the input changed may have been drawn before it was read */
    }
    ui->edit.left = 0;
    in->event_count = 0;
    in->key_count = 0;
    in->moved = false;
    in->before = in->at;
    const int level_before = ui->level_top;
    ui_focus_settle(ui);
    /* What moved under a resting mouse shows it in the next frame. */
    if (level_before != ui->level_top || under_pointer(ui) != in->hot) {
        ui_wake_in(ui, 0);
    }
}

UiAct ui_interact(Ui *ui, const char *id, UiRect rect, unsigned wants, bool enabled)
{
    return ui_interact_hashed(ui, scoped_hash(ui, id), rect, wants, enabled);
}

UiAct ui_interact_hashed(Ui *ui, uint64_t id, UiRect rect, unsigned wants, bool enabled)
{
    UiInput *const in = &ui->input;
    UiAct act = {.id = id, .enabled = enabled};
    const UiRect visible = meet(rect, ui_clip_rect(ui));
    int *const count = &in->entry_count[in->current];
    if (*count < UI_ENTRY_MAX) {
        in->entries[in->current][(*count)++] = (UiEntry){.id = id,
                                                         .rect = rect,
                                                         .visible = visible,
                                                         .scroll = ui->scroll_id,
                                                         .level = ui->level,
                                                         .wants = enabled ? wants : 0};
    }
    ui->last_id = id;
    if (ui->pose.posing) {
        act.hot = enabled && ui->pose.hot;
        act.held = enabled && ui->pose.held;
        act.focused = enabled && ui->pose.focused;
        return act;
    }
    if (!enabled || ui->level != ui->level_top) {
        return act;
    }
    act.hot = in->hot == id && (in->active == 0 || in->active == id) && in->pan == 0;
    act.held = in->active == id;
    act.focused = ui->focus == id && ui->focus_visible;
    for (int i = 0; i < in->event_count; i++) {
        const UiEvent *const event = &in->events[i];
        if (event->id == id) {
            act.pressed = act.pressed || event->kind == UI_EVENT_PRESS;
            act.released = act.released || event->kind == UI_EVENT_RELEASE;
            act.clicked = act.clicked || event->kind == UI_EVENT_CLICK;
            act.doubled = act.doubled || event->kind == UI_EVENT_DOUBLE;
        }
    }
    int at = 0;
    for (const UiKey *key = ui_key_next(ui, id, &at); key != NULL; key = ui_key_next(ui, id, &at)) {
        if ((wants & UI_WANT_PRESS) != 0 &&
            (key->sym == SDLK_SPACE || key->sym == SDLK_RETURN || key->sym == SDLK_KP_ENTER)) {
            act.clicked = true;
        }
    }
    return act;
}
