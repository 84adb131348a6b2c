#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stage.h"
#include "views/map_state.h"

/* Rests the mouse on a point of the map, until its posterior is there. */
static const LsPosteriorPicture *rest_on(Scene *scene, int point)
{
    scene->view.choice.posterior = true;
    scene_settle(scene);
    const UiPoint at = view_map_points_at(scene->map->points, &scene->map->plane, point);
    scene_move(scene, at.x, at.y);
    scene_frame(scene);
    scene->now += 1;
    scene_settle(scene);
    return view_map_posterior_picture(scene->map->posterior);
}

static int point_shown(const Scene *scene)
{
    return view_point_card_shown(&scene->map->point_card, scene->map->points, scene->now);
}

static void nothing_is_chosen_before_the_mouse_is(void **state)
{
    Scene *scene = *state;
    scene->view.choice.posterior = true;
    scene_settle(scene);
    assert_int_equal(view_map_chosen(scene->map, &scene->view), -1);
    assert_null(view_map_posterior_picture(scene->map->posterior));
}

static void the_point_the_mouse_rests_on_gets_its_posterior(void **state)
{
    Scene *scene = *state;
    const LsPosteriorPicture *picture = rest_on(scene, 3);
    assert_non_null(picture);
    const int point = point_shown(scene);
    assert_true(point >= 0);
    const ViewMapPoint chosen = view_map_points_get(scene->map->points, point);
    assert_float_equal(picture->mu[0], chosen.code[0], 1e-4);
    assert_float_equal(picture->mu[1], chosen.code[1], 1e-4);
    assert_true(picture->gap > -0.01);
    assert_true(picture->log_p < 0);
}

static void it_follows_newer_weights(void **state)
{
    Scene *scene = *state;
    const LsPosteriorPicture *picture = rest_on(scene, 3);
    assert_non_null(picture);
    const double before = picture->log_p;
    const LsModel *model = &scene->snapshot.model;
    const LsTensor *bias = &model->tensor[ls_model_find_tensor(model, "decoder.1.bias")];
    for (int i = 0; i < bias->rows; i++) {
        scene->params[bias->offset + (size_t)i] += 1;
    }
    scene->snapshot.serial++;
    scene_settle(scene);
    picture = view_map_posterior_picture(scene->map->posterior);
    assert_non_null(picture);
    assert_true(fabs(picture->log_p - before) > 0.1);
}

static void a_click_keeps_it_until_another_place_is_clicked(void **state)
{
    Scene *scene = *state;
    assert_non_null(rest_on(scene, 3));
    const int point = point_shown(scene);
    const UiPoint at = view_map_points_at(scene->map->points, &scene->map->plane, point);
    scene_button(scene, at.x, at.y, true, 1);
    scene_frame(scene);
    scene_button(scene, at.x, at.y, false, 1);
    scene_move(scene, 700, 700);
    scene_settle(scene);
    assert_int_equal(point_shown(scene), point);
    assert_non_null(view_map_posterior_picture(scene->map->posterior));
    view_map_clear_trail(scene->map);
    scene_settle(scene);
    assert_int_equal(point_shown(scene), -1);
    assert_null(view_map_posterior_picture(scene->map->posterior));
}

static void switched_off_or_without_a_plane_there_is_none(void **state)
{
    Scene *scene = *state;
    assert_non_null(rest_on(scene, 3));
    scene->view.choice.posterior = false;
    scene_settle(scene);
    assert_null(view_map_posterior_picture(scene->map->posterior));
    scene_load(scene, 8, 8, 1, 3);
    assert_null(rest_on(scene, 3));
    scene_load(scene, 8, 8, 1, 2);
    assert_non_null(rest_on(scene, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_chosen_before_the_mouse_is, scene_setup,
                                        scene_teardown),
        cmocka_unit_test_setup_teardown(the_point_the_mouse_rests_on_gets_its_posterior,
                                        scene_setup, scene_teardown),
        cmocka_unit_test_setup_teardown(it_follows_newer_weights, scene_setup, scene_teardown),
        cmocka_unit_test_setup_teardown(a_click_keeps_it_until_another_place_is_clicked,
                                        scene_setup, scene_teardown),
        cmocka_unit_test_setup_teardown(switched_off_or_without_a_plane_there_is_none, scene_setup,
                                        scene_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
