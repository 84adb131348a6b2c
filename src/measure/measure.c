#include "latentscape/measure/measure.h"

#include <math.h>
#include <string.h>

#include "latentscape/measure/aggregate.h"

/* ---- what is missing */

static const char *no_samples(const LsMeasureMaterial *material)
{
    return material->samples < 2 ? "there are no samples" : NULL;
}

static const char *no_classifier(const LsMeasureMaterial *material)
{
    return material->no_classifier;
}

static const char *no_agreement(const LsMeasureMaterial *material)
{
    return material->no_classifier != NULL ? material->no_classifier : material->no_agreement;
}

static const char *no_neighbours(const LsMeasureMaterial *material)
{
    return material->no_neighbours;
}

static const char *no_codes(const LsMeasureMaterial *material)
{
    return material->no_codes;
}

static const char *no_gap(const LsMeasureMaterial *material)
{
    return material->no_gap;
}

/* ---- the figures */

static LsEstimate sharpness(const LsMeasureMaterial *m)
{
    return ls_estimate_ratio(ls_estimate_mean((size_t)m->samples, m->gradient), m->real_gradient);
}

static LsEstimate clarity(const LsMeasureMaterial *m)
{
    return ls_estimate_ratio(ls_estimate_mean((size_t)m->samples, m->decided), m->real_decided);
}

static LsEstimate coherence(const LsMeasureMaterial *m)
{
    return ls_estimate_mean((size_t)m->samples, m->confidence);
}

static LsEstimate agreement(const LsMeasureMaterial *m)
{
    return ls_estimate_mean((size_t)m->samples, m->agreement);
}

static LsEstimate precision(const LsMeasureMaterial *m)
{
    return ls_estimate_mean((size_t)m->pairs, m->precise);
}

static LsEstimate recall(const LsMeasureMaterial *m)
{
    return ls_estimate_mean((size_t)m->pairs, m->reached);
}

static LsEstimate coverage(const LsMeasureMaterial *m)
{
    return ls_estimate_mean((size_t)m->pairs, m->covered);
}

static LsEstimate active(const LsMeasureMaterial *m)
{
    return ls_aggregate_active(m->codes, m->latent, m->mu);
}

static LsEstimate information(const LsMeasureMaterial *m)
{
    return ls_estimate_mean((size_t)m->codes, m->information);
}

static LsEstimate distance(const LsMeasureMaterial *m)
{
    return m->distance;
}

static LsEstimate overfitting(const LsMeasureMaterial *m)
{
    return m->gap;
}

