/* Any bytes, packed well by gzip, as an IDX.gz file: so that the reader behind the checksum is
 * reached too. */
#include <zlib.h>

#include "data/idx.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    fuzz_check(deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    const size_t room = deflateBound(&stream, (uLong)size);
    uint8_t *packed = ls_memory_items(room, 1, NULL);
    uint8_t *copy = fuzz_copy(data, size);
    fuzz_check(packed != NULL);
    stream.next_in = copy;
    stream.avail_in = (uInt)size;
    stream.next_out = packed;
    stream.avail_out = (uInt)room;
    fuzz_check(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    const size_t packed_size = room - stream.avail_out;
    fuzz_check(deflateEnd(&stream) == Z_OK);
    for (int rank = 1; rank <= 3; rank += 2) {
        LsIdx idx;
        LsError err = {0};
        if (ls_idx_read_gzip("fuzz.idx.gz", fuzz_copy(packed, packed_size), packed_size, rank, &idx,
                             &err)) {
            const size_t head = 4 + 4 * (size_t)rank;
            fuzz_check(memcmp(idx.data, data + head, size - head) == 0);
            ls_idx_finish(&idx);
        } else {
            fuzz_check_refusal(&err, "fuzz.idx.gz");
        }
    }
    ls_memory_free(copy);
    ls_memory_free(packed);
    return 0;
}
