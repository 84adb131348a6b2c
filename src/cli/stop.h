/* Ctrl-C and its relatives, taken between two steps of long work instead of in the middle of one. The
 * first one asks the work to end well, a second one ends the program at once. */
#ifndef LATENTSCAPE_SRC_CLI_STOP_H
#define LATENTSCAPE_SRC_CLI_STOP_H

#include <signal.h>
#include <stdbool.h>

enum {
    CLI_STOP_SIGNALS = 3 /* SIGINT, SIGTERM, SIGHUP */
};

typedef struct CliStop {
    struct sigaction before[CLI_STOP_SIGNALS];
} CliStop;

/* Notes these signals from here on.  Thread: one at a time. */
void cli_stop_init(CliStop *stop);

/* Whether one of them has come.  Thread: any. */
bool cli_stop_asked(void);

/* Lets them act as before.  Thread: one at a time. */
void cli_stop_finish(const CliStop *stop);

#endif
