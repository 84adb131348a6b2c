/* Timed user actions for demonstrations and tests, one a line, fed through the same events that a
 * person's mouse and keyboard make. '#' begins a comment.
 *
 *   move X Y             move the pointer there (logical window units)
 *   move map Z1 Z2       move it to a place in the latent plane
 *   drag X0 Y0 X1 Y1     drag with the left button, over 20 frames
 *   click X Y            click the left button;  click ID  clicks the middle of a widget
 *   wheel N              turn the wheel N notches, up is positive
 *   key NAME             press a key: "Space", "Ctrl+Shift+Z"
 *   hold KEY             a key goes down and stays so;  release KEY  lets it come up again
 *   type TEXT            type text
 *   action NAME          run an action by name: train.toggle
 *   set NAME VALUE       change a setting: set beta 4
 *   preset NAME          give all settings of a ready-made loss
 *   resize W H           resize the window
 *   drop FILE            drop a file on the window
 *   wait-steps N         until N more steps are trained (training must be on)
 *   wait-ms N            for N milliseconds
 *   screenshot FILE      save a picture of the window
 *   quit                 end the program */
#ifndef APP_SCRIPT_H
#define APP_SCRIPT_H

#include "app/app.h"

/* Reads and checks a whole script. Owns: the caller, app_script_destroy(). Fails: NULL,
 * LS_ERR_FILE, or LS_ERR_FORMAT with file, line, what is wrong and, of a misspelt name, what may be
 * meant.  Thread: UI. */
LS_CHECKED AppScript *app_script_create(const char *path, LsError *err);

/* Releases it; NULL is accepted.  Thread: UI. */
void app_script_destroy(AppScript *script);

/* Does what is due, once a frame before events are read. A fault (a control that is not on the
 * screen, a picture that cannot be written) ends the program with status 1.  Thread: UI. */
void app_script_run(AppScript *script, App *app);

/* When the word at hand has more to do, by the clock of app->frame_began. -INFINITY: in the next
 * frame; INFINITY: no word is left, or only training brings it on.  Thread: UI. */
double app_script_due(const AppScript *script);

#endif
