#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"
#include "latentscape/vae/safetensors.h"

#include "tests/scratch.h"

enum {
    DATA = 24, /* bytes of [2, 3] floats */
    ROOM = 1 << 15
};

static const char path[] = "some model.safetensors";

/* A file in memory: length, header, data_size bytes 0, 1, 2, ... */
static uint8_t *build(const char *header, size_t header_size, size_t data_size, size_t *size)
{
    LsError err = {0};
    const uint64_t stated = header_size;
    *size = 8 + header_size + data_size;
    uint8_t *file = ls_memory_items(*size, 1, &err);
    assert_non_null(file);
    memcpy(file, &stated, 8);
    memcpy(file + 8, header, header_size);
    for (size_t i = 0; i < data_size; i++) {
        file[8 + header_size + i] = (uint8_t)i;
    }
    return file;
}

/* A refusal is one sentence that names the file and nothing that cannot be shown. */
static void assert_refused_bytes(uint8_t *file, size_t size, const char *word)
{
    LsSafetensors tensors;
    LsError err = {0};
    memset(&tensors, 0xFF, sizeof tensors);
    if (ls_safetensors_read(&tensors, path, file, size, &err)) {
        fail_msg("accepted, expected \"%s\"", word);
    }
    assert_null(tensors.file);
    assert_int_equal(tensors.count, 0);
    assert_int_equal(err.code, LS_ERR_FORMAT);
    const size_t length = strlen(err.text);
    assert_true(ls_text_is_plain(err.text, length));
    if (strstr(err.text, path) == NULL || strstr(err.text, word) == NULL ||
        err.text[length - 1] != '.') {
        fail_msg("expected \"%s\" in: %s", word, err.text);
    }
}

static void assert_refused(const char *header, size_t data_size, const char *word)
{
    size_t size = 0;
    uint8_t *file = build(header, strlen(header), data_size, &size);
    assert_refused_bytes(file, size, word);
}

static LsSafetensors assert_read(const char *header, size_t data_size)
{
    LsSafetensors tensors;
    LsError err = {0};
    size_t size = 0;
    uint8_t *file = build(header, strlen(header), data_size, &size);
    if (!ls_safetensors_read(&tensors, path, file, size, &err)) {
        fail_msg("%s", err.text);
    }
    return tensors;
}

/* ---- files that are read */

static void tensors_are_found_in_the_order_of_their_data(void **state)
{
    (void)state;
    LsSafetensors tensors =
        assert_read("{\"b\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[4,28]},"
                    "\"a\": {\"data_offsets\":[0,4], \"shape\":[], \"dtype\":\"F32\"},\n"
                    "\"__metadata__\":{\"activation\":\"silu\",\"note\":\"line\\nbreak\"},"
                    "\"none\":{\"dtype\":\"I64\",\"shape\":[0,7],\"data_offsets\":[4,4]},"
                    "\"half\":{\"dtype\":\"BF16\",\"shape\":[1,1,2],\"data_offsets\":[28,32]}}    ",
                    32);
    assert_int_equal(tensors.count, 4);
    static const char *const names[] = {"a", "none", "b", "half"};
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(tensors.entry[i].name, names[i]);
    }
    const LsSafetensorsEntry *entry = ls_safetensors_find(&tensors, "b");
    assert_non_null(entry);
    assert_int_equal(entry->rank, 2);
    assert_int_equal(entry->shape[1], 3);
    assert_int_equal(entry->count, 6);
    assert_int_equal(((const uint8_t *)entry->data)[0], 4);
    assert_true(ls_safetensors_is_f32(entry));
    float numbers[6];
    ls_safetensors_copy(entry, numbers);
    assert_memory_equal(numbers, entry->data, sizeof numbers);
    assert_int_equal(ls_safetensors_find(&tensors, "a")->count, 1);
    assert_int_equal(ls_safetensors_find(&tensors, "none")->count, 0);
    assert_false(ls_safetensors_is_f32(ls_safetensors_find(&tensors, "half")));
    assert_null(ls_safetensors_find(&tensors, "c"));
    assert_string_equal(ls_safetensors_find_meta(&tensors, "note"), "line\nbreak");
    assert_null(ls_safetensors_find_meta(&tensors, "latent"));
    ls_safetensors_finish(&tensors);
    ls_safetensors_finish(&tensors);
}

