/* Memory aligned to 64 bytes, a cache line and the widest vector. */
#ifndef LATENTSCAPE_CORE_MEMORY_H
#define LATENTSCAPE_CORE_MEMORY_H

#include "latentscape/core/base.h"
#include "latentscape/core/error.h"

/* count floats, zeroed, 64-byte aligned. Owns: the caller, ls_memory_free().
 * Fails: NULL, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED float *ls_memory_floats(size_t count, LsError *err);

/* count items of size bytes, zeroed, 64-byte aligned. Owns: the caller, ls_memory_free().
 * Fails: NULL, LS_ERR_MEMORY, also where count * size overflows.  Thread: any. */
LS_CHECKED void *ls_memory_items(size_t count, size_t size, LsError *err);

/* Releases what the functions above gave; NULL is accepted.  Thread: any. */
void ls_memory_free(void *memory);

#endif
