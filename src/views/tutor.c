#include "views/tutor.h"

#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"

static const float apart = 0.5F; /* in the latent plane: nearer ones are one place */

void view_tutor_begin(ViewTutor *tutor, LsLesson *lesson)
{
    ls_memory_free(tutor->lesson);
    *tutor = (ViewTutor){.lesson = lesson, .now = ls_lesson_facts()};
    tutor->then = tutor->now;
}

const LsLessonStep *view_tutor_step(const ViewTutor *tutor)
{
    return tutor->lesson != NULL ? &tutor->lesson->step[tutor->step] : NULL;
}

static void learn(ViewTutor *tutor, const View *view)
{
    const LsSnapshot *snapshot = view->snapshot;
    if (tutor->model_id != snapshot->model_id) {
        tutor->model_id = snapshot->model_id;
        tutor->now = ls_lesson_facts();
        tutor->then = tutor->now;
    }
    if (snapshot->evaluation.evaluated) {
        ls_lesson_add_metric(&tutor->now, &snapshot->evaluation);
    }
    if (snapshot->measures.serial > 0) {
        ls_lesson_add_measures(&tutor->now, &snapshot->measures);
    }
    tutor->now.step = snapshot->step;
}

void view_tutor_go(ViewTutor *tutor, const View *view, int step)
{
    if (tutor->lesson == NULL || step < 0 || step >= tutor->lesson->step_count) {
        return;
    }
    learn(tutor, view);
    tutor->step = step;
    tutor->set = tutor->trained = tutor->reached = false;
    tutor->looked = 0;
    tutor->then = tutor->now;
}

/* Counts the places of the map that were pointed at, each once. */
static void look(ViewTutor *tutor, const ViewCursor *cursor)
{
    if (!cursor->over || tutor->looked == VIEW_TUTOR_PLACES) {
        return;
    }
    for (int i = 0; i < tutor->looked; i++) {
        const float *place = tutor->place[i];
        if (hypotf(place[0] - cursor->z[0], place[1] - cursor->z[1]) < apart) {
            return;
        }
    }
    memcpy(tutor->place[tutor->looked++], cursor->z, sizeof cursor->z);
}

void view_tutor_follow(ViewTutor *tutor, const View *view)
{
    const LsLessonStep *step = view_tutor_step(tutor);
    if (step == NULL) {
        return;
    }
    learn(tutor, view);
    look(tutor, &view->cursor);
    const bool set = ls_lesson_is_set(step, &view->settings);
    if (set && !tutor->set && step->set[0] != '\0') {
        tutor->then = tutor->now; /* what it does is counted from here */
    }
    tutor->set = set;
    tutor->trained = tutor->trained || view->training || tutor->now.step > tutor->then.step;
    const bool done =
        set && tutor->looked >= step->look && (!step->train || tutor->trained || tutor->reached);
    tutor->reached = tutor->reached || (done && ls_lesson_reached(step, &tutor->then, &tutor->now));
}
