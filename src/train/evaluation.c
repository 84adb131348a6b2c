#include "latentscape/train/evaluation.h"

#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"
#include "latentscape/measure/estimate.h"
#include "latentscape/nn/sum.h"
#include "latentscape/vae/coder.h"
#include "latentscape/vae/divergence.h"
#include "latentscape/vae/recon.h"
#include "latentscape/vae/regularizer.h"

#include "train/copy.h"

enum {
    ROWS = 64,    /* images of one task: fixed, so that sums do not depend on the workers */
    STRIP = 4096, /* weights the regularizer looks at once */
};

static const uint64_t noise_seed = 0; /* every evaluation draws the same noise */

typedef enum Part {
    PART_HELDOUT,
    PART_TRAIN,
    PART_COUNT
} Part;

/* Sums over some images. Units: nats. */
typedef struct Sums {
    double rec, kl;     /* of the trained kinds */
    double bce, kl_std; /* what the ELBO is made of */
    double axis_kl[LS_METRIC_AXES];
    double probed; /* how pictures change, where the loss asks for it */
} Sums;

/* What one worker works on. Shapes: images [ROWS, pixels], codes [ROWS, latent]. */
typedef struct Scratch {
    LsCoder *coder;
    float *memory;
    float *x, *logits, *prob;
    float *loss, *grad; /* [max(pixels, ROWS * latent, STRIP)] */
    float *grad_logvar; /* [ROWS, latent] */
    float *mu, *logvar, *eps, *z;
} Scratch;

struct LsEvaluation {
    // --- immutable after create
    LsModel model;
    const LsDataset *data;
    LsPool *pool;
    uint32_t train_most; /* training images there is room for */
    const LsRecon *bce;
    const LsDivergence *kl;
    float *params; /* [param_count] */
    Sums *sums;    /* [tasks of both parts] */
    double *dims;  /* [tasks of both parts, latent]: sums of each dimension's loss */
    float *elbo;   /* [images of both parts]: -(bce + kl), the held-out ones first */
    double *mean;  /* [latent] */
    float *pull;   /* [latent]; not used here, kinds give it */
    Scratch *scratch;
    // --- the pool's thread, between slices
    uint32_t count[PART_COUNT]; /* images of each part */
    int tasks[PART_COUNT];
    LsLoss loss;
    LsMetric state;
    bool running;
    int next; /* task */
};

static bool make_scratch(Scratch *scratch, const LsModel *model, LsError *err)
{
    const size_t pixels = (size_t)model->pixels;
    const size_t codes = (size_t)ROWS * (size_t)model->spec.latent;
    size_t row = pixels > codes ? pixels : codes;
    row = row > STRIP ? row : STRIP;
    /* Pieces begin on cache lines of their own: sizes in whole lines of 16 floats. */
    const size_t image_floats = ROWS * pixels, code_floats = (codes + 15) / 16 * 16;
    row = (row + 15) / 16 * 16;
    scratch->memory = ls_memory_floats(3 * image_floats + 2 * row + 5 * code_floats, err);
    scratch->coder = scratch->memory != NULL ? ls_coder_create(model, ROWS, err) : NULL;
    if (scratch->coder == NULL) {
        return false;
    }
    float *at = scratch->memory;
    float **const pieces[] = {
        &scratch->x,  &scratch->logits, &scratch->prob, &scratch->loss, &scratch->grad,
        &scratch->mu, &scratch->logvar, &scratch->eps,  &scratch->z,    &scratch->grad_logvar};
    const size_t sizes[] = {image_floats, image_floats, image_floats, row,         row,
                            code_floats,  code_floats,  code_floats,  code_floats, code_floats};
    for (size_t i = 0; i < LS_COUNT(pieces); i++) {
        *pieces[i] = at;
        at += sizes[i];
    }
    return true;
}

