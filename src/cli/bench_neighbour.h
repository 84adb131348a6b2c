/* Another program that wants a processor for itself: what a window must bear on a shared machine. */
#ifndef LATENTSCAPE_SRC_CLI_BENCH_NEIGHBOUR_H
#define LATENTSCAPE_SRC_CLI_BENCH_NEIGHBOUR_H

#include <sys/types.h>

#include "latentscape/core/error.h"

/* Starts a process that keeps one processor busy at ordinary priority until it is ended, or until the
 * bench ends. Fails: 0, LS_ERR_SYSTEM.  Thread: one at a time. */
LS_CHECKED pid_t cli_bench_neighbour_start(LsError *err);

/* Ends it; 0 is accepted.  Thread: one at a time. */
void cli_bench_neighbour_end(pid_t neighbour);

#endif
