#include <signal.h>
#include <sys/resource.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"

#include "tests/scratch.h"

static LsFileWriter *begin(const char *path)
{
    LsError err = {0};
    LsFileWriter *writer = ls_file_writer_create(path, &err);
    if (writer == NULL) {
        fail_msg("%s", err.text);
    }
    return writer;
}

static void save(const char *path, const char *text)
{
    LsError err = {0};
    LsFileWriter *writer = begin(path);
    ls_file_writer_add(writer, text, strlen(text));
    if (!ls_file_writer_commit(writer, &err)) {
        fail_msg("%s", err.text);
    }
}

static void assert_no_writer(const char *path, const char *word)
{
    LsError err = {0};
    assert_null(ls_file_writer_create(path, &err));
    assert_int_equal(err.code, LS_ERR_FILE);
    assert_non_null(strstr(err.text, path));
    assert_non_null(strstr(err.text, word));
}

static void assert_unreadable(const char *path, size_t limit, const char *word)
{
    LsError err = {0};
    uint8_t *data = NULL;
    size_t size = 0;
    assert_false(ls_file_read(path, limit, &data, &size, &err));
    assert_null(data);
    assert_int_equal(err.code, LS_ERR_FILE);
    assert_non_null(strstr(err.text, path));
    assert_non_null(strstr(err.text, word));
}

static void what_is_written_is_read_back(void **state)
{
    char path[SCRATCH_PATH];
    LsError err = {0};
    scratch_path(*state, "a file", path);
    LsFileWriter *writer = begin(path);
    size_t expected = 0;
    uint8_t block[10007];
    for (int i = 0; i < 50; i++) {
        memset(block, i, sizeof block);
        ls_file_writer_add(writer, block, sizeof block);
        ls_file_writer_print(writer, "%d", i % 10);
        expected += sizeof block + 1;
    }
    uint8_t *large = calloc(200000, 1);
    assert_non_null(large);
    ls_file_writer_add(writer, large, 200000);
    ls_file_writer_add(writer, NULL, 0);
    free(large);
    ls_file_writer_print(writer, "%01000d", 7);
    assert_false(ls_file_exists(path));
    assert_true(ls_file_writer_commit(writer, &err));
    uint8_t *data = NULL;
    size_t size = 0;
    assert_true(ls_file_read(path, (size_t)1 << 20, &data, &size, &err));
    assert_int_equal(size, expected + 201000);
    assert_int_equal(data[size], 0);
    assert_int_equal(data[size - 1], '7');
    for (size_t i = 0; i < 50; i++) {
        assert_int_equal(data[i * 10008 + 5000], i);
        assert_int_equal(data[i * 10008 + 10007], '0' + (int)(i % 10));
    }
    ls_memory_free(data);
    assert_int_equal(scratch_count(((const Scratch *)*state)->folder), 1);
}

static void an_empty_file_is_a_file(void **state)
{
    char path[SCRATCH_PATH];
    uint8_t *data = NULL;
    size_t size = 9;
    scratch_path(*state, "empty", path);
    save(path, "");
    assert_true(ls_file_read(path, 0, &data, &size, NULL));
    assert_int_equal(size, 0);
    assert_int_equal(data[0], 0);
    ls_memory_free(data);
}

static void a_discarded_file_never_was(void **state)
{
    const Scratch *scratch = *state;
    char path[SCRATCH_PATH];
    scratch_path(scratch, "x", path);
    save(path, "old");
    LsFileWriter *writer = begin(path);
    ls_file_writer_print(writer, "new");
    ls_file_writer_discard(writer);
    ls_file_writer_discard(NULL);
    scratch_assert_holds(path, "old");
    assert_int_equal(scratch_count(scratch->folder), 1);
}

static void permissions_of_the_old_file_are_kept(void **state)
{
    static const mode_t modes[] = {0600, 0640, 0664, 0755};
    char path[SCRATCH_PATH];
    scratch_path(*state, "x", path);
    save(path, "old");
    for (size_t i = 0; i < LS_COUNT(modes); i++) {
        struct stat info;
        assert_int_equal(chmod(path, modes[i]), 0);
        save(path, "new");
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_mode & 0777, modes[i]);
    }
}

