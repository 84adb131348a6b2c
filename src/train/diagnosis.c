#include "latentscape/train/diagnosis.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/text.h"
#include "latentscape/train/blame.h"
#include "latentscape/vae/divergence.h"
#include "latentscape/vae/recon.h"

#include "train/facts.h"

static const uint64_t worse_for = 2000;   /* steps without a better held-out figure */
static const double worse_by = 0.5;       /* nats below the best one */
static const uint64_t settled_for = 2000; /* steps */
static const double settled_within = 0.2; /* nats */
static const uint64_t young = 3000;       /* steps in which KL may well rise */
static const uint64_t least = 60;         /* steps before anything is said of curves */
static const uint64_t grown_up = 400;     /* steps after which an axis should carry something */
static const double hot_rate = 0.006;     /* learning rates that tear */
static const double cold_rate = 3e-5;
static const double far = 50;         /* nats: a model so much below its best is another one */
static const double recovering = 0.1; /* of what was lost, regained since shortly before */
static const double burst_axis = 20;  /* nats of KL that no axis has any use for */
static const double light = 0.5;      /* share of a scheduled weight */

/* Fills in sentence and figures where the rule holds. */
typedef bool RuleFn(const LsFacts *facts, LsDiagnosis *out);

typedef struct Rule {
    LsDiagnosisRule shown;
    RuleFn *holds;
} Rule;

static bool is_collapsed(const LsFacts *facts)
{
    return facts->axes > 0 && facts->faint_axes == facts->axes && facts->step >= grown_up;
}

/* ---- the rules */

static bool stopped(const LsFacts *facts, LsDiagnosis *out)
{
    if (facts->stopped == NULL) {
        return false;
    }
    char blame[LS_BLAME_TEXT];
    ls_blame_tell(facts->settings, blame);
    (void)snprintf(out->sentence, sizeof out->sentence, "Training stopped by itself.%s",
                   blame[0] ? blame : " The loss had grown beyond all bounds.");
    (void)snprintf(out->figures, sizeof out->figures, "%.250s", facts->stopped);
    return true;
}

static bool nothing_asked(const LsFacts *facts, LsDiagnosis *out)
{
    (void)snprintf(
        out->sentence, sizeof out->sentence,
        "Every term is off: nothing is asked of the model, and its weights stand still.");
    return facts->loss.w_rec == 0 && facts->loss.w_kl == 0 && facts->loss.w_reg == 0;
}

static bool rec_off(const LsFacts *facts, LsDiagnosis *out)
{
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "Reconstruction is off: codes stop telling images apart, and nothing keeps the "
                   "pictures.");
    return facts->loss.w_rec == 0;
}

static bool hot(const LsFacts *facts, LsDiagnosis *out)
{
    const double rate = facts->settings->lr;
    if (!(rate >= hot_rate) || ls_facts_age(facts) < 2 * least) {
        return false;
    }
    const double first = ls_facts_quarter(facts, LS_SERIES_REC, 0);
    const double last = ls_facts_quarter(facts, LS_SERIES_REC, 3);
    const bool stuck = !(last < 0.985 * first);
    if (!stuck && !is_collapsed(facts)) {
        return false;
    }
    char text[3][32];
    ls_text_number(rate, text[0]);
    ls_text_figure(first, text[1]);
    ls_text_figure(last, text[2]);
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "The loss does not fall: a learning rate of %s tears the weights about.",
                   text[0]);
    (void)snprintf(out->figures, sizeof out->figures,
                   "Reconstruction was %s nats at first and is %s now.", text[1], text[2]);
    return true;
}

/* The newest evaluation under the present settings, or NULL where there is none, or where the ELBO is not what
 * is trained: other losses may well trade it for something else. */
static const LsMetric *judged(const LsFacts *facts)
{
    const LsMetric *now = ls_facts_newest(facts);
    const bool trained =
        facts->loss.w_kl != 0 && strcmp(ls_recon_name(facts->settings->rec), "bce") == 0;
    return now != NULL && now->step > facts->since && trained ? now : NULL;
}

/* How far the newest held-out ELBO lies below the best of the run, where it does not come back, or where
 * it does; else 0, as where nothing was judged. */
