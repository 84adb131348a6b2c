#include "latentscape/train/preset.h"

#include <string.h>

#include "latentscape/core/text.h"

enum {
    MOST = 32 /* rows that "did you mean" looks at */
};

static const LsPreset rows[] = {
    {.name = "vae",
     .title = "VAE",
     .line = "",
     .expect = "Reconstruction and KL in balance: sharp enough, and every place of the prior means "
               "something."},
    {.name = "ae",
     .title = "Autoencoder",
     .line = "div_on=off",
     .expect =
         "KL off: codes spread far beyond the prior, and samples from it stop making sense; in two "
         "dimensions reconstruction gains little."},
    {.name = "beta4",
     .title = "β-VAE, 4",
     .line = "beta=4",
     .expect = "Four times the KL: codes are drawn together at the prior, which costs some nats of "
               "reconstruction."},
    {.name = "klonly",
     .title = "KL only",
     .line = "rec_on=off",
     .expect = "Collapse: the KL falls to nothing, all codes become the prior, and every "
               "reconstruction is alike."},
    {.name = "warmup",
     .title = "Warm-up",
     .line = "beta_schedule=warmup beta_period=3000",
     .expect = "The KL's weight rises over 3,000 steps: codes first find their places, then are "
               "drawn together."},
    {.name = "cyclical",
     .title = "Cyclical",
     .line = "beta_schedule=cyclical beta_period=2000",
     .expect = "The KL's weight rises from nothing every 2,000 steps: the map breathes, as codes "
               "spread and are drawn together again."},
    {.name = "freebits",
     .title = "Free bits",
     .line = "div=free_bits free_bits=5",
     .expect =
         "Five nats a dimension are free: codes lie further apart, and samples cover fewer of "
         "the images."},
    {.name = "capacity",
     .title = "Capacity",
     .line = "div=capacity capacity=10 capacity_steps=3000 beta=10",
     .expect = "The KL is held at a capacity that grows to 10 nats: details come one after the "
               "other."},
    {.name = "sharp",
     .title = "Sharp, Laplace",
     .line = "rec=laplace deviation=0.1",
     .expect = "Absolute errors instead of coins: pixels decide for black or white, pictures look "
               "sharper, the ELBO is worse."},
    {.name = "wae",
     .title = "WAE-MMD",
     .line = "div=mmd beta=500",
     .expect =
         "All codes together fill the prior while each is a sharp point: samples nearly those of a "
         "VAE, an ELBO that is worse."},
    {.name = "overfit",
     .title = "Overfit",
     .line = "train_images=200",
     .expect = "200 training images and no regularization: they are learned by heart, and the "
               "held-out curve turns upwards."},
    {.name = "overfit-reg",
     .title = "Overfit, regularized",
     .line = "train_images=200 w_reg=0.03 input_noise=mask input_amount=0.3",
     .expect = "The same 200 images with L2 and a masked input: the gap between training and "
               "held-out stays smaller."},
    {.name = "mean",
     .title = "Mean over pixels",
     .line = "rec_over=mean",
     .expect =
         "The commonest mistake: reconstruction averaged over an image's pixels instead of summed "
         "weighs hundreds of times less, and the KL makes the model collapse."},
    {.name = "hot",
     .title = "Too hot",
     .line = "lr=0.1",
     .expect = "A learning rate thirty times too high: the loss jumps, the map tears, and "
               "training may stop by itself."},
};

const LsPreset *ls_preset_rows(size_t *count)
{
    *count = LS_COUNT(rows);
    return rows;
}

const LsPreset *ls_preset_find(const char *name, LsError *err)
{
    const char *names[MOST];
    size_t count = 0;
    for (size_t i = 0; i < LS_COUNT(rows) && count < MOST; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return &rows[i];
        }
        names[count++] = rows[i].name;
    }
    (void)ls_text_unknown(err, LS_ERR_USAGE, "preset", name, names, count);
    return NULL;
}

/* How long a run is meant to be makes it no other one, nor does a learning rate that is about the same. */
static bool same_rate(const LsTrainSettings *a, const LsTrainSettings *b)
{
    return a->lr <= 2 * b->lr && b->lr <= 2 * a->lr;
}

bool ls_preset_same(const LsSetting *row, const LsTrainSettings *a, const LsTrainSettings *b)
{
    if (strcmp(row->name, "lr") == 0) {
        return same_rate(a, b);
    }
    return strcmp(row->name, "period") == 0 || ls_setting_equal(row, a, b);
}

void ls_preset_apply(const LsPreset *preset, LsTrainSettings *settings)
{
    LsTrainSettings made = ls_train_settings_make();
    made.hidden = settings->hidden;
    made.latent = settings->latent;
    made.activation = settings->activation;
    made.seed = settings->seed;
    /* The rows' lines are read by a test: they cannot fail but for memory, and then nothing changes. */
    if (!ls_setting_apply(ls_train_settings_table(), preset->line, sizeof made, &made, NULL)) {
        return;
    }
    /* Where it is no other run, it goes on as it did: of two sides of a fork only the loss differs. */
    made.period = settings->period;
    made.lr = same_rate(&made, settings) ? settings->lr : made.lr;
    *settings = made;
}

const LsPreset *ls_preset_match(const LsTrainSettings *settings)
{
    const LsSettingTable table = ls_train_settings_table();
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        LsTrainSettings made = *settings;
        ls_preset_apply(&rows[i], &made);
        bool same = true;
        for (size_t r = 0; r < table.count && same; r++) {
            same = ls_preset_same(&table.rows[r], &made, settings);
        }
        if (same) {
            return &rows[i];
        }
    }
    return NULL;
}
