/* Whatever is pressed and clicked, in any order and however fast, Train goes on to train: bursts of actions
 * and clicks drawn by lot in one frame after the other, after each of which every run that is on the screen
 * must take steps again, and what was to be saved is in its file. Where one stands still for ever, the test
 * takes longer than it may.
 *
 *     test_app_liveness [FIRST_SEED LAST_SEED] */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "latentscape/core/rng.h"

#include "app/action.h"
#include "app/app.h"
#include "app/past.h"
#include "app/session.h"
#include "offscreen.h"

enum {
    BURSTS = 6,
    FRAMES = 24,  /* of a burst */
    STEPS = 24,   /* after it: many more than the sides of a fork may be apart */
    PATIENCE = 30 /* frames until Train is pressed again */
};

/* The hook takes no context, so what it draws and awaits lives at file scope. */
static struct {
    LsRng rng;
    uint64_t drawn;
    int burst, frame, idle;
    uint64_t from[2]; /* steps at the end of the burst */
    uint64_t model[2];
    bool awaits, fork;
    int forks;       /* that were trained */
    const char *own; /* the file that is saved */
} play;

static uint64_t first_seed = 1, last_seed = 2;

void __real_app_session_update(App *app);
void __wrap_app_session_update(App *app);

static uint32_t draw(uint32_t below)
{
    return ls_rng_below(play.rng, play.drawn++, below);
}

/* Dialogs for files, the end and the display are not what is tested. */
static bool is_left_out(const char *name)
{
    if (strcmp(name, "model.save") == 0) {
        return false;
    }
    static const char *const without[] = {"model.", "export.", "app.quit", "view.", "speed.1"};
    for (size_t i = 0; i < LS_COUNT(without); i++) {
        if (strncmp(name, without[i], strlen(without[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* Forks and what begins, ends or moves them come up more often than a palette of everything would let them. */
static void act(App *app)
{
    static const char *const often[] = {"train.toggle", "train.step",  "train.reset", "fork.begin",
                                        "fork.keep_a",  "fork.keep_b", "loss.kl",     "edit.undo",
                                        "preset.vae",   "model.save"};
    size_t count = 0;
    const AppAction *rows = app_action_rows(&count);
    const AppAction *action =
        draw(2) == 0 ? &rows[draw((uint32_t)count)] : app_action_find(often[draw(LS_COUNT(often))]);
    assert_non_null(action);
    if (action->run != NULL && !is_left_out(action->shown.name)) {
        action->run(app, action->argument);
    }
}

static void click(App *app)
{
    const uint32_t window = SDL_GetWindowID(ui_sdl_window(app->ui));
    const int x = (int)draw(1280), y = (int)draw(800);
    SDL_Event event = {.motion = {.type = SDL_MOUSEMOTION, .windowID = window, .x = x, .y = y}};
    assert_int_equal(SDL_PushEvent(&event), 1);
    event = (SDL_Event){.button = {.type = SDL_MOUSEBUTTONDOWN,
                                   .windowID = window,
                                   .button = SDL_BUTTON_LEFT,
                                   .state = SDL_PRESSED,
                                   .clicks = 1,
                                   .x = x,
                                   .y = y}};
    assert_int_equal(SDL_PushEvent(&event), 1);
    event.button.type = SDL_MOUSEBUTTONUP;
    event.button.state = SDL_RELEASED;
    assert_int_equal(SDL_PushEvent(&event), 1);
}

static void burst(App *app)
{
    app->dialog = APP_DIALOG_NONE;
    app->quit = false;
    app_session_name(app, play.own, "own"); /* so that saving asks for no name */
    for (uint32_t i = draw(3); i > 0; i--) {
        if (draw(3) == 0) {
            click(app);
        } else {
            act(app);
        }
    }
}

static void note(const App *app)
{
    play.fork = app_fork_on(app);
    const LsSnapshot *const side[] = {app->view.snapshot, app->fork.view.snapshot};
    for (int i = 0; i < (play.fork ? 2 : 1); i++) {
        play.from[i] = side[i]->step;
        play.model[i] = side[i]->model_id;
    }
    play.awaits = true;
    play.idle = 0;
}

/* Steps since, or since the model was another one: a reset may have been under way. */
static bool has_learned(const LsSnapshot *snapshot, int side)
{
    const uint64_t from = snapshot->model_id == play.model[side] ? play.from[side] : 0;
    return snapshot->step >= from + STEPS;
}

static void settle(App *app)
{
    app->dialog = APP_DIALOG_NONE;
    (void)app_past_leave(app);
    if (app_fork_pending(app)) {
        return;
    }
    if (!play.awaits || play.fork != app_fork_on(app)) {
        note(app);
    }
    /* A setting that lets the model burst stops it, as often as it is begun. */
    if (app->view.settings.lr > 0.01 || (play.fork && app->fork.view.settings.lr > 0.01)) {
        app_action_find("preset.vae")->run(app, app_action_find("preset.vae")->argument);
    }
    if (!app->view.training && play.idle++ % PATIENCE == 0) {
        app_action_find("train.toggle")->run(app, 0);
    }
    if (has_learned(app->view.snapshot, 0) && !app->save_path[0] &&
        (!play.fork || has_learned(app->fork.view.snapshot, 1))) {
        play.forks += play.fork;
        play.awaits = false;
        play.frame = 0;
        play.burst++;
    }
}

void __wrap_app_session_update(App *app)
{
    __real_app_session_update(app);
    app->awake = true;
    if (play.burst == BURSTS) {
        app->quit = true;
    } else if (play.frame < FRAMES) {
        play.frame++;
        burst(app);
    } else {
        settle(app);
    }
}

/* Returns how many bursts left a fork that was trained. */
static int run(uint64_t seed)
{
    Offscreen place;
    offscreen_open(&place, "own.safetensors");
    memset(&play, 0, sizeof play);
    play.own = place.file;
    play.rng = ls_rng_make(seed, LS_RNG_VIEW);
    offscreen_run(&place,
                  (AppOptions){.seconds = 1e6, .threads = 1, .settings = "hidden=32,16 batch=32"});
    assert_int_equal(play.burst, BURSTS);
    assert_int_equal(access(place.file, R_OK), 0);
    offscreen_close(&place);
    return play.forks;
}

static void training_goes_on_whatever_was_pressed(void **state)
{
    (void)state;
    int forks = 0;
    for (uint64_t seed = first_seed; seed <= last_seed; seed++) {
        print_message("seed %d\n", (int)seed);
        forks += run(seed);
    }
    assert_true(forks > 0);
}

int main(int argc, char **argv)
{
    if (argc == 3) {
        first_seed = strtoull(argv[1], NULL, 10);
        last_seed = strtoull(argv[2], NULL, 10);
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(training_goes_on_whatever_was_pressed)};
    return cmocka_run_group_tests_name("liveness", tests, NULL, NULL);
}
