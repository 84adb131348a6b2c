#include <math.h>
#include <string.h>

#include "latentscape/core/rng.h"
#include "latentscape/measure/aggregate.h"
#include "latentscape/measure/appearance.h"
#include "latentscape/measure/neighbours.h"

#include "measure/measuring_state.h"

/* Streams of noise: the prior's codes have part 0, directions part 1. */
enum {
    NOISE_HELDOUT = 2,
    NOISE_TRAIN = 3
};

/* The rows of a task: first, and how many there are. */
typedef struct Rows {
    int first, count;
} Rows;

static Rows task_rows(int total, int task)
{
    const int first = task * LS_MEASURING_ROWS;
    const int left = total - first;
    return (Rows){first, left < LS_MEASURING_ROWS ? left : LS_MEASURING_ROWS};
}

static int row_tasks(int total)
{
    return (total + LS_MEASURING_ROWS - 1) / LS_MEASURING_ROWS;
}

static float *at_row(float *base, int row, int size)
{
    return base + (size_t)row * (size_t)size;
}

/* ---- images */

/* Where what is seen of images is kept. */
typedef struct Seen {
    float *norm, *gradient, *decided; /* [images] */
} Seen;

/* Looks at some images; the scratch then has the classifier's opinion of them. */
static void look(LsMeasuring *measuring, LsMeasuringScratch *scratch, Rows rows,
                 const float *images, Seen seen)
{
    const LsModelSpec *spec = &measuring->model.spec;
    const int pixels = measuring->model.pixels;
    const float *const x = images + (size_t)rows.first * (size_t)pixels;
    ls_neighbours_norms(rows.count, pixels, x, seen.norm + rows.first);
    for (int i = 0; i < rows.count; i++) {
        const float *image = x + (size_t)i * (size_t)pixels;
        seen.gradient[rows.first + i] =
            ls_appearance_gradient(spec->width, spec->height, spec->channels, image);
        seen.decided[rows.first + i] = ls_appearance_decided((size_t)pixels, image);
    }
    if (measuring->classifier != NULL) {
        ls_classifier_judge(measuring->classifier, rows.count, x, scratch->class_hidden,
                            scratch->class_prob);
    }
}

static void do_real(LsMeasuring *measuring, LsMeasuringScratch *scratch, int task)
{
    const Rows rows = task_rows(measuring->heldout, task);
    const LsImages *images = &measuring->data->heldout;
    ls_dataset_gather(measuring->data, images, (uint32_t)rows.first, NULL, rows.count,
                      at_row(measuring->real, rows.first, measuring->model.pixels));
    look(measuring, scratch, rows, measuring->real,
         (Seen){measuring->real_norm, measuring->real_gradient, measuring->real_decided});
    for (int i = 0; measuring->classifier != NULL && i < rows.count; i++) {
        const int classes = ls_classifier_sizes(measuring->classifier)->classes;
        const int class = ls_classifier_best(classes, at_row(scratch->class_prob, i, classes));
        const int row = rows.first + i;
        measuring->real_right[row] = class == images->labels[row] ? 1.0f : 0.0f;
    }
}

static void do_sample(LsMeasuring *measuring, LsMeasuringScratch *scratch, int task)
{
    const Rows rows = task_rows(measuring->samples, task);
    if (!measuring->images_only) {
        ls_coder_decode(scratch->coder, measuring->params, rows.count,
                        at_row(measuring->prior, rows.first, measuring->model.spec.latent), NULL,
                        at_row(measuring->sample, rows.first, measuring->model.pixels));
    }
    look(measuring, scratch, rows, measuring->sample,
         (Seen){measuring->sample_norm, measuring->gradient, measuring->decided});
    for (int i = 0; measuring->classifier != NULL && i < rows.count; i++) {
        const int classes = ls_classifier_sizes(measuring->classifier)->classes;
        const float *prob = at_row(scratch->class_prob, i, classes);
        const int best = ls_classifier_best(classes, prob);
        measuring->confidence[rows.first + i] = prob[best];
        measuring->class[rows.first + i] = (float)best;
    }
}

/* ---- neighbours */

/* How far each of some points has it to its third nearest fellow. */
static void find_radii(LsMeasuring *measuring, LsMeasuringScratch *scratch, int task,
                       const float *points, const float *norm, float *radius)
{
    const Rows rows = task_rows(measuring->pairs, task);
    const int size = measuring->model.pixels, n = measuring->pairs;
    ls_neighbours_distances(rows.count, n, size, points + (size_t)rows.first * (size_t)size,
                            norm + rows.first, points, norm, scratch->distance);
    for (int i = 0; i < rows.count; i++) {
        const int row = rows.first + i;
        radius[row] =
            ls_neighbours_radius(n, LS_NEIGHBOURS_K, row, at_row(scratch->distance, i, n));
    }
}

