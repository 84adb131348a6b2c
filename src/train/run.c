#include "latentscape/train/run.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"
#include "latentscape/core/text.h"
#include "latentscape/nn/activation.h"
#include "latentscape/train/evaluation.h"
#include "latentscape/train/pool.h"

#include "train/copy.h"
#include "train/record.h"

enum {
    HELDOUT_MOST = 10000,
    TRAIN_MOST = 1000
};

/* How far a run has come. */
typedef struct Place {
    uint64_t step, images;
    uint64_t adam_step; /* updates in Adam's moments: fewer than step where they began anew */
    double seconds;
} Place;

/* What depends on the model's sizes: made whole before the old one goes. */
typedef struct Body {
    LsModel model;
    float *params, *m, *v;         /* [param_count] */
    float *kept, *kept_m, *kept_v; /* [param_count]: to come back to */
    LsPass *pass;
    int room; /* images the pass has room for */
    LsEvaluation *evaluation;
} Body;

struct LsRun {
    // --- immutable after create
    const LsDataset *data;
    LsPool *pool;
    // --- the run's thread; workers read during a step
    LsTrainSettings settings;
    Body body;
    Place place, kept_place;
    const char *init;   /* how the first weights were drawn; NULL: not known */
    LsMetric evaluated; /* the newest evaluation of this model; step 0 and not evaluated: none */
    uint64_t epoch;     /* whose order `order` holds; UINT64_MAX: none */
    uint32_t *order;    /* [train count] */
    uint32_t *index;    /* [batch]: the images of the step at hand */
    int index_room;
};

/* ---- making and unmaking */

static void finish_body(Body *body)
{
    ls_pass_destroy(body->pass);
    ls_evaluation_destroy(body->evaluation);
    float *const buffers[] = {body->params, body->m,      body->v,
                              body->kept,   body->kept_m, body->kept_v};
    for (size_t i = 0; i < LS_COUNT(buffers); i++) {
        ls_memory_free(buffers[i]);
    }
    *body = (Body){0};
}

static bool make_body(Body *body, const LsRun *run, const LsTrainSettings *settings, LsError *err)
{
    *body = (Body){0};
    const LsDataset *data = run->data;
    const LsModelSpec spec =
        ls_train_settings_spec(settings, data->width, data->height, data->channels);
    if (!ls_model_init(&body->model, &spec, err)) {
        return false;
    }
    float **const buffers[] = {&body->params, &body->m,      &body->v,
                               &body->kept,   &body->kept_m, &body->kept_v};
    for (size_t i = 0; i < LS_COUNT(buffers); i++) {
        *buffers[i] = ls_memory_floats(body->model.param_count, err);
        if (*buffers[i] == NULL) {
            goto fail;
        }
    }
    body->pass = ls_pass_create(&body->model, settings->batch, err);
    body->room = settings->batch;
    if (body->pass == NULL) {
        goto fail;
    }
    body->evaluation =
        ls_evaluation_create(&body->model, data, run->pool, HELDOUT_MOST, TRAIN_MOST, err);
    if (body->evaluation == NULL) {
        goto fail;
    }
    return true;
fail:
    finish_body(body);
    return false;
}

/* Room for the index of a batch; what is there is kept where it is enough. */
static bool make_index(LsRun *run, int batch, LsError *err)
{
    if (batch > run->index_room) {
        uint32_t *index = ls_memory_items((size_t)batch, sizeof *index, err);
        if (index == NULL) {
            return false;
        }
        ls_memory_free(run->index);
        run->index = index;
        run->index_room = batch;
    }
    return true;
}

/* All of a run but its model. */
static LsRun *make_run(const LsDataset *data, int threads, LsError *err)
{
    LsRun *run = ls_memory_items(1, sizeof *run, err);
    if (run == NULL) {
        return NULL;
    }
    run->data = data;
    run->epoch = UINT64_MAX;
    if (data->train.count == 0) {
        ls_fail(err, LS_ERR_MODEL, "The data set \"%s\" has no images to train on.", data->name);
        goto fail;
    }
    run->order = ls_memory_items(data->train.count, sizeof *run->order, err);
    if (run->order == NULL) {
        goto fail;
    }
    run->pool = ls_pool_create(threads, err);
    if (run->pool == NULL) {
        goto fail;
    }
    return run;
fail:
    ls_run_destroy(run);
    return NULL;
}

