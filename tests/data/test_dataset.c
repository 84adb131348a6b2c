#include "latentscape/data/dataset.h"

#include "tests/data/gzip.h"
#include "tests/scratch.h"

enum {
    LIMIT = 20000 /* bytes of a made-up file */
};

/* Writes count images of height x width whose first pixel is first + their number, packed where the
 * name ends in ".gz". */
static void write_images(const Scratch *scratch, const char *name, uint32_t count, uint32_t height,
                         uint32_t width, uint8_t first)
{
    char path[SCRATCH_PATH];
    uint8_t file[LIMIT] = {0, 0, 8, 3};
    uint8_t packed[LIMIT];
    const uint32_t dims[3] = {count, height, width};
    for (size_t i = 0; i < 12; i++) {
        file[4 + i] = (uint8_t)(dims[i / 4] >> (24 - 8 * (i % 4)));
    }
    const size_t pixels = (size_t)height * width;
    assert_true(16 + count * pixels <= LIMIT);
    for (size_t i = 0; i < count; i++) {
        file[16 + i * pixels] = (uint8_t)(first + i);
    }
    scratch_path(scratch, name, path);
    if (strstr(name, ".gz") != NULL) {
        scratch_write(path, packed, gzip_pack(file, 16 + count * pixels, packed, sizeof packed));
    } else {
        scratch_write(path, file, 16 + count * pixels);
    }
}

static void write_labels(const Scratch *scratch, const char *name, uint8_t count, uint8_t classes)
{
    char path[SCRATCH_PATH];
    uint8_t file[8 + 255] = {0, 0, 8, 1, 0, 0, 0, count};
    for (uint8_t i = 0; i < count; i++) {
        file[8 + i] = (uint8_t)(i % classes);
    }
    scratch_path(scratch, name, path);
    scratch_write(path, file, 8 + (size_t)count);
}

static LsDataset *open_scratch(const Scratch *scratch)
{
    LsError err = {0};
    LsDataset *dataset = ls_dataset_open(scratch->folder, &err);
    if (dataset == NULL) {
        fail_msg("%s", err.text);
    }
    return dataset;
}

static void assert_refused(const char *folder, LsErrorCode code, const char *word)
{
    LsError err = {0};
    assert_null(ls_dataset_open(folder, &err));
    assert_int_equal(err.code, code);
    if (strstr(err.text, word) == NULL) {
        fail_msg("expected \"%s\" in: %s", word, err.text);
    }
}

static void the_shipped_digits_are_split_9000_to_1000(void **state)
{
    (void)state;
    LsError err = {0};
    LsDataset *dataset = ls_dataset_open(NULL, &err);
    if (dataset == NULL) {
        fail_msg("%s", err.text);
    }
    assert_string_equal(dataset->name, "digits");
    assert_int_equal(dataset->train.count, 9000);
    assert_int_equal(dataset->heldout.count, 1000);
    assert_int_equal(dataset->pixels, 784);
    assert_int_equal(dataset->width, 28);
    assert_int_equal(dataset->height, 28);
    assert_int_equal(dataset->channels, 1);
    assert_int_equal(dataset->classes, 10);
    assert_false(dataset->has_tests);
    assert_ptr_equal(dataset->heldout.pixels, dataset->train.pixels + (size_t)9000 * 784);
    assert_ptr_equal(dataset->heldout.labels, dataset->train.labels + 9000);
    int bins[10] = {0};
    for (uint32_t i = 0; i < 1000; i++) {
        assert_true(dataset->heldout.labels[i] < 10);
        bins[dataset->heldout.labels[i]]++;
    }
    for (int i = 0; i < 10; i++) {
        assert_in_range(bins[i], 60, 140); /* the order is already mixed */
    }
    ls_dataset_destroy(dataset);
    ls_dataset_destroy(NULL);
}

static void train_and_test_files_are_the_two_parts(void **state)
{
    static const char *const names[][2] = {
        {"train-images-idx3-ubyte", "t10k-images-idx3-ubyte.gz"},
        {"train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte"},
        {"train-images.idx3-ubyte", "t10k-images.idx3-ubyte"},
        {"emnist-letters-train-images-idx3-ubyte.gz", "emnist-letters-test-images-idx3-ubyte.gz"},
    };
    for (size_t i = 0; i < LS_COUNT(names); i++) {
        char path[SCRATCH_PATH];
        const Scratch *scratch = *state;
        write_images(scratch, names[i][0], 30, 5, 4, 100);
        write_images(scratch, names[i][1], 7, 5, 4, 200);
        LsDataset *dataset = open_scratch(scratch);
        assert_true(dataset->has_tests);
        assert_int_equal(dataset->height, 5);
        assert_int_equal(dataset->width, 4);
        assert_int_equal(dataset->pixels, 20);
        assert_int_equal(dataset->train.count, 30);
        assert_int_equal(dataset->heldout.count, 7);
        assert_int_equal(dataset->train.pixels[20], 101);
        assert_int_equal(dataset->heldout.pixels[20], 201);
        assert_int_equal(dataset->classes, 0);
        assert_int_equal(dataset->heldout.labels[6], 0);
        assert_non_null(strstr(scratch->folder, dataset->name));
        ls_dataset_destroy(dataset);
        scratch_path(scratch, names[i][0], path);
        assert_int_equal(unlink(path), 0);
        scratch_path(scratch, names[i][1], path);
        assert_int_equal(unlink(path), 0);
    }
}