LsEvaluation *ls_evaluation_create(const LsModel *model, const LsDataset *data, LsPool *pool,
                                   uint32_t heldout_most, uint32_t train_most, LsError *err)
{
    LsEvaluation *evaluation = ls_memory_items(1, sizeof *evaluation, err);
    if (evaluation == NULL) {
        return NULL;
    }
    evaluation->model = *model;
    evaluation->data = data;
    evaluation->pool = pool;
    const uint32_t most[PART_COUNT] = {heldout_most, train_most};
    const uint32_t there[PART_COUNT] = {data->heldout.count, data->train.count};
    int tasks = 0;
    for (int i = 0; i < PART_COUNT; i++) {
        evaluation->count[i] = there[i] < most[i] ? there[i] : most[i];
        evaluation->tasks[i] = (int)((evaluation->count[i] + ROWS - 1) / ROWS);
        tasks += evaluation->tasks[i];
    }
    evaluation->train_most = evaluation->count[PART_TRAIN];
    const int workers = ls_pool_workers(pool);
    evaluation->bce = ls_recon_find("bce", err);
    evaluation->kl = ls_divergence_find("kl", err);
    if (evaluation->bce == NULL || evaluation->kl == NULL) {
        goto fail;
    }
    evaluation->params = ls_memory_floats(model->param_count, err);
    if (evaluation->params == NULL) {
        goto fail;
    }
    evaluation->sums = ls_memory_items((size_t)tasks + 1, sizeof *evaluation->sums, err);
    if (evaluation->sums == NULL) {
        goto fail;
    }
    const size_t latent = (size_t)model->spec.latent;
    evaluation->dims = ls_memory_items(((size_t)tasks + 1) * latent, sizeof *evaluation->dims, err);
    if (evaluation->dims == NULL) {
        goto fail;
    }
    evaluation->elbo = ls_memory_floats((size_t)tasks * ROWS + 1, err);
    if (evaluation->elbo == NULL) {
        goto fail;
    }
    evaluation->mean = ls_memory_items(latent, sizeof *evaluation->mean, err);
    if (evaluation->mean == NULL) {
        goto fail;
    }
    evaluation->pull = ls_memory_floats(latent, err);
    if (evaluation->pull == NULL) {
        goto fail;
    }
    evaluation->scratch = ls_memory_items((size_t)workers, sizeof *evaluation->scratch, err);
    if (evaluation->scratch == NULL) {
        goto fail;
    }
    for (int i = 0; i < workers; i++) {
        if (!make_scratch(&evaluation->scratch[i], model, err)) {
            goto fail;
        }
    }
    return evaluation;
fail:
    ls_evaluation_destroy(evaluation);
    return NULL;
}

void ls_evaluation_destroy(LsEvaluation *evaluation)
{
    if (evaluation == NULL) {
        return;
    }
    for (int i = 0; evaluation->scratch != NULL && i < ls_pool_workers(evaluation->pool); i++) {
        ls_coder_destroy(evaluation->scratch[i].coder);
        ls_memory_free(evaluation->scratch[i].memory);
    }
    ls_memory_free(evaluation->scratch);
    ls_memory_free(evaluation->sums);
    ls_memory_free(evaluation->dims);
    ls_memory_free(evaluation->elbo);
    ls_memory_free(evaluation->mean);
    ls_memory_free(evaluation->pull);
    ls_memory_free(evaluation->params);
    ls_memory_free(evaluation);
}

void ls_evaluation_begin(LsEvaluation *evaluation, const float *params, const LsLoss *loss,
                         const LsMetric *state)
{
    (void)ls_copy_floats(evaluation->pool, evaluation->model.param_count, params,
                         evaluation->params);
    evaluation->loss = *loss;
    evaluation->state = *state;
    evaluation->state.evaluated = true;
    evaluation->next = 0;
    evaluation->running = true;
}

static int tasks_of(uint32_t images)
{
    return (int)((images + ROWS - 1) / ROWS);
}

void ls_evaluation_limit(LsEvaluation *evaluation, uint32_t train_images)
{
    const uint32_t most = evaluation->train_most;
    evaluation->count[PART_TRAIN] = train_images > 0 && train_images < most ? train_images : most;
    evaluation->tasks[PART_TRAIN] = tasks_of(evaluation->count[PART_TRAIN]);
    evaluation->running = false;
}

bool ls_evaluation_running(const LsEvaluation *evaluation)
{
    return evaluation->running;
}

