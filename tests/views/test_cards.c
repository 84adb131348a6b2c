#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/base.h"

#include "stage.h"
#include "views/status.h"
#include "views/wipe.h"

static double sum_at(const Scene *scene, const float *z)
{
    LsError err;
    double sum = 0;
    float image[64];
    LsCoder *coder = ls_coder_create(&scene->snapshot.model, 1, &err);
    assert_non_null(coder);
    ls_coder_decode(coder, scene->params, 1, z, NULL, image);
    for (int i = 0; i < 64; i++) {
        sum += (double)image[i];
    }
    ls_coder_destroy(coder);
    return sum;
}

static void the_image_follows_mouse_and_weights_in_the_same_frame(void **state)
{
    Scene *scene = *state;
    scene->view.decode_until = 0; /* however late the frame is */
    scene_frame(scene);
    for (int i = 0; i < 20; i++) {
        scene_move(scene, 100 + 20 * (float)i, 300 + 7 * (float)i);
        if (i % 2 == 1) {
            ls_model_init_params(&scene->snapshot.model, (uint64_t)i, scene->params);
            scene->snapshot.serial++;
        }
        scene_frame(scene);
        const double wanted = sum_at(scene, scene->view.cursor.z);
        assert_true(fabs(view_cursor_image_sum(scene->cursor) - wanted) < 1e-3);
    }
}

static void a_click_on_a_sample_moves_the_cursor_there(void **state)
{
    Scene *scene = *state;
    UiRect area;
    float z[2];
    scene_settle(scene);
    assert_true(ui_find(scene->ui, "samples", &area));
    scene_move(scene, area.x + 4, area.y + 4);
    scene_frame(scene);
    scene_button(scene, area.x + 4, area.y + 4, true, 1);
    scene_frame(scene);
    scene_button(scene, area.x + 4, area.y + 4, false, 1);
    scene_frame(scene);
    view_samples_place(scene->view.choice.noise, 2, 0, z);
    assert_true(scene->view.cursor.z[0] == z[0] && scene->view.cursor.z[1] == z[1]);
}

/* A model that gives every image the code (0.6, -0.8), and every code the same grey. */
static void the_pictures_tell_their_means(void **state)
{
    Scene *scene = *state;
    const LsModel *model = &scene->snapshot.model;
    const double grey = 1 / (1 + exp(-1.5));
    const int mu = ls_model_find_tensor(model, "mu.bias");
    const int logits = model->layer[model->layer_count - 1].bias;
    assert_true(mu >= 0);
    scene_settle(scene);
    assert_true(fabs(view_samples_mean(scene->samples) - grey) > 0.01);
    memset(scene->params, 0, model->param_count * sizeof *scene->params);
    scene->params[model->tensor[mu].offset] = 0.6F;
    scene->params[model->tensor[mu].offset + 1] = -0.8F;
    for (int i = 0; i < model->pixels; i++) {
        scene->params[model->tensor[logits].offset + (size_t)i] = 1.5F;
    }
    scene->snapshot.serial++;
    scene_settle(scene);
    assert_true(fabs(view_samples_mean(scene->samples) - grey) < 1e-5);
    assert_true(fabs(view_reconstructions_mean(scene->recons) - grey) < 1e-5);
    assert_true(fabs(view_map_points_rms(view_map_codes(scene->map)) - 1) < 1e-5);
}

static void samples_keep_their_noise_while_the_model_changes(void **state)
{
    (void)state;
    float a[2];
    float b[2];
    view_samples_place(4, 2, 7, a);
    view_samples_place(4, 2, 7, b);
    assert_memory_equal(a, b, sizeof a);
    view_samples_place(5, 2, 7, b);
    assert_memory_not_equal(a, b, sizeof a);
}

static void other_models_and_images_are_followed(void **state)
{
    Scene *scene = *state;
    static const int sizes[][4] = {{8, 8, 1, 1}, {6, 10, 1, 5},   {12, 7, 3, 3},
                                   {1, 1, 1, 2}, {120, 90, 1, 2}, {8, 8, 1, 2}};
    scene_settle(scene);
    scene_move(scene, 300, 300);
    for (size_t i = 0; i < LS_COUNT(sizes); i++) {
        scene_load(scene, sizes[i][0], sizes[i][1], sizes[i][2], sizes[i][3]);
        scene_settle(scene);
        assert_int_equal(view_map_points_count(view_map_codes(scene->map)), IMAGES);
        view_map_fit(scene->map);
        scene_settle(scene);
    }
}

