/* A card for one term of the loss: its switch, kind, weight, what else steers the chosen kind, and what
 * the term comes to now. */
#ifndef VIEWS_TERM_CARD_H
#define VIEWS_TERM_CARD_H

#include "views/form.h"
#include "views/term.h"

/* How tall the card is: a kind that has settings of its own takes a line for each. all: what is rarely
 * needed too. Units: px.  Thread: any. */
float view_term_card_height(const ViewTerm *term, const LsTrainSettings *settings, bool all);

/* Draws it and edits *settings, and *all by its button. value: of the term now; since: what the last
 * change of the settings did to it on held-out images; NAN where that is not known.  Thread: UI. */
ViewChange view_term_card_draw(View *view, const ViewTerm *term, LsTrainSettings *settings,
                               double value, double since, bool *all, UiRect rect);

#endif
