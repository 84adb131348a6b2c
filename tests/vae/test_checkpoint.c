#include <math.h>
#include <signal.h>
#include <sys/resource.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"
#include "latentscape/nn/activation.h"
#include "latentscape/vae/checkpoint.h"
#include "latentscape/vae/safetensors.h"

#include "tests/scratch.h"

enum {
    ENTRIES = 3 * LS_MODEL_TENSORS
};

/* A small model with weights and Adam's moments. */
typedef struct Fixture {
    Scratch scratch; /* first, so that the scratch functions take a Fixture */
    LsModel model;
    float *params, *m, *v;
    char path[SCRATCH_PATH];
} Fixture;

static int create(void **state)
{
    void *scratch = NULL;
    LsError err = {0};
    Fixture *fixture = calloc(1, sizeof *fixture);
    if (fixture == NULL || scratch_create(&scratch) != 0) {
        free(fixture);
        return -1;
    }
    fixture->scratch = *(Scratch *)scratch;
    free(scratch);
    scratch_path(&fixture->scratch, "model.safetensors", fixture->path);
    const LsModelSpec spec = {.width = 4,
                              .height = 4,
                              .channels = 1,
                              .latent = 2,
                              .hidden = {.count = 2, .value = {7, 5}},
                              .activation = 1};
    assert_true(ls_model_init(&fixture->model, &spec, &err));
    const size_t count = fixture->model.param_count;
    fixture->params = ls_memory_floats(count, &err);
    fixture->m = ls_memory_floats(count, &err);
    fixture->v = ls_memory_floats(count, &err);
    assert_non_null(fixture->params);
    assert_non_null(fixture->m);
    assert_non_null(fixture->v);
    ls_model_init_params(&fixture->model, 1, fixture->params);
    ls_model_init_params(&fixture->model, 2, fixture->m);
    ls_model_init_params(&fixture->model, 3, fixture->v);
    for (size_t i = 0; i < count; i++) {
        fixture->v[i] *= fixture->v[i];
    }
    *state = fixture;
    return 0;
}

static int destroy(void **state)
{
    Fixture *fixture = *state;
    scratch_remove_tree(fixture->scratch.folder);
    ls_memory_free(fixture->params);
    ls_memory_free(fixture->m);
    ls_memory_free(fixture->v);
    free(fixture);
    return 0;
}

static void save(const Fixture *fixture, bool adam)
{
    LsError err = {0};
    if (!ls_checkpoint_save(fixture->path, &fixture->model, fixture->params,
                            adam ? fixture->m : NULL, adam ? fixture->v : NULL, NULL, &err)) {
        fail_msg("%s", err.text);
    }
}

static void assert_refused(const char *path, LsErrorCode code, const char *word)
{
    LsCheckpoint checkpoint;
    LsError err = {0};
    memset(&checkpoint, 0xFF, sizeof checkpoint);
    if (ls_checkpoint_open(&checkpoint, path, &err)) {
        fail_msg("accepted, expected \"%s\"", word);
    }
    assert_null(checkpoint.params);
    assert_null(checkpoint.m);
    assert_int_equal(checkpoint.meta.count, 0);
    if (strstr(err.text, path) == NULL || strstr(err.text, word) == NULL || err.code != code) {
        fail_msg("expected %d \"%s\" in %d: %s", (int)code, word, (int)err.code, err.text);
    }
}

/* The tensors of a file, to be changed and saved again: what a stranger might have made. */
typedef struct Draft {
    LsSafetensors source;
    size_t count, meta_count;
    LsSafetensorsEntry entry[ENTRIES];
    LsSafetensorsMeta meta[LS_CHECKPOINT_META];
} Draft;

static Draft draft_open(const char *path)
{
    Draft draft = {.count = 0};
    LsError err = {0};
    if (!ls_safetensors_open(&draft.source, path, &err)) {
        fail_msg("%s", err.text);
    }
    draft.count = draft.source.count;
    memcpy(draft.entry, draft.source.entry, draft.count * sizeof *draft.entry);
    draft.meta_count = draft.source.meta_count;
    memcpy(draft.meta, draft.source.meta, draft.meta_count * sizeof *draft.meta);
    return draft;
}

