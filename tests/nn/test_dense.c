#include <math.h>
#include <string.h>

#include "latentscape/nn/dense.h"
#include "latentscape/nn/gemm.h"

#include "twin.h"

enum {
    ROWS = 9,
    IN = 23,
    OUT = 19
};

static const double tolerance = 1e-5;

/* A layer with its images, all from twin_fill. */
typedef struct Layer {
    TwinArray x, weight, bias, delta;
    LsDense dense;
} Layer;

static void make_layer(Layer *layer)
{
    layer->dense = (LsDense){
        .in = IN,
        .out = OUT,
        .weight = twin_fill(&layer->weight, IN * OUT, 1, 11, -1.0, 1.0),
        .bias = twin_fill(&layer->bias, OUT, 2, 12, -1.0, 1.0),
    };
    twin_fill(&layer->x, ROWS * IN, 3, 13, -1.0, 1.0);
    twin_fill(&layer->delta, ROWS * OUT, 0, 14, -1.0, 1.0);
}

static const float *numbers(const TwinArray *array)
{
    return array->room + array->offset;
}

static double plain_product(const Layer *layer, size_t row, size_t out)
{
    double sum = 0.0;
    for (size_t i = 0; i < IN; i++) {
        sum += (double)numbers(&layer->x)[row * IN + i] * (double)layer->dense.weight[out * IN + i];
    }
    return sum;
}

static void forward_agrees_with_the_plain_sum(void **state)
{
    (void)state;
    static Layer layer;
    static TwinArray slope, y;
    make_layer(&layer);
    size_t count = 0;
    const LsActivation *kinds = ls_activation_kinds(&count);
    /* The number of rows decides between matrix and vector products. */
    for (int rows = 1; rows <= ROWS; rows++) {
        for (size_t kind = 0; kind <= count; kind++) {
            const bool linear = kind == count;
            float *s = twin_fill(&slope, ROWS * OUT, 1, 1, 0.0, 0.0);
            float *out = twin_fill(&y, (size_t)rows * OUT, 2, 2, 0.0, 0.0);
            ls_dense_forward(&layer.dense, linear ? NULL : &kinds[kind], rows, numbers(&layer.x),
                             linear ? NULL : s, out);
            for (size_t i = 0; i < (size_t)rows * OUT; i++) {
                const double pre =
                    plain_product(&layer, i / OUT, i % OUT) + (double)layer.dense.bias[i % OUT];
                TwinActivation *twin = linear ? NULL : twin_activation(kinds[kind].name);
                twin_check("y", i, (double)out[i], linear ? pre : twin(pre), tolerance, 1.0);
                if (!linear) {
                    twin_check("slope", i, (double)s[i], twin_slope(twin, pre), tolerance, 1.0);
                }
            }
            twin_check_guard(&y);
        }
    }
}

static void input_gradient_agrees_with_the_plain_sum(void **state)
{
    (void)state;
    static Layer layer;
    static TwinArray grad;
    make_layer(&layer);
    float *x_grad = twin_fill(&grad, ROWS * IN, 1, 3, 5.0, 6.0);
    float before[ROWS * IN];
    memcpy(before, x_grad, sizeof before);
    for (int add = 1; add >= 0; add--) {
        ls_dense_input_gradient(&layer.dense, ROWS, numbers(&layer.delta), add == 1, x_grad);
        for (size_t i = 0; i < ROWS * IN; i++) {
            double want = add == 1 ? (double)before[i] : 0.0;
            for (size_t o = 0; o < OUT; o++) {
                want += (double)numbers(&layer.delta)[i / IN * OUT + o] *
                        (double)layer.dense.weight[o * IN + i % IN];
            }
            twin_check("x_grad", i, (double)x_grad[i], want, tolerance, 1.0);
        }
    }
    twin_check_guard(&grad);
}

