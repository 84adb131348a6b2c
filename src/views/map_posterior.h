/* The true posterior of one held-out image over the latent plane, beside the Gaussian the encoder puts
 * in its place: a soft glow with lines around what one and two deviations hold, and the encoder's
 * ellipses at one and two. It follows the newest weights, worked out in slices of a frame's budget. */
#ifndef VIEWS_MAP_POSTERIOR_H
#define VIEWS_MAP_POSTERIOR_H

#include "latentscape/measure/posterior.h"

#include "views/plane.h"
#include "views/view.h"

enum {
    VIEW_MAP_POSTERIOR_SIDE = 132, /* of the magnified picture in a card, logical units */
    VIEW_MAP_POSTERIOR_HIGH = 190, /* of picture and figures */
};

typedef struct ViewMapPosterior ViewMapPosterior;

/* Shows nothing yet. Owns: the caller, view_map_posterior_destroy(). Fails: NULL, LS_ERR_MEMORY.
 * Thread: UI. */
LS_CHECKED ViewMapPosterior *view_map_posterior_create(LsError *err);

/* Releases it; NULL is accepted. To be called before ui_destroy().  Thread: UI. */
void view_map_posterior_destroy(ViewMapPosterior *posterior);

/* Whether a model has one that can be drawn.  Thread: any. */
bool view_map_posterior_can(const LsModel *model);

/* Chooses the held-out image, or none with -1. To be called in each frame.  Thread: UI. */
void view_map_posterior_follow(ViewMapPosterior *posterior, const View *view, int64_t image);

/* Works on it until `until` on ls_clock_now(), a little in any case. Returns whether more is to be
 * done.  Thread: UI. */
bool view_map_posterior_work(ViewMapPosterior *posterior, const View *view, double until);

/* Draws it into the plane.  Thread: UI. */
void view_map_posterior_draw(ViewMapPosterior *posterior, Ui *ui, const ViewPlane *plane);

/* Draws it as large as fits, with log p(x), ELBO and the gap between them below.  Thread: UI. */
void view_map_posterior_card(ViewMapPosterior *posterior, Ui *ui, UiRect rect);

/* The figures and densities shown, or NULL while there are none. Owns: borrowed.  Thread: UI. */
const LsPosteriorPicture *view_map_posterior_picture(const ViewMapPosterior *posterior);

#endif
