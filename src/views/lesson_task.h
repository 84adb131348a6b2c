/* What a lesson asks for, in the words of the window: a lesson's file says "overfitting > 40" and
 * "rec_on=off", its page "overfitting gap > 40 nats" and "Switch Reconstruction off". */
#ifndef VIEWS_LESSON_TASK_H
#define VIEWS_LESSON_TASK_H

#include "latentscape/train/lesson.h"

enum {
    VIEW_LESSON_TASK = 2 * LS_LESSON_SHORT /* bytes of a line */
};

/* A condition and, where it is known, what `figure` has come to; settings: whose kinds give the units.
 * Shapes: out [VIEW_LESSON_TASK].  Thread: any. */
void view_lesson_task_condition(const LsLessonCondition *condition, const LsTrainSettings *settings,
                                double figure, char *out);

/* What is to be set: a share text, of which every name is one of the settings'.
 * Shapes: out [VIEW_LESSON_TASK].  Thread: any. */
void view_lesson_task_set(const char *set, char *out);

#endif
