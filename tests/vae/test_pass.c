#include <math.h>
#include <pthread.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/nn/activation.h"
#include "latentscape/nn/average.h"
#include "latentscape/nn/dense.h"
#include "latentscape/vae/coder.h"
#include "latentscape/vae/pass.h"
#include "latentscape/vae/regularizer.h"

#include "reference.h"
#include "scene.h"
#include "twin.h"

/* Layers of more than one block, the last one short. */
static const LsModelSpec spec = {.width = 20,
                                 .height = 10,
                                 .channels = 1,
                                 .latent = 3,
                                 .hidden = {2, {150, 40}},
                                 .activation = 2};
static const LsLoss all_terms = {.w_rec = 1.0, .w_kl = 0.5, .w_reg = 0.01};

static void shards_cover_the_batch_and_the_last_is_short(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, &spec, 200, 1);
    for (int batch = 1; batch <= 200; batch++) {
        ls_pass_set_batch(scene.pass, batch);
        int next = 0;
        for (int i = 0; i < ls_pass_shards(scene.pass); i++) {
            int first = -1;
            int count = -1;
            ls_pass_shard_rows(scene.pass, i, &first, &count);
            assert_true(first == next && count >= 1 && count <= LS_PASS_SHARD_ROWS);
            next += count;
        }
        assert_int_equal(next, batch);
    }
    scene_finish(&scene);
}

static void any_order_of_shards_and_blocks_gives_the_same_bits(void **state)
{
    (void)state;
    Scene a;
    Scene b;
    scene_init(&a, &spec, 150, 1);
    scene_init(&b, &spec, 150, 1);
    for (uint64_t step = 1; step <= 5; step++) {
        const LsAdam adam = ls_adam_make(1e-2, step);
        const LsLossValues got = scene_step(&a, &all_terms, &adam);
        for (int i = ls_pass_shards(b.pass) - 1; i >= 0; i--) {
            ls_pass_shard(b.pass, b.params, &all_terms, i);
        }
        const int blocks = ls_pass_blocks(b.pass);
        for (int i = 0; i < blocks; i++) { /* 7 is prime to the number: every block once */
            assert_true(blocks % 7 != 0);
            ls_pass_block(b.pass, &all_terms, &adam, i * 7 % blocks, b.params, b.m, b.v);
        }
        const LsLossValues want = ls_pass_losses(b.pass, &all_terms);
        assert_memory_equal(&got, &want, sizeof got);
        scene_assert_same(&a, &b);
    }
    scene_finish(&a);
    scene_finish(&b);
}

/* One of two workers: every other shard, then every other block. */
typedef struct Worker {
    Scene *scene;
    const LsAdam *adam;
    pthread_barrier_t *barrier;
    int index;
} Worker;

static void *work(void *argument)
{
    const Worker *worker = argument;
    Scene *scene = worker->scene;
    for (int i = worker->index; i < ls_pass_shards(scene->pass); i += 2) {
        ls_pass_shard(scene->pass, scene->params, &all_terms, i);
    }
    (void)pthread_barrier_wait(worker->barrier);
    for (int i = worker->index; i < ls_pass_blocks(scene->pass); i += 2) {
        ls_pass_block(scene->pass, &all_terms, worker->adam, i, scene->params, scene->m, scene->v);
    }
    return NULL;
}

static void two_workers_give_the_same_bits_as_one(void **state)
{
    (void)state;
    Scene a;
    Scene b;
    scene_init(&a, &spec, 200, 1);
    scene_init(&b, &spec, 200, 1);
    pthread_barrier_t barrier;
    assert_int_equal(pthread_barrier_init(&barrier, NULL, 2), 0);
    for (uint64_t step = 1; step <= 20; step++) {
        const LsAdam adam = ls_adam_make(1e-2, step);
        const LsLossValues got = scene_step(&a, &all_terms, &adam);
        Worker worker[2] = {{&b, &adam, &barrier, 0}, {&b, &adam, &barrier, 1}};
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, work, &worker[1]), 0);
        (void)work(&worker[0]);
        assert_int_equal(pthread_join(thread, NULL), 0);
        const LsLossValues want = ls_pass_losses(b.pass, &all_terms);
        assert_memory_equal(&got, &want, sizeof got);
        assert_memory_equal(a.params, b.params, a.model.param_count * sizeof(float));
    }
    (void)pthread_barrier_destroy(&barrier);
    scene_finish(&a);
    scene_finish(&b);
}

