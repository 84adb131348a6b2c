/* Gzip files made in memory, for tests alone. */
#ifndef TESTS_DATA_GZIP_H
#define TESTS_DATA_GZIP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

/* Packs size bytes, which zlib only reads, into out [room]; the number of bytes it took. */
static inline size_t gzip_pack(uint8_t *data, size_t size, uint8_t *out, size_t room)
{
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = data;
    stream.avail_in = (uInt)size;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    const size_t packed = room - stream.avail_out;
    assert_int_equal(deflateEnd(&stream), Z_OK);
    return packed;
}

#endif