static void draft_save(Draft *draft, const char *path)
{
    LsError err = {0};
    if (!ls_safetensors_save(path, draft->entry, draft->count, draft->meta, draft->meta_count,
                             &err)) {
        fail_msg("%s", err.text);
    }
    ls_safetensors_finish(&draft->source);
}

static LsSafetensorsEntry *draft_find(Draft *draft, const char *name)
{
    size_t place = 0;
    while (place < draft->count && strcmp(draft->entry[place].name, name) != 0) {
        place++;
    }
    assert_true(place < draft->count);
    return &draft->entry[place];
}

static void draft_set_meta(Draft *draft, const char *key, const char *value)
{
    size_t place = 0;
    while (place < draft->meta_count && strcmp(draft->meta[place].key, key) != 0) {
        place++;
    }
    if (value == NULL) {
        assert_true(place < draft->meta_count);
        draft->meta[place] = draft->meta[--draft->meta_count];
        return;
    }
    draft->meta[place] = (LsSafetensorsMeta){.key = key, .value = value};
    draft->meta_count += place == draft->meta_count;
}

/* ---- files that are read */

static void a_saved_model_opens_bit_for_bit(void **state)
{
    const Fixture *fixture = *state;
    const size_t bytes = fixture->model.param_count * sizeof(float);
    LsError err = {0};
    LsMetaList meta = {0};
    ls_meta_set(&meta, "beta", "%g", 0.5);
    ls_meta_set(&meta, "seed", "%d", 7);
    ls_meta_set(&meta, "latent", "%d", 99); /* the model's own lines cannot be overruled */
    for (int adam = 0; adam < 2; adam++) {
        LsCheckpoint read;
        assert_true(ls_checkpoint_save(fixture->path, &fixture->model, fixture->params,
                                       adam ? fixture->m : NULL, adam ? fixture->v : NULL, &meta,
                                       &err));
        if (!ls_checkpoint_open(&read, fixture->path, &err)) {
            fail_msg("%s", err.text);
        }
        assert_true(ls_model_equal(&read.model, &fixture->model));
        assert_memory_equal(read.params, fixture->params, bytes);
        assert_int_equal(read.m != NULL, adam);
        assert_int_equal(read.v != NULL, adam);
        if (adam) {
            assert_memory_equal(read.m, fixture->m, bytes);
            assert_memory_equal(read.v, fixture->v, bytes);
        }
        assert_string_equal(ls_meta_find(&read.meta, "beta"), "0.5");
        assert_string_equal(ls_meta_find(&read.meta, "seed"), "7");
        assert_string_equal(ls_meta_find(&read.meta, "latent"), "2");
        assert_string_equal(ls_meta_find(&read.meta, "hidden"), "7,5");
        assert_string_equal(ls_meta_find(&read.meta, "activation"), ls_activation_name(1));
        assert_null(ls_meta_find(&read.meta, "nothing"));
        ls_checkpoint_finish(&read);
        assert_null(read.params);
        ls_checkpoint_finish(&read);
    }
}

static void every_activation_survives(void **state)
{
    Fixture *fixture = *state;
    size_t count = 0;
    ls_activation_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        LsCheckpoint read;
        LsError err = {0};
        fixture->model.spec.activation = (int)i;
        save(fixture, false);
        assert_true(ls_checkpoint_open(&read, fixture->path, &err));
        assert_int_equal(read.model.spec.activation, i);
        ls_checkpoint_finish(&read);
    }
}

static void sizes_are_guessed_where_metadata_is_silent(void **state)
{
    const Fixture *fixture = *state;
    static const char *const keys[] = {"width", "height", "channels", "latent", "hidden"};
    LsCheckpoint read;
    LsError err = {0};
    save(fixture, true);
    Draft draft = draft_open(fixture->path);
    for (size_t i = 0; i < LS_COUNT(keys); i++) {
        draft_set_meta(&draft, keys[i], NULL);
    }
    draft_save(&draft, fixture->path);
    if (!ls_checkpoint_open(&read, fixture->path, &err)) {
        fail_msg("%s", err.text);
    }
    assert_true(ls_model_equal(&read.model, &fixture->model));
    assert_string_equal(ls_meta_find(&read.meta, "hidden"), "7,5");
    ls_checkpoint_finish(&read);
}