LsRun *ls_run_create(const LsDataset *data, const LsTrainSettings *settings, int threads,
                     LsError *err)
{
    LsRun *run = make_run(data, threads, err);
    if (run != NULL && !ls_run_reset(run, settings, err)) {
        ls_run_destroy(run);
        return NULL;
    }
    return run;
}

LsRun *ls_run_open(const LsDataset *data, const LsTrainSettings *settings,
                   const LsCheckpoint *checkpoint, int threads, LsError *err)
{
    LsRun *run = make_run(data, threads, err);
    if (run != NULL) {
        run->settings = *settings;
        if (!ls_run_load(run, checkpoint, err)) {
            ls_run_destroy(run);
            return NULL;
        }
    }
    return run;
}

void ls_run_destroy(LsRun *run)
{
    if (run == NULL) {
        return;
    }
    finish_body(&run->body);
    ls_pool_destroy(run->pool);
    ls_memory_free(run->order);
    ls_memory_free(run->index);
    ls_memory_free(run);
}

/* The new body takes the old one's place, and the run stands at `place`. */
static void take_body(LsRun *run, const Body *body, const LsTrainSettings *settings, Place place)
{
    finish_body(&run->body);
    run->body = *body;
    run->settings = *settings;
    run->place = place;
    run->epoch = UINT64_MAX; /* the seed may be another one */
    run->evaluated = (LsMetric){0};
    const size_t bytes = body->model.param_count * sizeof(float);
    memcpy(run->body.kept, run->body.params, bytes);
    memcpy(run->body.kept_m, run->body.m, bytes);
    memcpy(run->body.kept_v, run->body.v, bytes);
    run->kept_place = place;
}

bool ls_run_reset(LsRun *run, const LsTrainSettings *settings, LsError *err)
{
    Body body;
    if (!make_index(run, settings->batch, err) || !make_body(&body, run, settings, err)) {
        return false;
    }
    ls_model_init_params(&body.model, settings->seed, body.params);
    take_body(run, &body, settings, (Place){0});
    size_t count = 0;
    run->init =
        ls_activation_init_name((int)ls_activation_kinds(&count)[settings->activation].init);
    return true;
}

bool ls_run_load(LsRun *run, const LsCheckpoint *checkpoint, LsError *err)
{
    const LsModelSpec *spec = &checkpoint->model.spec;
    const LsDataset *data = run->data;
    if (spec->width != data->width || spec->height != data->height ||
        spec->channels != data->channels) {
        return ls_fail(err, LS_ERR_MODEL,
                       "The model's images have %d x %d pixels of %d channels, those of the data "
                       "set \"%s\" %d x %d of %d.",
                       spec->width, spec->height, spec->channels, data->name, data->width,
                       data->height, data->channels);
    }
    LsTrainSettings settings = run->settings;
    LsRecord record = {0};
    if (!ls_train_settings_from_meta(&settings, &checkpoint->model, &checkpoint->meta, err) ||
        !ls_record_read(&record, &checkpoint->meta, err)) {
        return false;
    }
    const bool has_state = checkpoint->m != NULL && checkpoint->v != NULL;
    const size_t count = checkpoint->model.param_count;
    if (!ls_copy_floats(run->pool, count, checkpoint->params, NULL) ||
        (has_state && (!ls_copy_floats(run->pool, count, checkpoint->m, NULL) ||
                       !ls_copy_floats(run->pool, count, checkpoint->v, NULL)))) {
        return ls_fail(err, LS_ERR_MODEL, "The model holds numbers that are not finite.");
    }
    Body body;
    if (!make_index(run, settings.batch, err) || !make_body(&body, run, &settings, err)) {
        return false;
    }
    const size_t bytes = count * sizeof(float);
    memcpy(body.params, checkpoint->params, bytes);
    Place place = {.step = record.step, .images = record.images, .seconds = record.seconds};
    if (has_state) {
        memcpy(body.m, checkpoint->m, bytes);
        memcpy(body.v, checkpoint->v, bytes);
        place.adam_step = record.adam_step;
    }
    take_body(run, &body, &settings, place);
    run->init = record.init;
    return true;
}

