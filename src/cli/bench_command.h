/* Tells how fast the program is on this machine, and how near that is to the machine's limit. */
#ifndef LATENTSCAPE_SRC_CLI_BENCH_COMMAND_H
#define LATENTSCAPE_SRC_CLI_BENCH_COMMAND_H

#include "cli/message.h"

/* The command "bench"; words: what follows its name.  Thread: one at a time. */
CliStatus cli_bench_command_run(int count, char *const *words);

#endif