static void a_file_of_nothing_is_a_file(void **state)
{
    (void)state;
    LsSafetensors tensors = assert_read("{}", 0);
    assert_int_equal(tensors.count, 0);
    ls_safetensors_finish(&tensors);
    tensors = assert_read("{\"__metadata__\":{}}", 0);
    assert_int_equal(tensors.meta_count, 0);
    ls_safetensors_finish(&tensors);
}

static void what_is_saved_is_read_back(void **state)
{
    char file[SCRATCH_PATH];
    LsError err = {0};
    LsSafetensors tensors;
    size_t size = 0;
    static const float numbers[6] = {1.0f, -2.0f, 3.5f, 0.0f, 1e-30f, 1e30f};
    const LsSafetensorsEntry entries[] = {
        {.name = "z.weight", .rank = 2, .shape = {2, 3}, .data = numbers},
        {.name = "a \"quoted\" é\\", .rank = 1, .shape = {3}, .data = numbers + 3},
        {.name = "scalar", .rank = 0, .data = numbers + 2},
        {.name = "empty", .rank = 1, .shape = {0}, .data = numbers},
    };
    const LsSafetensorsMeta meta[] = {{"k", "a \"b\" \\ é \n"}, {"empty", ""}};
    scratch_path(*state, "x.safetensors", file);
    assert_true(ls_safetensors_save(file, entries, LS_COUNT(entries), meta, 2, &err));
    uint8_t *bytes = scratch_read(file, &size);
    assert_int_equal(bytes[0] % 8, 0); /* the numbers lie aligned */
    free(bytes);
    assert_true(ls_safetensors_open(&tensors, file, &err));
    assert_int_equal(tensors.count, 4);
    assert_string_equal(tensors.entry[0].name, "z.weight");
    for (size_t i = 0; i < LS_COUNT(entries); i++) {
        const LsSafetensorsEntry *entry = ls_safetensors_find(&tensors, entries[i].name);
        assert_non_null(entry);
        assert_int_equal(entry->rank, entries[i].rank);
        float copy[6];
        ls_safetensors_copy(entry, copy);
        assert_memory_equal(copy, entries[i].data, entry->size);
    }
    assert_string_equal(ls_safetensors_find_meta(&tensors, "k"), meta[0].value);
    assert_string_equal(ls_safetensors_find_meta(&tensors, "empty"), "");
    ls_safetensors_finish(&tensors);
    assert_false(ls_safetensors_save("/dev/full", entries, 1, NULL, 0, &err));
    assert_int_equal(err.code, LS_ERR_FILE);
}

static void files_made_by_pytorch_are_read(void **state)
{
    (void)state;
    char file[SCRATCH_PATH];
    LsError err = {0};
    LsSafetensors tensors;
    snprintf(file, sizeof file, "%s/tests/golden/bce_relu.safetensors", getenv("LATENTSCAPE_HOME"));
    if (!ls_safetensors_open(&tensors, file, &err)) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(ls_safetensors_find(&tensors, "x")->shape[1], 784);
    assert_string_equal(ls_safetensors_find_meta(&tensors, "activation"), "\"relu\"");
    ls_safetensors_finish(&tensors);
}

/* ---- files that lie */

static const char *const edges[] = {
    "0",
    "1",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "9007199254740993",
    "4611686018427387904",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999999",
    "-0",
    "-1",
    "-9223372036854775808",
    "1e3",
    "1e999",
    "24.0",
    "\"1\"",
    "\"\"",
    "null",
    "true",
    "[]",
    "[1]",
    "{}",
    "{\"a\":1}",
    "[[[1]]]",
    "024",
    "",
};

typedef struct Field {
    const char *name, *good;
} Field;

static const Field fields[] = {
    {"name", "\"w\""}, {"type", "\"F32\""},  {"rows", "2"},      {"cols", "3"},
    {"begin", "0"},    {"end", "24"},        {"shape", "[2,3]"}, {"offsets", "[0,24]"},
    {"entry", NULL},   {"meta", "\"silu\""},
};

enum {
    FIELDS = LS_COUNT(fields),
    ROWS = 2,
    COLS,
    BEGIN,
    END,
    SHAPE,
    OFFSETS,
    ENTRY,
    META
};

