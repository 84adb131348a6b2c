#include "latentscape/train/puller.h"

#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"

#include "train/step.h"

struct LsPuller {
    // --- immutable after create
    LsModel model;
    // --- the run's thread
    size_t middle; /* parameters before the decoder's */
    float *rec;    /* [middle]: of the reconstruction */
    float *grad;   /* [param_count] */
};

LsPuller *ls_puller_create(const LsModel *model, LsError *err)
{
    LsPuller *puller = ls_memory_items(1, sizeof *puller, err);
    if (puller == NULL) {
        return NULL;
    }
    puller->model = *model;
    puller->middle = ls_model_decoder_at(model);
    puller->rec = ls_memory_floats(puller->middle, err);
    puller->grad = puller->rec != NULL ? ls_memory_floats(model->param_count, err) : NULL;
    if (puller->grad == NULL) {
        ls_puller_destroy(puller);
        return NULL;
    }
    return puller;
}

void ls_puller_destroy(LsPuller *puller)
{
    if (puller != NULL) {
        ls_memory_free(puller->rec);
        ls_memory_free(puller->grad);
        ls_memory_free(puller);
    }
}

/* The sum of a * b over the parameters from .. to - 1. Four sums side by side: one would wait for
 * itself at each number. */
static double dot(const float *a, const float *b, size_t from, size_t to)
{
    double sum[4] = {0, 0, 0, 0};
    for (size_t i = from; i < to; i++) {
        sum[i % 4] += (double)a[i] * (double)b[i];
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

void ls_puller_find(LsPuller *puller, LsRun *run, LsPulls *pulls)
{
    const size_t middle = puller->middle;
    float *const grad = puller->grad;
    const LsLoss all = ls_step_loss(run);
    pulls->step = ls_run_steps(run);
    double along = 0;
    for (int i = 0; i < LS_PULLS_TERMS; i++) {
        LsLoss loss = all;
        loss.w_rec = i == 0 ? all.w_rec : 0;
        loss.w_kl = i == 1 ? all.w_kl : 0;
        loss.w_reg = i == 2 ? all.w_reg : 0;
        pulls->encoder[i] = pulls->decoder[i] = 0;
        if (loss.w_rec == 0 && loss.w_kl == 0 && loss.w_reg == 0) {
            continue;
        }
        ls_step_gradient(run, &loss, grad);
        pulls->encoder[i] = sqrt(dot(grad, grad, 0, middle));
        pulls->decoder[i] = sqrt(dot(grad, grad, middle, puller->model.param_count));
        if (i == 0) {
            memcpy(puller->rec, grad, middle * sizeof *grad);
        } else if (i == 1 && all.w_rec != 0) {
            along = dot(puller->rec, grad, 0, middle);
        }
    }
    const double both = pulls->encoder[0] * pulls->encoder[1];
    const double cosine = along / both;
    pulls->angle = both > 0 ? acos(fmax(-1, fmin(1, cosine))) * 180 / M_PI : (double)NAN;
}
