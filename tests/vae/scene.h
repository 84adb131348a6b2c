/* A model with weights, a pass and a minibatch, all from one seed: what tests of the pass begin with. */
#ifndef LATENTSCAPE_TESTS_VAE_SCENE_H
#define LATENTSCAPE_TESTS_VAE_SCENE_H

#include "latentscape/vae/pass.h"

typedef struct Scene {
    LsModel model;
    LsPass *pass;
    float *params, *m, *v, *grad; /* [param_count] */
} Scene;

/* Makes one; biases are random too. Fails the test where there is no memory. */
void scene_init(Scene *scene, const LsModelSpec *spec, int batch, uint64_t seed);

/* Releases it. */
void scene_finish(Scene *scene);

/* Fails the test unless both have the same weights and moments, bit for bit. */
void scene_assert_same(const Scene *a, const Scene *b);

/* One step in the natural order, with Adam or, with adam NULL, into scene->grad. */
LsLossValues scene_step(Scene *scene, const LsLoss *loss, const LsAdam *adam);

#endif
