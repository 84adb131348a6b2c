#include "cli/lesson_command.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"
#include "latentscape/train/gauge.h"
#include "latentscape/train/lesson.h"
#include "latentscape/train/run.h"

#include "cli/common_option.h"
#include "cli/stop.h"

enum {
    LOOK_EVERY = 50 /* steps of training between two looks at the conditions */
};

typedef struct Options {
    bool check;
    uint64_t seed, threads;
    const char *argument[CLI_ARGUMENTS];
} Options;

#define AT(field) .offset = offsetof(Options, field)

static const CliOption options[] = {
    {.name = "check",
     .type = CLI_FLAG,
     AT(check),
     .help = "Does what the lesson asks for, trains as long as it says, and prints each condition "
             "with the figure measured. Exit status 0 where all came true."},
    {.name = "seed",
     .value = "N",
     .type = CLI_COUNT,
     AT(seed),
     .max = 9223372036854775807.0,
     .help = "The seed of weights, order and noise (1)."},
    CLI_OPTION_THREADS(offsetof(Options, threads), CLI_SAME_NUMBERS),
};

static const CliSyntax syntax = {
    .command = "lesson",
    .help = "Reads a guided lesson and tells what is in it; with --check, runs it without a window "
            "on the shipped digits.",
    .argument = {"FILE"},
    .needed = 1,
    .arguments_offset = offsetof(Options, argument),
    .options = options,
    .option_count = LS_COUNT(options),
};

/* A lesson that is being run. */
typedef struct Check {
    const LsLesson *lesson;
    LsDataset *data;
    LsRun *run;
    LsPool *pool;
    LsGauge *gauge;
    LsLessonFacts facts;
    int broken; /* conditions that did not come true */
} Check;

static void finish(Check *check)
{
    ls_gauge_destroy(check->gauge);
    ls_pool_destroy(check->pool);
    ls_run_destroy(check->run);
    ls_dataset_destroy(check->data);
}

static bool init(Check *check, const LsLesson *lesson, const Options *given, LsError *err)
{
    const int threads = (int)given->threads;
    *check = (Check){.lesson = lesson, .facts = ls_lesson_facts()};
    LsTrainSettings settings = lesson->settings;
    settings.seed = given->seed;
    check->data = ls_dataset_open_digits(err);
    if (check->data == NULL) {
        return false;
    }
    if (lesson->fresh) {
        check->run = ls_run_create(check->data, &settings, threads, err);
    } else {
        char path[LS_PATH_MAX];
        LsCheckpoint checkpoint;
        if (!ls_path_asset("models/digits-2d.safetensors", path, err) ||
            !ls_checkpoint_open(&checkpoint, path, err)) {
            return false;
        }
        check->run = ls_run_open(check->data, &settings, &checkpoint, threads, err);
        ls_checkpoint_finish(&checkpoint);
        /* The model brings the settings it was trained with; the lesson has its own. */
        if (check->run != NULL && !ls_run_set(check->run, &settings, err)) {
            return false;
        }
    }
    check->pool = check->run != NULL ? ls_pool_create(threads, err) : NULL;
    check->gauge = check->pool != NULL ? ls_gauge_create(check->data, check->pool, err) : NULL;
    return check->gauge != NULL;
}

/* What is known of the model now. */
static bool look(Check *check, bool measures, LsError *err)
{
    LsMetric metric;
    ls_run_evaluate(check->run, &metric);
    ls_lesson_add_metric(&check->facts, &metric);
    if (measures) {
        LsMeasures found;
        if (!ls_gauge_begin(check->gauge, ls_run_model(check->run), ls_run_params(check->run),
                            ls_run_steps(check->run), err)) {
            return false;
        }
        while (!ls_gauge_advance(check->gauge, &found)) {
        }
        ls_gauge_take_gap(&found, &metric);
        ls_lesson_add_measures(&check->facts, &found);
    }
    check->facts.step = ls_run_steps(check->run);
    return true;
}

