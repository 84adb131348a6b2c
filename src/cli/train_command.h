/* Trains a model without a window: settings from options, losses to the screen and as JSON lines,
 * the model into a file. Ctrl-C stops it cleanly. */
#ifndef LATENTSCAPE_SRC_CLI_TRAIN_COMMAND_H
#define LATENTSCAPE_SRC_CLI_TRAIN_COMMAND_H

#include "cli/message.h"

/* The command "train"; words: what follows its name.  Thread: one at a time. */
CliStatus cli_train_command_run(int count, char *const *words);

#endif
