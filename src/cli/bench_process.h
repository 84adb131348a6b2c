/* Processes of the bench's own: they end with it, whatever ends it, held or not. */
#ifndef LATENTSCAPE_SRC_CLI_BENCH_PROCESS_H
#define LATENTSCAPE_SRC_CLI_BENCH_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/* A copy of this process, as fork(): 0 in the copy, which makes no calls before the next but those that
 * signal handlers may make, where it has other threads; below 0 where there is none, errno tells why.
 * Thread: one at a time. */
pid_t cli_bench_process_start(void);

/* Stops it where it is, or lets it go on; 0 is accepted.  Thread: one at a time. */
void cli_bench_process_hold(pid_t process, bool held);

/* Ends it and waits for that; 0 is accepted.  Thread: one at a time. */
void cli_bench_process_end(pid_t process);

#endif