static void do_pairs(LsMeasuring *measuring, LsMeasuringScratch *scratch, int task)
{
    const Rows rows = task_rows(measuring->pairs, task);
    const int size = measuring->model.pixels, n = measuring->pairs;
    float *const reach = at_row(measuring->reach, task, n);
    float *const cover = at_row(measuring->cover, task, n);
    memset(reach, 0, (size_t)n * sizeof *reach);
    memset(cover, 0, (size_t)n * sizeof *cover);
    ls_neighbours_distances(rows.count, n, size,
                            measuring->sample + (size_t)rows.first * (size_t)size,
                            measuring->sample_norm + rows.first, measuring->real,
                            measuring->real_norm, scratch->distance);
    for (int i = 0; i < rows.count; i++) {
        const float *distance = at_row(scratch->distance, i, n);
        const int row = rows.first + i;
        const bool within = ls_neighbours_within(n, distance, measuring->real_radius, cover);
        measuring->precise[row] = within ? 1.0f : 0.0f;
        ls_neighbours_reach(n, measuring->sample_radius[row], distance, reach);
    }
}

static void do_agree(LsMeasuring *measuring, LsMeasuringScratch *scratch, int task)
{
    const Rows rows = task_rows(measuring->samples, task);
    const int latent = measuring->model.spec.latent, n = measuring->heldout;
    ls_neighbours_distances(rows.count, n, latent, at_row(measuring->prior, rows.first, latent),
                            measuring->prior_norm + rows.first, measuring->mu, measuring->mu_norm,
                            scratch->distance);
    for (int i = 0; i < rows.count; i++) {
        int index[LS_MEASURING_AROUND];
        ls_neighbours_nearest(n, LS_MEASURING_AROUND, at_row(scratch->distance, i, n), index);
        int agree = 0;
        for (int j = 0; j < LS_MEASURING_AROUND; j++) {
            const int label = measuring->data->heldout.labels[index[j]];
            agree += label == (int)measuring->class[rows.first + i] ? 1 : 0;
        }
        measuring->agreement[rows.first + i] = (float)agree / LS_MEASURING_AROUND;
    }
}

/* ---- codes */

/* Images of one part to codes: mu, logvar and z of the scratch. */
static void encode(LsMeasuring *measuring, LsMeasuringScratch *scratch, const LsImages *images,
                   int noise, Rows rows)
{
    const size_t latent = (size_t)measuring->model.spec.latent;
    const size_t numbers = (size_t)rows.count * latent;
    ls_dataset_gather(measuring->data, images, (uint32_t)rows.first, NULL, rows.count, scratch->x);
    ls_coder_encode(scratch->coder, measuring->params, rows.count, scratch->x, scratch->mu,
                    scratch->logvar);
    const LsRng rng = ls_rng_split(ls_rng_make(0, LS_RNG_MEASURE), (uint64_t)noise);
    ls_rng_normal(rng, (uint64_t)rows.first * latent, numbers, scratch->z);
    for (size_t i = 0; i < numbers; i++) {
        scratch->z[i] = scratch->mu[i] + expf(0.5f * scratch->logvar[i]) * scratch->z[i];
    }
}

static void do_train(LsMeasuring *measuring, LsMeasuringScratch *scratch, int task)
{
    const Rows rows = task_rows(measuring->codes, task);
    const int latent = measuring->model.spec.latent;
    encode(measuring, scratch, &measuring->data->train, NOISE_TRAIN, rows);
    for (int i = 0; i < rows.count; i++) {
        ls_aggregate_place(measuring->codes, latent, rows.first + i, at_row(scratch->mu, i, latent),
                           at_row(scratch->logvar, i, latent), measuring->axis_mu,
                           measuring->inverse, measuring->scale);
    }
    memcpy(at_row(measuring->train_z, rows.first, latent), scratch->z,
           (size_t)rows.count * (size_t)latent * sizeof *scratch->z);
}

static void do_heldout(LsMeasuring *measuring, LsMeasuringScratch *scratch, int task)
{
    const Rows rows = task_rows(measuring->heldout, task);
    const int latent = measuring->model.spec.latent;
    const size_t bytes = (size_t)rows.count * (size_t)latent * sizeof(float);
    encode(measuring, scratch, &measuring->data->heldout, NOISE_HELDOUT, rows);
    memcpy(at_row(measuring->mu, rows.first, latent), scratch->mu, bytes);
    memcpy(at_row(measuring->z, rows.first, latent), scratch->z, bytes);
    ls_neighbours_norms(rows.count, latent, scratch->mu, measuring->mu_norm + rows.first);
    for (int i = 0; i < rows.count; i++) {
        measuring->log_own[rows.first + i] = (float)ls_aggregate_log_posterior(
            latent, at_row(scratch->mu, i, latent), at_row(scratch->logvar, i, latent),
            at_row(scratch->z, i, latent));
    }
}

