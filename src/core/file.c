#include "latentscape/core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"

/* Reads until size bytes are there, the file ends or a fault comes; the number of bytes read, or -1
 * with errno. */
static ssize_t read_all(int fd, uint8_t *data, size_t size)
{
    size_t used = 0;
    while (used < size) {
        const ssize_t got = read(fd, data + used, size - used);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        used += (size_t)got;
    }
    return (ssize_t)used;
}

static bool check_kind(const char *path, const struct stat *info, size_t limit, LsError *err)
{
    if (S_ISDIR(info->st_mode)) {
        return ls_fail(err, LS_ERR_FILE, "%s is a folder, not a file.", path);
    }
    if (!S_ISREG(info->st_mode)) {
        return ls_fail(err, LS_ERR_FILE, "%s is not a regular file.", path);
    }
    if (info->st_size < 0 || (uint64_t)info->st_size > limit) {
        return ls_fail(err, LS_ERR_FILE, "%s is too long: %lld bytes, where at most %zu are read.",
                       path, (long long)info->st_size, limit);
    }
    return true;
}

bool ls_file_read(const char *path, size_t limit, uint8_t **data, size_t *size, LsError *err)
{
    uint8_t *bytes = NULL;
    bool done = false;
    struct stat info = {0};
    /* O_NONBLOCK: a pipe is refused by its kind, not waited for. */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        return ls_fail(err, LS_ERR_FILE, "%s cannot be opened: %s.", path,
                       ls_error_describe(errno));
    }
    if (fstat(fd, &info) != 0) {
        ls_fail(err, LS_ERR_FILE, "%s cannot be read: %s.", path, ls_error_describe(errno));
        goto done;
    }
    if (!check_kind(path, &info, limit, err)) {
        goto done;
    }
    const size_t length = (size_t)info.st_size;
    bytes = ls_memory_items(length + 1, 1, err);
    if (bytes == NULL) {
        goto done;
    }
    /* One byte more than the file should hold, so that growth is seen. */
    const ssize_t got = read_all(fd, bytes, length + 1);
    if (got < 0) {
        ls_fail(err, LS_ERR_FILE, "%s cannot be read: %s.", path, ls_error_describe(errno));
        goto done;
    }
    if ((size_t)got != length) {
        ls_fail(err, LS_ERR_FILE, "%s changed its length while it was read.", path);
        goto done;
    }
    *data = bytes;
    *size = length;
    bytes = NULL;
    done = true;
done:
    ls_memory_free(bytes);
    close(fd); /* it was only read: there is nothing to lose */
    return done;
}

bool ls_file_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

bool ls_file_make_folder(const char *path, LsError *err)
{
    char part[LS_PATH_MAX];
    const size_t length = strlen(path);
    if (length == 0 || length >= sizeof part) {
        return ls_fail(err, LS_ERR_FILE, "%s is no name for a folder.", path);
    }
    memcpy(part, path, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (part[i] != '/' && part[i] != '\0') {
            continue;
        }
        const char held = part[i];
        part[i] = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST) {
            /* A folder above may be there and yet refuse: what counts is whether it is there. */
            const int fault = errno;
            struct stat info;
            if (stat(part, &info) != 0) {
                return ls_fail(err, LS_ERR_FILE, "The folder %s cannot be made: %s.", part,
                               ls_error_describe(fault));
            }
        }
        part[i] = held;
    }
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)) {
        return ls_fail(err, LS_ERR_FILE, "The folder %s cannot be made: a file is in its place.",
                       path);
    }
    return true;
}
