#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"

#include "stage.h"
#include "views/flow.h"

static void draw(Scene *scene, ViewFlow *flow, float w, float h)
{
    scene->now += 1.0 / 60;
    ui_begin(scene->ui, scene->now);
    view_flow_draw(flow, &scene->view, (UiRect){8, 8, w, h});
    ui_end(scene->ui);
}

static ViewFlow *make(void)
{
    LsError err = {0};
    ViewFlow *flow = view_flow_create(&err);
    assert_non_null(flow);
    return flow;
}

static void stages_come_one_by_one_and_then_a_step_is_due(void **state)
{
    Scene *scene = *state;
    ViewFlow *flow = make();
    draw(scene, flow, 900, 140);
    const int stages = view_flow_stages(flow);
    /* image, mu and sigma, code, decoded, two terms, and each hidden layer twice */
    assert_int_equal(stages, 6 + 2 * scene->snapshot.model.encoder_count);
    assert_int_equal(view_flow_shown(flow), stages);
    assert_false(view_flow_next(flow, &scene->view)); /* from all of them: this image anew */
    assert_int_equal(view_flow_shown(flow), 1);
    for (int i = 2; i <= stages; i++) {
        assert_false(view_flow_next(flow, &scene->view));
        draw(scene, flow, 900, 140);
        assert_int_equal(view_flow_shown(flow), i);
    }
    assert_true(view_flow_next(flow, &scene->view));
    assert_int_equal(view_flow_shown(flow), 1);
    view_flow_all(flow);
    assert_int_equal(view_flow_shown(flow), stages);
    view_flow_destroy(flow);
}

static void any_model_images_and_room_are_drawn(void **state)
{
    Scene *scene = *state;
    ViewFlow *flow = make();
    static const int sizes[][4] = {{8, 8, 1, 1}, {6, 10, 1, 5},   {12, 7, 3, 3},
                                   {1, 1, 1, 2}, {40, 30, 1, 20}, {8, 8, 1, 2}};
    for (size_t i = 0; i < LS_COUNT(sizes); i++) {
        scene_load(scene, sizes[i][0], sizes[i][1], sizes[i][2], sizes[i][3]);
        draw(scene, flow, 1264, 156);
        draw(scene, flow, 400, 90);
        draw(scene, flow, 40, 20);
        assert_true(view_flow_stages(flow) >= 6);
    }
    view_flow_destroy(flow);
}

/* Where pictures are small too: a code of two numbers is never shown as one. */
static void both_axes_of_a_code_are_shown_in_little_room(void **state)
{
    Scene *scene = *state;
    ViewFlow *flow = make();
    draw(scene, flow, 500, 100);
    for (int stage = 2; stage <= 3; stage++) { /* after the image and the hidden layer */
        char id[32];
        UiRect box;
        uint8_t *rgb = NULL;
        int w = 0;
        int h = 0;
        int lit[2] = {0};
        (void)snprintf(id, sizeof id, "flow.stage.%d", stage);
        assert_true(ui_find(scene->ui, id, &box));
        assert_in_range(box.h, 28, 36);
        assert_true(ui_read_pixels(scene->ui, &rgb, &w, &h, NULL));
        for (int y = (int)box.y; y < (int)(box.y + box.h); y++) {
            for (int x = (int)box.x; x < (int)(box.x + box.w); x++) {
                lit[(float)y >= box.y + box.h / 2] += rgb[3 * (y * w + x)] > 160;
            }
        }
        ls_memory_free(rgb);
        assert_true(lit[0] > 5 && lit[1] > 5);
    }
    view_flow_destroy(flow);
}

/* Cells stand in whole rows, of which the last is not always full. */
static void layers_of_any_width_are_drawn(void **state)
{
    Scene *scene = *state;
    ViewFlow *flow = make();
    static const int widths[] = {1, 2, 23, 512, 797, 1021};
    for (size_t i = 0; i < LS_COUNT(widths); i++) {
        scene->hidden = widths[i];
        scene_load(scene, 1, 1, 1, 2); /* images that need less room than the layers */
        draw(scene, flow, 1264, 156);
        assert_int_equal(view_flow_shown(flow), view_flow_stages(flow));
    }
    view_flow_destroy(flow);
}

static void losses_of_every_kind_are_followed(void **state)
{
    Scene *scene = *state;
    ViewFlow *flow = make();
    const LsSettingTable table = ls_train_settings_table();
    static const char *const kinds[] = {"rec", "div", "reg"};
    for (size_t k = 0; k < LS_COUNT(kinds); k++) {
        const LsSetting *row = ls_setting_find(table, kinds[k]);
        for (int i = 0; row->choice(i) != NULL; i++) {
            ls_setting_set_number(row, i, &scene->view.settings);
            draw(scene, flow, 900, 140);
        }
    }
    scene->view.settings = ls_train_settings_make();
    assert_true(view_flow_shown(flow) == view_flow_stages(flow));
    view_flow_destroy(flow);
}

static void a_scheduled_weight_is_that_of_the_step(void **state)
{
    Scene *scene = *state;
    ViewFlow *flow = make();
    double nats[3];
    scene->view.settings = ls_train_settings_make();
    draw(scene, flow, 900, 140);
    const double full = view_flow_nats(flow, &scene->view);
    scene->view.settings.beta_schedule = 1; /* warm-up */
    scene->view.settings.beta_period = 100;
    for (int i = 0; i < 3; i++) {
        scene->snapshot.loss_step = 50 * (uint64_t)i;
        draw(scene, flow, 900, 140);
        nats[i] = view_flow_nats(flow, &scene->view);
    }
    assert_true(nats[0] < full && nats[2] == full);
    assert_float_equal((float)nats[1], (float)((nats[0] + full) / 2), 1e-4);
    view_flow_destroy(flow);
}

static void other_noise_is_another_code_at_once(void **state)
{
    Scene *scene = *state;
    ViewFlow *flow = make();
    scene->view.settings = ls_train_settings_make();
    draw(scene, flow, 900, 140);
    const double before = view_flow_nats(flow, &scene->view);
    scene->view.choice.noise++;
    draw(scene, flow, 900, 140);
    assert_true(view_flow_nats(flow, &scene->view) != before);
    scene->view.choice.noise--;
    draw(scene, flow, 900, 140);
    assert_true(view_flow_nats(flow, &scene->view) == before);
    view_flow_destroy(flow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(stages_come_one_by_one_and_then_a_step_is_due, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(any_model_images_and_room_are_drawn, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(both_axes_of_a_code_are_shown_in_little_room, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(layers_of_any_width_are_drawn, scene_setup, scene_teardown),
        cmocka_unit_test_setup_teardown(losses_of_every_kind_are_followed, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(a_scheduled_weight_is_that_of_the_step, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(other_noise_is_another_code_at_once, scene_setup,
                                        scene_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
