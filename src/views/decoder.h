/* A coder of a view's own: it follows the snapshot's model, holds what goes in and what comes out,
 * and knows from experience how long a row takes, so that a view begins no work that would make its
 * frame late. A zeroed one is ready for view_decoder_follow().
 *
 * rows: images at once; latent, pixels: of the model now followed. */
#ifndef VIEWS_DECODER_H
#define VIEWS_DECODER_H

#include "views/view.h"

typedef struct ViewDecoder {
    int rows;
    LsCoder *coder; /* NULL before the first model, or where there was no memory for it */
    float *z;       /* [rows, latent] codes to decode, or means of encoded images */
    float *logvar;  /* [rows, latent] of encoded images */
    float *image;   /* [rows, pixels] decoded, or to be encoded, in [0,1] */
    float *logits;  /* [rows, pixels] of decoded images */
    double row_s;   /* what a row is expected to take, in seconds */
} ViewDecoder;

/* Makes the decoder fit the model, at `rows` images at once; allocates only where model or rows are
 * other ones than before. Fails: false, LS_ERR_MEMORY; the decoder is then empty.  Thread: UI. */
LS_CHECKED bool view_decoder_follow(ViewDecoder *decoder, const LsModel *model, int rows,
                                    LsError *err);

/* Releases everything and zeroes it.  Thread: UI. */
void view_decoder_finish(ViewDecoder *decoder);

/* How many rows may be begun now so that they end before `until` (on ls_clock_now()); `least` where
 * that is more: a view that never got a turn would never finish.  Thread: UI. */
int view_decoder_room(const ViewDecoder *decoder, double until, int least);

/* The time at which `share` of what is left until `until` has gone.  Thread: any. */
double view_decoder_share(double until, double share);

/* Decodes the first n rows of z into image (and logits); each comes out the same whatever n is, where
 * the decoder has room for 6 at least, and rows behind them, up to the sixth, are overwritten. The time it
 * takes is added to the view's account; view may be NULL, outside of frames. Shapes: params [param_count].
 * Thread: UI. */
void view_decoder_decode(ViewDecoder *decoder, const View *view, const float *params, int n);

/* Encodes the first n rows of image into z (the means) and logvar; all else as for decoding.
 * Shapes: params [param_count].
 * Thread: UI. */
void view_decoder_encode(ViewDecoder *decoder, const View *view, const float *params, int n);

#endif
