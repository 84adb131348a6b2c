#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/train/run.h"

#include "../scratch.h"
#include "synthetic.h"

/* Filled once, then only read: with grey between the blobs, and with black. */
static Synthetic blobs, dark;
static const LsDataset *const sets[] = {&blobs.data, &dark.data};

/* A run with this backend, or NULL where it is not to be had here. */
static LsRun *make_run_on(const LsDataset *data, const LsTrainSettings *settings, int threads,
                          LsBackendKind kind)
{
    LsError err = {0};
    LsRun *run = ls_run_create(data, settings, threads, &err);
    if (run == NULL) {
        fail_msg("%s", err.text);
    }
    if (!ls_run_use(run, kind, &err)) {
        assert_int_equal(err.code, LS_ERR_SYSTEM);
        ls_run_destroy(run);
        return NULL;
    }
    return run;
}

static LsRun *make_run(const LsTrainSettings *settings, int threads, LsBackendKind kind)
{
    return make_run_on(&blobs.data, settings, threads, kind);
}

static void steps(LsRun *run, int count)
{
    LsMetric metric;
    for (int i = 0; i < count; i++) {
        ls_run_step(run, &metric);
    }
}

static void assert_same_params(const LsRun *a, const LsRun *b)
{
    assert_memory_equal(ls_run_params(a), ls_run_params(b),
                        ls_run_model(a)->param_count * sizeof(float));
}

static void the_number_of_workers_changes_no_bit_with_any_backend(void **state)
{
    (void)state;
    LsTrainSettings settings = synthetic_settings();
    settings.hidden = (LsSizes){.count = 2, .value = {150, 24}};
    settings.batch = 130; /* shards of 64, 64 and 2 */
    for (int turn = 0; turn < 2 * LS_BACKEND_KINDS; turn++) {
        const int kind = turn / 2;
        if (kind == LS_BACKEND_AUTO) {
            continue;
        }
        static const int threads[] = {1, 2, 4};
        LsRun *run[LS_COUNT(threads)] = {NULL};
        for (size_t i = 0; i < LS_COUNT(threads); i++) {
            run[i] = make_run_on(sets[turn % 2], &settings, threads[i], (LsBackendKind)kind);
            if (run[i] != NULL) {
                steps(run[i], 60);
                assert_int_equal(ls_run_backend(run[i]), kind);
                assert_same_params(run[0], run[i]);
            }
        }
        for (size_t i = 0; i < LS_COUNT(threads); i++) {
            ls_run_destroy(run[i]);
        }
    }
}

static void a_change_of_batch_or_model_keeps_the_backend(void **state)
{
    (void)state;
    for (int kind = LS_BACKEND_OPENBLAS; kind < LS_BACKEND_KINDS; kind++) {
        LsTrainSettings settings = synthetic_settings();
        LsRun *run = make_run(&settings, 2, (LsBackendKind)kind);
        if (run == NULL) {
            continue;
        }
        static const int batches[] = {32, 1, 300, 64, 65, 300};
        for (size_t i = 0; i < LS_COUNT(batches); i++) {
            settings.batch = batches[i];
            assert_true(ls_run_set(run, &settings, NULL));
            steps(run, 2);
            assert_int_equal(ls_run_backend(run), kind);
        }
        settings.hidden = (LsSizes){.count = 1, .value = {40}};
        assert_true(ls_run_reset(run, &settings, NULL));
        assert_int_equal(ls_run_made_with(run), LS_BACKEND_AUTO);
        steps(run, 2);
        assert_int_equal(ls_run_backend(run), kind);
        assert_int_equal(ls_run_made_with(run), kind);
        ls_run_destroy(run);
    }
}

static void the_fastest_is_settled_by_the_first_step(void **state)
{
    (void)state;
    const LsTrainSettings settings = synthetic_settings();
    LsRun *run = make_run(&settings, 1, LS_BACKEND_AUTO);
    assert_non_null(run);
    assert_int_equal(ls_run_backend(run), LS_BACKEND_AUTO);
    steps(run, 1);
    assert_int_not_equal(ls_run_backend(run), LS_BACKEND_AUTO);
    ls_run_destroy(run);
}

static void a_file_tells_what_it_was_made_with_and_goes_on_with_the_same_bits(void **state)
{
    const Scratch *scratch = *state;
    char path[SCRATCH_PATH];
    scratch_path(scratch, "run.safetensors", path);
    const LsTrainSettings settings = synthetic_settings();
    LsError err = {0};
    for (int turn = 0; turn < 2 * LS_BACKEND_KINDS; turn++) {
        const LsBackendKind kind = (LsBackendKind)(turn / 2);
        if (kind == LS_BACKEND_AUTO) {
            continue;
        }
        const LsDataset *data = sets[turn % 2];
        LsRun *whole = make_run_on(data, &settings, 1, kind);
        LsRun *first = make_run_on(data, &settings, 2, kind);
        if (whole == NULL || first == NULL) {
            continue;
        }
        steps(whole, 50);
        steps(first, 21);
        assert_true(ls_run_save(first, path, &err));
        LsCheckpoint checkpoint;
        assert_true(ls_checkpoint_open(&checkpoint, path, &err));
        LsRun *second = ls_run_open(data, &settings, &checkpoint, 1, &err);
        ls_checkpoint_finish(&checkpoint);
        assert_non_null(second);
        assert_int_equal(ls_run_made_with(second), kind);
        assert_true(ls_run_use(second, ls_run_made_with(second), &err));
        steps(second, 29);
        assert_same_params(whole, second);
        ls_run_destroy(whole);
        ls_run_destroy(first);
        ls_run_destroy(second);
    }
}

static void a_restored_run_goes_on_as_before(void **state)
{
    (void)state;
    const LsTrainSettings settings = synthetic_settings();
    for (int kind = LS_BACKEND_OPENBLAS; kind < LS_BACKEND_KINDS; kind++) {
        LsRun *plain = make_run(&settings, 1, (LsBackendKind)kind);
        LsRun *restored = make_run(&settings, 1, (LsBackendKind)kind);
        if (plain == NULL || restored == NULL) {
            continue;
        }
        steps(plain, 30);
        steps(restored, 10);
        assert_null(ls_run_keep(restored));
        steps(restored, 15);
        ls_run_restore(restored);
        steps(restored, 20);
        assert_same_params(plain, restored);
        ls_run_destroy(plain);
        ls_run_destroy(restored);
    }
}

int main(void)
{
    synthetic_init(&blobs);
    synthetic_init(&dark);
    for (size_t i = 0; i < sizeof dark.pixels; i++) {
        dark.pixels[i] = dark.pixels[i] < 60 ? 0 : dark.pixels[i];
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_number_of_workers_changes_no_bit_with_any_backend),
        cmocka_unit_test(a_change_of_batch_or_model_keeps_the_backend),
        cmocka_unit_test(the_fastest_is_settled_by_the_first_step),
        cmocka_unit_test_setup_teardown(
            a_file_tells_what_it_was_made_with_and_goes_on_with_the_same_bits, scratch_create,
            scratch_destroy),
        cmocka_unit_test(a_restored_run_goes_on_as_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
