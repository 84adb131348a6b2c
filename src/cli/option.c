#include "cli/option.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/text.h"
#include "latentscape/train/preset.h"

#include "cli/usage.h"

enum {
    MOST_NAMES = 64,
    NAME_ROOM = 32
};

static const CliOption *find_option(const CliSyntax *syntax, const char *name, size_t length)
{
    for (size_t i = 0; i < syntax->option_count; i++) {
        if (strlen(syntax->options[i].name) == length &&
            strncmp(syntax->options[i].name, name, length) == 0) {
            return &syntax->options[i];
        }
    }
    return NULL;
}

static const LsSetting *find_setting(const CliSyntax *syntax, const char *name, size_t length)
{
    char text[NAME_ROOM];
    if (!syntax->has_settings || length >= sizeof text) {
        return NULL;
    }
    memcpy(text, name, length);
    text[length] = '\0';
    return ls_setting_find(ls_train_settings_table(), text);
}

/* "There is no option --bach; did you mean --batch?" */
static bool unknown_option(const CliSyntax *syntax, const char *name, size_t length, LsError *err)
{
    char given[64], dashed[MOST_NAMES][NAME_ROOM];
    const char *names[MOST_NAMES];
    size_t count = 0;
    snprintf(given, sizeof given, "%.*s", (int)(length < 60 ? length : 60), name);
    for (size_t i = 0; i < syntax->option_count; i++) {
        names[count++] = syntax->options[i].name;
    }
    const LsSettingTable table = ls_train_settings_table();
    for (size_t i = 0; syntax->has_settings && i < table.count; i++) {
        cli_usage_option_name(table.rows[i].name, dashed[count], NAME_ROOM);
        names[count] = dashed[count];
        count++;
    }
    const char *nearest = ls_text_nearest(given, names, count);
    if (nearest != NULL) {
        return ls_fail(err, LS_ERR_USAGE, "There is no option --%s; did you mean --%s?", given,
                       nearest);
    }
    return ls_fail(err, LS_ERR_USAGE,
                   "There is no option --%s; \"latentscape%s%s --help\" lists them.", given,
                   syntax->command[0] != '\0' ? " " : "", syntax->command);
}

static bool parse_number(const CliOption *option, const char *text, double *value, LsError *err)
{
    double number = 0;
    const bool whole = option->type == CLI_COUNT;
    if (!ls_text_to_number(text, &number) || (whole && number != floor(number)) ||
        number < option->min || number > option->max) {
        char low[32], high[32];
        ls_text_number(option->min, low);
        ls_text_number(option->max, high);
        return ls_fail(err, LS_ERR_USAGE, "--%s takes a %snumber from %s to %s, not \"%s\".",
                       option->name, whole ? "whole " : "", low, high, text);
    }
    *value = number;
    return true;
}

static bool add_word(const CliOption *option, const char *text, CliWords *words, LsError *err)
{
    if (words->count == CLI_WORDS_MOST) {
        return ls_fail(err, LS_ERR_USAGE, "--%s may be given %d times, not more.", option->name,
                       CLI_WORDS_MOST);
    }
    words->word[words->count++] = text;
    return true;
}

static bool set_preset(const char *name, void *settings, LsError *err)
{
    const LsPreset *preset = ls_preset_find(name, err);
    if (preset != NULL) {
        ls_preset_apply(preset, settings);
    }
    return preset != NULL;
}

static bool set_option(const CliSyntax *syntax, const CliOption *option, const char *text,
                       void *out, LsError *err)
{
    void *field = (char *)out + option->offset;
    double number = 0;
    switch (option->type) {
    case CLI_FLAG:
        *(bool *)field = true;
        return true;
    case CLI_TEXT:
        if (*text == '\0') {
            return ls_fail(err, LS_ERR_USAGE, "--%s needs a %s, not an empty word.", option->name,
                           option->value);
        }
        *(const char **)field = text;
        return true;
    case CLI_WORDS:
        return add_word(option, text, field, err);
    case CLI_COUNT:
        if (!parse_number(option, text, &number, err)) {
            return false;
        }
        *(uint64_t *)field = (uint64_t)number;
        return true;
    case CLI_REAL:
        return parse_number(option, text, field, err);
    case CLI_SETTINGS:
        return ls_setting_apply(ls_train_settings_table(), text, sizeof(LsTrainSettings),
                                (char *)out + syntax->settings_offset, err);
    case CLI_PRESET:
        return set_preset(text, (char *)out + syntax->settings_offset, err);
    }
    return false;
}

