#include "latentscape/vae/safetensors.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"

enum {
    LENGTH_BYTES = 8,
    DEPTH_MAX = 3,      /* {"name": {"shape": [ */
    VALUES_MAX = 65536, /* values of a header: 4,096 tensors with 12 each, and room for metadata */
    SHOWN = 64,         /* bytes of a foreign name in a message */
};

static const size_t file_max = (size_t)4 << 30; /* bytes: a model of 2^28 numbers with Adam's */

/* Numbers are copied as they lie in the file. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "safetensors files are little-endian");

typedef struct Type {
    const char *name;
    size_t size;
} Type;

static const Type types[] = {
    {"F32", 4},  {"F16", 2}, {"BF16", 2},    {"F64", 8},     {"I64", 8},     {"I32", 4},
    {"I16", 2},  {"I8", 1},  {"U64", 8},     {"U32", 4},     {"U16", 2},     {"U8", 1},
    {"BOOL", 1}, {"C64", 8}, {"F8_E4M3", 1}, {"F8_E5M2", 1}, {"F8_E8M0", 1},
};

static bool is_pickle(const uint8_t *file, size_t size)
{
    return size >= 2 && ((file[0] == 'P' && file[1] == 'K') || file[0] == 0x80);
}

/* The length of the header, which begins with '{' and lies whole within the file. */
static bool read_length(const char *path, const uint8_t *file, size_t size, size_t *length,
                        LsError *err)
{
    uint64_t stated = 0;
    if (size > LENGTH_BYTES) {
        memcpy(&stated, file, sizeof stated);
        if (stated <= size - LENGTH_BYTES && stated <= LS_SAFETENSORS_HEADER && stated > 0 &&
            file[LENGTH_BYTES] == '{') {
            *length = (size_t)stated;
            return true;
        }
    }
    if (is_pickle(file, size)) {
        return ls_fail(err, LS_ERR_FORMAT,
                       "%s is a PyTorch pickle, a program that would run when opened, and is never "
                       "read: convert it with safetensors.torch.save_file.",
                       path);
    }
    if (size <= LENGTH_BYTES) {
        return ls_fail(err, LS_ERR_FORMAT, "%s is no safetensors file: it has only %zu bytes.",
                       path, size);
    }
    if (stated > size - LENGTH_BYTES) {
        return ls_fail(
            err, LS_ERR_FORMAT,
            "%s is no safetensors file or cut short: it announces a header of %llu bytes, "
            "%zu follow.",
            path, (unsigned long long)stated, size - LENGTH_BYTES);
    }
    if (stated > LS_SAFETENSORS_HEADER) {
        return ls_fail(err, LS_ERR_FORMAT, "%s: its header of %llu bytes is longer than %d.", path,
                       (unsigned long long)stated, LS_SAFETENSORS_HEADER);
    }
    return ls_fail(err, LS_ERR_FORMAT,
                   "%s is no safetensors file: its header does not begin with \"{\".", path);
}

/* One look at the header before any memory is spent on it: nothing in it is nested deeper, and
 * there are no more values, than tensors and metadata need. What the JSON parser asks for is
 * thereby bounded, and so is its recursion. */
static bool check_effort(const char *path, const char *text, size_t length, LsError *err)
{
    int depth = 0;
    int values = 0;
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        const char letter = text[i];
        if (quoted) {
            i += letter == '\\';
            quoted = letter != '"';
            continue;
        }
        quoted = letter == '"';
        depth += (letter == '{' || letter == '[') - (letter == '}' || letter == ']');
        values += letter == ',' || letter == '{' || letter == '[';
        if (depth > DEPTH_MAX) {
            return ls_fail(err, LS_ERR_FORMAT, "%s: its header is nested deeper than %d levels.",
                           path, DEPTH_MAX);
        }
        if (values > VALUES_MAX) {
            return ls_fail(err, LS_ERR_FORMAT, "%s: its header holds more than %d values.", path,
                           VALUES_MAX);
        }
    }
    return true;
}

static json_t *parse_header(const char *path, const char *text, size_t length, LsError *err)
{
    while (length > 0 && text[length - 1] == ' ') {
        length--;
    }
    if (length == 0 || text[length - 1] != '}') {
        ls_fail(err, LS_ERR_FORMAT, "%s: its header does not end with \"}\".", path);
        return NULL;
    }
    if (!check_effort(path, text, length, err)) {
        return NULL;
    }
    json_error_t fault;
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &fault);
    if (json == NULL &&
        (fault.text[0] == '\0' || json_error_code(&fault) == json_error_out_of_memory)) {
        ls_fail(err, LS_ERR_MEMORY, "%s: there is not enough memory to read its header.", path);
    } else if (json == NULL) {
        ls_fail(err, LS_ERR_FORMAT, "%s: its header is not valid JSON: %s.", path, fault.text);
    }
    return json;
}

