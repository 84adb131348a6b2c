#include "latentscape/vae/checkpoint.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"
#include "latentscape/nn/activation.h"
#include "latentscape/vae/safetensors.h"

enum {
    ENTRIES_MAX = 4 * LS_MODEL_TENSORS, /* weights, adam.m, adam.v, live */
    NAME = 40,                          /* "adam.m/" and a tensor's name */
    SHOWN = 64                          /* bytes of foreign text in a message */
};

/* The buffers of a model; the rows are walked by reading, checking and writing. */
static const char *const prefixes[] = {"", "adam.m/", "adam.v/", "live/"};

enum {
    PART_M = 1,
    PART_V = 2, /* mean squares: never negative */
    PARTS = LS_COUNT(prefixes)
};

const char *ls_meta_find(const LsMetaList *meta, const char *key)
{
    for (int i = 0; i < meta->count; i++) {
        if (strcmp(meta->item[i].key, key) == 0) {
            return meta->item[i].value;
        }
    }
    return NULL;
}

void ls_meta_set(LsMetaList *meta, const char *key, const char *format, ...)
{
    int place = 0;
    while (place < meta->count && strcmp(meta->item[place].key, key) != 0) {
        place++;
    }
    if (place == LS_CHECKPOINT_META || strlen(key) >= LS_CHECKPOINT_KEY) {
        return;
    }
    LsMeta *item = &meta->item[place];
    char value[2 * LS_CHECKPOINT_VALUE];
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(value, sizeof value, format, args);
    va_end(args);
    if (length < 0) {
        return;
    }
    snprintf(item->key, sizeof item->key, "%s", key);
    ls_text_clean(value, item->value, sizeof item->value);
    meta->count += place == meta->count;
}

/* A value may be plain text or JSON, as Python programs write it: "silu" in quotes means silu. */
static void copy_meta(const LsSafetensors *tensors, LsMetaList *meta)
{
    for (size_t i = 0; i < tensors->meta_count; i++) {
        const char *value = tensors->meta[i].value;
        size_t length = strlen(value);
        if (length >= 2 && value[0] == '"' && value[length - 1] == '"') {
            value++;
            length -= 2;
        }
        if (length < LS_CHECKPOINT_VALUE) {
            ls_meta_set(meta, tensors->meta[i].key, "%.*s", (int)length, value);
        }
    }
}

static bool fail_meta(const char *path, const char *key, const char *value, const char *wanted,
                      LsError *err)
{
    char shown[SHOWN];
    ls_text_clean(value, shown, sizeof shown);
    return ls_fail(err, LS_ERR_FORMAT, "%s: its metadata says %s is \"%s\", %s.", path, key, shown,
                   wanted);
}

/* A size in the metadata over *value; where the metadata has none, *value stays. */
static bool read_size(const char *path, const LsMetaList *meta, const char *key, int *value,
                      LsError *err)
{
    const char *text = ls_meta_find(meta, key);
    double number = 0.0;
    if (text == NULL) {
        return true;
    }
    if (!ls_text_to_number(text, &number) || number < 1 || number > 65536 ||
        number != floor(number)) {
        return fail_meta(path, key, text, "not a whole number from 1 to 65536", err);
    }
    *value = (int)number;
    return true;
}

/* "512,256", or as JSON "[512, 256]"; nothing at all is a model without hidden layers. */
static bool read_hidden(const char *path, const LsMetaList *meta, LsSizes *hidden, LsError *err)
{
    const char *text = ls_meta_find(meta, "hidden");
    char plain[LS_SETTING_TEXT];
    size_t used = 0;
    if (text == NULL) {
        return true;
    }
    for (const char *at = text; *at != '\0' && used < sizeof plain - 1; at++) {
        if (strchr("[] ", *at) == NULL) {
            plain[used++] = *at;
        }
    }
    plain[used] = '\0';
    if (used == 0) {
        *hidden = (LsSizes){0};
        return true;
    }
    if (!ls_sizes_parse(plain, hidden)) {
        return fail_meta(path, "hidden", text, "not a list such as 512,256", err);
    }
    return true;
}

/* Rows and columns of the matrix called name, each at most 65,536. */
static bool find_matrix(const LsSafetensors *tensors, const char *name, int *rows, int *cols)
{
    const LsSafetensorsEntry *entry = ls_safetensors_find(tensors, name);
    if (entry == NULL || entry->rank != 2 || entry->shape[0] > 65536 || entry->shape[1] > 65536) {
        return false;
    }
    *rows = (int)entry->shape[0];
    *cols = (int)entry->shape[1];
    return true;
}

/* What the shapes of the tensors say: all sizes but how the pixels form an image, for which a grey
 * square is the guess. */
