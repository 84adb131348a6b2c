#include "app/keys.h"

#include <string.h>

typedef struct Modifier {
    const char *name;
    Uint16 mask, both;
} Modifier;

static const Modifier modifiers[] = {
    {"Ctrl+", KMOD_LCTRL, KMOD_CTRL},
    {"Shift+", KMOD_LSHIFT, KMOD_SHIFT},
    {"Alt+", KMOD_LALT, KMOD_ALT},
};

/* Names that SDL spells otherwise, or that keyboards reach in different ways. */
static const struct {
    const char *name;
    SDL_Keycode code;
} names[] = {
    {"Esc", SDLK_ESCAPE}, {"Enter", SDLK_RETURN}, {"?", SDLK_QUESTION},    {"+", SDLK_PLUS},
    {"-", SDLK_MINUS},    {"PgUp", SDLK_PAGEUP},  {"PgDn", SDLK_PAGEDOWN}, {"Del", SDLK_DELETE},
};

bool app_keys_parse(const char *text, SDL_Keysym *key)
{
    *key = (SDL_Keysym){.scancode = SDL_SCANCODE_UNKNOWN};
    for (size_t i = 0; i < SDL_arraysize(modifiers); i++) {
        const size_t length = strlen(modifiers[i].name);
        if (strncmp(text, modifiers[i].name, length) == 0) {
            key->mod |= modifiers[i].mask;
            text += length;
        }
    }
    for (size_t i = 0; i < SDL_arraysize(names); i++) {
        if (strcmp(text, names[i].name) == 0) {
            key->sym = names[i].code;
        }
    }
    if (key->sym == SDLK_UNKNOWN) {
        key->sym = SDL_GetKeyFromName(text);
    }
    key->scancode = SDL_GetScancodeFromKey(key->sym);
    return key->sym != SDLK_UNKNOWN;
}

bool app_keys_match(const char *text, const SDL_Keysym *pressed)
{
    SDL_Keysym key;
    if (!app_keys_parse(text, &key)) {
        return false;
    }
    SDL_Keycode sym = pressed->sym;
    bool shift_free = false;
    if (key.sym == SDLK_QUESTION || key.sym == SDLK_PLUS) {
        /* On most layouts these need Shift and arrive as the key's unshifted sign. */
        shift_free = true;
        if (sym == SDLK_SLASH && (pressed->mod & KMOD_SHIFT)) {
            sym = SDLK_QUESTION;
        } else if (sym == SDLK_EQUALS || sym == SDLK_KP_PLUS) {
            sym = SDLK_PLUS;
        }
    } else if (sym == SDLK_KP_MINUS) {
        sym = SDLK_MINUS;
    }
    if (sym != key.sym) {
        return false;
    }
    for (size_t i = 0; i < SDL_arraysize(modifiers); i++) {
        const bool wanted = (key.mod & modifiers[i].both) != 0;
        const bool held = (pressed->mod & modifiers[i].both) != 0;
        if (wanted != held && !(shift_free && modifiers[i].both == KMOD_SHIFT)) {
            return false;
        }
    }
    return true;
}
