/* A small data set made of nothing: blobs whose place is their label. For tests alone. */
#ifndef TESTS_TRAIN_SYNTHETIC_H
#define TESTS_TRAIN_SYNTHETIC_H

#include "latentscape/core/rng.h"
#include "latentscape/data/dataset.h"
#include "latentscape/train/settings.h"

enum {
    SYNTHETIC_SIDE = 8,
    SYNTHETIC_PIXELS = SYNTHETIC_SIDE * SYNTHETIC_SIDE,
    SYNTHETIC_TRAIN = 301, /* prime to every batch size: epochs end within batches */
    SYNTHETIC_HELDOUT = 97
};

typedef struct Synthetic {
    LsDataset data;
    uint8_t pixels[(SYNTHETIC_TRAIN + SYNTHETIC_HELDOUT) * SYNTHETIC_PIXELS];
    uint8_t labels[SYNTHETIC_TRAIN + SYNTHETIC_HELDOUT];
} Synthetic;

static inline void synthetic_init(Synthetic *synthetic)
{
    const LsRng rng = ls_rng_make(7, LS_RNG_VIEW);
    for (uint32_t i = 0; i < SYNTHETIC_TRAIN + SYNTHETIC_HELDOUT; i++) {
        const uint32_t label = ls_rng_below(rng, i, 4);
        synthetic->labels[i] = (uint8_t)label;
        for (uint32_t p = 0; p < SYNTHETIC_PIXELS; p++) {
            const uint32_t x = p % SYNTHETIC_SIDE, y = p / SYNTHETIC_SIDE;
            const bool inside = x / 4 == label % 2 && y / 4 == label / 2;
            const uint32_t noise = ls_rng_below(ls_rng_split(rng, i), p, 60);
            synthetic->pixels[i * SYNTHETIC_PIXELS + p] = (uint8_t)((inside ? 180u : 0u) + noise);
        }
    }
    synthetic->data = (LsDataset){
        .name = "blobs",
        .width = SYNTHETIC_SIDE,
        .height = SYNTHETIC_SIDE,
        .channels = 1,
        .pixels = SYNTHETIC_PIXELS,
        .classes = 4,
        .train = {SYNTHETIC_TRAIN, synthetic->pixels, synthetic->labels},
        .heldout = {SYNTHETIC_HELDOUT, synthetic->pixels + SYNTHETIC_TRAIN * SYNTHETIC_PIXELS,
                    synthetic->labels + SYNTHETIC_TRAIN},
    };
}

/* A small model: 64-24-12-2. */
static inline LsTrainSettings synthetic_settings(void)
{
    LsTrainSettings settings = ls_train_settings_make();
    settings.hidden = (LsSizes){.count = 2, .value = {24, 12}};
    settings.batch = 32;
    settings.seed = 5;
    return settings;
}

#endif
