/* The views that decode, drawn off screen with a small model of random weights. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"

#include "views/cursor.h"
#include "views/layer.h"
#include "views/map.h"
#include "views/map_points.h"
#include "views/map_state.h"
#include "views/reconstructions.h"
#include "views/samples.h"

enum {
    IMAGES = 60
};

/* Everything a window has, without one. */
typedef struct Scene {
    Ui *ui;
    LsDataset data;
    uint8_t *pixels;
    uint8_t labels[IMAGES];
    LsSnapshot snapshot;
    float *params;
    View view;
    ViewMap *map;
    ViewCursorCard *cursor;
    ViewSamples *samples;
    ViewReconstructions *recons;
    bool more; /* the map wants another frame */
    bool presented;
    int acts;
    double now;
} Scene;

static const UiRect map_card = {8, 56, 560, 548};
static const UiRect cursor_card = {576, 56, 320, 190};
static const UiRect samples_card = {576, 254, 320, 178};
static const UiRect recons_card = {576, 440, 320, 164};

static void act(void *app, const char *name)
{
    Scene *scene = app;
    assert_non_null(name);
    scene->acts++;
}

static const ViewAction *action(void *app, const char *name)
{
    (void)app;
    (void)name;
    return NULL;
}

/* Another model and images for it, as after opening a file. */
static void load(Scene *scene, int width, int height, int channels, int latent)
{
    LsError err;
    const LsModelSpec spec = {.width = width,
                              .height = height,
                              .channels = channels,
                              .latent = latent,
                              .hidden = {.count = 1, .value = {24}}};
    ls_memory_free(scene->params);
    ls_memory_free(scene->pixels);
    assert_true(ls_model_init(&scene->snapshot.model, &spec, &err));
    const size_t pixels = (size_t)scene->snapshot.model.pixels;
    scene->params = ls_memory_floats(scene->snapshot.model.param_count, &err);
    scene->pixels = ls_memory_items(IMAGES, pixels, &err);
    assert_non_null(scene->params);
    assert_non_null(scene->pixels);
    ls_model_init_params(&scene->snapshot.model, 11, scene->params);
    for (size_t i = 0; i < scene->snapshot.model.param_count; i++) {
        scene->params[i] *= 3; /* images that are not all grey */
    }
    for (size_t i = 0; i < IMAGES * pixels; i++) {
        scene->pixels[i] = (uint8_t)ls_rng_below(ls_rng_make(5, LS_RNG_VIEW), i, 256);
    }
    scene->snapshot.params = scene->params;
    scene->snapshot.model_id++;
    scene->snapshot.serial++;
    scene->data = (LsDataset){.name = "noise",
                              .width = width,
                              .height = height,
                              .channels = channels,
                              .pixels = (int)pixels,
                              .classes = 10,
                              .heldout = {IMAGES, scene->pixels, scene->labels}};
}

static int setup(void **state)
{
    LsError err;
    Scene *scene = ls_memory_items(1, sizeof *scene, &err);
    assert_non_null(scene);
    const UiOptions options = {
        .title = "test", .width = 1280, .height = 800, .scale = 1, .offscreen = true};
    scene->ui = ui_create(&options, &err);
    assert_non_null(scene->ui);
    for (int i = 0; i < IMAGES; i++) {
        scene->labels[i] = (uint8_t)(i % 10);
    }
    load(scene, 8, 8, 1, 2);
    scene->view = (View){.ui = scene->ui,
                         .data = &scene->data,
                         .snapshot = &scene->snapshot,
                         .host = {.app = scene, .act = act, .action = action},
                         .choice = {.grid = true,
                                    .points = true,
                                    .rings = true,
                                    .labels_legend = true,
                                    .cells = 18,
                                    .noise = 3},
                         .decode_until = INFINITY};
    scene->map = view_map_create(&err);
    scene->cursor = view_cursor_create(&err);
    scene->samples = view_samples_create(&err);
    scene->recons = view_reconstructions_create(&err);
    assert_non_null(scene->map);
    assert_non_null(scene->recons);
    *state = scene;
    return 0;
}

