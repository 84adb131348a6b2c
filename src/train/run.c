#include "latentscape/train/run.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"
#include "latentscape/nn/activation.h"

#include "train/copy.h"
#include "train/record.h"
#include "train/restart.h"
#include "train/run_state.h"
#include "train/start.h"
#include "train/step.h"

enum {
    LOOKED_AT = 1000,
    AVERAGE_SHORT =
        100 /* updates an average has left where it begins anew: it looks back over ten */
};

static const double LIT_MOST = 0.3; /* of the pixels of images that are mostly zeros */

/* ---- making and unmaking */

static void finish_body(LsRunBody *body)
{
    ls_pass_destroy(body->pass);
    ls_evaluation_destroy(body->evaluation);
    float *const buffers[] = {body->params,    body->m,    body->v,      body->mean,
                              body->kept_mean, body->kept, body->kept_m, body->kept_v};
    for (size_t i = 0; i < LS_COUNT(buffers); i++) {
        ls_memory_free(buffers[i]);
    }
    *body = (LsRunBody){0};
}

static bool make_body(LsRunBody *body, const LsRun *run, const LsTrainSettings *settings,
                      LsError *err)
{
    *body = (LsRunBody){0};
    const LsDataset *data = run->data;
    const LsModelSpec spec =
        ls_train_settings_spec(settings, data->width, data->height, data->channels);
    if (!ls_model_init(&body->model, &spec, err)) {
        return false;
    }
    float **const buffers[] = {&body->params,    &body->m,    &body->v,      &body->mean,
                               &body->kept_mean, &body->kept, &body->kept_m, &body->kept_v};
    for (size_t i = 0; i < LS_COUNT(buffers); i++) {
        *buffers[i] = ls_memory_floats(body->model.param_count, err);
        if (*buffers[i] == NULL) {
            goto fail;
        }
    }
    const int room = ls_train_settings_batch_largest(settings);
    body->pass = ls_pass_create(&body->model, room, ls_pool_workers(run->pool), err);
    body->room = room;
    if (body->pass == NULL) {
        goto fail;
    }
    body->evaluation = ls_evaluation_create(&body->model, data, run->pool, LS_EVALUATION_HELDOUT,
                                            LS_EVALUATION_TRAIN, err);
    if (body->evaluation == NULL) {
        goto fail;
    }
    return true;
fail:
    finish_body(body);
    return false;
}

