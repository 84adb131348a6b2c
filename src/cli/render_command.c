#include "cli/render_command.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"
#include "latentscape/data/png.h"
#include "latentscape/vae/checkpoint.h"

#include "cli/option.h"
#include "cli/sheet.h"

enum {
    GRID = 20,
    GRID_MOST = 256
};

static const double default_range = 3; /* deviations of the prior */

typedef struct Options {
    uint64_t grid;
    double range;
    const char *z;
    const char *argument[CLI_ARGUMENTS];
} Options;

#define AT(field) .offset = offsetof(Options, field)

static const CliOption options[] = {
    {.name = "grid",
     .value = "N",
     .type = CLI_COUNT,
     AT(grid),
     .min = 1,
     .max = GRID_MOST,
     .help = "Images along each side (20)."},
    {.name = "range",
     .value = "R",
     .type = CLI_REAL,
     AT(range),
     .min = 1e-6,
     .max = 1e6,
     .help = "The grid covers -R to R on both axes (3)."},
    {.name = "z",
     .value = "\"X,Y\"",
     .type = CLI_TEXT,
     AT(z),
     .help = "One image instead of a grid: the one at this point, as many numbers as the model has "
             "latent dimensions."},
};

static const CliSyntax syntax = {
    .command = "render",
    .help = "Draws what a model decodes: a grid of images over the first two latent dimensions, "
            "the second one upwards, the others at 0.",
    .argument = {"MODEL", "OUT.png"},
    .needed = 2,
    .arguments_offset = offsetof(Options, argument),
    .options = options,
    .option_count = LS_COUNT(options),
};

/* One cell at "x,y,...". */
static bool make_point(CliSheet *sheet, int latent, const char *text, LsError *err)
{
    *sheet = (CliSheet){.columns = 1, .rows = 1};
    sheet->z = ls_memory_items((size_t)latent, sizeof *sheet->z, err);
    if (sheet->z == NULL) {
        return false;
    }
    int count = 0;
    for (const char *at = text;; count++) {
        const size_t length = strcspn(at, ",");
        char number[64];
        double value = 0;
        snprintf(number, sizeof number, "%.*s", (int)length, at + strspn(at, " "));
        if (length >= sizeof number || !ls_text_to_number(number, &value) || fabs(value) > 1e6) {
            return ls_fail(err, LS_ERR_USAGE,
                           "--z takes numbers with commas between them, not "
                           "\"%s\".",
                           text);
        }
        if (count < latent) {
            sheet->z[count] = (float)value;
        }
        at += length;
        if (*at == '\0') {
            count++;
            break;
        }
        at++;
    }
    if (count != latent) {
        return ls_fail(err, LS_ERR_USAGE, "--z has %d numbers, the model has %d latent dimensions.",
                       count, latent);
    }
    return true;
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static bool render(const Options *given, LsCheckpoint *checkpoint, CliSheet *sheet,
                   uint8_t **picture, LsError *err)
{
    const char *model = given->argument[0], *out = given->argument[1];
    if (given->z != NULL && given->range > 0) {
        return ls_fail(err, LS_ERR_USAGE, "Only one of --range and --z can say what is drawn.");
    }
    if (is_same_file(model, out)) {
        return ls_fail(err, LS_ERR_USAGE, "%s is the model itself: the picture needs another name.",
                       out);
    }
    if (!ls_checkpoint_open(checkpoint, model, err)) {
        return false;
    }
    const LsModelSpec *spec = &checkpoint->model.spec;
    const double range = given->range > 0 ? given->range : default_range;
    const int grid = given->grid > 0 ? (int)given->grid : GRID;
    if (given->z != NULL ? !make_point(sheet, spec->latent, given->z, err)
                         : !cli_sheet_grid(sheet, spec->latent, grid, range, err)) {
        return false;
    }
    size_t width = 0, size = 0;
    if (!ls_size_mul((size_t)sheet->columns, (size_t)spec->width, &width) ||
        !ls_size_mul((size_t)sheet->rows * (size_t)sheet->columns, (size_t)checkpoint->model.pixels,
                     &size) ||
        size > ((size_t)1 << 30)) {
        return ls_fail(err, LS_ERR_USAGE, "A grid of %d x %d images is too large a picture.",
                       sheet->columns, sheet->rows);
    }
    *picture = ls_memory_items(size, 1, err);
    return *picture != NULL &&
           cli_sheet_draw(sheet, &checkpoint->model, checkpoint->params, *picture, err) &&
           ls_png_save(out, (int)width, sheet->rows * spec->height, spec->channels, *picture, err);
}

CliStatus cli_render_command_run(int count, char *const *words)
{
    Options given = {0};
    LsError err = {0};
    const CliParsed parsed = cli_option_parse(&syntax, count, words, &given, &err);
    if (parsed != CLI_PARSED) {
        return parsed == CLI_HELPED ? CLI_OK : cli_message_error(&err);
    }
    LsCheckpoint checkpoint = {0};
    CliSheet sheet = {0};
    uint8_t *picture = NULL;
    const bool ok = render(&given, &checkpoint, &sheet, &picture, &err);
    ls_memory_free(picture);
    cli_sheet_finish(&sheet);
    ls_checkpoint_finish(&checkpoint);
    return ok ? CLI_OK : cli_message_error(&err);
}
