#include "train/step.h"

#include <math.h>
#include <string.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/rng.h"
#include "latentscape/data/augment.h"
#include "latentscape/nn/average.h"

#include "train/restart.h"

static const double grown_epochs = 20; /* until as many images are moved as the settings say */

typedef struct Step {
    LsRun *run;
    LsLoss loss;
    LsAdam adam;
    LsRng noise, prior, probe;
    LsRng move, input; /* chance in the images: how they are moved, what the encoder does not see */
    int batch;         /* images in the minibatch */
    int still;         /* images at the front of the minibatch that are not moved */
    double keep;       /* of the averaged weights */
    float *grad;       /* [param_count], where the step is not taken */
    LsPoolGate gate[LS_MODEL_LAYERS]; /* of each layer: passed by shards that have left it */
} Step;

/* The images of this step: number i of the run is order[epoch][i mod n], a function of the images
 * seen alone, so that it does not matter where a run was stopped or the batch size changed. */
static void choose_images(LsRun *run, int batch)
{
    const uint32_t n = ls_run_state_images(run);
    for (int i = 0; i < batch; i++) {
        const uint64_t image = run->place.images + (uint64_t)i;
        const uint64_t epoch = image / n;
        if (epoch != run->epoch || n != run->ordered) {
            const LsRng rng = ls_rng_make(run->settings.seed, LS_RNG_SHUFFLE);
            ls_rng_shuffle(ls_rng_split(rng, epoch), n, run->order);
            run->epoch = epoch;
            run->ordered = n;
        }
        run->index[i] = run->order[image % n];
    }
}

