/* Replays PyTorch's answers. Each .safetensors file of a folder (written by make_golden.py, which also
 * says what it holds) gives parameters, images and noise; the engine repeats the forward pass, the
 * losses, the gradients and the Adam steps, and must get the same numbers.
 *
 * usage: test_golden DIR [BACKEND]
 *
 * BACKEND is what multiplies (openblas); exit status 77 where this machine does not have it.
 * One line a file: "ok NAME", "FAILED NAME: what differs, by how much" or "skipped NAME: kind" where
 * the file uses a kind that is not built. Last line: "N passed, N failed, N skipped". Exit status 1
 * when any failed, when DIR cannot be read and when it holds no such file. */
#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"
#include "latentscape/core/text.h"
#include "latentscape/nn/activation.h"
#include "latentscape/train/settings.h"
#include "latentscape/vae/divergence.h"
#include "latentscape/vae/pass.h"
#include "latentscape/vae/recon.h"
#include "latentscape/vae/regularizer.h"
#include "latentscape/vae/safetensors.h"

enum {
    KIND_TEXT = 128
};

static const char suffix[] = ".safetensors";

/* What the engine promises. Where a number comes out of much larger ones that cancel, PyTorch is no
 * nearer to the truth than this itself, so such cases prove nothing. */
static const double forward_tolerance = 1e-5;  /* of the tensor's largest entry */
static const double gradient_tolerance = 1e-4; /* of the tensor's largest entry */
static const double adam_tolerance = 1e-4;     /* absolute */
static const double loss_tolerance = 1e-5;     /* of the value ... */
static const double loss_floor = 0.1;          /* ... or of a tenth of a nat where it is smaller */
static const double cb_floor = 0.01; /* cb's is a difference of two sums of nearly a nat a pixel, of
                                        which single precision keeps but so many digits: nats a pixel */

typedef enum Outcome {
    PASSED,
    FAILED,
    SKIPPED
} Outcome;

/* One file being replayed. */
typedef struct Case {
    const char *path;
    LsSafetensors file;
    LsModelSpec spec;
    LsModel model;
    LsLoss loss;
    LsTrainSettings schedules; /* those of the loss, where the case has any */
    bool scheduled;
    double lr;
    int batch, steps;
    const LsSafetensorsEntry *x, *eps, *losses;
    const LsSafetensorsEntry *prior, *probe, *seen; /* NULL: there is none */
    LsBackend *backend;                             /* borrowed */
    LsPass *pass;
    float *params, *m, *v, *grad; /* [param_count] */
    float *want;                  /* room for the largest tensor of the file */
    char unknown[KIND_TEXT];      /* kinds the file uses that are not built, "cb, free_bits" */
    int differences;
    LsError first; /* what differed first */
} Case;

/* Notes a difference; only the first one is told in full. */
static void differ(Case *test, const char *name, size_t at, double off, double allowed,
                   const char *unit)
{
    if (test->differences++ == 0) {
        (void)ls_fail(&test->first, LS_ERR_MODEL,
                      "%s differs by %.2e%s at entry %zu; %.0e is allowed", name, off, unit, at,
                      allowed);
    }
}

/* --- reading a case --- */

static json_t *load_meta(const Case *test, const char *key, LsError *err)
{
    const char *text = ls_safetensors_find_meta(&test->file, key);
    if (text == NULL) {
        ls_fail(err, LS_ERR_FORMAT, "its metadata lacks \"%s\"", key);
        return NULL;
    }
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    if (value == NULL) {
        ls_fail(err, LS_ERR_FORMAT, "its metadata \"%s\" is not JSON", key);
    }
    return value;
}

static bool meta_number(const Case *test, const char *key, double *number, LsError *err)
{
    json_t *value = load_meta(test, key, err);
    if (value == NULL) {
        return false;
    }
    const bool good = json_is_number(value);
    *number = good ? json_number_value(value) : 0.0;
    json_decref(value);
    return good || ls_fail(err, LS_ERR_FORMAT, "its metadata \"%s\" is not a number", key);
}

