/* A folder of the bench's own, for as long as a measurement lasts. */
#ifndef LATENTSCAPE_SRC_CLI_BENCH_FOLDER_H
#define LATENTSCAPE_SRC_CLI_BENCH_FOLDER_H

#include "latentscape/core/error.h"
#include "latentscape/core/path.h"

/* Makes it under $TMPDIR, or /tmp. Shapes: folder [LS_PATH_MAX], "" where it fails.
 * Owns: the caller, cli_bench_folder_remove(). Fails: false, LS_ERR_FILE.  Thread: one at a time. */
LS_CHECKED bool cli_bench_folder_make(char *folder, LsError *err);

/* Removes it with all that is in it; "" is accepted.  Thread: one at a time. */
void cli_bench_folder_remove(const char *folder);

#endif