static void metadata_may_be_written_as_json(void **state)
{
    const Fixture *fixture = *state;
    LsCheckpoint read;
    LsError err = {0};
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\"", ls_activation_name(1));
    save(fixture, false);
    Draft draft = draft_open(fixture->path);
    draft_set_meta(&draft, "activation", quoted);
    draft_set_meta(&draft, "hidden", "[7, 5]");
    draft_set_meta(&draft, "latent", "\"2\"");
    draft_set_meta(&draft, "width", "4.0");
    draft_set_meta(&draft, "note", "\"a\nb\"");
    draft_set_meta(&draft, "a key that is longer than this program keeps", "x");
    draft_save(&draft, fixture->path);
    if (!ls_checkpoint_open(&read, fixture->path, &err)) {
        fail_msg("%s", err.text);
    }
    assert_true(ls_model_equal(&read.model, &fixture->model));
    assert_string_equal(ls_meta_find(&read.meta, "activation"), ls_activation_name(1));
    assert_string_equal(ls_meta_find(&read.meta, "note"), "a?b");
    assert_string_equal(ls_meta_find(&read.meta, "width"), "4");
    ls_checkpoint_finish(&read);
}

static void metadata_lines_are_kept_in_order_up_to_a_limit(void **state)
{
    (void)state;
    LsMetaList meta = {0};
    char key[LS_CHECKPOINT_KEY + 8];
    for (int i = 0; i < 2 * LS_CHECKPOINT_META; i++) {
        snprintf(key, sizeof key, "key%d", i);
        ls_meta_set(&meta, key, "%d", i);
    }
    assert_int_equal(meta.count, LS_CHECKPOINT_META);
    assert_string_equal(meta.item[3].key, "key3");
    ls_meta_set(&meta, "key3", "%s", "changed");
    assert_string_equal(ls_meta_find(&meta, "key3"), "changed");
    ls_meta_set(&meta, "key3", "%02000d", 1);
    assert_int_equal(strlen(ls_meta_find(&meta, "key3")), LS_CHECKPOINT_VALUE - 1);
    meta.count = 0;
    memset(key, 'k', LS_CHECKPOINT_KEY);
    key[LS_CHECKPOINT_KEY] = '\0';
    ls_meta_set(&meta, key, "x");
    assert_int_equal(meta.count, 0);
}

/* ---- files that lie */

static void metadata_that_lies_is_refused(void **state)
{
    const Fixture *fixture = *state;

    static const struct {
        const char *key, *value;
        LsErrorCode code;
        const char *word;
    } cases[] = {
        {"activation", NULL, LS_ERR_FORMAT, "\"activation\""},
        {"activation", "sil", LS_ERR_FORMAT, "activation is \"sil\""},
        {"activation", "", LS_ERR_FORMAT, "activation is \"\""},
        {"latent", "3", LS_ERR_MODEL, "mu.weight\" has the shape [2, 5], the model needs [3, 5]"},
        {"latent", "0", LS_ERR_FORMAT, "latent is \"0\""},
        {"latent", "-1", LS_ERR_FORMAT, "latent is \"-1\""},
        {"latent", "1e3", LS_ERR_MODEL, "mu.weight"},
        {"latent", "65537", LS_ERR_FORMAT, "latent"},
        {"latent", "1e99", LS_ERR_FORMAT, "latent"},
        {"latent", "nan", LS_ERR_FORMAT, "latent"},
        {"latent", "2.5", LS_ERR_FORMAT, "latent"},
        {"latent", "two", LS_ERR_FORMAT, "latent is \"two\""},
        {"latent", "null", LS_ERR_FORMAT, "latent"},
        {"width", "5", LS_ERR_MODEL, "encoder.0.weight"},
        {"width", "65536", LS_ERR_MODEL, "pixels"},
        {"height", "65536", LS_ERR_MODEL, "pixels"},
        {"channels", "3", LS_ERR_MODEL, "encoder.0.weight"},
        {"hidden", "7", LS_ERR_MODEL, "mu.weight"},
        {"hidden", "7,5,5", LS_ERR_MODEL, "encoder.2.weight\" is missing"},
        {"hidden", "7,6", LS_ERR_MODEL, "encoder.1.weight"},
        {"hidden", "5,7", LS_ERR_MODEL, "encoder.0.weight"},
        {"hidden", "", LS_ERR_MODEL, "mu.weight"},
        {"hidden", "[]", LS_ERR_MODEL, "mu.weight"},
        {"hidden", "7,5,", LS_ERR_FORMAT, "hidden"},
        {"hidden", "7,0", LS_ERR_FORMAT, "hidden"},
        {"hidden", "7,65537", LS_ERR_MODEL, "hidden"},
        {"hidden", "65536,65536", LS_ERR_MODEL, "numbers"},
        {"hidden", "1,1,1,1,1,1,1,1,1", LS_ERR_FORMAT, "hidden"},
        {"hidden", "7,5\x1b[2J", LS_ERR_FORMAT, "7,5?["},
    };

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        save(fixture, false);
        Draft draft = draft_open(fixture->path);
        draft_set_meta(&draft, cases[i].key, cases[i].value);
        draft_save(&draft, fixture->path);
        assert_refused(fixture->path, cases[i].code, cases[i].word);
    }
}

