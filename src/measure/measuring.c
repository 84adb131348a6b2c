#include "latentscape/measure/measuring.h"

#include <assert.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"
#include "latentscape/measure/aggregate.h"
#include "latentscape/measure/neighbours.h"
#include "latentscape/nn/gemm.h"

#include "measure/measuring_state.h"

enum {
    PIXELS_MOST = 1 << 22, /* of all samples together: 16 MB */
    SAMPLES_LEAST = 64,
    NEIGHBOURS_LEAST = LS_NEIGHBOURS_K + 2, /* images, for neighbourhoods to mean something */
};

static const double known_share = 0.8; /* of held-out images a classifier must class rightly */

static int least(int a, int b)
{
    return a < b ? a : b;
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

/* ---- memory */

/* A piece of the one buffer: where its address goes and how many floats it has. */
typedef struct Piece {
    float **place;
    size_t rows, cols;
} Piece;

/* Adds up the pieces (base NULL), or points each to its place; every one begins on a cache line. */
static size_t lay_out(const Piece *pieces, size_t count, float *base)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (base != NULL) {
            *pieces[i].place = base + at;
        }
        at += (pieces[i].rows * pieces[i].cols + 15) / 16 * 16;
    }
    return at;
}

static size_t lay_out_scratch(LsMeasuring *m, LsMeasuringScratch *s, float *base)
{
    const size_t rows = LS_MEASURING_ROWS;
    const size_t pixels = (size_t)m->model.pixels, latent = (size_t)m->model.spec.latent;
    const LsClassifierShape none = {.hidden = 1, .classes = 1};
    const LsClassifierShape *judge =
        m->classifier != NULL ? ls_classifier_sizes(m->classifier) : &none;
    const Piece pieces[] = {
        {&s->x, rows, pixels},
        {&s->mu, rows, latent},
        {&s->logvar, rows, latent},
        {&s->z, rows, latent},
        {&s->distance, rows, (size_t)most(m->samples, m->heldout)},
        {&s->class_hidden, rows, (size_t)judge->hidden},
        {&s->class_prob, rows, (size_t)judge->classes},
        {&s->density, 1, (size_t)m->codes},
    };
    return lay_out(pieces, LS_COUNT(pieces), base);
}

static size_t lay_out_shared(LsMeasuring *m, float *base)
{
    const size_t pixels = (size_t)m->model.pixels, latent = (size_t)m->model.spec.latent;
    const size_t samples = (size_t)m->samples, heldout = (size_t)m->heldout;
    const size_t pairs = (size_t)m->pairs, codes = (size_t)m->codes;
    const size_t directions = (size_t)ls_aggregate_bases(m->model.spec.latent) *
                              (size_t)ls_aggregate_basis_size(m->model.spec.latent);
    const Piece pieces[] = {
        {&m->params, 1, m->model.param_count},
        {&m->prior, samples, latent},
        {&m->prior_norm, samples, 1},
        {&m->direction, directions, latent},
        {&m->quantile, codes, 1},
        {&m->real, heldout, pixels},
        {&m->real_norm, heldout, 1},
        {&m->real_radius, heldout, 1},
        {&m->real_gradient, heldout, 1},
        {&m->real_decided, heldout, 1},
        {&m->real_right, heldout, 1},
        {&m->sample, samples, pixels},
        {&m->sample_norm, samples, 1},
        {&m->sample_radius, samples, 1},
        {&m->gradient, samples, 1},
        {&m->decided, samples, 1},
        {&m->confidence, samples, 1},
        {&m->class, samples, 1},
        {&m->agreement, samples, 1},
        {&m->precise, pairs, 1},
        {&m->covered, pairs, 1},
        {&m->reached, pairs, 1},
        {&m->reach, pairs / LS_MEASURING_ROWS + 1, pairs},
        {&m->cover, pairs / LS_MEASURING_ROWS + 1, pairs},
        {&m->mu, heldout, latent},
        {&m->mu_norm, heldout, 1},
        {&m->z, heldout, latent},
        {&m->log_own, heldout, 1},
        {&m->information, heldout, 1},
        {&m->axis_mu, latent, codes},
        {&m->inverse, latent, codes},
        {&m->scale, codes, 1},
        {&m->train_z, codes, latent},
        {&m->influence, directions, codes},
    };
    return lay_out(pieces, LS_COUNT(pieces), base);
}

