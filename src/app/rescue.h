/* The way back after training has stopped by itself: the newest state that was sound under settings
 * other than those that tore it, with its settings, or of a fork the side that is sound; offered in
 * a strip over the plots that also says what happened, until it is answered. */
#ifndef APP_RESCUE_H
#define APP_RESCUE_H

#include "latentscape/core/error.h"
#include "latentscape/train/timeline.h"

typedef struct App App;

typedef struct AppRescue {
    bool offered;
    bool of_fork; /* it ends the fork and keeps side `keep`; of what follows only the words count */
    int keep;     /* 0: A, 1: B */
    int index;    /* of the timeline's state; -1: the present weights */
    uint64_t step;                         /* where it goes back to: never after the model's own */
    LsTrainSettings settings;              /* and the settings there */
    char label[64];                        /* of the button */
    const char *help;                      /* what going back does */
    char text[sizeof((LsError *)0)->text]; /* why it stopped, and at which step the model is now */
} AppRescue;

/* The way back from the snapshot of a model that was stopped; timeline may be NULL.
 * Thread: UI. */
AppRescue app_rescue_plan(LsTimeline *timeline, const LsSnapshot *now);

/* Looks for a way back from a snapshot whose training stopped by itself; where one is offered, the
 * strip says what happened.  Thread: UI. */
void app_rescue_offer(App *app);

/* In a fork whose side 0 (A) or 1 (B) has stopped by itself, the way back is the other one: offers
 * to keep that. Fails: false where that one has stopped too.  Thread: UI. */
bool app_rescue_offer_side(App *app, int torn);

/* Withdraws the offer.  Thread: UI. */
void app_rescue_forget(App *app);

/* Goes back, paused; where nothing is offered it says so.  Thread: UI. */
void app_rescue_take(App *app);

/* Draws the offer; it ends where training goes on or another model is there.  Thread: UI. */
void app_rescue_draw(App *app);

#endif
