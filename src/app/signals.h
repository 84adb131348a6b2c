/* Signals and the wish to end: SIGINT, SIGTERM and SIGHUP become an SDL_QUIT event; a second one ends
 * the program at once, and so does a window that does not answer the first within two seconds. SIGHUP
 * stays ignored where it is: nohup asks for that. */
#ifndef APP_SIGNALS_H
#define APP_SIGNALS_H

#include "latentscape/core/error.h"

typedef struct AppSignals AppSignals;

/* Installs the handlers and the thread that watches. One a process. Owns: the caller,
 * app_signals_destroy(). Fails: NULL, LS_ERR_SYSTEM or LS_ERR_MEMORY.  Thread: UI. */
LS_CHECKED AppSignals *app_signals_create(LsError *err);

/* The first signal was answered: the program is ending, and takes as long as the disk takes to keep the
 * model. A second signal still ends it at once.  Thread: UI. */
void app_signals_answer(AppSignals *signals);

/* Puts the old handlers back and joins the thread; NULL is accepted.  Thread: UI. */
void app_signals_destroy(AppSignals *signals);

#endif