static const LsMeasureRow rows[LS_MEASURE_COUNT] = {
    [LS_MEASURE_SHARPNESS] =
        {.name = "sharpness",
         .label = "sharpness",
         .unit = "",
         .better = LS_MEASURE_ONE,
         .help = "How hard the edges of samples are: the mean squared difference between "
                 "neighbouring pixels, over that of real images. 1 is as sharp as they are, 0 is "
                 "an even surface.",
         .paper = "gradient energy, as in autofocus: Tenenbaum 1970",
         .digits = 3,
         .missing = no_samples,
         .estimate = sharpness},
    [LS_MEASURE_CLARITY] =
        {.name = "clarity",
         .label = "clarity",
         .unit = "",
         .better = LS_MEASURE_ONE,
         .help = "How decided the pixels of samples are: 1 - mean of 4p(1-p), which is 1 for black "
                 "and white and 0 for middle grey, over that of real images.",
         .paper = "",
         .digits = 3,
         .missing = no_samples,
         .estimate = clarity},
    [LS_MEASURE_COHERENCE] =
        {.name = "coherence",
         .label = "coherence",
         .unit = "",
         .better = LS_MEASURE_UP,
         .help = "How surely a sample is one digit: the mean confidence of a small classifier "
                 "trained on the real ones, which has learned to be unsure of mixtures and of "
                 "noise. Between 0.1 and 1.",
         .paper = "mixtures as training: Zhang et al. 2018",
         .digits = 3,
         .missing = no_classifier,
         .estimate = coherence},
    [LS_MEASURE_AGREEMENT] =
        {.name = "agreement",
         .label = "agreement",
         .unit = "",
         .better = LS_MEASURE_UP,
         .help = "Whether the map keeps its word: of the five held-out codes nearest to a sample's "
                 "code, the share whose label is the class that the classifier sees in the sample.",
         .paper = "",
         .digits = 3,
         .missing = no_agreement,
         .estimate = agreement},
    [LS_MEASURE_PRECISION] =
        {.name = "precision",
         .label = "precision",
         .unit = "",
         .better = LS_MEASURE_UP,
         .help = "The share of samples that lie among real images: nearer to some held-out image, "
                 "pixel by pixel, than its third nearest neighbour is. Blur helps it: look at "
                 "sharpness too.",
         .paper = "Kynkaanniemi et al. 2019",
         .digits = 3,
         .missing = no_neighbours,
         .estimate = precision},
    [LS_MEASURE_RECALL] =
        {.name = "recall",
         .label = "recall",
         .unit = "",
         .better = LS_MEASURE_UP,
         .help =
             "The share of held-out images that lie among samples: nearer to some sample, pixel "
             "by pixel, than that sample's third nearest fellow is. Very strict: samples of two "
             "latent axes lie on a sheet, close to each other.",
         .paper = "Kynkaanniemi et al. 2019",
         .digits = 3,
         .missing = no_neighbours,
         .estimate = recall},
    [LS_MEASURE_COVERAGE] =
        {.name = "coverage",
         .label = "coverage",
         .unit = "",
         .better = LS_MEASURE_UP,
         .help = "The share of held-out images with a sample nearby: nearer, pixel by pixel, than "
                 "their third nearest fellow. Falls where kinds of images are never drawn.",
         .paper = "Naeem et al. 2020",
         .digits = 3,
         .missing = no_neighbours,
         .estimate = coverage},
    [LS_MEASURE_ACTIVE] =
        {.name = "active",
         .label = "active axes",
         .unit = "axes",
         .of_codes = true,
         .better = LS_MEASURE_UP,
         .help = "How many latent axes are used: those along which the codes' centres vary by more "
                 "than 0.01 over the held-out images. The others have collapsed to the prior.",
         .paper = "Burda et al. 2016",
         .digits = 0,
         .missing = no_codes,
         .estimate = active},
    [LS_MEASURE_INFORMATION] =
        {.name = "information",
         .label = "information",
         .unit = "nats",
         .of_codes = true,
         .better = LS_MEASURE_UP,
         .help = "What a code tells about its image: the mean of log q(z|x) - log q(z), with q(z) "
                 "averaged over the image and 4,096 training images. It cannot show more than 8.3 "
                 "nats.",
         .paper = "Hoffman & Johnson 2016",
         .digits = 2,
         .missing = no_codes,
         .estimate = information},
    [LS_MEASURE_DISTANCE] =
        {.name = "distance",
         .label = "codes to prior",
         .unit = "σ",
         .of_codes = true,
         .better = LS_MEASURE_DOWN,
         .help =
             "How far codes would have to be moved, in the prior's standard deviations, to lie "
             "as samples are drawn: the sliced Wasserstein distance of 4,096 codes. Where it is "
             "large, samples come from places the decoder was never taught.",
         .paper = "Bonneel et al. 2015",
         .digits = 2,
         .missing = no_codes,
         .estimate = distance},
    [LS_MEASURE_OVERFITTING] =
        {.name = "overfitting",
         .label = "overfitting gap",
         .unit = "nats",
         .of_codes = true,
         .better = LS_MEASURE_DOWN,
         .help = "By how many nats training images are told better than held-out ones: the "
                 "difference of their mean ELBO at β 1 in the newest evaluation. It looks at 1,000 "
                 "of the images that are trained on, or at all where they are fewer.",
         .paper = "",
         .digits = 1,
         .missing = no_gap,
         .estimate = overfitting},
};

const LsMeasureRow *ls_measure_rows(void)
{
    return rows;
}

LsMeasureId ls_measure_find(const char *name)
{
    LsMeasureId id = 0;
    while (id < LS_MEASURE_COUNT && strcmp(rows[id].name, name) != 0) {
        id++;
    }
    return id;
}

void ls_measure_all(const LsMeasureMaterial *material, LsMeasureValue *values)
{
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        values[i] = (LsMeasureValue){.missing = rows[i].missing(material)};
        if (values[i].missing != NULL) {
            continue;
        }
        const LsEstimate estimate = rows[i].estimate(material);
        if (isfinite(estimate.value) && isfinite(estimate.error)) {
            values[i].value = estimate.value;
            values[i].error = estimate.error;
        } else {
            values[i].missing = "it is not a finite number";
        }
    }
}