/* The header with each field at the given text. */
static void print_header(const char *const text[FIELDS], char *out)
{
    char shape[256];
    char offsets[256];
    char entry[1024];
    snprintf(shape, sizeof shape, "[%s,%s]", text[ROWS], text[COLS]);
    snprintf(offsets, sizeof offsets, "[%s,%s]", text[BEGIN], text[END]);
    snprintf(entry, sizeof entry, "{\"dtype\":%s,\"shape\":%s,\"data_offsets\":%s}", text[1],
             text[SHAPE] != fields[SHAPE].good ? text[SHAPE] : shape,
             text[OFFSETS] != fields[OFFSETS].good ? text[OFFSETS] : offsets);
    snprintf(out, ROOM, "{\"__metadata__\":{\"activation\":%s},%s:%s}", text[META], text[0],
             text[ENTRY] != NULL ? text[ENTRY] : entry);
}

/* Whether a text in a field leaves the file as good as it was. */
static bool is_harmless(size_t field, const char *text)
{
    if (field == 0) {
        return strcmp(text, "\"1\"") == 0; /* a name like any other */
    }
    if (field == META) {
        return text[0] == '"';
    }
    return strcmp(text, fields[field].good != NULL ? fields[field].good : "") == 0 ||
           (field == BEGIN && strcmp(text, "-0") == 0);
}

static void every_field_at_every_edge_is_refused(void **state)
{
    (void)state;
    char header[ROOM];
    size_t refused = 0;
    const char *text[FIELDS];
    for (size_t f = 0; f < FIELDS; f++) {
        for (size_t g = f; g < FIELDS; g++) {
            for (size_t i = 0; i < LS_COUNT(edges); i++) {
                for (size_t j = 0; j < (f == g ? 1 : LS_COUNT(edges)); j++) {
                    for (size_t k = 0; k < FIELDS; k++) {
                        text[k] = fields[k].good;
                    }
                    text[g] = edges[j];
                    text[f] = edges[i];
                    const bool harmless =
                        is_harmless(f, text[f]) && (f == g || is_harmless(g, text[g]));
                    /* A shape or place that stands for the whole hides its parts. */
                    if (!harmless && g <= END) {
                        print_header(text, header);
                        assert_refused(header, DATA, "");
                        refused++;
                    } else if (!harmless && f == g) {
                        print_header(text, header);
                        assert_refused(header, DATA, "");
                        refused++;
                    }
                }
            }
        }
    }
    assert_true(refused > 10000);
    for (size_t k = 0; k < FIELDS; k++) {
        text[k] = fields[k].good;
    }
    print_header(text, header);
    LsSafetensors tensors = assert_read(header, DATA);
    ls_safetensors_finish(&tensors);
}

#define W(offsets) "{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":" offsets "}"
#define NAMED(name) "{\"" name "\":" W("[0,24]") "}"

