/* oneDNN's part of nn/backend.h: the library, loaded when it is first needed since that takes some
 * milliseconds which a start of the window does not have, and its products. Internal to nn. */
#ifndef LATENTSCAPE_SRC_NN_ONEDNN_H
#define LATENTSCAPE_SRC_NN_ONEDNN_H

#include "latentscape/nn/backend.h"

typedef struct LsOnednn LsOnednn;
typedef struct LsOnednnProduct LsOnednnProduct;

/* Loads the library and sees whether it multiplies with such operands on this processor. Owns: the
 * caller, ls_onednn_destroy(). Fails: NULL, LS_ERR_SYSTEM, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsOnednn *ls_onednn_create(bool halves, LsError *err);

/* Releases it; NULL is accepted. The library stays loaded: it does not bear being unloaded.
 * Thread: any. */
void ls_onednn_destroy(LsOnednn *onednn);

/* As ls_product_create(), _destroy(), _scratch() and _run(). Thread: as those. */
LS_CHECKED LsOnednnProduct *ls_onednn_product_create(LsOnednn *onednn, const LsProductShape *shape,
                                                     int seats, LsError *err);
void ls_onednn_product_destroy(LsOnednnProduct *product);
size_t ls_onednn_product_scratch(const LsOnednnProduct *product);
void ls_onednn_product_run(LsOnednnProduct *product, int seat, void *scratch, const void *a,
                           const void *b, float *c);

#endif
