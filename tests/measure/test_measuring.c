/* Images and models for which the right figures are known before they are measured. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"
#include "latentscape/core/rng.h"
#include "latentscape/measure/measuring.h"

#include "near.h"

enum {
    PIXELS = 784,
    SAMPLES = LS_MEASURING_SAMPLES
};

typedef struct Fixture {
    LsDataset *data;
    LsClassifier *classifier;
    LsModel model;
    float *params; /* [param_count], zeros */
    float *images; /* [SAMPLES, PIXELS] */
    LsMeasuring *measuring;
} Fixture;

/* A crew of one who plays several workers by turns. */
static void run_by_turns(void *crew, int count, LsMeasuringTask *task, void *context)
{
    const int *workers = crew;
    for (int i = count - 1; i >= 0; i--) {
        task(context, i, i % *workers);
    }
}

static LsMeasures finish_measuring(LsMeasuring *measuring, int workers)
{
    LsMeasures measures = {0};
    while (!ls_measuring_advance(measuring, run_by_turns, &workers, &measures)) {
    }
    assert_false(ls_measuring_running(measuring));
    return measures;
}

static int set_up(void **state)
{
    LsError err = {0};
    char path[LS_PATH_MAX];
    Fixture *fixture = ls_memory_items(1, sizeof *fixture, &err);
    assert_non_null(fixture);
    fixture->data = ls_dataset_open_digits(&err);
    assert_non_null(fixture->data);
    assert_true(ls_path_asset("models/digits-classifier.safetensors", path, &err));
    fixture->classifier = ls_classifier_open(path, &err);
    assert_non_null(fixture->classifier);
    const LsModelSpec spec = {.width = 28,
                              .height = 28,
                              .channels = 1,
                              .latent = 2,
                              .hidden = {.count = 1, .value = {8}}};
    assert_true(ls_model_init(&fixture->model, &spec, &err));
    fixture->params = ls_memory_floats(fixture->model.param_count, &err);
    fixture->images = ls_memory_floats((size_t)SAMPLES * PIXELS, &err);
    fixture->measuring =
        ls_measuring_create(&fixture->model, fixture->data, fixture->classifier, 2, &err);
    assert_non_null(fixture->measuring);
    assert_int_equal(ls_measuring_samples(fixture->measuring), SAMPLES);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    ls_measuring_destroy(fixture->measuring);
    ls_classifier_destroy(fixture->classifier);
    ls_dataset_destroy(fixture->data);
    ls_memory_free(fixture->params);
    ls_memory_free(fixture->images);
    ls_memory_free(fixture);
    return 0;
}

/* Prints what it measured as the row of docs/measures.md that is called title. */
static LsMeasures measure_images(const Fixture *fixture, const char *title)
{
    static const LsMeasureId told[] = {LS_MEASURE_SHARPNESS, LS_MEASURE_CLARITY,
                                       LS_MEASURE_COHERENCE, LS_MEASURE_PRECISION,
                                       LS_MEASURE_RECALL,    LS_MEASURE_COVERAGE};
    ls_measuring_begin_images(fixture->measuring, SAMPLES, fixture->images);
    const LsMeasures measures = finish_measuring(fixture->measuring, 2);
    print_message("| %s |", title);
    for (size_t i = 0; i < LS_COUNT(told); i++) {
        const LsMeasureValue *figure = &measures.value[told[i]];
        print_message(figure->error >= 0.0005 ? " %.3f ± %.3f |" : " %.3f |", figure->value,
                      figure->error);
    }
    print_message("\n");
    return measures;
}

static LsMeasures measure_params(const Fixture *fixture)
{
    ls_measuring_begin(fixture->measuring, fixture->params, 7);
    return finish_measuring(fixture->measuring, 2);
}

static double value(const LsMeasures *measures, LsMeasureId id)
{
    assert_null(measures->value[id].missing);
    return measures->value[id].value;
}

