/* Any bytes as a safetensors file. */
#include "latentscape/vae/safetensors.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    LsSafetensors tensors;
    LsError err = {0};
    if (!ls_safetensors_read(&tensors, "fuzz.safetensors", fuzz_copy(data, size), size, &err)) {
        fuzz_check_refusal(&err, "fuzz.safetensors");
        return 0;
    }
    size_t bytes = 0;
    for (size_t i = 0; i < tensors.count; i++) {
        const LsSafetensorsEntry *entry = &tensors.entry[i];
        fuzz_check(ls_safetensors_find(&tensors, entry->name) == entry);
        bytes += entry->size;
    }
    fuzz_check(bytes < size);
    for (size_t i = 0; i < tensors.meta_count; i++) {
        fuzz_check(ls_safetensors_find_meta(&tensors, tensors.meta[i].key) ==
                   tensors.meta[i].value);
    }
    ls_safetensors_finish(&tensors);
    return 0;
}