static void a_link_is_followed_and_stays_a_link(void **state)
{
    const Scratch *scratch = *state;
    char path[SCRATCH_PATH];
    char below[SCRATCH_PATH];
    char link[SCRATCH_PATH];
    struct stat info;
    scratch_path(scratch, "folder", below);
    assert_int_equal(mkdir(below, 0700), 0);
    scratch_path(scratch, "folder/real", path);
    scratch_path(scratch, "link", link);
    assert_int_equal(symlink("folder/real", link), 0);
    save(link, "first"); /* what the link stands for is not there yet */
    scratch_assert_holds(path, "first");
    save(link, "second");
    scratch_assert_holds(path, "second");
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(scratch_count(below), 1);
    scratch_path(scratch, "loop", link);
    assert_int_equal(symlink("loop", link), 0);
    assert_no_writer(link, "symbolic links");
}

static void the_longest_name_can_be_written(void **state)
{
    char name[256];
    char path[SCRATCH_PATH];
    memset(name, 'n', sizeof name);
    name[255] = '\0';
    scratch_path(*state, name, path);
    save(path, "x");
    save(path, "y");
    scratch_assert_holds(path, "y");
}

static void a_folder_is_no_target(void **state)
{
    const Scratch *scratch = *state;
    char path[SCRATCH_PATH];
    assert_no_writer(scratch->folder, "directory");
    scratch_path(scratch, "new/", path);
    assert_no_writer(path, "cannot be written");
    scratch_path(scratch, "missing/x", path);
    assert_no_writer(path, "No such file");
    LsError err = {0};
    assert_null(ls_file_writer_create("", &err));
    assert_int_equal(err.code, LS_ERR_FILE);
}

static void a_locked_folder_or_file_is_left_alone(void **state)
{
    const Scratch *scratch = *state;
    char path[SCRATCH_PATH];
    char other[SCRATCH_PATH];
    scratch_path(scratch, "x", path);
    scratch_path(scratch, "y", other);
    scratch_be_nobody(scratch);
    save(path, "old");
    assert_int_equal(chmod(path, 0400), 0);
    assert_no_writer(path, "Permission denied");
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(chmod(scratch->folder, 0500), 0);
    assert_no_writer(path, "Permission denied");
    assert_no_writer(other, "Permission denied");
    assert_int_equal(chmod(scratch->folder, 0700), 0);
    scratch_assert_holds(path, "old");
    assert_int_equal(chmod(path, 0), 0);
    assert_unreadable(path, 100, "Permission denied");
    assert_int_equal(scratch_count(scratch->folder), 1);
    scratch_be_root();
}

