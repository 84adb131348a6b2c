#include "cli/command.h"

#include <string.h>

#include "latentscape/core/text.h"

#include "cli/bench_command.h"
#include "cli/compare_command.h"
#include "cli/eval_command.h"
#include "cli/info_command.h"
#include "cli/lesson_command.h"
#include "cli/render_command.h"
#include "cli/train_command.h"

static const CliCommand commands[] = {
    {"train", "Trains a model and saves it.", cli_train_command_run},
    {"eval", "Tells a model's losses on held-out images.", cli_eval_command_run},
    {"render", "Draws what a model decodes, as a PNG picture.", cli_render_command_run},
    {"info", "Tells what a model file holds.", cli_info_command_run},
    {"compare", "Trains several losses and tells them apart on a page.", cli_compare_command_run},
    {"lesson", "Reads a guided lesson, or runs it without a window.", cli_lesson_command_run},
    {"bench", "Tells how fast the program is here, beside the machine's limit.",
     cli_bench_command_run},
};

const CliCommand *cli_command_table(size_t *count)
{
    *count = LS_COUNT(commands);
    return commands;
}

const CliCommand *cli_command_find(const char *name)
{
    for (size_t i = 0; i < LS_COUNT(commands); i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

const char *cli_command_nearest(const char *name)
{
    const char *names[LS_COUNT(commands)];
    for (size_t i = 0; i < LS_COUNT(commands); i++) {
        names[i] = commands[i].name;
    }
    return ls_text_nearest(name, names, LS_COUNT(commands));
}