/* each [rows]: what the sum is made of; NULL: nobody asks. */
static double rec_sum(const Scratch *scratch, const LsRecon *kind, double deviation, size_t pixels,
                      int rows, float *each)
{
    const double scale = ls_recon_scale(kind, deviation);
    double sum = 0;
    for (int i = 0; i < rows; i++) {
        const size_t at = (size_t)i * pixels;
        kind->eval(pixels, scratch->logits + at, scratch->prob + at, scratch->x + at, scratch->loss,
                   scratch->grad);
        const double loss = ls_sum(pixels, scratch->loss);
        sum += loss;
        if (each != NULL) {
            each[i] = (float)(loss * scale);
        }
    }
    return sum * scale;
}

static double kl_sum(const Scratch *scratch, const LsDivergence *kind, size_t codes)
{
    kind->eval(codes, scratch->mu, scratch->logvar, scratch->loss, scratch->grad,
               scratch->grad_logvar);
    return ls_sum(codes, scratch->loss);
}

/* From the bce of each image, and the divergence of each code in scratch->loss, to its ELBO.
 * Shapes: elbo [rows]. */
static void find_elbos(const Scratch *scratch, int rows, size_t latent, float *elbo)
{
    for (size_t row = 0; row < (size_t)rows; row++) {
        elbo[row] = (float)-((double)elbo[row] + ls_sum(latent, scratch->loss + row * latent));
    }
}

/* The divergence to the prior of each latent dimension, summed over rows. Shapes: sum [axes]. */
static void axis_sums(const Scratch *scratch, int rows, size_t latent, double *sum)
{
    const size_t axes = latent < LS_METRIC_AXES ? latent : LS_METRIC_AXES;
    for (size_t row = 0; row < (size_t)rows; row++) {
        for (size_t j = 0; j < axes; j++) {
            const double mu = (double)scratch->mu[row * latent + j];
            const double logvar = (double)scratch->logvar[row * latent + j];
            sum[j] += 0.5 * (mu * mu + exp(logvar) - 1 - logvar);
        }
    }
}

/* The distance of these images' codes from as many draws of the prior, times the images. */
static double points_sum(const LsEvaluation *evaluation, const Scratch *scratch,
                         const LsDivergence *kind, int rows)
{
    double sum = 0;
    for (int i = 0; i < rows; i++) {
        sum += kind->points(rows, evaluation->model.spec.latent, scratch->z, scratch->eps, i,
                            evaluation->loss.div_param, scratch->grad);
    }
    return sum;
}

/* How much pictures change a little way off: z and logits are overwritten. */
static double probe_sum(const LsEvaluation *evaluation, Scratch *scratch, int rows)
{
    const size_t pixels = (size_t)evaluation->model.pixels;
    const size_t codes = (size_t)rows * (size_t)evaluation->model.spec.latent;
    for (size_t i = 0; i < codes; i++) {
        scratch->z[i] += LS_REGULARIZER_STEP * scratch->eps[i];
    }
    ls_coder_decode(scratch->coder, evaluation->params, rows, scratch->z, NULL, scratch->logits);
    double sum = 0;
    for (size_t i = 0; i < (size_t)rows; i++) {
        ls_regularizer_probe(pixels, scratch->prob + i * pixels, scratch->logits + i * pixels,
                             scratch->loss);
        sum += ls_sum(pixels, scratch->loss);
    }
    return sum;
}

