#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"

/* Names of files that are being written: the process and a number follow. */
static const char temporary_prefix[] = ".latentscape-";
static const char temporary_suffix[] = ".tmp";

enum {
    BUFFER = 1 << 16,
    LINKS = 40,   /* symbolic links in a row, as many as the kernel follows */
    ATTEMPTS = 64 /* at a temporary name nobody has */
};

struct LsFileWriter {
    char shown[LS_PATH_MAX];  /* as the caller wrote it, for messages */
    char target[LS_PATH_MAX]; /* symbolic links followed */
    char folder[LS_PATH_MAX];
    char temporary[LS_PATH_MAX]; /* empty where bytes go straight to a device or pipe */
    int fd;
    int fault; /* errno of the first fault, or 0 */
    size_t used;
    uint8_t buffer[BUFFER];
};

/* The folder that holds path: all before the last slash. */
static void find_folder(const char *path, char *folder)
{
    const size_t length = (size_t)(ls_path_name(path) - path);
    if (length == 0) {
        memcpy(folder, ".", 2);
        return;
    }
    const size_t kept = length > 1 ? length - 1 : 1; /* "/" stays "/" */
    memcpy(folder, path, kept);
    folder[kept] = '\0';
}

/* Follows symbolic links from writer->target to what they stand for, there or not yet there. */
static bool follow_links(LsFileWriter *writer)
{
    char link[LS_PATH_MAX];
    for (int i = 0; i < LINKS; i++) {
        const ssize_t length = readlink(writer->target, link, sizeof link - 1);
        if (length < 0) {
            return errno == EINVAL || errno == ENOENT;
        }
        link[length] = '\0';
        if (link[0] == '/') {
            memcpy(writer->target, link, (size_t)length + 1);
            continue;
        }
        find_folder(writer->target, writer->folder);
        if (!ls_path_join(writer->folder, link, writer->target, NULL)) {
            errno = ENAMETOOLONG;
            return false;
        }
    }
    errno = ELOOP;
    return false;
}

/* Opens a new file beside the target. Its name is short whatever the target's is, and says whose
 * leftover it is, should the power fail. */
