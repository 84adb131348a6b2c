/* The window: what the program does when it is given no command. */
#ifndef LATENTSCAPE_SRC_CLI_WINDOW_COMMAND_H
#define LATENTSCAPE_SRC_CLI_WINDOW_COMMAND_H

#include "cli/message.h"
#include "cli/option.h"

/* What may follow the program's name when no command does. Owns: nothing to free.  Thread: any. */
const CliSyntax *cli_window_command_syntax(void);

/* Opens the window; words: all that follows the program's name.  Thread: UI. */
CliStatus cli_window_command_run(int count, char *const *words);

#endif
