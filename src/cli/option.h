/* The options of a command, one table row each: the row gives parsing, --help and "did you mean". The
 * training settings' rows (train/settings.h) give an option each too. What is not given stays zero. */
#ifndef LATENTSCAPE_SRC_CLI_OPTION_H
#define LATENTSCAPE_SRC_CLI_OPTION_H

#include "latentscape/core/error.h"

enum {
    CLI_ARGUMENTS = 2, /* most arguments a command takes besides its options */
    CLI_WORDS_MOST = 32
};

/* What an option that may be given again and again has gathered: borrowed words, in order. */
typedef struct CliWords {
    const char *word[CLI_WORDS_MOST];
    int count;
} CliWords;

typedef enum CliOptionType {
    CLI_FLAG,     /* bool */
    CLI_TEXT,     /* const char *: a borrowed word of the command line */
    CLI_WORDS,    /* CliWords: one word more each time it is given */
    CLI_COUNT,    /* uint64_t, whole, from min to max */
    CLI_REAL,     /* double, from min to max */
    CLI_SETTINGS, /* a share text "name=value ...", into the settings */
    CLI_PRESET, /* the name of a preset (train/preset.h), which gives all settings but sizes and seed */
} CliOptionType;

typedef struct CliOption {
    const char *name;  /* without dashes; never renamed */
    const char *value; /* what stands for its value in help; NULL for a flag */
    const char *help;
    CliOptionType type;
    size_t offset; /* of the field in the command's struct */
    double min, max;
} CliOption;

typedef struct CliSyntax {
    const char *command;                 /* "" for the window */
    const char *help;                    /* a sentence or two on what the command does */
    const char *argument[CLI_ARGUMENTS]; /* names of the arguments */
    int needed;                          /* how many of them must be given */
    size_t arguments_offset;             /* of a const char *[CLI_ARGUMENTS] in the struct */
    const CliOption *options;
    size_t option_count;
    bool has_settings;
    size_t settings_offset; /* of an LsTrainSettings in the struct */
} CliSyntax;

typedef enum CliParsed {
    CLI_PARSED, /* the struct is filled */
    CLI_HELPED, /* --help or --version was asked for and answered */
    CLI_WRONG   /* the error is filled */
} CliParsed;

/* Reads the words after the command's name into the struct; settings must hold their defaults
 * already, the rest be zero. Fails: CLI_WRONG, LS_ERR_USAGE with one sentence.
 * Thread: one at a time. */
LS_CHECKED CliParsed cli_option_parse(const CliSyntax *syntax, int count, char *const *words,
                                      void *out, LsError *err);

#endif
