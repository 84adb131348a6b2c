/* The commands of the program: a new one is a row of the table. */
#ifndef LATENTSCAPE_SRC_CLI_COMMAND_H
#define LATENTSCAPE_SRC_CLI_COMMAND_H

#include "cli/message.h"

typedef struct CliCommand {
    const char *name; /* never renamed */
    const char *help; /* one line */
    /* Carries it out; words: what follows the name.  Thread: one at a time. */
    CliStatus (*run)(int count, char *const *words);
} CliCommand;

/* Every command, *count rows. Owns: nothing to free.  Thread: any. */
const CliCommand *cli_command_table(size_t *count);

/* The command called name, or NULL.  Thread: any. */
const CliCommand *cli_command_find(const char *name);

/* The name of the command that `name` may be a slip of, or NULL.  Thread: any. */
const char *cli_command_nearest(const char *name);

#endif