static bool meta_whole(const Case *test, const char *key, int *number, LsError *err)
{
    double value = 0.0;
    if (!meta_number(test, key, &value, err)) {
        return false;
    }
    if (!(value >= 0.0 && value <= 1e9) || value != floor(value)) {
        return ls_fail(err, LS_ERR_FORMAT, "its metadata \"%s\" is not a whole number", key);
    }
    *number = (int)value;
    return true;
}

static void add_unknown(Case *test, const char *kind)
{
    const size_t used = strlen(test->unknown);
    (void)snprintf(test->unknown + used, sizeof test->unknown - used, "%s%s", used > 0 ? ", " : "",
                   kind);
}

/* The index of a kind in the table that names() walks; one that is not built is noted, and 0. */
static int find_kind(Case *test, const char *(*names)(int), const char *name)
{
    int kind = 0;
    while (names(kind) != NULL && strcmp(names(kind), name) != 0) {
        kind++;
    }
    if (names(kind) == NULL) {
        add_unknown(test, name);
        return 0;
    }
    return kind;
}

/* The kind that the metadata names. */
static bool meta_kind(Case *test, const char *key, const char *(*names)(int), int *kind,
                      LsError *err)
{
    json_t *value = load_meta(test, key, err);
    if (value == NULL) {
        return false;
    }
    const char *name = json_string_value(value);
    if (name == NULL) {
        json_decref(value);
        return ls_fail(err, LS_ERR_FORMAT, "its metadata \"%s\" is not a name", key);
    }
    *kind = find_kind(test, names, name);
    json_decref(value);
    return true;
}

static bool meta_sizes(const Case *test, const char *key, LsSizes *sizes, LsError *err)
{
    json_t *list = load_meta(test, key, err);
    if (list == NULL) {
        return false;
    }
    const size_t count = json_array_size(list);
    bool good = json_is_array(list) && count <= LS_SIZES_MAX;
    sizes->count = good ? (int)count : 0;
    for (size_t i = 0; good && i < count; i++) {
        const json_t *entry = json_array_get(list, i);
        const json_int_t width = json_integer_value(entry);
        good = json_is_integer(entry) && width >= 1 && width <= 65536;
        sizes->value[i] = (int)width;
    }
    json_decref(list);
    return good ||
           ls_fail(err, LS_ERR_FORMAT, "its metadata \"%s\" is not a list of up to %d widths", key,
                   (int)LS_SIZES_MAX);
}

static bool has_meta(const Case *test, const char *key)
{
    return ls_safetensors_find_meta(&test->file, key) != NULL;
}

/* How much of the other regularizers there is, by name: {"l1": 0.5}. */
static bool read_mixture(Case *test, LsError *err)
{
    json_t *mix = has_meta(test, "mix") ? load_meta(test, "mix", err) : json_object();
    const char *name = NULL;
    json_t *amount = NULL;
    bool good = json_is_object(mix);
    json_object_foreach(mix, name, amount)
    {
        good = good && json_is_number(amount);
        test->loss.mix[find_kind(test, ls_regularizer_name, name)] = json_number_value(amount);
    }
    json_decref(mix);
    return good || ls_fail(err, LS_ERR_FORMAT, "its metadata \"mix\" is no table of numbers");
}

/* What changes the weight of the divergence, or its capacity, from step to step. */
static bool read_schedules(Case *test, LsError *err)
{
    LsTrainSettings *settings = &test->schedules;
    *settings = ls_train_settings_make();
    settings->div = test->loss.div;
    settings->beta = test->loss.w_kl;
    settings->free_bits = settings->capacity = settings->mmd_width = test->loss.div_param;
    const LsSetting *kinds = ls_setting_find(ls_train_settings_table(), "beta_schedule");
    test->scheduled = has_meta(test, "beta_schedule") || has_meta(test, "capacity_steps");
    return (!has_meta(test, "capacity_steps") ||
            meta_whole(test, "capacity_steps", &settings->capacity_steps, err)) &&
           (!has_meta(test, "beta_schedule") ||
            (meta_kind(test, "beta_schedule", kinds->choice, &settings->beta_schedule, err) &&
             meta_whole(test, "beta_period", &settings->beta_period, err)));
}

