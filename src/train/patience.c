#include "latentscape/train/patience.h"

#include <inttypes.h>

bool ls_patience_note(LsPatience *patience, const LsTrainSettings *settings,
                      const LsMetric *evaluation, LsError *why)
{
    if (!patience->any || evaluation->heldout_elbo > patience->best ||
        evaluation->step < patience->best_step) {
        *patience = (LsPatience){
            .any = true, .best = evaluation->heldout_elbo, .best_step = evaluation->step};
        return false;
    }
    patience->since++;
    if (settings->patience == 0 || patience->since < settings->patience) {
        return false;
    }
    ls_fail(why, LS_ERR_MODEL,
            "Training stopped by itself: in %d evaluations the held-out ELBO was no better than "
            "%.1f nats at step %" PRIu64 ".",
            patience->since, patience->best, patience->best_step);
    *patience = (LsPatience){0};
    return true;
}