bool ls_run_set(LsRun *run, const LsTrainSettings *settings, LsError *err)
{
    LsTrainSettings set = *settings;
    set.hidden = run->settings.hidden;
    set.latent = run->settings.latent;
    set.activation = run->settings.activation;
    set.seed = run->settings.seed;
    if (!make_index(run, set.batch, err)) {
        return false;
    }
    if (set.batch > run->body.room) {
        LsPass *pass = ls_pass_create(&run->body.model, set.batch, err);
        if (pass == NULL) {
            return false;
        }
        ls_pass_destroy(run->body.pass);
        run->body.pass = pass;
        run->body.room = set.batch;
    }
    run->settings = set;
    return true;
}

/* ---- a step */

typedef struct Step {
    LsRun *run;
    LsLoss loss;
    LsAdam adam;
    LsRng noise;
} Step;

/* The images of this step: number i of the run is order[epoch][i mod n], a function of the images
 * seen alone, so that it does not matter where a run was stopped or the batch size changed. */
static void choose_images(LsRun *run)
{
    const uint32_t n = run->data->train.count;
    for (int i = 0; i < run->settings.batch; i++) {
        const uint64_t image = run->place.images + (uint64_t)i;
        const uint64_t epoch = image / n;
        if (epoch != run->epoch) {
            const LsRng rng = ls_rng_make(run->settings.seed, LS_RNG_SHUFFLE);
            ls_rng_shuffle(ls_rng_split(rng, epoch), n, run->order);
            run->epoch = epoch;
        }
        run->index[i] = run->order[image % n];
    }
}

static void shard_task(void *context, int task, int worker)
{
    (void)worker;
    const Step *step = context;
    const LsRun *run = step->run;
    LsPass *pass = run->body.pass;
    int first = 0, rows = 0;
    ls_pass_shard_rows(pass, task, &first, &rows);
    const size_t latent = (size_t)run->body.model.spec.latent;
    const size_t code = (size_t)first * latent;
    ls_dataset_gather(run->data, &run->data->train, 0, run->index + first, rows,
                      ls_pass_x(pass) + (size_t)first * (size_t)run->body.model.pixels);
    ls_rng_normal(step->noise, code, (size_t)rows * latent, ls_pass_eps(pass) + code);
    ls_pass_shard(pass, run->body.params, &step->loss, task);
}

static void block_task(void *context, int task, int worker)
{
    (void)worker;
    const Step *step = context;
    const Body *body = &step->run->body;
    ls_pass_block(body->pass, &step->loss, &step->adam, task, body->params, body->m, body->v);
}

void ls_run_step(LsRun *run, LsMetric *metric)
{
    const double start = ls_clock_now();
    Place *place = &run->place;
    const double rate = ls_train_settings_rate(&run->settings, place->step);
    Step step = {
        .run = run,
        .loss = ls_train_settings_loss(&run->settings),
        .adam = ls_adam_make(rate, place->adam_step + 1),
        .noise = ls_rng_split(ls_rng_make(run->settings.seed, LS_RNG_NOISE), place->step),
    };
    LsPass *pass = run->body.pass;
    ls_pass_set_batch(pass, run->settings.batch);
    choose_images(run);
    ls_pool_run(run->pool, ls_pass_shards(pass), shard_task, &step);
    ls_pool_run(run->pool, ls_pass_blocks(pass), block_task, &step);
    place->step++;
    place->adam_step++;
    place->images += (uint64_t)run->settings.batch;
    place->seconds += ls_clock_now() - start;
    *metric = ls_run_state(run);
    metric->train = ls_pass_losses(pass, &step.loss);
    metric->lr = rate;
}

const char *ls_run_fault(const LsMetric *metric)
{
    return !isfinite(metric->train.rec)     ? "reconstruction"
           : !isfinite(metric->train.kl)    ? "divergence"
           : !isfinite(metric->train.reg)   ? "regularization"
           : !isfinite(metric->train.total) ? "total loss"
                                            : NULL;
}

/* ---- evaluation */