static int teardown(void **state)
{
    Scene *scene = *state;
    view_map_destroy(scene->map);
    view_cursor_destroy(scene->cursor);
    view_samples_destroy(scene->samples);
    view_reconstructions_destroy(scene->recons);
    ls_memory_free(scene->params);
    ls_memory_free(scene->pixels);
    ui_destroy(scene->ui);
    ls_memory_free(scene);
    return 0;
}

static void frame_in(Scene *scene, UiRect map, UiRect cursor, UiRect samples, UiRect recons)
{
    scene->now += 1 / 60.0;
    ui_begin(scene->ui, scene->now);
    view_map_draw(scene->map, &scene->view, map);
    view_cursor_draw(scene->cursor, &scene->view, cursor, view_map_codes(scene->map));
    view_samples_draw(scene->samples, &scene->view, samples);
    view_reconstructions_draw(scene->recons, &scene->view, recons);
    scene->more = view_map_work(scene->map, &scene->view);
    scene->presented = ui_end(scene->ui);
}

static void frame(Scene *scene)
{
    frame_in(scene, map_card, cursor_card, samples_card, recons_card);
}

static void move(Scene *scene, float x, float y)
{
    const float scale = ui_event_scale(scene->ui);
    SDL_Event event = {.type = SDL_MOUSEMOTION};
    event.motion.x = (int)(x * scale);
    event.motion.y = (int)(y * scale);
    (void)ui_event(scene->ui, &event);
}

static void button(Scene *scene, float x, float y, bool down, int clicks)
{
    const float scale = ui_event_scale(scene->ui);
    SDL_Event event = {.type = down ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP};
    event.button.button = SDL_BUTTON_LEFT;
    event.button.state = down;
    event.button.clicks = (uint8_t)clicks;
    event.button.x = (int)(x * scale);
    event.button.y = (int)(y * scale);
    (void)ui_event(scene->ui, &event);
}

static void wheel(Scene *scene, float notches)
{
    SDL_Event event = {.type = SDL_MOUSEWHEEL};
    event.wheel.y = (int)notches;
    event.wheel.preciseY = notches;
    (void)ui_event(scene->ui, &event);
}

static void key(Scene *scene, SDL_Keycode sym)
{
    SDL_Event event = {.type = SDL_KEYDOWN};
    event.key.keysym.sym = sym;
    event.key.state = SDL_PRESSED;
    (void)ui_event(scene->ui, &event);
}

static void settle(Scene *scene)
{
    for (int i = 0; i < 400 && (i < 3 || scene->more); i++) {
        frame(scene);
    }
    assert_false(scene->more);
}

/* The middle of what the map shows. */
static UiPoint middle(const Scene *scene)
{
    const UiRect area = scene->map->plane.area;
    return (UiPoint){floorf(area.x + area.w / 2), floorf(area.y + area.h / 2)};
}

static void hovering_points_at_the_place_under_the_mouse(void **state)
{
    Scene *scene = *state;
    frame(scene);
    assert_false(scene->view.cursor.over);
    const UiPoint at = view_plane_to_window(&scene->map->plane, 1, -2);
    move(scene, at.x, at.y);
    frame(scene);
    assert_true(scene->view.cursor.over && scene->view.cursor.set);
    assert_true(fabsf(scene->view.cursor.z[0] - 1) < 0.02F);
    assert_true(fabsf(scene->view.cursor.z[1] + 2) < 0.02F);
    move(scene, 1200, 700);
    frame(scene);
    assert_false(scene->view.cursor.over);
    assert_true(scene->view.cursor.set);
    assert_true(fabsf(scene->view.cursor.z[0] - 1) < 0.02F);
}

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
    frame(scene);
    for (int i = 0; i < 20; i++) {
        move(scene, 100 + 20 * (float)i, 300 + 7 * (float)i);
        if (i % 2 == 1) {
            ls_model_init_params(&scene->snapshot.model, (uint64_t)i, scene->params);
            scene->snapshot.serial++;
        }
        frame(scene);
        const double wanted = sum_at(scene, scene->view.cursor.z);
        assert_true(fabs(view_cursor_image_sum(scene->cursor) - wanted) < 1e-3);
    }
}