/* The classifier, where it is made for images like these. */
static const LsClassifier *fitting(const LsClassifier *classifier, const LsModel *model,
                                   const LsDataset *data, const char **reason)
{
    *reason = "the classifier of digits cannot be read";
    if (classifier == NULL) {
        return NULL;
    }
    const LsClassifierShape *shape = ls_classifier_sizes(classifier);
    *reason = "the images have no labels";
    if (data->classes == 0) {
        return NULL;
    }
    *reason = "the classifier knows digits of 28 x 28 pixels only";
    if (shape->width != model->spec.width || shape->height != model->spec.height ||
        model->spec.channels != 1 || data->classes > shape->classes) {
        return NULL;
    }
    *reason = NULL;
    return classifier;
}

static bool make_memory(LsMeasuring *m, LsError *err)
{
    const size_t workers = (size_t)m->workers, codes = (size_t)m->codes;
    LsMeasuringScratch probe;
    const size_t shared = lay_out_shared(m, NULL), each = lay_out_scratch(m, &probe, NULL);
    m->memory = ls_memory_floats(shared + workers * each, err);
    m->keys = m->memory != NULL ? ls_memory_items(workers * 2 * codes, sizeof *m->keys, err) : NULL;
    if (m->keys == NULL) {
        return false;
    }
    m->squared = ls_memory_items(LS_AGGREGATE_DIRECTIONS, sizeof *m->squared, err);
    if (m->squared == NULL) {
        return false;
    }
    m->scratch = ls_memory_items(workers, sizeof *m->scratch, err);
    if (m->scratch == NULL) {
        return false;
    }
    (void)lay_out_shared(m, m->memory);
    for (size_t i = 0; i < workers; i++) {
        LsMeasuringScratch *scratch = &m->scratch[i];
        (void)lay_out_scratch(m, scratch, m->memory + shared + i * each);
        scratch->key = m->keys + i * 2 * codes;
        scratch->coder = ls_coder_create(&m->model, LS_MEASURING_ROWS, err);
        if (scratch->coder == NULL) {
            return false;
        }
    }
    return true;
}

LsMeasuring *ls_measuring_create(const LsModel *model, const LsDataset *data,
                                 const LsClassifier *classifier, int workers, LsError *err)
{
    LsMeasuring *m = ls_memory_items(1, sizeof *m, err);
    if (m == NULL) {
        return NULL;
    }
    m->model = *model;
    m->data = data;
    m->workers = workers;
    m->samples = least(LS_MEASURING_SAMPLES, most(PIXELS_MOST / model->pixels, SAMPLES_LEAST));
    m->heldout = (int)(data->heldout.count < (uint32_t)m->samples ? data->heldout.count
                                                                  : (uint32_t)m->samples);
    m->pairs = least(m->samples, m->heldout);
    m->codes = (int)(data->train.count < LS_MEASURING_CODES ? data->train.count
                                                            : (uint32_t)LS_MEASURING_CODES);
    m->classifier = fitting(classifier, model, data, &m->no_classifier);
    m->no_agreement = m->heldout < LS_MEASURING_AROUND ? "there are too few held-out images" : NULL;
    if (!make_memory(m, err)) {
        ls_measuring_destroy(m);
        return NULL;
    }
    const int latent = model->spec.latent;
    const size_t numbers = (size_t)m->samples * (size_t)latent;
    ls_rng_normal(ls_rng_split(ls_rng_make(0, LS_RNG_MEASURE), 0), 0, numbers, m->prior);
    ls_neighbours_norms(m->samples, latent, m->prior, m->prior_norm);
    ls_aggregate_directions(latent, m->direction);
    ls_aggregate_quantiles(m->codes, m->quantile);
    ls_gemm_init();
    return m;
}

void ls_measuring_destroy(LsMeasuring *measuring)
{
    if (measuring == NULL) {
        return;
    }
    for (int i = 0; measuring->scratch != NULL && i < measuring->workers; i++) {
        ls_coder_destroy(measuring->scratch[i].coder);
    }
    ls_memory_free(measuring->scratch);
    ls_memory_free(measuring->squared);
    ls_memory_free(measuring->keys);
    ls_memory_free(measuring->memory);
    ls_memory_free(measuring);
}

/* ---- going through the phases */

static void begin(LsMeasuring *measuring, bool images_only, uint64_t step)
{
    measuring->images_only = images_only;
    measuring->step = step;
    measuring->phase = 0;
    measuring->next = 0;
    measuring->running = true;
}

