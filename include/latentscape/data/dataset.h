/* Images with labels, split into training and held-out. Pixels stay bytes; a batch is turned into
 * floats in [0,1] as it is gathered. */
#ifndef LATENTSCAPE_DATA_DATASET_H
#define LATENTSCAPE_DATA_DATASET_H

#include "latentscape/core/error.h"

/* One part of a data set. */
typedef struct LsImages {
    uint32_t count;
    const uint8_t *pixels; /* [count, height * width * channels], 0 .. 255 */
    const uint8_t *labels; /* [count], all 0 where there are none */
} LsImages;

typedef struct LsDataset {
    char name[64]; /* "digits", or the folder's name */
    int width, height, channels;
    int pixels;     /* width * height * channels */
    int classes;    /* highest label + 1; 0 where there are no labels */
    bool has_tests; /* held-out images came from files of their own (t10k-*) */
    LsImages train, heldout;
    // --- private to data/: what the parts above point into
    uint8_t *storage[4];
} LsDataset;

/* The 10,000 digits the program ships: the first 9,000 for training, the last 1,000 held out.
 * Owns: the caller, ls_dataset_destroy(). Fails: NULL, as ls_dataset_open().  Thread: any. */
LS_CHECKED LsDataset *ls_dataset_open_digits(LsError *err);

/* IDX or IDX.gz files in a folder: train-images-idx3-ubyte and -labels- with t10k-* held out; or one
 * pair NAME-images-idx3-ubyte, NAME-labels-idx1-ubyte, split 9:1. NULL opens the shipped digits.
 * Owns: the caller, ls_dataset_destroy(). Fails: NULL, LS_ERR_FILE, LS_ERR_FORMAT or LS_ERR_MEMORY
 * with the file's name and what is wrong.  Thread: any. */
LS_CHECKED LsDataset *ls_dataset_open(const char *folder, LsError *err);

/* Releases it; NULL is accepted.  Thread: any. */
void ls_dataset_destroy(LsDataset *dataset);

/* Gathers images as floats in [0,1] (byte / 255). Shapes: index [n], or NULL for images
 * first .. first + n - 1 in order; x [n, pixels].  Thread: any. */
void ls_dataset_gather(const LsDataset *dataset, const LsImages *images, uint32_t first,
                       const uint32_t *index, int n, float *x);

#endif