static void at_rest_nothing_is_decoded_or_drawn(void **state)
{
    Scene *scene = *state;
    settle(scene);
    frame(scene);
    assert_false(scene->presented);
    scene->snapshot.serial++;
    frame(scene);
    assert_true(scene->presented);
}

static void late_frames_still_come_to_an_end(void **state)
{
    Scene *scene = *state;
    scene->view.decode_until = 0;
    settle(scene);
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
    settle(scene);
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

static void dragging_leaves_a_trail_and_a_click_does_not(void **state)
{
    Scene *scene = *state;
    frame(scene);
    const UiPoint at = middle(scene);
    move(scene, at.x, at.y);
    frame(scene);
    button(scene, at.x, at.y, true, 1);
    frame(scene);
    button(scene, at.x, at.y, false, 1);
    frame(scene);
    assert_int_equal(scene->map->trail.count, 0);
    scene->now += 2;
    button(scene, at.x, at.y, true, 1);
    for (int i = 0; i < 30; i++) {
        move(scene, at.x + 4 * (float)i, at.y - 2 * (float)i);
        frame(scene);
    }
    button(scene, at.x + 116, at.y - 58, false, 1);
    frame(scene);
    assert_in_range(scene->map->trail.count, 20, 40);
    assert_true(fabsf(view_map_trail_at(&scene->map->trail, 0)[0]) < 0.1F);
    view_map_clear_trail(scene->map);
    assert_int_equal(scene->map->trail.count, 0);
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
    frame(scene);
}

static void the_wheel_zooms_about_the_mouse(void **state)
{
    Scene *scene = *state;
    settle(scene);
    move(scene, 150, 200);
    frame(scene);
    const float x = scene->view.cursor.z[0];
    const float y = scene->view.cursor.z[1];
    for (int i = 0; i < 10; i++) {
        wheel(scene, i < 7 ? 1 : -1);
        frame(scene);
        assert_true(fabsf(scene->view.cursor.z[0] - x) < 1e-3F);
        assert_true(fabsf(scene->view.cursor.z[1] - y) < 1e-3F);
    }
    double x0 = 0;
    double x1 = 0;
    double y0 = 0;
    double y1 = 0;
    view_map_range(scene->map, &x0, &x1, &y0, &y1);
    assert_true(fabs((x1 - x0) - 6 / pow(1.2, 4)) < 1e-6);
    settle(scene);
}

static void a_double_click_fits(void **state)
{
    Scene *scene = *state;
    settle(scene);
    const UiPoint at = middle(scene);
    view_map_zoom(scene->map, 3);
    view_map_pan(scene->map, 0.3, 0.1);
    move(scene, at.x, at.y);
    frame(scene);
    button(scene, at.x, at.y, true, 1);
    frame(scene);
    button(scene, at.x, at.y, false, 1);
    frame(scene);
    button(scene, at.x, at.y, true, 2);
    frame(scene);
    button(scene, at.x, at.y, false, 2);
    frame(scene);
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
        frame(scene);
    }
    key(scene, SDLK_RIGHT);
    frame(scene);
    key(scene, SDLK_UP);
    frame(scene);
    assert_true(scene->view.cursor.set);
    assert_true(scene->view.cursor.z[0] > 0.05F && scene->view.cursor.z[1] > 0.05F);
    key(scene, SDLK_PLUS);
    frame(scene);
    assert_true(scene->map->plane.half < 2.6);
    key(scene, SDLK_0);
    frame(scene);
    assert_true(scene->map->plane.half >= 3);
}