static bool guess_spec(const char *path, const LsSafetensors *tensors, LsModelSpec *spec,
                       LsError *err)
{
    int pixels = 0;
    int width = 0;
    int inner = 0;
    char name[NAME] = "encoder.0.weight";
    while (spec->hidden.count < LS_SIZES_MAX && find_matrix(tensors, name, &width, &inner)) {
        pixels = spec->hidden.count == 0 ? inner : pixels;
        spec->hidden.value[spec->hidden.count++] = width;
        snprintf(name, sizeof name, "encoder.%d.weight", spec->hidden.count);
    }
    if (!find_matrix(tensors, "mu.weight", &spec->latent, &inner)) {
        return ls_fail(err, LS_ERR_FORMAT,
                       "%s holds no model of this program: there is no matrix \"mu.weight\".",
                       path);
    }
    pixels = spec->hidden.count == 0 ? inner : pixels;
    spec->channels = 1;
    spec->width = (int)lround(sqrt(pixels));
    spec->height = spec->width;
    return true;
}

static bool read_activation(const char *path, const LsMetaList *meta, LsModelSpec *spec,
                            LsError *err)
{
    const char *name = ls_meta_find(meta, "activation");
    size_t count = 0;
    if (name == NULL) {
        return ls_fail(err, LS_ERR_FORMAT,
                       "%s does not say which activation its model has: its metadata needs a line "
                       "\"activation\", such as \"silu\".",
                       path);
    }
    const LsActivation *found = ls_activation_find(name, NULL);
    if (found == NULL) {
        return fail_meta(path, "activation", name, "which this program does not know", err);
    }
    spec->activation = (int)(found - ls_activation_kinds(&count));
    return true;
}

/* The model the file is of: by its metadata, and where that is silent by its tensors. */
static bool read_model(const char *path, const LsSafetensors *tensors, LsCheckpoint *checkpoint,
                       LsError *err)
{
    const LsMetaList *meta = &checkpoint->meta;
    LsModelSpec spec = {0};
    LsError inner = {0};
    if (!guess_spec(path, tensors, &spec, err) || !read_hidden(path, meta, &spec.hidden, err) ||
        !read_size(path, meta, "latent", &spec.latent, err) ||
        !read_size(path, meta, "width", &spec.width, err) ||
        !read_size(path, meta, "height", &spec.height, err) ||
        !read_size(path, meta, "channels", &spec.channels, err) ||
        !read_activation(path, meta, &spec, err)) {
        return false;
    }
    if (!ls_model_init(&checkpoint->model, &spec, &inner)) {
        return ls_fail(err, inner.code, "%s: %s", path, inner.text);
    }
    return true;
}

static void name_part(size_t part, const LsTensor *tensor, char *name)
{
    snprintf(name, NAME, "%s%s", prefixes[part], tensor->name);
}

static bool check_shape(const char *path, const LsSafetensorsEntry *entry, const LsTensor *tensor,
                        LsError *err)
{
    const size_t wanted[2] = {(size_t)tensor->rows, (size_t)tensor->cols};
    const int rank = tensor->is_weight ? 2 : 1;
    if (!ls_safetensors_is_f32(entry)) {
        return ls_fail(err, LS_ERR_FORMAT, "%s: tensor \"%s\" is of type %s; models are of F32.",
                       path, entry->name, entry->type);
    }
    bool fits = entry->rank == rank;
    for (int i = 0; i < rank && fits; i++) {
        fits = entry->shape[i] == wanted[i];
    }
    if (fits) {
        return true;
    }
    char shape[LS_SAFETENSORS_RANK * 24] = "";
    size_t used = 0;
    for (int i = 0; i < entry->rank; i++) {
        const int written = snprintf(shape + used, sizeof shape - used, "%s%zu", i > 0 ? ", " : "",
                                     entry->shape[i]);
        used += written > 0 ? (size_t)written : 0;
    }
    char needed[48];
    snprintf(needed, sizeof needed, rank == 2 ? "%d, %d" : "%d", tensor->rows, tensor->cols);
    return ls_fail(err, LS_ERR_MODEL, "%s: tensor \"%s\" has the shape [%s], the model needs [%s].",
                   path, entry->name, shape, needed);
}

/* Whether the file holds any tensor of a part: then it must hold them all. */
static bool has_part(const LsSafetensors *tensors, size_t part)
{
    bool has = false;
    for (size_t i = 0; i < tensors->count && !has; i++) {
        has = strncmp(tensors->entry[i].name, prefixes[part], strlen(prefixes[part])) == 0;
    }
    return has;
}

