#include "latentscape/train/settings.h"

#include <math.h>
#include <stddef.h>

#include "latentscape/nn/activation.h"
#include "latentscape/vae/divergence.h"
#include "latentscape/vae/recon.h"
#include "latentscape/vae/regularizer.h"

#include "train/objective.h"
#include "train/schedule.h"

static const double rate_floor = 0.02; /* of the learning rate: where a cosine ends */
static const double seed_max = 9223372036854775807.0;

static const char *const noises[] = {
    [LS_NOISE_NONE] = "none", [LS_NOISE_MASK] = "mask", [LS_NOISE_GAUSSIAN] = "gaussian"};
static const char *const noise_helps[] = {
    [LS_NOISE_NONE] = "The encoder sees each image as it is.",
    [LS_NOISE_MASK] =
        "Some of the pixels the encoder sees are black: it must do without any one of "
        "them (Vincent et al. 2008).",
    [LS_NOISE_GAUSSIAN] = "Each pixel the encoder sees is a little brighter or darker.",
};

static const char *noise_name(int index)
{
    return index >= 0 && (size_t)index < LS_COUNT(noises) ? noises[index] : NULL;
}

static const char *noise_help(int index)
{
    return index >= 0 && (size_t)index < LS_COUNT(noises) ? noise_helps[index] : NULL;
}

/* Where the amounts of a mixture stand: the order of the regularizers' table. */
enum {
    LS_MIX_L2,
    LS_MIX_L1,
    LS_MIX_JACOBIAN
};

#define AT(field) .offset = offsetof(LsTrainSettings, field)

