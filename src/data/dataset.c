#include "latentscape/data/dataset.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"
#include "latentscape/core/text.h"

#include "core/kernel.h"
#include "data/format.h"

enum {
    STEM = 256,        /* bytes of a file's name */
    HELDOUT_SHARE = 10 /* one image in so many is held out where no files say which */
};

/* Where Debian's packages of data sets lie, for names without a path: "fashion-mnist". */
static const char system_folder[] = "/usr/share/datasets";

/* A file's name is STEM, one of these, and a format's suffix. The second is what some unpackers
 * make of the first. */
typedef struct Naming {
    const char *images, *labels;
} Naming;

static const Naming namings[] = {
    {"-images-idx3-ubyte", "-labels-idx1-ubyte"},
    {"-images.idx3-ubyte", "-labels.idx1-ubyte"},
};

/* One pair of files. */
typedef struct Pair {
    char stem[STEM]; /* "train", "t10k", "digits"; empty where there is none */
    const Naming *naming;
    char images[LS_PATH_MAX];
} Pair;

/* The pairs of a folder, by what their stems say they are for. */
typedef struct Found {
    Pair train, tests, other;
    int train_count, tests_count, other_count;
} Found;

/* Whether stem is word, or ends in "-word" or "_word". */
static bool ends_with(const char *stem, const char *word)
{
    const size_t length = strlen(stem);
    const size_t end = strlen(word);
    if (length < end || strcmp(stem + length - end, word) != 0) {
        return false;
    }
    return length == end || stem[length - end - 1] == '-' || stem[length - end - 1] == '_';
}

/* Splits a file's name into stem, naming and format; false where it names no images. */
static bool match_images(const char *name, Pair *pair)
{
    size_t formats = 0;
    const LsFormat *kinds = ls_format_kinds(&formats);
    const size_t length = strlen(name);
    for (size_t n = 0; n < LS_COUNT(namings); n++) {
        const size_t middle = strlen(namings[n].images);
        for (size_t f = 0; f < formats; f++) {
            const size_t end = strlen(kinds[f].suffix);
            if (length <= middle + end || length - middle - end >= STEM ||
                strcmp(name + length - end, kinds[f].suffix) != 0 ||
                strncmp(name + length - end - middle, namings[n].images, middle) != 0) {
                continue;
            }
            const size_t stem = length - middle - end;
            memcpy(pair->stem, name, stem);
            pair->stem[stem] = '\0';
            pair->naming = &namings[n];
            return true;
        }
    }
    return false;
}

/* Notes a pair in its place. The same stem in two formats is one pair; the first by name is
 * taken, so that the order in which the folder is read does not matter. */
static void note_pair(Found *found, const Pair *pair)
{
    Pair *place = &found->other;
    int *count = &found->other_count;
    if (ends_with(pair->stem, "train")) {
        place = &found->train;
        count = &found->train_count;
    } else if (ends_with(pair->stem, "t10k") || ends_with(pair->stem, "test")) {
        place = &found->tests;
        count = &found->tests_count;
    }
    const bool same = *count > 0 && strcmp(place->stem, pair->stem) == 0;
    if (!same) {
        (*count)++;
    }
    if (*count == 1 && (!same || strcmp(pair->images, place->images) < 0)) {
        *place = *pair;
    }
}

static bool find_pairs(const char *folder, Found *found, LsError *err)
{
    DIR *listing = opendir(folder);
    if (listing == NULL) {
        const int fault = errno;
        if (fault == ENOTDIR) {
            return ls_fail(err, LS_ERR_FILE, "%s is a file: give the folder that holds it.",
                           folder);
        }
        return ls_fail(err, LS_ERR_FILE, "The folder %s cannot be opened: %s.", folder,
                       ls_error_describe(fault));
    }
    const struct dirent *entry = NULL;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the listing is this function's own
    while ((entry = readdir(listing)) != NULL) {
        Pair pair = {0};
        if (match_images(entry->d_name, &pair) &&
            ls_path_join(folder, entry->d_name, pair.images, NULL)) {
            note_pair(found, &pair);
        }
    }
    closedir(listing);
    return true;
}

