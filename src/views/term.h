/* The terms of the loss as people see them: title, colour, the settings that steer each. One table
 * for panel, curves and bars, so that a term looks the same wherever it is met. */
#ifndef VIEWS_TERM_H
#define VIEWS_TERM_H

#include "latentscape/train/history.h"
#include "latentscape/train/settings.h"

#include "ui/theme.h"

enum {
    VIEW_TERMS = 3
};

typedef struct ViewTerm {
    LsSeries series;
    const char *title;              /* "KL divergence" */
    const char *brief;              /* "KL", where room is short */
    const char *on, *kind, *weight; /* names of its settings */
    const char *action;             /* that switches it by key */
    double start; /* the weight given to it when it is switched on with none: shows an effect */
} ViewTerm;

/* The three terms in the order of LsSeries. Shapes: [VIEW_TERMS].  Thread: any. */
const ViewTerm *view_term_all(void);

/* A series' one colour; its title ("Total" included).  Thread: any. */
UiColor view_term_color(LsSeries series);
const char *view_term_title(LsSeries series);

/* What a series is called with the kinds that are chosen: "KL divergence", of another kind of
 * divergence its own title.  Thread: any. */
const char *view_term_label(const LsTrainSettings *settings, LsSeries series);

/* The series' number among a set of losses.  Units: nats.  Thread: any. */
double view_term_value(const LsLossValues *values, LsSeries series);

/* The unit of a term's value with the kind that is chosen; "": it has none.  Thread: any. */
const char *view_term_unit(const LsTrainSettings *settings, const ViewTerm *term);

/* In a few words what a term's value tells with the kind that is chosen.  Thread: any. */
const char *view_term_meaning(const LsTrainSettings *settings, const ViewTerm *term);

/* Whether a term is trained: switched on, and of some weight.  Thread: any. */
bool view_term_active(const LsTrainSettings *settings, const ViewTerm *term);

/* Switches a term on or off; one that would be on with no weight gets its starting weight.
 * Thread: any. */
void view_term_switch(LsTrainSettings *settings, const ViewTerm *term, bool on);

/* Whether the total that is trained is minus the ELBO: bce and kl, both of weight 1, and nothing
 * else. pixels: of an image.  Thread: any. */
bool view_term_total_is_elbo(const LsTrainSettings *settings, int pixels);

#endif
