/* The help pages, printed from the tables of commands, options and settings. */
#ifndef LATENTSCAPE_SRC_CLI_USAGE_H
#define LATENTSCAPE_SRC_CLI_USAGE_H

#include "cli/option.h"

/* Prints a command's page to standard output.  Thread: one at a time. */
void cli_usage_command(const CliSyntax *syntax);

/* Prints the program's page with its commands to standard output.  Thread: one at a time. */
void cli_usage_program(void);

/* Prints name and version to standard output.  Thread: one at a time. */
void cli_usage_version(void);

/* A setting's name as an option's: w_rec, w-rec. Shapes: out [size].  Thread: any. */
void cli_usage_option_name(const char *name, char *out, size_t size);

#endif