static void weight_gradient_in_parts_agrees_with_the_plain_sum(void **state)
{
    (void)state;
    static Layer layer;
    static TwinArray grad;
    make_layer(&layer);
    float *whole = twin_fill(&grad, IN * OUT, 1, 3, 0.0, 0.0);
    for (int first = 0; first < OUT; first += 8) {
        const int count = OUT - first < 8 ? OUT - first : 8;
        ls_dense_weight_gradient(IN, OUT, ROWS, first, count, numbers(&layer.delta),
                                 numbers(&layer.x), whole + first * IN);
    }
    for (size_t i = 0; i < IN * OUT; i++) {
        double want = 0.0;
        for (size_t row = 0; row < ROWS; row++) {
            want += (double)numbers(&layer.delta)[row * OUT + i / IN] *
                    (double)numbers(&layer.x)[row * IN + i % IN];
        }
        twin_check("grad", i, (double)whole[i], want, tolerance, 1.0);
    }
    twin_check_guard(&grad);
}

static void rowwise_kernels_agree_with_their_twins(void **state)
{
    (void)state;
    static TwinArray a, b, c;
    for (size_t s = 0; s < LS_COUNT(twin_sizes) * 4; s++) {
        const size_t n = twin_sizes[s / 4];
        const float *bias = twin_fill(&a, n, s % 4, 21, -9.0, 9.0);
        const float *other = twin_fill(&c, n, (s + 2) % 4, 22, -9.0, 9.0);
        float *y = twin_fill(&b, n, (s + 1) % 4, 22, -9.0, 9.0);
        ls_dense_add(n, bias, y);
        for (size_t i = 0; i < n; i++) {
            twin_check("add", i, (double)y[i], (double)(other[i] + bias[i]), 0.0, 0.0);
        }
        twin_check_guard(&b);
        ls_dense_sigmoid(n, bias, y);
        for (size_t i = 0; i < n; i++) {
            twin_check("sigmoid", i, (double)y[i], 1.0 / (1.0 + exp(-(double)bias[i])), 5e-7, 0.0);
        }
        twin_check_guard(&b);
        y = twin_fill(&b, n, (s + 1) % 4, 22, -9.0, 9.0);
        ls_dense_sigmoid_add(n, bias, y);
        for (size_t i = 0; i < n; i++) {
            const double pre = (double)(other[i] + bias[i]);
            twin_check("sigmoid_add", i, (double)y[i], 1.0 / (1.0 + exp(-pre)), 5e-7, 0.0);
        }
        twin_check_guard(&b);
    }
}

static void slopes_scale_delta_and_add_up_for_the_bias(void **state)
{
    (void)state;
    static TwinArray slope, delta, before, bias;
    for (size_t s = 0; s < 6; s++) { /* 784 numbers hold three rows of up to 261 */
        const size_t n = twin_sizes[s];
        const float *k = twin_fill(&slope, 3 * n, s % 4, 1, -1.0, 1.0);
        const float *d = twin_fill(&before, 3 * n, (s + 1) % 4, 2, -1.0, 1.0);
        float *changed = twin_fill(&delta, 3 * n, (s + 1) % 4, 2, -1.0, 1.0);
        float *sum = twin_fill(&bias, n, (s + 2) % 4, 3, 2.0, 2.0);
        ls_dense_slope(n, 3, k, changed, sum);
        for (size_t i = 0; i < n; i++) {
            double want = 2.0;
            for (size_t j = i; j < 3 * n; j += n) {
                twin_check("delta", j, (double)changed[j], (double)(d[j] * k[j]), 1e-7, 0.0);
                want += (double)d[j] * (double)k[j];
            }
            twin_check("bias", i, (double)sum[i], want, 1e-6, 1.0);
        }
        twin_check_guard(&delta);
        twin_check_guard(&bias);
    }
}

int main(void)
{
    ls_gemm_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forward_agrees_with_the_plain_sum),
        cmocka_unit_test(input_gradient_agrees_with_the_plain_sum),
        cmocka_unit_test(weight_gradient_in_parts_agrees_with_the_plain_sum),
        cmocka_unit_test(rowwise_kernels_agree_with_their_twins),
        cmocka_unit_test(slopes_scale_delta_and_add_up_for_the_bias),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