/* A divergence is named by its own key or, in files that have none, by free_bits. */
static bool read_divergence(Case *test, LsError *err)
{
    double free_bits = 0.0;
    if (has_meta(test, "free_bits") && !meta_number(test, "free_bits", &free_bits, err)) {
        return false;
    }
    test->loss.div_param = free_bits;
    if (has_meta(test, "divergence")) {
        return (!has_meta(test, "div_param") ||
                meta_number(test, "div_param", &test->loss.div_param, err)) &&
               meta_kind(test, "divergence", ls_divergence_name, &test->loss.div, err);
    }
    const char *name = free_bits != 0.0 ? "free_bits" : "kl";
    test->loss.div = find_kind(test, ls_divergence_name, name);
    return true;
}

/* The tensor called name, which must be F32 and of these dimensions; a negative one may be any. */
static const LsSafetensorsEntry *find(const Case *test, const char *name, int rank,
                                      const int *shape, LsError *err)
{
    const LsSafetensorsEntry *entry = ls_safetensors_find(&test->file, name);
    if (entry == NULL) {
        ls_fail(err, LS_ERR_FORMAT, "it lacks the tensor %s", name);
        return NULL;
    }
    bool good = ls_safetensors_is_f32(entry) && entry->rank == rank;
    for (int i = 0; good && i < rank; i++) {
        good = shape[i] < 0 ? entry->shape[i] >= 1 && entry->shape[i] <= 1 << 20
                            : entry->shape[i] == (size_t)shape[i];
    }
    if (!good) {
        ls_fail(err, LS_ERR_FORMAT,
                "its tensor %s has another type or shape than the model asks for", name);
        return NULL;
    }
    return entry;
}

/* The same for one that only some losses need; *entry stays NULL in files without it. */
static bool find_drawn(const Case *test, const char *name, bool needed, int columns,
                       const LsSafetensorsEntry **entry, LsError *err)
{
    if (!needed && ls_safetensors_find(&test->file, name) == NULL) {
        return true;
    }
    *entry = find(test, name, 3, (int[]){test->steps, test->batch, columns}, err);
    return *entry != NULL;
}

static const LsSafetensorsEntry *find_param(const Case *test, const char *prefix,
                                            const LsTensor *tensor, LsError *err)
{
    char name[64];
    (void)snprintf(name, sizeof name, "%s/%s", prefix, tensor->name);
    return find(test, name, tensor->is_weight ? 2 : 1, (int[]){tensor->rows, tensor->cols}, err);
}

/* Every tensor of the model under every prefix, and none that the model does not have. */
static bool check_params(const Case *test, LsError *err)
{
    static const char *const prefixes[] = {"init", "grad", "adam1", "adam"};

    for (size_t p = 0; p < LS_COUNT(prefixes); p++) {
        for (int t = 0; t < test->model.tensor_count; t++) {
            if (find_param(test, prefixes[p], &test->model.tensor[t], err) == NULL) {
                return false;
            }
        }
        const size_t length = strlen(prefixes[p]);
        for (size_t i = 0; i < test->file.count; i++) {
            const char *name = test->file.entry[i].name;
            if (strncmp(name, prefixes[p], length) == 0 && name[length] == '/' &&
                ls_model_find_tensor(&test->model, name + length + 1) < 0) {
                return ls_fail(err, LS_ERR_FORMAT, "its tensor %s is no part of the model", name);
            }
        }
    }
    return true;
}