static bool open_temporary(LsFileWriter *writer)
{
    for (unsigned attempt = 0; attempt < ATTEMPTS; attempt++) {
        struct timespec now = {0};
        clock_gettime(CLOCK_REALTIME, &now);
        char name[64];
        snprintf(name, sizeof name, "%s%ld-%lx%x%s", temporary_prefix, (long)getpid(),
                 (unsigned long)now.tv_nsec, attempt, temporary_suffix);
        if (!ls_path_join(writer->folder, name, writer->temporary, NULL)) {
            errno = ENAMETOOLONG;
            break;
        }
        writer->fd = open(writer->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (writer->fd >= 0) {
            /* A sweep leaves alone what is locked. Without locks it goes by the process's number. */
            (void)flock(writer->fd, LOCK_EX | LOCK_NB);
            return true;
        }
        if (errno != EEXIST) {
            break;
        }
    }
    writer->temporary[0] = '\0';
    return false;
}

/* The new file gets the owner and the permissions of the old one, as far as that is allowed. */
static void copy_owner(int fd, const struct stat *old)
{
    struct stat now;
    if (fstat(fd, &now) != 0) {
        return;
    }
    if ((now.st_uid != old->st_uid || now.st_gid != old->st_gid) &&
        fchown(fd, old->st_uid, old->st_gid) != 0) {
        return; /* somebody else's file in a shared folder: it becomes ours, with our mask */
    }
    if (fchmod(fd, old->st_mode & 0777) != 0) {
        return; /* a file system without permissions has none to keep */
    }
}

static bool open_target(LsFileWriter *writer)
{
    struct stat old = {0};
    if (!follow_links(writer)) {
        return false;
    }
    find_folder(writer->target, writer->folder);
    if (stat(writer->target, &old) != 0) {
        return errno == ENOENT && ls_path_name(writer->target)[0] != '\0' && open_temporary(writer);
    }
    if (S_ISDIR(old.st_mode)) {
        errno = EISDIR;
        return false;
    }
    if (!S_ISREG(old.st_mode)) {
        writer->fd = open(writer->target, O_WRONLY | O_CLOEXEC | O_NOCTTY);
        return writer->fd >= 0;
    }
    /* rename would replace a file that its owner has locked against writing. */
    if (faccessat(AT_FDCWD, writer->target, W_OK, AT_EACCESS) != 0 || !open_temporary(writer)) {
        return false;
    }
    copy_owner(writer->fd, &old);
    return true;
}

LsFileWriter *ls_file_writer_create(const char *path, LsError *err)
{
    const size_t length = strlen(path);
    if (length == 0 || length >= LS_PATH_MAX) {
        ls_fail(err, LS_ERR_FILE, "\"%s\" is no name for a file.", path);
        return NULL;
    }
    LsFileWriter *writer = ls_memory_items(1, sizeof *writer, err);
    if (writer == NULL) {
        return NULL;
    }
    writer->fd = -1;
    memcpy(writer->shown, path, length + 1);
    memcpy(writer->target, path, length + 1);
    if (!open_target(writer)) {
        ls_fail(err, LS_ERR_FILE, "%s cannot be written: %s.", path, ls_error_describe(errno));
        ls_file_writer_discard(writer);
        return NULL;
    }
    return writer;
}

static void write_all(LsFileWriter *writer, const uint8_t *data, size_t size)
{
    while (size > 0 && writer->fault == 0) {
        const ssize_t put = write(writer->fd, data, size);
        if (put < 0) {
            writer->fault = errno == EINTR ? 0 : errno;
            continue;
        }
        data += put;
        size -= (size_t)put;
    }
}

static void flush(LsFileWriter *writer)
{
    write_all(writer, writer->buffer, writer->used);
    writer->used = 0;
}

void ls_file_writer_add(LsFileWriter *writer, const void *data, size_t size)
{
    if (writer->used + size > BUFFER) {
        flush(writer);
    }
    if (size > BUFFER) {
        write_all(writer, data, size);
    } else if (size > 0) {
        memcpy(writer->buffer + writer->used, data, size);
        writer->used += size;
    }
}

void ls_file_writer_print(LsFileWriter *writer, const char *format, ...)
{
    char small[512];
    va_list args;
    va_list again;
    va_start(args, format);
    va_copy(again, args);
    const int length = vsnprintf(small, sizeof small, format, args);
    if (length >= 0 && (size_t)length < sizeof small) {
        ls_file_writer_add(writer, small, (size_t)length);
    } else {
        char *text = length < 0 ? NULL : ls_memory_items((size_t)length + 1, 1, NULL);
        if (text != NULL && vsnprintf(text, (size_t)length + 1, format, again) == length) {
            ls_file_writer_add(writer, text, (size_t)length);
        } else if (writer->fault == 0) {
            writer->fault = ENOMEM;
        }
        ls_memory_free(text);
    }
    va_end(again);
    va_end(args);
}

/* Flushes a file or a folder to the disk. A kind of file that cannot be flushed is no fault. */
static void sync_file(LsFileWriter *writer, int fd)
{
    int result = 0;
    do {
        result = fsync(fd);
    } while (result != 0 && errno == EINTR);
    if (result != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS) {
        writer->fault = errno;
    }
}

/* After this the name of the new file is on the disk too. A folder that may be written but not read
 * cannot be flushed, which is no fault of the file. */
static void sync_folder(LsFileWriter *writer)
{
    const int fd = open(writer->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        sync_file(writer, fd);
        close(fd);
    }
}

bool ls_file_writer_commit(LsFileWriter *writer, LsError *err)
{
    flush(writer);
    const bool replaces = writer->temporary[0] != '\0';
    if (writer->fault == 0 && replaces) {
        sync_file(writer, writer->fd);
    }
    if (close(writer->fd) != 0 && writer->fault == 0 && errno != EINTR) {
        writer->fault = errno; /* network file systems tell of a full disk only here */
    }
    writer->fd = -1;
    if (writer->fault == 0 && replaces) {
        if (rename(writer->temporary, writer->target) == 0) {
            writer->temporary[0] = '\0';
            sync_folder(writer);
        } else {
            writer->fault = errno;
        }
    }
    const int fault = writer->fault;
    if (fault != 0) {
        ls_fail(err, LS_ERR_FILE, "%s cannot be written: %s.", writer->shown,
                ls_error_describe(fault));
    }
    ls_file_writer_discard(writer);
    return fault == 0;
}

void ls_file_writer_discard(LsFileWriter *writer)
{
    if (writer == NULL) {
        return;
    }
    if (writer->fd >= 0) {
        close(writer->fd);
    }
    if (writer->temporary[0] != '\0') {
        unlink(writer->temporary);
    }
    ls_memory_free(writer);
}

/* Whether name is that of a file whose writer does not run any more, as far as names tell. */
static bool is_leftover(const char *name)
{
    const size_t length = strlen(name);
    const size_t prefix = sizeof temporary_prefix - 1;
    const size_t suffix = sizeof temporary_suffix - 1;
    if (length <= prefix + suffix || memcmp(name, temporary_prefix, prefix) != 0 ||
        memcmp(name + length - suffix, temporary_suffix, suffix) != 0) {
        return false;
    }
    char *end = NULL;
    const long process = strtol(name + prefix, &end, 10);
    return *end == '-' && process > 0 && process == (pid_t)process &&
           kill((pid_t)process, 0) != 0 && errno == ESRCH;
}

void ls_file_writer_sweep(const char *folder)
{
    DIR *entries = opendir(folder);
    if (entries == NULL) {
        return;
    }
    // NOLINTNEXTLINE(concurrency-mt-unsafe): a stream of this function's own
    for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        if (!is_leftover(entry->d_name)) {
            continue;
        }
        /* The number may be of another machine or container that shares the folder: then the lock
         * tells that the file is still being written. */
        const int fd =
            openat(dirfd(entries), entry->d_name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
        if (fd >= 0) {
            if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
                (void)unlinkat(dirfd(entries), entry->d_name, 0);
            }
            close(fd);
        }
    }
    closedir(entries);
}
