/* A card for one term of the loss: its switch, kind, weight, and what it comes to now. */
#ifndef VIEWS_TERM_CARD_H
#define VIEWS_TERM_CARD_H

#include "views/form.h"
#include "views/term.h"

enum {
    VIEW_TERM_CARD_H = 78 /* px */
};

/* Draws it and edits *settings. value: of the term now, in nats; NAN where none is known.
 * Thread: UI. */
ViewChange view_term_card_draw(View *view, const ViewTerm *term, LsTrainSettings *settings,
                               double value, UiRect rect);

#endif