/* Room for the index of the largest batch; what is there is kept where it is enough. */
static bool make_index(LsRun *run, const LsTrainSettings *settings, LsError *err)
{
    const int batch = ls_train_settings_batch_largest(settings);
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

/* Whether so few pixels are something else than zero that the program's own products, which leave out
 * every zero, should be faster than whole ones in bfloat16: both take about as long at a third, by the
 * times of their kernels. Looks at so many images at most, the same ones each time. */
static bool is_dark(const LsImages *images, size_t pixels)
{
    const uint32_t step = images->count / LOOKED_AT + 1;
    uint64_t all = 0, lit = 0;
    for (uint32_t i = 0; i < images->count; i += step) {
        const uint8_t *image = images->pixels + i * pixels;
        for (size_t p = 0; p < pixels; p++) {
            lit += image[p] != 0 ? 1 : 0;
        }
        all += pixels;
    }
    return (double)lit < LIT_MOST * (double)all;
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
    run->dark = is_dark(&data->train, (size_t)data->pixels);
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
    ls_backend_destroy(run->backend);
    ls_pool_destroy(run->pool);
    ls_memory_free(run->order);
    ls_memory_free(run->index);
    ls_memory_free(run);
}

/* The new body takes the old one's place, and the run stands at `place`. */
static void take_body(LsRun *run, const LsRunBody *body, const LsTrainSettings *settings,
                      LsRunPlace place)
{
    finish_body(&run->body);
    run->body = *body;
    run->settings = *settings;
    run->place = place;
    run->newest = 0;
    run->epoch = UINT64_MAX; /* the seed may be another one */
    run->evaluated = (LsMetric){0};
    const size_t bytes = body->model.param_count * sizeof(float);
    memcpy(run->body.kept, run->body.params, bytes);
    if (place.adam_step > 0) { /* else both are zeros, which take no memory */
        memcpy(run->body.kept_m, run->body.m, bytes);
        memcpy(run->body.kept_v, run->body.v, bytes);
    }
    if (place.average_step > 0) {
        memcpy(run->body.kept_mean, run->body.mean, bytes);
    }
    run->kept_place = place;
}

bool ls_run_reset(LsRun *run, const LsTrainSettings *settings, LsError *err)
{
    LsRunBody body;
    if (!make_index(run, settings, err) || !make_body(&body, run, settings, err)) {
        return false;
    }
    ls_start_params(&body.model, run->data, settings->seed, body.params);
    take_body(run, &body, settings, (LsRunPlace){0});
    run->made_with = LS_BACKEND_AUTO;
    size_t count = 0;
    run->init =
        ls_activation_init_name((int)ls_activation_kinds(&count)[settings->activation].init);
    return true;
}

bool ls_run_check(const LsCheckpoint *checkpoint, LsError *err)
{
    LsRecord record = {0};
    return ls_record_read(&record, &checkpoint->meta, err);
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
        (checkpoint->live != NULL && !ls_copy_floats(run->pool, count, checkpoint->live, NULL)) ||
        (has_state && (!ls_copy_floats(run->pool, count, checkpoint->m, NULL) ||
                       !ls_copy_floats(run->pool, count, checkpoint->v, NULL)))) {
        return ls_fail(err, LS_ERR_MODEL, "The model holds numbers that are not finite.");
    }
    LsRunBody body;
    if (!make_index(run, &settings, err) || !make_body(&body, run, &settings, err)) {
        return false;
    }
    const size_t bytes = count * sizeof(float);
    memcpy(body.params, checkpoint->params, bytes);
    LsRunPlace place = {.step = record.step,
                        .images = record.images,
                        .loss_step = record.loss_step,
                        .seconds = record.seconds};
    if (has_state) {
        memcpy(body.m, checkpoint->m, bytes);
        memcpy(body.v, checkpoint->v, bytes);
        place.adam_step = record.adam_step;
    }
    if (has_state || record.has_schedule) { /* else it begins, as the optimizer does */
        place.schedule_step = record.schedule_step;
    }
    if (checkpoint->live != NULL) {
        memcpy(body.mean, checkpoint->params, bytes);
        memcpy(body.params, checkpoint->live, bytes);
        place.average_step = record.average_step > 0 ? record.average_step : 1;
    }
    take_body(run, &body, &settings, place);
    run->init = record.init;
    run->made_with = record.backend;
    return true;
}

bool ls_run_set(LsRun *run, const LsTrainSettings *settings, LsError *err)
{
    LsTrainSettings set = *settings;
    set.hidden = run->settings.hidden;
    set.latent = run->settings.latent;
    set.activation = run->settings.activation;
    set.seed = run->settings.seed;
    if (!make_index(run, &set, err)) {
        return false;
    }
    const int room = ls_train_settings_batch_largest(&set);
    if (room > run->body.room) {
        LsPass *pass = ls_pass_create(&run->body.model, room, ls_pool_workers(run->pool), err);
        if (pass == NULL) {
            return false;
        }
        ls_pass_destroy(run->body.pass);
        run->body.pass = pass;
        run->body.room = room;
    }
    const LsRestart restart = ls_restart_find(&run->settings, &set);
    LsRunPlace *place = &run->place;
    place->adam_step = ls_restart_adam_step(&run->settings, &set, place->adam_step);
    if (restart.schedule) { /* with its warm-up: Adam's moments are those of another loss */
        place->schedule_step = 0;
    }
    if (restart.loss) {
        place->loss_step = 0;
    }
    if (set.ema <= 0) {
        place->average_step = 0;
    } else if (restart.average && place->average_step > AVERAGE_SHORT) {
        place->average_step = AVERAGE_SHORT;
    }
    run->settings = set;
    return true;
}

