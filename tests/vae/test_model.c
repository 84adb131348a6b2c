#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/nn/activation.h"
#include "latentscape/vae/model.h"

#include "twin.h"

static const LsModelSpec standard = {
    .width = 28, .height = 28, .channels = 1, .latent = 2, .hidden = {2, {512, 256}}};

static int kind(const char *name)
{
    size_t count = 0;
    return (int)(ls_activation_find(name, NULL) - ls_activation_kinds(&count));
}

static void tensors_have_pytorch_names_and_shapes(void **state)
{
    (void)state;

    static const struct {
        const char *name;
        int rows, cols;
    } want[] = {
        {"encoder.0.weight", 512, 784}, {"encoder.0.bias", 512, 1},
        {"encoder.1.weight", 256, 512}, {"encoder.1.bias", 256, 1},
        {"mu.weight", 2, 256},          {"mu.bias", 2, 1},
        {"logvar.weight", 2, 256},      {"logvar.bias", 2, 1},
        {"decoder.0.weight", 256, 2},   {"decoder.0.bias", 256, 1},
        {"decoder.1.weight", 512, 256}, {"decoder.1.bias", 512, 1},
        {"decoder.2.weight", 784, 512}, {"decoder.2.bias", 784, 1},
    };

    LsModel model;
    assert_true(ls_model_init(&model, &standard, NULL));
    assert_int_equal(model.tensor_count, LS_COUNT(want));
    for (int i = 0; i < model.tensor_count; i++) {
        assert_string_equal(model.tensor[i].name, want[i].name);
        assert_int_equal(model.tensor[i].rows, want[i].rows);
        assert_int_equal(model.tensor[i].cols, want[i].cols);
        assert_int_equal(model.tensor[i].is_weight, strstr(want[i].name, "weight") != NULL);
        assert_int_equal(ls_model_find_tensor(&model, want[i].name), i);
    }
    assert_int_equal(ls_model_find_tensor(&model, "decoder.3.weight"), -1);
    assert_int_equal(model.weight_total, 1068820);
}

static void tensors_are_aligned_and_apart(void **state)
{
    (void)state;
    LsModelSpec spec = {
        .width = 3, .height = 5, .channels = 3, .latent = 3, .hidden = {3, {7, 1, 9}}};
    LsModel model;
    assert_true(ls_model_init(&model, &spec, NULL));
    assert_int_equal(model.pixels, 45);
    size_t end = 0;
    size_t total = 0;
    for (int i = 0; i < model.tensor_count; i++) {
        const LsTensor *tensor = &model.tensor[i];
        assert_true(tensor->offset % 16 == 0 && tensor->offset >= end);
        end = tensor->offset + (size_t)tensor->rows * (size_t)tensor->cols;
        total += (size_t)tensor->rows * (size_t)tensor->cols;
    }
    assert_true(end <= model.param_count && model.param_count % 16 == 0);
    assert_int_equal(total, model.weight_total);
}

static void sizes_out_of_range_are_refused(void **state)
{
    (void)state;
    LsModelSpec bad[8];
    for (size_t i = 0; i < LS_COUNT(bad); i++) {
        bad[i] = standard;
    }
    bad[0].width = 0;
    bad[1].height = -1;
    bad[2].channels = 1000;
    bad[3].latent = 0;
    bad[4].hidden.value[1] = 70000;
    bad[5].hidden.count = LS_SIZES_MAX + 1;
    bad[6].activation = 99;
    bad[7].hidden.value[0] = bad[7].hidden.value[1] = 65536; /* 2^32 weights */
    for (size_t i = 0; i < LS_COUNT(bad); i++) {
        LsModel model;
        LsError err = {0};
        assert_false(ls_model_init(&model, &bad[i], &err));
        assert_int_equal(err.code, LS_ERR_MODEL);
        assert_true(strlen(err.text) > 10);
        assert_int_equal(model.layer_count, 0);
    }
}

