#include "train/publish.h"

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"
#include "latentscape/train/blame.h"

#include "train/appraise.h"
#include "train/bound.h"
#include "train/tug.h"

/* A state is as large as three snapshots, and is asked for twice a minute. */
static void drop_state(LsTrainerSlot *slot)
{
    float **const buffers[] = {&slot->live, &slot->m, &slot->v};
    for (size_t i = 0; i < LS_COUNT(buffers); i++) {
        ls_memory_free(*buffers[i]);
        *buffers[i] = NULL;
    }
    slot->state_room = 0;
}

static bool make_room(LsTrainerSlot *slot, size_t n, bool with_state, LsError *err)
{
    if (slot->room != n) {
        ls_memory_free(slot->params);
        slot->params = ls_memory_floats(n, err);
        slot->room = slot->params != NULL ? n : 0;
    }
    if (slot->params == NULL) {
        return false;
    }
    if (!with_state || slot->state_room != n) {
        drop_state(slot);
    }
    if (!with_state || slot->state_room == n) {
        return true;
    }
    float **const buffers[] = {&slot->live, &slot->m, &slot->v};
    for (size_t i = 0; i < LS_COUNT(buffers); i++) {
        *buffers[i] = ls_memory_floats(n, err);
        if (*buffers[i] == NULL) {
            drop_state(slot);
            return false;
        }
    }
    slot->state_room = n;
    return true;
}

void ls_publish_fault(LsTrainer *trainer)
{
    trainer->faults++;
    trainer->dirty = true;
    trainer->fault_shown = trainer->fault_seen = false;
}

void ls_publish_stop(LsTrainer *trainer, const char *what, uint64_t step)
{
    trainer->training = false;
    ls_publish_fault(trainer);
    trainer->burst = trainer->faults;
    char blame[LS_BLAME_TEXT];
    ls_blame_tell(ls_run_settings(trainer->run), blame);
    ls_run_restore(trainer->run);
    ls_appraise_reset(trainer);
    ls_bound_reset(trainer);
    ls_tug_reset(trainer);
    char burst[32];
    char back[32];
    ls_text_thousands(step, burst);
    ls_text_thousands(ls_run_steps(trainer->run), back);
    ls_fail(&trainer->fault, LS_ERR_MODEL,
            "Training stopped by itself: at step %s the %s had grown beyond all bounds; the model "
            "is back at step %s.%s",
            burst, what, back, blame);
    ls_run_evaluate_begin(trainer->run);
}

static void make_snapshot(LsTrainer *trainer)
{
    LsTrainerSlot *slot = &trainer->slot[ls_exchange_back(&trainer->exchange)];
    const LsModel *model = ls_run_model(trainer->run);
    const size_t n = model->param_count;
    /* What was asked for goes along until someone has come for it. */
    bool with_state =
        trainer->state_wanted || (trainer->state_shown && !ls_exchange_taken(&trainer->exchange));
    if (!make_room(slot, n, with_state, &trainer->fault)) {
        /* The reader keeps the snapshot it has, and the sentence comes with the next one. */
        ls_publish_fault(trainer);
        trainer->training = false;
        trainer->dirty = false;
        return;
    }
    float *const live = with_state && ls_run_live(trainer->run) != NULL ? slot->live : NULL;
    float *const m = with_state ? slot->m : NULL;
    float *const v = with_state ? slot->v : NULL;
    const char *fault = ls_run_copy(trainer->run, slot->params, live, m, v);
    if (fault != NULL) {
        ls_publish_stop(trainer, fault, ls_run_steps(trainer->run));
        if (ls_run_copy(trainer->run, slot->params, live, m, v) != NULL) {
            return; /* cannot be: what was kept is sound */
        }
    }
    const LsMetric state = ls_run_state(trainer->run);
    slot->snapshot = (LsSnapshot){
        .dataset = trainer->data->name,
        .init = ls_run_init(trainer->run),
        .serial = ++trainer->serial,
        .model_id = trainer->model_id,
        .step = state.step,
        .images = state.images,
        .adam_step = ls_run_adam_steps(trainer->run),
        .loss_step = ls_run_loss_steps(trainer->run),
        .schedule_step = ls_run_schedule_steps(trainer->run),
        .average_step = ls_run_average_steps(trainer->run),
        .backend = ls_run_backend(trainer->run),
        .made_with = ls_run_made_with(trainer->run),
        .seconds = state.seconds,
        .training = trainer->training,
        .settings = *ls_run_settings(trainer->run),
        .model = *model,
        .params = slot->params,
        .live = live,
        .m = m,
        .v = v,
        .answered = trainer->answered,
        .evaluation = trainer->evaluation,
        .measures = trainer->measures,
        .exact = trainer->exact,
        .exact_step = trainer->exact_step,
        .pulls = trainer->pulls,
        .spent = trainer->spent,
        .fault = trainer->fault,
        .burst = trainer->fault.code == LS_ERR_MODEL && trainer->burst == trainer->faults,
        .faults = trainer->faults,
    };
    const bool taken = ls_exchange_publish(&trainer->exchange);
    trainer->state_shown = with_state;
    trainer->state_wanted = false;
    trainer->fault_seen = trainer->fault_seen || (taken && trainer->fault_shown);
    trainer->fault_shown = trainer->fault.code != LS_OK;
    trainer->dirty = false;
    trainer->published_at = ls_clock_now();
}

void ls_publish_snapshot(LsTrainer *trainer)
{
    const double start = ls_clock_now();
    make_snapshot(trainer);
    trainer->spent.publishing += ls_clock_now() - start;
}

void ls_publish_metric(LsTrainer *trainer, const LsMetric *metric)
{
    if (!ls_ring_put(trainer->metrics, metric)) {
        atomic_fetch_add_explicit(&trainer->lost, 1, memory_order_relaxed); /* a count alone */
    }
}