/* What the metadata says; kinds that are not built are noted in unknown. */
static bool read_settings(Case *test, LsError *err)
{
    LsModelSpec *spec = &test->spec;
    return meta_sizes(test, "hidden", &spec->hidden, err) &&
           meta_whole(test, "latent", &spec->latent, err) &&
           meta_kind(test, "activation", ls_activation_name, &spec->activation, err) &&
           meta_kind(test, "reconstruction", ls_recon_name, &test->loss.rec, err) &&
           read_divergence(test, err) &&
           meta_kind(test, "regularization", ls_regularizer_name, &test->loss.reg, err) &&
           meta_number(test, "w_rec", &test->loss.w_rec, err) &&
           meta_number(test, "w_kl", &test->loss.w_kl, err) && read_schedules(test, err) &&
           meta_number(test, "w_reg", &test->loss.w_reg, err) && read_mixture(test, err) &&
           meta_number(test, "lr", &test->lr, err) &&
           meta_whole(test, "batch", &test->batch, err) &&
           meta_whole(test, "steps", &test->steps, err);
}

/* Lays the model out; every tensor needed is there in its right shape. */
static bool read_tensors(Case *test, LsError *err)
{
    LsModelSpec *spec = &test->spec;
    test->x = find(test, "x", 2, (int[]){test->batch, -1}, err);
    if (test->x == NULL) {
        return false;
    }
    spec->width = (int)test->x->shape[1]; /* the images' form does not matter here */
    spec->height = 1;
    spec->channels = 1;
    test->eps = find(test, "eps", 3, (int[]){test->steps, test->batch, spec->latent}, err);
    test->losses = test->eps != NULL ? find(test, "losses", 2, (int[]){test->steps, 4}, err) : NULL;
    if (test->losses == NULL) {
        return false;
    }
    if (test->batch < 1 || test->steps < 1) {
        return ls_fail(err, LS_ERR_FORMAT, "it has no images or no steps");
    }
    const int codes[] = {test->batch, spec->latent};
    const int pixels[] = {test->batch, spec->width};
    return find_drawn(test, "prior", ls_pass_compares(&test->loss), spec->latent, &test->prior,
                      err) &&
           find_drawn(test, "probe", ls_pass_probes(&test->loss) > 0, spec->latent, &test->probe,
                      err) &&
           find_drawn(test, "seen", false, spec->width, &test->seen, err) &&
           ls_model_init(&test->model, spec, err) && check_params(test, err) &&
           find(test, "out/mu", 2, codes, err) != NULL &&
           find(test, "out/logvar", 2, codes, err) != NULL &&
           find(test, "out/logits", 2, pixels, err) != NULL;
}

static bool make_room(Case *test, LsError *err)
{
    const size_t n = test->model.param_count;
    size_t largest = 0;
    for (size_t i = 0; i < test->file.count; i++) {
        largest = test->file.entry[i].count > largest ? test->file.entry[i].count : largest;
    }
    test->pass = ls_pass_create(&test->model, test->batch, 1, err);
    test->params = test->pass != NULL ? ls_memory_floats(n, err) : NULL;
    test->m = test->params != NULL ? ls_memory_floats(n, err) : NULL;
    test->v = test->m != NULL ? ls_memory_floats(n, err) : NULL;
    test->grad = test->v != NULL ? ls_memory_floats(n, err) : NULL;
    test->want = test->grad != NULL ? ls_memory_floats(largest, err) : NULL;
    return test->want != NULL;
}

/* --- replaying it --- */

/* Relative: the allowance is a share of the largest entry; otherwise it is absolute. A number that is
 * not finite, on either side, differs. */
static void compare(Case *test, const char *name, const LsSafetensorsEntry *entry, const float *got,
                    double allowed, bool relative)
{
    double largest = 0.0;
    ls_safetensors_copy(entry, test->want);
    for (size_t i = 0; i < entry->count; i++) {
        largest = fmax(largest, fabs((double)test->want[i]));
    }
    double worst = 0.0;
    size_t at = 0;
    for (size_t i = 0; i < entry->count; i++) {
        const double off = fabs((double)got[i] - (double)test->want[i]);
        if (!(off <= worst)) {
            worst = off;
            at = i;
            if (isnan(off)) {
                break;
            }
        }
    }
    if (!(worst <= (relative ? allowed * largest : allowed)) || !isfinite(worst)) {
        const bool share = relative && largest > 0.0;
        differ(test, name, at, fabs(share ? worst / largest : worst), allowed,
               share ? " of its largest entry" : "");
    }
}

