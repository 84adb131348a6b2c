#include "data/format.h"

#include <string.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"

static const LsFormat kinds[] = {
    {.name = "IDX", .suffix = "", .magic = {0, 0}, .open = ls_idx_read},
    {.name = "gzip", .suffix = ".gz", .magic = {0x1F, 0x8B}, .open = ls_idx_read_gzip},
};

const LsFormat *ls_format_kinds(size_t *count)
{
    *count = LS_COUNT(kinds);
    return kinds;
}

bool ls_format_read(const char *name, uint8_t *file, size_t size, int rank, LsIdx *idx,
                    LsError *err)
{
    *idx = (LsIdx){0};
    for (size_t i = 0; i < LS_COUNT(kinds) && size >= sizeof kinds[i].magic; i++) {
        if (memcmp(file, kinds[i].magic, sizeof kinds[i].magic) == 0) {
            return kinds[i].open(name, file, size, rank, idx, err);
        }
    }
    ls_memory_free(file);
    return ls_fail(err, LS_ERR_FORMAT,
                   "%s is neither an IDX file nor one packed by gzip: its first bytes are others.",
                   name);
}

bool ls_format_open(const char *path, int rank, LsIdx *idx, LsError *err)
{
    uint8_t *file = NULL;
    size_t size = 0;
    *idx = (LsIdx){0};
    return ls_file_read(path, LS_IDX_BYTES_MAX, &file, &size, err) &&
           ls_format_read(path, file, size, rank, idx, err);
}