static void print_conditions(Check *check, const LsLessonStep *step, const LsLessonFacts *then)
{
    for (int i = 0; i < step->condition_count; i++) {
        const LsLessonCondition *condition = &step->condition[i];
        double figure = 0;
        const bool holds = ls_lesson_holds(condition, then, &check->facts, &figure);
        const bool change =
            condition->relation == LS_LESSON_RISES || condition->relation == LS_LESSON_FALLS;
        const char *quantity = ls_lesson_quantity(condition->quantity);
        printf("  %s  %-32s %s %s %.4g", holds ? "met   " : "NOT MET", condition->text, quantity,
               change ? "changed by" : "is", figure);
        if (change) {
            printf(", from %.4g", then->value[condition->quantity]);
        }
        printf(", after %" PRIu64 " steps\n", check->facts.step - then->step);
        check->broken += holds ? 0 : 1;
    }
}

/* Does what the step asks for until its conditions are true, or its steps are used up. */
static bool run_step(Check *check, int number, LsError *err)
{
    const LsLessonStep *step = &check->lesson->step[number];
    const bool measures = ls_lesson_needs_measures(step);
    printf("%d. %s\n", number + 1, step->title);
    if (!look(check, measures, err)) {
        return false;
    }
    const LsLessonFacts then = check->facts;
    if (step->set[0] != '\0') {
        LsTrainSettings settings = *ls_run_settings(check->run);
        if (!ls_setting_apply(ls_train_settings_table(), step->set, sizeof settings, &settings,
                              err) ||
            !ls_run_set(check->run, &settings, err)) {
            return false;
        }
    }
    while (step->condition_count > 0 && !ls_lesson_reached(step, &then, &check->facts) &&
           check->facts.step - then.step < step->within && !cli_stop_asked()) {
        LsMetric metric;
        for (int i = 0; i < LOOK_EVERY; i++) {
            ls_run_step(check->run, &metric);
            const char *fault = ls_run_fault(&metric);
            if (fault != NULL) {
                return ls_fail(err, LS_ERR_MODEL,
                               "Training stopped by itself: at step %" PRIu64
                               " the %s was no longer a finite number.",
                               metric.step, fault);
            }
        }
        if (!look(check, measures, err)) {
            return false;
        }
    }
    print_conditions(check, step, &then);
    if (step->said[0] != '\0') {
        char said[LS_LESSON_LONG];
        ls_lesson_fill(step->said, &then, &check->facts, said, sizeof said);
        printf("  %s\n", said);
    }
    return true;
}

static CliStatus check_lesson(const LsLesson *lesson, const Options *given)
{
    LsError err = {0};
    Check check;
    CliStop stop;
    cli_stop_init(&stop);
    bool ok = init(&check, lesson, given, &err);
    if (ok) {
        printf("%s, seed %" PRIu64 "\n", lesson->title, given->seed);
    }
    for (int i = 0; i < lesson->step_count && ok && !cli_stop_asked(); i++) {
        ok = run_step(&check, i, &err);
        (void)fflush(stdout);
    }
    finish(&check);
    const bool stopped = cli_stop_asked();
    cli_stop_finish(&stop);
    if (!ok) {
        return cli_message_error(&err);
    }
    if (stopped) {
        cli_message_note("Stopped before the lesson's end.");
    } else if (check.broken > 0) {
        cli_message_note("%d condition%s of the lesson did not come true.", check.broken,
                         check.broken == 1 ? "" : "s");
    }
    return stopped || check.broken > 0 ? CLI_FAILED : CLI_OK;
}

static void print_outline(const LsLesson *lesson)
{
    printf("%s\n%s\n", lesson->title, lesson->about);
    for (int i = 0; i < lesson->step_count; i++) {
        const LsLessonStep *step = &lesson->step[i];
        printf("%d. %s\n", i + 1, step->title);
        for (int k = 0; k < step->condition_count; k++) {
            printf("  until %s\n", step->condition[k].text);
        }
    }
}

CliStatus cli_lesson_command_run(int count, char *const *words)
{
    Options given = {.seed = 1};
    LsError err = {0};
    const CliParsed parsed = cli_option_parse(&syntax, count, words, &given, &err);
    if (parsed != CLI_PARSED) {
        return parsed == CLI_HELPED ? CLI_OK : cli_message_error(&err);
    }
    LsLesson *lesson = ls_lesson_open(given.argument[0], &err);
    if (lesson == NULL) {
        return cli_message_error(&err);
    }
    CliStatus status = CLI_OK;
    if (given.check) {
        status = check_lesson(lesson, &given);
    } else {
        print_outline(lesson);
    }
    ls_memory_free(lesson);
    return status;
}