static void a_single_pair_is_split_nine_to_one(void **state)
{
    static const struct {
        const char *stem;
        uint8_t count;
        uint32_t train, heldout;
    } cases[] = {{"train", 100, 90, 10}, {"t10k", 19, 18, 1}, {"kana", 9, 8, 1},
                 {"kana", 2, 1, 1},      {"kana", 1, 1, 1},   {"my own", 10, 9, 1}};

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        const Scratch *scratch = *state;
        char images[256];
        char labels[256];
        char path[SCRATCH_PATH];
        snprintf(images, sizeof images, "%s-images-idx3-ubyte", cases[i].stem);
        snprintf(labels, sizeof labels, "%s-labels-idx1-ubyte", cases[i].stem);
        write_images(scratch, images, cases[i].count, 2, 2, 0);
        write_labels(scratch, labels, cases[i].count, 7);
        LsDataset *dataset = open_scratch(scratch);
        assert_false(dataset->has_tests);
        assert_int_equal(dataset->train.count, cases[i].train);
        assert_int_equal(dataset->heldout.count, cases[i].heldout);
        assert_int_equal(dataset->heldout.pixels[0], cases[i].count > 1 ? cases[i].train : 0);
        assert_int_equal(dataset->heldout.labels[0], cases[i].count > 1 ? cases[i].train % 7 : 0);
        assert_int_equal(dataset->classes, cases[i].count < 7 ? cases[i].count : 7);
        ls_dataset_destroy(dataset);
        scratch_path(scratch, images, path);
        unlink(path);
        scratch_path(scratch, labels, path);
        unlink(path);
    }
}

static void a_batch_is_bytes_over_255(void **state)
{
    const Scratch *scratch = *state;
    static const uint32_t order[] = {5, 0, 89, 5};
    float x[4 * 4];
    write_images(scratch, "train-images-idx3-ubyte", 100, 2, 2, 100);
    LsDataset *dataset = open_scratch(scratch);
    ls_dataset_gather(dataset, &dataset->train, 0, order, 4, x);
    for (size_t i = 0; i < 4; i++) {
        assert_true(x[4 * i] == (float)(100 + order[i]) / 255.0f);
        assert_true(x[4 * i + 1] == 0.0f);
    }
    ls_dataset_gather(dataset, &dataset->heldout, 7, NULL, 3, x);
    for (size_t i = 0; i < 3; i++) {
        assert_true(x[4 * i] == (float)(197 + i) / 255.0f);
    }
    ls_dataset_gather(dataset, &dataset->heldout, 0, NULL, 0, NULL);
    ls_dataset_destroy(dataset);
}

static void what_is_no_set_of_images_is_refused_by_name(void **state)
{
    const Scratch *scratch = *state;
    char path[SCRATCH_PATH];
    scratch_path(scratch, "missing", path);
    assert_refused(path, LS_ERR_FILE, path);
    assert_refused("", LS_ERR_FILE, "cannot be opened");
    assert_refused("no-such-set-anywhere", LS_ERR_FILE, "no-such-set-anywhere");
    assert_refused(scratch->folder, LS_ERR_FILE, "holds no images");
    scratch_path(scratch, "train-images-idx3-ubyte", path);
    scratch_write(path, "hello", 5);
    assert_refused(path, LS_ERR_FILE, "is a file");
    assert_refused(scratch->folder, LS_ERR_FORMAT, path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_refused(scratch->folder, LS_ERR_FILE, path);
}

static void parts_that_do_not_fit_together_are_refused(void **state)
{
    const Scratch *scratch = *state;
    write_images(scratch, "train-images-idx3-ubyte", 30, 5, 4, 0);
    write_images(scratch, "t10k-images-idx3-ubyte", 10, 4, 5, 0);
    assert_refused(scratch->folder, LS_ERR_FORMAT, "t10k-images-idx3-ubyte holds images of 5 x 4");
    write_images(scratch, "t10k-images-idx3-ubyte", 10, 5, 4, 0);
    write_labels(scratch, "t10k-labels-idx1-ubyte", 9, 3);
    assert_refused(scratch->folder, LS_ERR_FORMAT, "t10k-labels-idx1-ubyte holds 9 labels");
    write_labels(scratch, "t10k-labels-idx1-ubyte", 10, 3);
    LsDataset *dataset = open_scratch(scratch);
    assert_int_equal(dataset->classes, 3);
    ls_dataset_destroy(dataset);
    write_images(scratch, "emnist-test-images-idx3-ubyte", 10, 5, 4, 0);
    assert_refused(scratch->folder, LS_ERR_FILE, "several sets");
}

static void the_same_files_twice_are_one_set(void **state)
{
    const Scratch *scratch = *state;
    write_images(scratch, "train-images-idx3-ubyte", 30, 5, 4, 0);
    write_images(scratch, "train-images-idx3-ubyte.gz", 30, 5, 4, 0);
    ls_dataset_destroy(open_scratch(scratch));
}

static void an_unreadable_folder_is_refused(void **state)
{
    const Scratch *scratch = *state;
    write_images(scratch, "train-images-idx3-ubyte", 30, 5, 4, 0);
    scratch_be_nobody(scratch);
    assert_int_equal(chmod(scratch->folder, 0), 0);
    assert_refused(scratch->folder, LS_ERR_FILE, "Permission denied");
    assert_int_equal(chmod(scratch->folder, 0700), 0);
    scratch_be_root();
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_create, scratch_destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_digits_are_split_9000_to_1000),
        IN_SCRATCH(train_and_test_files_are_the_two_parts),
        IN_SCRATCH(a_single_pair_is_split_nine_to_one),
        IN_SCRATCH(a_batch_is_bytes_over_255),
        IN_SCRATCH(what_is_no_set_of_images_is_refused_by_name),
        IN_SCRATCH(parts_that_do_not_fit_together_are_refused),
        IN_SCRATCH(the_same_files_twice_are_one_set),
        IN_SCRATCH(an_unreadable_folder_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
