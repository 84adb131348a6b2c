#include "cli/load.h"

bool cli_load_pair(LsCheckpoint *checkpoint, LsDataset **data, const char *model_path,
                   const char *data_path, LsError *err)
{
    *data = NULL;
    if (!ls_checkpoint_open(checkpoint, model_path, err)) {
        return false;
    }
    *data = ls_dataset_open(data_path, err);
    if (*data == NULL) {
        return false;
    }
    const LsModelSpec *spec = &checkpoint->model.spec;
    if (spec->width != (*data)->width || spec->height != (*data)->height ||
        spec->channels != (*data)->channels) {
        return ls_fail(err, LS_ERR_MODEL,
                       "%s is a model of %d x %d images with %d channels, the data set \"%s\" has "
                       "%d x %d with %d.",
                       model_path, spec->width, spec->height, spec->channels, (*data)->name,
                       (*data)->width, (*data)->height, (*data)->channels);
    }
    return true;
}