static double error(const LsMeasures *measures, LsMeasureId id)
{
    assert_null(measures->value[id].missing);
    return measures->value[id].error;
}

/* The first training images below some label. */
static void take_training_images(const Fixture *fixture, int labels)
{
    uint32_t taken = 0;
    for (uint32_t i = 0; taken < SAMPLES; i++) {
        assert_true(i < fixture->data->train.count);
        if (fixture->data->train.labels[i] < labels) {
            ls_dataset_gather(fixture->data, &fixture->data->train, i, NULL, 1,
                              fixture->images + (size_t)taken * PIXELS);
            taken++;
        }
    }
}

/* ---- images */

static void middle_grey_has_neither_edges_nor_decision_nor_a_digit(void **state)
{
    const Fixture *fixture = *state;
    for (size_t i = 0; i < (size_t)SAMPLES * PIXELS; i++) {
        fixture->images[i] = 0.5f;
    }
    const LsMeasures measures = measure_images(fixture, "middle grey");
    assert_near(value(&measures, LS_MEASURE_SHARPNESS), 0, 1e-9);
    assert_near(value(&measures, LS_MEASURE_CLARITY), 0, 1e-6);
    assert_true(value(&measures, LS_MEASURE_COHERENCE) < 0.2);
    assert_near(value(&measures, LS_MEASURE_PRECISION), 0, 0);
    assert_near(value(&measures, LS_MEASURE_RECALL), 0, 0);
    assert_near(value(&measures, LS_MEASURE_COVERAGE), 0, 0);
    assert_near(error(&measures, LS_MEASURE_SHARPNESS), 0, 1e-9);
}

static void one_image_again_and_again_covers_almost_nothing(void **state)
{
    const Fixture *fixture = *state;
    for (size_t i = 0; i < SAMPLES; i++) {
        ls_dataset_gather(fixture->data, &fixture->data->train, 5, NULL, 1,
                          fixture->images + i * PIXELS);
    }
    const LsMeasures measures = measure_images(fixture, "one training image, 1,000 times");
    assert_true(value(&measures, LS_MEASURE_COVERAGE) < 0.02);
    assert_true(value(&measures, LS_MEASURE_RECALL) < 0.02);
    assert_true(value(&measures, LS_MEASURE_COHERENCE) > 0.8);
}

static void pure_noise_is_too_sharp_and_is_no_digit(void **state)
{
    const Fixture *fixture = *state;
    ls_rng_uniform(ls_rng_make(3, LS_RNG_VIEW), 0, (size_t)SAMPLES * PIXELS, fixture->images);
    const LsMeasures measures = measure_images(fixture, "uniform noise");
    assert_true(value(&measures, LS_MEASURE_SHARPNESS) > 2);
    assert_true(value(&measures, LS_MEASURE_CLARITY) < 0.5);
    assert_true(value(&measures, LS_MEASURE_COHERENCE) < 0.2);
    assert_near(value(&measures, LS_MEASURE_PRECISION), 0, 0);
    assert_near(value(&measures, LS_MEASURE_COVERAGE), 0, 0);
}

static void held_out_images_as_samples_are_perfect(void **state)
{
    const Fixture *fixture = *state;
    ls_dataset_gather(fixture->data, &fixture->data->heldout, 0, NULL, SAMPLES, fixture->images);
    const LsMeasures measures = measure_images(fixture, "the held-out images themselves");
    assert_near(value(&measures, LS_MEASURE_SHARPNESS), 1, 1e-9);
    assert_near(value(&measures, LS_MEASURE_CLARITY), 1, 1e-9);
    assert_near(value(&measures, LS_MEASURE_PRECISION), 1, 0);
    assert_near(value(&measures, LS_MEASURE_RECALL), 1, 0);
    assert_near(value(&measures, LS_MEASURE_COVERAGE), 1, 0);
    assert_true(value(&measures, LS_MEASURE_COHERENCE) > 0.9);
}

