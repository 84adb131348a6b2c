#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"
#include "latentscape/train/lesson.h"

static const char whole[] = "# for the author\n"
                            "title: The balance\n"
                            "about: What beta does,\n"
                            "  in two lines.\n"
                            "start: fresh\n"
                            "settings: lr=2e-3 hidden=64\n"
                            "\n"
                            "step: Learn\n"
                            "text: Press Train.\n"
                            "point: train.toggle\n"
                            "train: on\n"
                            "until: elbo > -180\n"
                            "until: steps > 100\n"
                            "within: 500\n"
                            "step: More beta\r\n"
                            "text: Set it.\n"
                            "set: beta=4\n"
                            "train: on\n"
                            "until: kl falls by 20%\n"
                            "until: sharpness falls by 0.1\n"
                            "look: 3\n"
                            "said: KL from {kl.then} to {kl}, {kl.change}.";

static LsLesson *parse(const char *text)
{
    LsError err = {0};
    LsLesson *lesson = ls_lesson_parse(text, strlen(text), "l.txt", &err);
    if (lesson == NULL) {
        fail_msg("%s", err.text);
    }
    return lesson;
}

static void a_lesson_is_read_as_it_stands(void **state)
{
    (void)state;
    LsLesson *lesson = parse(whole);
    assert_string_equal(lesson->title, "The balance");
    assert_string_equal(lesson->about, "What beta does, in two lines.");
    assert_true(lesson->fresh);
    assert_int_equal(lesson->settings.hidden.value[0], 64);
    assert_int_equal(lesson->step_count, 2);
    const LsLessonStep *first = &lesson->step[0];
    assert_string_equal(first->point, "train.toggle");
    assert_true(first->train);
    assert_int_equal(first->within, 500);
    assert_int_equal(first->condition_count, 2);
    assert_int_equal(first->condition[0].relation, LS_LESSON_ABOVE);
    assert_true(first->condition[0].amount == -180);
    const LsLessonStep *second = &lesson->step[1];
    assert_string_equal(second->title, "More beta");
    assert_int_equal(second->look, 3);
    assert_true(second->condition[0].share && second->condition[0].amount == 0.2);
    assert_false(second->condition[1].share);
    assert_true(ls_lesson_needs_measures(second));
    assert_false(ls_lesson_needs_measures(first));
    ls_memory_free(lesson);
}

static void a_fault_is_told_with_file_and_line(void **state)
{
    (void)state;

    static const struct {
        const char *text, *line, *holds;
    } cases[] = {
        {"", "l.txt:1:", "title"},
        {"title: A\n", "l.txt:1:", "step"},
        {"title: A\nstep: S\n", "l.txt:1:", "text"},
        {"title: A\ntitel: B\n", "l.txt:2:", "\"title\""},
        {"title: A\ntitle: B\n", "l.txt:2:", "already"},
        {"title: A\nno colon\n", "l.txt:2:", "name: value"},
        {"title: A\ntext: T\n", "l.txt:2:", "step"},
        {"title: A\nstep: S\ntext: T\nabout: B\n", "l.txt:4:", "top"},
        {"title: A\nstep: S\ntext: T\nuntil: kll > 3\n", "l.txt:4:", "\"kl\""},
        {"title: A\nstep: S\ntext: T\nuntil: kl >= 3\n", "l.txt:4:", "compares"},
        {"title: A\nstep: S\ntext: T\nuntil: kl > three\n", "l.txt:4:", "number"},
        {"title: A\nstep: S\ntext: T\nuntil: kl > 3 nats\n", "l.txt:4:", "after the number"},
        {"title: A\nstep: S\ntext: T\nuntil: kl falls by -3\n", "l.txt:4:", "negative"},
        {"title: A\nstep: S\ntext: T\nuntil: kl falls 3\n", "l.txt:4:", "rises by"},
        {"title: A\nstep: S\ntext: T\nuntil: kl > 3\n", "l.txt:1:", "train: on"},
        {"title: A\nstep: S\ntext: T\nset: betta=4\n", "l.txt:4:", "beta"},
        {"title: A\nstep: S\ntext: T\nset: hidden=4\n", "l.txt:4:", "settings:"},
        {"title: A\nstep: S\ntext: T\nset: seed=4\n", "l.txt:4:", "settings:"},
        {"title: A\nstep: S\ntext: T\nwithin: 0\n", "l.txt:4:", "whole number"},
        {"title: A\nstep: S\ntext: T\nlook: 1.5\n", "l.txt:4:", "whole number"},
        {"title: A\nstep: S\ntext: T\ntrain: off\n", "l.txt:4:", "on"},
        {"title: A\nstep: S\ntext: T\nsaid: {kll}\n", "l.txt:4:", "\"kl\""},
        {"title: A\nstep: S\ntext: T\nsaid: {kl.now}\n", "l.txt:4:", "then"},
        {"title: A\nstep: S\ntext: T\nsaid: {kl\n", "l.txt:4:", "}"},
        {"title: A\nstart: anew\n", "l.txt:2:", "fresh"},
        {"title: \n", "l.txt:1:", "no value"},
        {"title: A\nabout: \x1b[31m\n", "l.txt:2:", "plain text"},
    };

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        LsError err = {0};
        assert_null(ls_lesson_parse(cases[i].text, strlen(cases[i].text), "l.txt", &err));
        assert_int_equal(err.code, LS_ERR_FORMAT);
        if (strncmp(err.text, cases[i].line, strlen(cases[i].line)) != 0 ||
            strstr(err.text, cases[i].holds) == NULL) {
            fail_msg("case %zu: %s", i, err.text);
        }
    }
}

