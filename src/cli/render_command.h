/* Draws what a model decodes: a grid over the latent plane, or one image. */
#ifndef LATENTSCAPE_SRC_CLI_RENDER_COMMAND_H
#define LATENTSCAPE_SRC_CLI_RENDER_COMMAND_H

#include "cli/message.h"

/* The command "render"; words: what follows its name.  Thread: one at a time. */
CliStatus cli_render_command_run(int count, char *const *words);

#endif
