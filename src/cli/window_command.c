#include "cli/window_command.h"

#include <stdio.h>
#include <string.h>

#include "cli/common_option.h"
#include "config.h"

#if LS_GUI
#    include "app/loop.h"
#endif

typedef struct Options {
    const char *lesson;
    const char *argument[CLI_ARGUMENTS]; /* MODEL */
    const char *data, *size, *preset, *settings, *offscreen, *script, *trace, *backend;
    uint64_t threads;
    double seconds;
    bool train;
} Options;

#define AT(field) .offset = offsetof(Options, field)

static const CliOption options[] = {
    CLI_OPTION_DATA(offsetof(Options, data), " to train on and to explore"),
    {.name = "preset",
     .value = "NAME",
     .type = CLI_TEXT,
     AT(preset),
     .help = "A ready-made loss to begin with; \"latentscape train --help\" lists them."},
    {.name = "set",
     .value = "\"NAME=VALUE ...\"",
     .type = CLI_TEXT,
     AT(settings),
     .help = "Settings to begin with, as \"Copy settings\" in the window gives them; "
             "\"latentscape train --help\" lists them."},
    {.name = "lesson",
     .value = "FILE",
     .type = CLI_TEXT,
     AT(lesson),
     .help = "Begins the guided lesson in FILE."},
    {.name = "train", .type = CLI_FLAG, AT(train), .help = "Trains from the first frame."},
    CLI_OPTION_THREADS(offsetof(Options, threads), CLI_SAME_NUMBERS),
    {.name = "backend",
     .value = "NAME",
     .type = CLI_TEXT,
     AT(backend),
     .help = "What multiplies matrices in training: openblas; onednn-f32; tiles-bf16 or "
             "onednn-bf16, which round what they multiply to 8 bits; or auto, the fastest on this "
             "machine."},
    {.name = "size",
     .value = "WxH",
     .type = CLI_TEXT,
     AT(size),
     .help = "The window's size (1280x800)."},
    {.name = "offscreen",
     .value = "FILE.png",
     .type = CLI_TEXT,
     AT(offscreen),
     .help =
         "Needs no display: trains and draws in memory for --seconds (5), or as --script says, and "
         "saves a picture of what the window would show."},
    {.name = "seconds",
     .value = "S",
     .type = CLI_REAL,
     AT(seconds),
     .min = 0.001,
     .max = 1e9,
     .help = "Ends after S seconds."},
    {.name = "script",
     .value = "FILE",
     .type = CLI_TEXT,
     AT(script),
     .help = "Plays timed user actions from a file, one a line; README tells the words."},
    {.name = "trace",
     .value = "FILE",
     .type = CLI_TEXT,
     AT(trace),
     .help = "Writes one JSON object for every frame; README tells the fields."},
};

static const CliSyntax syntax = {
    .command = "",
    .help =
        "A window in which a variational autoencoder is alive: move through its latent space while "
        "it learns. Without a command the window opens, on MODEL or on the model shipped.",
    .argument = {"MODEL"},
    .arguments_offset = offsetof(Options, argument),
    .options = options,
    .option_count = LS_COUNT(options),
};

const CliSyntax *cli_window_command_syntax(void)
{
    return &syntax;
}

#if LS_GUI
static const double OFFSCREEN_S = 5;

/* Reads "1280x800". */
static bool read_size(const char *text, int *width, int *height)
{
    char rest = 0;
    return sscanf(text, "%5dx%5d%c", width, height, &rest) == 2 && *width >= 320 &&
           *height >= 240 && *width <= 16384 && *height <= 16384;
}

static CliStatus open_window(const Options *given)
{
    AppOptions window = {.model = given->argument[0],
                         .data = given->data,
                         .preset = given->preset,
                         .settings = given->settings,
                         .threads = (int)given->threads,
                         .offscreen = given->offscreen,
                         .seconds = given->seconds,
                         .train = given->train,
                         .script = given->script,
                         .trace = given->trace,
                         .lesson = given->lesson};
    if (given->size != NULL && !read_size(given->size, &window.width, &window.height)) {
        cli_message_note("--size takes WIDTHxHEIGHT, 320x240 to 16384x16384, not \"%s\".",
                         given->size);
        return CLI_USAGE;
    }
    if (given->offscreen != NULL && given->script == NULL) {
        window.train = true;
        window.seconds = given->seconds > 0 ? given->seconds : OFFSCREEN_S;
    }
    LsError err;
    if (given->backend != NULL && !ls_backend_find(given->backend, &window.backend, &err)) {
        return cli_message_error(&err);
    }
    const int status = app_loop_run(&window);
    return status == 0 ? CLI_OK : status == 2 ? CLI_USAGE : CLI_FAILED;
}
#else
static CliStatus open_window(const Options *given)
{
    (void)given;
    cli_message_note("This build has no window; \"latentscape --help\" lists what it can do.");
    return CLI_FAILED;
}
#endif

CliStatus cli_window_command_run(int count, char *const *words)
{
    LsError err;
    Options given = {0};
    switch (cli_option_parse(&syntax, count, words, &given, &err)) {
    case CLI_PARSED:
        return open_window(&given);
    case CLI_HELPED:
        return CLI_OK;
    case CLI_WRONG:
        break;
    }
    return cli_message_error(&err);
}
