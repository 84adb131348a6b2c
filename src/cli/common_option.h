/* Rows that several commands have alike, so that one name takes the same values and says the same
 * everywhere. AT: the field's offset in the command's struct. */
#ifndef LATENTSCAPE_SRC_CLI_COMMON_OPTION_H
#define LATENTSCAPE_SRC_CLI_COMMON_OPTION_H

#include "cli/option.h"

enum {
    CLI_THREADS_MOST = 64
};

#define CLI_SAME_NUMBERS " The numbers do not depend on it."

/* uint64_t, 0 where it is not given: all processors; `more`: a further sentence. */
#define CLI_OPTION_THREADS(at, more)                                                  \
    {                                                                                 \
        .name = "threads", .value = "N", .type = CLI_COUNT, .offset = (at), .min = 1, \
        .max = CLI_THREADS_MOST, .help = "Works on N threads (all processors)." more  \
    }

/* const char *, NULL: the shipped digits; `what`: further words on which files of the folder are used. */
#define CLI_OPTION_DATA(at, what)                                                          \
    {                                                                                      \
        .name = "data", .value = "DIR", .type = CLI_TEXT, .offset = (at),                  \
        .help = "A folder of IDX or IDX.gz files" what ". Without it, the shipped digits." \
    }

#endif
