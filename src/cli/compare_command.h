/* `latentscape compare`: trains several losses and tells them apart, with pictures and figures. */
#ifndef LATENTSCAPE_SRC_CLI_COMPARE_COMMAND_H
#define LATENTSCAPE_SRC_CLI_COMPARE_COMMAND_H

#include "cli/message.h"

/* Runs it with the words after its name.  Thread: one at a time. */
CliStatus cli_compare_command_run(int count, char *const *words);

#endif
