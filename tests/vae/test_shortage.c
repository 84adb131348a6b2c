/* Memory that ends anywhere: the n-th request fails, n = 1, 2, ... until all are granted. */
#include <jansson.h>

#include "latentscape/core/memory.h"
#include "latentscape/data/dataset.h"
#include "latentscape/vae/checkpoint.h"

#include "tests/scratch.h"

/* The hooks of linker and jansson take no context, so the count lives at file scope. */
static long requests_left = -1; /* negative: every request is granted */

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

static bool is_granted(void)
{
    if (requests_left == 0) {
        return false;
    }
    requests_left -= requests_left > 0;
    return true;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return is_granted() ? __real_calloc(count, size) : NULL;
}

static void *scarce_malloc(size_t size)
{
    return is_granted() ? malloc(size) : NULL;
}

/* What is tried with little memory. */
typedef struct Task {
    Scratch *scratch;
    LsModel model;
    const float *params;
    char path[SCRATCH_PATH];
} Task;

static bool save(Task *task, LsError *err)
{
    return ls_checkpoint_save(task->path, &task->model, task->params, NULL, NULL, NULL, err);
}

static bool open_model(Task *task, LsError *err)
{
    LsCheckpoint checkpoint;
    const bool good = ls_checkpoint_open(&checkpoint, task->path, err);
    if (!good) {
        assert_null(checkpoint.params);
        assert_null(checkpoint.m);
    }
    ls_checkpoint_finish(&checkpoint);
    return good;
}

static bool open_digits(Task *task, LsError *err)
{
    (void)task;
    LsDataset *dataset = ls_dataset_open(NULL, err);
    const bool good = dataset != NULL;
    ls_dataset_destroy(dataset);
    return good;
}

/* Tries with room for 0, 1, 2, ... requests; how many it takes. */
static long starve(bool (*run)(Task *task, LsError *err), Task *task)
{
    for (long room = 0; room < 100000; room++) {
        LsError err = {0};
        requests_left = room;
        const bool good = run(task, &err);
        requests_left = -1;
        if (good) {
            return room;
        }
        /* jansson does not always tell a shortage from a fault in the text. */
        if (err.code != LS_ERR_MEMORY && strstr(err.text, "is not valid JSON") == NULL) {
            fail_msg("with room for %ld: %s", room, err.text);
        }
        assert_true(strlen(err.text) > 0);
        assert_int_equal(scratch_count(task->scratch->folder), 1);
    }
    fail_msg("no amount of memory is enough");
    return -1;
}

static void a_shortage_of_memory_is_a_sentence_and_leaks_nothing(void **state)
{
    Task task = {.scratch = *state};
    LsError err = {0};
    const LsModelSpec spec = {
        .width = 3, .height = 3, .channels = 1, .latent = 2, .hidden = {.count = 1, .value = {4}}};
    assert_true(ls_model_init(&task.model, &spec, &err));
    float *params = ls_memory_floats(task.model.param_count, &err);
    assert_non_null(params);
    ls_model_init_params(&task.model, 1, params);
    task.params = params;
    scratch_path(task.scratch, "model.safetensors", task.path);
    scratch_write(task.path, "old", 3);
    json_set_alloc_funcs(scarce_malloc, free);
    assert_true(starve(save, &task) > 10);
    assert_true(starve(open_model, &task) > 10);
    assert_true(starve(open_digits, &task) > 3);
    json_set_alloc_funcs(malloc, free);
    ls_memory_free(params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_shortage_of_memory_is_a_sentence_and_leaks_nothing,
                                        scratch_create, scratch_destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
