#include "latentscape/measure/classifier_training.h"

#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"
#include "latentscape/nn/adam.h"
#include "latentscape/nn/dense.h"
#include "latentscape/nn/gemm.h"

enum {
    BATCH = 128,
    CLASSES_MOST = 256,
    SHIFT = 2,   /* pixels an image is moved by at most, each way */
    BLENDED = 6, /* images whose mean is no digit any more */
};

static const double rate = 2e-3; /* of Adam, falling along a cosine to 0 */

/* What a step works on. */
typedef struct Work {
    const LsDataset *data;
    LsClassifierShape shape;
    float *params, *grad, *m, *v; /* [param_count] */
    float *x, *target;            /* [BATCH, pixels], [BATCH, classes] */
    float *hidden, *prob, *delta; /* [BATCH, hidden], [BATCH, classes], [BATCH, hidden] */
    float *image;                 /* [pixels] */
} Work;

/* ---- what it sees */

/* Training image number `pick`, moved by some pixels, times weight, added to x; its label likewise. */
static void add_image(Work *work, LsRng rng, uint64_t at, float weight, float *x, float *target)
{
    const int width = work->shape.width, height = work->shape.height;
    const uint32_t pick = ls_rng_below(rng, 3 * at, work->data->train.count);
    const int dx = (int)ls_rng_below(rng, 3 * at + 1, 2 * SHIFT + 1) - SHIFT;
    const int dy = (int)ls_rng_below(rng, 3 * at + 2, 2 * SHIFT + 1) - SHIFT;
    ls_dataset_gather(work->data, &work->data->train, pick, NULL, 1, work->image);
    for (int row = 0; row < height; row++) {
        for (int col = 0; col < width; col++) {
            const int from_row = row - dy, from_col = col - dx;
            if (from_row >= 0 && from_row < height && from_col >= 0 && from_col < width) {
                x[row * width + col] += weight * work->image[from_row * width + from_col];
            }
        }
    }
    target[work->data->train.labels[pick]] += weight;
}

static void fill(size_t n, float value, float *x)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = value;
    }
}

/* Something that is no digit, of one of four kinds. */
static void make_nothing(Work *work, LsRng rng, float *x, float *target)
{
    const size_t pixels = (size_t)work->shape.pixels, classes = (size_t)work->shape.classes;
    switch (ls_rng_below(rng, 0, 4)) {
    case 0: {
        float grey = 0;
        ls_rng_uniform(rng, 64, 1, &grey);
        fill(pixels, grey, x);
        break;
    }
    case 1:
        ls_rng_uniform(ls_rng_split(rng, 1), 0, pixels, x);
        break;
    case 2:
        for (uint64_t i = 0; i < BLENDED; i++) {
            add_image(work, ls_rng_split(rng, 2), i, 1.0f / BLENDED, x, target);
        }
        break;
    default: /* an image's pixels in another order */
        add_image(work, ls_rng_split(rng, 2), 0, 1.0f, x, target);
        for (size_t i = pixels - 1; i > 0; i--) {
            const size_t j = ls_rng_below(ls_rng_split(rng, 3), i, (uint32_t)i + 1);
            const float swap = x[i];
            x[i] = x[j];
            x[j] = swap;
        }
        break;
    }
    fill(classes, 1.0f / (float)classes, target);
}

static void make_batch(Work *work, LsRng rng)
{
    const size_t pixels = (size_t)work->shape.pixels, classes = (size_t)work->shape.classes;
    memset(work->x, 0, BATCH * pixels * sizeof *work->x);
    memset(work->target, 0, BATCH * classes * sizeof *work->target);
    for (size_t i = 0; i < BATCH; i++) {
        const LsRng own = ls_rng_split(rng, i);
        float *x = work->x + i * pixels;
        float *target = work->target + i * classes;
        if (i % 4 == 0) {
            make_nothing(work, own, x, target);
        } else if (i % 4 == 1) {
            float share = 0;
            ls_rng_uniform(own, 64, 1, &share);
            add_image(work, own, 0, share, x, target);
            add_image(work, own, 1, 1.0f - share, x, target);
        } else {
            add_image(work, own, 0, 1.0f, x, target);
        }
    }
}

/* ---- learning */

static void sum_rows(int rows, int n, const float *x, float *sum)
{
    memset(sum, 0, (size_t)n * sizeof *sum);
    for (int i = 0; i < rows; i++) {
        ls_dense_add((size_t)n, x + (size_t)i * (size_t)n, sum);
    }
}

