#include "latentscape/train/lesson.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"
#include "latentscape/core/text.h"

static const uint64_t within_most = 1000000;
static const uint64_t within_usual = 3000;

/* Where in the file the reader is. */
typedef struct Reader {
    const char *name; /* of the file, for people */
    int line;
    LsLesson *lesson;
    LsTrainSettings set; /* what steps have set so far */
    bool seen_start, seen_settings;
    LsError *err;
} Reader;

static bool fault(const Reader *reader, const char *what, const char *more)
{
    return ls_fail(reader->err, LS_ERR_FORMAT, "%s:%d: %s%s.", reader->name, reader->line, what,
                   more);
}

static bool put(const Reader *reader, const char *value, char *out, size_t size)
{
    if (out[0] != '\0') {
        return fault(reader, "this was given already", "");
    }
    if (strlen(value) >= size) {
        return fault(reader, "this text is too long", "");
    }
    memcpy(out, value, strlen(value) + 1);
    return true;
}

/* The step that is being read; fields of a step come only after one has begun. */
static LsLessonStep *last_step(const Reader *reader)
{
    LsLesson *lesson = reader->lesson;
    return &lesson->step[lesson->step_count > 0 ? lesson->step_count - 1 : 0];
}

static bool find_quantity(const Reader *reader, const char *name, int *quantity)
{
    const char *names[LS_LESSON_QUANTITIES];
    for (int i = 0; i < LS_LESSON_QUANTITIES; i++) {
        names[i] = ls_lesson_quantity(i);
        if (strcmp(names[i], name) == 0) {
            *quantity = i;
            return true;
        }
    }
    char text[LS_LESSON_SHORT];
    const char *nearest = ls_text_nearest(name, names, LS_LESSON_QUANTITIES);
    (void)snprintf(text, sizeof text, "there is no quantity \"%.60s\"%s%s%s", name,
                   nearest != NULL ? "; did you mean \"" : "", nearest != NULL ? nearest : "",
                   nearest != NULL ? "\"?" : "");
    return ls_fail(reader->err, LS_ERR_FORMAT, "%s:%d: %s%s", reader->name, reader->line, text,
                   nearest != NULL ? "" : ".");
}

/* The number at the end of a condition, with its percent sign. */
static bool read_amount(const Reader *reader, char *text, LsLessonCondition *condition)
{
    const size_t length = strlen(text);
    const bool change =
        condition->relation == LS_LESSON_RISES || condition->relation == LS_LESSON_FALLS;
    if (change && length > 1 && text[length - 1] == '%') {
        condition->share = true;
        text[length - 1] = '\0';
    }
    if (!ls_text_to_number(text, &condition->amount)) {
        return fault(reader, "a condition ends in a number, for example \"kl > 20\"", "");
    }
    if (condition->share) {
        condition->amount /= 100;
    }
    return !change || condition->amount >= 0 || fault(reader, "a change is not negative", "");
}

/* Cuts the next word off; "" at the end. */
static char *word(char **rest)
{
    char *start = *rest + strspn(*rest, " ");
    char *end = start + strcspn(start, " ");
    *rest = *end != '\0' ? end + 1 : end;
    *end = '\0';
    return start;
}

