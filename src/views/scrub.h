/* The slider over the steps of a run: where its model is looked at, and a tick for each state that was
 * kept. At its right end is the present. */
#ifndef VIEWS_SCRUB_H
#define VIEWS_SCRUB_H

#include "latentscape/train/timeline.h"

#include "views/view.h"

/* What a person did with it in a frame. */
typedef struct ViewScrub {
    int index; /* of the state wanted; -1: the present */
    bool changed;
} ViewScrub;

/* Draws it in rect; chosen: the state shown, -1: the present.  Thread: UI. */
ViewScrub view_scrub_draw(View *view, UiRect rect, const LsTimeline *timeline, int chosen);

#endif
