/* Key bindings as text, "Ctrl+Shift+Z", read the same way by the table of actions and by scripts. */
#ifndef APP_KEYS_H
#define APP_KEYS_H

#include <stdbool.h>

#include <SDL.h>

/* Reads a binding. Fails: false where text names no key.  Thread: any. */
bool app_keys_parse(const char *text, SDL_Keysym *key);

/* Whether a key press is the binding; left and right modifiers are alike.  Thread: any. */
bool app_keys_match(const char *text, const SDL_Keysym *pressed);

#endif
