#include "data/idx.h"

#include "latentscape/core/memory.h"

enum {
    TYPE_BYTES = 8
};

static uint32_t read_big_endian(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* A side of 1 .. 4,096 pixels and no more than 65,536 of them: products fit whatever was read. */
static bool check_image(const char *name, const LsIdx *idx, LsError *err)
{
    const uint32_t height = idx->dim[1];
    const uint32_t width = idx->dim[2];
    if (height < 1 || width < 1 || height > LS_IDX_SIDE_MAX || width > LS_IDX_SIDE_MAX ||
        height * width > LS_IDX_PIXELS_MAX) {
        return ls_fail(err, LS_ERR_FORMAT,
                       "%s holds images of %u x %u pixels: a side can have 1 to %d, an image %d.",
                       name, width, height, LS_IDX_SIDE_MAX, LS_IDX_PIXELS_MAX);
    }
    return true;
}

bool ls_idx_read_head(const char *name, const uint8_t *head, int rank, LsIdx *idx, size_t *bytes,
                      LsError *err)
{
    if (head[0] != 0 || head[1] != 0) {
        return ls_fail(err, LS_ERR_FORMAT, "%s is no IDX file: it does not begin with two zeros.",
                       name);
    }
    if (head[2] != TYPE_BYTES) {
        return ls_fail(err, LS_ERR_FORMAT, "%s holds numbers of type %u, not bytes (type %d).",
                       name, head[2], TYPE_BYTES);
    }
    if (head[3] != rank) {
        return ls_fail(err, LS_ERR_FORMAT, "%s has %u dimensions, where %s have %d.", name, head[3],
                       rank == 1 ? "labels" : "images", rank);
    }
    *idx = (LsIdx){.rank = rank};
    for (int i = 0; i < rank; i++) {
        idx->dim[i] = read_big_endian(head + 4 + 4 * (size_t)i);
    }
    if (rank == 3 && !check_image(name, idx, err)) {
        return false;
    }
    if (idx->dim[0] == 0) {
        return ls_fail(err, LS_ERR_FORMAT, "%s is empty: its header announces 0 %s.", name,
                       rank == 1 ? "labels" : "images");
    }
    const size_t each = rank == 3 ? (size_t)idx->dim[1] * idx->dim[2] : 1;
    if (idx->dim[0] > LS_IDX_BYTES_MAX / each) {
        return ls_fail(err, LS_ERR_FORMAT,
                       "%s announces %u times %zu bytes: more than %d bytes are not read.", name,
                       idx->dim[0], each, LS_IDX_BYTES_MAX);
    }
    *bytes = idx->dim[0] * each;
    return true;
}

bool ls_idx_read(const char *name, uint8_t *file, size_t size, int rank, LsIdx *idx, LsError *err)
{
    LsIdx read = {0};
    size_t bytes = 0;
    const size_t head = 4 + 4 * (size_t)rank;
    bool good = false;
    *idx = read;
    if (size < head) {
        ls_fail(err, LS_ERR_FORMAT,
                "%s is cut short: %zu bytes, where the IDX header alone has %zu.", name, size,
                head);
    } else if (ls_idx_read_head(name, file, rank, &read, &bytes, err)) {
        good = size - head == bytes;
        if (!good) {
            ls_fail(err, LS_ERR_FORMAT, "%s is %s: its header announces %zu bytes, %zu follow.",
                    name, size - head < bytes ? "cut short" : "too long", bytes, size - head);
        }
    }
    if (!good) {
        ls_memory_free(file);
        return false;
    }
    read.storage = file;
    read.data = file + head;
    *idx = read;
    return true;
}

void ls_idx_finish(LsIdx *idx)
{
    ls_memory_free(idx->storage);
    *idx = (LsIdx){0};
}
