/* The page of lessons: a list to choose from, and the lesson under way, a step at a time. */
#ifndef VIEWS_LESSON_PAGE_H
#define VIEWS_LESSON_PAGE_H

#include "views/tutor.h"

enum {
    VIEW_LESSONS_MOST = 16,
    VIEW_LESSON_PAGE_NONE = -1, /* what draw returns: nothing was picked */
    VIEW_LESSON_PAGE_LEFT = -2  /* the lesson under way was left */
};

/* What the list shows of a lesson. */
typedef struct ViewLessonEntry {
    char title[LS_LESSON_SHORT], about[LS_LESSON_LONG];
} ViewLessonEntry;

typedef struct ViewLessonPage {
    ViewTutor tutor;
    ViewLessonEntry entry[VIEW_LESSONS_MOST];
    int entry_count;
    float offset, height; /* of what scrolls */
} ViewLessonPage;

/* Draws the page. Returns the number of the lesson that the person picked from the list, or one of the
 * two above.  Thread: UI. */
int view_lesson_page_draw(ViewLessonPage *page, View *view, UiRect rect);

/* A ring around the control that the step at hand means, while it is not done; over everything else.
 * Thread: UI. */
void view_lesson_page_point(const ViewLessonPage *page, const View *view);

/* Releases what it holds.  Thread: UI. */
void view_lesson_page_finish(ViewLessonPage *page);

#endif
