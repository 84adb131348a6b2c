/* How many frames a new snapshot's grid takes, by a clock that only decoding and encoding move, at the
 * pace of one slow thread. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latentscape/vae/coder.h"

#include "app/turns.h"
#include "tests/views/stage.h"

enum {
    CELLS = 24,
    FRAMES_MOST = 3
};

static const double rows_per_s = 97000;

/* The linker's hooks take no context, so what they count lives at file scope. */
static double clock_s = 1;
static int decoded; /* images so far */

double __wrap_ls_clock_now(void);
void __real_ls_coder_decode(LsCoder *coder, const float *params, int rows, const float *z,
                            float *logits, float *prob);
void __wrap_ls_coder_decode(LsCoder *coder, const float *params, int rows, const float *z,
                            float *logits, float *prob);
void __real_ls_coder_encode(LsCoder *coder, const float *params, int rows, const float *x,
                            float *mu, float *logvar);
void __wrap_ls_coder_encode(LsCoder *coder, const float *params, int rows, const float *x,
                            float *mu, float *logvar);

double __wrap_ls_clock_now(void)
{
    return clock_s;
}

void __wrap_ls_coder_decode(LsCoder *coder, const float *params, int rows, const float *z,
                            float *logits, float *prob)
{
    clock_s += rows / rows_per_s;
    decoded += rows;
    __real_ls_coder_decode(coder, params, rows, z, logits, prob);
}

void __wrap_ls_coder_encode(LsCoder *coder, const float *params, int rows, const float *x,
                            float *mu, float *logvar)
{
    clock_s += rows / rows_per_s;
    __real_ls_coder_encode(coder, params, rows, x, mu, logvar);
}

/* One frame as the window makes it. Returns how many images the map has decoded in a turn of its own. */
static int frame(Scene *scene, AppTurns *turns)
{
    const LsSnapshot *snapshot = &scene->snapshot;
    View *view = &scene->view;
    const int before = decoded;
    view->resting = app_turns_begin(turns, snapshot->serial, snapshot->training);
    view->decode_until = clock_s + app_turns_decode_s(snapshot->training, view->resting);
    scene_frame(scene);
    return (view->resting & VIEW_TURN_MAP) == 0 ? decoded - before : 0;
}

static void begin(Scene *scene)
{
    scene->view.choice.cells = CELLS;
    scene_settle(scene);
    scene->snapshot.serial++;
}

static void a_model_at_rest_has_its_new_grid_within_three_frames(void **state)
{
    Scene *scene = *state;
    AppTurns turns = {0};
    int images = 0, frames = 0;
    begin(scene);
    do {
        images += frame(scene, &turns);
        frames++;
    } while (scene->more && frames < 2 * FRAMES_MOST);
    assert_true(images >= CELLS * CELLS);
    assert_in_range(frames, 1, FRAMES_MOST);
}

/* Images that the map decodes in three frames of a round from `first` on, a new snapshot having come
 * before the first of them. */
static int images_in_three_frames(Scene *scene, int first)
{
    AppTurns turns = {0};
    int images = 0;
    scene->snapshot.training = true;
    begin(scene);
    for (int i = 0; i < APP_TURNS + first; i++) { /* as long a way before as it may be */
        scene->snapshot.serial++;
        (void)frame(scene, &turns);
    }
    scene->snapshot.serial++;
    for (int i = 0; i < FRAMES_MOST; i++) {
        images += frame(scene, &turns);
        scene->snapshot.serial++; /* the model learns on */
    }
    scene->snapshot.training = false;
    scene->view.resting = 0;
    scene->view.decode_until = (double)INFINITY;
    return images;
}

static void a_model_that_learns_has_its_new_grid_within_three_frames(void **state)
{
    for (int first = 0; first < APP_TURNS; first++) {
        assert_true(images_in_three_frames(*state, first) >= CELLS * CELLS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_model_at_rest_has_its_new_grid_within_three_frames,
                                        scene_setup, scene_teardown),
        cmocka_unit_test_setup_teardown(a_model_that_learns_has_its_new_grid_within_three_frames,
                                        scene_setup, scene_teardown),
    };
    return cmocka_run_group_tests_name("app/grid_frames", tests, NULL, NULL);
}