/* Which parts a file has: the weights always, Adam's moments both or none. */
static void list_parts(const LsSafetensors *tensors, bool has[PARTS])
{
    for (size_t part = 0; part < PARTS; part++) {
        has[part] = part == 0 || has_part(tensors, part);
    }
    has[PART_M] = has[PART_V] = has[PART_M] || has[PART_V];
}

/* Finds every tensor of the parts there are, in the layout's order. */
static bool find_entries(const char *path, const LsSafetensors *tensors, const LsModel *model,
                         const bool has[PARTS], const LsSafetensorsEntry *found[ENTRIES_MAX],
                         LsError *err)
{
    const size_t count = (size_t)model->tensor_count;
    for (size_t i = 0; i < PARTS * count; i++) {
        const LsTensor *tensor = &model->tensor[i % count];
        char name[NAME];
        if (!has[i / count]) {
            continue;
        }
        name_part(i / count, tensor, name);
        found[i] = ls_safetensors_find(tensors, name);
        if (found[i] == NULL) {
            return ls_fail(err, LS_ERR_MODEL, "%s: tensor \"%s\" is missing.", path, name);
        }
        if (!check_shape(path, found[i], tensor, err)) {
            return false;
        }
    }
    return true;
}

/* What is in the file and not in the model is not silently dropped. */
static bool check_strangers(const char *path, const LsSafetensors *tensors, const LsModel *model,
                            LsError *err)
{
    for (size_t i = 0; i < tensors->count; i++) {
        const char *name = tensors->entry[i].name;
        const char *bare = name;
        for (size_t part = 1; part < PARTS; part++) {
            if (strncmp(name, prefixes[part], strlen(prefixes[part])) == 0) {
                bare = name + strlen(prefixes[part]);
            }
        }
        if (ls_model_find_tensor(model, bare) < 0) {
            char shown[SHOWN];
            ls_text_clean(name, shown, sizeof shown);
            return ls_fail(err, LS_ERR_MODEL, "%s: tensor \"%s\" is no part of the model.", path,
                           shown);
        }
    }
    return true;
}

/* Each number of a part is finite, and Adam's mean squares are not negative. */
static bool check_values(const char *path, const LsModel *model, const float *values, size_t part,
                         LsError *err)
{
    for (int t = 0; t < model->tensor_count; t++) {
        const LsTensor *tensor = &model->tensor[t];
        const size_t count = (size_t)tensor->rows * (size_t)tensor->cols;
        size_t endless = 0;
        size_t negative = 0;
        for (size_t i = 0; i < count; i++) {
            const float value = values[tensor->offset + i];
            endless += isfinite(value) ? 0 : 1;
            negative += value < 0.0f ? 1 : 0;
        }
        if (endless > 0) {
            return ls_fail(err, LS_ERR_MODEL,
                           "%s: %zu of the %zu numbers in \"%s%s\" are not finite.", path, endless,
                           count, prefixes[part], tensor->name);
        }
        if (part == PART_V && negative > 0) {
            return ls_fail(err, LS_ERR_MODEL,
                           "%s: %zu of the %zu mean squares in \"%s%s\" are negative.", path,
                           negative, count, prefixes[part], tensor->name);
        }
    }
    return true;
}

static bool read_values(const char *path, const LsSafetensorsEntry *const *found,
                        const bool has[PARTS], LsCheckpoint *checkpoint, LsError *err)
{
    const LsModel *model = &checkpoint->model;
    float **const buffers[PARTS] = {&checkpoint->params, &checkpoint->m, &checkpoint->v,
                                    &checkpoint->live};
    for (size_t part = 0; part < PARTS; part++, found += model->tensor_count) {
        if (!has[part]) {
            continue;
        }
        float *values = ls_memory_floats(model->param_count, err);
        *buffers[part] = values;
        if (values == NULL) {
            return false;
        }
        for (int t = 0; t < model->tensor_count; t++) {
            ls_safetensors_copy(found[t], values + model->tensor[t].offset);
        }
        if (!check_values(path, model, values, part, err)) {
            return false;
        }
    }
    return true;
}

/* The model's sizes as this program writes them, whatever the file had. */
static void set_model_meta(const LsModel *model, LsMetaList *meta)
{
    char hidden[LS_SETTING_TEXT];
    ls_sizes_print(&model->spec.hidden, hidden);
    ls_meta_set(meta, "width", "%d", model->spec.width);
    ls_meta_set(meta, "height", "%d", model->spec.height);
    ls_meta_set(meta, "channels", "%d", model->spec.channels);
    ls_meta_set(meta, "latent", "%d", model->spec.latent);
    ls_meta_set(meta, "hidden", "%s", hidden);
    ls_meta_set(meta, "activation", "%s", ls_activation_name(model->spec.activation));
}

