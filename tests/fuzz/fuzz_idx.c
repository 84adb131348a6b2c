/* Any bytes as an IDX file, plain or packed, of images or of labels. */
#include "data/format.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int rank = 1; rank <= 3; rank += 2) {
        LsIdx idx;
        LsError err = {0};
        if (!ls_format_read("fuzz.idx", fuzz_copy(data, size), size, rank, &idx, &err)) {
            fuzz_check_refusal(&err, "fuzz.idx");
            fuzz_check(idx.storage == NULL);
            continue;
        }
        size_t bytes = idx.dim[0];
        bytes *= rank == 3 ? (size_t)idx.dim[1] * idx.dim[2] : 1;
        unsigned sum = 0;
        for (size_t i = 0; i < bytes; i++) {
            sum += idx.data[i]; /* each byte is there to be read */
        }
        fuzz_check(sum <= 255 * bytes);
        ls_idx_finish(&idx);
    }
    return 0;
}
