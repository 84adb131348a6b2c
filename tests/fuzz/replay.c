/* Runs a fuzz target without a fuzzer, the same way each time: on every file of a folder, for small
 * ones on every truncation and many random edits, and for the smallest on every flipped bit. Memory
 * is counted: the engine never asks for more than a few times the input's size and 1 MiB.
 *
 * usage: replay FOLDER */
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>

#include "latentscape/core/file.h"
#include "latentscape/core/path.h"
#include "latentscape/core/rng.h"

#include "tests/fuzz/fuzz.h"

enum {
    SMALLEST = 1024,     /* bytes of a file whose every bit is flipped */
    SMALL = 4096,        /* bytes of a file that is cut and edited */
    EDITED_INPUTS = 3000 /* of each small file */
};

/* Counts what is asked for while a target runs. The linker sends the engine's calls here
 * (--wrap=calloc), jansson is told; frees are not counted, so this is an upper bound. */
typedef struct Counter {
    size_t asked;
} Counter;

/* The linker's hook takes no context, so this one lives at file scope. */
static Counter counter;

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
    counter.asked += count * size;
    return __real_calloc(count, size);
}

static void *count_malloc(size_t size)
{
    counter.asked += size;
    return malloc(size);
}

static size_t run(const uint8_t *data, size_t size)
{
    counter.asked = 0;
    LLVMFuzzerTestOneInput(data, size);
    /* A target may read its input twice, and makes its own copies. */
    if (counter.asked > 6 * size + ((size_t)1 << 20)) {
        fprintf(stderr, "%zu bytes of memory for an input of %zu\n", counter.asked, size);
        abort();
    }
    return 1;
}

/* Up to four bytes replaced, the like of neighbours, or a piece moved. */
static void edit(LsRng rng, uint8_t *data, size_t size)
{
    static const uint8_t edges[] = {0, 1, 0x7F, 0x80, 0xFF, '"', '{', '}', '[', ']', ',', '9', '-'};
    const uint32_t count = 1 + ls_rng_below(rng, 0, 4);
    for (uint32_t i = 1; i <= count; i++) {
        const uint32_t at = ls_rng_below(rng, 4 * i, (uint32_t)size);
        const uint32_t kind = ls_rng_below(rng, 4 * i + 1, 3);
        const uint32_t value = ls_rng_below(rng, 4 * i + 2, 256);
        if (kind == 0) {
            data[at] = (uint8_t)value;
        } else if (kind == 1) {
            data[at] = edges[value % LS_COUNT(edges)];
        } else {
            const uint32_t from = ls_rng_below(rng, 4 * i + 3, (uint32_t)size);
            const size_t longest = size - (at > from ? at : from);
            memmove(data + at, data + from, value % 32 < longest ? value % 32 : longest);
        }
    }
}

static size_t run_changed(const uint8_t *data, size_t size)
{
    size_t inputs = 0;
    uint8_t *changed = fuzz_copy(data, size);
    for (size_t length = 0; length < size; length++) {
        inputs += run(data, length);
    }
    for (size_t bit = 0; bit < 8 * size && size <= SMALLEST; bit++) {
        changed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        inputs += run(changed, size);
        changed[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    const LsRng rng = ls_rng_make(size, LS_RNG_VIEW);
    for (uint64_t i = 0; i < EDITED_INPUTS && size > 0; i++) {
        memcpy(changed, data, size);
        edit(ls_rng_split(rng, i), changed, size);
        inputs += run(changed, size);
    }
    ls_memory_free(changed);
    return inputs;
}

int main(int argc, char **argv)
{
    char path[LS_PATH_MAX];
    size_t files = 0;
    size_t inputs = 0;
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (folder == NULL) {
        fprintf(stderr, "usage: replay FOLDER\n");
        return 2;
    }
    json_set_alloc_funcs(count_malloc, free);
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        uint8_t *data = NULL;
        size_t size = 0;
        LsError err = {0};
        struct stat info;
        if (!ls_path_join(argv[1], entry->d_name, path, &err) || stat(path, &info) != 0 ||
            !S_ISREG(info.st_mode)) {
            continue;
        }
        if (!ls_file_read(path, (size_t)1 << 24, &data, &size, &err)) {
            fprintf(stderr, "%s\n", err.text);
            return 1;
        }
        files++;
        inputs += run(data, size) + (size <= SMALL ? run_changed(data, size) : 0);
        ls_memory_free(data);
    }
    closedir(folder);
    printf("%zu inputs from %zu files\n", inputs, files);
    return files > 0 ? 0 : 1;
}