static double nats_lost(const LsFacts *facts, bool back, const LsMetric **best)
{
    enum {
        BEFORE = 4 /* evaluations */
    };

    const LsMetric *now = judged(facts);
    if (now == NULL || facts->evaluations < 2) {
        return 0;
    }
    *best = ls_facts_best(facts, 0);
    double before = 0;
    const size_t count = facts->evaluations - 1 < BEFORE ? facts->evaluations - 1 : BEFORE;
    for (size_t i = 0; i < count; i++) {
        before += facts->evaluation[facts->evaluations - 2 - i].heldout_elbo / (double)count;
    }
    const double lost = (*best)->heldout_elbo - now->heldout_elbo;
    return (now->heldout_elbo > before + recovering * lost) == back ? lost : 0;
}

static void tell_best(const LsFacts *facts, const LsMetric *best, LsDiagnosis *out)
{
    const LsMetric *now = ls_facts_newest(facts);
    char text[4][32];
    if (now != NULL && best != NULL) {
        ls_text_figure(best->heldout_elbo, text[0]);
        ls_text_thousands(best->step, text[1]);
        ls_text_figure(now->heldout_elbo, text[2]);
        ls_text_figure(now->heldout_kl, text[3]);
        (void)snprintf(out->figures, sizeof out->figures,
                       "It was %s nats at step %s and is %s; KL is %s.", text[0], text[1], text[2],
                       text[3]);
    }
}

static bool torn(const LsFacts *facts, LsDiagnosis *out)
{
    const LsMetric *best = NULL;
    if (!(facts->settings->lr >= hot_rate) || !(nats_lost(facts, false, &best) >= far)) {
        return false;
    }
    char text[32];
    ls_text_number(facts->settings->lr, text);
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "A learning rate of %s has torn the model: the held-out ELBO is far below its "
                   "best.",
                   text);
    tell_best(facts, best, out);
    return true;
}

static bool burst(const LsFacts *facts, LsDiagnosis *out)
{
    const LsMetric *now = ls_facts_newest(facts);
    if (now == NULL || facts->axes == 0 || ls_facts_age(facts) < least ||
        strcmp(ls_divergence_name(facts->settings->div), "kl") != 0 ||
        !(facts->now.w_kl > light * facts->now.w_rec) ||
        !(now->heldout_kl > burst_axis * facts->axes)) {
        return false;
    }
    const double first = ls_facts_quarter(facts, LS_SERIES_KL, 0);
    const double last = ls_facts_quarter(facts, LS_SERIES_KL, 3);
    if (last < 0.9 * first) {
        return false; /* what was spread out before is being paid down */
    }
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "KL has burst: %.0f nats, though its term is on. A shorter step would hold it.",
                   now->heldout_kl);
    (void)snprintf(out->figures, sizeof out->figures, "In training it went from %.1f to %.1f nats.",
                   first, last);
    return true;
}

static bool collapsed(const LsFacts *facts, LsDiagnosis *out)
{
    const LsMetric *now = ls_facts_newest(facts);
    if (now == NULL || !is_collapsed(facts)) {
        return false;
    }
    char axes[32] = "the one axis carries";
    if (facts->axes == 2) {
        (void)snprintf(axes, sizeof axes, "both axes carry");
    } else if (facts->axes > 2) {
        (void)snprintf(axes, sizeof axes, "all %d axes carry", facts->axes);
    }
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "Collapsed: %s under 0.1 nats, every sample is alike.", axes);
    (void)snprintf(
        out->figures, sizeof out->figures, "KL is %.2f nats in all%s.", now->heldout_kl,
        facts->now.w_kl > 5 * facts->now.w_rec ? ", and counts far more than reconstruction" : "");
    return true;
}

static bool overfitting(const LsFacts *facts, LsDiagnosis *out)
{
    const LsMetric *now = ls_facts_newest(facts);
    const LsMetric *best = ls_facts_best(facts, facts->since);
    if (best == NULL || now->step < best->step + worse_for ||
        !(now->heldout_elbo < best->heldout_elbo - worse_by) ||
        !(now->train_elbo > best->train_elbo)) {
        return false;
    }
    char steps[32];
    ls_text_thousands(now->step - best->step, steps);
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "Overfitting: held-out has worsened for %s steps while training improves.",
                   steps);
    (void)snprintf(out->figures, sizeof out->figures,
                   "Held-out ELBO was %.1f at best and is %.1f, on training images %.1f nats.",
                   best->heldout_elbo, now->heldout_elbo, now->train_elbo);
    return true;
}