static void compare_params(Case *test, const char *prefix, const float *got, double allowed,
                           bool relative)
{
    for (int t = 0; t < test->model.tensor_count; t++) {
        const LsTensor *tensor = &test->model.tensor[t];
        const LsSafetensorsEntry *entry = find_param(test, prefix, tensor, NULL);
        compare(test, entry->name, entry, got + tensor->offset, allowed, relative);
    }
}

static void compare_losses(Case *test, int step, const LsLossValues *values)
{
    static const char *const names[] = {"total", "reconstruction", "kl", "regularization"};
    const double got[] = {values->total, values->rec, values->kl, values->reg};
    const bool cancels = strcmp(ls_recon_name(test->loss.rec), "cb") == 0;
    const double floor_nats = cancels ? cb_floor * test->model.pixels : loss_floor;

    ls_safetensors_copy(test->losses, test->want);
    for (size_t i = 0; i < LS_COUNT(got); i++) {
        const double want = (double)test->want[(size_t)step * 4 + i];
        const double scale = fmax(fabs(want), floor_nats);
        const double off = fabs(got[i] - want) / scale;
        if (!(off <= loss_tolerance)) {
            char name[64];
            (void)snprintf(name, sizeof name, "loss %s of step %d", names[i], step);
            differ(test, name, (size_t)step * 4 + i, off, loss_tolerance, " of its value");
        }
    }
}

static void compare_first_step(Case *test)
{
    static const char *const names[] = {"out/mu", "out/logvar", "out/logits"};
    const float *got[] = {ls_pass_mu(test->pass), ls_pass_logvar(test->pass),
                          ls_pass_logits(test->pass)};

    for (size_t i = 0; i < LS_COUNT(names); i++) {
        compare(test, names[i], ls_safetensors_find(&test->file, names[i]), got[i],
                forward_tolerance, true);
    }
    for (int i = 0; i < ls_pass_blocks(test->pass); i++) {
        ls_pass_gradient(test->pass, test->params, &test->loss, i, test->grad);
    }
    compare_params(test, "grad", test->grad, gradient_tolerance, true);
}

/* The part of a [steps, batch, columns] tensor that belongs to a step; of a tensor that is not there,
 * nothing. */
static void copy_step(Case *test, const LsSafetensorsEntry *entry, int step, float *out)
{
    if (entry != NULL) {
        const size_t n = entry->count / (size_t)test->steps;
        ls_safetensors_copy(entry, test->want);
        memcpy(out, test->want + (size_t)step * n, n * sizeof(float));
    }
}

static void prepare_step(Case *test, int step)
{
    if (test->scheduled) {
        const LsLoss loss =
            ls_train_settings_loss_at(&test->schedules, test->model.pixels, (uint64_t)step);
        test->loss.w_kl = loss.w_kl;
        test->loss.div_param = loss.div_param;
    }
    ls_pass_prepare(test->pass, test->params);
    copy_step(test, test->eps, step, ls_pass_eps(test->pass));
    copy_step(test, test->prior, step, ls_pass_prior(test->pass));
    copy_step(test, test->probe, step, ls_pass_probe(test->pass));
    copy_step(test, test->seen, step, ls_pass_seen(test->pass));
}

static void replay(Case *test)
{
    for (int t = 0; t < test->model.tensor_count; t++) {
        const LsTensor *tensor = &test->model.tensor[t];
        ls_safetensors_copy(find_param(test, "init", tensor, NULL), test->params + tensor->offset);
    }
    ls_safetensors_copy(test->x, ls_pass_x(test->pass));
    ls_pass_set_apart(test->pass, test->seen != NULL);
    for (int step = 0; step < test->steps; step++) {
        prepare_step(test, step);
        for (int i = 0; i < ls_pass_shards(test->pass); i++) {
            ls_pass_shard(test->pass, test->params, &test->loss, i);
        }
        if (ls_pass_gathers(&test->loss)) {
            ls_pass_gather(test->pass, &test->loss);
            for (int i = 0; i < ls_pass_shards(test->pass); i++) {
                ls_pass_rest(test->pass, test->params, &test->loss, i);
            }
        }
        if (step == 0) {
            compare_first_step(test);
        }
        const LsAdam adam = ls_adam_make(test->lr, (uint64_t)step + 1);
        for (int i = 0; i < ls_pass_blocks(test->pass); i++) {
            ls_pass_block(test->pass, &test->loss, &adam, i, test->params, test->m, test->v);
        }
        const LsLossValues values = ls_pass_losses(test->pass, &test->loss);
        compare_losses(test, step, &values);
        if (step == 0) {
            compare_params(test, "adam1", test->params, adam_tolerance, false);
        }
    }
    compare_params(test, "adam", test->params, adam_tolerance, false);
}

