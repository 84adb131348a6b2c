/* A real window that is drawn in memory, with folders of its own. */
#ifndef TESTS_APP_OFFSCREEN_H
#define TESTS_APP_OFFSCREEN_H

#include "app/app.h"

typedef struct Offscreen {
    char folder[40];
    char picture[64];
    char file[64]; /* a path in the folder, for the test */
} Offscreen;

/* Makes the folder, where settings and models are kept from now on; name is the file's. */
void offscreen_open(Offscreen *place, const char *name);

/* Runs the window until its end, which must be a good one. */
void offscreen_run(const Offscreen *place, AppOptions options);

/* Removes the folder. */
void offscreen_close(const Offscreen *place);

#endif
