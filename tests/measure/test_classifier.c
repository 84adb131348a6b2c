#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"
#include "latentscape/measure/classifier_training.h"

#include "../scratch.h"
#include "near.h"

static void the_shipped_judge_knows_digits_it_was_not_taught(void **state)
{
    (void)state;
    LsError err = {0};
    char path[LS_PATH_MAX];
    assert_true(ls_path_asset("models/digits-classifier.safetensors", path, &err));
    LsClassifier *classifier = ls_classifier_open(path, &err);
    LsDataset *data = ls_dataset_open_digits(&err);
    assert_non_null(classifier);
    assert_non_null(data);
    const double score = ls_classifier_training_score(classifier, data, &data->heldout);
    assert_true(score > 0.97); /* 98.1 % */
    ls_classifier_destroy(classifier);
    ls_dataset_destroy(data);
}

static void training_twice_gives_the_same_bits(void **state)
{
    (void)state;
    LsError err = {0};
    LsDataset *data = ls_dataset_open_digits(&err);
    assert_non_null(data);
    float image[784], hidden[16], first[10], second[10];
    ls_dataset_gather(data, &data->heldout, 3, NULL, 1, image);
    for (int i = 0; i < 2; i++) {
        LsClassifier *classifier = ls_classifier_training_run(data, 16, 5, 60, &err);
        assert_non_null(classifier);
        ls_classifier_judge(classifier, 1, image, hidden, i == 0 ? first : second);
        ls_classifier_destroy(classifier);
    }
    assert_memory_equal(first, second, sizeof first);
    ls_dataset_destroy(data);
}

static void some_steps_of_training_already_tell_most_digits(void **state)
{
    (void)state;
    LsError err = {0};
    LsDataset *data = ls_dataset_open_digits(&err);
    assert_non_null(data);
    LsClassifier *classifier = ls_classifier_training_run(data, 32, 1, 300, &err);
    assert_non_null(classifier);
    assert_true(ls_classifier_training_score(classifier, data, &data->heldout) > 0.7);
    ls_classifier_destroy(classifier);
    ls_dataset_destroy(data);
}

static LsClassifier *make_small(void)
{
    const LsClassifierShape shape = ls_classifier_shape(4, 3, 5, 2);
    float *params = ls_memory_floats(shape.param_count, NULL);
    assert_non_null(params);
    for (size_t i = 0; i < shape.param_count; i++) {
        params[i] = 0.01f * (float)(i % 17) - 0.05f;
    }
    LsClassifier *classifier = ls_classifier_create(&shape, params, NULL);
    ls_memory_free(params);
    assert_non_null(classifier);
    return classifier;
}

static void a_saved_judge_says_the_same_when_opened(void **state)
{
    LsError err = {0};
    char path[SCRATCH_PATH];
    scratch_path(*state, "judge.safetensors", path);
    LsClassifier *classifier = make_small();
    assert_true(ls_classifier_save(classifier, path, "made up", &err));
    LsClassifier *opened = ls_classifier_open(path, &err);
    assert_non_null(opened);
    const float x[12] = {0.1f, 0.9f, 0.3f, 0, 1, 0.5f, 0, 0, 0.2f, 0.7f, 0, 1};
    float hidden[5], before[2], after[2];
    ls_classifier_judge(classifier, 1, x, hidden, before);
    ls_classifier_judge(opened, 1, x, hidden, after);
    assert_memory_equal(before, after, sizeof before);
    assert_near(before[0] + before[1], 1, 1e-6);
    assert_int_equal(ls_classifier_sizes(opened)->width, 4);
    ls_classifier_destroy(classifier);
    ls_classifier_destroy(opened);
}

static void a_file_that_is_no_judge_is_refused_by_name(void **state)
{
    (void)state;
    LsError err = {0};
    char path[LS_PATH_MAX];
    assert_true(ls_path_asset("models/digits-2d.safetensors", path, &err));
    assert_null(ls_classifier_open(path, &err));
    assert_int_equal(err.code, LS_ERR_FORMAT);
    assert_non_null(strstr(err.text, "digits-2d.safetensors"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_judge_knows_digits_it_was_not_taught),
        cmocka_unit_test(training_twice_gives_the_same_bits),
        cmocka_unit_test(some_steps_of_training_already_tell_most_digits),
        cmocka_unit_test_setup_teardown(a_saved_judge_says_the_same_when_opened, scratch_create,
                                        scratch_destroy),
        cmocka_unit_test(a_file_that_is_no_judge_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