static void pictures_that_are_no_square_need_metadata(void **state)
{
    Fixture *fixture = *state;
    LsError err = {0};
    LsCheckpoint read;
    LsModelSpec spec = fixture->model.spec;
    spec.width = 8;
    spec.height = 2;
    assert_true(ls_model_init(&fixture->model, &spec, &err));
    save(fixture, false);
    assert_true(ls_checkpoint_open(&read, fixture->path, &err));
    assert_int_equal(read.model.spec.width, 8);
    ls_checkpoint_finish(&read);
    Draft draft = draft_open(fixture->path);
    draft_set_meta(&draft, "width", NULL);
    draft_save(&draft, fixture->path);
    assert_refused(fixture->path, LS_ERR_MODEL, "encoder.0.weight");
}

static void a_missing_tensor_is_named(void **state)
{
    const Fixture *fixture = *state;
    const size_t count = 3 * (size_t)fixture->model.tensor_count;
    for (size_t i = 0; i < count; i++) {
        char word[64];
        save(fixture, true);
        Draft draft = draft_open(fixture->path);
        assert_int_equal(draft.count, count);
        snprintf(word, sizeof word, "\"%s\"", draft.entry[i].name);
        draft.entry[i] = draft.entry[--draft.count];
        draft_save(&draft, fixture->path);
        LsCheckpoint read;
        LsError err = {0};
        assert_false(ls_checkpoint_open(&read, fixture->path, &err));
        /* Without the first or the innermost matrix other sizes are guessed or none are. */
        if (strstr(err.text, word) == NULL && strstr(err.text, "encoder.0.weight") == NULL) {
            fail_msg("expected %s in: %s", word, err.text);
        }
    }
}

static void a_strange_tensor_is_named(void **state)
{
    const Fixture *fixture = *state;
    static const char *const names[] = {"encoder.2.bias",         "extra",   "adam.m/extra",
                                        "adam.x/mu.weight",       "adam.m/", "mu.weight ",
                                        "adam.m/adam.m/mu.weight"};
    static const float zero = 0.0f;
    for (size_t i = 0; i < LS_COUNT(names); i++) {
        save(fixture, true);
        Draft draft = draft_open(fixture->path);
        draft.entry[draft.count++] =
            (LsSafetensorsEntry){.name = names[i], .rank = 1, .shape = {1}, .data = &zero};
        draft_save(&draft, fixture->path);
        assert_refused(fixture->path, LS_ERR_MODEL, names[i]);
    }
}

