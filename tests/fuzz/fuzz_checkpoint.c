/* Any bytes as a model file. */
#include <math.h>

#include "latentscape/vae/checkpoint.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    LsCheckpoint checkpoint;
    LsError err = {0};
    if (!ls_checkpoint_read(&checkpoint, "fuzz.safetensors", fuzz_copy(data, size), size, &err)) {
        fuzz_check_refusal(&err, "fuzz.safetensors");
        fuzz_check(checkpoint.params == NULL && checkpoint.m == NULL && checkpoint.v == NULL);
        return 0;
    }
    fuzz_check(checkpoint.model.weight_total * sizeof(float) < size);
    fuzz_check((checkpoint.m == NULL) == (checkpoint.v == NULL));
    for (size_t i = 0; i < checkpoint.model.param_count; i++) {
        fuzz_check(isfinite(checkpoint.params[i]));
    }
    ls_checkpoint_finish(&checkpoint);
    return 0;
}