static bool read_condition(Reader *reader, const char *value)
{
    LsLessonStep *step = last_step(reader);
    if (step->condition_count == LS_LESSON_CONDITIONS) {
        return fault(reader, "a step has four conditions at most", "");
    }
    LsLessonCondition *condition = &step->condition[step->condition_count];
    char text[LS_LESSON_SHORT];
    text[0] = '\0';
    if (!put(reader, value, text, sizeof text) ||
        !put(reader, value, condition->text, sizeof condition->text)) {
        return false;
    }
    char *rest = text;
    if (!find_quantity(reader, word(&rest), &condition->quantity)) {
        return false;
    }
    const char *relation = word(&rest);
    if (strcmp(relation, ">") == 0) {
        condition->relation = LS_LESSON_ABOVE;
    } else if (strcmp(relation, "<") == 0) {
        condition->relation = LS_LESSON_BELOW;
    } else if (strcmp(relation, "rises") == 0 || strcmp(relation, "falls") == 0) {
        condition->relation = relation[0] == 'r' ? LS_LESSON_RISES : LS_LESSON_FALLS;
        if (strcmp(word(&rest), "by") != 0) {
            return fault(reader, "a change reads \"rises by 5\" or \"falls by 10%\"", "");
        }
    } else {
        return fault(reader, "a condition compares with >, <, \"rises by\" or \"falls by\"", "");
    }
    char *amount = word(&rest);
    if (!read_amount(reader, amount, condition)) {
        return false;
    }
    if (*word(&rest) != '\0') {
        return fault(reader, "there is something after the number", "");
    }
    step->condition_count++;
    return true;
}

static bool read_count(const Reader *reader, const char *value, uint64_t least, uint64_t most,
                       uint64_t *count)
{
    double number = 0;
    if (!ls_text_to_number(value, &number) || number < (double)least || number > (double)most ||
        number != (double)(uint64_t)number) {
        return ls_fail(reader->err, LS_ERR_FORMAT, "%s:%d: this is a whole number from %u to %u.",
                       reader->name, reader->line, (unsigned)least, (unsigned)most);
    }
    *count = (uint64_t)number;
    return true;
}

/* A share text over settings; the sentence of what is wrong with it gets the file and the line. */
static bool apply(const Reader *reader, const char *line, LsTrainSettings *settings)
{
    LsError err = {0};
    if (!ls_setting_apply(ls_train_settings_table(), line, sizeof *settings, settings, &err)) {
        return ls_fail(reader->err, LS_ERR_FORMAT, "%s:%d: %s", reader->name, reader->line,
                       err.text);
    }
    return true;
}

/* Steps change the living model: what needs a new one belongs to the beginning. */
static bool read_set(Reader *reader, const char *value)
{
    LsLessonStep *step = last_step(reader);
    LsTrainSettings set = reader->set;
    if (!put(reader, value, step->set, sizeof step->set) || !apply(reader, value, &set)) {
        return false;
    }
    const LsSettingTable table = ls_train_settings_table();
    for (size_t i = 0; i < table.count; i++) {
        const bool fixed = table.rows[i].structural || strcmp(table.rows[i].name, "seed") == 0;
        if (fixed && !ls_setting_equal(&table.rows[i], &set, &reader->set)) {
            return fault(reader, table.rows[i].name,
                         " needs a new model: it belongs to \"settings:\" at the top");
        }
    }
    reader->set = set;
    return true;
}

static bool read_title(Reader *reader, const char *value)
{
    return put(reader, value, reader->lesson->title, sizeof reader->lesson->title);
}

static bool read_about(Reader *reader, const char *value)
{
    return put(reader, value, reader->lesson->about, sizeof reader->lesson->about);
}

static bool read_start(Reader *reader, const char *value)
{
    if (reader->seen_start) {
        return fault(reader, "this was given already", "");
    }
    reader->seen_start = true;
    reader->lesson->fresh = strcmp(value, "fresh") == 0;
    return reader->lesson->fresh || strcmp(value, "model") == 0 ||
           fault(reader, "a lesson starts with \"fresh\" weights or with the \"model\"", "");
}

static bool read_settings(Reader *reader, const char *value)
{
    if (reader->seen_settings) {
        return fault(reader, "this was given already", "");
    }
    reader->seen_settings = true;
    if (!apply(reader, value, &reader->lesson->settings)) {
        return false;
    }
    reader->set = reader->lesson->settings;
    return true;
}

static bool read_step(Reader *reader, const char *value)
{
    LsLesson *lesson = reader->lesson;
    if (lesson->step_count == LS_LESSON_STEPS) {
        return fault(reader, "a lesson has 32 steps at most", "");
    }
    LsLessonStep *step = &lesson->step[lesson->step_count++];
    step->within = within_usual;
    return put(reader, value, step->title, sizeof step->title);
}