static bool read_tensors(LsCheckpoint *checkpoint, const char *path, const LsSafetensors *tensors,
                         LsError *err)
{
    const LsSafetensorsEntry *found[ENTRIES_MAX] = {NULL};
    bool has[PARTS];
    list_parts(tensors, has);
    copy_meta(tensors, &checkpoint->meta);
    if (!read_model(path, tensors, checkpoint, err) ||
        !find_entries(path, tensors, &checkpoint->model, has, found, err) ||
        !check_strangers(path, tensors, &checkpoint->model, err) ||
        !read_values(path, found, has, checkpoint, err)) {
        return false;
    }
    set_model_meta(&checkpoint->model, &checkpoint->meta);
    return true;
}

/* The last step of both ways in: tensors are released whatever comes of them. */
static bool take_tensors(LsCheckpoint *checkpoint, const char *path, LsSafetensors *tensors,
                         LsError *err)
{
    const bool good = read_tensors(checkpoint, path, tensors, err);
    ls_safetensors_finish(tensors);
    if (!good) {
        ls_checkpoint_finish(checkpoint);
    }
    return good;
}

bool ls_checkpoint_open(LsCheckpoint *checkpoint, const char *path, LsError *err)
{
    LsSafetensors tensors = {0};
    memset(checkpoint, 0, sizeof *checkpoint);
    return ls_safetensors_open(&tensors, path, err) &&
           take_tensors(checkpoint, path, &tensors, err);
}

bool ls_checkpoint_read(LsCheckpoint *checkpoint, const char *path, uint8_t *file, size_t size,
                        LsError *err)
{
    LsSafetensors tensors = {0};
    memset(checkpoint, 0, sizeof *checkpoint);
    return ls_safetensors_read(&tensors, path, file, size, err) &&
           take_tensors(checkpoint, path, &tensors, err);
}

void ls_checkpoint_finish(LsCheckpoint *checkpoint)
{
    ls_memory_free(checkpoint->params);
    ls_memory_free(checkpoint->m);
    ls_memory_free(checkpoint->v);
    ls_memory_free(checkpoint->live);
    memset(checkpoint, 0, sizeof *checkpoint);
}

/* Entries of the file, in the layout's order, and their names. */
static size_t list_entries(const LsModel *model, const float *const *buffers,
                           LsSafetensorsEntry *entries, char (*names)[NAME])
{
    size_t count = 0;
    for (size_t part = 0; part < PARTS; part++) {
        for (int t = 0; t < model->tensor_count && buffers[part] != NULL; t++) {
            const LsTensor *tensor = &model->tensor[t];
            name_part(part, tensor, names[count]);
            entries[count] = (LsSafetensorsEntry){
                .name = names[count],
                .rank = tensor->is_weight ? 2 : 1,
                .shape = {(size_t)tensor->rows, tensor->is_weight ? (size_t)tensor->cols : 0},
                .data = buffers[part] + tensor->offset};
            count++;
        }
    }
    return count;
}

bool ls_checkpoint_save(const char *path, const LsModel *model, const float *params, const float *m,
                        const float *v, const LsMetaList *meta, LsError *err)
{
    return ls_checkpoint_save_live(path, model, params, NULL, m, v, meta, err);
}

bool ls_checkpoint_save_live(const char *path, const LsModel *model, const float *params,
                             const float *live, const float *m, const float *v,
                             const LsMetaList *meta, LsError *err)
{
    const float *const buffers[PARTS] = {params, m, v, live};
    LsSafetensorsEntry entries[ENTRIES_MAX];
    char names[ENTRIES_MAX][NAME];
    for (size_t part = 0; part < PARTS; part++) {
        if (buffers[part] != NULL && !check_values(path, model, buffers[part], part, err)) {
            return false;
        }
    }
    LsMetaList *all = ls_memory_items(1, sizeof *all, err); /* 35 KB: too much for a stack */
    if (all == NULL) {
        return false;
    }
    set_model_meta(model, all);
    for (int i = 0; meta != NULL && i < meta->count; i++) {
        if (ls_meta_find(all, meta->item[i].key) == NULL) {
            ls_meta_set(all, meta->item[i].key, "%s", meta->item[i].value);
        }
    }
    LsSafetensorsMeta lines[LS_CHECKPOINT_META];
    for (int i = 0; i < all->count; i++) {
        lines[i] = (LsSafetensorsMeta){.key = all->item[i].key, .value = all->item[i].value};
    }
    const size_t count = list_entries(model, buffers, entries, names);
    const bool good = ls_safetensors_save(path, entries, count, lines, (size_t)all->count, err);
    ls_memory_free(all);
    return good;
}
