/* The kinds of files that can hold an array of images or labels, one table row per kind. A file is
 * found by its suffix and read by what it begins with. */
#ifndef LATENTSCAPE_DATA_FORMAT_H
#define LATENTSCAPE_DATA_FORMAT_H

#include "data/idx.h"

typedef struct LsFormat {
    const char *name;   /* for messages */
    const char *suffix; /* after "idx3-ubyte" or "idx1-ubyte" */
    uint8_t magic[2];   /* the first bytes of such a file */
    bool (*open)(const char *name, uint8_t *file, size_t size, int rank, LsIdx *idx, LsError *err);
} LsFormat;

/* Every kind, in the order in which they are looked for; *count rows. Owns: nothing to free.
 * Thread: any. */
const LsFormat *ls_format_kinds(size_t *count);

/* Reads the file at path. Owns: the caller, ls_idx_finish(). Fails: false, LS_ERR_FILE,
 * LS_ERR_FORMAT or LS_ERR_MEMORY, naming the file.  Thread: any. */
LS_CHECKED bool ls_format_open(const char *path, int rank, LsIdx *idx, LsError *err);

/* The same for bytes in memory. Owns: takes over file (from ls_memory_items()), whatever the
 * outcome.
 * Fails: as ls_format_open().  Thread: any. */
LS_CHECKED bool ls_format_read(const char *name, uint8_t *file, size_t size, int rank, LsIdx *idx,
                               LsError *err);

#endif
