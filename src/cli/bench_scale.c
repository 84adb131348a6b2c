/* Growth: how training fares with other models, batches, latent spaces and images than the default's,
 * and how much memory a data set of many images takes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef __GLIBC__ /* as <stdio.h> has told */
#    include <malloc.h>
#endif

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"
#include "latentscape/train/run.h"

#include "cli/bench_copies.h"
#include "cli/bench_folder.h"
#include "cli/bench_measure.h"
#include "cli/bench_part.h"
#include "cli/stop.h"

enum {
    WIDE_SIDE = 64,   /* of the larger images */
    WIDE_COUNT = 2048 /* so many of them */
};

/* One thing to be measured, with one worker. */
typedef struct Case {
    const char *name; /* never renamed */
    const char *set;  /* what differs from the default settings */
    bool wide;        /* images of 64 x 64 */
} Case;

/* Widths that give 0.3, 1, 4 and 16 million parameters with images of 28 x 28; at the end the smallest
 * and the largest with 64 x 64. */
static const Case cases[] = {
    {"0.3M/b32", "hidden=176,88 batch=32", false},
    {"0.3M/b128", "hidden=176,88 batch=128", false},
    {"0.3M/b512", "hidden=176,88 batch=512", false},
    {"0.3M/b1024", "hidden=176,88 batch=1024", false},
    {"1M/b32", "hidden=512,256 batch=32", false},
    {"1M/b128", "hidden=512,256 batch=128", false},
    {"1M/b512", "hidden=512,256 batch=512", false},
    {"1M/b1024", "hidden=512,256 batch=1024", false},
    {"4M/b32", "hidden=1344,672 batch=32", false},
    {"4M/b128", "hidden=1344,672 batch=128", false},
    {"4M/b512", "hidden=1344,672 batch=512", false},
    {"4M/b1024", "hidden=1344,672 batch=1024", false},
    {"16M/b32", "hidden=3264,1632 batch=32", false},
    {"16M/b128", "hidden=3264,1632 batch=128", false},
    {"16M/b512", "hidden=3264,1632 batch=512", false},
    {"16M/b1024", "hidden=3264,1632 batch=1024", false},
    {"1M/latent8", "hidden=512,256 batch=128 latent=8", false},
    {"1M/latent64", "hidden=512,256 batch=128 latent=64", false},
    {"1M/side64", "hidden=120,60 batch=128", true},
    {"16M/side64", "hidden=1664,832 batch=128", true},
};

static const double seconds_most = 1.5; /* for each case */
static const double cost_most = 1.5;    /* of the best, from batch 128 up */
static const int batch_least = 128;

static void step(void *context)
{
    LsMetric metric;
    ls_run_step(context, &metric);
}

/* The digits enlarged to 64 x 64 by repeating pixels. Owns: the caller, ls_memory_free(*memory). */
static bool enlarge(const LsDataset *from, LsDataset *to, uint8_t **memory, LsError *err)
{
    const size_t pixels = (size_t)WIDE_SIDE * WIDE_SIDE;
    uint8_t *out = ls_memory_items(WIDE_COUNT, pixels, err);
    if (out == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < WIDE_COUNT; i++) {
        const uint8_t *image =
            from->train.pixels + (size_t)(i % from->train.count) * (size_t)from->pixels;
        for (int y = 0; y < WIDE_SIDE; y++) {
            for (int x = 0; x < WIDE_SIDE; x++) {
                *out++ =
                    image[y * from->height / WIDE_SIDE * from->width + x * from->width / WIDE_SIDE];
            }
        }
    }
    out -= WIDE_COUNT * pixels;
    *memory = out;
    *to = *from;
    (void)snprintf(to->name, sizeof to->name, "digits-64");
    to->width = to->height = WIDE_SIDE;
    to->pixels = (int)pixels;
    to->train = (LsImages){.count = WIDE_COUNT, .pixels = out, .labels = from->train.labels};
    to->heldout = (LsImages){.count = 1, .pixels = out, .labels = from->train.labels};
    return true;
}

/* Adds the row of a case; *cost gets picoseconds for each image and parameter. */
static bool measure(const Case *what, const LsDataset *data, double seconds, CliBenchRows *rows,
                    double *cost, int *batch, LsError *err)
{
    LsTrainSettings settings = ls_train_settings_make();
    settings.moved = settings.ema = 0; /* a plain step: its limit's products are counted for one */
    if (!ls_setting_apply(ls_train_settings_table(), what->set, sizeof settings, &settings, err)) {
        return false;
    }
    LsRun *run = ls_run_create(data, &settings, 1, err);
    CliBenchCopies *copies = run != NULL
                                 ? cli_bench_copies_create(ls_run_model(run), settings.batch, 1,
                                                           ls_gemm_best(), NULL, err)
                                 : NULL;
    bool ok = copies != NULL;
    if (ok) {
        CliBenchLane lanes[] = {
            {.work = step, .context = run, .amount = settings.batch},
            {.pace = cli_bench_copies_pace, .context = copies},
        };
        ok = cli_bench_measure_lanes(lanes, LS_COUNT(lanes), seconds, err);
        if (ok) {
            char name[CLI_BENCH_NAME];
            (void)snprintf(name, sizeof name, "scale/%s", what->name);
            cli_bench_rows_add(rows, "train", name, lanes[0].rate, "images/s", lanes[1].rate);
            *cost = 1e12 / (lanes[0].rate * (double)ls_run_model(run)->param_count);
            *batch = settings.batch;
        }
    }
    cli_bench_copies_destroy(copies);
    ls_run_destroy(run);
    return ok;
}