/* The gradient of the mean cross entropy, and Adam. */
static bool learn(Work *work, double lr, uint64_t step, LsError *err)
{
    const LsClassifierShape *s = &work->shape;
    LsClassifier *now = ls_classifier_create(s, work->params, err);
    if (now == NULL) {
        return false;
    }
    ls_classifier_judge(now, BATCH, work->x, work->hidden, work->prob);
    ls_classifier_destroy(now);
    for (size_t i = 0; i < (size_t)BATCH * (size_t)s->classes; i++) {
        work->prob[i] = (work->prob[i] - work->target[i]) / BATCH;
    }
    ls_gemm_tn(s->classes, s->hidden, BATCH, work->prob, s->classes, work->hidden,
               work->grad + s->class_weight);
    sum_rows(BATCH, s->classes, work->prob, work->grad + s->class_bias);
    ls_gemm_nn(BATCH, s->hidden, s->classes, work->prob, work->params + s->class_weight, false,
               work->delta);
    for (size_t i = 0; i < (size_t)BATCH * (size_t)s->hidden; i++) {
        work->delta[i] = work->hidden[i] > 0 ? work->delta[i] : 0;
    }
    ls_gemm_tn(s->hidden, s->pixels, BATCH, work->delta, s->hidden, work->x,
               work->grad + s->hidden_weight);
    sum_rows(BATCH, s->hidden, work->delta, work->grad + s->hidden_bias);
    const LsAdam adam = ls_adam_make(lr, step);
    ls_adam_update(&adam, s->param_count, work->grad, work->params, work->m, work->v);
    return true;
}

static void init_params(Work *work, uint64_t seed)
{
    const LsClassifierShape *s = &work->shape;
    const LsRng rng = ls_rng_make(seed, LS_RNG_INIT);
    const size_t place[] = {s->hidden_weight, s->class_weight};
    const int in[] = {s->pixels, s->hidden}, out[] = {s->hidden, s->classes};
    for (size_t i = 0; i < LS_COUNT(place); i++) {
        const size_t n = (size_t)in[i] * (size_t)out[i];
        float *weight = work->params + place[i];
        ls_rng_normal(ls_rng_split(rng, i), 0, n, weight);
        const float deviation = sqrtf(2.0f / (float)in[i]);
        for (size_t j = 0; j < n; j++) {
            weight[j] *= deviation;
        }
    }
}

static bool make_work(Work *work, LsError *err)
{
    const LsClassifierShape *s = &work->shape;
    const size_t rows = BATCH;
    float **const buffer[] = {&work->params, &work->grad,   &work->m,      &work->v,
                              &work->x,      &work->target, &work->hidden, &work->prob,
                              &work->delta,  &work->image};
    const size_t size[] = {s->param_count,           s->param_count,
                           s->param_count,           s->param_count,
                           rows * (size_t)s->pixels, rows * (size_t)s->classes,
                           rows * (size_t)s->hidden, rows * (size_t)s->classes,
                           rows * (size_t)s->hidden, (size_t)s->pixels};
    for (size_t i = 0; i < LS_COUNT(buffer); i++) {
        *buffer[i] = ls_memory_floats(size[i], err);
        if (*buffer[i] == NULL) {
            return false;
        }
    }
    return true;
}

static void finish_work(Work *work)
{
    float *const buffer[] = {work->params, work->grad,   work->m,    work->v,     work->x,
                             work->target, work->hidden, work->prob, work->delta, work->image};
    for (size_t i = 0; i < LS_COUNT(buffer); i++) {
        ls_memory_free(buffer[i]);
    }
}

LsClassifier *ls_classifier_training_run(const LsDataset *data, int hidden, uint64_t seed,
                                         int steps, LsError *err)
{
    if (data->channels != 1 || data->classes < 1 || data->classes > CLASSES_MOST ||
        data->width > 256 || data->height > 256) {
        ls_fail(err, LS_ERR_MODEL,
                "The images of \"%s\" cannot be classed: they need labels, one channel and at most "
                "256 x 256 pixels.",
                data->name);
        return NULL;
    }
    LsClassifier *classifier = NULL;
    Work work = {.data = data,
                 .shape = ls_classifier_shape(data->width, data->height, hidden, data->classes)};
    bool ok = make_work(&work, err);
    if (ok) {
        ls_gemm_init();
        init_params(&work, seed);
        const LsRng rng = ls_rng_make(seed, LS_RNG_NOISE);
        for (int step = 0; ok && step < steps; step++) {
            make_batch(&work, ls_rng_split(rng, (uint64_t)step));
            const double fall = 0.5 + 0.5 * cos(M_PI * step / steps);
            ok = learn(&work, rate * fall, (uint64_t)step + 1, err);
        }
    }
    if (ok) {
        classifier = ls_classifier_create(&work.shape, work.params, err);
    }
    finish_work(&work);
    return classifier;
}

double ls_classifier_training_score(const LsClassifier *classifier, const LsDataset *data,
                                    const LsImages *images)
{
    const LsClassifierShape *s = ls_classifier_sizes(classifier);
    float *work = ls_memory_floats(BATCH * (size_t)(s->pixels + s->hidden + s->classes), NULL);
    if (work == NULL) {
        return -1;
    }
    float *const hidden = work + BATCH * (size_t)s->pixels;
    float *const prob = hidden + BATCH * (size_t)s->hidden;
    uint32_t right = 0;
    for (uint32_t first = 0; first < images->count; first += BATCH) {
        const int n = images->count - first < BATCH ? (int)(images->count - first) : BATCH;
        ls_dataset_gather(data, images, first, NULL, n, work);
        ls_classifier_judge(classifier, n, work, hidden, prob);
        for (int i = 0; i < n; i++) {
            const int class = ls_classifier_best(s->classes, prob + (size_t)i * (size_t)s->classes);
            right += class == images->labels[first + (uint32_t)i] ? 1 : 0;
        }
    }
    ls_memory_free(work);
    return images->count > 0 ? (double)right / images->count : 0;
}
