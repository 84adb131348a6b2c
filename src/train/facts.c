#include "train/facts.h"

#include <math.h>

static const double faint = 0.1; /* nats: an axis below tells nothing */

const LsMetric *ls_facts_newest(const LsFacts *facts)
{
    return facts->evaluations > 0 ? &facts->evaluation[facts->evaluations - 1] : NULL;
}

const LsMetric *ls_facts_evaluated(const LsFacts *facts, uint64_t step)
{
    for (size_t i = 0; i < facts->evaluations; i++) {
        if (facts->evaluation[i].step >= step) {
            return &facts->evaluation[i];
        }
    }
    return NULL;
}

const LsMetric *ls_facts_best(const LsFacts *facts, uint64_t step)
{
    const LsMetric *best = NULL;
    for (size_t i = 0; i < facts->evaluations; i++) {
        const LsMetric *one = &facts->evaluation[i];
        if (one->step >= step && (best == NULL || one->heldout_elbo > best->heldout_elbo)) {
            best = one;
        }
    }
    return best;
}

uint64_t ls_facts_age(const LsFacts *facts)
{
    return facts->step > facts->since ? facts->step - facts->since : 0;
}

double ls_facts_mean(const LsFacts *facts, LsSeries series, uint64_t from, uint64_t to)
{
    double sum = 0;
    double steps = 0;
    for (size_t i = 0; i < facts->buckets; i++) {
        const LsBucket *bucket = &facts->bucket[i];
        if (bucket->last >= from && bucket->first < to) {
            const double weight = (double)(bucket->last - bucket->first + 1);
            sum += weight * (double)bucket->series[series].mean;
            steps += weight;
        }
    }
    return steps > 0 ? sum / steps : (double)NAN;
}

double ls_facts_quarter(const LsFacts *facts, LsSeries series, uint64_t which)
{
    const uint64_t steps = ls_facts_age(facts) + 1;
    return ls_facts_mean(facts, series, facts->since + steps * which / 4,
                         facts->since + steps * (which + 1) / 4);
}

LsFacts ls_facts_gather(const LsHistory *history, const LsTrainSettings *settings, int pixels,
                        uint64_t loss_step, const char *why)
{
    LsFacts facts = {.settings = settings,
                     .stopped = why,
                     .pixels = pixels,
                     .loss = ls_train_settings_loss(settings, pixels),
                     .now = ls_train_settings_loss_at(settings, pixels, loss_step)};
    facts.bucket = ls_history_buckets(history, &facts.buckets);
    facts.evaluation = ls_history_evaluations(history, &facts.evaluations);
    size_t markers = 0;
    const LsMarker *marker = ls_history_markers(history, &markers);
    if (facts.buckets > 0) {
        facts.step = facts.bucket[facts.buckets - 1].last;
        facts.since = facts.bucket[0].first;
    }
    if (markers > 0 && marker[markers - 1].step > facts.since) {
        facts.since = marker[markers - 1].step;
    }
    const LsMetric *now = ls_facts_newest(&facts);
    if (now != NULL) {
        facts.step = now->step > facts.step ? now->step : facts.step;
        facts.axes = now->axes;
        for (int i = 0; i < now->axes; i++) {
            facts.faint_axes += (double)now->axis_kl[i] < faint;
        }
    }
    return facts;
}
