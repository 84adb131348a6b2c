/* What the command line says besides its results: one sentence a line, on standard error. */
#ifndef LATENTSCAPE_SRC_CLI_MESSAGE_H
#define LATENTSCAPE_SRC_CLI_MESSAGE_H

#include "latentscape/core/error.h"

/* What the program's end tells the shell. */
typedef enum CliStatus {
    CLI_OK = 0,
    CLI_FAILED = 1, /* a file, a model or the system */
    CLI_USAGE = 2   /* a wrong command, option or value */
} CliStatus;

/* Says the error's sentence and gives the status that belongs to its code.  Thread: one at a time. */
CliStatus cli_message_error(const LsError *err);

/* Says a sentence.  Thread: one at a time. */
void cli_message_note(const char *format, ...) LS_PRINTF(1, 2);

#endif