static void a_click_on_a_sample_moves_the_cursor_there(void **state)
{
    Scene *scene = *state;
    UiRect area;
    float z[2];
    settle(scene);
    assert_true(ui_find(scene->ui, "samples", &area));
    move(scene, area.x + 4, area.y + 4);
    frame(scene);
    button(scene, area.x + 4, area.y + 4, true, 1);
    frame(scene);
    button(scene, area.x + 4, area.y + 4, false, 1);
    frame(scene);
    view_samples_place(scene->view.choice.noise, 2, 0, z);
    assert_true(scene->view.cursor.z[0] == z[0] && scene->view.cursor.z[1] == z[1]);
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
    settle(scene);
    move(scene, 300, 300);
    for (size_t i = 0; i < LS_COUNT(sizes); i++) {
        load(scene, sizes[i][0], sizes[i][1], sizes[i][2], sizes[i][3]);
        settle(scene);
        assert_int_equal(view_map_points_count(view_map_codes(scene->map)), IMAGES);
        view_map_fit(scene->map);
        settle(scene);
    }
}

static void cards_of_any_size_are_drawn(void **state)
{
    Scene *scene = *state;
    for (float size = 0; size < 900; size += 37) {
        const UiRect wide = {10, 10, size, size / 3};
        const UiRect high = {10, 10, size / 3, size};
        frame_in(scene, wide, wide, wide, wide);
        frame_in(scene, high, high, high, high);
    }
    for (int cells = 1; cells <= 40; cells += 3) {
        scene->view.choice.cells = cells;
        settle(scene);
    }
}

/* What the map shows, when it is whole. Owns: the caller. */
static uint8_t *settled_pixels(Scene *scene, UiRect card, int *width)
{
    uint8_t *rgb = NULL;
    int h = 0;
    LsError err;
    for (int i = 0; i < 8; i++) {
        frame_in(scene, card, cursor_card, samples_card, recons_card);
    }
    assert_true(ui_read_pixels(scene->ui, &rgb, width, &h, &err));
    return rgb;
}

static void a_pan_ends_with_what_a_fresh_map_shows(void **state)
{
    Scene *scene = *state;
    const UiRect card = {8, 56, 552, 600}; /* the plane is 504 wide: cells are whole pixels */
    scene->view.choice.labels_legend = false;
    frame_in(scene, card, cursor_card, samples_card, recons_card);
    assert_true(scene->map->plane.area.w == 504);
    for (int i = 1; i <= 40; i++) {
        scene->map->plane.x = 3 * sin(i * 0.4);
        scene->map->plane.y = 2 * cos(i * 0.3);
        frame_in(scene, card, cursor_card, samples_card, recons_card);
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
    settle(scene);
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

static void the_nats_of_a_pixel_are_those_of_a_coin(void **state)
{
    (void)state;
    const float logits[] = {0, 0, 40, -40};
    const float x[] = {0, 1, 1, 0};
    const double nats = view_reconstructions_nats(logits, x, 4);
    assert_true(fabs(nats - 2 * log(2)) < 1e-6);
}

#define SCENE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(hovering_points_at_the_place_under_the_mouse),
        SCENE_TEST(the_image_follows_mouse_and_weights_in_the_same_frame),
        SCENE_TEST(at_rest_nothing_is_decoded_or_drawn),
        SCENE_TEST(late_frames_still_come_to_an_end),
        SCENE_TEST(points_lie_where_the_encoder_puts_them),
        SCENE_TEST(dragging_leaves_a_trail_and_a_click_does_not),
        SCENE_TEST(a_long_trail_keeps_its_newest_points),
        SCENE_TEST(the_wheel_zooms_about_the_mouse),
        SCENE_TEST(a_double_click_fits),
        SCENE_TEST(arrow_keys_move_the_cursor_of_a_focused_map),
        SCENE_TEST(a_click_on_a_sample_moves_the_cursor_there),
        cmocka_unit_test(samples_keep_their_noise_while_the_model_changes),
        SCENE_TEST(other_models_and_images_are_followed),
        SCENE_TEST(cards_of_any_size_are_drawn),
        SCENE_TEST(a_pan_ends_with_what_a_fresh_map_shows),
        SCENE_TEST(the_picture_shows_every_layer),
        cmocka_unit_test(every_layer_is_named_once_and_explained),
        cmocka_unit_test(the_nats_of_a_pixel_are_those_of_a_coin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
