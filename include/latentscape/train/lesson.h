/* Guided lessons: plain text files that say what to do, what must become true of the model, and what
 * happened when it has. A file is a list of "name: value" lines; a line that begins with blanks goes on
 * with the value above it, one that begins with # is for its author alone:
 *
 *     title: The balance
 *     about: What the weight of the divergence does.
 *     start: fresh                  (weights from the seed; model: the shipped one)
 *     settings: lr=2e-3             (besides the defaults)
 *
 *     step: Let it learn            (as many steps as there are things to see)
 *     text: Press Train.
 *     point: train.toggle           (the control that is meant: the name of a setting, action or view)
 *     set: beta=4                   (the person has to set this)
 *     train: on                     (the model has to learn)
 *     look: 5                       (so many places of the map have to be looked at)
 *     until: kl falls by 20%        (each of them must come true)
 *     within: 2000                  (steps of training, at most, when the lesson is checked)
 *     said: KL fell from {kl.then} to {kl} nats.
 *
 * A condition is QUANTITY > NUMBER, QUANTITY < NUMBER, or QUANTITY rises|falls by NUMBER or NUMBER%;
 * then and change mean since the step of the lesson began. */
#ifndef LATENTSCAPE_TRAIN_LESSON_H
#define LATENTSCAPE_TRAIN_LESSON_H

#include "latentscape/measure/measure.h"
#include "latentscape/train/metric.h"
#include "latentscape/train/settings.h"

enum {
    LS_LESSON_BYTES = 65536, /* of a file, at most */
    LS_LESSON_STEPS = 32,
    LS_LESSON_CONDITIONS = 4, /* of a step */
    LS_LESSON_SHORT = 160,
    LS_LESSON_LONG = 1024,
    LS_LESSON_METRICS = 8,
    LS_LESSON_QUANTITIES = LS_LESSON_METRICS + LS_MEASURE_COUNT
};

typedef enum LsLessonRelation {
    LS_LESSON_ABOVE,
    LS_LESSON_BELOW,
    LS_LESSON_RISES,
    LS_LESSON_FALLS
} LsLessonRelation;

typedef struct LsLessonCondition {
    int quantity;
    LsLessonRelation relation;
    bool share; /* rises and falls: amount is a share of what it was */
    double amount;
    char text[LS_LESSON_SHORT]; /* as it stands in the file */
} LsLessonCondition;

typedef struct LsLessonStep {
    char title[LS_LESSON_SHORT];
    char text[LS_LESSON_LONG];
    char point[64];            /* "": nothing */
    char set[LS_LESSON_SHORT]; /* a share text; "": nothing */
    bool train;
    int look;        /* places of the map; 0: none */
    uint64_t within; /* steps of training */
    LsLessonCondition condition[LS_LESSON_CONDITIONS];
    int condition_count;
    char said[LS_LESSON_LONG];
} LsLessonStep;

typedef struct LsLesson {
    char title[LS_LESSON_SHORT], about[LS_LESSON_LONG];
    bool fresh;               /* false: the shipped model is where it starts */
    LsTrainSettings settings; /* the defaults and what the file sets */
    LsLessonStep step[LS_LESSON_STEPS];
    int step_count;
} LsLesson;

/* What is known of a model at one time. Units: as the quantities'. */
typedef struct LsLessonFacts {
    uint64_t step;                      /* of training, when the model was asked last */
    uint64_t metric_step, measure_step; /* what the values below are of */
    double value[LS_LESSON_QUANTITIES]; /* NAN: not known */
} LsLessonFacts;

/* Reads a lesson. Owns: the caller, ls_memory_free(). Fails: NULL, LS_ERR_FORMAT as "name:line: what
 * is wrong", LS_ERR_FILE or LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED LsLesson *ls_lesson_open(const char *path, LsError *err);

/* The same from size bytes at text, which name is said to hold.  Thread: any. */
LS_CHECKED LsLesson *ls_lesson_parse(const char *text, size_t size, const char *name, LsError *err);

/* The name of a quantity, NULL past the last one: losses of held-out images ("rec", "kl", "reg",
 * "total", "elbo"), "train_elbo", "steps" since the step of the lesson began, "lr", then the measures.
 * Thread: any. */
const char *ls_lesson_quantity(int index);

/* Facts of which nothing is known.  Thread: any. */
LsLessonFacts ls_lesson_facts(void);

/* Adds what an evaluation, or a measuring, has found out.  Thread: any. */
void ls_lesson_add_metric(LsLessonFacts *facts, const LsMetric *metric);
void ls_lesson_add_measures(LsLessonFacts *facts, const LsMeasures *measures);

/* Whether anything of a step needs the measures.  Thread: any. */
bool ls_lesson_needs_measures(const LsLessonStep *step);

/* Whether settings are as the step asks for.  Thread: any. */
bool ls_lesson_is_set(const LsLessonStep *step, const LsTrainSettings *settings);

/* Whether the condition is true: then is what was known when the step of the lesson began, now what is
 * known. *figure gets what was measured: the value, or by how much it has changed. What is not known,
 * or not newer than then, is not true.  Thread: any. */
bool ls_lesson_holds(const LsLessonCondition *condition, const LsLessonFacts *then,
                     const LsLessonFacts *now, double *figure);

/* Whether every condition of the step is true.  Thread: any. */
bool ls_lesson_reached(const LsLessonStep *step, const LsLessonFacts *then,
                       const LsLessonFacts *now);

/* The text with {kl} replaced by what is now, {kl.then} by what was, {kl.change} by the difference.
 * Shapes: out [size], cut at a whole character.  Thread: any. */
void ls_lesson_fill(const char *text, const LsLessonFacts *then, const LsLessonFacts *now,
                    char *out, size_t size);

#endif
