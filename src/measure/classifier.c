#include "latentscape/measure/classifier.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"
#include "latentscape/nn/dense.h"
#include "latentscape/nn/gemm.h"
#include "latentscape/vae/safetensors.h"

#include "nn/fastmath.h"

enum {
    SIZE_MOST = 4096
};

struct LsClassifier {
    // --- immutable after create
    LsClassifierShape shape;
    float *params; /* [param_count] */
};

LsClassifierShape ls_classifier_shape(int width, int height, int hidden, int classes)
{
    LsClassifierShape shape = {.width = width,
                               .height = height,
                               .pixels = width * height,
                               .hidden = hidden,
                               .classes = classes};
    size_t *const place[] = {&shape.hidden_weight, &shape.hidden_bias, &shape.class_weight,
                             &shape.class_bias};
    const size_t size[] = {(size_t)shape.pixels * (size_t)hidden, (size_t)hidden,
                           (size_t)hidden * (size_t)classes, (size_t)classes};
    for (size_t i = 0; i < LS_COUNT(place); i++) {
        *place[i] = shape.param_count;
        shape.param_count += (size[i] + 15) / 16 * 16;
    }
    return shape;
}

LsClassifier *ls_classifier_create(const LsClassifierShape *shape, const float *params,
                                   LsError *err)
{
    LsClassifier *classifier = ls_memory_items(1, sizeof *classifier, err);
    if (classifier == NULL) {
        return NULL;
    }
    classifier->shape = *shape;
    classifier->params = ls_memory_floats(shape->param_count, err);
    if (classifier->params == NULL) {
        ls_classifier_destroy(classifier);
        return NULL;
    }
    memcpy(classifier->params, params, shape->param_count * sizeof *params);
    ls_gemm_init();
    return classifier;
}

void ls_classifier_destroy(LsClassifier *classifier)
{
    if (classifier != NULL) {
        ls_memory_free(classifier->params);
        ls_memory_free(classifier);
    }
}

const LsClassifierShape *ls_classifier_sizes(const LsClassifier *classifier)
{
    return &classifier->shape;
}

/* ---- files */

static void describe_tensors(const LsClassifierShape *shape, LsSafetensorsEntry *entry)
{
    const size_t hidden = (size_t)shape->hidden;
    const size_t classes = (size_t)shape->classes, pixels = (size_t)shape->pixels;
    entry[0] = (LsSafetensorsEntry){.name = "hidden.weight", .rank = 2, .shape = {hidden, pixels}};
    entry[1] = (LsSafetensorsEntry){.name = "hidden.bias", .rank = 1, .shape = {hidden}};
    entry[2] = (LsSafetensorsEntry){.name = "class.weight", .rank = 2, .shape = {classes, hidden}};
    entry[3] = (LsSafetensorsEntry){.name = "class.bias", .rank = 1, .shape = {classes}};
}

/* Where the tensors of describe_tensors() lie. */
static size_t tensor_place(const LsClassifierShape *shape, size_t tensor)
{
    const size_t place[] = {shape->hidden_weight, shape->hidden_bias, shape->class_weight,
                            shape->class_bias};
    return place[tensor];
}

enum {
    TENSORS = 4
};

bool ls_classifier_save(const LsClassifier *classifier, const char *path, const char *data,
                        LsError *err)
{
    const LsClassifierShape *shape = &classifier->shape;
    LsSafetensorsEntry entry[TENSORS];
    describe_tensors(shape, entry);
    for (size_t i = 0; i < TENSORS; i++) {
        entry[i].data = classifier->params + tensor_place(shape, i);
    }
    char width[16], height[16];
    snprintf(width, sizeof width, "%d", shape->width);
    snprintf(height, sizeof height, "%d", shape->height);
    const LsSafetensorsMeta meta[] = {{"dataset", data}, {"width", width}, {"height", height}};
    return ls_safetensors_save(path, entry, TENSORS, meta, LS_COUNT(meta), err);
}

static int meta_size(const LsSafetensors *file, const char *key)
{
    const char *text = ls_safetensors_find_meta(file, key);
    double value = 0;
    const bool ok = text != NULL && ls_text_to_number(text, &value) && value >= 1 &&
                    value <= SIZE_MOST && value == floor(value);
    return ok ? (int)value : 0;
}

