/* A folder of a test's own, empty at the beginning and removed at the end, and bytes in and out of
 * files in it. For tests alone: every fault ends the test. */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    SCRATCH_PATH = 2048
};

typedef struct Scratch {
    char folder[256];
} Scratch;

static inline void scratch_path(const Scratch *scratch, const char *name, char *path)
{
    const int length = snprintf(path, SCRATCH_PATH, "%s/%s", scratch->folder, name);
    assert_true(length > 0 && length < SCRATCH_PATH);
}

static inline int scratch_create(void **state)
{
    Scratch *scratch = calloc(1, sizeof *scratch);
    const char *base = getenv("TMPDIR");
    if (scratch == NULL) {
        return -1;
    }
    snprintf(scratch->folder, sizeof scratch->folder, "%s/latentscape test XXXXXX",
             base != NULL && strlen(base) < 200 ? base : "/tmp");
    *state = scratch;
    return mkdtemp(scratch->folder) != NULL ? 0 : -1;
}

static inline void scratch_remove_tree(const char *path)
{
    struct stat info;
    if (lstat(path, &info) != 0) {
        return;
    }
    if (!S_ISDIR(info.st_mode)) {
        unlink(path);
        return;
    }
    chmod(path, 0700);
    DIR *folder = opendir(path);
    if (folder != NULL) {
        for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
            if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
                char below[SCRATCH_PATH];
                const int length = snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
                if (length > 0 && length < SCRATCH_PATH) {
                    scratch_remove_tree(below);
                }
            }
        }
        closedir(folder);
    }
    rmdir(path);
}

static inline int scratch_destroy(void **state)
{
    Scratch *scratch = *state;
    scratch_remove_tree(scratch->folder);
    free(scratch);
    return 0;
}

/* How many entries the folder holds: a leftover file beside a target counts. */
static inline int scratch_count(const char *path)
{
    int count = 0;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    closedir(folder);
    return count;
}

static inline void scratch_write(const char *path, const void *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* The file's bytes, to be freed; a NUL follows them. */
static inline uint8_t *scratch_read(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    const long length = ftell(file);
    assert_true(length >= 0);
    rewind(file);
    uint8_t *data = calloc((size_t)length + 1, 1);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, (size_t)length, file), (size_t)length);
    assert_int_equal(fclose(file), 0);
    *size = (size_t)length;
    return data;
}

static inline void scratch_assert_holds(const char *path, const char *text)
{
    size_t size = 0;
    uint8_t *data = scratch_read(path, &size);
    assert_int_equal(size, strlen(text));
    assert_memory_equal(data, text, size);
    free(data);
}

/* Gives up the rights of the administrator, whom no permission stops, until scratch_be_root(). */
static inline void scratch_be_nobody(const Scratch *scratch)
{
    if (geteuid() == 0) {
        assert_int_equal(chown(scratch->folder, 65534, 65534), 0);
        assert_int_equal(seteuid(65534), 0);
    }
}

static inline void scratch_be_root(void)
{
    if (getuid() == 0) {
        assert_int_equal(seteuid(0), 0);
    }
}

#endif
