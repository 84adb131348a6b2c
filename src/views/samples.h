/* Samples from the prior: images of noise that stays the same while the model changes, so that what
 * is seen to change is the model. */
#ifndef VIEWS_SAMPLES_H
#define VIEWS_SAMPLES_H

#include "views/view.h"

typedef struct ViewSamples ViewSamples;

/* An empty view. Owns: the caller, view_samples_destroy(). Fails: NULL, LS_ERR_MEMORY.
 * Thread: UI. */
LS_CHECKED ViewSamples *view_samples_create(LsError *err);

/* Releases it; NULL is accepted. To be called before ui_destroy().  Thread: UI. */
void view_samples_destroy(ViewSamples *samples);

/* Decodes within view->decode_until, a few in any case, and draws as many samples as the card holds.
 * A click on one moves view->cursor there; the button runs the action "samples.noise".
 * Thread: UI. */
void view_samples_draw(ViewSamples *samples, View *view, UiRect card);

/* The first two coordinates of sample `index` of the noise with this number. Shapes: z [2].
 * Thread: any. */
void view_samples_place(uint64_t noise, int latent, int index, float *z);

/* Whether samples are left to be decoded with the newest snapshot.  Thread: UI. */
bool view_samples_busy(const ViewSamples *samples);

/* The mean of the pixels of all samples shown, for the trace.  Thread: UI. */
double view_samples_mean(const ViewSamples *samples);

#endif
