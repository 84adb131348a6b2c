/* The program's life: open everything, turn frames until the end is asked for, put everything away. */
#ifndef APP_LOOP_H
#define APP_LOOP_H

#include "app/app.h"

/* Runs the window until it is closed. Returns the exit status (0; 1 failed; 2 a wrong word in
 * the options); a failure is one sentence on stderr.
 * Thread: UI (the process's first). */
int app_loop_run(const AppOptions *options);

#endif
