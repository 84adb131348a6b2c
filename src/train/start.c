#include "train/start.h"

#include <math.h>

enum {
    SEEN = 4096, /* images, after which the mean is known */
    GREY = 16
};

/* With biases of nought every pixel begins as grey, which has to be unlearned: the default model came in
 * 62,592 images to 155 held-out nats, from the mean in 31,360. */
static void begin_at_mean(const LsImages *images, size_t pixels, float *bias)
{
    const uint32_t n = images->count < SEEN ? images->count : SEEN;
    for (uint32_t i = 0; i < n; i++) {
        for (size_t j = 0; j < pixels; j++) {
            bias[j] += images->pixels[i * pixels + j]; /* whole numbers below 2^24: exact */
        }
    }
    for (size_t j = 0; j < pixels; j++) {
        const double mean = ((double)bias[j] / 255 + 0.5 * GREY) / (n + GREY);
        bias[j] = (float)log(mean / (1 - mean));
    }
}

void ls_start_params(const LsModel *model, const LsDataset *data, uint64_t seed, float *params)
{
    ls_model_init_params(model, seed, params);
    const LsLayer *logits = &model->layer[model->layer_count - 1];
    begin_at_mean(&data->train, (size_t)model->pixels, params + model->tensor[logits->bias].offset);
}
