/* Models on disk: saving the living model without stopping it, the autosave of the session, and the
 * offer to go on with it at the next start. Every copy of the program that runs keeps an autosave of
 * its own; the last three of each are kept, and B of a fork that was open when its session ended. */
#ifndef APP_STORE_H
#define APP_STORE_H

#include "app/app.h"

/* Claims an autosave slot, looks for the last session's model and reads the window's own settings.
 * Nothing here keeps the program from starting: faults are told as messages.  Thread: UI. */
void app_store_begin(App *app);

/* Saves the model with the optimizer's state at path: asks the trainer for it and writes as soon as
 * it comes.  Thread: UI. */
void app_store_save(App *app, const char *path, bool autosave);

/* Goes on with what was asked: takes the state when it has come, tells how a save ended, autosaves
 * when due. Once a frame.  Thread: UI. */
void app_store_update(App *app);

/* Whether the snapshot at hand is the one to be saved, and the saver has no time for it yet: it must
 * not be exchanged for a newer one.  Thread: UI. */
bool app_store_waits(const App *app);

/* Opens the last session's model.  Thread: UI. */
void app_store_restore(App *app);

/* Finishes the save that was asked for, keeps what is unsaved for the next start, with what the person
 * chose to see, and lets the slot go. Waits for the disk.  Thread: UI, when quitting, with the
 * trainer still alive. */
void app_store_end(App *app);

#endif