/* ---- the backend */

bool ls_run_use(LsRun *run, LsBackendKind kind, LsError *err)
{
    LsBackend *backend = NULL;
    if (kind != LS_BACKEND_AUTO) {
        backend = ls_backend_create(kind, err);
        if (backend == NULL) {
            return false;
        }
    }
    if (!ls_pass_use(run->body.pass, NULL, err)) { /* cannot be: OpenBLAS needs nothing */
        ls_backend_destroy(backend);
        return false;
    }
    ls_backend_destroy(run->backend);
    run->backend = backend;
    run->backend_due = kind == LS_BACKEND_AUTO;
    return true;
}

LsBackendKind ls_run_backend(const LsRun *run)
{
    return run->backend_due       ? LS_BACKEND_AUTO
           : run->backend != NULL ? ls_backend_kind(run->backend)
                                  : LS_BACKEND_OPENBLAS;
}

/* Makes the pass at hand, which may be a new one, multiply with the run's backend. Where that finds no
 * memory, OpenBLAS needs none. */
static void settle_backend(LsRun *run)
{
    if (run->backend_due) {
        run->backend = ls_backend_create(LS_BACKEND_AUTO, NULL);
        run->backend_due = false;
    }
    const bool other = run->backend != NULL && ls_backend_kind(run->backend) != LS_BACKEND_OPENBLAS;
    LsPass *pass = run->body.pass;
    if (other && ls_pass_backend(pass) == NULL) {
        ls_pass_set_batch(pass, ls_train_settings_batch(&run->settings, run->place.schedule_step));
        if (!ls_pass_use(pass, run->backend, NULL)) {
            ls_backend_destroy(run->backend);
            run->backend = NULL;
        }
    }
    run->made_with = ls_run_backend(run);
}

LsBackendKind ls_run_made_with(const LsRun *run)
{
    return run->made_with;
}

void ls_run_step(LsRun *run, LsMetric *metric)
{
    settle_backend(run);
    ls_step_run(run, metric);
}

/* A number that no setting gives to a model that learns: growth without bound is stopped there. */
static bool burst(double value)
{
    return !(fabs(value) < 1e12);
}

const char *ls_run_fault(const LsMetric *metric)
{
    return burst(metric->train.rec)         ? "reconstruction"
           : burst(metric->train.kl)        ? "divergence"
           : burst(metric->train.reg)       ? "regularization"
           : !isfinite(metric->train.total) ? "total loss"
                                            : NULL;
}

/* ---- evaluation */

