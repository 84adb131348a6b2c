#include "latentscape/core/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
    ALIGNMENT = 64
};

void *ls_memory_items(size_t count, size_t size, LsError *err)
{
    size_t bytes = 0;
    size_t padded = 0;
    if (!ls_size_mul(count, size, &bytes) || !ls_size_add(bytes, ALIGNMENT, &padded)) {
        ls_fail(err, LS_ERR_MEMORY, "%zu items of %zu bytes are more than memory can address.",
                count, size);
        return NULL;
    }
    padded -= padded % ALIGNMENT; /* aligned_alloc wants whole multiples; never zero bytes */
    void *memory = aligned_alloc(ALIGNMENT, padded);
    if (memory == NULL) {
        ls_fail(err, LS_ERR_MEMORY, "There is not enough memory: %zu bytes were asked for.", bytes);
        return NULL;
    }
    memset(memory, 0, padded);
    return memory;
}

float *ls_memory_floats(size_t count, LsError *err)
{
    return ls_memory_items(count, sizeof(float), err);
}

void ls_memory_free(void *memory)
{
    free(memory);
}
