/* Arrays of bytes in IDX files, the format of MNIST: two zero bytes, the type (8: bytes), the
 * number of dimensions, each dimension as 32 bits with the highest byte first, then the bytes.
 * The length of the file must be exactly what the dimensions say. */
#ifndef LATENTSCAPE_DATA_IDX_H
#define LATENTSCAPE_DATA_IDX_H

#include "latentscape/core/error.h"

enum {
    LS_IDX_RANK_MAX = 3,
    LS_IDX_HEADER_MAX = 4 + 4 * LS_IDX_RANK_MAX,
    LS_IDX_SIDE_MAX = 4096,     /* of an image */
    LS_IDX_PIXELS_MAX = 65536,  /* of an image */
    LS_IDX_BYTES_MAX = 1 << 30, /* of an array: EMNIST, the largest of the kind, has 638 million */
};

typedef struct LsIdx {
    int rank; /* 1: labels [count]; 3: images [count, height, width] */
    uint32_t dim[LS_IDX_RANK_MAX];
    const uint8_t *data; /* [dim[0], ...], inside storage */
    uint8_t *storage;
} LsIdx;

/* The dimensions at the head of an array of the given rank; *bytes of data must follow. `name`
 * stands in messages. Shapes: head [4 + 4 * rank]. Fails: false, LS_ERR_FORMAT.  Thread: any. */
LS_CHECKED bool ls_idx_read_head(const char *name, const uint8_t *head, int rank, LsIdx *idx,
                                 size_t *bytes, LsError *err);

/* Reads an IDX file that lies in memory. Owns: takes over file (from ls_memory_items()),
 * whatever the outcome; the caller, ls_idx_finish(). Fails: false, LS_ERR_FORMAT; *idx is then
 * zeroed.
 * Thread: any. */
LS_CHECKED bool ls_idx_read(const char *name, uint8_t *file, size_t size, int rank, LsIdx *idx,
                            LsError *err);

/* The same for an IDX file that was packed by gzip. Never more is unpacked than the IDX header
 * announces, nor more memory asked for than twice what has come out.
 * Owns: as ls_idx_read(). Fails: false, LS_ERR_FORMAT or LS_ERR_MEMORY; *idx is then zeroed.
 * Thread: any. */
LS_CHECKED bool ls_idx_read_gzip(const char *name, uint8_t *file, size_t size, int rank, LsIdx *idx,
                                 LsError *err);

/* Releases and zeroes it; a zeroed one is accepted.  Thread: any. */
void ls_idx_finish(LsIdx *idx);

#endif
