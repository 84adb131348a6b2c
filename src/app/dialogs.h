/* The dialogs: keys and help, the question before a new model, the file browser, and the offer of the
 * last session's model. */
#ifndef APP_DIALOGS_H
#define APP_DIALOGS_H

#include "app/app.h"

/* Opens the file browser for a purpose.  Thread: UI. */
void app_dialogs_pick(App *app, AppPick pick);

/* Draws the dialog that is open, if any, and the offer. Shapes: actions [count], for the help.
 * Thread: UI. */
void app_dialogs_draw(App *app, const ViewAction *actions, size_t count);

#endif
