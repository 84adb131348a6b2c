#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/base.h"
#include "latentscape/core/memory.h"

#include "views/lesson_task.h"

/* The condition as a file's reader gives it. */
static void say(const char *until, double figure, char *out)
{
    char text[512];
    LsError err = {0};
    (void)snprintf(text, sizeof text, "title: A\nstep: B\ntext: T\ntrain: on\nuntil: %s\n", until);
    LsLesson *lesson = ls_lesson_parse(text, strlen(text), "l.txt", &err);
    assert_non_null(lesson);
    const LsTrainSettings settings = ls_train_settings_make();
    view_lesson_task_condition(&lesson->step[0].condition[0], &settings, figure, out);
    ls_memory_free(lesson);
}

static void conditions_are_said_in_the_words_of_the_window(void **state)
{
    (void)state;

    static const struct {
        const char *until;
        double figure;
        const char *said;
    } cases[] = {
        {"elbo > -149", (double)NAN, "ELBO > −149 nats"},
        {"elbo > -149", -150.34, "ELBO > −149 nats · now −150.3"},
        {"overfitting > 40", 21.25, "overfitting gap > 40 nats · now 21.2"},
        {"kl falls by 15%", -0.5, "KL falls by 15 % · now −0.50"},
        {"rec rises by 20", 3, "Reconstruction rises by 20 nats · now +3.00"},
        {"distance < 1.5", 0.53, "codes to prior < 1.5 σ · now 0.53"},
        {"steps > 200", 20, "Steps > 200 · now 20"},
        {"reg falls by 20%", (double)NAN, "Regularization falls by 20 %"},
        {"clarity rises by 0.02", (double)NAN, "clarity rises by 0.02"},
    };

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        char text[VIEW_LESSON_TASK];
        say(cases[i].until, cases[i].figure, text);
        assert_string_equal(text, cases[i].said);
    }
}

static void no_quantity_is_called_by_the_name_of_another(void **state)
{
    (void)state;
    char text[LS_LESSON_QUANTITIES][VIEW_LESSON_TASK];
    const LsTrainSettings settings = ls_train_settings_make();
    for (int i = 0; i < LS_LESSON_QUANTITIES; i++) {
        const LsLessonCondition condition = {.quantity = i, .amount = 1};
        view_lesson_task_condition(&condition, &settings, (double)NAN, text[i]);
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(text[i], text[k]);
        }
    }
}

static void settings_are_said_by_their_titles(void **state)
{
    (void)state;

    static const struct {
        const char *set, *said;
    } cases[] = {
        {"beta=4", "Set Divergence weight β to 4"},
        {"rec_on=off", "Switch Reconstruction off"},
        {"reg_on=on w_reg=0.1", "Switch Regularization on, set Regularization weight λ to 0.1"},
        {"train_images=0", "Set Training images to all"},
        {"rec=laplace", "Set Reconstruction to laplace"},
        {"", ""},
    };

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        char text[VIEW_LESSON_TASK];
        view_lesson_task_set(cases[i].set, text);
        assert_string_equal(text, cases[i].said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_are_said_in_the_words_of_the_window),
        cmocka_unit_test(no_quantity_is_called_by_the_name_of_another),
        cmocka_unit_test(settings_are_said_by_their_titles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
