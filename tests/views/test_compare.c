/* The page that compares the sides of a fork, in the panel of a small window. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stage.h"
#include "views/compare.h"

static const UiRect panel = {900, 100, 272, 260}; /* of a window of 900 x 600 */

static void draw(Scene *scene, ViewCompare *compare, View *other, UiRect rect)
{
    ui_begin(scene->ui, scene->now);
    view_compare_draw(compare, &scene->view, other, rect);
    ui_end(scene->ui);
    scene->now += 1.0 / 60;
}

/* How many lines of the table lie whole within rect; *all: how many there are. */
static int lines_in(const Scene *scene, UiRect rect, int *all)
{
    static const char *const first[] = {"elbo", "rec", "kl", "gap"};
    int seen = 0;
    *all = 0;
    for (int i = 0; i < 4 + LS_MEASURE_COUNT; i++) {
        char id[48];
        UiRect at;
        (void)snprintf(id, sizeof id, "versus.%s",
                       i < 4 ? first[i] : ls_measure_rows()[i - 4].name);
        if (ui_find(scene->ui, id, &at)) {
            *all += 1;
            seen += at.y >= rect.y && at.y + at.h <= rect.y + rect.h ? 1 : 0;
        }
    }
    return seen;
}

static void every_line_can_be_reached_by_wheel_and_keys(void **state)
{
    Scene *scene = *state;
    ViewCompare *compare = view_compare_create(NULL);
    assert_non_null(compare);
    LsSnapshot snapshot = scene->snapshot;
    View other = scene->view;
    other.snapshot = &snapshot;
    other.settings.beta = 4;
    int all = 0;
    draw(scene, compare, &other, panel);
    draw(scene, compare, &other, panel);
    const int top = lines_in(scene, panel, &all);
    assert_int_equal(all, 3 + LS_MEASURE_COUNT); /* the gap is one of the measures */
    assert_in_range(top, 4, all - 1);
    scene_move(scene, panel.x + 100, panel.y + 100);
    scene_wheel(scene, -100);
    draw(scene, compare, &other, panel);
    draw(scene, compare, &other, panel);
    const int bottom = lines_in(scene, panel, &all);
    assert_true(top + bottom >= all);
    UiRect last;
    assert_true(ui_find(scene->ui, "versus.distance", &last));
    assert_true(last.y + last.h <= panel.y + panel.h);
    scene_key(scene, SDLK_HOME);
    draw(scene, compare, &other, panel);
    draw(scene, compare, &other, panel);
    assert_int_equal(lines_in(scene, panel, &all), top);
    view_compare_destroy(compare);
}

static void a_high_panel_shows_all_of_them_at_once(void **state)
{
    Scene *scene = *state;
    ViewCompare *compare = view_compare_create(NULL);
    View other = scene->view;
    const UiRect high = {800, 100, 368, 520};
    int all = 0;
    other.settings.beta = 4;
    draw(scene, compare, &other, high);
    draw(scene, compare, &other, high);
    assert_int_equal(lines_in(scene, high, &all), 3 + LS_MEASURE_COUNT);
    view_compare_destroy(compare);
}

#define SCENE_TEST(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(every_line_can_be_reached_by_wheel_and_keys),
        SCENE_TEST(a_high_panel_shows_all_of_them_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
