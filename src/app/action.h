/* Everything a person can make the program do, one row each: key, menu entry, tooltip, help page,
 * manual page and script word all come from the row. */
#ifndef APP_ACTION_H
#define APP_ACTION_H

#include "app/app.h"

typedef struct AppAction {
    ViewAction shown;
    const char *key2; /* a second binding, or NULL */
    void (*run)(App *app, int argument);
    int argument;
} AppAction;

/* Every action, in menu order; *count rows.  Thread: any. */
const AppAction *app_action_rows(size_t *count);

/* The action called name, or NULL.  Thread: any. */
const AppAction *app_action_find(const char *name);

/* Runs the action bound to a key press; taken: a dialog or a menu has the key for itself, and only
 * what concerns the whole window is run. Returns whether there was one.  Thread: UI. */
bool app_action_key(App *app, const SDL_KeyboardEvent *event, bool taken);

/* Ends what lasts as long as its key is held; NULL: every key counts as let go.  Thread: UI. */
void app_action_key_up(App *app, const SDL_KeyboardEvent *event);

#endif