static void cards_of_any_size_are_drawn(void **state)
{
    Scene *scene = *state;
    for (float size = 0; size < 900; size += 37) {
        const UiRect wide = {10, 10, size, size / 3};
        const UiRect high = {10, 10, size / 3, size};
        scene_frame_in(scene, wide, wide, wide, wide);
        scene_frame_in(scene, high, high, high, high);
    }
    for (int cells = 1; cells <= 40; cells += 3) {
        scene->view.choice.cells = cells;
        scene_settle(scene);
    }
}

static void the_nats_of_a_pixel_are_those_of_a_coin(void **state)
{
    (void)state;
    const float logits[] = {0, 0, 40, -40};
    const float x[] = {0, 1, 1, 0};
    const double nats = view_reconstructions_nats(logits, x, 4);
    assert_true(fabs(nats - 2 * log(2)) < 1e-6);
}

#define SCENE_TEST(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

static void a_hint_is_cut_between_its_parts(void **state)
{
    Scene *scene = *state;
    static const char *const hints[] = {
        "Esc comes back to now. Drag to see another step of the run.",
        "Wheel zooms · drag moves · double-click fits"};
    static const char *const cut[] = {"Esc comes back to now.", "Wheel zooms · drag moves"};
    for (size_t i = 0; i < LS_COUNT(hints); i++) {
        char text[128];
        const float whole = ui_text_width(scene->ui, UI_FONT_SMALL, hints[i]);
        (void)snprintf(text, sizeof text, "%s", hints[i]);
        view_status_fit(scene->ui, whole, text);
        assert_string_equal(text, hints[i]);
        view_status_fit(scene->ui, whole - 1, text);
        assert_string_equal(text, cut[i]);
        view_status_fit(scene->ui, 1, text); /* its first part stays, however narrow */
        assert_true(strlen(text) > 5 && strncmp(text, hints[i], strlen(text)) == 0);
    }
}

static bool draw_wipe(Scene *scene, float *share)
{
    ui_begin(scene->ui, scene->now);
    const bool held = view_wipe_draw(&scene->view, (UiRect){100, 100, 400, 400}, share, "a change");
    ui_end(scene->ui);
    scene->now += 1.0 / 60;
    return held;
}

static void the_wipe_is_where_the_mouse_lets_it_go(void **state)
{
    Scene *scene = *state;
    float share = 0;
    scene_move(scene, 104, 300);
    assert_false(draw_wipe(scene, &share));
    assert_false(draw_wipe(scene, &share));
    scene_button(scene, 104, 300, true, 1);
    assert_true(draw_wipe(scene, &share)); /* held at home */
    scene_move(scene, 200, 300);
    assert_false(draw_wipe(scene, &share));
    assert_true(fabsf(share - 0.25F) < 1e-3F);
    scene_move(scene, 300, 300); /* and in one frame */
    scene_button(scene, 300, 300, false, 1);
    assert_false(draw_wipe(scene, &share));
    assert_true(fabsf(share - 0.5F) < 1e-3F);
    scene_move(scene, 400, 300);
    assert_false(draw_wipe(scene, &share));
    assert_true(fabsf(share - 0.5F) < 1e-3F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(the_image_follows_mouse_and_weights_in_the_same_frame),
        SCENE_TEST(a_click_on_a_sample_moves_the_cursor_there),
        SCENE_TEST(a_hint_is_cut_between_its_parts),
        SCENE_TEST(the_wipe_is_where_the_mouse_lets_it_go),
        SCENE_TEST(the_pictures_tell_their_means),
        cmocka_unit_test(samples_keep_their_noise_while_the_model_changes),
        SCENE_TEST(other_models_and_images_are_followed),
        SCENE_TEST(cards_of_any_size_are_drawn),
        cmocka_unit_test(the_nats_of_a_pixel_are_those_of_a_coin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
