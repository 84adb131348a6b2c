/* The courses of the measures of a run, as small curves: made from its history anew only when that has
 * grown, so that a frame draws what is there already. */
#ifndef VIEWS_COURSE_H
#define VIEWS_COURSE_H

#include "latentscape/train/history.h"

#include "ui/ui.h"

enum {
    VIEW_COURSE_POINTS = 160 /* of a curve, at most */
};

/* One measure. */
typedef struct ViewCourse {
    int count;                         /* fewer than 2: there is no curve yet */
    UiPoint point[VIEW_COURSE_POINTS]; /* 0 .. 1 from the left and from the top */
} ViewCourse;

/* All of them; zeroed at first. */
typedef struct ViewCourses {
    // --- what they were made from
    const LsHistory *history;
    size_t count, markers;
    uint64_t first, last, changed; /* steps */
    uint64_t serial;               /* of the newest */
    // ---
    float mark; /* where the settings were changed last, 0 .. 1; negative: not in this time */
    ViewCourse course[LS_MEASURE_COUNT];
} ViewCourses;

/* Takes in what is new. Returns whether anything was made anew.  Thread: UI. */
bool view_course_follow(ViewCourses *courses, const LsHistory *history);

/* Draws a measure's curve, and a tick where the settings were changed last.  Thread: UI. */
void view_course_draw(const ViewCourses *courses, Ui *ui, LsMeasureId id, UiRect box);

/* The measures nearest to a place in the curves, 0 .. 1; NULL: there are none. Owns: borrowed until
 * the history grows.  Thread: UI. */
const LsMeasures *view_course_at(const ViewCourses *courses, float place);

/* The place of measures in the curves, 0 .. 1.  Thread: UI. */
float view_course_place(const ViewCourses *courses, const LsMeasures *measures);

#endif