static void a_smaller_batch_forgets_the_larger_one(void **state)
{
    (void)state;
    Scene a;
    Scene b;
    scene_init(&a, &spec, 65, 1);
    scene_init(&b, &spec, 200, 1);
    (void)scene_step(&b, &all_terms, NULL);
    memcpy(ls_pass_x(b.pass), ls_pass_x(a.pass), 65 * 200 * sizeof(float));
    memcpy(ls_pass_eps(b.pass), ls_pass_eps(a.pass), 65 * 3 * sizeof(float));
    ls_pass_set_batch(b.pass, 65);
    const LsLossValues got = scene_step(&b, &all_terms, NULL);
    const LsLossValues want = scene_step(&a, &all_terms, NULL);
    assert_memory_equal(&got, &want, sizeof got);
    assert_memory_equal(a.grad, b.grad, a.model.param_count * sizeof(float));
    scene_finish(&a);
    scene_finish(&b);
}

static bool all_zero(const Scene *scene, const char *prefix)
{
    for (int t = 0; t < scene->model.tensor_count; t++) {
        const LsTensor *tensor = &scene->model.tensor[t];
        const size_t n = (size_t)tensor->rows * (size_t)tensor->cols;
        for (size_t i = 0; strncmp(tensor->name, prefix, strlen(prefix)) == 0 && i < n; i++) {
            if (scene->grad[tensor->offset + i] != 0.0f) {
                return false;
            }
        }
    }
    return true;
}

static void guests_get_shards_of_their_own(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, &spec, 200, 1);
    for (int guests = 0; guests < 200; guests++) {
        ls_pass_set_batch(scene.pass, 200);
        ls_pass_set_guests(scene.pass, guests);
        int next = 0;
        for (int i = 0; i < ls_pass_shards(scene.pass); i++) {
            int first = -1;
            int count = -1;
            ls_pass_shard_rows(scene.pass, i, &first, &count);
            assert_true(first == next && count >= 1 && count <= LS_PASS_SHARD_ROWS);
            next += count;
            assert_true(next <= 200 - guests || first >= 200 - guests);
        }
        assert_int_equal(next, 200);
    }
    scene_finish(&scene);
}

/* The largest difference of the gradients of tensors called prefix..., a's taken `factor` times, beside
 * the largest of them. */
static double difference(const Scene *a, const Scene *b, double factor, const char *prefix)
{
    double most = 0;
    double largest = 0;
    for (int t = 0; t < a->model.tensor_count; t++) {
        const LsTensor *tensor = &a->model.tensor[t];
        const size_t n = (size_t)tensor->rows * (size_t)tensor->cols;
        for (size_t i = 0; strncmp(tensor->name, prefix, strlen(prefix)) == 0 && i < n; i++) {
            const double want = factor * (double)a->grad[tensor->offset + i];
            most = fmax(most, fabs(want - (double)b->grad[tensor->offset + i]));
            largest = fmax(largest, fabs(want));
        }
    }
    return most / largest;
}