static bool fail_tensor(const char *path, const char *name, const char *what, LsError *err)
{
    char shown[SHOWN];
    ls_text_clean(name, shown, sizeof shown);
    return ls_fail(err, LS_ERR_FORMAT, "%s: tensor \"%s\" %s.", path, shown, what);
}

/* A whole number of 0 or more. */
static bool read_size(const json_t *json, size_t *value)
{
    if (!json_is_integer(json) || json_integer_value(json) < 0) {
        return false;
    }
    *value = (size_t)json_integer_value(json);
    return true;
}

static const Type *find_type(const char *name)
{
    for (size_t i = 0; i < LS_COUNT(types); i++) {
        if (strcmp(types[i].name, name) == 0) {
            return &types[i];
        }
    }
    return NULL;
}

/* Type and shape, and from them the count of numbers and bytes. */
static bool read_shape(const char *path, const json_t *json, LsSafetensorsEntry *entry,
                       LsError *err)
{
    const json_t *type_name = json_object_get(json, "dtype");
    const json_t *shape = json_object_get(json, "shape");
    if (!json_is_string(type_name)) {
        return fail_tensor(path, entry->name, "has no \"dtype\" that is a text", err);
    }
    const Type *type = find_type(json_string_value(type_name));
    if (type == NULL) {
        return fail_tensor(path, entry->name, "has an unknown \"dtype\"", err);
    }
    if (!json_is_array(shape)) {
        return fail_tensor(path, entry->name, "has no \"shape\" that is a list", err);
    }
    if (json_array_size(shape) > LS_SAFETENSORS_RANK) {
        return fail_tensor(path, entry->name, "has more than 8 dimensions in its \"shape\"", err);
    }
    entry->type = type->name;
    entry->rank = (int)json_array_size(shape);
    entry->count = 1;
    for (int i = 0; i < entry->rank; i++) {
        if (!read_size(json_array_get(shape, (size_t)i), &entry->shape[i])) {
            return fail_tensor(path, entry->name, "has a \"shape\" that is not of whole numbers",
                               err);
        }
        if (!ls_size_mul(entry->count, entry->shape[i], &entry->count)) {
            return fail_tensor(path, entry->name, "has a \"shape\" beyond all memory", err);
        }
    }
    if (!ls_size_mul(entry->count, type->size, &entry->size)) {
        return fail_tensor(path, entry->name, "has a \"shape\" beyond all memory", err);
    }
    return true;
}

/* Where the bytes lie: within the data, and as many as the shape needs. */
static bool read_place(const char *path, const json_t *json, const uint8_t *data, size_t data_size,
                       LsSafetensorsEntry *entry, LsError *err)
{
    const json_t *offsets = json_object_get(json, "data_offsets");
    size_t begin = 0;
    size_t end = 0;
    if (!json_is_array(offsets) || json_array_size(offsets) != 2 ||
        !read_size(json_array_get(offsets, 0), &begin) ||
        !read_size(json_array_get(offsets, 1), &end)) {
        return fail_tensor(path, entry->name, "has no \"data_offsets\" of two whole numbers", err);
    }
    if (end < begin || end > data_size) {
        return fail_tensor(path, entry->name, "has \"data_offsets\" outside the file", err);
    }
    if (end - begin != entry->size) {
        char shown[SHOWN];
        ls_text_clean(entry->name, shown, sizeof shown);
        return ls_fail(err, LS_ERR_FORMAT,
                       "%s: tensor \"%s\" has \"data_offsets\" of %zu bytes, its shape needs %zu.",
                       path, shown, end - begin, entry->size);
    }
    entry->data = data + begin;
    return true;
}

static bool read_entry(const char *path, const char *name, const json_t *json, const uint8_t *data,
                       size_t data_size, LsSafetensorsEntry *entry, LsError *err)
{
    const size_t length = strlen(name);
    entry->name = name;
    if (length == 0 || length > LS_SAFETENSORS_NAME || !ls_text_is_plain(name, length)) {
        return fail_tensor(path, name, "has a name that is empty, too long or not printable", err);
    }
    if (!json_is_object(json)) {
        return fail_tensor(path, name, "is not described by an object", err);
    }
    if (json_object_size(json) != 3) {
        return fail_tensor(path, name,
                           "must have \"dtype\", \"shape\", \"data_offsets\" and no more", err);
    }
    return read_shape(path, json, entry, err) &&
           read_place(path, json, data, data_size, entry, err);
}