static void averaged_weights_keep_those_they_are_the_average_of(void **state)
{
    const Fixture *fixture = *state;
    const size_t bytes = fixture->model.param_count * sizeof(float);
    LsError err = {0};
    /* m stands in for them: any numbers do. */
    assert_true(ls_checkpoint_save_live(fixture->path, &fixture->model, fixture->params, fixture->m,
                                        NULL, NULL, NULL, &err));
    LsCheckpoint read;
    assert_true(ls_checkpoint_open(&read, fixture->path, &err));
    assert_memory_equal(read.params, fixture->params, bytes);
    assert_memory_equal(read.live, fixture->m, bytes);
    assert_null(read.m);
    ls_checkpoint_finish(&read);
    assert_null(read.live);
    Draft draft = draft_open(fixture->path);
    draft_find(&draft, "live/mu.bias")->name = "live/mu.biased";
    draft_save(&draft, fixture->path);
    assert_refused(fixture->path, LS_ERR_MODEL, "\"live/mu.bias\" is missing");
}

static void a_wrong_shape_is_named(void **state)
{
    const Fixture *fixture = *state;

    static const struct {
        const char *name;
        int rank;
        size_t shape[3];
    } cases[] = {
        {"encoder.1.weight", 2, {7, 5}}, {"encoder.1.weight", 1, {35}},
        {"encoder.1.bias", 2, {5, 1}},   {"encoder.1.bias", 1, {1}},
        {"encoder.1.bias", 0, {0}},      {"logvar.weight", 3, {2, 5, 1}},
        {"adam.v/mu.bias", 1, {1}},
    };

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        char word[64];
        snprintf(word, sizeof word, "\"%s\" has the shape [", cases[i].name);
        save(fixture, true);
        Draft draft = draft_open(fixture->path);
        LsSafetensorsEntry *entry = draft_find(&draft, cases[i].name);
        entry->rank = cases[i].rank;
        memcpy(entry->shape, cases[i].shape, sizeof cases[i].shape);
        draft_save(&draft, fixture->path);
        assert_refused(fixture->path, LS_ERR_MODEL, word);
    }
}

static void numbers_of_another_type_are_refused(void **state)
{
    const Fixture *fixture = *state;
    size_t size = 0;
    save(fixture, false);
    uint8_t *file = scratch_read(fixture->path, &size);
    char *type = strstr((char *)file + 8, "\"F32\"");
    assert_non_null(type);
    memcpy(type, "\"I32\"", 5);
    scratch_write(fixture->path, file, size);
    free(file);
    assert_refused(fixture->path, LS_ERR_FORMAT, "is of type I32");
}

static void numbers_that_are_not_finite_are_counted(void **state)
{
    Fixture *fixture = *state;
    static const float bad[] = {NAN, INFINITY, -INFINITY};
    static const char *const prefixes[] = {"", "adam.m/", "adam.v/"};
    const int t = ls_model_find_tensor(&fixture->model, "decoder.1.weight");
    const size_t offset = fixture->model.tensor[t].offset;
    float *const parts[] = {fixture->params, fixture->m, fixture->v};
    for (size_t part = 0; part < 3; part++) {
        for (size_t i = 0; i < LS_COUNT(bad); i++) {
            char word[96];
            LsError err = {0};
            save(fixture, true);
            /* The same bytes with bad numbers in their place. */
            Draft draft = draft_open(fixture->path);
            snprintf(word, sizeof word, "%sdecoder.1.weight", prefixes[part]);
            float *values = parts[part];
            const float held[2] = {values[offset + 1], values[offset + 34]};
            values[offset + 1] = bad[i];
            values[offset + 34] = bad[i];
            draft_find(&draft, word)->data = values + offset;
            draft_save(&draft, fixture->path);
            snprintf(word, sizeof word, "2 of the 35 numbers in \"%sdecoder.1.weight\"",
                     prefixes[part]);
            assert_refused(fixture->path, LS_ERR_MODEL, word);
            /* Nor are they saved: the old file stays. */
            scratch_write(fixture->path, "old", 3);
            assert_false(ls_checkpoint_save(fixture->path, &fixture->model, fixture->params,
                                            fixture->m, fixture->v, NULL, &err));
            assert_int_equal(err.code, LS_ERR_MODEL);
            assert_non_null(strstr(err.text, word));
            scratch_assert_holds(fixture->path, "old");
            values[offset + 1] = held[0];
            values[offset + 34] = held[1];
        }
    }
    fixture->v[offset] = -1e-30f;
    LsError err = {0};
    assert_false(ls_checkpoint_save(fixture->path, &fixture->model, fixture->params, fixture->m,
                                    fixture->v, NULL, &err));
    assert_non_null(strstr(err.text, "negative"));
}