static const LsSetting rows[] = {
    {.name = "hidden",
     .title = "Hidden layers",
     .type = LS_SETTING_SIZES,
     AT(hidden),
     .min = 1,
     .max = 65536,
     .fallback = "512,256,128,128",
     .structural = true,
     .help = "Widths of the encoder's hidden layers, reversed in the decoder: wider ones draw "
             "finer detail and learn more slowly."},
    {.name = "latent",
     .title = "Latent dimensions",
     .type = LS_SETTING_INT,
     AT(latent),
     .min = 1,
     .max = 65536,
     .low = 1,
     .high = 32,
     .fallback = "2",
     .structural = true,
     .help = "How many numbers describe an image: two can be seen whole as a map, more of them "
             "reconstruct better."},
    {.name = "activation",
     .title = "Activation",
     .type = LS_SETTING_CHOICE,
     AT(activation),
     .fallback = "silu",
     .structural = true,
     .help = "The bend between two layers: smooth ones make images change smoothly across the map.",
     .choice = ls_activation_name,
     .choice_help = ls_activation_help},
    {.name = "rec",
     .group = "rec",
     .title = "Reconstruction",
     .type = LS_SETTING_CHOICE,
     AT(rec),
     .fallback = "bce",
     .help = "How the difference between an image and its reconstruction is measured: it decides "
             "what the model takes pains to redraw.",
     .choice = ls_recon_name,
     .choice_help = ls_recon_help},
    {.name = "rec_on",
     .group = "rec",
     .title = "Reconstruction on",
     .symbol = "rec",
     .type = LS_SETTING_BOOL,
     AT(rec_on),
     .max = 1,
     .fallback = "on",
     .help =
         "Without reconstruction nothing ties codes to images: all reconstructions become alike, "
         "and with regularization all samples."},
    {.name = "w_rec",
     .group = "rec",
     .title = "Reconstruction weight",
     .symbol = "w",
     .type = LS_SETTING_REAL,
     AT(w_rec),
     .max = 100,
     .low = 0.01,
     .high = 100,
     .logarithmic = true,
     .fallback = "1",
     .help = "More weight makes reconstructions sharper and lets codes stray from the prior."},
    {.name = "rec_over",
     .group = "rec",
     .title = "Over pixels",
     .type = LS_SETTING_CHOICE,
     AT(rec_over),
     .fallback = "sum",
     .rare = true,
     .help = "Whether the losses of an image's pixels are summed or averaged: averaged, "
             "reconstruction weighs as many times less as there are pixels, the commonest mistake "
             "in VAE code.",
     .choice = ls_objective_over_name,
     .choice_help = ls_objective_over_help},
    {.name = "deviation",
     .title = "Pixel deviation",
     .symbol = "s",
     .type = LS_SETTING_REAL,
     AT(deviation),
     .min = 0.001,
     .max = 100,
     .low = 0.02,
     .high = 2,
     .logarithmic = true,
     .fallback = "0.25",
     .group = "rec",
     .needs = "rec=gaussian,laplace",
     .help = "How far off a pixel may be before it counts as a mistake: a smaller one weighs "
             "reconstruction more against the other terms."},
    {.name = "div",
     .group = "div",
     .title = "Divergence",
     .type = LS_SETTING_CHOICE,
     AT(div),
     .fallback = "kl",
     .help = "How the distance of the codes from the prior is measured: it decides how the map is "
             "filled.",
     .choice = ls_divergence_name,
     .choice_help = ls_divergence_help},
    {.name = "div_on",
     .group = "div",
     .title = "Divergence on",
     .symbol = "KL",
     .type = LS_SETTING_BOOL,
     AT(div_on),
     .max = 1,
     .fallback = "on",
     .help = "Without divergence the codes spread out and sharpen to points: the model becomes a "
             "plain autoencoder whose prior samples mean nothing."},
    {.name = "beta",
     .group = "div",
     .title = "Divergence weight",
     .symbol = "β",
     .type = LS_SETTING_REAL,
     AT(beta),
     .max = 1000,
     .low = 0.01,
     .high = 100,
     .logarithmic = true,
     .fallback = "1",
     .help = "More weight draws the codes together towards the prior: smoother maps, blurrier "
             "reconstructions."},
    {.name = "beta_schedule",
     .group = "div",
     .title = "Schedule of β",
     .type = LS_SETTING_CHOICE,
     AT(beta_schedule),
     .fallback = "constant",
     .rare = true,
     .help = "How the divergence's weight changes as training goes on: begun without it, the codes "
             "find their places before they are drawn together.",
     .choice = ls_objective_schedule_name,
     .choice_help = ls_objective_schedule_help},
    {.name = "beta_period",
     .group = "div",
     .title = "Length",
     .type = LS_SETTING_INT,
     AT(beta_period),
     .min = 1,
     .max = 1e9,
     .low = 100,
     .high = 1e5,
     .logarithmic = true,
     .fallback = "3000",
     .unit = "steps",
     .needs = "beta_schedule!=constant",
     .help =
         "How many steps a warm-up takes, or one cycle: longer ones leave the codes more time to "
         "spread."},
    {.name = "free_bits",
     .group = "div",
     .title = "Free nats λ",
     .symbol = "λ",
     .type = LS_SETTING_REAL,
     AT(free_bits),
     .max = 100,
     .low = 0.05,
     .high = 20,
     .logarithmic = true,
     .fallback = "0.5",
     .unit = "nats a dimension",
     .needs = "div=free_bits",
     .help =
         "What each latent dimension may say of an image without being drawn to the prior: more "
         "of it keeps codes apart."},
    {.name = "capacity",
     .group = "div",
     .title = "Capacity C",
     .symbol = "C",
     .type = LS_SETTING_REAL,
     AT(capacity),
     .max = 1000,
     .low = 0.1,
     .high = 50,
     .logarithmic = true,
     .fallback = "10",
     .unit = "nats",
     .needs = "div=capacity",
     .help = "What a code is to say of an image, no more and no less: the KL is held there."},
    {.name = "capacity_steps",
     .group = "div",
     .title = "Grows over",
     .type = LS_SETTING_INT,
     AT(capacity_steps),
     .min = 1,
     .max = 1e9,
     .low = 100,
     .high = 1e5,
     .logarithmic = true,
     .fallback = "3000",
     .unit = "steps",
     .needs = "div=capacity",
     .help =
         "In how many steps the capacity grows from nothing: slowly, the code learns what matters "
         "most before the details."},
    {.name = "mmd_width",
     .group = "div",
     .title = "Kernel width",
     .symbol = "σ",
     .type = LS_SETTING_REAL,
     AT(mmd_width),
     .min = 0.01,
     .max = 100,
     .low = 0.1,
     .high = 10,
     .logarithmic = true,
     .fallback = "1",
     .needs = "div=mmd",
     .help = "Over what distances codes and prior are compared, in deviations of the prior: narrow "
             "kernels see local gaps, wide ones the whole shape."},
    {.name = "reg",
     .group = "reg",
     .title = "Regularization",
     .type = LS_SETTING_CHOICE,
     AT(reg),
     .fallback = "l2",
     .help = "What is held small in the weights: it decides how the model is kept from learning "
             "single images by heart.",
     .choice = ls_regularizer_name,
     .choice_help = ls_regularizer_help},
    {.name = "reg_on",
     .group = "reg",
     .title = "Regularization on",
     .symbol = "reg",
     .type = LS_SETTING_BOOL,
     AT(reg_on),
     .max = 1,
     .fallback = "on",
     .help = "Without regularization the weights may grow as large as the images ask for."},
    {.name = "w_reg",
     .group = "reg",
     .title = "Regularization weight",
     .symbol = "λ",
     .type = LS_SETTING_REAL,
     AT(w_reg),
     .max = 10,
     .low = 1e-6,
     .high = 1,
     .logarithmic = true,
     .fallback = "0",
     .help = "More weight keeps the network's weights small: simpler images, a smaller gap between "
             "training and held-out."},
    {.name = "mix_l2",
     .group = "reg",
     .title = "+ L2",
     .type = LS_SETTING_REAL,
     AT(mix[LS_MIX_L2]),
     .max = 1e6,
     .low = 0.001,
     .high = 1000,
     .logarithmic = true,
     .fallback = "0",
     .needs = "reg!=l2",
     .rare = true,
     .help = "How much is added, for each unit of the weight, of L2: it keeps large weights small "
             "beside what else is asked of them."},
    {.name = "mix_l1",
     .group = "reg",
     .title = "+ L1",
     .type = LS_SETTING_REAL,
     AT(mix[LS_MIX_L1]),
     .max = 1e6,
     .low = 0.001,
     .high = 1000,
     .logarithmic = true,
     .fallback = "0",
     .needs = "reg!=l1",
     .rare = true,
     .help = "How much is added, for each unit of the weight, of L1: it lets needless weights come "
             "to rest at nothing."},
    {.name = "mix_jacobian",
     .group = "reg",
     .title = "+ Smoothness",
     .type = LS_SETTING_REAL,
     AT(mix[LS_MIX_JACOBIAN]),
     .max = 1e6,
     .low = 0.001,
     .high = 1000,
     .logarithmic = true,
     .fallback = "0",
     .needs = "reg!=jacobian",
     .rare = true,
     .help = "How much is added, for each unit of the weight, of decoder smoothness: it makes "
             "pictures change gently along the map."},
    {.name = "lr",
     .title = "Learning rate",
     .symbol = "η",
     .type = LS_SETTING_REAL,
     AT(lr),
     .min = 1e-7,
     .max = 10,
     .low = 1e-5,
     .high = 0.1,
     .logarithmic = true,
     .fallback = "0.003",
     .help = "How far each step moves the weights: too small learns slowly, too large tears the "
             "map apart."},
    {.name = "batch",
     .title = "Batch size",
     .type = LS_SETTING_INT,
     AT(batch),
     .min = 1,
     .max = LS_TRAIN_BATCH_MOST,
     .low = 8,
     .high = 1024,
     .logarithmic = true,
     .fallback = "128",
     .unit = "images",
     .help =
         "How many images a step looks at: small ones learn restlessly, large ones steadily but "
         "in fewer steps."},
    {.name = "schedule",
     .title = "Learning rate schedule",
     .type = LS_SETTING_CHOICE,
     AT(schedule),
     .fallback = "cosine",
     .help =
         "How the learning rate changes as training goes on: falling, it lets the model settle.",
     .choice = ls_schedule_name,
     .choice_help = ls_schedule_help},
    {.name = "period",
     .title = "Schedule length",
     .type = LS_SETTING_INT,
     AT(period),
     .min = 1,
     .max = 1e9,
     .low = 100,
     .high = 1e6,
     .logarithmic = true,
     .fallback = "20000",
     .unit = "steps",
     .needs = "schedule!=constant",
     .help = "After how many steps a falling learning rate reaches its floor and the model has "
             "settled."},
    {.name = "warmup",
     .title = "Warm-up",
     .type = LS_SETTING_INT,
     AT(warmup),
     .max = 1e6,
     .high = 1000,
     .fallback = "100",
     .unsaid = "0",
     .unit = "steps",
     .rare = true,
     .help = "Over how many first steps the learning rate grows to its full size, so that fresh "
             "weights are not torn about."},
    {.name = "ema",
     .title = "Averaging",
     .type = LS_SETTING_REAL,
     AT(ema),
     .max = 0.9999,
     .fallback = "0.999",
     .unsaid = "0",
     .rare = true,
     .help =
         "What is shown, judged and saved is an average of the newest weights, this share of it "
         "kept at each step: calmer and better than any single step's; 0 shows the steps "
         "themselves."},
    {.name = "adam_beta1",
     .title = "Adam's β1",
     .type = LS_SETTING_REAL,
     AT(adam_beta1),
     .max = 0.9999,
     .low = 0.5,
     .high = 0.99,
     .fallback = "0.9",
     .rare = true,
     .help = "How much of the direction of the steps before is kept in each step: more rolls over "
             "small bumps, and is slower to turn."},
    {.name = "adam_beta2",
     .title = "Adam's β2",
     .type = LS_SETTING_REAL,
     AT(adam_beta2),
     .max = 0.999999,
     .low = 0.9,
     .high = 0.9999,
     .fallback = "0.99",
     .unsaid = "0.999",
     .rare = true,
     .help = "How long Adam remembers the size of gradients, by which it measures each weight's "
             "step: less adapts sooner and less steadily."},
    {.name = "decay",
     .title = "Weight decay",
     .type = LS_SETTING_REAL,
     AT(decay),
     .max = 100,
     .low = 0.001,
     .high = 10,
     .logarithmic = true,
     .fallback = "0",
     .rare = true,
     .help = "How much of each weight, times the learning rate, is taken away at each step, beside "
             "Adam and not through it (Loshchilov & Hutter 2019): keeps weights small."},
    {.name = "batch_growth",
     .title = "Batch growth",
     .type = LS_SETTING_INT,
     AT(batch_growth),
     .min = 1,
     .max = 32,
     .high = 8,
     .low = 1,
     .fallback = "1",
     .unit = "times",
     .needs = "schedule!=constant",
     .rare = true,
     .help = "How many times the batch size the minibatch has at the end of the schedule, in equal "
             "stages: quick at first, steady at last."},
    {.name = "moved",
     .title = "Moved images",
     .type = LS_SETTING_REAL,
     AT(moved),
     .max = 0.95,
     .fallback = "0.5",
     .unsaid = "0",
     .rare = true,
     .help =
         "The share of each minibatch, growing over 20 epochs, that is moved, turned and stretched "
         "a little by chance to teach the encoder alone: of few images it learns what matters, and "
         "the decoder keeps to the images as they are."},
    {.name = "shift",
     .title = "Shift",
     .type = LS_SETTING_REAL,
     AT(shift),
     .max = 16,
     .high = 4,
     .fallback = "1",
     .unit = "pixels",
     .needs = "moved!=0",
     .rare = true,
     .help = "How far moved images are shifted, at most."},
    {.name = "warp",
     .title = "Stretch",
     .type = LS_SETTING_REAL,
     AT(warp),
     .max = 1,
     .high = 0.5,
     .fallback = "0.15",
     .needs = "moved!=0",
     .rare = true,
     .help = "How much moved images are turned, slanted and stretched, at most."},
    {.name = "input_noise",
     .title = "Encoder's input",
     .type = LS_SETTING_CHOICE,
     AT(input_noise),
     .fallback = "none",
     .rare = true,
     .help = "What is done to the image the encoder sees while the decoder must still redraw the "
             "clean one: codes then do not hang on single pixels.",
     .choice = noise_name,
     .choice_help = noise_help},
    {.name = "input_amount",
     .title = "Input noise",
     .type = LS_SETTING_REAL,
     AT(input_amount),
     .max = 1,
     .fallback = "0.3",
     .needs = "input_noise!=none",
     .rare = true,
     .help = "The share of black pixels, or the standard deviation of their brightness."},
    {.name = "train_images",
     .title = "Training images",
     .type = LS_SETTING_INT,
     AT(train_images),
     .max = 1e9,
     .fallback = "0",
     .unit = "images; 0: all",
     .rare = true,
     .help =
         "How many of the training images are used, the first ones; 0 takes all. Few of them are "
         "learned by heart."},
    {.name = "patience",
     .title = "Patience",
     .type = LS_SETTING_INT,
     AT(patience),
     .max = 10000,
     .fallback = "0",
     .unit = "evaluations; 0: endless",
     .rare = true,
     .help =
         "Stops training when the held-out ELBO was no better in so many evaluations, before the "
         "model learns by heart; 0 never stops."},
    {.name = "seed",
     .title = "Seed",
     .type = LS_SETTING_SEED,
     AT(seed),
     .max = seed_max,
     .fallback = "1",
     .always_shared = true,
     .help = "Where all chance comes from, first weights, order of images and noise: the same seed "
             "learns the same model again."},
};

LsSettingTable ls_train_settings_table(void)
{
    return (LsSettingTable){.rows = rows, .count = LS_COUNT(rows)};
}

LsTrainSettings ls_train_settings_make(void)
{
    LsTrainSettings settings = {0};
    ls_setting_defaults(ls_train_settings_table(), &settings);
    return settings;
}

bool ls_train_settings_equal(const LsTrainSettings *a, const LsTrainSettings *b)
{
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        if (!ls_setting_equal(&rows[i], a, b)) {
            return false;
        }
    }
    return true;
}

double ls_train_settings_rate(const LsTrainSettings *settings, uint64_t step)
{
    const double height =
        ls_schedule_height(settings->schedule, fmin((double)step / settings->period, 1));
    const double warm = settings->warmup > 0 ? fmin(((double)step + 1) / settings->warmup, 1) : 1;
    return settings->lr * warm * (rate_floor + (1 - rate_floor) * height);
}

LsModelSpec ls_train_settings_spec(const LsTrainSettings *settings, int width, int height,
                                   int channels)
{
    return (LsModelSpec){.width = width,
                         .height = height,
                         .channels = channels,
                         .latent = settings->latent,
                         .hidden = settings->hidden,
                         .activation = settings->activation};
}
