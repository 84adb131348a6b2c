#include "latentscape/core/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    ALIGNMENT = 64
};

/* calloc, for large pieces come from the system as zeros that take no memory until they are written: a
 * pass with room for a batch nobody asks for, or an average nobody keeps, then costs nothing. Its own
 * address lies in front of the aligned one. */
void *ls_memory_items(size_t count, size_t size, LsError *err)
{
    size_t bytes = 0;
    size_t padded = 0;
    if (!ls_size_mul(count, size, &bytes) || !ls_size_add(bytes, 2 * ALIGNMENT - 1, &padded)) {
        ls_fail(err, LS_ERR_MEMORY, "%zu items of %zu bytes are more than memory can address.",
                count, size);
        return NULL;
    }
    padded -= padded % ALIGNMENT; /* so that the last line of floats is whole, too */
    char *whole = calloc(1, padded);
    if (whole == NULL) {
        ls_fail(err, LS_ERR_MEMORY, "There is not enough memory: %zu bytes were asked for.", bytes);
        return NULL;
    }
    char *memory = whole + (ALIGNMENT - (uintptr_t)whole % ALIGNMENT);
    memcpy(memory - sizeof whole, &whole, sizeof whole); /* calloc's are 8 or 16 bytes aligned */
    return memory;
}

float *ls_memory_floats(size_t count, LsError *err)
{
    return ls_memory_items(count, sizeof(float), err);
}

void ls_memory_free(void *memory)
{
    if (memory != NULL) {
        void *whole = NULL;
        memcpy(&whole, (const char *)memory - sizeof whole, sizeof whole);
        free(whole);
    }
}
