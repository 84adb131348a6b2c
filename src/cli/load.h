/* What several commands begin with. */
#ifndef LATENTSCAPE_SRC_CLI_LOAD_H
#define LATENTSCAPE_SRC_CLI_LOAD_H

#include "latentscape/data/dataset.h"
#include "latentscape/vae/checkpoint.h"

/* Opens a model and a data set (NULL: the shipped digits) whose images it fits.
 * Owns: the caller, ls_checkpoint_finish() and ls_dataset_destroy(), whatever the outcome.
 * Fails: false, as ls_checkpoint_open() and ls_dataset_open(), or LS_ERR_MODEL naming both sizes.
 * Thread: any. */
LS_CHECKED bool cli_load_pair(LsCheckpoint *checkpoint, LsDataset **data, const char *model_path,
                              const char *data_path, LsError *err);

#endif