static void a_full_disk_leaves_the_old_file(void **state)
{
    const Scratch *scratch = *state;
    char path[SCRATCH_PATH];
    LsError err = {0};
    struct rlimit before;
    scratch_path(scratch, "x", path);
    save(path, "old");
    /* A limit on the length of files stands in for the end of the disk. */
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit tight = {.rlim_cur = 100000, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    static const size_t sizes[] = {99999, 100000, 100001, 150000, 1000000};
    for (size_t i = 0; i < LS_COUNT(sizes); i++) {
        uint8_t *data = calloc(sizes[i], 1);
        assert_non_null(data);
        LsFileWriter *writer = begin(path);
        ls_file_writer_add(writer, data, sizes[i] / 2);
        ls_file_writer_add(writer, data, sizes[i] - sizes[i] / 2);
        free(data);
        const bool fits = sizes[i] <= 100000;
        assert_int_equal(ls_file_writer_commit(writer, &err), fits);
        assert_int_equal(scratch_count(scratch->folder), 1);
        if (fits) {
            save(path, "old");
        } else {
            assert_int_equal(err.code, LS_ERR_FILE);
            assert_non_null(strstr(err.text, path));
            assert_non_null(strstr(err.text, "too large"));
            scratch_assert_holds(path, "old");
        }
    }
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
}

static void a_device_is_written_not_replaced(void **state)
{
    (void)state;
    LsError err = {0};
    struct stat info;
    LsFileWriter *writer = begin("/dev/full");
    ls_file_writer_print(writer, "x");
    assert_false(ls_file_writer_commit(writer, &err));
    assert_non_null(strstr(err.text, "/dev/full"));
    assert_non_null(strstr(err.text, "No space left on device"));
    save("/dev/null", "x");
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
}

static void what_is_no_plain_file_is_not_read(void **state)
{
    const Scratch *scratch = *state;
    char path[SCRATCH_PATH];
    assert_unreadable(scratch->folder, 100, "folder");
    assert_unreadable("/dev/zero", 100, "regular");
    scratch_path(scratch, "missing", path);
    assert_unreadable(path, 100, "No such file");
    scratch_path(scratch, "pipe", path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_unreadable(path, 100, "regular");
    scratch_path(scratch, "long", path);
    save(path, "12345");
    assert_unreadable(path, 4, "too long");
    assert_unreadable("/proc/self/status", 100000, "changed"); /* says 0 bytes, holds more */
}

static void folders_are_made_to_any_depth(void **state)
{
    const Scratch *scratch = *state;
    char path[SCRATCH_PATH];
    LsError err = {0};
    scratch_path(scratch, "a/b c/d", path);
    assert_true(ls_file_make_folder(path, &err));
    assert_true(ls_file_make_folder(path, &err));
    assert_true(ls_file_exists(path));
    scratch_path(scratch, "a/file", path);
    save(path, "x");
    assert_false(ls_file_make_folder(path, &err));
    assert_non_null(strstr(err.text, path));
    scratch_path(scratch, "a/file/below", path);
    assert_false(ls_file_make_folder(path, &err));
    assert_false(ls_file_make_folder("", &err));
}

static void leftovers_are_swept_and_nothing_else(void **state)
{
    const Scratch *scratch = *state;
    char path[SCRATCH_PATH];
    char mine[64];
    /* No process has the first number; the others are no such names, or this process's own. */
    const char *const names[] = {".latentscape-999999999-1a2b.tmp",
                                 ".latentscape-999999999-1a2b",
                                 "latentscape-999999999-1.tmp",
                                 ".latentscape-.tmp",
                                 ".latentscape-0-1.tmp",
                                 mine};
    snprintf(mine, sizeof mine, ".latentscape-%ld-1.tmp", (long)getpid());
    for (size_t i = 0; i < LS_COUNT(names); i++) {
        scratch_path(scratch, names[i], path);
        save(path, "x");
    }
    scratch_path(scratch, "model", path);
    LsFileWriter *writer = begin(path);
    ls_file_writer_sweep(scratch->folder);
    LsError err = {0};
    assert_true(ls_file_writer_commit(writer, &err));
    for (size_t i = 0; i < LS_COUNT(names); i++) {
        scratch_path(scratch, names[i], path);
        assert_int_equal(ls_file_exists(path), i > 0);
    }
    scratch_path(scratch, "missing", path);
    ls_file_writer_sweep(path);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_create, scratch_destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(what_is_written_is_read_back),
        IN_SCRATCH(an_empty_file_is_a_file),
        IN_SCRATCH(a_discarded_file_never_was),
        IN_SCRATCH(permissions_of_the_old_file_are_kept),
        IN_SCRATCH(a_link_is_followed_and_stays_a_link),
        IN_SCRATCH(the_longest_name_can_be_written),
        IN_SCRATCH(a_folder_is_no_target),
        IN_SCRATCH(a_locked_folder_or_file_is_left_alone),
        IN_SCRATCH(a_full_disk_leaves_the_old_file),
        cmocka_unit_test(a_device_is_written_not_replaced),
        IN_SCRATCH(what_is_no_plain_file_is_not_read),
        IN_SCRATCH(folders_are_made_to_any_depth),
        IN_SCRATCH(leftovers_are_swept_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
