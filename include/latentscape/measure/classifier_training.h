/* Trains the judge of samples, the same way every time: same data and seed, same weights on one
 * machine. It learns to be unsure too: a quarter of what it sees are mixtures of two images, labelled
 * by their shares (Zhang et al. 2018, "mixup"), a quarter is no digit at all - even grey, noise, the
 * mean of several images, shuffled pixels - and belongs to every class alike. */
#ifndef LATENTSCAPE_MEASURE_CLASSIFIER_TRAINING_H
#define LATENTSCAPE_MEASURE_CLASSIFIER_TRAINING_H

#include "latentscape/data/dataset.h"
#include "latentscape/measure/classifier.h"

/* A classifier of the training images with so many hidden units, after some steps of 128 images.
 * Owns: the caller, ls_classifier_destroy(). Fails: NULL, LS_ERR_MODEL where the images have several
 * channels, no labels, or sizes above a classifier's; LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsClassifier *ls_classifier_training_run(const LsDataset *data, int hidden,
                                                    uint64_t seed, int steps, LsError *err);

/* The share of images that it classes as their labels do; sizes must match. Fails: negative where
 * there is no memory.  Thread: any. */
double ls_classifier_training_score(const LsClassifier *classifier, const LsDataset *data,
                                    const LsImages *images);

#endif