static void guests_teach_the_encoder_alone(void **state)
{
    (void)state;
    const LsLoss loss = {.w_rec = 1.0, .w_kl = 0.5};
    Scene whole;
    Scene own;
    Scene guests;
    scene_init(&whole, &spec, 150, 1);
    scene_init(&own, &spec, 100, 1);
    scene_init(&guests, &spec, 150, 1);
    ls_pass_set_guests(guests.pass, 50);
    (void)scene_step(&whole, &loss, NULL);
    const LsLossValues want = scene_step(&own, &loss, NULL);
    const LsLossValues got = scene_step(&guests, &loss, NULL);
    assert_true(fabs(got.rec - want.rec) < 1e-5 * want.rec);
    const char *const taught[] = {"encoder", "mu", "logvar"};
    for (size_t i = 0; i < LS_COUNT(taught); i++) {
        assert_true(difference(&whole, &guests, 1, taught[i]) < 1e-5);
        assert_true(difference(&own, &guests, 100.0 / 150.0, taught[i]) > 0.01);
    }
    assert_true(difference(&own, &guests, 100.0 / 150.0, "decoder") < 1e-5);
    scene_finish(&whole);
    scene_finish(&own);
    scene_finish(&guests);
}

static void what_the_encoder_sees_may_differ_from_what_is_redrawn(void **state)
{
    (void)state;
    Scene plain;
    Scene apart;
    scene_init(&plain, &spec, 70, 1);
    scene_init(&apart, &spec, 70, 1);
    const size_t bytes = 70 * 200 * sizeof(float);
    const LsLossValues want = scene_step(&plain, &all_terms, NULL);
    ls_pass_set_apart(apart.pass, true);
    memcpy(ls_pass_seen(apart.pass), ls_pass_x(apart.pass), bytes);
    LsLossValues got = scene_step(&apart, &all_terms, NULL);
    assert_memory_equal(&got, &want, sizeof got);
    assert_memory_equal(plain.grad, apart.grad, plain.model.param_count * sizeof(float));
    memset(ls_pass_seen(apart.pass), 0, bytes);
    const LsLoss free = {.w_rec = 1.0};
    got = scene_step(&apart, &free, NULL);
    assert_true(got.rec != want.rec);
    assert_true(all_zero(&apart, "encoder.0.weight") && !all_zero(&apart, "encoder.0.bias"));
    ls_pass_set_apart(apart.pass, false);
    got = scene_step(&apart, &all_terms, NULL);
    assert_memory_equal(&got, &want, sizeof got);
    scene_finish(&plain);
    scene_finish(&apart);
}

static void the_average_follows_the_weights(void **state)
{
    (void)state;
    static const int batches[] = {5, 70}; /* in runs, and in strips */
    static const double keeps[] = {0, 0.75, 1};
    for (size_t b = 0; b < LS_COUNT(batches); b++) {
        Scene scene;
        scene_init(&scene, &spec, batches[b], 1);
        const size_t n = scene.model.param_count;
        float *mean = ls_memory_floats(n, NULL);
        float *want = ls_memory_floats(n, NULL);
        assert_true(mean != NULL && want != NULL);
        for (uint64_t step = 1; step <= LS_COUNT(keeps); step++) {
            const double keep = keeps[step - 1];
            const LsAdam adam = ls_adam_make(1e-2, step);
            ls_pass_set_average(scene.pass, keep, mean);
            (void)scene_step(&scene, &all_terms, &adam);
            if (keep < 1) {
                ls_average_update(n, keep, scene.params, want);
            }
            assert_memory_equal(mean, want, n * sizeof *mean);
        }
        ls_memory_free(mean);
        ls_memory_free(want);
        scene_finish(&scene);
    }
}

/* Four fifths of the pixels become black, in one image all of them; or all but one. */
static void blacken(Scene *scene, int batch, bool all_but_one)
{
    const size_t pixels = (size_t)scene->model.pixels;
    float *x = ls_pass_x(scene->pass);
    for (size_t i = 0; i < (size_t)batch * pixels; i++) {
        const bool kept =
            all_but_one ? i % pixels == i / pixels % pixels : (i * 7919 >> 3) % 5 == 0;
        x[i] = kept && i / pixels != 2 ? x[i] : 0.0f;
    }
}

