/* Judges a model on held-out images. */
#ifndef LATENTSCAPE_SRC_CLI_EVAL_COMMAND_H
#define LATENTSCAPE_SRC_CLI_EVAL_COMMAND_H

#include "cli/message.h"

/* The command "eval"; words: what follows its name.  Thread: one at a time. */
CliStatus cli_eval_command_run(int count, char *const *words);

#endif