/* One image of the minibatch, whose row is filled: moves it, and makes what the encoder sees. */
static void change_image(const Step *step, int row)
{
    const LsRun *run = step->run;
    const LsTrainSettings *settings = &run->settings;
    const LsModelSpec *spec = &run->body.model.spec;
    const size_t pixels = (size_t)run->body.model.pixels;
    float *x = ls_pass_x(run->body.pass) + (size_t)row * pixels;
    float *seen = ls_pass_seen(run->body.pass) + (size_t)row * pixels;
    if (row >= step->still) {
        const LsAugmentSize size = {spec->width, spec->height, spec->channels};
        memcpy(seen, x, pixels * sizeof *x);
        ls_augment_move(step->move, (uint64_t)row, size, settings->shift, settings->warp, seen, x);
    }
    switch ((LsNoise)settings->input_noise) {
    case LS_NOISE_NONE:
        break;
    case LS_NOISE_MASK:
        ls_augment_mask(step->input, (uint64_t)row, pixels, settings->input_amount, x, seen);
        break;
    case LS_NOISE_GAUSSIAN:
        ls_augment_gaussian(step->input, (uint64_t)row, pixels, settings->input_amount, x, seen);
        break;
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
    for (int row = first; row < first + rows; row++) {
        change_image(step, row);
    }
    ls_rng_normal(step->noise, code, (size_t)rows * latent, ls_pass_eps(pass) + code);
    if (ls_pass_compares(&step->loss)) {
        ls_rng_normal(step->prior, code, (size_t)rows * latent, ls_pass_prior(pass) + code);
    }
    if (ls_pass_probes(&step->loss) > 0) {
        ls_rng_normal(step->probe, code, (size_t)rows * latent, ls_pass_probe(pass) + code);
    }
    ls_pass_shard(pass, run->body.params, &step->loss, task);
}

static void leave_layer(void *context, int layer)
{
    Step *step = context;
    ls_pool_pass(step->run->pool, &step->gate[layer],
                 (unsigned)ls_pass_shards(step->run->body.pass));
}

/* The shards, or what is left of them, then the blocks: each as soon as all shards have left its layer, so
 * that a worker that is done goes on while another is still at its shard. */
static void step_task(void *context, int task, int worker)
{
    Step *step = context;
    const LsRunBody *body = &step->run->body;
    const int shards = ls_pass_shards(body->pass);
    if (task < shards) {
        if (ls_pass_gathers(&step->loss)) {
            ls_pass_rest(body->pass, body->params, &step->loss, task);
        } else {
            shard_task(step, task, worker);
        }
        return;
    }
    const int block = task - shards;
    LsPoolGate *gate = &step->gate[ls_pass_block_layer(body->pass, block)];
    ls_pool_await(step->run->pool, gate, (unsigned)shards, worker);
    if (step->grad != NULL) {
        ls_pass_gradient(body->pass, body->params, &step->loss, block, step->grad);
    } else {
        ls_pass_block(body->pass, &step->loss, &step->adam, block, body->params, body->m, body->v);
    }
}

/* What each term adds to the total. Shapes: part [3]. */
static void weigh(const LsLoss *loss, const LsLossValues *values, float *part)
{
    const double rec = loss->w_rec != 0.0 ? loss->w_rec * values->rec : 0.0;
    const double kl = loss->w_kl != 0.0 ? loss->w_kl * values->kl : 0.0;
    part[0] = (float)rec;
    part[1] = (float)kl;
    part[2] = loss->w_reg != 0.0 ? (float)(values->total - rec - kl) : 0.0F;
}

/* How many images of the minibatch stay as they are, at least one: the others are guests, which teach the
 * encoder alone. Nothing is learned by heart that was seen a few times only, so their share grows to its
 * full size over the first epochs, in eighths of the minibatch: each new size has its price. */
static int still_images(const LsRun *run, int batch)
{
    const LsTrainSettings *settings = &run->settings;
    const double epochs = (double)run->place.images / (double)run->data->train.count;
    const double grown = fmin(epochs / grown_epochs, 1);
    const double full = settings->moved * batch;
    const double eighth = fmax(batch / 8.0, 1);
    const double moved = grown < 1 ? floor(full * grown / eighth) * eighth : full;
    const int still = batch - (int)lround(moved);
    return still > 0 ? still : 1;
}

/* The step at the run's place. */
static Step make_step(LsRun *run, double rate)
{
    const LsRunPlace *place = &run->place;
    const LsTrainSettings *settings = &run->settings;
    const int batch = ls_train_settings_batch(settings, place->schedule_step);
    const LsAdam adam = ls_adam_make_with(rate, settings->adam_beta1, settings->adam_beta2,
                                          settings->decay, place->adam_step + 1);
    return (Step){
        .run = run,
        .loss = ls_step_loss(run),
        .adam =
            ls_adam_bounded(&adam, ls_restart_bound(settings, place->step, place->schedule_step)),
        .noise = ls_rng_split(ls_rng_make(settings->seed, LS_RNG_NOISE), place->step),
        .prior = ls_rng_split(ls_rng_make(settings->seed, LS_RNG_PRIOR), place->step),
        .probe = ls_rng_split(ls_rng_make(settings->seed, LS_RNG_PROBE), place->step),
        .move = ls_rng_split(ls_rng_make(settings->seed, LS_RNG_MOVE), place->step),
        .input = ls_rng_split(ls_rng_make(settings->seed, LS_RNG_INPUT), place->step),
        .batch = batch,
        .still = still_images(run, batch),
        .keep = ls_average_keep(settings->ema, place->average_step),
    };
}

/* All of it; where `grad` is set the gradient goes there and no weight is moved. */
static void run_tasks(Step *step)
{
    LsRun *run = step->run;
    const LsTrainSettings *settings = &run->settings;
    LsPass *pass = run->body.pass;
    ls_pass_set_batch(pass, step->batch);
    ls_pass_set_guests(pass, step->batch - step->still);
    ls_pass_set_apart(pass, settings->input_noise != LS_NOISE_NONE);
    ls_pass_set_sparse(pass, run->dark && settings->input_noise != LS_NOISE_GAUSSIAN);
    ls_pass_prepare(pass, run->body.params);
    ls_pass_set_average(pass, settings->ema > 0 && step->grad == NULL ? step->keep : 1,
                        run->body.mean);
    ls_pass_set_left(pass, leave_layer, step);
    choose_images(run, step->batch);
    if (ls_pass_gathers(&step->loss)) {
        ls_pool_run(run->pool, ls_pass_shards(pass), shard_task, step);
        ls_pass_gather(pass, &step->loss);
    }
    ls_pool_run(run->pool, ls_pass_shards(pass) + ls_pass_blocks(pass), step_task, step);
    ls_pass_set_left(pass, NULL, NULL);
}

LsLoss ls_step_loss(const LsRun *run)
{
    return ls_train_settings_loss_at(&run->settings, run->body.model.pixels, run->place.loss_step);
}

void ls_step_gradient(LsRun *run, const LsLoss *loss, float *grad)
{
    Step step = make_step(run, 0);
    step.loss = *loss;
    step.grad = grad;
    run_tasks(&step);
}

void ls_step_run(LsRun *run, LsMetric *metric)
{
    const double start = ls_clock_now();
    LsRunPlace *place = &run->place;
    const LsTrainSettings *settings = &run->settings;
    const double rate = ls_train_settings_rate(settings, place->schedule_step);
    Step step = make_step(run, rate);
    LsPass *pass = run->body.pass;
    run_tasks(&step);
    place->step++;
    place->adam_step++;
    place->schedule_step++;
    place->loss_step++;
    place->average_step = settings->ema > 0 ? place->average_step + 1 : 0;
    place->images += (uint64_t)step.batch;
    place->seconds += ls_clock_now() - start;
    *metric = ls_run_state(run);
    metric->train = ls_pass_losses(pass, &step.loss);
    run->newest = metric->train.rec + metric->train.kl + metric->train.reg;
    weigh(&step.loss, &metric->train, metric->part);
    metric->lr = rate;
}
