#include "latentscape/core/setting.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"

enum {
    MOST_NAMES = 128 /* of settings or choices that "did you mean" looks at */
};

/* What a setting of each type can do; `field` points at its value. */
typedef struct Kind {
    bool (*parse)(const LsSetting *row, const char *text, void *field);
    void (*print)(const LsSetting *row, const void *field, char *out);
    bool (*equal)(const void *a, const void *b);
    double (*number)(const void *field);
    void (*set)(const LsSetting *row, double value, void *field);
    void (*allowed)(const LsSetting *row, char *out); /* [LS_SETTING_TEXT], after "it takes" */
} Kind;

/* Room for a value of any type. */
typedef union Value {
    bool flag;
    int whole;
    uint64_t seed;
    double real;
    LsSizes sizes;
} Value;

/* ---- on, off */

static bool parse_bool(const LsSetting *row, const char *text, void *field)
{
    static const char *const words[] = {"off", "on", "0", "1", "false", "true", "no", "yes"};
    (void)row;
    for (size_t i = 0; i < LS_COUNT(words); i++) {
        if (strcmp(text, words[i]) == 0) {
            *(bool *)field = i % 2 == 1;
            return true;
        }
    }
    return false;
}

static void print_bool(const LsSetting *row, const void *field, char *out)
{
    (void)row;
    snprintf(out, LS_SETTING_TEXT, "%s", *(const bool *)field ? "on" : "off");
}

static bool equal_bool(const void *a, const void *b)
{
    return *(const bool *)a == *(const bool *)b;
}

static double number_bool(const void *field)
{
    return *(const bool *)field ? 1.0 : 0.0;
}

static void set_bool(const LsSetting *row, double value, void *field)
{
    (void)row;
    *(bool *)field = value >= 0.5;
}

static void allowed_bool(const LsSetting *row, char *out)
{
    (void)row;
    snprintf(out, LS_SETTING_TEXT, "on or off");
}

/* ---- whole numbers */

static bool parse_int(const LsSetting *row, const char *text, void *field)
{
    double value = 0.0;
    if (!ls_text_to_number(text, &value) || value != floor(value) || value < row->min ||
        value > row->max) {
        return false;
    }
    *(int *)field = (int)value;
    return true;
}

static void print_int(const LsSetting *row, const void *field, char *out)
{
    (void)row;
    snprintf(out, LS_SETTING_TEXT, "%d", *(const int *)field);
}

static bool equal_int(const void *a, const void *b)
{
    return *(const int *)a == *(const int *)b;
}

static double number_int(const void *field)
{
    return *(const int *)field;
}

static double clamp(const LsSetting *row, double value)
{
    return value < row->min ? row->min : value > row->max ? row->max : value;
}

static void set_int(const LsSetting *row, double value, void *field)
{
    *(int *)field = (int)clamp(row, round(value));
}

static void allowed_int(const LsSetting *row, char *out)
{
    snprintf(out, LS_SETTING_TEXT, "a whole number from %.0f to %.0f", row->min, row->max);
}

/* ---- seeds */

