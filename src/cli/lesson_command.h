/* Reads a lesson, and runs it without a window. */
#ifndef LATENTSCAPE_SRC_CLI_LESSON_COMMAND_H
#define LATENTSCAPE_SRC_CLI_LESSON_COMMAND_H

#include "cli/message.h"

/* The command "lesson"; words: what follows its name.  Thread: one at a time. */
CliStatus cli_lesson_command_run(int count, char *const *words);

#endif