/* The sizes a file's tensors tell. Fails: false, LS_ERR_FORMAT. */
static bool read_shape(const LsSafetensors *file, const char *path, LsClassifierShape *shape,
                       LsError *err)
{
    const LsSafetensorsEntry *last = ls_safetensors_find(file, "class.weight");
    const int width = meta_size(file, "width"), height = meta_size(file, "height");
    if (width == 0 || height == 0 || last == NULL || last->rank != 2 || last->shape[0] < 1 ||
        last->shape[0] > SIZE_MOST || last->shape[1] < 1 || last->shape[1] > SIZE_MOST) {
        return ls_fail(err, LS_ERR_FORMAT, "%s is no classifier of images.", path);
    }
    *shape = ls_classifier_shape(width, height, (int)last->shape[1], (int)last->shape[0]);
    LsSafetensorsEntry wanted[TENSORS];
    describe_tensors(shape, wanted);
    for (size_t i = 0; i < TENSORS; i++) {
        const LsSafetensorsEntry *entry = ls_safetensors_find(file, wanted[i].name);
        bool ok = entry != NULL && entry->rank == wanted[i].rank && ls_safetensors_is_f32(entry);
        for (int j = 0; ok && j < entry->rank; j++) {
            ok = entry->shape[j] == wanted[i].shape[j];
        }
        if (!ok) {
            return ls_fail(err, LS_ERR_FORMAT, "%s: \"%s\" is missing or of another shape.", path,
                           wanted[i].name);
        }
    }
    return true;
}

LsClassifier *ls_classifier_open(const char *path, LsError *err)
{
    LsSafetensors file = {0};
    LsClassifierShape shape = {0};
    LsClassifier *classifier = NULL;
    float *params = NULL;
    if (!ls_safetensors_open(&file, path, err) || !read_shape(&file, path, &shape, err)) {
        goto done;
    }
    params = ls_memory_floats(shape.param_count, err);
    if (params == NULL) {
        goto done;
    }
    LsSafetensorsEntry wanted[TENSORS];
    describe_tensors(&shape, wanted);
    for (size_t i = 0; i < TENSORS; i++) {
        ls_safetensors_copy(ls_safetensors_find(&file, wanted[i].name),
                            params + tensor_place(&shape, i));
    }
    for (size_t i = 0; i < shape.param_count; i++) {
        if (!isfinite(params[i])) {
            ls_fail(err, LS_ERR_MODEL, "%s holds numbers that are not finite.", path);
            goto done;
        }
    }
    classifier = ls_classifier_create(&shape, params, err);
done:
    ls_memory_free(params);
    ls_safetensors_finish(&file);
    return classifier;
}

/* ---- judging */

LS_KERNEL static void rectify(size_t n, const float *restrict bias, float *restrict y)
{
    for (size_t i = 0; i < n; i++) {
        const float sum = y[i] + bias[i];
        y[i] = sum < 0.0f ? 0.0f : sum;
    }
}

static void softmax(int n, float *x)
{
    float most = x[0], sum = 0;
    for (int i = 1; i < n; i++) {
        most = most < x[i] ? x[i] : most;
    }
    for (int i = 0; i < n; i++) {
        x[i] = ls_exp(x[i] - most);
        sum += x[i];
    }
    for (int i = 0; i < n; i++) {
        x[i] /= sum;
    }
}

void ls_classifier_judge(const LsClassifier *classifier, int n, const float *x, float *hidden,
                         float *prob)
{
    const LsClassifierShape *shape = &classifier->shape;
    const float *params = classifier->params;
    ls_gemm_nt(n, shape->hidden, shape->pixels, x, params + shape->hidden_weight, hidden);
    for (int i = 0; i < n; i++) {
        rectify((size_t)shape->hidden, params + shape->hidden_bias,
                hidden + (size_t)i * (size_t)shape->hidden);
    }
    ls_gemm_nt(n, shape->classes, shape->hidden, hidden, params + shape->class_weight, prob);
    for (int i = 0; i < n; i++) {
        float *row = prob + (size_t)i * (size_t)shape->classes;
        ls_dense_add((size_t)shape->classes, params + shape->class_bias, row);
        softmax(shape->classes, row);
    }
}

int ls_classifier_best(int classes, const float *prob)
{
    int best = 0;
    for (int i = 1; i < classes; i++) {
        best = prob[i] > prob[best] ? i : best;
    }
    return best;
}
