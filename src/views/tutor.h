/* Follows a person through a lesson (train/lesson.h): which step it stands at, whether what the step
 * asks for is done, and whether its effect has come. Draws nothing. */
#ifndef VIEWS_TUTOR_H
#define VIEWS_TUTOR_H

#include "latentscape/train/lesson.h"

#include "views/view.h"

enum {
    VIEW_TUTOR_PLACES = 64 /* of the map, at most */
};

typedef struct ViewTutor {
    LsLesson *lesson; /* NULL: none is under way */
    int step;
    bool set;     /* the settings asked for were made */
    bool trained; /* training was begun since */
    int looked;
    float place[VIEW_TUTOR_PLACES][2];
    bool reached; /* the step is done, and what it said of is true; it stays so */
    LsLessonFacts then, now;
    uint64_t model_id; /* of the model the facts are of */
} ViewTutor;

/* Begins a lesson, which becomes the tutor's; NULL ends the one under way.  Thread: UI. */
void view_tutor_begin(ViewTutor *tutor, LsLesson *lesson);

/* Goes to another step of it.  Thread: UI. */
void view_tutor_go(ViewTutor *tutor, const View *view, int step);

/* Takes note of what the person does and what the model has become. Once a frame, whether it is shown
 * or not.  Thread: UI. */
void view_tutor_follow(ViewTutor *tutor, const View *view);

/* The step at hand; NULL without a lesson.  Thread: UI. */
const LsLessonStep *view_tutor_step(const ViewTutor *tutor);

#endif
