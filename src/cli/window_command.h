/* The window: what the program does when it is given no command. */
#ifndef LATENTSCAPE_SRC_CLI_WINDOW_COMMAND_H
#define LATENTSCAPE_SRC_CLI_WINDOW_COMMAND_H

#include "cli/message.h"

/* Opens the window; words: all that follows the program's name.  Thread: UI. */
CliStatus cli_window_command_run(int count, char *const *words);

#endif