static bool kl_off(const LsFacts *facts, LsDiagnosis *out)
{
    if (facts->loss.w_kl != 0) {
        return false;
    }
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "KL is off: nothing holds codes near the prior, and samples fall between them.");
    const LsMetric *now = ls_facts_newest(facts);
    if (now != NULL) {
        (void)snprintf(out->figures, sizeof out->figures, "KL is %.1f nats, and costs nothing.",
                       now->heldout_kl);
    }
    return true;
}

static bool lost(const LsFacts *facts, LsDiagnosis *out)
{
    const LsMetric *best = NULL;
    char text[32];
    const double nats = nats_lost(facts, false, &best);
    ls_text_figure(nats, text);
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "Much is lost: the held-out ELBO is %s nats below the best of this run.", text);
    tell_best(facts, best, out);
    return nats >= far;
}

static bool coming_back(const LsFacts *facts, LsDiagnosis *out)
{
    const LsMetric *best = NULL;
    char text[32];
    const double nats = nats_lost(facts, true, &best);
    ls_text_figure(nats, text);
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "Coming back: the held-out ELBO rises, and is %s nats below the best of this "
                   "run.",
                   text);
    tell_best(facts, best, out);
    return nats >= far;
}

/* What p = 1/2 for every pixel costs is the most that a model of them need ever cost. */
static bool below_chance(const LsFacts *facts, LsDiagnosis *out)
{
    const LsMetric *now = judged(facts);
    const double chance = -facts->pixels * log(2);
    if (now == NULL || ls_facts_age(facts) < 2 * least || !(now->heldout_elbo < chance)) {
        return false;
    }
    char rate[64] = "";
    char text[2][32];
    if (facts->settings->lr >= hot_rate) {
        ls_text_number(facts->settings->lr, text[0]);
        (void)snprintf(rate, sizeof rate, ": a learning rate of %s tears it", text[0]);
    }
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "The model knows less than nothing%s. One half for every pixel would do better.",
                   rate);
    ls_text_figure(now->heldout_elbo, text[0]);
    ls_text_figure(chance, text[1]);
    (void)snprintf(out->figures, sizeof out->figures,
                   "Held-out ELBO is %s nats; one half for every pixel gives %s.", text[0],
                   text[1]);
    return true;
}

static bool scheduled(const LsFacts *facts, LsDiagnosis *out)
{
    if (!(facts->now.w_kl < light * facts->loss.w_kl)) {
        return false;
    }
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "β is on its way up: codes may spread now, and are drawn together later.");
    (void)snprintf(out->figures, sizeof out->figures, "It weighs %.2f of %.2f just now.",
                   facts->now.w_kl, facts->loss.w_kl);
    return true;
}

static bool heavy(const LsFacts *facts, LsDiagnosis *out)
{
    /* Steps of before a change may have had another kind, whose numbers are in another unit. */
    const uint64_t recent = facts->step > 100 ? facts->step - 100 : 0;
    const uint64_t from = recent > facts->since ? recent : facts->since + 1;
    const double reg = ls_facts_mean(facts, LS_SERIES_REG, from, facts->step + 1);
    const double total = ls_facts_mean(facts, LS_SERIES_TOTAL, from, facts->step + 1);
    const double share = facts->now.w_reg * reg / total;
    if (!(share > 0.5)) {
        return false;
    }
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "Regularization is most of the loss: weights shrink at the images' cost.");
    (void)snprintf(out->figures, sizeof out->figures, "It is %.0f %% of the total.", 100 * share);
    return true;
}

static bool cold(const LsFacts *facts, LsDiagnosis *out)
{
    char text[32];
    ls_text_number(facts->settings->lr, text);
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "A learning rate of %s hardly moves the weights.", text);
    return facts->settings->lr <= cold_rate && facts->buckets > 0;
}

