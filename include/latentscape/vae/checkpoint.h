/* A model in a safetensors file: weights under PyTorch's names, Adam's moments as adam.m/NAME and
 * adam.v/NAME, where the weights are an average those that training goes on with as live/NAME, and
 * everything else as text in __metadata__ under the settings' permanent names.
 * Files are foreign: every length, offset, shape and type is checked before memory is asked for, and
 * weights that are not finite are refused. */
#ifndef LATENTSCAPE_VAE_CHECKPOINT_H
#define LATENTSCAPE_VAE_CHECKPOINT_H

#include "latentscape/vae/model.h"

enum {
    LS_CHECKPOINT_META = 64,
    LS_CHECKPOINT_KEY = 32,
    LS_CHECKPOINT_VALUE = 512
};

/* One line of metadata. */
typedef struct LsMeta {
    char key[LS_CHECKPOINT_KEY];
    char value[LS_CHECKPOINT_VALUE];
} LsMeta;

/* The metadata of a file: a small ordered map. */
typedef struct LsMetaList {
    int count;
    LsMeta item[LS_CHECKPOINT_META];
} LsMetaList;

typedef struct LsCheckpoint {
    LsModel model;
    float *params;   /* [param_count] */
    float *m, *v;    /* [param_count], or both NULL where the file holds no optimizer state */
    float *live;     /* [param_count]: what params are the average of; NULL where they are none */
    LsMetaList meta; /* all of __metadata__ that fits; sizes of the model included */
} LsCheckpoint;

/* Reads a file. Owns: the caller, ls_checkpoint_finish(). Fails: false, LS_ERR_FILE, LS_ERR_FORMAT,
 * LS_ERR_MODEL or LS_ERR_MEMORY, with the file's name and what is wrong; *checkpoint is then zeroed.
 * Thread: any. */
LS_CHECKED bool ls_checkpoint_open(LsCheckpoint *checkpoint, const char *path, LsError *err);

/* The same for a file that lies in memory; `path` stands in messages. Owns: takes over file (from
 * ls_memory_items()), whatever the outcome; the caller, ls_checkpoint_finish(). Fails: as
 * ls_checkpoint_open().  Thread: any. */
LS_CHECKED bool ls_checkpoint_read(LsCheckpoint *checkpoint, const char *path, uint8_t *file,
                                   size_t size, LsError *err);

/* Releases the buffers and zeroes it; a zeroed one is accepted.  Thread: any. */
void ls_checkpoint_finish(LsCheckpoint *checkpoint);

/* Writes a file atomically. Shapes: params, m, v [param_count]; m and v may both be NULL. meta: lines
 * besides the model's own (width, height, channels, latent, hidden, activation), which are written
 * here. Fails: false, LS_ERR_FILE, or LS_ERR_MODEL where a weight is not finite; the old file stays
 * whole.  Thread: any. */
LS_CHECKED bool ls_checkpoint_save(const char *path, const LsModel *model, const float *params,
                                   const float *m, const float *v, const LsMetaList *meta,
                                   LsError *err);

/* The same with the weights that training goes on with, where params are their average. Shapes: live
 * [param_count]; may be NULL. Fails: as ls_checkpoint_save().  Thread: any. */
LS_CHECKED bool ls_checkpoint_save_live(const char *path, const LsModel *model, const float *params,
                                        const float *live, const float *m, const float *v,
                                        const LsMetaList *meta, LsError *err);

/* The value of key, or NULL. Owns: borrowed.  Thread: any. */
const char *ls_meta_find(const LsMetaList *meta, const char *key);

/* Sets key to a formatted value (cut at LS_CHECKPOINT_VALUE - 1 bytes).  Thread: any. */
void ls_meta_set(LsMetaList *meta, const char *key, const char *format, ...) LS_PRINTF(3, 4);

#endif
