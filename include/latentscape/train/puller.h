/* How strongly each term of the loss pulls at the weights just now: the norm of its weighted gradient
 * over the encoder and over the decoder, and the angle between the pulls of reconstruction and of
 * divergence on the encoder, which is all that both of them reach. Found on the minibatch of the run's
 * next step, with its noise; the run is not moved. */
#ifndef LATENTSCAPE_TRAIN_PULLER_H
#define LATENTSCAPE_TRAIN_PULLER_H

#include "latentscape/train/run.h"

enum {
    LS_PULLS_TERMS = 3 /* reconstruction, divergence, regularization */
};

typedef struct LsPulls {
    uint64_t serial; /* grows by one with each; 0: none yet */
    uint64_t step;   /* steps done */
    double encoder[LS_PULLS_TERMS], decoder[LS_PULLS_TERMS]; /* norms: nats per unit of weight */
    double
        angle; /* degrees, 0 .. 180: beyond 90 they pull against each other; NaN where one of them
                     does not pull */
} LsPulls;

typedef struct LsPuller LsPuller;

/* For models like *model. Owns: the caller, ls_puller_destroy(). Fails: NULL, LS_ERR_MEMORY.
 * Thread: any. */
LS_CHECKED LsPuller *ls_puller_create(const LsModel *model, LsError *err);

/* Releases it; NULL is accepted.  Thread: any. */
void ls_puller_destroy(LsPuller *puller);

/* Finds the pulls by all of the run's workers; takes about three steps' time. *pulls gets everything
 * but the serial.  Thread: the run's. */
void ls_puller_find(LsPuller *puller, LsRun *run, LsPulls *pulls);

#endif
