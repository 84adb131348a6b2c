#include "cli/usage.h"

#include <stdio.h>
#include <string.h>

#include "latentscape/core/text.h"
#include "latentscape/train/settings.h"

#include "cli/command.h"
#include "cli/window_command.h"
#include "config.h"

enum {
    INDENT = 22,
    WIDTH = 80
};

static const char *const value_names[] = {
    [LS_SETTING_BOOL] = "on|off", [LS_SETTING_INT] = "N",       [LS_SETTING_SEED] = "N",
    [LS_SETTING_REAL] = "X",      [LS_SETTING_CHOICE] = "NAME", [LS_SETTING_SIZES] = "N,N,...",
};

void cli_usage_option_name(const char *name, char *out, size_t size)
{
    snprintf(out, size, "%s", name);
    for (char *c = out; *c != '\0'; c++) {
        *c = *c == '_' ? '-' : *c;
    }
}

/* Bytes are counted, not columns: the few letters outside ASCII break a line a little early. */
static void print_wrapped(const char *text, int indent)
{
    int column = indent;
    while (*text != '\0') {
        const int word = (int)strcspn(text, " ");
        if (column > indent && column + 1 + word > WIDTH) {
            printf("\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            printf(" ");
            column++;
        }
        printf("%.*s", word, text);
        column += word;
        text += word;
        text += strspn(text, " ");
    }
    printf("\n");
}

static void print_row(const char *name, const char *value, const char *text)
{
    char head[64];
    const int length = snprintf(head, sizeof head, "  %s%s%s", name, value != NULL ? " " : "",
                                value != NULL ? value : "");
    if (length >= INDENT) {
        printf("%s\n%*s", head, INDENT, "");
    } else {
        printf("%-*s", INDENT, head);
    }
    print_wrapped(text, INDENT);
}

static void print_setting(const LsSetting *row)
{
    char name[40] = "--", text[1024];
    cli_usage_option_name(row->name, name + 2, sizeof name - 2);
    int used = snprintf(text, sizeof text, "%s: %s", row->title, row->help);
    for (int i = 0; row->choice != NULL && row->choice(i) != NULL; i++) {
        used += snprintf(text + used, sizeof text - (size_t)used, "%s%s",
                         i == 0 ? " One of " : ", ", row->choice(i));
    }
    snprintf(text + used, sizeof text - (size_t)used, "%s (%s)", row->choice != NULL ? "." : "",
             row->fallback);
    print_row(name, value_names[row->type], text);
}

static void print_options(const CliSyntax *syntax)
{
    printf("\nOptions:\n");
    for (size_t i = 0; i < syntax->option_count; i++) {
        const CliOption *option = &syntax->options[i];
        char name[40];
        snprintf(name, sizeof name, "--%s", option->name);
        print_row(name, option->value, option->help);
    }
    print_row("--help", NULL, "Shows this page.");
    print_row("--version", NULL, "Shows the program's version.");
}

void cli_usage_command(const CliSyntax *syntax)
{
    printf("Usage: latentscape %s", syntax->command);
    for (int i = 0; i < CLI_ARGUMENTS && syntax->argument[i] != NULL; i++) {
        printf(" %s", syntax->argument[i]);
    }
    printf(" [OPTION...]\n\n");
    print_wrapped(syntax->help, 0);
    print_options(syntax);
    const LsSettingTable table = ls_train_settings_table();
    if (syntax->has_settings) {
        printf("\nSettings, with their defaults:\n");
    }
    for (size_t i = 0; syntax->has_settings && i < table.count; i++) {
        print_setting(&table.rows[i]);
    }
}

void cli_usage_program(void)
{
    printf("Usage: latentscape [MODEL] [OPTION...]\n"
           "       latentscape COMMAND [OPTION...]\n\n");
    const CliSyntax *window = cli_window_command_syntax();
    print_wrapped(window->help, 0);
    printf("\nCommands:\n");
    size_t count = 0;
    const CliCommand *commands = cli_command_table(&count);
    for (size_t i = 0; i < count; i++) {
        print_row(commands[i].name, NULL, commands[i].help);
    }
    print_options(window);
    printf("\n\"latentscape COMMAND --help\" tells more about each.\n");
}

void cli_usage_version(void)
{
    printf("latentscape %s\n", LS_VERSION);
}