/* Images first .. first + rows - 1 of one part. dims gets each dimension's loss, elbo each image's. */
static Sums judge_rows(const LsEvaluation *evaluation, Scratch *scratch, Part part, uint32_t first,
                       int rows, double *dims, float *elbo)
{
    const LsDataset *data = evaluation->data;
    const size_t latent = (size_t)evaluation->model.spec.latent;
    const size_t pixels = (size_t)evaluation->model.pixels, codes = (size_t)rows * latent;
    ls_dataset_gather(data, part == PART_HELDOUT ? &data->heldout : &data->train, first, NULL, rows,
                      scratch->x);
    const LsRng noise = ls_rng_split(ls_rng_make(noise_seed, LS_RNG_EVAL), (uint64_t)part);
    ls_rng_normal(noise, (uint64_t)first * latent, codes, scratch->eps);
    ls_coder_encode(scratch->coder, evaluation->params, rows, scratch->x, scratch->mu,
                    scratch->logvar);
    for (size_t i = 0; i < codes; i++) {
        scratch->z[i] = scratch->mu[i] + expf(0.5f * scratch->logvar[i]) * scratch->eps[i];
    }
    ls_coder_decode(scratch->coder, evaluation->params, rows, scratch->z, scratch->logits,
                    scratch->prob);

    size_t kinds = 0;
    const LsRecon *rec = &ls_recon_kinds(&kinds)[evaluation->loss.rec];
    const LsDivergence *div = &ls_divergence_kinds(&kinds)[evaluation->loss.div];
    Sums sums = {0};
    sums.bce = rec_sum(scratch, evaluation->bce, 0, pixels, rows, elbo);
    sums.rec = rec == evaluation->bce
                   ? sums.bce
                   : rec_sum(scratch, rec, evaluation->loss.deviation, pixels, rows, NULL);
    sums.kl = sums.kl_std = kl_sum(scratch, evaluation->kl, codes);
    find_elbos(scratch, rows, latent, elbo);
    axis_sums(scratch, rows, latent, sums.axis_kl);
    if (div != evaluation->kl && div->eval != NULL) {
        sums.kl = kl_sum(scratch, div, codes);
        memset(dims, 0, latent * sizeof *dims);
        for (size_t i = 0; i < codes; i++) {
            dims[i % latent] += (double)scratch->loss[i];
        }
    }
    /* Noise of its own for what is compared or probed; eps has done its work. */
    if (div->points != NULL) {
        ls_rng_normal(ls_rng_split(noise, PART_COUNT), (uint64_t)first * latent, codes,
                      scratch->eps);
        sums.kl = points_sum(evaluation, scratch, div, rows);
    }
    if (ls_pass_probes(&evaluation->loss) > 0) {
        ls_rng_normal(ls_rng_split(noise, PART_COUNT + 1), (uint64_t)first * latent, codes,
                      scratch->eps);
        sums.probed = probe_sum(evaluation, scratch, rows);
    }
    return sums;
}

static void judge_task(void *context, int task, int worker)
{
    LsEvaluation *evaluation = context;
    const int number = evaluation->next + task;
    const Part part = number < evaluation->tasks[PART_HELDOUT] ? PART_HELDOUT : PART_TRAIN;
    const int within = part == PART_HELDOUT ? number : number - evaluation->tasks[PART_HELDOUT];
    const uint32_t first = (uint32_t)within * ROWS;
    const uint32_t left = evaluation->count[part] - first;
    double *dims = evaluation->dims + (size_t)number * (size_t)evaluation->model.spec.latent;
    evaluation->sums[number] =
        judge_rows(evaluation, &evaluation->scratch[worker], part, first,
                   left < ROWS ? (int)left : ROWS, dims, evaluation->elbo + (size_t)number * ROWS);
}

/* What one kind makes of the weights. */
static double weights_value(const LsEvaluation *evaluation, const LsRegularizer *kind)
{
    const Scratch *scratch = &evaluation->scratch[0];
    double sum = 0;
    for (int i = 0; i < evaluation->model.tensor_count; i++) {
        const LsTensor *tensor = &evaluation->model.tensor[i];
        const size_t size = tensor->is_weight ? (size_t)tensor->rows * (size_t)tensor->cols : 0;
        for (size_t first = 0; first < size; first += STRIP) {
            const size_t n = size - first < STRIP ? size - first : STRIP;
            kind->eval(n, evaluation->params + tensor->offset + first, 0, scratch->loss,
                       scratch->grad);
            sum += ls_sum(n, scratch->loss);
        }
    }
    return sum;
}

static double regularizer_value(const LsEvaluation *evaluation)
{
    size_t count = 0;
    const LsRegularizer *kinds = ls_regularizer_kinds(&count);
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const double amount = ls_pass_amount(&evaluation->loss, (int)i);
        sum +=
            amount > 0 && kinds[i].eval != NULL ? amount * weights_value(evaluation, &kinds[i]) : 0;
    }
    return sum;
}

