/* What a fuzz target is: the entry point that libFuzzer and the replay program call, and small
 * things every target needs. A broken promise ends the program, which both take for a finding. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "latentscape/core/error.h"
#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"

/* One input. Returns 0.  Thread: one at a time. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_check(bool promise)
{
    if (!promise) {
        abort();
    }
}

/* A copy for a reader that takes its file over, of exactly size bytes: one too far is seen. */
static inline uint8_t *fuzz_copy(const uint8_t *data, size_t size)
{
    uint8_t *copy = ls_memory_items(size, 1, NULL);
    fuzz_check(copy != NULL);
    if (size > 0) {
        memcpy(copy, data, size);
    }
    return copy;
}

/* A refusal has a code and one printable sentence that names the file. */
static inline void fuzz_check_refusal(const LsError *err, const char *name)
{
    const size_t length = strlen(err->text);
    fuzz_check(err->code != LS_OK && err->code != LS_ERR_MEMORY);
    fuzz_check(length > 0 && ls_text_is_plain(err->text, length));
    fuzz_check(strstr(err->text, name) != NULL);
}

#endif
