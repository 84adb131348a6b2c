/* One row describes one setting: its name, place in a struct, range, default and help. The row gives
 * the slider, the command-line option, the settings file, the checkpoint's metadata, the trace, undo
 * and the share text. Each module keeps the rows of its own struct in one const table.
 *
 * The share text is one line "name=value name=value ..." of what differs from the default; values
 * hold no spaces. */
#ifndef LATENTSCAPE_CORE_SETTING_H
#define LATENTSCAPE_CORE_SETTING_H

#include "latentscape/core/error.h"

enum {
    LS_SIZES_MAX = 8,
    LS_SETTING_TEXT = 160,
    LS_SETTING_LINE = 2048
};

typedef enum LsSettingType {
    LS_SETTING_BOOL,   /* bool: on, off; also 1, 0, true, false, yes, no */
    LS_SETTING_INT,    /* int */
    LS_SETTING_SEED,   /* uint64_t, 0 .. 2^63-1 so that JSON holds it */
    LS_SETTING_REAL,   /* double, finite */
    LS_SETTING_CHOICE, /* int: index into the names that `choice` gives */
    LS_SETTING_SIZES,  /* LsSizes: "512,256" */
} LsSettingType;

/* A short list of positive whole numbers. */
typedef struct LsSizes {
    int count;
    int value[LS_SIZES_MAX];
} LsSizes;

typedef struct LsSetting {
    const char *name;   /* in files, options ('_' as '-') and scripts: never renamed */
    const char *title;  /* for people: "KL divergence weight" */
    const char *symbol; /* short: "β", or NULL */
    LsSettingType type;
    size_t offset;        /* of the field in its struct */
    double min, max;      /* inclusive; of each entry for LS_SETTING_SIZES */
    const char *fallback; /* the default, as text */
    const char *unsaid; /* what was done before there was the row, where not the default; or NULL */
    bool logarithmic;   /* sliders move by ratio; with min == 0 the lowest stop is zero */
    double low, high; /* the span of a slider where narrower than min .. max; equal = min .. max */
    bool structural;  /* a change needs a new model: weights cannot be kept */
    bool rare;        /* seldom touched: panels show it only when asked to */
    bool always_shared; /* stands in the share text even where it is the default */
    const char *unit;   /* or NULL */
    const char *group;  /* name of the setting it stands with, or NULL */
    const char
        *needs; /* it means something only while this holds: "div=mmd", "rec=gaussian,laplace",
                          "schedule!=constant", several with "|"; NULL: always */
    const char *help;                      /* one sentence: what it does to the model */
    const char *(*choice)(int index);      /* name of a choice; NULL past the last */
    const char *(*choice_help)(int index); /* one sentence on a choice; may be NULL */
} LsSetting;

typedef struct LsSettingTable {
    const LsSetting *rows;
    size_t count;
} LsSettingTable;

/* The row called name ('-' and '_' are alike), or NULL.  Thread: any. */
const LsSetting *ls_setting_find(LsSettingTable table, const char *name);

/* The same for a name that a person wrote. Fails: NULL, LS_ERR_USAGE, "did you mean" included.
 * Thread: any. */
LS_CHECKED const LsSetting *ls_setting_named(LsSettingTable table, const char *name, LsError *err);

/* Puts one row's default into the struct.  Thread: any. */
void ls_setting_default(const LsSetting *row, void *settings);

/* Fills the struct with every row's default.  Thread: any. */
void ls_setting_defaults(LsSettingTable table, void *settings);

/* Reads text into the row's field. Fails: false, LS_ERR_USAGE with name, value and what is allowed;
 * the field is then unchanged.  Thread: any. */
LS_CHECKED bool ls_setting_parse(const LsSetting *row, const char *text, void *settings,
                                 LsError *err);

/* The field's value as text that ls_setting_parse() reads back to the same value.
 * Shapes: out [LS_SETTING_TEXT].  Thread: any. */
void ls_setting_print(const LsSetting *row, const void *settings, char *out);

/* Whether the row's field is the same in a and b.  Thread: any. */
bool ls_setting_equal(const LsSetting *row, const void *a, const void *b);

/* The field as a number (choice: its index; sizes: 0), for sliders.  Thread: any. */
double ls_setting_number(const LsSetting *row, const void *settings);

/* Sets the field from a number, rounded and clamped to the row's range.  Thread: any. */
void ls_setting_set_number(const LsSetting *row, double value, void *settings);

/* Whether the row means something now: what it needs holds.  Thread: any. */
bool ls_setting_meant(LsSettingTable table, const LsSetting *row, const void *settings);

/* Whether the row's field is its default.  Thread: any. */
bool ls_setting_is_default(const LsSetting *row, const void *settings);

/* Reads a share text "name=value ...": all of it or nothing. Fails: false, LS_ERR_USAGE naming the
 * word at fault ("did you mean" included); settings are then unchanged.  Thread: any. */
LS_CHECKED bool ls_setting_apply(LsSettingTable table, const char *line, size_t settings_size,
                                 void *settings, LsError *err);

/* The share text: what differs from the default, and what is always shared.
 * Shapes: out [LS_SETTING_LINE].  Thread: any. */
void ls_setting_share(LsSettingTable table, const void *settings, char *out);

/* Reads "512,256". Fails: false.  Thread: any. */
LS_CHECKED bool ls_sizes_parse(const char *text, LsSizes *sizes);

/* Writes "512,256". Shapes: out [LS_SETTING_TEXT].  Thread: any. */
void ls_sizes_print(const LsSizes *sizes, char *out);

#endif
