#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "views/tutor.h"

static const char text[] = "title: A\n"
                           "step: Look\n"
                           "text: T\n"
                           "look: 2\n"
                           "step: Beta\n"
                           "text: T\n"
                           "set: beta=4\n"
                           "train: on\n"
                           "until: kl falls by 20%\n";

typedef struct World {
    ViewTutor tutor;
    LsSnapshot snapshot;
    View view;
} World;

static void begin(World *world)
{
    LsError err = {0};
    LsLesson *lesson = ls_lesson_parse(text, strlen(text), "l.txt", &err);
    assert_non_null(lesson);
    *world = (World){.snapshot = {.model_id = 1}};
    world->view.snapshot = &world->snapshot;
    world->view.settings = ls_train_settings_make();
    view_tutor_begin(&world->tutor, lesson);
    view_tutor_go(&world->tutor, &world->view, 0);
}

static void point(World *world, float x, float y)
{
    world->view.cursor = (ViewCursor){.over = true, .set = true, .z = {x, y}};
    view_tutor_follow(&world->tutor, &world->view);
}

static void evaluate(World *world, uint64_t step, double kl)
{
    world->snapshot.step = step;
    world->snapshot.evaluation = (LsMetric){.step = step, .evaluated = true, .heldout = {.kl = kl}};
    view_tutor_follow(&world->tutor, &world->view);
}

static void places_that_lie_apart_are_counted_once_each(void **state)
{
    (void)state;
    World world;
    begin(&world);
    point(&world, 0, 0);
    point(&world, 0.2F, 0.2F);
    point(&world, 0, 0);
    assert_int_equal(world.tutor.looked, 1);
    assert_false(world.tutor.reached);
    world.view.cursor.over = false;
    view_tutor_follow(&world.tutor, &world.view);
    point(&world, 1, 0);
    assert_true(world.tutor.reached);
    view_tutor_begin(&world.tutor, NULL);
}

static void an_effect_counts_from_when_its_setting_was_made(void **state)
{
    (void)state;
    World world;
    begin(&world);
    evaluate(&world, 100, 10);
    view_tutor_go(&world.tutor, &world.view, 1);
    evaluate(&world, 200, 5); /* it fell, but nobody had set anything */
    assert_false(world.tutor.set || world.tutor.reached);
    world.view.settings.beta = 4;
    view_tutor_follow(&world.tutor, &world.view);
    assert_true(world.tutor.set);
    assert_false(world.tutor.reached);
    evaluate(&world, 300, 4.2); /* by 16% of 5 */
    assert_false(world.tutor.reached);
    evaluate(&world, 400, 3.9);
    assert_true(world.tutor.reached);
    world.view.settings.beta = 1; /* what was reached stays so */
    view_tutor_follow(&world.tutor, &world.view);
    assert_true(world.tutor.reached);
    view_tutor_begin(&world.tutor, NULL);
}

static void another_model_is_known_anew(void **state)
{
    (void)state;
    World world;
    begin(&world);
    view_tutor_go(&world.tutor, &world.view, 1);
    world.view.settings.beta = 4;
    evaluate(&world, 100, 10);
    world.snapshot.model_id = 2;
    evaluate(&world, 10, 5); /* lower, but of another model */
    assert_false(world.tutor.reached);
    view_tutor_begin(&world.tutor, NULL);
    view_tutor_follow(&world.tutor, &world.view); /* no lesson: nothing happens */
    assert_null(view_tutor_step(&world.tutor));
}

static void steps_are_within_the_lesson(void **state)
{
    (void)state;
    World world;
    begin(&world);
    view_tutor_go(&world.tutor, &world.view, -1);
    assert_int_equal(world.tutor.step, 0);
    view_tutor_go(&world.tutor, &world.view, 2);
    assert_int_equal(world.tutor.step, 0);
    view_tutor_go(&world.tutor, &world.view, 1);
    assert_string_equal(view_tutor_step(&world.tutor)->title, "Beta");
    view_tutor_begin(&world.tutor, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_that_lie_apart_are_counted_once_each),
        cmocka_unit_test(an_effect_counts_from_when_its_setting_was_made),
        cmocka_unit_test(another_model_is_known_anew),
        cmocka_unit_test(steps_are_within_the_lesson),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