/* One option at words[*at], with its value in the same word after '=' or in the next one. */
static bool parse_option(const CliSyntax *syntax, int count, char *const *words, int *at, void *out,
                         LsError *err)
{
    const char *name = words[*at] + 2;
    const size_t length = strcspn(name, "=");
    const char *text = name[length] == '=' ? name + length + 1 : NULL;
    const CliOption *option = find_option(syntax, name, length);
    const LsSetting *setting = option == NULL ? find_setting(syntax, name, length) : NULL;
    if (option == NULL && setting == NULL) {
        return unknown_option(syntax, name, length, err);
    }
    if (option != NULL && option->type == CLI_FLAG) {
        if (text != NULL) {
            return ls_fail(err, LS_ERR_USAGE, "--%s takes no value.", option->name);
        }
        return set_option(syntax, option, NULL, out, err);
    }
    if (text == NULL) {
        if (*at + 1 >= count || strncmp(words[*at + 1], "--", 2) == 0) {
            return ls_fail(err, LS_ERR_USAGE, "--%.*s needs a value.", (int)length, name);
        }
        text = words[++*at];
    }
    return option != NULL
               ? set_option(syntax, option, text, out, err)
               : ls_setting_parse(setting, text, (char *)out + syntax->settings_offset, err);
}

static bool add_argument(const CliSyntax *syntax, int number, const char *word, void *out,
                         LsError *err)
{
    if (number >= CLI_ARGUMENTS || syntax->argument[number] == NULL) {
        return ls_fail(err, LS_ERR_USAGE, "\"%s\" is one word too many for \"latentscape %s\".",
                       word, syntax->command);
    }
    if (*word == '\0') {
        return ls_fail(err, LS_ERR_USAGE, "%s cannot be an empty word.", syntax->argument[number]);
    }
    const char **field = (const char **)(void *)((char *)out + syntax->arguments_offset);
    field[number] = word;
    return true;
}

static bool asks(int count, char *const *words, const char *name, const char *letter)
{
    for (int i = 0; i < count && strcmp(words[i], "--") != 0; i++) {
        if (strcmp(words[i], name) == 0 || strcmp(words[i], letter) == 0) {
            return true;
        }
    }
    return false;
}

CliParsed cli_option_parse(const CliSyntax *syntax, int count, char *const *words, void *out,
                           LsError *err)
{
    if (asks(count, words, "--help", "-h")) {
        if (syntax->command[0] != '\0') {
            cli_usage_command(syntax);
        } else {
            cli_usage_program();
        }
        return CLI_HELPED;
    }
    if (asks(count, words, "--version", "-V")) {
        cli_usage_version();
        return CLI_HELPED;
    }
    int arguments = 0;
    bool only_arguments = false; /* after "--" */
    for (int i = 0; i < count; i++) {
        const char *word = words[i];
        bool ok = true;
        if (!only_arguments && strcmp(word, "--") == 0) {
            only_arguments = true;
        } else if (!only_arguments && strncmp(word, "--", 2) == 0) {
            ok = parse_option(syntax, count, words, &i, out, err);
        } else if (!only_arguments && word[0] == '-' && word[1] != '\0') {
            ok = ls_fail(err, LS_ERR_USAGE, "There is no option %s; options begin with two dashes.",
                         word);
        } else {
            ok = add_argument(syntax, arguments++, word, out, err);
        }
        if (!ok) {
            return CLI_WRONG;
        }
    }
    if (arguments < syntax->needed) {
        ls_fail(err, LS_ERR_USAGE, "\"latentscape %s\" needs %s; see --help.", syntax->command,
                syntax->argument[arguments]);
        return CLI_WRONG;
    }
    return CLI_PARSED;
}