/* The labels beside a pair's images, in any format; false where there are none. */
static bool find_labels(const char *folder, const Pair *pair, char *path)
{
    size_t formats = 0;
    const LsFormat *kinds = ls_format_kinds(&formats);
    for (size_t f = 0; f < formats; f++) {
        char name[STEM + 64];
        snprintf(name, sizeof name, "%s%s%s", pair->stem, pair->naming->labels, kinds[f].suffix);
        if (ls_path_join(folder, name, path, NULL) && ls_file_exists(path)) {
            return true;
        }
    }
    return false;
}

/* Reads one pair into *images, which points into storage[0] and [1]; *size gets the header. */
static bool read_pair(LsDataset *dataset, const char *folder, const Pair *pair, LsImages *images,
                      uint8_t **storage, LsIdx *size, LsError *err)
{
    char path[LS_PATH_MAX];
    LsIdx labels = {0};
    if (!ls_format_open(pair->images, 3, size, err)) {
        return false;
    }
    storage[0] = size->storage;
    images->count = size->dim[0];
    images->pixels = size->data;
    if (!find_labels(folder, pair, path)) {
        storage[1] = ls_memory_items(images->count, 1, err);
        images->labels = storage[1];
        return storage[1] != NULL;
    }
    if (!ls_format_open(path, 1, &labels, err)) {
        return false;
    }
    storage[1] = labels.storage;
    images->labels = labels.data;
    if (labels.dim[0] != images->count) {
        return ls_fail(err, LS_ERR_FORMAT, "%s holds %u labels, but there are %u images in %s.",
                       path, labels.dim[0], images->count, ls_path_name(pair->images));
    }
    for (uint32_t i = 0; i < images->count; i++) {
        if (images->labels[i] >= dataset->classes) {
            dataset->classes = images->labels[i] + 1;
        }
    }
    return true;
}

/* The last tenth of the training images is held out. A single image is both: there is nothing
 * else to show. */
static void split(LsDataset *dataset)
{
    LsImages *train = &dataset->train;
    dataset->heldout = *train;
    if (train->count < 2) {
        return;
    }
    const uint32_t tenth = train->count / HELDOUT_SHARE;
    const uint32_t held = tenth > 0 ? tenth : 1;
    train->count -= held;
    dataset->heldout.count = held;
    dataset->heldout.pixels += (size_t)train->count * (size_t)dataset->pixels;
    dataset->heldout.labels += train->count;
}

static bool read_pairs(LsDataset *dataset, const char *folder, const Pair *train, const Pair *tests,
                       LsError *err)
{
    LsIdx size = {0};
    LsIdx tests_size = {0};
    if (!read_pair(dataset, folder, train, &dataset->train, dataset->storage, &size, err)) {
        return false;
    }
    dataset->height = (int)size.dim[1];
    dataset->width = (int)size.dim[2];
    dataset->channels = 1;
    dataset->pixels = dataset->width * dataset->height;
    if (tests == NULL) {
        split(dataset);
        return true;
    }
    if (!read_pair(dataset, folder, tests, &dataset->heldout, dataset->storage + 2, &tests_size,
                   err)) {
        return false;
    }
    if (tests_size.dim[1] != size.dim[1] || tests_size.dim[2] != size.dim[2]) {
        return ls_fail(err, LS_ERR_FORMAT, "%s holds images of %u x %u pixels, %s of %u x %u.",
                       tests->images, tests_size.dim[2], tests_size.dim[1],
                       ls_path_name(train->images), size.dim[2], size.dim[1]);
    }
    dataset->has_tests = true;
    return true;
}

