#include "latentscape/train/contrast.h"

#include <math.h>
#include <stdio.h>

#include "latentscape/core/base.h"

static const double seen = 1;     /* nats: a difference that is worth a word */
static const double by_heart = 2; /* nats between two overfitting gaps */
static const double faint = 0.1;  /* nats of information: the codes tell nothing */
static const double astray = 0.2; /* of the codes' distance from the prior */

typedef bool RuleFn(const LsContrastSide *a, const LsContrastSide *b, char *out, size_t size);

static double value_of(const LsContrastSide *side, LsMeasureId id)
{
    const LsMeasureValue *value = &side->measures->value[id];
    return side->measures->serial > 0 && value->missing == NULL ? value->value : (double)NAN;
}

static bool unknown(const LsContrastSide *a, const LsContrastSide *b, char *out, size_t size)
{
    (void)snprintf(out, size, "%s", "");
    return !a->evaluation->evaluated || !b->evaluation->evaluated;
}

static bool silent(const LsContrastSide *a, const LsContrastSide *b, char *out, size_t size)
{
    const double mute = value_of(b, LS_MEASURE_INFORMATION);
    const double told = value_of(a, LS_MEASURE_INFORMATION);
    (void)snprintf(
        out, size,
        "%s's codes tell nothing of its images any more, %s's tell %.1f nats: all that %s "
        "generates is alike.",
        b->name, a->name, told, b->name);
    return mute < faint && told > 10 * faint;
}

static bool trade(const LsContrastSide *a, const LsContrastSide *b, char *out, size_t size)
{
    const double gain = a->evaluation->heldout.rec - b->evaluation->heldout.rec;
    const double far = value_of(b, LS_MEASURE_DISTANCE);
    const double near = value_of(a, LS_MEASURE_DISTANCE);
    (void)snprintf(out, size,
                   "%s copies images better by %.1f nats, but its codes stray from the prior (%.2f "
                   "against %.2f): samples come from places the decoder was seldom taught.",
                   b->name, gain, far, near);
    return a->rec == b->rec && gain >= seen && far - near >= astray;
}

static bool heart(const LsContrastSide *a, const LsContrastSide *b, char *out, size_t size)
{
    (void)snprintf(
        out, size,
        "%s learns its images by heart: held-out ones come out worse by %.1f nats, in %s "
        "by %.1f.",
        b->name, ls_metric_gap(b->evaluation), a->name, ls_metric_gap(a->evaluation));
    return ls_metric_gap(b->evaluation) - ls_metric_gap(a->evaluation) >= by_heart;
}

static bool better(const LsContrastSide *a, const LsContrastSide *b, char *out, size_t size)
{
    const double gain = b->evaluation->heldout_elbo - a->evaluation->heldout_elbo;
    (void)snprintf(out, size, "%s explains held-out images better, by %.1f nats of ELBO.", b->name,
                   gain);
    return gain >= seen;
}

static bool even(const LsContrastSide *a, const LsContrastSide *b, char *out, size_t size)
{
    (void)snprintf(out, size, "%s and %s differ by less than 1 nat of ELBO so far.", a->name,
                   b->name);
    return true;
}

static const struct {
    const char *name, *rule;
    RuleFn *holds;
} rules[] = {
    {"unknown", "one of them is not evaluated yet", unknown},
    {"silent", "the codes of one carry under 0.1 nats, those of the other over 1", silent},
    {"trade", "one reconstructs better by 1 nat, and its codes are further from the prior by 0.2",
     trade},
    {"heart", "the overfitting gap of one is larger by 2 nats", heart},
    {"better", "the ELBO of one is better by 1 nat", better},
    {"even", "none of the others holds", even},
};

LsContrast ls_contrast_make(const LsContrastSide *a, const LsContrastSide *b)
{
    LsContrast contrast = {.sentence = ""};
    for (size_t i = 0; i < LS_COUNT(rules); i++) {
        contrast.name = rules[i].name;
        contrast.rule = rules[i].rule;
        /* A rule speaks of its second side: either may be that. */
        if (rules[i].holds(a, b, contrast.sentence, sizeof contrast.sentence) ||
            rules[i].holds(b, a, contrast.sentence, sizeof contrast.sentence)) {
            break;
        }
    }
    return contrast;
}