static void training_images_as_samples_look_like_held_out_ones(void **state)
{
    const Fixture *fixture = *state;
    take_training_images(fixture, 10);
    const LsMeasures measures = measure_images(fixture, "1,000 training images");
    assert_near(value(&measures, LS_MEASURE_SHARPNESS), 1,
                4 * error(&measures, LS_MEASURE_SHARPNESS));
    assert_near(value(&measures, LS_MEASURE_CLARITY), 1, 4 * error(&measures, LS_MEASURE_CLARITY));
    assert_true(error(&measures, LS_MEASURE_SHARPNESS) < 0.03);
    assert_true(value(&measures, LS_MEASURE_COHERENCE) > 0.9);
    /* Two sets of one kind and size: the third nearest of a point is as likely of either, so one in
     * eight has three of its own before the first of the other. */
    assert_near(value(&measures, LS_MEASURE_COVERAGE), 0.875, 0.03);
    /* And what holds of one set and the other holds the other way round. */
    assert_near(value(&measures, LS_MEASURE_PRECISION), value(&measures, LS_MEASURE_RECALL), 0.06);
    assert_true(value(&measures, LS_MEASURE_PRECISION) > 0.7);
}

static void half_the_classes_missing_halves_the_coverage(void **state)
{
    const Fixture *fixture = *state;
    take_training_images(fixture, 10);
    const LsMeasures whole = measure_images(fixture, "1,000 training images");
    take_training_images(fixture, 5);
    const LsMeasures half = measure_images(fixture, "of those, digits 0 to 4 only");
    const double covered = value(&half, LS_MEASURE_COVERAGE) / value(&whole, LS_MEASURE_COVERAGE);
    const double recalled = value(&half, LS_MEASURE_RECALL) / value(&whole, LS_MEASURE_RECALL);
    assert_true(covered > 0.45 && covered < 0.75);
    assert_true(recalled > 0.4 && recalled < 0.8);
    /* Each image that is there is as good as before. */
    assert_true(value(&half, LS_MEASURE_COHERENCE) > 0.9);
    assert_true(value(&half, LS_MEASURE_PRECISION) > 0.7);
}

static void means_of_two_images_are_softer_and_less_of_a_digit(void **state)
{
    const Fixture *fixture = *state;
    float other[PIXELS];
    ls_dataset_gather(fixture->data, &fixture->data->train, 0, NULL, SAMPLES, fixture->images);
    for (uint32_t i = 0; i < SAMPLES; i++) {
        ls_dataset_gather(fixture->data, &fixture->data->train, SAMPLES + i, NULL, 1, other);
        float *image = fixture->images + (size_t)i * PIXELS;
        for (size_t k = 0; k < PIXELS; k++) {
            image[k] = (image[k] + other[k]) / 2;
        }
    }
    const LsMeasures measures = measure_images(fixture, "means of two training images");
    assert_true(value(&measures, LS_MEASURE_SHARPNESS) < 0.7);
    assert_true(value(&measures, LS_MEASURE_CLARITY) < 0.95);
    assert_true(value(&measures, LS_MEASURE_COHERENCE) < 0.7);
}

static void the_mean_of_all_images_is_a_smear(void **state)
{
    const Fixture *fixture = *state;
    const uint32_t count = fixture->data->train.count;
    double sum[PIXELS] = {0};
    for (uint32_t i = 0; i < count; i++) {
        ls_dataset_gather(fixture->data, &fixture->data->train, i, NULL, 1, fixture->images);
        for (size_t k = 0; k < PIXELS; k++) {
            sum[k] += (double)fixture->images[k];
        }
    }
    for (size_t i = 0; i < (size_t)SAMPLES * PIXELS; i++) {
        fixture->images[i] = (float)(sum[i % PIXELS] / count);
    }
    const LsMeasures measures = measure_images(fixture, "the mean of all training images");
    assert_true(value(&measures, LS_MEASURE_SHARPNESS) < 0.1);
    assert_true(value(&measures, LS_MEASURE_COHERENCE) < 0.2);
    assert_near(value(&measures, LS_MEASURE_RECALL), 0, 0);
    assert_true(value(&measures, LS_MEASURE_COVERAGE) < 0.3);
}

