/* A block may run as soon as every shard has left its layer: shards then read its weights no more, and have
 * written all that it needs. */
#include "latentscape/vae/divergence.h"
#include "latentscape/vae/pass.h"
#include "latentscape/vae/regularizer.h"

#include "scene.h"
#include "twin.h"

enum {
    BATCH = 200,
    STEPS = 3
};

static const LsModelSpec deep = {.width = 20,
                                 .height = 10,
                                 .channels = 1,
                                 .latent = 3,
                                 .hidden = {2, {150, 40}},
                                 .activation = 2};
static const LsModelSpec flat = {.width = 20, .height = 10, .channels = 1, .latent = 3};

/* Runs a layer's blocks in the midst of the shard that is the last to leave it. */
typedef struct Eager {
    Scene *scene;
    const LsLoss *loss;
    const LsAdam *adam;
    int shards;
    int left[LS_MODEL_LAYERS]; /* how many shards have */
} Eager;

static void run_blocks(void *context, int layer)
{
    Eager *eager = context;
    Scene *scene = eager->scene;
    assert_in_range(layer, 0, scene->model.layer_count - 1);
    eager->left[layer]++;
    assert_true(eager->left[layer] <= eager->shards);
    for (int i = 0; i < ls_pass_blocks(scene->pass) && eager->left[layer] == eager->shards; i++) {
        if (ls_pass_block_layer(scene->pass, i) == layer) {
            ls_pass_block(scene->pass, eager->loss, eager->adam, i, scene->params, scene->m,
                          scene->v);
        }
    }
}

static LsLossValues step_eagerly(Scene *scene, const LsLoss *loss, const LsAdam *adam)
{
    Eager eager = {
        .scene = scene, .loss = loss, .adam = adam, .shards = ls_pass_shards(scene->pass)};
    ls_pass_set_left(scene->pass, run_blocks, &eager);
    ls_pass_prepare(scene->pass, scene->params);
    for (int i = 0; i < eager.shards; i++) {
        ls_pass_shard(scene->pass, scene->params, loss, i);
    }
    if (ls_pass_gathers(loss)) {
        ls_pass_gather(scene->pass, loss);
        for (int i = 0; i < eager.shards; i++) {
            ls_pass_rest(scene->pass, scene->params, loss, i);
        }
    }
    for (int i = 0; i < scene->model.layer_count; i++) {
        assert_int_equal(eager.left[i], eager.shards);
    }
    ls_pass_set_left(scene->pass, NULL, NULL);
    return ls_pass_losses(scene->pass, loss);
}

/* The bits are those of a step whose blocks wait for all shards. */
static void check(const LsModelSpec *spec, const LsLoss *loss, int guests, LsBackend *backend)
{
    Scene a;
    Scene b;
    scene_init(&a, spec, BATCH, 1);
    scene_init(&b, spec, BATCH, 1);
    assert_true(ls_pass_use(a.pass, backend, NULL) && ls_pass_use(b.pass, backend, NULL));
    ls_pass_set_guests(a.pass, guests);
    ls_pass_set_guests(b.pass, guests);
    for (uint64_t step = 1; step <= STEPS; step++) {
        const LsAdam adam = ls_adam_make(1e-2, step);
        ls_pass_prepare(a.pass, a.params);
        const LsLossValues want = scene_step(&a, loss, &adam);
        const LsLossValues got = step_eagerly(&b, loss, &adam);
        assert_memory_equal(&got, &want, sizeof got);
        scene_assert_same(&a, &b);
    }
    scene_finish(&a);
    scene_finish(&b);
}

static void check_all(LsBackend *backend)
{
    size_t divergences = 0;
    size_t regularizers = 0;
    (void)ls_divergence_kinds(&divergences);
    (void)ls_regularizer_kinds(&regularizers);
    for (size_t div = 0; div < divergences; div++) {
        for (size_t reg = 0; reg < regularizers; reg++) {
            for (int weighed = 0; weighed < 2; weighed++) {
                const LsLoss loss = {.div = (int)div,
                                     .reg = (int)reg,
                                     .w_rec = 1.0,
                                     .w_kl = 0.5,
                                     .w_reg = weighed ? 0.01 : 0,
                                     .div_param = 1};
                check(&deep, &loss, 0, backend);
                check(&deep, &loss, 50, backend);
                check(&flat, &loss, 50, backend);
            }
        }
    }
}

static void blocks_may_run_when_their_layer_is_left(void **state)
{
    (void)state;
    check_all(NULL);
}

static void backends_keep_apart_what_runs_at_once(void **state)
{
    (void)state;
    for (int kind = LS_BACKEND_OPENBLAS + 1; kind < LS_BACKEND_KINDS; kind++) {
        LsBackend *backend = ls_backend_create((LsBackendKind)kind, NULL);
        if (backend != NULL) { /* this machine has it */
            check_all(backend);
        }
        ls_backend_destroy(backend);
    }
}

static void the_last_layers_blocks_come_first(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, &deep, BATCH, 1);
    const int last = scene.model.layer_count - 1;
    bool others = false;
    for (int i = 0; i < ls_pass_blocks(scene.pass); i++) {
        const bool first = ls_pass_block_layer(scene.pass, i) == last;
        assert_true(i > 0 || first);
        assert_false(first && others);
        others = others || !first;
    }
    scene_finish(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_may_run_when_their_layer_is_left),
        cmocka_unit_test(backends_keep_apart_what_runs_at_once),
        cmocka_unit_test(the_last_layers_blocks_come_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