void ls_measuring_begin(LsMeasuring *measuring, const float *params, uint64_t step)
{
    memcpy(measuring->params, params, measuring->model.param_count * sizeof *params);
    begin(measuring, false, step);
}

void ls_measuring_begin_images(LsMeasuring *measuring, int n, const float *images)
{
    const size_t pixels = (size_t)measuring->model.pixels;
    for (int i = 0; i < measuring->samples; i++) {
        memcpy(measuring->sample + (size_t)i * pixels, images + (size_t)(i % n) * pixels,
               pixels * sizeof *images);
    }
    begin(measuring, true, 0);
}

int ls_measuring_samples(const LsMeasuring *measuring)
{
    return measuring->samples;
}

bool ls_measuring_running(const LsMeasuring *measuring)
{
    return measuring->running;
}

/* Whether the classifier is of use, once it has seen the held-out images. */
static void know_real(LsMeasuring *m)
{
    if (m->classifier != NULL &&
        ls_estimate_mean((size_t)m->heldout, m->real_right).value < known_share) {
        m->no_classifier = "the classifier of digits does not know these images";
    }
}

/* What each task's samples reach, together: any of them is enough. */
static void join_tasks(const LsMeasuring *m, const float *parts, float *whole)
{
    for (int i = 0; i < m->pairs; i++) {
        whole[i] = 0;
        for (int task = 0; task < ls_measuring_tasks_count(m, LS_MEASURING_PAIRS); task++) {
            const float part = parts[(size_t)task * (size_t)m->pairs + (size_t)i];
            whole[i] = part > 0 ? 1.0f : whole[i];
        }
    }
}

static void finish(LsMeasuring *m, LsMeasures *measures)
{
    join_tasks(m, m->reach, m->reached);
    join_tasks(m, m->cover, m->covered);
    const char *few = "there are too few images";
    const char *given = m->images_only ? "images were given in place of a model" : NULL;
    const bool codes = m->heldout >= 2 && m->codes >= 2;
    LsMeasureMaterial material = {
        .samples = m->samples,
        .gradient = m->gradient,
        .decided = m->decided,
        .real_gradient = ls_estimate_mean((size_t)m->heldout, m->real_gradient),
        .real_decided = ls_estimate_mean((size_t)m->heldout, m->real_decided),
        .no_classifier = m->no_classifier,
        .confidence = m->confidence,
        .no_agreement = given != NULL ? given : m->no_agreement,
        .agreement = m->agreement,
        .no_neighbours = m->pairs < NEIGHBOURS_LEAST ? few : NULL,
        .pairs = m->pairs,
        .precise = m->precise,
        .reached = m->reached,
        .covered = m->covered,
        .no_codes = given != NULL ? given
                    : codes       ? NULL
                                  : few,
        .codes = m->heldout,
        .latent = m->model.spec.latent,
        .mu = m->mu,
        .information = m->information,
        .no_gap = given != NULL ? given : "it is being evaluated",
    };
    if (material.no_codes == NULL) {
        material.distance =
            ls_aggregate_distance(m->codes, m->model.spec.latent, m->squared, m->influence);
    }
    m->serial++;
    *measures = (LsMeasures){.serial = m->serial, .step = m->step, .samples = m->samples};
    ls_measure_all(&material, measures->value);
}

static void do_task(void *context, int task, int worker)
{
    LsMeasuring *measuring = context;
    ls_measuring_tasks_do(measuring, measuring->phase, measuring->next + task, worker);
}

bool ls_measuring_advance(LsMeasuring *measuring, LsMeasuringRun *run, void *crew,
                          LsMeasures *measures)
{
    if (!measuring->running) {
        return false;
    }
    const int left = ls_measuring_tasks_count(measuring, measuring->phase) - measuring->next;
    const int slice = least(measuring->workers, left);
    if (slice > 0) {
        run(crew, slice, do_task, measuring);
        measuring->next += slice;
    }
    while (measuring->phase < LS_MEASURING_PHASES &&
           measuring->next >= ls_measuring_tasks_count(measuring, measuring->phase)) {
        measuring->next = 0;
        measuring->phase++;
        if (measuring->phase == LS_MEASURING_REAL_RADII && !measuring->real_known) {
            know_real(measuring);
        }
        measuring->real_known = measuring->real_known || measuring->phase == LS_MEASURING_SAMPLE;
    }
    if (measuring->phase < LS_MEASURING_PHASES) {
        return false;
    }
    finish(measuring, measures);
    measuring->running = false;
    return true;
}