static void images_alone_tell_nothing_of_codes(void **state)
{
    const Fixture *fixture = *state;
    take_training_images(fixture, 10);
    const LsMeasures measures = measure_images(fixture, "1,000 training images");
    const LsMeasureId codes[] = {LS_MEASURE_AGREEMENT, LS_MEASURE_ACTIVE, LS_MEASURE_INFORMATION,
                                 LS_MEASURE_DISTANCE, LS_MEASURE_OVERFITTING};
    for (size_t i = 0; i < LS_COUNT(codes); i++) {
        assert_non_null(measures.value[codes[i]].missing);
    }
}

/* ---- models */

static float *tensor_of(const Fixture *fixture, const char *name)
{
    const int index = ls_model_find_tensor(&fixture->model, name);
    assert_true(index >= 0);
    return fixture->params + fixture->model.tensor[index].offset;
}

static void a_model_of_zeros_has_collapsed_onto_the_prior(void **state)
{
    const Fixture *fixture = *state;
    const LsMeasures measures = measure_params(fixture); /* mu 0, deviation 1, every pixel 0.5 */
    assert_int_equal(measures.step, 7);
    assert_near(value(&measures, LS_MEASURE_ACTIVE), 0, 0);
    assert_near(value(&measures, LS_MEASURE_INFORMATION), 0, 1e-4);
    assert_true(value(&measures, LS_MEASURE_DISTANCE) < 0.08);
    assert_near(value(&measures, LS_MEASURE_CLARITY), 0, 1e-6);
    assert_true(value(&measures, LS_MEASURE_AGREEMENT) < 0.25);
}

static void codes_all_moved_lie_as_far_from_the_prior(void **state)
{
    const Fixture *fixture = *state;
    tensor_of(fixture, "mu.bias")[0] = 3;
    tensor_of(fixture, "mu.bias")[1] = -4;
    const LsMeasures measures = measure_params(fixture);
    assert_near(value(&measures, LS_MEASURE_DISTANCE), 5, 0.1);
    assert_near(value(&measures, LS_MEASURE_INFORMATION), 0, 1e-4);
}

static void codes_that_lie_alone_tell_all_that_can_be_told(void **state)
{
    const Fixture *fixture = *state;
    /* Random projections of the images, far apart beside a deviation of e^-6. */
    ls_model_init_params(&fixture->model, 1, fixture->params);
    float *weight = tensor_of(fixture, "mu.weight");
    ls_rng_normal(ls_rng_make(2, LS_RNG_VIEW), 0, 16, weight);
    for (size_t i = 0; i < 16; i++) {
        weight[i] *= 1000;
    }
    memset(tensor_of(fixture, "logvar.weight"), 0, 16 * sizeof(float));
    tensor_of(fixture, "logvar.bias")[0] = tensor_of(fixture, "logvar.bias")[1] = -12;
    const LsMeasures measures = measure_params(fixture);
    assert_near(value(&measures, LS_MEASURE_INFORMATION), log(LS_MEASURING_CODES + 1), 0.02);
    assert_near(value(&measures, LS_MEASURE_ACTIVE), 2, 0);
    assert_true(value(&measures, LS_MEASURE_DISTANCE) > 10);
}

static void weights_that_are_no_numbers_are_told_as_missing(void **state)
{
    const Fixture *fixture = *state;
    tensor_of(fixture, "mu.bias")[0] = NAN;
    tensor_of(fixture, "decoder.1.bias")[0] = NAN;
    const LsMeasures measures = measure_params(fixture);
    assert_non_null(measures.value[LS_MEASURE_SHARPNESS].missing);
    assert_non_null(measures.value[LS_MEASURE_INFORMATION].missing);
    assert_non_null(measures.value[LS_MEASURE_DISTANCE].missing);
    assert_non_null(measures.value[LS_MEASURE_OVERFITTING].missing);
}