/* Picoseconds for each image and parameter; the limit is one and a half times the best of those with
 * images of 28 x 28 and batches of 128 and more. */
static void add_costs(CliBenchRows *rows, const double *cost, const int *batch, size_t count)
{
    double best = (double)INFINITY;
    for (size_t i = 0; i < count; i++) {
        best = batch[i] >= batch_least ? fmin(best, cost[i]) : best;
    }
    for (size_t i = 0; i < count; i++) {
        char name[CLI_BENCH_NAME];
        (void)snprintf(name, sizeof name, "cost/%s", cases[i].name);
        cli_bench_rows_add(rows, "train", name, cost[i], "ps",
                           batch[i] >= batch_least ? cost_most * best : (double)NAN);
    }
}

/* Bytes that the process holds in memory now; what was freed before and only lies ready is given back
 * first, or it would hide what comes. */
static double held(void)
{
#ifdef __GLIBC__
    (void)malloc_trim(0);
#endif
    double total = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    char text[256];
    if (file != NULL && fgets(text, sizeof text, file) != NULL) {
        char *at = text;
        total = strtod(at, &at);
        resident = strtod(at, NULL);
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    (void)total;
    return resident * (double)sysconf(_SC_PAGESIZE);
}

/* The digits again and again as an IDX file of so many images, and their labels. */
static bool write_images(const char *folder, const LsDataset *digits, uint32_t count, LsError *err)
{
    static const char *const names[] = {"many-images-idx3-ubyte", "many-labels-idx1-ubyte"};
    const size_t pixels = (size_t)digits->pixels;
    for (int kind = 0; kind < 2; kind++) {
        char path[LS_PATH_MAX];
        if (!ls_path_join(folder, names[kind], path, err)) {
            return false;
        }
        LsFileWriter *file = ls_file_writer_create(path, err);
        if (file == NULL) {
            return false;
        }
        const uint32_t dims[] = {count, (uint32_t)digits->height, (uint32_t)digits->width};
        const uint8_t magic[] = {0, 0, 8, kind == 0 ? 3 : 1};
        ls_file_writer_add(file, magic, sizeof magic);
        for (int i = 0; i < (kind == 0 ? 3 : 1); i++) {
            const uint8_t big[] = {(uint8_t)(dims[i] >> 24), (uint8_t)(dims[i] >> 16),
                                   (uint8_t)(dims[i] >> 8), (uint8_t)dims[i]};
            ls_file_writer_add(file, big, sizeof big);
        }
        const uint8_t *from = kind == 0 ? digits->train.pixels : digits->train.labels;
        const size_t each = kind == 0 ? pixels : 1;
        for (uint32_t done = 0; done < count; done += digits->train.count) {
            const uint32_t left = count - done;
            const uint32_t n = left < digits->train.count ? left : digits->train.count;
            ls_file_writer_add(file, from, n * each);
        }
        if (!ls_file_writer_commit(file, err)) {
            return false;
        }
    }
    return true;
}

/* Bytes held for each image by a data set and a run that trains on it; the limit is what the image, its
 * label and its place in the shuffled order take. */
static bool weigh(const LsDataset *digits, uint32_t count, const char *name, CliBenchRows *rows,
                  LsError *err)
{
    char folder[LS_PATH_MAX];
    LsTrainSettings settings = ls_train_settings_make();
    bool ok =
        cli_bench_folder_make(folder, err) && write_images(folder, digits, count, err) &&
        ls_setting_apply(ls_train_settings_table(), "hidden=8", sizeof settings, &settings, err);
    const double before = held();
    LsDataset *data = ok ? ls_dataset_open(folder, err) : NULL;
    cli_bench_folder_remove(folder);
    LsRun *run = data != NULL ? ls_run_create(data, &settings, 1, err) : NULL;
    ok = run != NULL;
    if (ok) {
        step(run);
        cli_bench_rows_add(rows, "train", name, (held() - before) / count, "bytes",
                           digits->pixels + 1 + (double)sizeof(uint32_t));
    }
    ls_run_destroy(run);
    ls_dataset_destroy(data);
    return ok;
}

bool cli_bench_scale_run(const CliBench *bench, CliBenchRows *rows, LsError *err)
{
    double cost[LS_COUNT(cases)];
    int batch[LS_COUNT(cases)];
    LsDataset wide = {0};
    uint8_t *memory = NULL;
    bool ok = enlarge(bench->data, &wide, &memory, err);
    size_t done = 0;
    for (; done < LS_COUNT(cases) && ok && !cli_stop_asked(); done++) {
        ok = measure(&cases[done], cases[done].wide ? &wide : bench->data,
                     fmin(bench->seconds, seconds_most), rows, &cost[done], &batch[done], err);
    }
    ls_memory_free(memory);
    if (ok) {
        add_costs(rows, cost, batch, done);
    }
    return ok && (cli_stop_asked() || (weigh(bench->data, 60000, "memory/60k", rows, err) &&
                                       weigh(bench->data, 600000, "memory/600k", rows, err)));
}
