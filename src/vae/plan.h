/* The large products of a pass, made ready for a backend other than OpenBLAS: one for every layer and
 * number of rows that occurs, and where the backend takes operands in bfloat16 a copy of weights,
 * layers' inputs and deltas in that form. The narrow layers around a small latent space are none of
 * its business: what a function here does not do, it says, and nn/dense.h does it. Internal to vae. */
#ifndef LATENTSCAPE_SRC_VAE_PLAN_H
#define LATENTSCAPE_SRC_VAE_PLAN_H

#include "latentscape/nn/backend.h"
#include "latentscape/vae/pass.h"

#include "nn/half.h"

typedef struct LsPlan LsPlan;

/* A plan for a pass of up to max_batch images with such blocks; backend is borrowed for its life.
 * Owns: the caller, ls_plan_destroy(). Fails: NULL, LS_ERR_MEMORY, LS_ERR_SYSTEM.
 * Thread: any. */
LS_CHECKED LsPlan *ls_plan_create(const LsModel *model, int max_batch, LsBackend *backend,
                                  LsError *err);

/* Releases it; NULL is accepted.  Thread: any. */
void ls_plan_destroy(LsPlan *plan);

LsBackend *ls_plan_backend(const LsPlan *plan);

/* Makes the products for minibatches of so many images and, after them, guests
 * (ls_pass_set_guests()); those it already has are kept. Fails: false, the plan then has no products
 * until another size succeeds.  Thread: trainer, between steps. */
LS_CHECKED bool ls_plan_set_batch(LsPlan *plan, int own, int guests, LsError *err);

/* Operands of the weights first .. first + count - 1 of [param_count].  Thread: worker, its own. */
void ls_plan_take_weights(LsPlan *plan, size_t first, size_t count, const float *params);

/* Where the weights' copy in bfloat16 lies, for whoever moves weights and rounds them in the same pass; NULL:
 * there is none. Shapes: [param_count]. Owns: the plan.  Thread: worker, its own. */
uint16_t *ls_plan_halves(LsPlan *plan);

/* Operands of a layer's input, before ls_plan_forward() and ls_plan_weights().
 * Shapes: x [rows, in].  Thread: worker, a shard each. */
void ls_plan_take_input(LsPlan *plan, int layer, int first, int rows, const float *x);

/* y = x W^T of a layer for the rows of a shard. Shapes: x [rows, in], y [rows, out]. Fails: false
 * where the plan has no such product.  Thread: worker, a shard each. */
LS_CHECKED bool ls_plan_forward(LsPlan *plan, int layer, int first, int rows, const float *params,
                                const float *x, float *y);

/* Operands of a layer's delta, before ls_plan_inputs() and ls_plan_weights().
 * Shapes: delta [rows, out].  Thread: worker, a shard each. */
void ls_plan_take_delta(LsPlan *plan, int layer, int first, int rows, const float *delta);

/* x_grad = delta W, or added to it. Fails: false where the plan has no such product.
 * Shapes: delta [rows, out], x_grad [rows, in].  Thread: worker, a shard each. */
LS_CHECKED bool ls_plan_inputs(LsPlan *plan, int layer, int first, int rows, const float *params,
                               const float *delta, bool add, float *x_grad);

/* The gradient of a run of weight rows over the whole minibatch, by the number of the run as
 * ls_block_list() puts them. Fails: false where the plan has no such product.
 * Shapes: delta [batch, out], x [batch, in], grad [count, in].  Thread: worker, a block each. */
LS_CHECKED bool ls_plan_weights(LsPlan *plan, int block, const float *delta, const float *x,
                                float *grad);

/* What a block's gradient is made of by the program's own products of bfloat16. Shapes: delta [rows, out],
 * from the block's first output on; x [rows, in]; weight [param_count]. Owns: the plan. */
typedef struct LsPlanOperands {
    const LsHalfKernel *kernel; /* NULL: by others */
    const uint16_t *delta, *x;
    uint16_t *weight;
    int rows; /* of the minibatch that the block learns from */
} LsPlanOperands;

/* The operands of a block.  Thread: worker, a block each. */
LsPlanOperands ls_plan_operands(const LsPlan *plan, int block);

#endif
