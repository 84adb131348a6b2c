/* Pictures of what a model decodes: sheets of images side by side. */
#ifndef LATENTSCAPE_SRC_CLI_SHEET_H
#define LATENTSCAPE_SRC_CLI_SHEET_H

#include "latentscape/data/dataset.h"
#include "latentscape/vae/model.h"

/* A picture made of decoded images: columns x rows of them. */
typedef struct CliSheet {
    int columns, rows;
    float *z; /* [rows * columns, latent] */
} CliSheet;

/* The codes of a grid of n x n places (n x 1 with one latent dimension) over -range to range on the
 * first two axes, the second one upwards, the others 0. Owns: the caller, cli_sheet_finish().
 * Fails: false, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED bool cli_sheet_grid(CliSheet *sheet, int latent, int n, double range, LsError *err);

/* Codes drawn from the prior, always the same ones. Owns: the caller, cli_sheet_finish().
 * Fails: false, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED bool cli_sheet_samples(CliSheet *sheet, int latent, int columns, int rows, LsError *err);

/* Releases the codes; a zeroed one is accepted.  Thread: any. */
void cli_sheet_finish(CliSheet *sheet);

/* Decodes every cell into one picture. Shapes: params [param_count]; picture
 * [rows * height, columns * width, channels] bytes. Fails: false, LS_ERR_MEMORY.  Thread: any. */
LS_CHECKED bool cli_sheet_draw(const CliSheet *sheet, const LsModel *model, const float *params,
                               uint8_t *picture, LsError *err);

/* Saves the sheet as a PNG picture. Fails: false, LS_ERR_MEMORY, LS_ERR_FILE.  Thread: any. */
LS_CHECKED bool cli_sheet_save(const CliSheet *sheet, const LsModel *model, const float *params,
                               const char *path, LsError *err);

/* Saves a map: the grid, dimmed, with the codes of held-out images as dots coloured by class; grey
 * images and two latent dimensions. Fails: as cli_sheet_save().  Thread: any. */
LS_CHECKED bool cli_sheet_save_map(const CliSheet *sheet, double range, const LsModel *model,
                                   const float *params, const LsDataset *data, const char *path,
                                   LsError *err);

#endif
