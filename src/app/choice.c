#include "app/choice.h"

#include <string.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"

#include "app/panes.h"

static const LsSetting rows[] = {
    {.name = "grid",
     .title = "Decoded grid",
     .type = LS_SETTING_BOOL,
     .offset = offsetof(ViewChoice, grid),
     .fallback = "on",
     .help = "Show what the decoder makes of each place in the plane."},
    {.name = "points",
     .title = "Held-out points",
     .type = LS_SETTING_BOOL,
     .offset = offsetof(ViewChoice, points),
     .fallback = "on",
     .help = "Show where the encoder puts held-out images."},
    {.name = "rings",
     .title = "Prior rings",
     .type = LS_SETTING_BOOL,
     .offset = offsetof(ViewChoice, rings),
     .fallback = "on",
     .help = "Show 1, 2 and 3 standard deviations of the prior."},
    {.name = "posterior",
     .title = "True posterior",
     .type = LS_SETTING_BOOL,
     .offset = offsetof(ViewChoice, posterior),
     .fallback = "on",
     .help = "Show the true posterior of the image pointed at beside the encoder's Gaussian."},
    {.name = "labels_legend",
     .title = "Legend",
     .type = LS_SETTING_BOOL,
     .offset = offsetof(ViewChoice, labels_legend),
     .fallback = "on",
     .help = "Show which colour is which label."},
    {.name = "cells",
     .title = "Cells across the map",
     .type = LS_SETTING_INT,
     .offset = offsetof(ViewChoice, cells),
     .min = 4,
     .max = 40,
     .low = 4,
     .high = 40,
     .fallback = "18",
     .help = "How many decoded images lie across the map."},
    {.name = "noise",
     .title = "Noise of the samples",
     .type = LS_SETTING_SEED,
     .offset = offsetof(ViewChoice, noise),
     .max = 9223372036854775807.0,
     .fallback = "1",
     .help = "Which codes from the prior the samples show."},
    {.name = "log_scale",
     .title = "Logarithmic curves",
     .type = LS_SETTING_BOOL,
     .offset = offsetof(ViewChoice, log_scale),
     .fallback = "off",
     .help = "Plot the curves on a logarithmic scale."},
    {.name = "bottom",
     .title = "Page below",
     .type = LS_SETTING_CHOICE,
     .offset = offsetof(ViewChoice, bottom),
     .fallback = "curves",
     .help = "Which plots are shown below the map.",
     .choice = app_panes_bottom_name},
    {.name = "panel",
     .title = "Page at the right",
     .type = LS_SETTING_CHOICE,
     .offset = offsetof(ViewChoice, panel),
     .fallback = "loss",
     .help = "Which page the column at the right shows.",
     .choice = app_panes_panel_name},
};

LsSettingTable app_choice_table(void)
{
    return (LsSettingTable){rows, LS_COUNT(rows)};
}

ViewChoice app_choice_make(void)
{
    ViewChoice choice = {0};
    ls_setting_defaults(app_choice_table(), &choice);
    return choice;
}

bool app_choice_load(ViewChoice *choice, LsError *err)
{
    char path[LS_PATH_MAX];
    uint8_t *text = NULL;
    size_t size = 0;
    if (!ls_path_config("window.conf", path, err)) {
        return false;
    }
    if (!ls_file_exists(path)) {
        return true;
    }
    if (!ls_file_read(path, LS_SETTING_LINE, &text, &size, err)) {
        return false;
    }
    char *line = (char *)text;
    line[strcspn(line, "\n")] = '\0';
    LsError fault;
    const bool ok = ls_setting_apply(app_choice_table(), line, sizeof *choice, choice, &fault);
    ls_memory_free(text);
    return ok || ls_fail(err, LS_ERR_FORMAT, "%s: %s", path, fault.text);
}

bool app_choice_save(const ViewChoice *choice, LsError *err)
{
    char path[LS_PATH_MAX];
    char line[LS_SETTING_LINE];
    if (!ls_path_config("window.conf", path, err)) {
        return false;
    }
    ls_setting_share(app_choice_table(), choice, line);
    LsFileWriter *writer = ls_file_writer_create(path, err);
    if (!writer) {
        return false;
    }
    ls_file_writer_print(writer, "%s\n", line);
    return ls_file_writer_commit(writer, err);
}