static void figures_do_not_depend_on_the_workers_nor_on_what_was_before(void **state)
{
    Fixture *fixture = *state;
    ls_model_init_params(&fixture->model, 3, fixture->params);
    const LsMeasures first = measure_params(fixture);
    take_training_images(fixture, 10);
    ls_measuring_begin_images(fixture->measuring, SAMPLES, fixture->images);
    LsMeasures none = {0};
    int two = 2;
    assert_false(ls_measuring_advance(fixture->measuring, run_by_turns, &two, &none));
    const LsMeasures again = measure_params(fixture); /* what was under way is dropped */
    LsMeasuring *alone =
        ls_measuring_create(&fixture->model, fixture->data, fixture->classifier, 1, NULL);
    assert_non_null(alone);
    ls_measuring_begin(alone, fixture->params, 7);
    const LsMeasures single = finish_measuring(alone, 1);
    ls_measuring_destroy(alone);
    assert_memory_equal(first.value, again.value, sizeof first.value);
    assert_memory_equal(first.value, single.value, sizeof first.value);
    assert_int_equal(again.serial, first.serial + 1);
}

/* ---- other data */

static LsMeasures measure_data(const Fixture *fixture, const LsDataset *data,
                               const LsClassifier *classifier)
{
    LsModelSpec spec = fixture->model.spec;
    spec.width = data->width;
    spec.height = data->height;
    spec.channels = data->channels;
    LsModel model;
    assert_true(ls_model_init(&model, &spec, NULL));
    float *params = ls_memory_floats(model.param_count, NULL);
    ls_model_init_params(&model, 1, params);
    LsMeasuring *measuring = ls_measuring_create(&model, data, classifier, 2, NULL);
    assert_non_null(measuring);
    ls_measuring_begin(measuring, params, 0);
    const LsMeasures measures = finish_measuring(measuring, 2);
    ls_measuring_destroy(measuring);
    ls_memory_free(params);
    return measures;
}

static void assert_judged(const LsMeasures *measures, const char *reason)
{
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        const bool judged = i == LS_MEASURE_COHERENCE || i == LS_MEASURE_AGREEMENT;
        if (i == LS_MEASURE_OVERFITTING) {
            assert_non_null(measures->value[i].missing); /* it comes from an evaluation */
        } else if (judged && reason != NULL) {
            assert_non_null(measures->value[i].missing);
            assert_non_null(strstr(measures->value[i].missing, reason));
        } else {
            assert_null(measures->value[i].missing);
        }
    }
}

static void what_needs_a_judge_is_missing_where_it_cannot_judge(void **state)
{
    const Fixture *fixture = *state;
    LsDataset data = *fixture->data;
    const LsMeasures fitting = measure_data(fixture, &data, fixture->classifier);
    assert_judged(&fitting, NULL);
    const LsMeasures none = measure_data(fixture, &data, NULL);
    assert_judged(&none, "cannot be read");
    data.classes = 0;
    const LsMeasures unlabelled = measure_data(fixture, &data, fixture->classifier);
    assert_judged(&unlabelled, "labels");
    data.classes = 10;
    data.width = 14; /* the same bytes as twice as many small images */
    data.pixels = 14 * 28;
    const LsMeasures small = measure_data(fixture, &data, fixture->classifier);
    assert_judged(&small, "28 x 28");
    data = *fixture->data; /* other images' labels, as another kind of data would have */
    data.heldout.labels = data.train.labels;
    const LsMeasures strange = measure_data(fixture, &data, fixture->classifier);
    assert_judged(&strange, "does not know");
}