static void every_truncation_is_refused(void **state)
{
    const Fixture *fixture = *state;
    size_t size = 0;
    save(fixture, false);
    uint8_t *file = scratch_read(fixture->path, &size);
    for (size_t length = 0; length < size; length += length < 2200 ? 13 : 101) {
        scratch_write(fixture->path, file, length);
        assert_refused(fixture->path, LS_ERR_FORMAT, "");
    }
    free(file);
}

static void other_files_are_refused_by_name(void **state)
{
    const Fixture *fixture = *state;
    char golden[SCRATCH_PATH];
    snprintf(golden, sizeof golden, "%s/tests/golden/bce_relu.safetensors",
             getenv("LATENTSCAPE_HOME"));
    assert_refused(golden, LS_ERR_FORMAT, "holds no model");
    scratch_write(fixture->path, "PK\x03\x04 whatever follows", 20);
    assert_refused(fixture->path, LS_ERR_FORMAT, "pickle");
    assert_refused(fixture->scratch.folder, LS_ERR_FILE, "folder");
}

/* ---- places that cannot be written */

static void a_failed_save_leaves_the_old_file(void **state)
{
    const Fixture *fixture = *state;
    LsError err = {0};
    size_t size = 0;
    size_t after = 0;
    struct rlimit before;
    save(fixture, true);
    uint8_t *old = scratch_read(fixture->path, &size);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    for (rlim_t limit = 0; limit < size; limit += 997) {
        const struct rlimit tight = {.rlim_cur = limit, .rlim_max = before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
        const bool saved = ls_checkpoint_save(fixture->path, &fixture->model, fixture->params,
                                              fixture->m, fixture->v, NULL, &err);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_false(saved);
        assert_int_equal(err.code, LS_ERR_FILE);
        assert_non_null(strstr(err.text, fixture->path));
    }
    scratch_be_nobody(&fixture->scratch);
    assert_int_equal(chmod(fixture->scratch.folder, 0500), 0);
    assert_false(ls_checkpoint_save(fixture->path, &fixture->model, fixture->params, NULL, NULL,
                                    NULL, &err));
    assert_non_null(strstr(err.text, "Permission denied"));
    assert_int_equal(chmod(fixture->scratch.folder, 0700), 0);
    scratch_be_root();
    uint8_t *now = scratch_read(fixture->path, &after);
    assert_int_equal(after, size);
    assert_memory_equal(now, old, size);
    assert_int_equal(scratch_count(fixture->scratch.folder), 1);
    free(now);
    free(old);
}

#define WITH_MODEL(test) cmocka_unit_test_setup_teardown(test, create, destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_MODEL(a_saved_model_opens_bit_for_bit),
        WITH_MODEL(every_activation_survives),
        WITH_MODEL(sizes_are_guessed_where_metadata_is_silent),
        WITH_MODEL(metadata_may_be_written_as_json),
        cmocka_unit_test(metadata_lines_are_kept_in_order_up_to_a_limit),
        WITH_MODEL(metadata_that_lies_is_refused),
        WITH_MODEL(pictures_that_are_no_square_need_metadata),
        WITH_MODEL(a_missing_tensor_is_named),
        WITH_MODEL(a_strange_tensor_is_named),
        WITH_MODEL(averaged_weights_keep_those_they_are_the_average_of),
        WITH_MODEL(a_wrong_shape_is_named),
        WITH_MODEL(numbers_of_another_type_are_refused),
        WITH_MODEL(numbers_that_are_not_finite_are_counted),
        WITH_MODEL(every_truncation_is_refused),
        WITH_MODEL(other_files_are_refused_by_name),
        WITH_MODEL(a_failed_save_leaves_the_old_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
