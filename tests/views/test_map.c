#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"

#include "stage.h"
#include "views/layer.h"

/* What the map shows, when it is whole. Owns: the caller. */
static uint8_t *settled_pixels(Scene *scene, UiRect card, int *width)
{
    uint8_t *rgb = NULL;
    int h = 0;
    LsError err;
    for (int i = 0; i < 8; i++) {
        scene_frame_in(scene, card, scene_cursor_card, scene_samples_card, scene_recons_card);
    }
    assert_true(ui_read_pixels(scene->ui, &rgb, width, &h, &err));
    return rgb;
}

static void hovering_points_at_the_place_under_the_mouse(void **state)
{
    Scene *scene = *state;
    scene_frame(scene);
    assert_false(scene->view.cursor.over);
    const UiPoint at = view_plane_to_window(&scene->map->plane, 1, -2);
    scene_move(scene, at.x, at.y);
    scene_frame(scene);
    assert_true(scene->view.cursor.over && scene->view.cursor.set);
    assert_true(fabsf(scene->view.cursor.z[0] - 1) < 0.02F);
    assert_true(fabsf(scene->view.cursor.z[1] + 2) < 0.02F);
    scene_move(scene, 1200, 700);
    scene_frame(scene);
    assert_false(scene->view.cursor.over);
    assert_true(scene->view.cursor.set);
    assert_true(fabsf(scene->view.cursor.z[0] - 1) < 0.02F);
}

static void at_rest_nothing_is_decoded_or_drawn(void **state)
{
    Scene *scene = *state;
    scene_settle(scene);
    scene_frame(scene);
    assert_false(scene->presented);
    scene->snapshot.serial++;
    scene_frame(scene);
    assert_true(scene->presented);
}

static void late_frames_still_come_to_an_end(void **state)
{
    Scene *scene = *state;
    scene->view.decode_until = 0;
    scene_settle(scene);
    assert_false(view_samples_busy(scene->samples));
    assert_false(view_reconstructions_busy(scene->recons));
    assert_int_equal(view_map_points_count(view_map_codes(scene->map)), IMAGES);
}

static void points_lie_where_the_encoder_puts_them(void **state)
{
    Scene *scene = *state;
    LsError err;
    float x[64];
    float mu[2];
    float logvar[2];
    scene_settle(scene);
    LsCoder *coder = ls_coder_create(&scene->snapshot.model, 1, &err);
    assert_non_null(coder);
    for (int i = 0; i < IMAGES; i++) {
        const ViewMapPoint point = view_map_points_get(view_map_codes(scene->map), i);
        ls_dataset_gather(&scene->data, &scene->data.heldout, point.image, NULL, 1, x);
        ls_coder_encode(coder, scene->params, 1, x, mu, logvar);
        assert_true(fabsf(point.code[0] - mu[0]) < 1e-4F);
        assert_true(fabsf(point.code[1] - mu[1]) < 1e-4F);
        assert_int_equal(point.label, point.image % 10);
    }
    ls_coder_destroy(coder);
}

/* The left button goes down and up at a place. */
static void press(Scene *scene, UiPoint at)
{
    scene_button(scene, at.x, at.y, true, 1);
    scene_frame(scene);
    scene_button(scene, at.x, at.y, false, 1);
}

static void dragging_leaves_a_trail_and_a_click_does_not(void **state)
{
    Scene *scene = *state;
    scene_frame(scene);
    const UiPoint at = scene_middle(scene);
    scene_move(scene, at.x, at.y);
    scene_frame(scene);
    press(scene, at);
    scene_frame(scene);
    assert_int_equal(scene->map->trail.count, 0);
    scene->now += 2;
    scene_button(scene, at.x, at.y, true, 1);
    for (int i = 0; i < 30; i++) {
        scene_move(scene, at.x + 4 * (float)i, at.y - 2 * (float)i);
        scene_frame(scene);
    }
    scene_button(scene, at.x + 116, at.y - 58, false, 1);
    scene_frame(scene);
    assert_in_range(scene->map->trail.count, 20, 40);
    assert_true(fabsf(view_map_trail_at(&scene->map->trail, 0)[0]) < 0.1F);
    view_map_clear_trail(scene->map);
    assert_int_equal(scene->map->trail.count, 0);
}

static void a_point_under_the_mouse_is_picked_until_the_mouse_leaves(void **state)
{
    Scene *scene = *state;
    scene_settle(scene);
    view_map_fit(scene->map); /* to all codes */
    scene_settle(scene);
    const ViewMapPoints *points = view_map_codes(scene->map);
    const UiPoint at = view_map_points_at(points, &scene->map->plane, 7);
    assert_true(ui_rect_has(scene->map->plane.area, at));
    scene_move(scene, at.x, at.y);
    scene_frame(scene);
    const int picked = scene->map->point_card.point;
    assert_in_range(picked, 0, IMAGES - 1);
    const UiPoint there = view_map_points_at(points, &scene->map->plane, picked);
    assert_true(hypotf(there.x - at.x, there.y - at.y) < 5);
    assert_non_null(strstr(scene->view.hint, "held-out image"));
    assert_true(scene->more); /* its card is still to be shown */
    scene_settle(scene);
    assert_int_equal(scene->map->point_card.point, picked);
    scene_move(scene, 1200, 700);
    scene_frame(scene);
    assert_int_equal(scene->map->point_card.point, -1);
}