static double deviation(const LsModel *model, const float *params, const char *name)
{
    const LsTensor *tensor = &model->tensor[ls_model_find_tensor(model, name)];
    const size_t n = (size_t)tensor->rows * (size_t)tensor->cols;
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)params[tensor->offset + i] * (double)params[tensor->offset + i];
    }
    return sqrt(sum / (double)n);
}

static void weights_start_by_he_or_glorot_and_only_the_first_decoder_biases_spread(void **state)
{
    (void)state;
    LsModelSpec spec = standard;
    for (int glorot = 0; glorot < 2; glorot++) {
        spec.activation = kind(glorot == 1 ? "tanh" : "relu");
        LsModel model;
        assert_true(ls_model_init(&model, &spec, NULL));
        float *params = ls_memory_floats(model.param_count, NULL);
        assert_non_null(params);
        ls_model_init_params(&model, 3, params);
        const double hidden = glorot == 1 ? sqrt(2.0 / (784 + 512)) : sqrt(2.0 / 784);
        twin_check("hidden", 0, deviation(&model, params, "encoder.0.weight"), hidden, 0.01, 0.0);
        const double linear = sqrt(0.1 * 2.0 / (512 + 784));
        twin_check("linear", 0, deviation(&model, params, "decoder.2.weight"), linear, 0.01, 0.0);
        assert_true(deviation(&model, params, "encoder.0.bias") == 0.0);
        assert_true(deviation(&model, params, "logvar.bias") == 0.0);
        assert_true(deviation(&model, params, "decoder.1.bias") == 0.0);
        /* Uniform in +-1/sqrt(latent): deviation reach / sqrt(3). */
        const double reach = 1.0 / sqrt((double)model.spec.latent);
        const double spread = deviation(&model, params, "decoder.0.bias");
        assert_true(spread > 0.8 * reach / sqrt(3.0) && spread < 1.2 * reach / sqrt(3.0));
        ls_memory_free(params);
    }
}

static void a_seed_gives_the_same_weights_and_another_seed_others(void **state)
{
    (void)state;
    LsModel model;
    assert_true(ls_model_init(&model, &standard, NULL));
    float *a = ls_memory_floats(model.param_count, NULL);
    float *b = ls_memory_floats(model.param_count, NULL);
    assert_true(a != NULL && b != NULL);
    ls_model_init_params(&model, 3, a);
    memset(b, 255, model.param_count * sizeof *b);
    ls_model_init_params(&model, 3, b);
    assert_memory_equal(a, b, model.param_count * sizeof *a);
    ls_model_init_params(&model, 4, b);
    assert_true(a[0] != b[0]);
    ls_memory_free(a);
    ls_memory_free(b);
}

static void equality_is_of_sizes_and_activation(void **state)
{
    (void)state;
    LsModel a;
    LsModel b;
    LsModelSpec spec = standard;
    spec.hidden.value[5] = 77; /* beyond count: means nothing */
    assert_true(ls_model_init(&a, &standard, NULL) && ls_model_init(&b, &spec, NULL));
    assert_true(ls_model_equal(&a, &b));
    spec.hidden.value[1] = 255;
    assert_true(ls_model_init(&b, &spec, NULL));
    assert_false(ls_model_equal(&a, &b));
    spec = standard;
    spec.activation = 1;
    assert_true(ls_model_init(&b, &spec, NULL));
    assert_false(ls_model_equal(&a, &b));
    spec = standard;
    spec.width = 56;
    spec.height = 14;
    assert_true(ls_model_init(&b, &spec, NULL));
    assert_false(ls_model_equal(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tensors_have_pytorch_names_and_shapes),
        cmocka_unit_test(tensors_are_aligned_and_apart),
        cmocka_unit_test(sizes_out_of_range_are_refused),
        cmocka_unit_test(weights_start_by_he_or_glorot_and_only_the_first_decoder_biases_spread),
        cmocka_unit_test(a_seed_gives_the_same_weights_and_another_seed_others),
        cmocka_unit_test(equality_is_of_sizes_and_activation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