/* A divergence that is more than the sum over dimensions, from the means of all tasks of a part. */
static double pulled_value(const LsEvaluation *evaluation, const LsDivergence *kind, int first,
                           int tasks, double images)
{
    const size_t latent = (size_t)evaluation->model.spec.latent;
    for (size_t j = 0; j < latent; j++) {
        evaluation->mean[j] = 0;
        for (int i = first; i < first + tasks; i++) {
            evaluation->mean[j] += evaluation->dims[(size_t)i * latent + j] / images;
        }
    }
    return kind->pull(latent, evaluation->mean, evaluation->loss.div_param, evaluation->pull);
}

/* Means of one part, its sums added up in the order of the tasks. */
static LsLossValues part_values(const LsEvaluation *evaluation, Part part, double reg,
                                LsMetric *metric)
{
    const int first = part == PART_HELDOUT ? 0 : evaluation->tasks[PART_HELDOUT];
    Sums sums = {0};
    for (int i = first; i < first + evaluation->tasks[part]; i++) {
        sums.rec += evaluation->sums[i].rec;
        sums.kl += evaluation->sums[i].kl;
        sums.bce += evaluation->sums[i].bce;
        sums.kl_std += evaluation->sums[i].kl_std;
        for (int j = 0; j < LS_METRIC_AXES; j++) {
            sums.axis_kl[j] += evaluation->sums[i].axis_kl[j];
        }
        sums.probed += evaluation->sums[i].probed;
    }
    const double images = evaluation->count[part] > 0 ? evaluation->count[part] : 1;
    const LsLoss *loss = &evaluation->loss;
    LsLossValues values = {.rec = sums.rec / images, .kl = sums.kl / images, .reg = reg};
    size_t kinds = 0;
    const LsDivergence *div = &ls_divergence_kinds(&kinds)[loss->div];
    if (div->pull != NULL) {
        values.kl = pulled_value(evaluation, div, first, evaluation->tasks[part], images);
    }
    values.reg += ls_pass_probes(loss) * (sums.probed / images);
    values.total = loss->w_rec * values.rec + loss->w_kl * values.kl + loss->w_reg * values.reg;
    if (part == PART_TRAIN) {
        metric->train_elbo = -(sums.bce + sums.kl_std) / images;
        return values;
    }
    metric->heldout_bce = sums.bce / images;
    metric->heldout_kl = sums.kl_std / images;
    metric->heldout_elbo = -(sums.bce + sums.kl_std) / images;
    const int latent = evaluation->model.spec.latent;
    metric->axes = latent < LS_METRIC_AXES ? latent : LS_METRIC_AXES;
    for (int j = 0; j < metric->axes; j++) {
        metric->axis_kl[j] = (float)(sums.axis_kl[j] / images);
    }
    return values;
}

/* Of the overfitting gap. Only the last task of a part may hold fewer than ROWS images: each part's ELBOs
 * stand in a row. */
static double gap_error(const LsEvaluation *evaluation)
{
    const uint32_t heldout = evaluation->count[PART_HELDOUT], train = evaluation->count[PART_TRAIN];
    if (heldout == 0 || train == 0) {
        return 0;
    }
    const float *const trained = evaluation->elbo + (size_t)evaluation->tasks[PART_HELDOUT] * ROWS;
    return ls_estimate_difference(ls_estimate_mean(train, trained),
                                  ls_estimate_mean(heldout, evaluation->elbo))
        .error;
}

bool ls_evaluation_advance(LsEvaluation *evaluation, LsMetric *metric)
{
    if (!evaluation->running) {
        return false;
    }
    const int left =
        evaluation->tasks[PART_HELDOUT] + evaluation->tasks[PART_TRAIN] - evaluation->next;
    const int workers = ls_pool_workers(evaluation->pool);
    const int slice = workers < left ? workers : left;
    ls_pool_run(evaluation->pool, slice, judge_task, evaluation);
    evaluation->next += slice;
    if (slice < left) {
        return false;
    }
    const double reg = regularizer_value(evaluation);
    *metric = evaluation->state;
    metric->heldout = part_values(evaluation, PART_HELDOUT, reg, metric);
    metric->train = part_values(evaluation, PART_TRAIN, reg, metric);
    metric->gap_error = gap_error(evaluation);
    evaluation->running = false;
    return true;
}
