/* Tells what a safetensors file holds. */
#ifndef LATENTSCAPE_SRC_CLI_INFO_COMMAND_H
#define LATENTSCAPE_SRC_CLI_INFO_COMMAND_H

#include "cli/message.h"

/* The command "info"; words: what follows its name.  Thread: one at a time. */
CliStatus cli_info_command_run(int count, char *const *words);

#endif
