/* A trace of the session: one JSON object a line for every frame drawn, for tests, scripts and
 * measurements.
 *
 *   t              seconds since the start
 *   clock          seconds of the machine's monotonic clock when the frame was drawn: the same for
 *                  every process, so that starting one can be timed
 *   renderer       how pictures reach the display, in the first frame
 *   frame_ms       work of the frame, without waiting for the display
 *   late_ms        how much later than due it was begun
 *   z              [z1, z2] under the cursor; null while the pointer is off the map
 *   step           steps trained
 *   rec, kl, reg   newest losses of the training minibatch, nats per image; null before the first
 *   heldout_elbo   newest, nats per image; null before the first
 *   image_sum      sum of the decoded pixels under the cursor; null without one, and in a fork
 *   samples_mean   mean of the pixels of all samples, 0 .. 1; in a fork those of side A
 *   recon_mean     mean of the pixels of all reconstructions; null in a fork, which has no room for them
 *   points_rms     root of the mean square of the distances from the prior's middle of the codes drawn as
 *                  points on the map, in its deviations; null where they are hidden
 *   settings       {name: value, ...}, in the first frame and where they changed
 *   measures       {step: of the model measured, name: figure or null, ...}, in the first frame that shows
 *                  new ones
 *   widgets        {id: [x, y, w, h]} where they moved, with LATENTSCAPE_TRACE_WIDGETS=1 */
#ifndef APP_TRACE_H
#define APP_TRACE_H

#include "app/app.h"

/* Opens the file. Owns: the caller, app_trace_destroy(). Fails: NULL, LS_ERR_FILE.  Thread: UI. */
LS_CHECKED AppTrace *app_trace_create(const char *path, LsError *err);

/* Closes it; NULL is accepted. Fails: false, LS_ERR_FILE where lines could not be written.
 * Thread: UI. */
LS_CHECKED bool app_trace_destroy(AppTrace *trace, LsError *err);

/* Adds the frame's line.  Thread: UI. */
void app_trace_frame(AppTrace *trace, const App *app);

#endif