static void do_density(LsMeasuring *measuring, LsMeasuringScratch *scratch, int task)
{
    const Rows rows = task_rows(measuring->heldout, task);
    const int latent = measuring->model.spec.latent;
    const LsMixture mixture = {.n = measuring->codes,
                               .latent = latent,
                               .mu = measuring->axis_mu,
                               .inverse = measuring->inverse,
                               .scale = measuring->scale};
    for (int i = 0; i < rows.count; i++) {
        const int row = rows.first + i;
        /* The image's own posterior is one of the mixture, so that no code is without any: else the
         * estimate would be infinite where codes lie alone. */
        const double own = (double)measuring->log_own[row];
        const double others =
            ls_aggregate_log_density(&mixture, at_row(measuring->z, row, latent), scratch->density);
        const double most = fmax(own, others);
        const double all = most + log(exp(own - most) + exp(others - most));
        measuring->information[row] = (float)(own - all + log((double)measuring->codes + 1));
    }
}

static void do_transport(LsMeasuring *measuring, LsMeasuringScratch *scratch, int task)
{
    const int latent = measuring->model.spec.latent, n = measuring->codes;
    measuring->squared[task] = ls_aggregate_transport(
        n, latent, at_row(measuring->direction, task, latent), measuring->train_z,
        measuring->quantile, at_row(measuring->influence, task, n), scratch->key);
}

/* ---- phases */

int ls_measuring_tasks_count(const LsMeasuring *measuring, LsMeasuringPhase phase)
{
    const bool codes = !measuring->images_only;
    const int latent = measuring->model.spec.latent;
    const bool agree = codes && measuring->no_classifier == NULL && measuring->no_agreement == NULL;
    const bool once = !measuring->real_known;
    const int directions = ls_aggregate_bases(latent) * ls_aggregate_basis_size(latent);
    const int count[LS_MEASURING_PHASES] = {
        [LS_MEASURING_REAL] = once ? row_tasks(measuring->heldout) : 0,
        [LS_MEASURING_REAL_RADII] = once ? row_tasks(measuring->pairs) : 0,
        [LS_MEASURING_SAMPLE] = row_tasks(measuring->samples),
        [LS_MEASURING_RADII] = row_tasks(measuring->pairs),
        [LS_MEASURING_PAIRS] = row_tasks(measuring->pairs),
        [LS_MEASURING_TRAIN] = codes ? row_tasks(measuring->codes) : 0,
        [LS_MEASURING_HELDOUT] = codes ? row_tasks(measuring->heldout) : 0,
        [LS_MEASURING_DENSITY] = codes ? row_tasks(measuring->heldout) : 0,
        [LS_MEASURING_AGREE] = agree ? row_tasks(measuring->samples) : 0,
        [LS_MEASURING_TRANSPORT] = codes ? directions : 0,
    };
    return count[phase];
}

void ls_measuring_tasks_do(LsMeasuring *measuring, LsMeasuringPhase phase, int task, int worker)
{
    LsMeasuringScratch *scratch = &measuring->scratch[worker];
    switch (phase) {
    case LS_MEASURING_REAL:
        do_real(measuring, scratch, task);
        break;
    case LS_MEASURING_REAL_RADII:
        find_radii(measuring, scratch, task, measuring->real, measuring->real_norm,
                   measuring->real_radius);
        break;
    case LS_MEASURING_SAMPLE:
        do_sample(measuring, scratch, task);
        break;
    case LS_MEASURING_RADII:
        find_radii(measuring, scratch, task, measuring->sample, measuring->sample_norm,
                   measuring->sample_radius);
        break;
    case LS_MEASURING_PAIRS:
        do_pairs(measuring, scratch, task);
        break;
    case LS_MEASURING_TRAIN:
        do_train(measuring, scratch, task);
        break;
    case LS_MEASURING_HELDOUT:
        do_heldout(measuring, scratch, task);
        break;
    case LS_MEASURING_DENSITY:
        do_density(measuring, scratch, task);
        break;
    case LS_MEASURING_AGREE:
        do_agree(measuring, scratch, task);
        break;
    case LS_MEASURING_TRANSPORT:
        do_transport(measuring, scratch, task);
        break;
    case LS_MEASURING_PHASES:
        break;
    }
}
