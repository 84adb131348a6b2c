#include "views/course.h"

#include <math.h>

/* Noise does not fill the box: it spans this many standard errors at least. */
static const double least_span = 6;

static float place_of(const ViewCourses *courses, uint64_t step)
{
    return courses->last > courses->first && step >= courses->first
               ? (float)((double)(step - courses->first) / (double)(courses->last - courses->first))
               : -1;
}

static void make(ViewCourses *courses, const LsMeasures *all, int id)
{
    ViewCourse *course = &courses->course[id];
    double least = (double)INFINITY;
    double most = -(double)INFINITY;
    double error = 0;
    for (size_t i = 0; i < courses->count; i++) {
        const LsMeasureValue *value = &all[i].value[id];
        if (value->missing == NULL) {
            least = fmin(least, value->value);
            most = fmax(most, value->value);
            error = value->error;
        }
    }
    course->count = 0;
    if (courses->last <= courses->first || !(least <= most)) {
        return;
    }
    const double middle = (least + most) / 2;
    const double span = fmax(most - least, fmax(least_span * error, 1e-9));
    int slot = -1;
    for (size_t i = 0; i < courses->count; i++) {
        const LsMeasureValue *value = &all[i].value[id];
        const float x = place_of(courses, all[i].step);
        const int at = (int)(x * (VIEW_COURSE_POINTS - 1));
        if (value->missing != NULL) {
            continue;
        }
        /* Of several at one place the last. */
        course->count += at > slot ? 1 : 0;
        slot = at;
        course->point[course->count - 1] =
            (UiPoint){x, (float)(0.5 - (value->value - middle) / span)};
    }
}

bool view_course_follow(ViewCourses *courses, const LsHistory *history)
{
    size_t count = 0;
    size_t markers = 0;
    const LsMeasures *all = ls_history_measures(history, &count);
    const LsMarker *marker = ls_history_markers(history, &markers);
    const uint64_t first = count > 0 ? all[0].step : 0;
    const uint64_t last = count > 0 ? all[count - 1].step : 0;
    const uint64_t serial = count > 0 ? all[count - 1].serial : 0;
    const uint64_t changed = markers > 0 ? marker[markers - 1].step : 0;
    if (courses->history == history && courses->count == count && courses->markers == markers &&
        courses->first == first && courses->last == last && courses->serial == serial &&
        courses->changed == changed) {
        return false;
    }
    courses->history = history;
    courses->count = count;
    courses->markers = markers;
    courses->first = first;
    courses->last = last;
    courses->serial = serial;
    courses->changed = changed;
    const float mark = markers > 0 ? place_of(courses, changed) : -1;
    courses->mark = mark > 0 && mark <= 1 ? mark : -1;
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        make(courses, all, i);
    }
    return true;
}

void view_course_draw(const ViewCourses *courses, Ui *ui, LsMeasureId id, UiRect box)
{
    const ViewCourse *course = &courses->course[id];
    UiPoint point[VIEW_COURSE_POINTS];
    if (course->count < 2) {
        return;
    }
    if (courses->mark >= 0) {
        ui_draw_rect(ui, (UiRect){box.x + box.w * courses->mark, box.y - 1, 1, box.h + 2},
                     UI_TRACK);
    }
    for (int i = 0; i < course->count; i++) {
        point[i] =
            (UiPoint){box.x + box.w * course->point[i].x, box.y + box.h * course->point[i].y};
    }
    ui_draw_lines(ui, point, (size_t)course->count, 1.25F, UI_SOFT);
    ui_draw_disc(ui, point[course->count - 1], 2, UI_TEXT);
}

const LsMeasures *view_course_at(const ViewCourses *courses, float place)
{
    size_t count = 0;
    const LsMeasures *all =
        courses->history != NULL ? ls_history_measures(courses->history, &count) : NULL;
    const LsMeasures *nearest = NULL;
    float distance = 2;
    for (size_t i = 0; i < count; i++) {
        const float away = fabsf(view_course_place(courses, &all[i]) - place);
        if (away < distance) {
            distance = away;
            nearest = &all[i];
        }
    }
    return nearest;
}

float view_course_place(const ViewCourses *courses, const LsMeasures *measures)
{
    return fmaxf(place_of(courses, measures->step), 0);
}
