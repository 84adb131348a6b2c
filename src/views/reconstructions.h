/* Reconstructions: held-out images, and below each what the decoder makes of the middle of its code.
 * The images stay the same while the model changes. */
#ifndef VIEWS_RECONSTRUCTIONS_H
#define VIEWS_RECONSTRUCTIONS_H

#include "views/view.h"

typedef struct ViewReconstructions ViewReconstructions;

/* An empty view. Owns: the caller, view_reconstructions_destroy(). Fails: NULL, LS_ERR_MEMORY.
 * Thread: UI. */
LS_CHECKED ViewReconstructions *view_reconstructions_create(LsError *err);

/* Releases it; NULL is accepted. To be called before ui_destroy().  Thread: UI. */
void view_reconstructions_destroy(ViewReconstructions *recons);

/* Encodes and decodes within view->decode_until, a few in any case, and draws as many pairs as the
 * card holds, from view->choice.first_recon on. The button runs the action "recon.next".
 * Thread: UI. */
void view_reconstructions_draw(ViewReconstructions *recons, View *view, UiRect card);

/* How many images are shown: what "recon.next" adds to view->choice.first_recon.  Thread: UI. */
int view_reconstructions_count(const ViewReconstructions *recons);

/* bce of one image given its logits. Shapes: logits, x [pixels]. Units: nats.  Thread: any. */
double view_reconstructions_nats(const float *logits, const float *x, int pixels);

/* Whether images are left to be done with the newest snapshot.  Thread: UI. */
bool view_reconstructions_busy(const ViewReconstructions *recons);

/* The mean of the pixels of all reconstructions shown, without the originals, for the trace.
 * Thread: UI. */
double view_reconstructions_mean(const ViewReconstructions *recons);

#endif