static Outcome run_case(Case *test)
{
    if (!ls_safetensors_open(&test->file, test->path, &test->first) ||
        !read_settings(test, &test->first)) {
        return FAILED;
    }
    if (test->unknown[0] != '\0') {
        return SKIPPED;
    }
    if (!read_tensors(test, &test->first) || !make_room(test, &test->first) ||
        !ls_pass_use(test->pass, test->backend, &test->first)) {
        return FAILED;
    }
    replay(test);
    return test->differences == 0 ? PASSED : FAILED;
}

static void finish_case(Case *test)
{
    ls_pass_destroy(test->pass);
    ls_memory_free(test->params);
    ls_memory_free(test->m);
    ls_memory_free(test->v);
    ls_memory_free(test->grad);
    ls_memory_free(test->want);
    ls_safetensors_finish(&test->file);
}

/* Replays one file and prints its line. */
static Outcome run_file(const char *folder, const char *file, LsBackend *backend)
{
    char path[LS_PATH_MAX];
    char name[256];
    Case test = {.path = path, .backend = backend};
    ls_text_clean(file, name, sizeof name);
    const size_t length = strlen(name);
    if (length > strlen(suffix)) {
        name[length - strlen(suffix)] = '\0';
    }
    const Outcome outcome =
        ls_path_join(folder, file, path, &test.first) ? run_case(&test) : FAILED;
    if (outcome == PASSED) {
        (void)printf("ok %s\n", name);
    } else if (outcome == SKIPPED) {
        (void)printf("skipped %s: %s\n", name, test.unknown);
    } else if (test.differences > 1) {
        (void)printf("FAILED %s: %s; so do %d more\n", name, test.first.text, test.differences - 1);
    } else {
        (void)printf("FAILED %s: %s\n", name, test.first.text);
    }
    (void)fflush(stdout);
    finish_case(&test);
    return outcome;
}

static int is_golden(const struct dirent *entry)
{
    const size_t length = strlen(entry->d_name), tail = strlen(suffix);
    return length > tail && strcmp(entry->d_name + length - tail, suffix) == 0;
}

int main(int argc, char **argv)
{
    LsError err;
    LsBackendKind kind = LS_BACKEND_OPENBLAS;
    if (argc < 2 || argc > 3 || (argc == 3 && !ls_backend_find(argv[2], &kind, &err))) {
        (void)fprintf(stderr, "usage: test_golden DIR [BACKEND]\n");
        return 2;
    }
    LsBackend *backend = ls_backend_create(kind, &err);
    if (backend == NULL) {
        (void)printf("skipped: %s\n", err.text);
        return 77; /* not to be had on this machine */
    }
    struct dirent **entry = NULL;
    const int count = scandir(argv[1], &entry, is_golden, alphasort);
    if (count < 0) {
        perror(argv[1]);
    } else if (count == 0) {
        (void)fprintf(stderr, "%s: holds no %s file\n", argv[1], suffix);
    }
    int tally[3] = {0};
    for (int i = 0; i < count; i++) {
        tally[run_file(argv[1], entry[i]->d_name, backend)]++;
        free(entry[i]);
    }
    free(entry);
    ls_backend_destroy(backend);
    (void)printf("%d passed, %d failed, %d skipped\n", tally[PASSED], tally[FAILED],
                 tally[SKIPPED]);
    return tally[FAILED] > 0 || count <= 0 ? 1 : 0;
}
