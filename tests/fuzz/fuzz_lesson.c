/* Any bytes as a lesson. */
#include "latentscape/train/lesson.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    LsError err = {0};
    LsLesson *lesson = ls_lesson_parse((const char *)data, size, "lesson.txt", &err);
    if (lesson == NULL) {
        fuzz_check_refusal(&err, "lesson.txt:");
        return 0;
    }
    /* What was understood can be followed: nothing known, and a little. */
    LsLessonFacts then = ls_lesson_facts(), now = then;
    const LsMetric metric = {.step = 7, .evaluated = true};
    ls_lesson_add_metric(&now, &metric);
    for (int i = 0; i < lesson->step_count; i++) {
        const LsLessonStep *step = &lesson->step[i];
        char said[LS_LESSON_LONG];
        ls_lesson_fill(step->said, &then, &now, said, sizeof said);
        fuzz_check(strlen(said) < sizeof said);
        (void)ls_lesson_needs_measures(step);
        (void)ls_lesson_is_set(step, &lesson->settings);
        (void)ls_lesson_reached(step, &then, &now);
    }
    ls_memory_free(lesson);
    return 0;
}
