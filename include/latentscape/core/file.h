/* Whole files in, whole files out. A write goes to a file beside its target, is flushed to the disk
 * and renamed over the target, and the folder is flushed too: after any failure, and after a power
 * cut, the target is the old file or the new one, never a part of one. */
#ifndef LATENTSCAPE_CORE_FILE_H
#define LATENTSCAPE_CORE_FILE_H

#include "latentscape/core/error.h"

typedef struct LsFileWriter LsFileWriter;

/* Reads a regular file of at most `limit` bytes. *data gets size + 1 bytes, the last one NUL.
 * Owns: the caller, ls_memory_free(*data). Fails: false, LS_ERR_FILE (missing, a folder, no
 * permission, longer than limit, changed while read) or LS_ERR_MEMORY; the text names the file.
 * Thread: any. */
LS_CHECKED bool ls_file_read(const char *path, size_t limit, uint8_t **data, size_t *size,
                             LsError *err);

/* Begins writing `path`. A symbolic link is followed: its target is replaced, not the link. A new
 * file keeps the owner and permissions of the old one. A device or a pipe cannot be replaced: it is
 * written to as the bytes come.
 * Owns: the caller, one of commit or discard. Fails: NULL, LS_ERR_FILE naming path and fault.
 * Thread: one at a time per writer. */
LS_CHECKED LsFileWriter *ls_file_writer_create(const char *path, LsError *err);

/* Adds bytes. A fault is remembered and told by commit.  Thread: one at a time per writer. */
void ls_file_writer_add(LsFileWriter *writer, const void *data, size_t size);

/* Adds formatted text. A fault is remembered and told by commit.
 * Thread: one at a time per writer. */
void ls_file_writer_print(LsFileWriter *writer, const char *format, ...) LS_PRINTF(2, 3);

/* Makes the new file the file, and frees the writer whatever the outcome. Fails: false, LS_ERR_FILE
 * with path and the system's word ("No space left on device"); the old file is then untouched and
 * nothing is left beside it.  Thread: one at a time per writer. */
LS_CHECKED bool ls_file_writer_commit(LsFileWriter *writer, LsError *err);

/* Throws the new file away and frees the writer; NULL is accepted.
 * Thread: one at a time per writer. */
void ls_file_writer_discard(LsFileWriter *writer);

/* Removes what writers that were killed have left in `folder`: their files, which nobody will rename
 * any more. Files that a running program still writes stay.  Thread: any. */
void ls_file_writer_sweep(const char *folder);

/* Whether something stands at path.  Thread: any. */
bool ls_file_exists(const char *path);

/* Makes the folder `path` and those above it, for their owner alone. Fails: false, LS_ERR_FILE.  Thread: any. */
LS_CHECKED bool ls_file_make_folder(const char *path, LsError *err);

#endif
