/* The line at the foot of the loss panel that says in one sentence what is happening to the model, with
 * the rule and its figures as a tooltip. It stays for a moment at least, so that it can be read. */
#ifndef VIEWS_VERDICT_H
#define VIEWS_VERDICT_H

#include "latentscape/train/diagnosis.h"

#include "views/view.h"

typedef struct ViewVerdict {
    LsDiagnosis shown;
    LsTrainSettings settings; /* under which it was said */
    uint64_t model_id;
    uint64_t stopped; /* which fault stopped it; 0: none */
    bool past;        /* it was said of an earlier step: what is known of it is how to leave it */
    double looked, since; /* when the history was looked at; when the sentence became another one */
} ViewVerdict;

/* Brings it up to date: at most four times a second.  Thread: UI. */
void view_verdict_follow(ViewVerdict *verdict, const View *view);

/* The height it wants in a column so wide, logical units.  Thread: UI. */
float view_verdict_height(const ViewVerdict *verdict, Ui *ui, float width);

/* Draws it.  Thread: UI. */
void view_verdict_draw(const ViewVerdict *verdict, View *view, UiRect rect);

#endif
