#include "stage.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"

const UiRect scene_map_card = {8, 56, 560, 548};
const UiRect scene_cursor_card = {576, 56, 320, 190};
const UiRect scene_samples_card = {576, 254, 320, 178};
const UiRect scene_recons_card = {576, 440, 320, 164};

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

void scene_load(Scene *scene, int width, int height, int channels, int latent)
{
    LsError err;
    const LsModelSpec spec = {
        .width = width,
        .height = height,
        .channels = channels,
        .latent = latent,
        .hidden = {.count = 1, .value = {scene->hidden > 0 ? scene->hidden : 24}}};
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

int scene_setup(void **state)
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
    scene_load(scene, 8, 8, 1, 2);
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
                         .decode_until = (double)INFINITY};
    scene->map = view_map_create(&err);
    scene->cursor = view_cursor_create(&err);
    scene->samples = view_samples_create(&err);
    scene->recons = view_reconstructions_create(&err);
    assert_non_null(scene->map);
    assert_non_null(scene->recons);
    *state = scene;
    return 0;
}

int scene_teardown(void **state)
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

void scene_frame_in(Scene *scene, UiRect map, UiRect cursor, UiRect samples, UiRect recons)
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

void scene_frame(Scene *scene)
{
    scene_frame_in(scene, scene_map_card, scene_cursor_card, scene_samples_card, scene_recons_card);
}

void scene_move(Scene *scene, float x, float y)
{
    const float scale = ui_event_scale(scene->ui);
    SDL_Event event = {.type = SDL_MOUSEMOTION};
    event.motion.x = (int)(x * scale);
    event.motion.y = (int)(y * scale);
    (void)ui_event(scene->ui, &event);
}

void scene_button(Scene *scene, float x, float y, bool down, int clicks)
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

void scene_wheel(Scene *scene, float notches)
{
    SDL_Event event = {.type = SDL_MOUSEWHEEL};
    event.wheel.y = (int)notches;
    event.wheel.preciseY = notches;
    (void)ui_event(scene->ui, &event);
}

void scene_key(Scene *scene, SDL_Keycode sym)
{
    SDL_Event event = {.type = SDL_KEYDOWN};
    event.key.keysym.sym = sym;
    event.key.state = SDL_PRESSED;
    (void)ui_event(scene->ui, &event);
}

void scene_settle(Scene *scene)
{
    for (int i = 0; i < 400 && (i < 3 || scene->more); i++) {
        scene_frame(scene);
    }
    assert_false(scene->more);
}

UiPoint scene_middle(const Scene *scene)
{
    const UiRect area = scene->map->plane.area;
    return (UiPoint){floorf(area.x + area.w / 2), floorf(area.y + area.h / 2)};
}