static bool read_meta(const char *path, json_t *json, LsSafetensors *tensors, LsError *err)
{
    if (!json_is_object(json)) {
        return ls_fail(err, LS_ERR_FORMAT, "%s: its \"__metadata__\" is not an object.", path);
    }
    tensors->meta = ls_memory_items(json_object_size(json), sizeof *tensors->meta, err);
    if (tensors->meta == NULL) {
        return false;
    }
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(json, key, value)
    {
        if (!json_is_string(value)) {
            char shown[SHOWN];
            ls_text_clean(key, shown, sizeof shown);
            return ls_fail(err, LS_ERR_FORMAT, "%s: its \"__metadata__\" has \"%s\", not a text.",
                           path, shown);
        }
        tensors->meta[tensors->meta_count++] =
            (LsSafetensorsMeta){.key = key, .value = json_string_value(value)};
    }
    return true;
}

static int compare_places(const void *a, const void *b)
{
    const LsSafetensorsEntry *x = a;
    const LsSafetensorsEntry *y = b;
    const uintptr_t left = (uintptr_t)x->data;
    const uintptr_t right = (uintptr_t)y->data;
    if (left != right) {
        return left < right ? -1 : 1;
    }
    return (x->size > y->size) - (x->size < y->size);
}

/* Tensors lie side by side: no byte belongs to two of them or to none. */
static bool check_places(const char *path, LsSafetensors *tensors, const uint8_t *data,
                         size_t data_size, LsError *err)
{
    const uint8_t *at = data;
    qsort(tensors->entry, tensors->count, sizeof *tensors->entry, compare_places);
    for (size_t i = 0; i < tensors->count; i++) {
        const LsSafetensorsEntry *entry = &tensors->entry[i];
        const uint8_t *begin = entry->data;
        if (begin < at) {
            return fail_tensor(path, entry->name, "overlaps another", err);
        }
        if (begin > at) {
            return fail_tensor(path, entry->name, "leaves a hole before it", err);
        }
        at = begin + entry->size;
    }
    const size_t used = (size_t)(at - data);
    if (used != data_size) {
        return ls_fail(err, LS_ERR_FORMAT, "%s: %zu bytes after the last tensor belong to none.",
                       path, data_size - used);
    }
    return true;
}

static bool read_all(LsSafetensors *tensors, const char *path, size_t size, LsError *err)
{
    size_t length = 0;
    if (!read_length(path, tensors->file, size, &length, err)) {
        return false;
    }
    const char *text = (const char *)tensors->file + LENGTH_BYTES;
    const uint8_t *data = tensors->file + LENGTH_BYTES + length;
    const size_t data_size = size - LENGTH_BYTES - length;
    json_t *json = parse_header(path, text, length, err);
    if (json == NULL) {
        return false;
    }
    tensors->json = json;
    json_t *meta = json_object_get(json, "__metadata__");
    const size_t count = json_object_size(json) - (meta != NULL);
    if (count > LS_SAFETENSORS_TENSORS) {
        return ls_fail(err, LS_ERR_FORMAT, "%s holds %zu tensors, more than %d.", path, count,
                       LS_SAFETENSORS_TENSORS);
    }
    if (meta != NULL && !read_meta(path, meta, tensors, err)) {
        return false;
    }
    tensors->entry = ls_memory_items(count, sizeof *tensors->entry, err);
    if (tensors->entry == NULL) {
        return false;
    }
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(json, name, value)
    {
        if (value != meta) {
            if (!read_entry(path, name, value, data, data_size, &tensors->entry[tensors->count],
                            err)) {
                return false;
            }
            tensors->count++;
        }
    }
    return check_places(path, tensors, data, data_size, err);
}

// NOLINTNEXTLINE(readability-non-const-parameter): the file is taken over, to be released
bool ls_safetensors_read(LsSafetensors *tensors, const char *path, uint8_t *file, size_t size,
                         LsError *err)
{
    *tensors = (LsSafetensors){.file = file};
    if (!read_all(tensors, path, size, err)) {
        ls_safetensors_finish(tensors);
        return false;
    }
    return true;
}