static void a_text_that_is_too_long_is_refused(void **state)
{
    (void)state;
    char text[4096];
    LsError err = {0};
    int used = snprintf(text, sizeof text, "title: ");
    memset(text + used, 'x', 2000);
    text[used + 2000] = '\0';
    assert_null(ls_lesson_parse(text, strlen(text), "l.txt", &err));
    assert_non_null(strstr(err.text, "too long"));
    text[used + 300] = '\0';
    assert_null(ls_lesson_parse(text, strlen(text), "l.txt", &err));
    assert_non_null(strstr(err.text, "too long"));
}

static LsLessonFacts at(uint64_t step, double kl, double sharpness)
{
    LsLessonFacts facts = ls_lesson_facts();
    const LsMetric metric = {
        .step = step, .evaluated = true, .heldout = {.kl = kl, .rec = 140}, .heldout_elbo = -150};
    LsMeasures measures = {.serial = 1, .step = step};
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        measures.value[i].missing = "it was not measured";
    }
    measures.value[LS_MEASURE_SHARPNESS] = (LsMeasureValue){.value = sharpness};
    ls_lesson_add_metric(&facts, &metric);
    ls_lesson_add_measures(&facts, &measures);
    return facts;
}

static void a_condition_is_true_only_of_what_is_newer(void **state)
{
    (void)state;
    LsLesson *lesson = parse(whole);
    const LsLessonStep *step = &lesson->step[1];
    const LsLessonFacts then = at(100, 10, 0.8), same = at(100, 5, 0.5);
    const LsLessonFacts little = at(200, 8.1, 0.75), enough = at(200, 7.9, 0.69);
    double figure = 0;
    assert_false(ls_lesson_reached(step, &then, &same)); /* nothing was measured since */
    assert_false(ls_lesson_reached(step, &then, &little));
    assert_true(ls_lesson_reached(step, &then, &enough));
    assert_true(ls_lesson_holds(&step->condition[0], &then, &enough, &figure));
    assert_true(fabs(figure + 2.1) < 1e-12);
    const LsLessonFacts unknown = ls_lesson_facts();
    assert_false(ls_lesson_reached(step, &unknown, &enough)); /* changed from what? */
    assert_false(ls_lesson_reached(step, &then, &unknown));
    /* "steps" counts from then on. */
    const LsLessonCondition *steps = &lesson->step[0].condition[1];
    const LsLessonFacts later = at(201, 10, 0.8);
    assert_false(ls_lesson_holds(steps, &then, &enough, &figure));
    assert_true(ls_lesson_holds(steps, &then, &later, &figure));
    assert_true(figure == 101);
    ls_memory_free(lesson);
}

static void figures_stand_in_what_is_said(void **state)
{
    (void)state;
    char text[LS_LESSON_LONG];
    const LsLessonFacts then = at(100, 10.04, 0.8), now = at(300, 4, 0.5);
    ls_lesson_fill("KL {kl.then} to {kl} ({kl.change}) in {steps} steps, {reg}; {coherence}", &then,
                   &now, text, sizeof text);
    assert_string_equal(text, "KL 10.0 to 4.0 (\u22126.0) in 200 steps, 0.0; \u2013");
    char small[8];
    ls_lesson_fill("1234567890", &then, &now, small, sizeof small);
    assert_string_equal(small, "1234567");
}

static void settings_are_compared_by_what_the_step_asks_for(void **state)
{
    (void)state;
    LsLesson *lesson = parse(whole);
    LsTrainSettings settings = lesson->settings;
    assert_true(ls_lesson_is_set(&lesson->step[0], &settings)); /* asks for nothing */
    assert_false(ls_lesson_is_set(&lesson->step[1], &settings));
    settings.beta = 4;
    settings.lr = 5e-4; /* none of the lesson's business */
    assert_true(ls_lesson_is_set(&lesson->step[1], &settings));
    ls_memory_free(lesson);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lesson_is_read_as_it_stands),
        cmocka_unit_test(a_fault_is_told_with_file_and_line),
        cmocka_unit_test(a_text_that_is_too_long_is_refused),
        cmocka_unit_test(a_condition_is_true_only_of_what_is_newer),
        cmocka_unit_test(figures_stand_in_what_is_said),
        cmocka_unit_test(settings_are_compared_by_what_the_step_asks_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