static void what_is_wrong_is_named(void **state)
{
    (void)state;

    static const struct {
        const char *header;
        size_t data_size;
        const char *word;
    } cases[] = {
        {"{\"a\":" W("[0,24]") ",\"a\":" W("[24,48]") "}", 48, "duplicate object key near '\"a\"'"},
        {"{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0, "duplicate"},
        {"{\"__metadata__\":{},\"__metadata__\":{}}", 0, "duplicate"},
        {"{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}", 4,
         "duplicate"},
        {"{\"a\":" W("[0,24]") ",\"b\":" W("[28,52]") "}", 52, "\"b\" leaves a hole"},
        {"{\"a\":" W("[4,28]") "}", 28, "\"a\" leaves a hole"},
        {"{\"a\":" W("[0,24]") ",\"b\":" W("[20,44]") "}", 44, "\"b\" overlaps"},
        {"{\"a\":" W("[0,24]") ",\"b\":" W("[0,24]") "}", 24, "overlaps"},
        {"{\"a\":" W("[0,24]") "}", 25, "1 bytes after the last tensor"},
        {"{\"a\":" W("[0,24]") "}", 23, "outside the file"},
        {"{\"a\":" W("[24,0]") "}", 24, "outside the file"},
        {"{\"a\":" W("[0,20]") "}", 24, "20 bytes, its shape needs 24"},
        {"{\"a\":{\"dtype\":\"F31\",\"shape\":[2,3],\"data_offsets\":[0,24]}}", 24, "dtype"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2,3]}}", 24, "and no more"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24],\"x\":1}}", 24,
         "and no more"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"offsets\":[0,24]}}", 24, "data_offsets"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}", 4,
         "more than 8 dimensions"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,0],\"data_offsets\":[0,0]}}",
         0, "beyond all memory"},
        {"{\"a\":{\"dtype\":\"F64\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]}}", 0,
         "beyond all memory"},
        {"{\"__metadata__\":{\"width\":28}}", 0, "\"width\", not a text"},
        {"{\"__metadata__\":[]}", 0, "not an object"},
        {NAMED(""), 24, "name"},
        {NAMED("a\\u0000b"), 24, "JSON"},
        {NAMED("a\\nb"), 24, "name"},
        {NAMED("a\\u202eb"), 24, "name"},
        {NAMED("a\xe2\x80\xae"
               "b"),
         24, "name"},
        {NAMED("\\ufeffa"), 24, "name"},
        {NAMED("a\\ud800b"), 24, "JSON"},
        {NAMED("a\xff"), 24, "JSON"},
        {NAMED("a\x01"), 24, "JSON"},
        {"\xef\xbb\xbf" NAMED("a"), 24, "does not begin with \"{\""},
        {" " NAMED("a"), 24, "does not begin with \"{\""},
        {NAMED("a") "\n", 24, "does not end with \"}\""},
        {NAMED("a") " x", 24, "does not end with \"}\""},
        {NAMED("a") "{}", 24, "JSON"},
        {"[]", 0, "does not begin"},
        {"{", 0, "does not end"},
        {"{\"a\":1,}", 0, "JSON"},
        {"{'a':1}", 0, "JSON"},
        {"{\"a\":NaN}", 0, "JSON"},
        {"{/**/}", 0, "JSON"},
    };

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        assert_refused(cases[i].header, cases[i].data_size, cases[i].word);
    }
    char zero[] = NAMED("a?b");
    size_t size = 0;
    *strchr(zero, '?') = '\0';
    uint8_t *file = build(zero, sizeof zero - 1, 24, &size);
    assert_refused_bytes(file, size, "JSON");
}

static void a_name_of_257_bytes_is_refused_and_one_of_256_read(void **state)
{
    (void)state;
    char header[ROOM];
    char name[258] = {0};
    memset(name, 'n', 257);
    snprintf(header, sizeof header, "{\"%s\":" W("[0,24]") "}", name);
    assert_refused(header, 24, "name");
    snprintf(header, sizeof header, "{\"%s\":" W("[0,24]") "}", name + 1);
    LsSafetensors tensors = assert_read(header, 24);
    ls_safetensors_finish(&tensors);
}

static void a_header_length_that_lies_is_refused(void **state)
{
    (void)state;
    static const char header[] = NAMED("a");
    static const uint64_t lengths[] = {
        0,          1,          2,          sizeof header - 2,  sizeof header,
        23,         1000,       0x7FFFFFFF, 0x80000000,         0xFFFFFFFF,
        1ull << 32, 1ull << 53, 1ull << 63, UINT64_MAX - 7,     UINT64_MAX - 8,
        UINT64_MAX, 1 << 20,    1 << 21,    sizeof header + 24, sizeof header + 23,
    };
    for (size_t i = 0; i < LS_COUNT(lengths); i++) {
        size_t size = 0;
        uint8_t *file = build(header, sizeof header - 1, 24, &size);
        memcpy(file, &lengths[i], 8);
        assert_refused_bytes(file, size, "");
    }
    size_t size = 0;
    uint8_t *file = build(header, sizeof header - 1, 24, &size);
    assert_refused_bytes(file, 8, "has only 8 bytes");
    file = build(header, sizeof header - 1, 24, &size);
    assert_refused_bytes(file, 0, "has only 0 bytes");
}

