/* The lines of settings that race in the part quality of the bench. */
#ifndef LATENTSCAPE_SRC_CLI_BENCH_RACE_H
#define LATENTSCAPE_SRC_CLI_BENCH_RACE_H

#include "cli/option.h"

enum {
    CLI_BENCH_RACE_MOST = 256
};

/* Lines: from the command line and from a file, in this order; one empty line, the defaults, where
 * there are none. */
typedef struct CliBenchRace {
    const char *line[CLI_BENCH_RACE_MOST]; /* borrowed from the words or from text */
    int count;
    char *text; /* the file; its lines end in 0 */
} CliBenchRace;

/* Gathers the lines and sees to it that each is sound: a fault in the last must not show after hours.
 * In the file, empty lines and those that begin with # count nothing. file: may be NULL.
 * Owns: the caller, cli_bench_race_finish(). Fails: false, LS_ERR_FILE, LS_ERR_USAGE; nothing is then
 * owned.  Thread: one at a time. */
LS_CHECKED bool cli_bench_race_init(CliBenchRace *race, const CliWords *words, const char *file,
                                    LsError *err);

/* Releases it; a zeroed one is accepted.  Thread: one at a time. */
void cli_bench_race_finish(CliBenchRace *race);

#endif
