/* The matrix products of a training step, or of decoding, and nothing else: the limit that the program's
 * speed is compared with. Same shapes, same order, same shards and blocks as a pass (vae/pass.h) and a
 * coder (vae/coder.h), nothing left out where numbers are zero; biases, activations, losses and the
 * optimizer are left out. The numbers mean nothing. */
#ifndef LATENTSCAPE_VAE_PRODUCTS_H
#define LATENTSCAPE_VAE_PRODUCTS_H

#include "latentscape/nn/backend.h"
#include "latentscape/nn/gemm.h"
#include "latentscape/vae/model.h"

typedef struct LsProducts LsProducts;

/* Room for minibatches of `batch` images, to be multiplied in this way, filled with what a fresh model
 * would multiply. Owns: the caller, ls_products_destroy(). Fails: NULL, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsProducts *ls_products_create(const LsModel *model, int batch, const LsGemm *gemm,
                                          LsError *err);

/* Releases it; NULL is accepted.  Thread: any. */
void ls_products_destroy(LsProducts *products);

/* Does a step's wide products with a backend from now on, which must outlive it; openblas changes
 * nothing. Fails: false, LS_ERR_MEMORY, LS_ERR_SYSTEM.  Thread: any. */
LS_CHECKED bool ls_products_use(LsProducts *products, LsBackend *backend, LsError *err);

/* The products of one training step.  Thread: one at a time per object. */
void ls_products_step(LsProducts *products);

/* The products of decoding n <= batch images.  Thread: one at a time per object. */
void ls_products_decode(LsProducts *products, int n);

/* Floating point operations of a step, and of decoding one image.  Thread: any. */
double ls_products_step_flops(const LsModel *model, int batch);
double ls_products_decode_flops(const LsModel *model);

#endif