/* The layers that look at the images give the bits of whole products. */
static void check_looks(const Scene *scene)
{
    const LsModel *model = &scene->model;
    for (int i = 0; i <= model->logvar; i++) {
        if (i > 0 && model->encoder_count > 0) {
            continue;
        }
        const LsLayer *layer = &model->layer[i];
        const LsDense dense = {layer->in, layer->out,
                               scene->params + model->tensor[layer->weight].offset,
                               scene->params + model->tensor[layer->bias].offset};
        size_t kinds = 0;
        const LsActivation *activation =
            layer->activated ? &ls_activation_kinds(&kinds)[model->spec.activation] : NULL;
        for (int shard = 0; shard < ls_pass_shards(scene->pass); shard++) {
            int first = 0, rows = 0;
            ls_pass_shard_rows(scene->pass, shard, &first, &rows);
            float slope[64 * 150], want[64 * 150];
            ls_dense_forward(&dense, activation, rows,
                             ls_pass_x(scene->pass) + (size_t)first * (size_t)layer->in, slope,
                             want);
            assert_memory_equal(want,
                                ls_pass_layer(scene->pass, i) + (size_t)first * (size_t)layer->out,
                                (size_t)(rows * layer->out) * sizeof *want);
        }
    }
}

/* The gradient made whole by plain products, and what the update has made of the one in which zeros are
 * left out: the first moment is a tenth of it. */
static void check_zeros(const LsModelSpec *model, int batch, int guests, bool all_but_one)
{
    const LsLoss loss = {.w_rec = 1.0, .w_kl = 0.5};
    const LsAdam adam = ls_adam_make(1e-3, 1);
    Scene scene;
    scene_init(&scene, model, batch, 1);
    blacken(&scene, batch, all_but_one);
    ls_pass_set_guests(scene.pass, guests);
    (void)scene_step(&scene, &loss, NULL);
    check_looks(&scene);
    (void)scene_step(&scene, &loss, &adam);
    for (size_t i = 0; i < scene.model.param_count; i++) {
        assert_true(scene.m[i] == (float)(1.0 - 0.9) * scene.grad[i]);
    }
    scene_finish(&scene);
}

static void zeros_in_the_images_are_left_out_without_a_trace(void **state)
{
    (void)state;
    static const LsModelSpec no_hidden = {
        .width = 10, .height = 10, .channels = 1, .latent = 16, .hidden = {0, {0}}};
    static const int batches[] = {1, 16, 63, 64, 65, 130, 550};
    for (size_t i = 0; i < LS_COUNT(batches); i++) {
        check_zeros(&spec, batches[i], 0, false);
        check_zeros(&spec, batches[i], batches[i] / 3, false);
        check_zeros(&no_hidden, batches[i], batches[i] / 3, false);
        check_zeros(&spec, batches[i], 0, true);
    }
}

static void a_term_switched_off_pulls_nothing_and_is_still_told(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, &spec, 70, 1);
    const LsLossValues full = scene_step(&scene, &all_terms, NULL);
    const LsLoss none = {0};
    const LsLossValues off = scene_step(&scene, &none, NULL);
    assert_true(off.rec == full.rec && off.kl == full.kl && off.reg == full.reg);
    assert_true(off.rec > 1.0 && off.kl > 0.1 && off.reg > 1.0 && off.total == 0.0);
    assert_true(all_zero(&scene, ""));
    const LsLoss only_kl = {.w_kl = 1.0};
    (void)scene_step(&scene, &only_kl, NULL);
    assert_true(all_zero(&scene, "decoder") && !all_zero(&scene, "encoder"));
    scene_finish(&scene);
}

static void all_finite(const Scene *scene)
{
    for (size_t i = 0; i < scene->model.param_count; i++) {
        assert_true(isfinite(scene->grad[i]));
    }
}

