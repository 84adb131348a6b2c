#include "cli/message.h"

#include <stdio.h>

CliStatus cli_message_error(const LsError *err)
{
    fprintf(stderr, "latentscape: %s\n", err->text);
    return err->code == LS_ERR_USAGE ? CLI_USAGE : CLI_FAILED;
}

void cli_message_note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "latentscape: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
}