static void a_hushed_card_waits_for_the_mouse_to_come_to_a_point_anew(void **state)
{
    Scene *scene = *state;
    scene_settle(scene);
    view_map_fit(scene->map);
    scene_settle(scene);
    const ViewPointCard *card = &scene->map->point_card;
    const ViewMapPoints *points = view_map_codes(scene->map);
    const UiPoint at = view_map_points_at(points, &scene->map->plane, 7);
    scene_move(scene, at.x, at.y);
    scene_frame(scene);
    press(scene, at);
    scene_settle(scene);
    const int chosen = card->pinned;
    assert_true(chosen >= 0 && view_point_card_seen(card, points, scene->now));
    view_map_hush(scene->map);
    scene_settle(scene); /* the mouse rests where it was */
    assert_false(view_point_card_seen(card, points, scene->now));
    assert_int_equal(card->pinned, chosen);
    scene_move(scene, 1200, 700);
    scene_settle(scene);
    assert_false(view_point_card_seen(card, points, scene->now));
    scene_move(scene, at.x, at.y);
    scene_settle(scene);
    assert_true(view_point_card_seen(card, points, scene->now));
}

static void a_long_trail_keeps_its_newest_points(void **state)
{
    Scene *scene = *state;
    ViewMapTrail *trail = &scene->map->trail;
    for (int i = 0; i < VIEW_TRAIL_MOST + 10; i++) {
        view_map_trail_add(trail, (float)i, 0);
    }
    assert_int_equal(trail->count, VIEW_TRAIL_MOST);
    assert_true(view_map_trail_at(trail, 0)[0] == 10);
    assert_true(view_map_trail_at(trail, VIEW_TRAIL_MOST - 1)[0] == VIEW_TRAIL_MOST + 9);
    scene_frame(scene);
}

static void the_wheel_zooms_about_the_mouse(void **state)
{
    Scene *scene = *state;
    scene_settle(scene);
    scene_move(scene, 150, 200);
    scene_frame(scene);
    const float x = scene->view.cursor.z[0];
    const float y = scene->view.cursor.z[1];
    for (int i = 0; i < 10; i++) {
        scene_wheel(scene, i < 7 ? 1 : -1);
        scene_frame(scene);
        assert_true(fabsf(scene->view.cursor.z[0] - x) < 1e-3F);
        assert_true(fabsf(scene->view.cursor.z[1] - y) < 1e-3F);
    }
    double x0 = 0;
    double x1 = 0;
    double y0 = 0;
    double y1 = 0;
    view_map_range(scene->map, &x0, &x1, &y0, &y1);
    assert_true(fabs((x1 - x0) - 6 / pow(1.2, 4)) < 1e-6);
    scene_settle(scene);
}

static void a_double_click_fits(void **state)
{
    Scene *scene = *state;
    scene_settle(scene);
    const UiPoint at = scene_middle(scene);
    view_map_zoom(scene->map, 3);
    view_map_pan(scene->map, 0.3, 0.1);
    scene_move(scene, at.x, at.y);
    scene_frame(scene);
    press(scene, at);
    scene_frame(scene);
    scene_button(scene, at.x, at.y, true, 2);
    scene_frame(scene);
    scene_button(scene, at.x, at.y, false, 2);
    scene_frame(scene);
    double x0 = 0;
    double x1 = 0;
    double y0 = 0;
    double y1 = 0;
    view_map_range(scene->map, &x0, &x1, &y0, &y1);
    assert_true(x0 <= -3 && x1 >= 3 && y0 <= -3 && y1 >= 3);
}

static void arrow_keys_move_the_cursor_of_a_focused_map(void **state)
{
    Scene *scene = *state;
    ui_focus(scene->ui, "map");
    for (int i = 0; i < 5; i++) {
        scene_frame(scene);
    }
    scene_key(scene, SDLK_RIGHT);
    scene_frame(scene);
    scene_key(scene, SDLK_UP);
    scene_frame(scene);
    assert_true(scene->view.cursor.set);
    assert_true(scene->view.cursor.z[0] > 0.05F && scene->view.cursor.z[1] > 0.05F);
    scene_key(scene, SDLK_PLUS);
    scene_frame(scene);
    assert_true(scene->map->plane.half < 2.6);
    scene_key(scene, SDLK_0);
    scene_frame(scene);
    assert_true(scene->map->plane.half >= 3);
}