static void a_switched_off_term_without_bounds_does_no_harm(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, &spec, 8, 1);
    const LsTensor *bias = &scene.model.tensor[ls_model_find_tensor(&scene.model, "mu.bias")];
    scene.params[bias->offset] = 1e30f; /* its square is infinite */
    const LsLoss only_reg = {.w_reg = 1.0};
    LsLossValues values = scene_step(&scene, &only_reg, NULL);
    assert_true(isinf(values.kl) && isfinite(values.total));
    all_finite(&scene);

    /* Logits that overflow in both directions, and so are NaN, from weights that are finite. */
    scene.params[bias->offset] = 0.0f;
    const LsTensor *last =
        &scene.model.tensor[ls_model_find_tensor(&scene.model, "decoder.2.weight")];
    for (size_t i = 0; i < (size_t)last->rows * (size_t)last->cols; i++) {
        scene.params[last->offset + i] = i % 2 == 0 ? 3e38f : -3e38f;
    }
    const LsLoss only_kl = {.w_kl = 1.0};
    values = scene_step(&scene, &only_kl, NULL);
    assert_true(!isfinite(values.rec) && isfinite(values.total));
    all_finite(&scene);
    scene_finish(&scene);
}

static void padding_stays_zero(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, &spec, 10, 1);
    for (uint64_t step = 1; step <= 3; step++) {
        const LsAdam adam = ls_adam_make(1e-2, step);
        (void)scene_step(&scene, &all_terms, &adam);
    }
    for (int t = 0; t < scene.model.tensor_count; t++) {
        const LsTensor *tensor = &scene.model.tensor[t];
        const size_t from = tensor->offset + (size_t)tensor->rows * (size_t)tensor->cols;
        const size_t to = t + 1 < scene.model.tensor_count ? scene.model.tensor[t + 1].offset
                                                           : scene.model.param_count;
        for (size_t i = from; i < to; i++) {
            assert_true(scene.params[i] == 0.0f && scene.m[i] == 0.0f && scene.v[i] == 0.0f);
        }
    }
    scene_finish(&scene);
}

static void logvar_is_held_within_its_bounds(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, &spec, 5, 1);
    const LsTensor *bias = &scene.model.tensor[ls_model_find_tensor(&scene.model, "logvar.bias")];
    float *logvar = scene.params + bias->offset;
    logvar[0] = -1000.0f;
    logvar[1] = 1000.0f;
    logvar[2] = 0.0f;
    const LsLossValues values = scene_step(&scene, &all_terms, NULL);
    assert_true(isfinite(values.total));
    for (size_t row = 0; row < 5; row++) {
        const float *got = ls_pass_logvar(scene.pass) + row * 3;
        assert_true(got[0] == -12.0f && got[1] == 12.0f && fabsf(got[2]) < 12.0f);
    }
    const float *grad = scene.grad + bias->offset;
    assert_true(grad[0] == 0.0f && grad[1] == 0.0f && grad[2] != 0.0f);
    scene_finish(&scene);
}

/* Hands over two equal scenes and a loss with every kind of regularizer. */
static void for_each_regularizer(void (*check)(Scene *a, Scene *b, const LsLoss *loss))
{
    size_t kinds = 0;
    (void)ls_regularizer_kinds(&kinds);
    for (size_t kind = 0; kind < kinds; kind++) {
        Scene a;
        Scene b;
        scene_init(&a, &spec, 70, 1);
        scene_init(&b, &spec, 70, 1);
        LsLoss loss = all_terms;
        loss.reg = (int)kind;
        check(&a, &b, &loss);
        scene_finish(&a);
        scene_finish(&b);
    }
}

static void check_adam(Scene *a, Scene *b, const LsLoss *loss)
{
    for (uint64_t step = 1; step <= 3; step++) {
        const LsAdam adam = ls_adam_make(1e-3, step);
        const LsLossValues got = scene_step(a, loss, &adam);
        const LsLossValues want = scene_step(b, loss, NULL);
        ls_adam_update(&adam, b->model.param_count, b->grad, b->params, b->m, b->v);
        assert_memory_equal(&got, &want, sizeof got); /* at the weights before the update */
        assert_memory_equal(a->params, b->params, a->model.param_count * sizeof(float));
    }
}

static void a_step_is_adam_on_the_gradient(void **state)
{
    (void)state;
    for_each_regularizer(check_adam);
}

