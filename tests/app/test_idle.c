/* How often the loop turns for nothing while nobody touches the window: its turns and its frames are
 * counted by the linker's hooks, in a real window that is drawn in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app/frame.h"
#include "app/session.h"
#include "offscreen.h"

enum {
    WAIT_MS = 2000,
    /* Four a second, and some where an event came that changed nothing. 60 a second would be 120. */
    TURNS_MOST = 40
};

/* The hooks take no context, so what they count lives at file scope. */
static int turns;  /* of the loop */
static int frames; /* drawn */

void __real_app_session_update(App *app);
void __wrap_app_session_update(App *app);
void __real_app_frame_draw(App *app);
void __wrap_app_frame_draw(App *app);

void __wrap_app_session_update(App *app)
{
    turns++;
    __real_app_session_update(app);
}

void __wrap_app_frame_draw(App *app)
{
    frames++;
    __real_app_frame_draw(app);
}

/* Turns without a frame while a window plays this script. */
static int turns_for_nothing(const char *text)
{
    Offscreen place;
    offscreen_open(&place, "script");
    FILE *file = fopen(place.file, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    turns = frames = 0;
    offscreen_run(&place, (AppOptions){.script = place.file, .threads = 1});
    offscreen_close(&place);
    assert_true(frames > 0);
    return turns - frames;
}

static void a_waiting_script_lets_the_window_sleep(void **state)
{
    (void)state;
    char script[64];
    snprintf(script, sizeof script, "move 120 200\nwait-ms %d\nquit\n", WAIT_MS);
    assert_in_range(turns_for_nothing(script), 0, TURNS_MOST);
}

static void many_short_waits_take_a_turn_each(void **state)
{
    (void)state;
    char script[64 * 12] = "move 120 200\n";
    for (int i = 0; i < 40; i++) {
        snprintf(script + strlen(script), sizeof script - strlen(script), "wait-ms %d\n",
                 WAIT_MS / 40);
    }
    snprintf(script + strlen(script), sizeof script - strlen(script), "quit\n");
    assert_in_range(turns_for_nothing(script), 0, 40 + TURNS_MOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_waiting_script_lets_the_window_sleep),
        cmocka_unit_test(many_short_waits_take_a_turn_each),
    };
    return cmocka_run_group_tests_name("app/idle", tests, NULL, NULL);
}
