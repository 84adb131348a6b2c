#include "scene.h"

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"

#include "twin.h"

void scene_init(Scene *scene, const LsModelSpec *spec, int batch, uint64_t seed)
{
    assert_true(ls_model_init(&scene->model, spec, NULL));
    const LsModel *model = &scene->model;
    scene->pass = ls_pass_create(model, batch, 2, NULL);
    scene->params = ls_memory_floats(model->param_count, NULL);
    scene->m = ls_memory_floats(model->param_count, NULL);
    scene->v = ls_memory_floats(model->param_count, NULL);
    scene->grad = ls_memory_floats(model->param_count, NULL);
    assert_true(scene->pass != NULL && scene->params != NULL && scene->m != NULL &&
                scene->v != NULL && scene->grad != NULL);
    ls_model_init_params(model, seed, scene->params);
    const LsRng rng = ls_rng_make(seed, LS_RNG_NOISE);
    for (int t = 0; t < model->tensor_count; t++) {
        const LsTensor *tensor = &model->tensor[t];
        if (!tensor->is_weight) {
            ls_rng_normal(rng, tensor->offset, (size_t)tensor->rows,
                          scene->params + tensor->offset);
        }
    }
    const size_t codes = (size_t)batch * (size_t)model->spec.latent;
    ls_rng_uniform(rng, 1 << 28, (size_t)batch * (size_t)model->pixels, ls_pass_x(scene->pass));
    ls_rng_normal(rng, 1 << 29, codes, ls_pass_eps(scene->pass));
    ls_rng_normal(rng, 1 << 30, codes, ls_pass_prior(scene->pass));
    ls_rng_normal(rng, 3u << 29, codes, ls_pass_probe(scene->pass));
}

void scene_finish(Scene *scene)
{
    ls_pass_destroy(scene->pass);
    ls_memory_free(scene->params);
    ls_memory_free(scene->m);
    ls_memory_free(scene->v);
    ls_memory_free(scene->grad);
}

void scene_assert_same(const Scene *a, const Scene *b)
{
    const size_t bytes = a->model.param_count * sizeof(float);
    assert_memory_equal(a->params, b->params, bytes);
    assert_memory_equal(a->m, b->m, bytes);
    assert_memory_equal(a->v, b->v, bytes);
}

LsLossValues scene_step(Scene *scene, const LsLoss *loss, const LsAdam *adam)
{
    for (int i = 0; i < ls_pass_shards(scene->pass); i++) {
        ls_pass_shard(scene->pass, scene->params, loss, i);
    }
    if (ls_pass_gathers(loss)) {
        ls_pass_gather(scene->pass, loss);
        for (int i = 0; i < ls_pass_shards(scene->pass); i++) {
            ls_pass_rest(scene->pass, scene->params, loss, i);
        }
    }
    for (int i = 0; i < ls_pass_blocks(scene->pass); i++) {
        if (adam != NULL) {
            ls_pass_block(scene->pass, loss, adam, i, scene->params, scene->m, scene->v);
        } else {
            ls_pass_gradient(scene->pass, scene->params, loss, i, scene->grad);
        }
    }
    return ls_pass_losses(scene->pass, loss);
}