static void check_decay(Scene *a, Scene *b, const LsLoss *loss)
{
    const LsAdam adam = ls_adam_make_with(1e-3, 0.9, 0.99, 20.0, 1);
    const LsAdam plain = ls_adam_undecayed(&adam);
    (void)scene_step(a, loss, &adam);
    (void)scene_step(b, loss, NULL);
    for (int i = 0; i < b->model.layer_count; i++) {
        const int tensors[2] = {b->model.layer[i].weight, b->model.layer[i].bias};
        for (int t = 0; t < 2; t++) {
            const LsTensor *tensor = &b->model.tensor[tensors[t]];
            const size_t at = tensor->offset;
            ls_adam_update(t == 0 ? &adam : &plain, (size_t)tensor->rows * (size_t)tensor->cols,
                           b->grad + at, b->params + at, b->m + at, b->v + at);
        }
    }
    assert_memory_equal(a->params, b->params, a->model.param_count * sizeof(float));
}

static void weights_decay_and_biases_do_not(void **state)
{
    (void)state;
    for_each_regularizer(check_decay);
}

static void nan_weights_show_in_the_losses(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, &spec, 5, 1);
    scene.params[scene.model.tensor[0].offset] = NAN;
    const LsLossValues values = scene_step(&scene, &all_terms, NULL);
    assert_true(isnan(values.rec) && isnan(values.kl) && isnan(values.reg) && isnan(values.total));
    scene_finish(&scene);
}

static void the_coder_sees_what_the_pass_sees(void **state)
{
    (void)state;
    Scene scene;
    scene_init(&scene, &spec, 40, 1);
    (void)scene_step(&scene, &all_terms, NULL);
    LsCoder *coder = ls_coder_create(&scene.model, 40, NULL);
    assert_non_null(coder);
    float mu[40 * 3], logvar[40 * 3];
    ls_coder_encode(coder, scene.params, 40, ls_pass_x(scene.pass), mu, logvar);
    assert_memory_equal(mu, ls_pass_mu(scene.pass), sizeof mu);
    assert_memory_equal(logvar, ls_pass_logvar(scene.pass), sizeof logvar);
    float z[40 * 3];
    for (size_t i = 0; i < LS_COUNT(z); i++) {
        z[i] = mu[i] + expf(0.5f * logvar[i]) * ls_pass_eps(scene.pass)[i];
    }
    static float logits[40 * 200];
    ls_coder_decode(coder, scene.params, 40, z, logits, NULL);
    for (size_t i = 0; i < LS_COUNT(logits); i++) {
        twin_check("logit", i, (double)logits[i], (double)ls_pass_logits(scene.pass)[i], 1e-4, 1.0);
    }
    ls_coder_destroy(coder);
    scene_finish(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shards_cover_the_batch_and_the_last_is_short),
        cmocka_unit_test(any_order_of_shards_and_blocks_gives_the_same_bits),
        cmocka_unit_test(two_workers_give_the_same_bits_as_one),
        cmocka_unit_test(a_smaller_batch_forgets_the_larger_one),
        cmocka_unit_test(guests_get_shards_of_their_own),
        cmocka_unit_test(guests_teach_the_encoder_alone),
        cmocka_unit_test(what_the_encoder_sees_may_differ_from_what_is_redrawn),
        cmocka_unit_test(the_average_follows_the_weights),
        cmocka_unit_test(zeros_in_the_images_are_left_out_without_a_trace),
        cmocka_unit_test(a_term_switched_off_pulls_nothing_and_is_still_told),
        cmocka_unit_test(a_switched_off_term_without_bounds_does_no_harm),
        cmocka_unit_test(padding_stays_zero),
        cmocka_unit_test(logvar_is_held_within_its_bounds),
        cmocka_unit_test(a_step_is_adam_on_the_gradient),
        cmocka_unit_test(weights_decay_and_biases_do_not),
        cmocka_unit_test(nan_weights_show_in_the_losses),
        cmocka_unit_test(the_coder_sees_what_the_pass_sees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