/* A click on a class in the legend hides its points: by that it is known to be there. */
static void the_legend_names_every_class_in_any_card(void **state)
{
    static const UiRect cards[] = {
        {8, 56, 552, 600}, {8, 56, 552, 420}, {8, 56, 338, 326}, {8, 52, 160, 192}};
    Scene *scene = *state;
    const int classes = scene->view.data->classes;
    assert_true(classes > 1);
    for (size_t i = 0; i < LS_COUNT(cards); i++) {
        for (int label = 0; label < classes; label++) {
            char id[32];
            (void)snprintf(id, sizeof id, "map.class.%d", label);
            for (int shown = 0; shown < 2; shown++) {
                ui_focus(scene->ui, id);
                scene_frame_in(scene, cards[i], scene_cursor_card, scene_samples_card,
                               scene_recons_card);
                scene_key(scene, SDLK_RETURN);
                scene_frame_in(scene, cards[i], scene_cursor_card, scene_samples_card,
                               scene_recons_card);
                assert_int_equal(view_map_points_shown(scene->map->points, label), shown);
            }
        }
    }
}

static void a_pan_ends_with_what_a_fresh_map_shows(void **state)
{
    Scene *scene = *state;
    const UiRect card = {8, 56, 552, 600}; /* the plane is 504 wide: cells are whole pixels */
    scene->view.choice.labels_legend = false;
    scene_frame_in(scene, card, scene_cursor_card, scene_samples_card, scene_recons_card);
    assert_true(scene->map->plane.area.w == 504);
    for (int i = 1; i <= 40; i++) {
        scene->map->plane.x = 3 * sin(i * 0.4);
        scene->map->plane.y = 2 * cos(i * 0.3);
        scene_frame_in(scene, card, scene_cursor_card, scene_samples_card, scene_recons_card);
    }
    scene->map->plane.x = 6.0 / 18 * 3;
    scene->map->plane.y = 6.0 / 18 * -2;
    int width = 0;
    uint8_t *panned = settled_pixels(scene, card, &width);
    scene->snapshot.model_id++;
    scene->snapshot.serial++;
    uint8_t *fresh = settled_pixels(scene, card, &width);
    /* The outermost pixels mix with a cell that is not seen. */
    const UiRect area = ui_rect_inset(scene->map->plane.area, 4);
    int different = 0;
    for (int y = (int)area.y; y < (int)(area.y + area.h); y++) {
        for (int x = (int)area.x * 3; x < (int)(area.x + area.w) * 3; x++) {
            const size_t at = (size_t)y * (size_t)width * 3 + (size_t)x;
            different += abs(panned[at] - fresh[at]) > 1; /* a place may differ in its last bit */
        }
    }
    assert_int_equal(different, 0);
    ls_memory_free(panned);
    ls_memory_free(fresh);
}

static void the_picture_shows_every_layer(void **state)
{
    Scene *scene = *state;
    LsError err;
    uint8_t *rgb = NULL;
    int w = 0;
    int h = 0;
    scene_settle(scene);
    assert_true(view_map_picture(scene->map, &scene->view, 18, &rgb, &w, &h, &err));
    assert_int_equal(w, 18 * 8 * 2);
    assert_int_equal(h, 18 * 8 * 2);
    int coloured = 0;
    for (int i = 0; i < w * h; i++) {
        coloured += rgb[i * 3] != rgb[i * 3 + 1];
    }
    assert_true(coloured > IMAGES);
    ls_memory_free(rgb);
}

static void every_layer_is_named_once_and_explained(void **state)
{
    (void)state;
    size_t count = 0;
    const ViewLayer *layers = view_layer_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        assert_true(strlen(layers[i].help) > 20);
        assert_non_null(layers[i].draw);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(layers[i].name, layers[j].name);
            assert_true(layers[i].shown != layers[j].shown);
        }
    }
}

#define SCENE_TEST(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(hovering_points_at_the_place_under_the_mouse),
        SCENE_TEST(at_rest_nothing_is_decoded_or_drawn),
        SCENE_TEST(late_frames_still_come_to_an_end),
        SCENE_TEST(points_lie_where_the_encoder_puts_them),
        SCENE_TEST(dragging_leaves_a_trail_and_a_click_does_not),
        SCENE_TEST(a_point_under_the_mouse_is_picked_until_the_mouse_leaves),
        SCENE_TEST(a_hushed_card_waits_for_the_mouse_to_come_to_a_point_anew),
        SCENE_TEST(a_long_trail_keeps_its_newest_points),
        SCENE_TEST(the_wheel_zooms_about_the_mouse),
        SCENE_TEST(a_double_click_fits),
        SCENE_TEST(arrow_keys_move_the_cursor_of_a_focused_map),
        SCENE_TEST(the_legend_names_every_class_in_any_card),
        SCENE_TEST(a_pan_ends_with_what_a_fresh_map_shows),
        SCENE_TEST(the_picture_shows_every_layer),
        cmocka_unit_test(every_layer_is_named_once_and_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