static bool parse_seed(const LsSetting *row, const char *text, void *field)
{
    (void)row;
    uint64_t value = 0;
    if (*text == '\0') {
        return false;
    }
    for (; *text != '\0'; text++) {
        const uint64_t digit = (uint64_t)(*text - '0');
        if (*text < '0' || *text > '9' || value > ((uint64_t)INT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *(uint64_t *)field = value;
    return true;
}

static void print_seed(const LsSetting *row, const void *field, char *out)
{
    (void)row;
    snprintf(out, LS_SETTING_TEXT, "%" PRIu64, *(const uint64_t *)field);
}

static bool equal_seed(const void *a, const void *b)
{
    return *(const uint64_t *)a == *(const uint64_t *)b;
}

static double number_seed(const void *field)
{
    return (double)*(const uint64_t *)field;
}

static void set_seed(const LsSetting *row, double value, void *field)
{
    (void)row;
    const double rounded = round(value);
    *(uint64_t *)field = rounded <= 0.0      ? 0
                         : rounded >= 0x1p63 ? (uint64_t)INT64_MAX
                                             : (uint64_t)rounded;
}

static void allowed_seed(const LsSetting *row, char *out)
{
    (void)row;
    snprintf(out, LS_SETTING_TEXT, "a whole number from 0 to %" PRId64, INT64_MAX);
}

/* ---- real numbers */

static bool parse_real(const LsSetting *row, const char *text, void *field)
{
    double value = 0.0;
    if (!ls_text_to_number(text, &value) || value < row->min || value > row->max) {
        return false;
    }
    *(double *)field = value;
    return true;
}

static void print_real(const LsSetting *row, const void *field, char *out)
{
    (void)row;
    ls_text_number(*(const double *)field, out);
}

static bool equal_real(const void *a, const void *b)
{
    return *(const double *)a == *(const double *)b;
}

static double number_real(const void *field)
{
    return *(const double *)field;
}

static void set_real(const LsSetting *row, double value, void *field)
{
    *(double *)field = clamp(row, value);
}

static void allowed_real(const LsSetting *row, char *out)
{
    char min[32];
    char max[32];
    ls_text_number(row->min, min);
    ls_text_number(row->max, max);
    snprintf(out, LS_SETTING_TEXT, "a number from %s to %s", min, max);
}

/* ---- choices */

static int count_choices(const LsSetting *row)
{
    int count = 0;
    while (row->choice(count) != NULL) {
        count++;
    }
    return count;
}

static bool parse_choice(const LsSetting *row, const char *text, void *field)
{
    const char *name = NULL;
    for (int i = 0; (name = row->choice(i)) != NULL; i++) {
        if (strcmp(text, name) == 0) {
            *(int *)field = i;
            return true;
        }
    }
    return false;
}

static void print_choice(const LsSetting *row, const void *field, char *out)
{
    const int index = *(const int *)field;
    const bool known = index >= 0 && index < count_choices(row);
    snprintf(out, LS_SETTING_TEXT, "%s", known ? row->choice(index) : "");
}

static void set_choice(const LsSetting *row, double value, void *field)
{
    const double last = count_choices(row) - 1;
    const double rounded = round(value);
    *(int *)field = (int)(rounded < 0.0 ? 0.0 : rounded > last ? last : rounded);
}

static void allowed_choice(const LsSetting *row, char *out)
{
    const int count = count_choices(row);
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < count && used < LS_SETTING_TEXT; i++) {
        const char *before = i == 0 ? "" : i == count - 1 ? " or " : ", ";
        const int written =
            snprintf(out + used, LS_SETTING_TEXT - used, "%s%s", before, row->choice(i));
        used += written > 0 ? (size_t)written : 0;
    }
}

/* ---- lists of sizes */

static bool parse_sizes(const LsSetting *row, const char *text, void *field)
{
    LsSizes sizes = {0};
    if (!ls_sizes_parse(text, &sizes)) {
        return false;
    }
    for (int i = 0; i < sizes.count; i++) {
        if (sizes.value[i] < row->min || sizes.value[i] > row->max) {
            return false;
        }
    }
    *(LsSizes *)field = sizes;
    return true;
}

static void print_sizes(const LsSetting *row, const void *field, char *out)
{
    (void)row;
    ls_sizes_print(field, out);
}

static bool equal_sizes(const void *a, const void *b)
{
    const LsSizes *x = a;
    const LsSizes *y = b;
    bool same = x->count == y->count;
    for (int i = 0; i < x->count && same; i++) {
        same = x->value[i] == y->value[i];
    }
    return same;
}

static double number_sizes(const void *field)
{
    (void)field;
    return 0.0;
}

static void set_sizes(const LsSetting *row, double value, void *field)
{
    /* A list is no number: a slider leaves it alone. */
    (void)row;
    (void)value;
    (void)field;
}

static void allowed_sizes(const LsSetting *row, char *out)
{
    snprintf(out, LS_SETTING_TEXT,
             "1 to %d whole numbers from %.0f to %.0f with commas between, such as 512,256",
             LS_SIZES_MAX, row->min, row->max);
}

static const Kind kinds[] = {
    [LS_SETTING_BOOL] = {parse_bool, print_bool, equal_bool, number_bool, set_bool, allowed_bool},
    [LS_SETTING_INT] = {parse_int, print_int, equal_int, number_int, set_int, allowed_int},
    [LS_SETTING_SEED] = {parse_seed, print_seed, equal_seed, number_seed, set_seed, allowed_seed},
    [LS_SETTING_REAL] = {parse_real, print_real, equal_real, number_real, set_real, allowed_real},
    [LS_SETTING_CHOICE] = {parse_choice, print_choice, equal_int, number_int, set_choice,
                           allowed_choice},
    [LS_SETTING_SIZES] = {parse_sizes, print_sizes, equal_sizes, number_sizes, set_sizes,
                          allowed_sizes},
};

static void *field_of(const LsSetting *row, void *settings)
{
    return (char *)settings + row->offset;
}

static const void *const_field_of(const LsSetting *row, const void *settings)
{
    return (const char *)settings + row->offset;
}

/* Whether the size letters at text spell name, where '-' and '_' are alike. */
static bool same_name(const char *name, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const char letter = text[i] == '-' ? '_' : text[i];
        const char wanted = name[i] == '-' ? '_' : name[i];
        if (wanted == '\0' || letter != wanted) {
            return false;
        }
    }
    return name[size] == '\0';
}

static const LsSetting *find_name(LsSettingTable table, const char *text, size_t size)
{
    for (size_t i = 0; i < table.count; i++) {
        if (same_name(table.rows[i].name, text, size)) {
            return &table.rows[i];
        }
    }
    return NULL;
}

const LsSetting *ls_setting_find(LsSettingTable table, const char *name)
{
    return find_name(table, name, strlen(name));
}

static bool fail_unknown(LsSettingTable table, const char *word, size_t size, LsError *err)
{
    char cut[LS_SETTING_TEXT];
    const size_t kept = size < 64 ? size : 64;
    memcpy(cut, word, kept);
    cut[kept] = '\0';
    const char *names[MOST_NAMES];
    size_t count = 0;
    for (size_t i = 0; i < table.count && count < MOST_NAMES; i++) {
        names[count++] = table.rows[i].name;
    }
    return ls_text_unknown(err, LS_ERR_USAGE, "setting", cut, names, count);
}

const LsSetting *ls_setting_named(LsSettingTable table, const char *name, LsError *err)
{
    const LsSetting *row = ls_setting_find(table, name);
    if (row == NULL) {
        (void)fail_unknown(table, name, strlen(name), err);
    }
    return row;
}

void ls_setting_default(const LsSetting *row, void *settings)
{
    LsError err = {0};
    if (!ls_setting_parse(row, row->fallback, settings, &err)) {
        /* Every table's test walks its defaults, so this is never reached by a person. */
        ls_setting_set_number(row, row->min, settings);
    }
}

void ls_setting_defaults(LsSettingTable table, void *settings)
{
    for (size_t i = 0; i < table.count; i++) {
        ls_setting_default(&table.rows[i], settings);
    }
}

/* " - did you mean "x"" for a misspelt choice, or "". */
static const char *nearest_choice(const LsSetting *row, const char *text)
{
    const char *names[MOST_NAMES];
    size_t count = 0;
    if (row->type != LS_SETTING_CHOICE) {
        return NULL;
    }
    for (int i = 0; count < MOST_NAMES && row->choice(i) != NULL; i++) {
        names[count++] = row->choice(i);
    }
    return ls_text_nearest(text, names, count);
}

bool ls_setting_parse(const LsSetting *row, const char *text, void *settings, LsError *err)
{
    if (kinds[row->type].parse(row, text, field_of(row, settings))) {
        return true;
    }
    char allowed[LS_SETTING_TEXT];
    char shown[LS_SETTING_TEXT];
    kinds[row->type].allowed(row, allowed);
    ls_text_clean(text, shown, sizeof shown / 2);
    const char *nearest = nearest_choice(row, text);
    if (nearest != NULL) {
        return ls_fail(err, LS_ERR_USAGE, "%s cannot be \"%s\": did you mean %s? It takes %s.",
                       row->name, shown, nearest, allowed);
    }
    return ls_fail(err, LS_ERR_USAGE, "%s cannot be \"%s\": it takes %s.", row->name, shown,
                   allowed);
}

void ls_setting_print(const LsSetting *row, const void *settings, char *out)
{
    kinds[row->type].print(row, const_field_of(row, settings), out);
}

bool ls_setting_equal(const LsSetting *row, const void *a, const void *b)
{
    return kinds[row->type].equal(const_field_of(row, a), const_field_of(row, b));
}

double ls_setting_number(const LsSetting *row, const void *settings)
{
    return kinds[row->type].number(const_field_of(row, settings));
}

void ls_setting_set_number(const LsSetting *row, double value, void *settings)
{
    if (!isnan(value)) {
        kinds[row->type].set(row, value, field_of(row, settings));
    }
}

/* One "name=value" of size bytes. */
static bool apply_word(LsSettingTable table, const char *word, size_t size, void *settings,
                       LsError *err)
{
    char value[LS_SETTING_TEXT];
    char shown[LS_SETTING_TEXT];
    const char *equals = memchr(word, '=', size);
    const size_t name_size = equals != NULL ? (size_t)(equals - word) : size;
    const LsSetting *row = find_name(table, word, name_size);
    if (row == NULL) {
        return fail_unknown(table, word, name_size, err);
    }
    if (equals == NULL) {
        return ls_fail(err, LS_ERR_USAGE, "%s stands without a value: write %s=%s.", row->name,
                       row->name, row->fallback);
    }
    const size_t value_size = size - name_size - 1;
    if (value_size >= sizeof value) {
        memcpy(value, equals + 1, 64);
        value[64] = '\0';
        ls_text_clean(value, shown, sizeof shown);
        return ls_fail(err, LS_ERR_USAGE, "%s cannot be \"%s...\": that is too long.", row->name,
                       shown);
    }
    memcpy(value, equals + 1, value_size);
    value[value_size] = '\0';
    return ls_setting_parse(row, value, settings, err);
}

bool ls_setting_apply(LsSettingTable table, const char *line, size_t settings_size, void *settings,
                      LsError *err)
{
    static const char spaces[] = " \t\r\n";
    void *changed = ls_memory_items(1, settings_size, err);
    if (changed == NULL) {
        return false;
    }
    memcpy(changed, settings, settings_size);
    bool good = true;
    line += strspn(line, spaces);
    while (good && *line != '\0') {
        const size_t size = strcspn(line, spaces);
        good = apply_word(table, line, size, changed, err);
        line += size;
        line += strspn(line, spaces);
    }
    if (good) {
        memcpy(settings, changed, settings_size);
    }
    ls_memory_free(changed);
    return good;
}

/* Whether word is among the words of a list with commas, which ends at "|" too. */
static bool listed(const char *list, const char *word)
{
    const size_t size = strlen(word);
    while (*list != '\0' && *list != '|') {
        const size_t next = strcspn(list, ",|");
        if (next == size && memcmp(list, word, size) == 0) {
            return true;
        }
        list += next + (list[next] == ',');
    }
    return false;
}

bool ls_setting_meant(LsSettingTable table, const LsSetting *row, const void *settings)
{
    bool meant = row->needs == NULL;
    const char *at = row->needs;
    while (!meant && at != NULL) {
        const size_t name = strcspn(at, "!=");
        const bool other = at[name] == '!';
        const LsSetting *needed = find_name(table, at, name);
        char value[LS_SETTING_TEXT] = "";
        if (needed != NULL) {
            ls_setting_print(needed, settings, value);
        }
        meant = listed(at + name + (other ? 2 : 1), value) != other;
        at = strchr(at, '|');
        at += at != NULL;
    }
    return meant;
}

bool ls_setting_is_default(const LsSetting *row, const void *settings)
{
    Value fallback = {0};
    return kinds[row->type].parse(row, row->fallback, &fallback) &&
           kinds[row->type].equal(const_field_of(row, settings), &fallback);
}

void ls_setting_share(LsSettingTable table, const void *settings, char *out)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < table.count; i++) {
        const LsSetting *row = &table.rows[i];
        if (!row->always_shared && ls_setting_is_default(row, settings)) {
            continue;
        }
        char text[LS_SETTING_TEXT];
        ls_setting_print(row, settings, text);
        const size_t needed = strlen(row->name) + strlen(text) + 2;
        if (used + needed >= LS_SETTING_LINE) {
            continue; /* a whole word or none */
        }
        const int written = snprintf(out + used, LS_SETTING_LINE - used, "%s%s=%s",
                                     used > 0 ? " " : "", row->name, text);
        used += written > 0 ? (size_t)written : 0;
    }
}
