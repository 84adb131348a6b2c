/* A small network that says which class an image belongs to: the judge of samples. It was trained by
 * this program on the shipped digits (measure/classifier_training.h) and lies in
 * models/digits-classifier.safetensors. One hidden layer of rectified units, softmax at the end. */
#ifndef LATENTSCAPE_MEASURE_CLASSIFIER_H
#define LATENTSCAPE_MEASURE_CLASSIFIER_H

#include "latentscape/core/error.h"

typedef struct LsClassifier LsClassifier;

/* Where each part lies in the one buffer of parameters; a plain value. */
typedef struct LsClassifierShape {
    int width, height;                                           /* of an image of one channel */
    int pixels, hidden, classes;                                 /* pixels = width * height */
    size_t hidden_weight, hidden_bias, class_weight, class_bias; /* [hidden, pixels], [hidden],
                                                                    [classes, hidden], [classes] */
    size_t param_count;                                          /* floats in all; gaps are 0 */
} LsClassifierShape;

/* Lays the parameters out. Sizes are from 1 to 4,096.  Thread: any. */
LsClassifierShape ls_classifier_shape(int width, int height, int hidden, int classes);

/* A classifier with a copy of params. Shapes: params [shape->param_count]. Owns: the caller,
 * ls_classifier_destroy(). Fails: NULL, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsClassifier *ls_classifier_create(const LsClassifierShape *shape, const float *params,
                                              LsError *err);

/* Reads one from a file, safetensors with hidden.weight, hidden.bias, class.weight and class.bias and
 * the metadata width and height. Owns: the caller, ls_classifier_destroy(). Fails: NULL, LS_ERR_FILE,
 * LS_ERR_FORMAT, LS_ERR_MODEL or LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsClassifier *ls_classifier_open(const char *path, LsError *err);

/* Writes it, atomically; `data` names what it was trained on. Fails: false, LS_ERR_FILE or
 * LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED bool ls_classifier_save(const LsClassifier *classifier, const char *path,
                                   const char *data, LsError *err);

/* Releases it; NULL is accepted.  Thread: any. */
void ls_classifier_destroy(LsClassifier *classifier);

/* Its sizes. Owns: borrowed from the classifier.  Thread: any. */
const LsClassifierShape *ls_classifier_sizes(const LsClassifier *classifier);

/* How likely each class is. Shapes: x [n, pixels] in [0,1], hidden [n, hidden] for scratch, prob
 * [n, classes], rows add up to 1.  Thread: any. */
void ls_classifier_judge(const LsClassifier *classifier, int n, const float *x, float *hidden,
                         float *prob);

/* The likeliest class of one row; of equals the first. Shapes: prob [classes].  Thread: any. */
int ls_classifier_best(int classes, const float *prob);

#endif