static bool one_axis_idle(const LsFacts *facts, LsDiagnosis *out)
{
    if (facts->faint_axes == 0 || facts->step < grown_up || facts->faint_axes >= facts->axes) {
        return false;
    }
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "%d of %d axes carr%s under 0.1 nats: the decoder does not listen to %s.",
                   facts->faint_axes, facts->axes, facts->faint_axes == 1 ? "ies" : "y",
                   facts->faint_axes == 1 ? "it" : "them");
    return true;
}

static bool kl_rises(const LsFacts *facts, LsDiagnosis *out)
{
    if (ls_facts_age(facts) < least || ls_facts_age(facts) > young) {
        return false;
    }
    const double before = ls_facts_quarter(facts, LS_SERIES_KL, 1);
    const double now = ls_facts_quarter(facts, LS_SERIES_KL, 3);
    const double rec_before = ls_facts_quarter(facts, LS_SERIES_REC, 1);
    const double rec_now = ls_facts_quarter(facts, LS_SERIES_REC, 3);
    if (!(now > 1.02 * before) || !(rec_now < rec_before)) {
        return false;
    }
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "KL rises because codes spread out: normal early on.");
    (void)snprintf(out->figures, sizeof out->figures,
                   "KL went from %.1f to %.1f nats, reconstruction from %.1f to %.1f.", before, now,
                   rec_before, rec_now);
    return true;
}

static bool kl_falls(const LsFacts *facts, LsDiagnosis *out)
{
    if (ls_facts_age(facts) < least || ls_facts_age(facts) > young) {
        return false;
    }
    const double before = ls_facts_quarter(facts, LS_SERIES_KL, 0);
    const double now = ls_facts_quarter(facts, LS_SERIES_KL, 3);
    const double rec_before = ls_facts_quarter(facts, LS_SERIES_REC, 0);
    const double rec_now = ls_facts_quarter(facts, LS_SERIES_REC, 3);
    if (!(now < 0.9 * before) || !(rec_now > rec_before)) {
        return false;
    }
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "KL is paid down: codes draw together at the prior, and images blur for it.");
    (void)snprintf(out->figures, sizeof out->figures,
                   "KL went from %.1f to %.1f nats, reconstruction from %.1f to %.1f.", before, now,
                   rec_before, rec_now);
    return true;
}

/* How held-out ELBO changed over the last `steps` steps under the present settings. */
static bool change_over(const LsFacts *facts, uint64_t steps, double *change)
{
    const LsMetric *now = ls_facts_newest(facts);
    if (now == NULL || now->step < facts->since + steps) {
        return false;
    }
    const LsMetric *then = ls_facts_evaluated(facts, now->step - steps);
    if (then == NULL || then->step == now->step) {
        return false;
    }
    *change = now->heldout_elbo - then->heldout_elbo;
    return true;
}

static bool settled(const LsFacts *facts, LsDiagnosis *out)
{
    double change = 0;
    if (!change_over(facts, settled_for, &change) || !(fabs(change) < settled_within)) {
        return false;
    }
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "Settled: held-out has hardly changed in 2,000 steps.");
    (void)snprintf(out->figures, sizeof out->figures, "The ELBO changed by %+.2f nats.", change);
    return true;
}

static bool learning(const LsFacts *facts, LsDiagnosis *out)
{
    const uint64_t steps = ls_facts_age(facts) < 1000 ? ls_facts_age(facts) : 1000;
    double change = 0;
    if (steps < least || !change_over(facts, steps, &change) || !(change > 0)) {
        return false;
    }
    char text[32];
    char nats[32];
    ls_text_thousands(steps, text);
    ls_text_figure(change, nats);
    (void)snprintf(out->sentence, sizeof out->sentence,
                   "Learning: held-out improved by %s nats in the last %s steps.", nats, text);
    return true;
}

static bool quiet(const LsFacts *facts, LsDiagnosis *out)
{
    (void)snprintf(out->sentence, sizeof out->sentence, "%s",
                   facts->buckets == 0
                       ? "While the model trains, this line says what is happening to it."
                       : "Nothing out of the ordinary.");
    return true;
}

