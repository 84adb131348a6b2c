/* Makes models/digits-classifier.safetensors, the judge of samples: make-classifier OUT. Same machine,
 * same file, bit for bit. tools/make-models.sh runs it. */
#include <stdio.h>

#include "latentscape/measure/classifier_training.h"

enum {
    HIDDEN = 256,
    STEPS = 4000,
    SEED = 1
};

int main(int count, char **words)
{
    if (count != 2) {
        fprintf(stderr, "usage: make-classifier OUT\n");
        return 2;
    }
    LsError err = {0};
    LsDataset *data = ls_dataset_open_digits(&err);
    LsClassifier *classifier =
        data != NULL ? ls_classifier_training_run(data, HIDDEN, SEED, STEPS, &err) : NULL;
    const bool ok =
        classifier != NULL && ls_classifier_save(classifier, words[1], data->name, &err);
    if (ok) {
        printf("right on %.1f %% of the training images, %.1f %% of those held out\n",
               100 * ls_classifier_training_score(classifier, data, &data->train),
               100 * ls_classifier_training_score(classifier, data, &data->heldout));
    } else {
        fprintf(stderr, "make-classifier: %s\n", err.text);
    }
    ls_classifier_destroy(classifier);
    ls_dataset_destroy(data);
    return ok ? 0 : 1;
}