void ls_run_evaluate_begin(LsRun *run)
{
    const LsLoss loss = ls_train_settings_loss(&run->settings);
    const LsMetric state = ls_run_state(run);
    ls_evaluation_begin(run->body.evaluation, run->body.params, &loss, &state);
}

bool ls_run_evaluating(const LsRun *run)
{
    return ls_evaluation_running(run->body.evaluation);
}

bool ls_run_evaluate_advance(LsRun *run, LsMetric *metric)
{
    if (!ls_evaluation_advance(run->body.evaluation, metric)) {
        return false;
    }
    run->evaluated = *metric;
    return true;
}

void ls_run_evaluate(LsRun *run, LsMetric *metric)
{
    ls_run_evaluate_begin(run);
    while (!ls_run_evaluate_advance(run, metric)) {
    }
}

/* ---- keeping */

/* What a person calls the parts of a state; of gradients too large for a float the moments tell, while
 * the weights, divided by their mean squares, stay where they are. */
static const char *const part_names[] = {"size of the weights", "size of the gradients",
                                         "square of the gradients"};

const char *ls_run_copy(LsRun *run, float *params, float *m, float *v)
{
    const Body *body = &run->body;
    const float *const from[] = {body->params, body->m, body->v};
    float *const to[] = {params, m, v};
    const char *fault = NULL;
    for (size_t i = 0; i < LS_COUNT(from); i++) {
        if (to[i] != NULL && !ls_copy_floats(run->pool, body->model.param_count, from[i], to[i]) &&
            fault == NULL) {
            fault = part_names[i];
        }
    }
    return fault;
}

const char *ls_run_keep(LsRun *run)
{
    Body *body = &run->body;
    const float *const from[] = {body->params, body->m, body->v};
    for (size_t i = 0; i < LS_COUNT(from); i++) {
        if (!ls_copy_floats(run->pool, body->model.param_count, from[i], NULL)) {
            return part_names[i];
        }
    }
    run->kept_place = run->place;
    return ls_run_copy(run, body->kept, body->kept_m, body->kept_v);
}

void ls_run_restore(LsRun *run)
{
    Body *body = &run->body;
    const size_t n = body->model.param_count;
    (void)ls_copy_floats(run->pool, n, body->kept, body->params);
    (void)ls_copy_floats(run->pool, n, body->kept_m, body->m);
    (void)ls_copy_floats(run->pool, n, body->kept_v, body->v);
    run->place = run->kept_place;
    if (run->evaluated.step > run->place.step) {
        run->evaluated = (LsMetric){0};
    }
}

void ls_run_meta(const LsRun *run, LsMetaList *meta)
{
    const LsRecord record = {.step = run->place.step,
                             .images = run->place.images,
                             .adam_step = run->place.adam_step,
                             .seconds = run->place.seconds,
                             .init = run->init};
    ls_record_write(&record, &run->settings, &run->evaluated, run->data->name, meta);
}

bool ls_run_save(const LsRun *run, const char *path, LsError *err)
{
    LsMetaList meta = {0};
    ls_run_meta(run, &meta);
    const Body *body = &run->body;
    return ls_checkpoint_save(path, &body->model, body->params, body->m, body->v, &meta, err);
}

/* ---- reading */

LsMetric ls_run_state(const LsRun *run)
{
    return (LsMetric){.step = run->place.step,
                      .images = run->place.images,
                      .seconds = run->place.seconds,
                      .lr = ls_train_settings_rate(&run->settings, run->place.step)};
}

const LsModel *ls_run_model(const LsRun *run)
{
    return &run->body.model;
}

const float *ls_run_params(const LsRun *run)
{
    return run->body.params;
}

void ls_run_moments(const LsRun *run, const float **m, const float **v)
{
    *m = run->body.m;
    *v = run->body.v;
}

const LsTrainSettings *ls_run_settings(const LsRun *run)
{
    return &run->settings;
}

uint64_t ls_run_steps(const LsRun *run)
{
    return run->place.step;
}

uint64_t ls_run_adam_steps(const LsRun *run)
{
    return run->place.adam_step;
}

const char *ls_run_init(const LsRun *run)
{
    return run->init;
}

int ls_run_threads(const LsRun *run)
{
    return ls_pool_workers(run->pool);
}