bool ls_safetensors_open(LsSafetensors *tensors, const char *path, LsError *err)
{
    uint8_t *file = NULL;
    size_t size = 0;
    *tensors = (LsSafetensors){0};
    return ls_file_read(path, file_max, &file, &size, err) &&
           ls_safetensors_read(tensors, path, file, size, err);
}

void ls_safetensors_finish(LsSafetensors *tensors)
{
    json_decref(tensors->json);
    ls_memory_free(tensors->entry);
    ls_memory_free(tensors->meta);
    ls_memory_free(tensors->file);
    *tensors = (LsSafetensors){0};
}

const LsSafetensorsEntry *ls_safetensors_find(const LsSafetensors *tensors, const char *name)
{
    for (size_t i = 0; i < tensors->count; i++) {
        if (strcmp(tensors->entry[i].name, name) == 0) {
            return &tensors->entry[i];
        }
    }
    return NULL;
}

const char *ls_safetensors_find_meta(const LsSafetensors *tensors, const char *key)
{
    for (size_t i = 0; i < tensors->meta_count; i++) {
        if (strcmp(tensors->meta[i].key, key) == 0) {
            return tensors->meta[i].value;
        }
    }
    return NULL;
}

bool ls_safetensors_is_f32(const LsSafetensorsEntry *entry)
{
    return strcmp(entry->type, "F32") == 0;
}

void ls_safetensors_copy(const LsSafetensorsEntry *entry, float *out)
{
    memcpy(out, entry->data, entry->count * sizeof *out);
}

static bool add_meta(json_t *header, const LsSafetensorsMeta *meta, size_t count)
{
    json_t *lines = json_object();
    bool good = json_object_set_new(header, "__metadata__", lines) == 0;
    for (size_t i = 0; i < count && good; i++) {
        good = json_object_set_new(lines, meta[i].key, json_string(meta[i].value)) == 0;
    }
    return good;
}

static bool add_entry(json_t *header, const LsSafetensorsEntry *entry, size_t *at)
{
    size_t end = *at;
    json_t *shape = json_array();
    bool good = true;
    size_t size = sizeof(float);
    for (int i = 0; i < entry->rank && good; i++) {
        good = json_array_append_new(shape, json_integer((json_int_t)entry->shape[i])) == 0;
        size *= entry->shape[i];
    }
    end += size;
    /* "o" hands shape over, also where packing fails. */
    json_t *described = json_pack("{s:s, s:o, s:[I, I]}", "dtype", "F32", "shape", shape,
                                  "data_offsets", (json_int_t)*at, (json_int_t)end);
    *at = end;
    return json_object_set_new(header, entry->name, described) == 0 && good;
}

/* The header's text, to be released by free(), or NULL. */
static char *print_header(const LsSafetensorsEntry *entries, size_t count,
                          const LsSafetensorsMeta *meta, size_t meta_count)
{
    json_t *header = json_object();
    size_t at = 0;
    bool good = header != NULL && (meta_count == 0 || add_meta(header, meta, meta_count));
    for (size_t i = 0; i < count && good; i++) {
        good = add_entry(header, &entries[i], &at);
    }
    char *text = good ? json_dumps(header, JSON_COMPACT) : NULL;
    json_decref(header);
    return text;
}

bool ls_safetensors_save(const char *path, const LsSafetensorsEntry *entries, size_t count,
                         const LsSafetensorsMeta *meta, size_t meta_count, LsError *err)
{
    static const char padding[] = "       ";
    char *text = print_header(entries, count, meta, meta_count);
    if (text == NULL) {
        return ls_fail(err, LS_ERR_MEMORY, "%s: there is not enough memory to write its header.",
                       path);
    }
    bool good = false;
    LsFileWriter *writer = ls_file_writer_create(path, err);
    if (writer != NULL) {
        const size_t length = strlen(text);
        const size_t pad = (8 - length % 8) % 8; /* so that the numbers lie aligned */
        const uint64_t stated = length + pad;
        ls_file_writer_add(writer, &stated, sizeof stated);
        ls_file_writer_add(writer, text, length);
        ls_file_writer_add(writer, padding, pad);
        for (size_t i = 0; i < count; i++) {
            size_t size = sizeof(float);
            for (int d = 0; d < entries[i].rank; d++) {
                size *= entries[i].shape[d];
            }
            ls_file_writer_add(writer, entries[i].data, size);
        }
        good = ls_file_writer_commit(writer, err);
    }
    free(text);
    return good;
}