void ls_run_evaluate_begin(LsRun *run)
{
    const LsLoss loss = ls_step_loss(run);
    LsMetric state = ls_run_state(run);
    state.kind[0] = run->settings.rec;
    state.kind[1] = run->settings.div;
    state.kind[2] = run->settings.reg;
    ls_evaluation_limit(run->body.evaluation, (uint32_t)run->settings.train_images);
    ls_evaluation_begin(run->body.evaluation, ls_run_state_shown(run), &loss, &state);
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
static const char *const part_names[] = {"size of the weights", "size of the weights",
                                         "size of the gradients", "square of the gradients"};

/* What a model learns stays below ten or so. Where the rate is far too high, weights grow long before any
 * loss is too large for a number. */
static const float weight_bound = 1000; /* training stops */
static const float weight_sound = 100;  /* beyond this a state is not kept */
static const double loss_sound = 1e9;   /* likewise: unweighted, nats */

static float largest_weight(const LsRun *run)
{
    float largest = 0;
    for (size_t i = 0; i < run->body.model.param_count; i++) {
        largest = fmaxf(largest, fabsf(run->body.params[i]));
    }
    return largest;
}

const char *ls_run_copy(LsRun *run, float *params, float *live, float *m, float *v)
{
    const LsRunBody *body = &run->body;
    const float *const from[] = {ls_run_state_shown(run), body->params, body->m, body->v};
    float *const to[] = {params, live, m, v};
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
    LsRunBody *body = &run->body;
    const float largest = largest_weight(run);
    if (largest > weight_bound) {
        return part_names[0];
    }
    const float *const from[] = {ls_run_state_shown(run), body->params, body->m, body->v};
    for (size_t i = 0; i < LS_COUNT(from); i++) {
        if (!ls_copy_floats(run->pool, body->model.param_count, from[i], NULL)) {
            return part_names[i];
        }
    }
    if (largest > weight_sound || run->newest > loss_sound) {
        return NULL; /* it may come to its senses, but is nothing to come back to */
    }
    run->kept_place = run->place;
    float *const mean = run->place.average_step > 0 ? body->kept_mean : NULL;
    return ls_run_copy(run, mean, body->kept, body->kept_m, body->kept_v);
}

void ls_run_restore(LsRun *run)
{
    LsRunBody *body = &run->body;
    const size_t n = body->model.param_count;
    (void)ls_copy_floats(run->pool, n, body->kept, body->params);
    (void)ls_copy_floats(run->pool, n, body->kept_m, body->m);
    (void)ls_copy_floats(run->pool, n, body->kept_v, body->v);
    if (run->kept_place.average_step > 0) { /* else it begins anew */
        (void)ls_copy_floats(run->pool, n, body->kept_mean, body->mean);
    }
    ls_pass_forget(body->pass);
    run->place = run->kept_place;
    run->newest = 0;
    if (run->evaluated.step > run->place.step) {
        run->evaluated = (LsMetric){0};
    }
}

void ls_run_meta(const LsRun *run, LsMetaList *meta)
{
    const LsRecord record = {.step = run->place.step,
                             .images = run->place.images,
                             .adam_step = run->place.adam_step,
                             .schedule_step = run->place.schedule_step,
                             .loss_step = run->place.loss_step,
                             .average_step = run->place.average_step,
                             .seconds = run->place.seconds,
                             .init = run->init,
                             .backend = run->made_with};
    ls_record_write(&record, &run->settings, &run->evaluated, run->data->name, meta);
}

bool ls_run_save(const LsRun *run, const char *path, LsError *err)
{
    LsMetaList meta = {0};
    ls_run_meta(run, &meta);
    const LsRunBody *body = &run->body;
    return ls_checkpoint_save_live(path, &body->model, ls_run_state_shown(run), ls_run_live(run),
                                   body->m, body->v, &meta, err);
}

/* ---- reading */

LsMetric ls_run_state(const LsRun *run)
{
    return (LsMetric){.step = run->place.step,
                      .images = run->place.images,
                      .seconds = run->place.seconds,
                      .lr = ls_train_settings_rate(&run->settings, run->place.schedule_step)};
}

const LsModel *ls_run_model(const LsRun *run)
{
    return &run->body.model;
}

const float *ls_run_params(const LsRun *run)
{
    return ls_run_state_shown(run);
}

const float *ls_run_live(const LsRun *run)
{
    return run->place.average_step > 0 ? run->body.params : NULL;
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

uint64_t ls_run_schedule_steps(const LsRun *run)
{
    return run->place.schedule_step;
}

uint64_t ls_run_loss_steps(const LsRun *run)
{
    return run->place.loss_step;
}

uint64_t ls_run_average_steps(const LsRun *run)
{
    return run->place.average_step;
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

void ls_run_lend(LsRun *run, LsLoan *loan)
{
    ls_pool_lend(run->pool, loan);
}

void ls_run_share(LsRun *run, int threads)
{
    ls_pool_use(run->pool, threads);
}