static bool read_text(Reader *reader, const char *value)
{
    LsLessonStep *step = last_step(reader);
    return put(reader, value, step->text, sizeof step->text);
}

static bool read_point(Reader *reader, const char *value)
{
    LsLessonStep *step = last_step(reader);
    return put(reader, value, step->point, sizeof step->point);
}

static bool read_train(Reader *reader, const char *value)
{
    last_step(reader)->train = true;
    return strcmp(value, "on") == 0 || fault(reader, "this can only be \"on\"", "");
}

static bool read_look(Reader *reader, const char *value)
{
    uint64_t places = 0;
    if (!read_count(reader, value, 1, 50, &places)) {
        return false;
    }
    last_step(reader)->look = (int)places;
    return true;
}

static bool read_within(Reader *reader, const char *value)
{
    return read_count(reader, value, 1, within_most, &last_step(reader)->within);
}

/* Every {name}, {name.then} and {name.change} must be known: a lesson that is running has no place for
 * a fault. */
static bool check_said(const Reader *reader, const char *text)
{
    for (const char *at = strchr(text, '{'); at != NULL; at = strchr(at + 1, '{')) {
        char name[64];
        const size_t length = strcspn(at + 1, "}");
        if (at[1 + length] == '\0' || length >= sizeof name) {
            return fault(reader, "a { without its }", "");
        }
        memcpy(name, at + 1, length);
        name[length] = '\0';
        char *dot = strchr(name, '.');
        if (dot != NULL) {
            if (strcmp(dot, ".then") != 0 && strcmp(dot, ".change") != 0) {
                return fault(reader, "after the dot stands then or change", "");
            }
            *dot = '\0';
        }
        int quantity = 0;
        if (!find_quantity(reader, name, &quantity)) {
            return false;
        }
    }
    return true;
}

static bool read_said(Reader *reader, const char *value)
{
    LsLessonStep *step = last_step(reader);
    return put(reader, value, step->said, sizeof step->said) && check_said(reader, value);
}

typedef enum Place {
    TOP,
    ANYWHERE,
    STEP
} Place;

static const struct {
    const char *name;
    Place place;
    bool (*read)(Reader *reader, const char *value);
} fields[] = {
    {"title", TOP, read_title},      {"about", TOP, read_about},
    {"start", TOP, read_start},      {"settings", TOP, read_settings},
    {"step", ANYWHERE, read_step},   {"text", STEP, read_text},
    {"point", STEP, read_point},     {"set", STEP, read_set},
    {"train", STEP, read_train},     {"look", STEP, read_look},
    {"until", STEP, read_condition}, {"within", STEP, read_within},
    {"said", STEP, read_said},
};

/* One "name: value", its continuations joined. */
static bool read_field(Reader *reader, char *text)
{
    char *colon = strchr(text, ':');
    if (colon == NULL) {
        return fault(reader, "a line reads \"name: value\"", "");
    }
    *colon = '\0';
    const char *value = colon + 1 + strspn(colon + 1, " ");
    for (size_t i = 0; i < LS_COUNT(fields); i++) {
        if (strcmp(fields[i].name, text) != 0) {
            continue;
        }
        if (*value == '\0') {
            return fault(reader, text, " has no value");
        }
        if (fields[i].place == STEP && reader->lesson->step_count == 0) {
            return fault(reader, text, " belongs to a step: \"step:\" comes first");
        }
        if (fields[i].place == TOP && reader->lesson->step_count > 0) {
            return fault(reader, text, " belongs to the top, before the first \"step:\"");
        }
        return fields[i].read(reader, value);
    }
    const char *names[LS_COUNT(fields)];
    for (size_t i = 0; i < LS_COUNT(fields); i++) {
        names[i] = fields[i].name;
    }
    char name[64];
    ls_text_clean(text, name, sizeof name);
    const char *nearest = ls_text_nearest(name, names, LS_COUNT(fields));
    return ls_fail(reader->err, LS_ERR_FORMAT,
                   nearest != NULL ? "%s:%d: There is no \"%s\" in a lesson; did you mean \"%s\"?"
                                   : "%s:%d: There is no \"%s\" in a lesson.",
                   reader->name, reader->line, name, nearest);
}

