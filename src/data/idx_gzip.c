#include <string.h>

#include <zlib.h>

#include "latentscape/core/memory.h"

#include "data/idx.h"

enum {
    GZIP_WINDOW = 15 + 16,  /* zlib: the largest window, a gzip header */
    FIRST_BUFFER = 1 << 18, /* bytes; doubled as they fill */
    SMALL = 1 << 20,        /* bytes that may be packed as tightly as they will */
    PACKING_MAX = 256       /* how far pictures can shrink; deflate itself reaches 1,032 */
};

typedef struct Unpacker {
    const char *name;
    z_stream stream;
    bool ended; /* the file's last gzip member has ended and its checksum is right */
} Unpacker;

/* Unpacks until size bytes are there or the file ends; *got bytes came. A gzip file may have
 * several members, one after another. */
static bool unpack(Unpacker *unpacker, uint8_t *out, size_t size, size_t *got, LsError *err)
{
    z_stream *stream = &unpacker->stream;
    stream->next_out = out;
    stream->avail_out = (uInt)size;
    while (stream->avail_out > 0 && !unpacker->ended) {
        const int result = inflate(stream, Z_NO_FLUSH);
        if (result == Z_STREAM_END) {
            unpacker->ended = stream->avail_in == 0;
            if (!unpacker->ended && inflateReset(stream) != Z_OK) {
                return ls_fail(err, LS_ERR_FORMAT, "%s cannot be unpacked.", unpacker->name);
            }
        } else if (result == Z_MEM_ERROR) {
            return ls_fail(err, LS_ERR_MEMORY, "%s: there is not enough memory to unpack it.",
                           unpacker->name);
        } else if (result == Z_BUF_ERROR) {
            return ls_fail(err, LS_ERR_FORMAT, "%s is cut short: the gzip data ends too early.",
                           unpacker->name);
        } else if (result != Z_OK) {
            return ls_fail(err, LS_ERR_FORMAT, "%s is damaged: gzip says \"%s\".", unpacker->name,
                           stream->msg != NULL ? stream->msg : "bad data");
        }
    }
    *got = size - stream->avail_out;
    return true;
}

/* The bytes announced by the header, exactly, into memory that grows as they come. */
static bool unpack_data(Unpacker *unpacker, size_t bytes, uint8_t **data, LsError *err)
{
    size_t room = bytes < FIRST_BUFFER ? bytes : FIRST_BUFFER;
    size_t used = 0;
    uint8_t *buffer = ls_memory_items(room, 1, err);
    while (buffer != NULL) {
        size_t got = 0;
        if (!unpack(unpacker, buffer + used, room - used, &got, err)) {
            break;
        }
        used += got;
        if (used < room) {
            ls_fail(err, LS_ERR_FORMAT,
                    "%s is cut short: its header announces %zu bytes, %zu follow.", unpacker->name,
                    bytes, used);
            break;
        }
        if (room == bytes) {
            *data = buffer;
            return true;
        }
        const size_t larger = bytes / 2 < room ? bytes : 2 * room;
        uint8_t *grown = ls_memory_items(larger, 1, err);
        if (grown != NULL) {
            memcpy(grown, buffer, used);
        }
        ls_memory_free(buffer);
        buffer = grown;
        room = larger;
    }
    ls_memory_free(buffer);
    return false;
}

static bool read_array(Unpacker *unpacker, size_t packed, int rank, LsIdx *idx, LsError *err)
{
    uint8_t head[LS_IDX_HEADER_MAX];
    const size_t head_size = 4 + 4 * (size_t)rank;
    size_t got = 0;
    size_t bytes = 0;
    if (!unpack(unpacker, head, head_size, &got, err)) {
        return false;
    }
    if (got < head_size) {
        return ls_fail(err, LS_ERR_FORMAT, "%s is cut short: it unpacks to %zu bytes.",
                       unpacker->name, got);
    }
    if (!ls_idx_read_head(unpacker->name, head, rank, idx, &bytes, err)) {
        return false;
    }
    if (bytes > SMALL && bytes / PACKING_MAX > packed) {
        return ls_fail(err, LS_ERR_FORMAT,
                       "%s announces %zu bytes of pictures, more than can be packed into %zu.",
                       unpacker->name, bytes, packed);
    }
    if (!unpack_data(unpacker, bytes, &idx->storage, err)) {
        return false;
    }
    idx->data = idx->storage;
    uint8_t extra = 0;
    if (!unpack(unpacker, &extra, 1, &got, err)) {
        return false;
    }
    if (got != 0) {
        return ls_fail(err, LS_ERR_FORMAT, "%s is too long: its header announces %zu bytes.",
                       unpacker->name, bytes);
    }
    return true;
}

bool ls_idx_read_gzip(const char *name, uint8_t *file, size_t size, int rank, LsIdx *idx,
                      LsError *err)
{
    Unpacker unpacker = {.name = name};
    *idx = (LsIdx){0};
    bool good = false;
    if (size > LS_IDX_BYTES_MAX) {
        ls_fail(err, LS_ERR_FORMAT, "%s is too long: %zu bytes.", name, size);
        goto done;
    }
    unpacker.stream.next_in = file;
    unpacker.stream.avail_in = (uInt)size;
    if (inflateInit2(&unpacker.stream, GZIP_WINDOW) != Z_OK) {
        ls_fail(err, LS_ERR_MEMORY, "%s: there is not enough memory to unpack it.", name);
        goto done;
    }
    good = read_array(&unpacker, size, rank, idx, err);
    inflateEnd(&unpacker.stream);
done:
    ls_memory_free(file);
    if (!good) {
        ls_idx_finish(idx);
    }
    return good;
}