/* Which pairs are meant: train and tests, or a single one. */
static bool choose_pairs(const char *folder, const Found *found, const Pair **train,
                         const Pair **tests, LsError *err)
{
    *tests = NULL;
    if (found->train_count == 1 && found->tests_count <= 1) {
        *train = &found->train;
        *tests = found->tests_count == 1 ? &found->tests : NULL;
        return true;
    }
    if (found->train_count == 0 && found->tests_count + found->other_count == 1) {
        *train = found->tests_count == 1 ? &found->tests : &found->other;
        return true;
    }
    if (found->train_count + found->tests_count + found->other_count == 0) {
        return ls_fail(err, LS_ERR_FILE,
                       "%s holds no images: there is no file named like train-images-idx3-ubyte or "
                       "train-images-idx3-ubyte.gz.",
                       folder);
    }
    const Pair *several = found->tests_count > 1   ? &found->tests
                          : found->train_count > 1 ? &found->train
                                                   : &found->other;
    return ls_fail(err, LS_ERR_FILE,
                   "%s holds several sets of images, %s-images among them: put one in a folder of "
                   "its own.",
                   folder, several->stem);
}

static LsDataset *open_folder(const char *folder, LsError *err)
{
    Found found = {0};
    const Pair *train = NULL;
    const Pair *tests = NULL;
    if (!find_pairs(folder, &found, err) || !choose_pairs(folder, &found, &train, &tests, err)) {
        return NULL;
    }
    LsDataset *dataset = ls_memory_items(1, sizeof *dataset, err);
    if (dataset != NULL && !read_pairs(dataset, folder, train, tests, err)) {
        ls_dataset_destroy(dataset);
        dataset = NULL;
    }
    return dataset;
}

LsDataset *ls_dataset_open_digits(LsError *err)
{
    char folder[LS_PATH_MAX];
    if (!ls_path_asset("assets/data/digits-images-idx3-ubyte.gz", folder, err)) {
        return NULL;
    }
    folder[ls_path_name(folder) - folder] = '\0';
    LsDataset *dataset = open_folder(folder, err);
    if (dataset != NULL) {
        ls_text_clean("digits", dataset->name, sizeof dataset->name);
    }
    return dataset;
}

LsDataset *ls_dataset_open(const char *folder, LsError *err)
{
    char path[LS_PATH_MAX];
    if (folder == NULL) {
        return ls_dataset_open_digits(err);
    }
    if (!ls_file_exists(folder) && folder[0] != '\0' && folder[0] != '.' &&
        strchr(folder, '/') == NULL && ls_path_join(system_folder, folder, path, NULL) &&
        ls_file_exists(path)) {
        folder = path;
    }
    LsDataset *dataset = open_folder(folder, err);
    if (dataset != NULL) {
        char *whole = realpath(folder, NULL); /* "." and "set/" have names too */
        const char *name = ls_path_name(whole != NULL ? whole : folder);
        ls_text_clean(name, dataset->name, sizeof dataset->name);
        free(whole);
    }
    return dataset;
}

void ls_dataset_destroy(LsDataset *dataset)
{
    if (dataset == NULL) {
        return;
    }
    for (size_t i = 0; i < LS_COUNT(dataset->storage); i++) {
        ls_memory_free(dataset->storage[i]);
    }
    ls_memory_free(dataset);
}

LS_KERNEL static void to_floats(size_t n, const uint8_t *restrict bytes, float *restrict x)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = (float)bytes[i] / 255.0f;
    }
}

void ls_dataset_gather(const LsDataset *dataset, const LsImages *images, uint32_t first,
                       const uint32_t *index, int n, float *x)
{
    enum {
        AHEAD = 4, /* images lie anywhere in memory: the next but so many is fetched meanwhile */
        LINE = 64
    };

    const size_t pixels = (size_t)dataset->pixels;
    for (int i = 0; i < n; i++) {
        for (size_t at = 0; index != NULL && i + AHEAD < n && at < pixels; at += LINE) {
            __builtin_prefetch(images->pixels + index[i + AHEAD] * pixels + at);
        }
        const size_t image = index != NULL ? index[i] : (size_t)first + (size_t)i;
        to_floats(pixels, images->pixels + image * pixels, x + (size_t)i * pixels);
    }
}
