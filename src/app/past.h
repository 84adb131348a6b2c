/* Looking back through a run: the views are given the model and settings of an earlier step, while
 * training goes on. A fork begun meanwhile goes on from that step. */
#ifndef APP_PAST_H
#define APP_PAST_H

#include "latentscape/train/timeline.h"

#include "views/view.h"

typedef struct App App;

typedef struct AppPast {
    LsTimeline *timeline;
    bool shown;
    int index;           /* of the state shown */
    LsSnapshot snapshot; /* it */
    uint64_t serial;     /* of what was shown so far: above every serial of a trainer's */
    View present;        /* what the program's view is while that of the past is drawn */
    bool drawing;
} AppPast;

/* Keeps what is to be kept of the newest snapshot. Once a frame.  Thread: UI. */
void app_past_update(App *app);

/* Shows the state nearest to a step.  Thread: UI. */
void app_past_seek(App *app, uint64_t step);

/* Back to the present. Returns whether the past was shown.  Thread: UI. */
bool app_past_leave(App *app);

/* Whether the past is shown, and if so tells how to leave it: for what can be done in the present
 * alone.  Thread: UI. */
bool app_past_refuses(App *app);

/* Between begin and end the program's view is that of the past, where that is shown.  Thread: UI. */
void app_past_begin(App *app);
void app_past_end(App *app);

/* Draws the slider and does what is done with it.  Thread: UI. */
void app_past_draw(App *app, UiRect rect);

/* Releases it all.  Thread: UI. */
void app_past_finish(App *app);

#endif
