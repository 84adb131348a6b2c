#include "cli/window_command.h"

CliStatus cli_window_command_run(int count, char *const *words)
{
    (void)count;
    (void)words;
    cli_message_note("This build has no window; \"latentscape --help\" lists what it can do.");
    return CLI_FAILED;
}
