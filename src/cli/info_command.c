#include "cli/info_command.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/text.h"
#include "latentscape/nn/activation.h"
#include "latentscape/vae/checkpoint.h"
#include "latentscape/vae/safetensors.h"

#include "cli/option.h"

typedef struct Options {
    bool json;
    const char *argument[CLI_ARGUMENTS];
} Options;

static const CliOption options[] = {
    {.name = "json",
     .type = CLI_FLAG,
     .offset = offsetof(Options, json),
     .help = "Prints one JSON object: file, model, parameters, metadata, tensors."},
};

static const CliSyntax syntax = {
    .command = "info",
    .help = "Tells what a safetensors file holds: the model's layers, how many parameters are "
            "learned, the metadata and every tensor.",
    .argument = {"FILE"},
    .needed = 1,
    .arguments_offset = offsetof(Options, argument),
    .options = options,
    .option_count = LS_COUNT(options),
};

/* A file seen twice: as tensors, and, where it is one, as a model of this program. */
typedef struct File {
    const char *path;
    LsSafetensors tensors;
    LsCheckpoint checkpoint;
    bool is_model;
    LsError why_not;
} File;

static bool is_moment(const char *name)
{
    return strncmp(name, "adam.", 5) == 0 || strncmp(name, "live/", 5) == 0;
}

/* Numbers that are learned: all but the optimizer's. */
static size_t count_parameters(const LsSafetensors *tensors)
{
    size_t count = 0;
    for (size_t i = 0; i < tensors->count; i++) {
        count += is_moment(tensors->entry[i].name) ? 0 : tensors->entry[i].count;
    }
    return count;
}

static void print_thousands(const char *label, size_t value)
{
    char text[32];
    ls_text_thousands(value, text);
    printf("%-12s%s\n", label, text);
}

static void print_model(const File *file)
{
    if (!file->is_model) {
        printf("%-12snone that this program can use: %s\n", "model", file->why_not.text);
        return;
    }
    const LsModel *model = &file->checkpoint.model;
    printf("%-12s%d x %d pixels, %d channel%s, %s\n", "model", model->spec.width,
           model->spec.height, model->spec.channels, model->spec.channels == 1 ? "" : "s",
           ls_activation_name(model->spec.activation));
    printf("%-12s%d", "layers", model->pixels);
    for (int i = 0; i < model->layer_count; i++) {
        if (i != model->logvar) { /* beside mu, of the same width */
            printf("-%d", model->layer[i].out);
        }
    }
    printf("\n%-12s%s\n", "optimizer", file->checkpoint.m != NULL ? "Adam's moments" : "none");
}

/* "[512, 784]". */
static void print_shape(const LsSafetensorsEntry *entry)
{
    printf("[");
    for (int i = 0; i < entry->rank; i++) {
        printf("%s%zu", i == 0 ? "" : ", ", entry->shape[i]);
    }
    printf("]\n");
}

static void print_text(const File *file)
{
    const LsSafetensors *tensors = &file->tensors;
    print_model(file);
    print_thousands("parameters", count_parameters(tensors));
    print_thousands("tensors", tensors->count);
    if (tensors->meta_count > 0) {
        printf("\nmetadata\n");
    }
    for (size_t i = 0; i < tensors->meta_count; i++) {
        char value[LS_CHECKPOINT_VALUE];
        ls_text_clean(tensors->meta[i].value, value, sizeof value);
        printf("  %-20s %s\n", tensors->meta[i].key, value);
    }
    printf("\ntensors\n");
    for (size_t i = 0; i < tensors->count; i++) {
        printf("  %-30s %-5s ", tensors->entry[i].name, tensors->entry[i].type);
        print_shape(&tensors->entry[i]);
    }
}

static json_t *model_json(const File *file)
{
    if (!file->is_model) {
        return json_null();
    }
    const LsModelSpec *spec = &file->checkpoint.model.spec;
    json_t *hidden = json_array();
    for (int i = 0; i < spec->hidden.count; i++) {
        json_array_append_new(hidden, json_integer(spec->hidden.value[i]));
    }
    return json_pack("{s:i, s:i, s:i, s:o, s:i, s:s, s:b}", "width", spec->width, "height",
                     spec->height, "channels", spec->channels, "hidden", hidden, "latent",
                     spec->latent, "activation", ls_activation_name(spec->activation), "optimizer",
                     file->checkpoint.m != NULL);
}

static json_t *tensors_json(const LsSafetensors *tensors)
{
    json_t *list = json_array();
    for (size_t i = 0; i < tensors->count; i++) {
        const LsSafetensorsEntry *entry = &tensors->entry[i];
        json_t *shape = json_array();
        for (int k = 0; k < entry->rank; k++) {
            json_array_append_new(shape, json_integer((json_int_t)entry->shape[k]));
        }
        json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "name", entry->name, "type",
                                              entry->type, "shape", shape));
    }
    return list;
}

static bool print_json(const File *file, LsError *err)
{
    json_t *meta = json_object();
    for (size_t i = 0; i < file->tensors.meta_count; i++) {
        json_object_set_new(meta, file->tensors.meta[i].key,
                            json_string(file->tensors.meta[i].value));
    }
    char path[LS_SETTING_LINE]; /* a file's name need not be UTF-8, JSON must */
    ls_text_clean(file->path, path, sizeof path);
    json_t *all = json_pack("{s:s, s:o, s:I, s:o, s:o}", "file", path, "model", model_json(file),
                            "parameters", (json_int_t)count_parameters(&file->tensors), "metadata",
                            meta, "tensors", tensors_json(&file->tensors));
    const bool ok = all != NULL && json_dumpf(all, stdout, JSON_INDENT(1)) == 0;
    printf("\n");
    json_decref(all);
    return ok ? true : ls_fail(err, LS_ERR_MEMORY, "%s: its JSON cannot be printed.", file->path);
}

CliStatus cli_info_command_run(int count, char *const *words)
{
    Options given = {0};
    LsError err = {0};
    const CliParsed parsed = cli_option_parse(&syntax, count, words, &given, &err);
    if (parsed != CLI_PARSED) {
        return parsed == CLI_HELPED ? CLI_OK : cli_message_error(&err);
    }
    File file = {.path = given.argument[0]};
    bool ok = ls_safetensors_open(&file.tensors, file.path, &err);
    if (ok) {
        file.is_model = ls_checkpoint_open(&file.checkpoint, file.path, &file.why_not);
        if (given.json) {
            ok = print_json(&file, &err);
        } else {
            print_text(&file);
        }
    }
    ls_checkpoint_finish(&file.checkpoint);
    ls_safetensors_finish(&file.tensors);
    return ok ? CLI_OK : cli_message_error(&err);
}