static void a_handful_of_images_is_too_few_for_neighbours(void **state)
{
    const Fixture *fixture = *state;
    LsDataset data = *fixture->data;
    data.heldout.count = 1;
    data.train.count = 1;
    const LsMeasures one = measure_data(fixture, &data, fixture->classifier);
    assert_non_null(one.value[LS_MEASURE_PRECISION].missing);
    assert_non_null(one.value[LS_MEASURE_COVERAGE].missing);
    assert_non_null(one.value[LS_MEASURE_DISTANCE].missing);
    assert_null(one.value[LS_MEASURE_SHARPNESS].missing);
    data.heldout.count = 6;
    data.train.count = 70; /* a task of 64 and a small one */
    const LsMeasures few = measure_data(fixture, &data, fixture->classifier);
    assert_null(few.value[LS_MEASURE_PRECISION].missing);
    assert_null(few.value[LS_MEASURE_DISTANCE].missing);
}

static void two_kinds_of_image_carry_ln_2_nats(void **state)
{
    const Fixture *fixture = *state;

    enum {
        SIDE = 4,
        COUNT = 2000
    };

    uint8_t *pixels = ls_memory_items((size_t)COUNT * SIDE * SIDE, 1, NULL);
    uint8_t *labels = ls_memory_items(COUNT, 1, NULL);
    for (size_t i = 0; i < COUNT; i++) { /* all black and all white by turns */
        memset(pixels + i * SIDE * SIDE, i % 2 == 0 ? 0 : 255, SIDE * SIDE);
    }
    const LsDataset data = {.name = "two",
                            .width = SIDE,
                            .height = SIDE,
                            .channels = 1,
                            .pixels = SIDE * SIDE,
                            .train = {COUNT, pixels, labels},
                            .heldout = {COUNT / 2, pixels, labels}};
    LsModelSpec spec = fixture->model.spec;
    spec.width = spec.height = SIDE;
    LsModel model;
    assert_true(ls_model_init(&model, &spec, NULL));
    float *params = ls_memory_floats(model.param_count, NULL);
    float *encoder = params + model.tensor[ls_model_find_tensor(&model, "encoder.0.weight")].offset;
    float *mu = params + model.tensor[ls_model_find_tensor(&model, "mu.weight")].offset;
    for (int i = 0; i < 8 * SIDE * SIDE; i++) {
        encoder[i] = 1;
    }
    mu[0] = 10; /* far enough that the two do not overlap */
    LsMeasuring *measuring = ls_measuring_create(&model, &data, NULL, 2, NULL);
    ls_measuring_begin(measuring, params, 0);
    const LsMeasures measures = finish_measuring(measuring, 2);
    assert_near(value(&measures, LS_MEASURE_INFORMATION), log(2), 0.002);
    assert_near(value(&measures, LS_MEASURE_ACTIVE), 1, 0);
    ls_measuring_destroy(measuring);
    ls_memory_free(params);
    ls_memory_free(pixels);
    ls_memory_free(labels);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(middle_grey_has_neither_edges_nor_decision_nor_a_digit),
        CASE(one_image_again_and_again_covers_almost_nothing),
        CASE(pure_noise_is_too_sharp_and_is_no_digit),
        CASE(held_out_images_as_samples_are_perfect),
        CASE(training_images_as_samples_look_like_held_out_ones),
        CASE(half_the_classes_missing_halves_the_coverage),
        CASE(means_of_two_images_are_softer_and_less_of_a_digit),
        CASE(the_mean_of_all_images_is_a_smear),
        CASE(images_alone_tell_nothing_of_codes),
        CASE(a_model_of_zeros_has_collapsed_onto_the_prior),
        CASE(codes_all_moved_lie_as_far_from_the_prior),
        CASE(codes_that_lie_alone_tell_all_that_can_be_told),
        CASE(weights_that_are_no_numbers_are_told_as_missing),
        CASE(figures_do_not_depend_on_the_workers_nor_on_what_was_before),
        CASE(what_needs_a_judge_is_missing_where_it_cannot_judge),
        CASE(a_handful_of_images_is_too_few_for_neighbours),
        CASE(two_kinds_of_image_carry_ln_2_nats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