static void headers_that_cost_too_much_are_refused(void **state)
{
    (void)state;

    enum {
        MANY = 1 << 20
    };

    char *header = malloc(MANY + 16);
    assert_non_null(header);
    size_t size = 0;
    static const char *const repeated[] = {"[", "{\"a\":", "[[],", "{\"a\":[{},"};
    for (size_t i = 0; i < LS_COUNT(repeated); i++) {
        const size_t length = strlen(repeated[i]);
        memset(header, ' ', MANY);
        memcpy(header, "{\"a\":", 5);
        for (size_t at = 5; at + length < MANY; at += length) {
            memcpy(header + at, repeated[i], length);
        }
        header[MANY - 1] = '}';
        uint8_t *file = build(header, MANY, 0, &size);
        assert_refused_bytes(file, size, "nested deeper");
    }
    memset(header, ',', MANY);
    header[0] = '{';
    header[MANY - 1] = '}';
    uint8_t *file = build(header, MANY, 0, &size);
    assert_refused_bytes(file, size, "values");
    memset(header, ' ', MANY + 1);
    header[0] = '{';
    header[1] = '}';
    file = build(header, MANY + 1, 0, &size);
    assert_refused_bytes(file, size, "longer than");
    file = build(header, MANY, 0, &size);
    LsSafetensors tensors;
    assert_true(ls_safetensors_read(&tensors, path, file, size, NULL));
    ls_safetensors_finish(&tensors);
    free(header);
}

static void more_than_4096_tensors_are_refused(void **state)
{
    (void)state;
    for (size_t count = 4096; count <= 4097; count++) {
        LsError err = {0};
        char *header = calloc(count, 80);
        assert_non_null(header);
        size_t used = 0;
        for (size_t i = 0; i < count; i++) {
            used += (size_t)snprintf(
                header + used, 80,
                "%c\"%zu\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[%zu,%zu]}",
                i == 0 ? '{' : ',', i, i, i + 1);
        }
        header[used++] = '}';
        size_t size = 0;
        uint8_t *file = build(header, used, count, &size);
        free(header);
        LsSafetensors tensors;
        assert_int_equal(ls_safetensors_read(&tensors, path, file, size, &err), count == 4096);
        ls_safetensors_finish(&tensors);
    }
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    static const char header[] = "{\"a\":" W("[0,24]") ",\"b\":" W("[24,48]") "}  ";
    size_t size = 0;
    uint8_t *whole = build(header, sizeof header - 1, 48, &size);
    for (size_t length = 0; length < size; length++) {
        LsError err = {0};
        uint8_t *file = ls_memory_items(length, 1, &err);
        assert_non_null(file);
        memcpy(file, whole, length);
        assert_refused_bytes(file, length, "");
    }
    ls_memory_free(whole);
}

static void programs_in_disguise_are_never_read(void **state)
{
    (void)state;
    static const char *const files[] = {"PK\x03\x04 archive/data.pkl and so on",
                                        "\x80\x02\x8a\x0al\xfc\x9c\x46\xf9 and so on", "\x80\x04."};
    for (size_t i = 0; i < LS_COUNT(files); i++) {
        LsError err = {0};
        const size_t size = strlen(files[i]);
        uint8_t *file = ls_memory_items(size, 1, &err);
        assert_non_null(file);
        memcpy(file, files[i], size);
        assert_refused_bytes(file, size, "pickle");
    }
    /* A header of 128 bytes begins with the same byte as a pickle. */
    char header[129] = "{}";
    memset(header + 2, ' ', 126);
    LsSafetensors tensors = assert_read(header, 0);
    ls_safetensors_finish(&tensors);
}

static void missing_files_and_folders_are_named(void **state)
{
    const Scratch *scratch = *state;
    char missing[SCRATCH_PATH];
    LsError err = {0};
    LsSafetensors tensors;
    scratch_path(scratch, "missing.safetensors", missing);
    assert_false(ls_safetensors_open(&tensors, missing, &err));
    assert_int_equal(err.code, LS_ERR_FILE);
    assert_non_null(strstr(err.text, "missing.safetensors"));
    assert_false(ls_safetensors_open(&tensors, scratch->folder, &err));
    assert_non_null(strstr(err.text, "folder"));
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_create, scratch_destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tensors_are_found_in_the_order_of_their_data),
        cmocka_unit_test(a_file_of_nothing_is_a_file),
        IN_SCRATCH(what_is_saved_is_read_back),
        cmocka_unit_test(files_made_by_pytorch_are_read),
        cmocka_unit_test(every_field_at_every_edge_is_refused),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(a_name_of_257_bytes_is_refused_and_one_of_256_read),
        cmocka_unit_test(a_header_length_that_lies_is_refused),
        cmocka_unit_test(headers_that_cost_too_much_are_refused),
        cmocka_unit_test(more_than_4096_tensors_are_refused),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(programs_in_disguise_are_never_read),
        IN_SCRATCH(missing_files_and_folders_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
