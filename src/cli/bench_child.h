/* The program itself as a child: a window that plays a script and tells of every frame. It gets folders
 * of its own for settings and models, so that nobody's session is touched, and ends with the bench,
 * whatever ends that, held or not. */
#ifndef LATENTSCAPE_SRC_CLI_BENCH_CHILD_H
#define LATENTSCAPE_SRC_CLI_BENCH_CHILD_H

#include <sys/types.h>

#include "latentscape/core/path.h"

/* A line of its trace (app/trace.h). */
typedef struct CliBenchFrame {
    double clock;
    double work_ms; /* from when the frame was due to when it was drawn */
    double step;
    bool has_image; /* the one under the cursor is decoded */
    bool measured;  /* it is the first with new measures of the model */
    bool forked;    /* both sides of a fork have trained */
} CliBenchFrame;

typedef struct CliBenchChild {
    char folder[LS_PATH_MAX]; /* "": none */
    char renderer[32];        /* how its pictures reach the display, as it says itself */
    pid_t pid;                /* 0: not running */
    int ended;                /* a pidfd: readable when it has ended */
    double began;             /* clock: just before it was started */
    int status;               /* exit status, -1 where a signal ended it; when it has ended */
    CliBenchFrame *frame;     /* as read last */
    int count;
} CliBenchChild;

/* Starts it with the script's text, on the display through one of SDL's renderers, or in memory where
 * renderer is NULL. Owns: the caller, cli_bench_child_finish(), whatever the outcome.
 * Fails: false, LS_ERR_SYSTEM or LS_ERR_FILE.  Thread: one at a time. */
LS_CHECKED bool cli_bench_child_start(CliBenchChild *child, const char *renderer,
                                      const char *script, LsError *err);

/* Stops it where it is, or lets it go on.  Thread: one at a time. */
void cli_bench_child_hold(const CliBenchChild *child, bool held);

/* Waits up to so many seconds for its end. False where it still runs.
 * Thread: one at a time. */
bool cli_bench_child_wait(CliBenchChild *child, double seconds);

/* Reads what it has traced so far. Fails: false, LS_ERR_MEMORY.  Thread: one at a time. */
LS_CHECKED bool cli_bench_child_read(CliBenchChild *child, LsError *err);

/* The most memory it has held so far, in bytes; 0 where the system does not tell.
 * Thread: one at a time. */
double cli_bench_child_memory(const CliBenchChild *child);

/* The processor time of all its threads so far, in seconds; NAN where the system does not tell.
 * Thread: one at a time. */
double cli_bench_child_processor(const CliBenchChild *child);

/* Ends it where it still runs, and removes its folder.  Thread: one at a time. */
void cli_bench_child_finish(CliBenchChild *child);

#endif