/* Joins a line to the text before it; blanks at its ends are not part of it. */
static bool join(const Reader *reader, const char *line, size_t length, char *text)
{
    while (length > 0 && line[0] == ' ') {
        line++;
        length--;
    }
    while (length > 0 && line[length - 1] == ' ') {
        length--;
    }
    const size_t used = strlen(text);
    const bool blank = used > 0 && length > 0;
    if (used + blank + length >= LS_LESSON_LONG) {
        return fault(reader, "this text is too long", "");
    }
    if (blank) {
        text[used] = ' ';
    }
    memcpy(text + used + blank, line, length);
    text[used + blank + length] = '\0';
    return true;
}

static bool read_lines(Reader *reader, const char *text, size_t size)
{
    char field[LS_LESSON_LONG] = "";
    int began = 0, number = 0;
    for (size_t at = 0; at < size; number++) {
        const char *line = text + at;
        const char *end = memchr(line, '\n', size - at);
        size_t length = end != NULL ? (size_t)(end - line) : size - at;
        at += length + 1;
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        reader->line = number + 1;
        if (!ls_text_is_plain(line, length)) {
            return fault(reader, "this line is not plain text in UTF-8", "");
        }
        if (length > 0 && line[0] == ' ' && field[0] != '\0') {
            if (!join(reader, line, length, field)) {
                return false;
            }
            continue;
        }
        if (field[0] != '\0') {
            reader->line = began;
            if (!read_field(reader, field)) {
                return false;
            }
            field[0] = '\0';
        }
        reader->line = began = number + 1;
        if (length > 0 && line[0] != '#' && !join(reader, line, length, field)) {
            return false;
        }
    }
    reader->line = began;
    return field[0] == '\0' || read_field(reader, field);
}

/* What a lesson cannot do without. */
static bool check_whole(Reader *reader)
{
    const LsLesson *lesson = reader->lesson;
    reader->line = 1;
    if (lesson->title[0] == '\0') {
        return fault(reader, "a lesson has a \"title:\"", "");
    }
    if (lesson->step_count == 0) {
        return fault(reader, "a lesson has at least one \"step:\"", "");
    }
    for (int i = 0; i < lesson->step_count; i++) {
        const LsLessonStep *step = &lesson->step[i];
        if (step->text[0] == '\0') {
            return fault(reader, "a step has a \"text:\": ", step->title);
        }
        if (step->condition_count > 0 && !step->train) {
            return fault(reader,
                         "conditions come true by training, and need \"train: on\": ", step->title);
        }
    }
    return true;
}

LsLesson *ls_lesson_parse(const char *text, size_t size, const char *name, LsError *err)
{
    LsLesson *lesson = ls_memory_items(1, sizeof *lesson, err);
    if (lesson == NULL) {
        return NULL;
    }
    lesson->fresh = true;
    lesson->settings = ls_train_settings_make();
    Reader reader = {.name = name, .lesson = lesson, .set = lesson->settings, .err = err};
    if (!read_lines(&reader, text, size) || !check_whole(&reader)) {
        ls_memory_free(lesson);
        return NULL;
    }
    return lesson;
}

LsLesson *ls_lesson_open(const char *path, LsError *err)
{
    uint8_t *text = NULL;
    size_t size = 0;
    if (!ls_file_read(path, LS_LESSON_BYTES, &text, &size, err)) {
        return NULL;
    }
    LsLesson *lesson = ls_lesson_parse((const char *)text, size, path, err);
    ls_memory_free(text);
    return lesson;
}
