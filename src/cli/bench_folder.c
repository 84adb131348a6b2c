#include "cli/bench_folder.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

bool cli_bench_folder_make(char *folder, LsError *err)
{
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread of the bench looks at it
    const char *base = getenv("TMPDIR");
    folder[0] = '\0';
    char path[LS_PATH_MAX];
    if (!ls_path_join(base != NULL && *base == '/' ? base : "/tmp", "latentscape-bench-XXXXXX",
                      path, err)) {
        return false;
    }
    if (mkdtemp(path) == NULL) {
        return ls_fail(err, LS_ERR_FILE, "%s: the folder cannot be made: %s.", path,
                       ls_error_describe(errno));
    }
    snprintf(folder, LS_PATH_MAX, "%s", path);
    return true;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    (void)remove(path);
    return 0;
}

void cli_bench_folder_remove(const char *folder)
{
    if (folder[0] != '\0') {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread of the bench walks through folders
        (void)nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    }
}
