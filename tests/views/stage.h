/* The views that decode, drawn off screen with a small model of random weights: what their tests
 * share. */
#ifndef TESTS_VIEWS_STAGE_H
#define TESTS_VIEWS_STAGE_H

#include "views/cursor.h"
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
    int hidden; /* width of the hidden layer of models to come; 0: 24 */
    bool more;  /* the map wants another frame */
    bool presented;
    int acts;
    double now;
} Scene;

extern const UiRect scene_map_card;
extern const UiRect scene_cursor_card;
extern const UiRect scene_samples_card;
extern const UiRect scene_recons_card;

/* Another model and images for it, as after opening a file. */
void scene_load(Scene *scene, int width, int height, int channels, int latent);

/* cmocka's fixture: *state is a Scene with 8 x 8 images and two latent axes. */
int scene_setup(void **state);
int scene_teardown(void **state);

/* A frame with the cards of a window of 1280 x 800, or with others. */
void scene_frame(Scene *scene);
void scene_frame_in(Scene *scene, UiRect map, UiRect cursor, UiRect samples, UiRect recons);

/* Frames until everything is up to date. */
void scene_settle(Scene *scene);

/* What a person does, logical units. */
void scene_move(Scene *scene, float x, float y);
void scene_button(Scene *scene, float x, float y, bool down, int clicks);
void scene_wheel(Scene *scene, float notches);
void scene_key(Scene *scene, SDL_Keycode sym);

/* The middle of what the map shows. */
UiPoint scene_middle(const Scene *scene);

#endif
