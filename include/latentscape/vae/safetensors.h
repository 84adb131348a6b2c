/* Files of named tensors in the safetensors format: 8 bytes of length, a JSON header, then the
 * raw numbers, all little-endian. Such files come from strangers, so the reader is stricter than
 * the format's own: every length, offset, shape and type is checked before memory is asked for,
 * and the whole file is refused for a duplicate or unprintable name, a hole, an overlap, bytes
 * after the end, a header over 1 MiB or more than 4,096 tensors. Values are not looked at. */
#ifndef LATENTSCAPE_VAE_SAFETENSORS_H
#define LATENTSCAPE_VAE_SAFETENSORS_H

#include "latentscape/core/error.h"

enum {
    LS_SAFETENSORS_RANK = 8,         /* dimensions of a tensor at most */
    LS_SAFETENSORS_NAME = 256,       /* bytes of a name at most */
    LS_SAFETENSORS_TENSORS = 4096,   /* tensors of a file at most */
    LS_SAFETENSORS_HEADER = 1 << 20, /* bytes of a header at most */
};

/* One tensor. */
typedef struct LsSafetensorsEntry {
    const char *name; /* well-formed UTF-8 without control characters */
    const char *type; /* "F32", "BF16", ... */
    int rank;
    size_t shape[LS_SAFETENSORS_RANK];
    size_t count;     /* numbers: the product of shape, 1 for rank 0 */
    size_t size;      /* bytes */
    const void *data; /* little-endian and of any alignment when read from a file */
} LsSafetensorsEntry;

/* One line of __metadata__. */
typedef struct LsSafetensorsMeta {
    const char *key, *value;
} LsSafetensorsMeta;

typedef struct LsSafetensors {
    size_t count;
    LsSafetensorsEntry *entry; /* [count], in the order of their data */
    size_t meta_count;
    LsSafetensorsMeta *meta; /* [meta_count], in the order of the file */
    // --- private to safetensors.c: what the pointers above point into
    uint8_t *file;
    void *json;
} LsSafetensors;

/* Reads a file into memory. Owns: the caller, ls_safetensors_finish(). Fails: false, LS_ERR_FILE,
 * LS_ERR_FORMAT or LS_ERR_MEMORY, with the file's name and what is wrong; *tensors is then zeroed.
 * Thread: any. */
LS_CHECKED bool ls_safetensors_open(LsSafetensors *tensors, const char *path, LsError *err);

/* The same for a file that lies in memory; `path` stands in messages. Owns: takes over file (from
 * ls_memory_items()), whatever the outcome. Fails: as ls_safetensors_open().  Thread: any. */
LS_CHECKED bool ls_safetensors_read(LsSafetensors *tensors, const char *path, uint8_t *file,
                                    size_t size, LsError *err);

/* Releases everything and zeroes it; a zeroed one is accepted.  Thread: any. */
void ls_safetensors_finish(LsSafetensors *tensors);

/* The tensor called name, or NULL. Owns: borrowed.  Thread: any. */
const LsSafetensorsEntry *ls_safetensors_find(const LsSafetensors *tensors, const char *name);

/* The metadata called key, or NULL. Owns: borrowed.  Thread: any. */
const char *ls_safetensors_find_meta(const LsSafetensors *tensors, const char *key);

/* Whether it holds 32-bit floats.  Thread: any. */
bool ls_safetensors_is_f32(const LsSafetensorsEntry *entry);

/* Copies the numbers of an F32 tensor. Shapes: out [count].  Thread: any. */
void ls_safetensors_copy(const LsSafetensorsEntry *entry, float *out);

/* Writes a file atomically, the tensors' data in the order given. Of an entry, name, rank, shape
 * and data (32-bit floats) are read. Names and metadata must be well-formed UTF-8.
 * Shapes: entries [count]; meta [meta_count]. Fails: false, LS_ERR_FILE or LS_ERR_MEMORY; the
 * old file stays whole.  Thread: any. */
LS_CHECKED bool ls_safetensors_save(const char *path, const LsSafetensorsEntry *entries,
                                    size_t count, const LsSafetensorsMeta *meta, size_t meta_count,
                                    LsError *err);

#endif