static const Rule rules[] = {
    {{"stopped",
      "A figure of the loss or a weight has grown beyond all bounds, and nothing was asked of the "
      "model since.",
      LS_TONE_CAUTION},
     stopped},
    {{"nothing", "Every term of the loss is off.", LS_TONE_NOTE}, nothing_asked},
    {{"rec_off", "Reconstruction is off, or its weight is 0.", LS_TONE_NOTE}, rec_off},
    {{"hot",
      "The learning rate is 0.006 or more, and in the last quarter of the steps since the last "
      "change "
      "reconstruction is not 1.5 % lower than in the first.",
      LS_TONE_CAUTION},
     hot},
    {{"torn",
      "The learning rate is 0.006 or more, and with a Bernoulli reconstruction held-out ELBO is 50 "
      "nats below the best of the run and "
      "not a tenth of that better than in the four evaluations before.",
      LS_TONE_CAUTION},
     torn},
    {{"burst",
      "KL on held-out images is above 20 nats for each latent axis, though it weighs half of "
      "reconstruction or more, and it has not fallen by a tenth since the last change.",
      LS_TONE_CAUTION},
     burst},
    {{"collapsed",
      "Each latent axis has less than 0.1 nats of KL on held-out images, after 400 steps.",
      LS_TONE_CAUTION},
     collapsed},
    {{"overfitting",
      "The best held-out ELBO since the last change is 2,000 steps old, the newest is half a nat "
      "worse, and that of training images is better than it was then.",
      LS_TONE_CAUTION},
     overfitting},
    {{"kl_off", "The divergence is off, or its weight is 0.", LS_TONE_NOTE}, kl_off},
    {{"lost",
      "With a Bernoulli reconstruction, held-out ELBO is 50 nats below the best of the run and "
      "not a tenth of that better than in the four evaluations before.",
      LS_TONE_CAUTION},
     lost},
    {{"heavy", "Over the last 100 steps regularization is more than half of the total.",
      LS_TONE_CAUTION},
     heavy},
    {{"cold", "The learning rate is 0.00003 or less.", LS_TONE_NOTE}, cold},
    {{"axis_idle",
      "Some latent axes, but not all, have less than 0.1 nats of KL on held-out images, after 400 "
      "steps.",
      LS_TONE_NOTE},
     one_axis_idle},
    {{"scheduled", "A schedule weighs the divergence at less than half of β just now.",
      LS_TONE_NOTE},
     scheduled},
    {{"kl_rises",
      "In the first 3,000 steps since the last change, KL in the last quarter is 2 % above the "
      "second, "
      "and reconstruction below.",
      LS_TONE_WELL},
     kl_rises},
    {{"kl_falls",
      "In the first 3,000 steps since the last change, KL in the last quarter is a tenth below the "
      "first, and reconstruction above.",
      LS_TONE_WELL},
     kl_falls},
    {{"coming_back",
      "With a Bernoulli reconstruction, held-out ELBO is 50 nats below the best of the run and a "
      "tenth of that better than in the four evaluations before.",
      LS_TONE_NOTE},
     coming_back},
    {{"below_chance",
      "With a Bernoulli reconstruction, held-out ELBO is below that of one half for every pixel, "
      "120 "
      "steps after the last change or later.",
      LS_TONE_CAUTION},
     below_chance},
    {{"settled", "Held-out ELBO has changed by less than 0.2 nats in 2,000 steps.", LS_TONE_QUIET},
     settled},
    {{"learning", "Held-out ELBO is better than 1,000 steps ago, or than at the last change.",
      LS_TONE_WELL},
     learning},
    {{"quiet", "No other rule holds.", LS_TONE_QUIET}, quiet},
};

const LsDiagnosisRule *ls_diagnosis_rule(int index)
{
    return index >= 0 && index < (int)LS_COUNT(rules) ? &rules[index].shown : NULL;
}

LsDiagnosis ls_diagnosis_make(const LsHistory *history, const LsTrainSettings *settings, int pixels,
                              uint64_t loss_step, const char *why)
{
    const LsFacts facts = ls_facts_gather(history, settings, pixels, loss_step, why);
    for (size_t i = 0; i < LS_COUNT(rules); i++) {
        LsDiagnosis found = {
            .name = rules[i].shown.name, .rule = rules[i].shown.rule, .tone = rules[i].shown.tone};
        if (rules[i].holds(&facts, &found)) {
            return found;
        }
    }
    return (LsDiagnosis){.name = "quiet", .rule = "", .tone = LS_TONE_QUIET};
}
