/* What a training run is told: the model's sizes, the loss, the optimizer and the seed. The rows are
 * the one description of each (core/setting.h): option, slider, checkpoint, share text. */
#ifndef LATENTSCAPE_TRAIN_SETTINGS_H
#define LATENTSCAPE_TRAIN_SETTINGS_H

#include "latentscape/core/setting.h"
#include "latentscape/vae/checkpoint.h"
#include "latentscape/vae/pass.h"

enum {
    LS_TRAIN_BATCH_MOST = 4096 /* images in a minibatch */
};

/* What is done to the image that the encoder sees: kinds of input_noise. */
typedef enum LsNoise {
    LS_NOISE_NONE,
    LS_NOISE_MASK,
    LS_NOISE_GAUSSIAN
} LsNoise;

typedef struct LsTrainSettings {
    /* structural: a change makes a new model */
    LsSizes hidden; /* hidden     "512,256,128,128" */
    int latent;     /* latent     2 */
    int activation; /* activation silu */
    /* the loss: reaches the living model at its next step */
    int rec;                     /* rec     bce */
    bool rec_on;                 /* rec_on  on */
    double w_rec;                /* w_rec   1 */
    int rec_over;                /* rec_over sum | mean: of an image's pixels */
    double deviation;            /* deviation 0.25: of a pixel, gaussian and laplace */
    int div;                     /* div     kl */
    bool div_on;                 /* div_on  on */
    double beta;                 /* beta    1 */
    int beta_schedule;           /* beta_schedule constant | warmup | cyclical */
    int beta_period;             /* beta_period: steps of a warm-up, or of a cycle */
    double free_bits;            /* free_bits 0.5: nats a dimension */
    double capacity;             /* capacity 10: nats ... */
    int capacity_steps;          /* capacity_steps: ... reached after so many steps */
    double mmd_width;            /* mmd_width 1: of the kernels, 1 = the prior's deviation */
    int reg;                     /* reg     l2 */
    bool reg_on;                 /* reg_on  on */
    double w_reg;                /* w_reg   0 */
    double mix[LS_REGULARIZERS]; /* mix_l2, mix_l1, mix_jacobian 0: of kinds other than reg */
    /* the optimizer */
    double lr;         /* lr 3e-3 */
    int batch;         /* batch 128 */
    int schedule;      /* schedule cosine | constant | linear */
    int period;        /* period: steps of a cosine, then the rate stays at its floor */
    int warmup;        /* warmup: steps over which the rate grows to its full size */
    double ema;        /* ema: share of the averaged weights kept at each step; 0: no average */
    double adam_beta1; /* adam_beta1 0.9: of the mean of gradients */
    double adam_beta2; /* adam_beta2 0.99: of the mean of their squares */
    double clip;       /* clip 0.5: full rates that a gradient carries its weight at most; 0: any */
    int clip_from;     /* clip_from 1000: steps of a new model before it is */
    double decay;      /* decay 0: of weights, for each unit of the rate */
    int batch_growth;  /* batch_growth 1: what the batch is multiplied by over the period */
    /* what training does to its images */
    double moved;        /* moved: share of a minibatch that is moved by chance */
    double shift;        /* shift: pixels, at most */
    double warp;         /* warp: of the linear part, at most */
    int input_noise;     /* input_noise none | mask | gaussian */
    double input_amount; /* input_amount: share of pixels, or standard deviation */
    int train_images;    /* train_images 0: how many of the training images are used; 0: all */
    int patience;        /* patience 0: evaluations without a better held-out ELBO; 0: endless */
    uint64_t seed;       /* seed: weights, order, noise */
} LsTrainSettings;

/* The rows of LsTrainSettings.  Thread: any. */
LsSettingTable ls_train_settings_table(void);

/* Every default.  Thread: any. */
LsTrainSettings ls_train_settings_make(void);

/* The loss a pass minimizes when every schedule has run its course: weights of switched-off terms are
 * 0. pixels: of an image, LsModel's; averaged over them, reconstruction's weight is that of each.
 * Thread: any. */
LsLoss ls_train_settings_loss(const LsTrainSettings *settings, int pixels);

/* The loss a pass minimizes at a step of its schedules (from 0; a run's loss_step).  Thread: any. */
LsLoss ls_train_settings_loss_at(const LsTrainSettings *settings, int pixels, uint64_t step);

/* Whether a change of this row is something new to learn: it is of a term of the loss, or of the images that
 * the loss is taken of.  Thread: any. */
bool ls_train_settings_teaches(const LsSetting *row);

/* Whether both are the same in every such row.  Thread: any. */
bool ls_train_settings_teach_alike(const LsTrainSettings *a, const LsTrainSettings *b);

/* Whether every row is the same in both.  Thread: any. */
bool ls_train_settings_equal(const LsTrainSettings *a, const LsTrainSettings *b);

/* The learning rate at a step of the schedule (from 0), warm-up included.  Thread: any. */
double ls_train_settings_rate(const LsTrainSettings *settings, uint64_t step);

/* Images in the minibatch at a step of the schedule (from 0): batch times 1, 2 .. batch_growth, each for
 * an equal part of the period, and LS_TRAIN_BATCH_MOST at most.  Thread: any. */
int ls_train_settings_batch(const LsTrainSettings *settings, uint64_t step);

/* The largest of them, and the mean over the period.  Thread: any. */
int ls_train_settings_batch_largest(const LsTrainSettings *settings);
double ls_train_settings_batch_mean(const LsTrainSettings *settings);

/* The sizes of a model for these settings and images.  Thread: any. */
LsModelSpec ls_train_settings_spec(const LsTrainSettings *settings, int width, int height,
                                   int channels);

/* Writes every row into a checkpoint's metadata but the structural ones: ls_checkpoint_save() writes
 * the model's sizes.  Thread: any. */
void ls_train_settings_to_meta(const LsTrainSettings *settings, LsMetaList *meta);

/* Reads the rows that the metadata holds over what *settings already has (sizes come from the
 * model). A row that a file of this program lacks came after it: it gets what was done before.
 * Fails: false, LS_ERR_FORMAT naming key and value; settings are then unchanged.
 * Thread: any. */
LS_CHECKED bool ls_train_settings_from_meta(LsTrainSettings *settings, const LsModel *model,
                                            const LsMetaList *meta, LsError *err);

#endif
