#include "nn/onednn.h"

#include <assert.h>
#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>
#include <string.h>

#include "latentscape/core/memory.h"

#if DNNL_VERSION_MAJOR != 2
#    error "written for oneDNN 2"
#endif

static const char library_name[] = "libdnnl.so.2";

enum {
    SRC,
    WEIGHTS,
    DST,
    SCRATCH,
    ARGUMENTS
};

/* The calls, under oneDNN's names. */
typedef struct Calls {
    __typeof__(dnnl_engine_create) *engine_create;
    __typeof__(dnnl_engine_destroy) *engine_destroy;
    __typeof__(dnnl_stream_create) *stream_create;
    __typeof__(dnnl_stream_destroy) *stream_destroy;
    __typeof__(dnnl_memory_desc_init_by_strides) *memory_desc_init_by_strides;
    __typeof__(dnnl_memory_desc_get_size) *memory_desc_get_size;
    __typeof__(dnnl_matmul_desc_init) *matmul_desc_init;
    __typeof__(dnnl_primitive_attr_create) *primitive_attr_create;
    __typeof__(dnnl_primitive_attr_destroy) *primitive_attr_destroy;
    __typeof__(dnnl_primitive_attr_set_scratchpad_mode) *primitive_attr_set_scratchpad_mode;
    __typeof__(dnnl_primitive_attr_set_post_ops) *primitive_attr_set_post_ops;
    __typeof__(dnnl_post_ops_create) *post_ops_create;
    __typeof__(dnnl_post_ops_destroy) *post_ops_destroy;
    __typeof__(dnnl_post_ops_append_sum) *post_ops_append_sum;
    __typeof__(dnnl_primitive_desc_create) *primitive_desc_create;
    __typeof__(dnnl_primitive_desc_destroy) *primitive_desc_destroy;
    __typeof__(dnnl_primitive_desc_query_md) *primitive_desc_query_md;
    __typeof__(dnnl_primitive_create) *primitive_create;
    __typeof__(dnnl_primitive_destroy) *primitive_destroy;
    __typeof__(dnnl_primitive_execute) *primitive_execute;
    __typeof__(dnnl_memory_create) *memory_create;
    __typeof__(dnnl_memory_destroy) *memory_destroy;
    __typeof__(dnnl_memory_set_data_handle) *memory_set_data_handle;
    void (*omp_set_num_threads)(int count); /* of the OpenMP that oneDNN has brought along */
} Calls;

#define CALL(name)                           \
    {                                        \
        "dnnl_" #name, offsetof(Calls, name) \
    }

static const struct {
    const char *name;
    size_t offset;
} call_rows[] = {
    CALL(engine_create),
    CALL(engine_destroy),
    CALL(stream_create),
    CALL(stream_destroy),
    CALL(memory_desc_init_by_strides),
    CALL(memory_desc_get_size),
    CALL(matmul_desc_init),
    CALL(primitive_attr_create),
    CALL(primitive_attr_destroy),
    CALL(primitive_attr_set_scratchpad_mode),
    CALL(primitive_attr_set_post_ops),
    CALL(post_ops_create),
    CALL(post_ops_destroy),
    CALL(post_ops_append_sum),
    CALL(primitive_desc_create),
    CALL(primitive_desc_destroy),
    CALL(primitive_desc_query_md),
    CALL(primitive_create),
    CALL(primitive_destroy),
    CALL(primitive_execute),
    CALL(memory_create),
    CALL(memory_destroy),
    CALL(memory_set_data_handle),
    {"omp_set_num_threads", offsetof(Calls, omp_set_num_threads)},
};

struct LsOnednn {
    // --- immutable after create
    Calls call;
    bool halves;
    dnnl_engine_t engine;
};

/* What one thread needs to run a product beside others that run it too. */
typedef struct Seat {
    dnnl_stream_t stream;
    dnnl_memory_t memory[ARGUMENTS];
    const void *at[ARGUMENTS]; /* where each of them points */
    dnnl_exec_arg_t argument[ARGUMENTS];
} Seat;

struct LsOnednnProduct {
    // --- immutable after create
    const LsOnednn *onednn;
    dnnl_primitive_t primitive;
    size_t scratch;
    int seats;
    // --- the thread at each seat
    Seat *seat;
};

static bool load(Calls *call, LsError *err)
{
    void *library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        return ls_fail(err, LS_ERR_SYSTEM,
                       "The library oneDNN (%s) is not installed on this machine.", library_name);
    }
    for (size_t i = 0; i < LS_COUNT(call_rows); i++) {
        void *found = dlsym(library, call_rows[i].name);
        if (found == NULL) {
            return ls_fail(err, LS_ERR_SYSTEM, "The library oneDNN (%s) lacks %s.", library_name,
                           call_rows[i].name);
        }
        memcpy((char *)call + call_rows[i].offset, &found, sizeof found);
    }
    return true;
}

/* The program's workers share the work; inside a product there is one thread. OpenMP keeps that number
 * for each thread that calls it, so each says it: a store in its own memory. */
static void use_one_thread(const LsOnednn *onednn)
{
    onednn->call.omp_set_num_threads(1);
}

LsOnednn *ls_onednn_create(bool halves, LsError *err)
{
    LsOnednn *onednn = ls_memory_items(1, sizeof *onednn, err);
    if (onednn == NULL) {
        return NULL;
    }
    onednn->halves = halves;
    if (!load(&onednn->call, err)) {
        goto fail;
    }
    use_one_thread(onednn);
    if (onednn->call.engine_create(&onednn->engine, dnnl_cpu, 0) != dnnl_success) {
        ls_fail(err, LS_ERR_SYSTEM, "The library oneDNN does not start.");
        goto fail;
    }
    const LsProductShape shape = {.form = LS_PRODUCT_NT, .m = 16, .n = 16, .k = 16};
    LsOnednnProduct *product = ls_onednn_product_create(onednn, &shape, 1, NULL);
    if (product == NULL) {
        ls_fail(err, LS_ERR_SYSTEM, "oneDNN has no products in %s for this processor.",
                halves ? "bfloat16" : "single precision");
        goto fail;
    }
    ls_onednn_product_destroy(product);
    return onednn;
fail:
    ls_onednn_destroy(onednn);
    return NULL;
}

void ls_onednn_destroy(LsOnednn *onednn)
{
    if (onednn != NULL && onednn->engine != NULL) {
        (void)onednn->call.engine_destroy(onednn->engine);
    }
    ls_memory_free(onednn);
}

/* Where the elements of a matrix lie: c[i][j] at i * row + j * column. */
static bool describe(const LsOnednn *onednn, dnnl_memory_desc_t *matrix, bool operand, int rows,
                     int columns, int row, int column)
{
    const dnnl_dims_t size = {rows, columns};
    const dnnl_dims_t stride = {row, column};
    const dnnl_data_type_t type = operand && onednn->halves ? dnnl_bf16 : dnnl_f32;
    return onednn->call.memory_desc_init_by_strides(matrix, 2, size, type, stride) == dnnl_success;
}

static bool describe_all(const LsOnednn *onednn, const LsProductShape *shape,
                         dnnl_memory_desc_t *matrix)
{
    const bool turned_a = shape->form == LS_PRODUCT_TN;
    const bool turned_b = shape->form == LS_PRODUCT_NT;
    return describe(onednn, &matrix[SRC], true, shape->m, shape->k, turned_a ? 1 : shape->k,
                    turned_a ? shape->stride : 1) &&
           describe(onednn, &matrix[WEIGHTS], true, shape->k, shape->n, turned_b ? 1 : shape->n,
                    turned_b ? shape->k : 1) &&
           describe(onednn, &matrix[DST], false, shape->m, shape->n, shape->n, 1);
}

static bool make_attributes(const Calls *call, bool add, dnnl_primitive_attr_t *attributes)
{
    *attributes = NULL;
    if (call->primitive_attr_create(attributes) != dnnl_success) {
        return false;
    }
    bool ok = call->primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user) ==
              dnnl_success;
    if (ok && add) {
        dnnl_post_ops_t after = NULL;
        ok = call->post_ops_create(&after) == dnnl_success &&
             call->post_ops_append_sum(after, 1.0f) == dnnl_success &&
             call->primitive_attr_set_post_ops(*attributes, after) == dnnl_success;
        (void)call->post_ops_destroy(after);
    }
    return ok;
}

static bool make_seat(const LsOnednn *onednn, const dnnl_memory_desc_t *matrix, Seat *seat)
{
    static const int names[ARGUMENTS] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST,
                                         DNNL_ARG_SCRATCHPAD};
    const Calls *call = &onednn->call;
    bool ok = call->stream_create(&seat->stream, onednn->engine, dnnl_stream_default_flags) ==
              dnnl_success;
    for (int i = 0; i < ARGUMENTS && ok; i++) {
        ok = call->memory_create(&seat->memory[i], &matrix[i], onednn->engine, DNNL_MEMORY_NONE) ==
             dnnl_success;
        seat->argument[i] = (dnnl_exec_arg_t){.arg = names[i], .memory = seat->memory[i]};
    }
    return ok;
}

static bool make_primitive(LsOnednnProduct *product, const LsProductShape *shape,
                           dnnl_memory_desc_t *matrix)
{
    const Calls *call = &product->onednn->call;
    dnnl_matmul_desc_t operation;
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_primitive_desc_t description = NULL;
    bool ok = describe_all(product->onednn, shape, matrix) &&
              call->matmul_desc_init(&operation, &matrix[SRC], &matrix[WEIGHTS], NULL,
                                     &matrix[DST]) == dnnl_success &&
              make_attributes(call, shape->add, &attributes) &&
              call->primitive_desc_create(&description, &operation, attributes,
                                          product->onednn->engine, NULL) == dnnl_success;
    if (ok) {
        matrix[SCRATCH] = *call->primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
        product->scratch = call->memory_desc_get_size(&matrix[SCRATCH]);
        ok = call->primitive_create(&product->primitive, description) == dnnl_success;
    }
    if (description != NULL) {
        (void)call->primitive_desc_destroy(description);
    }
    if (attributes != NULL) {
        (void)call->primitive_attr_destroy(attributes);
    }
    return ok;
}

LsOnednnProduct *ls_onednn_product_create(LsOnednn *onednn, const LsProductShape *shape, int seats,
                                          LsError *err)
{
    assert(seats >= 1);
    LsOnednnProduct *product = ls_memory_items(1, sizeof *product, err);
    if (product == NULL) {
        return NULL;
    }
    dnnl_memory_desc_t matrix[ARGUMENTS];
    product->onednn = onednn;
    product->seat = ls_memory_items((size_t)seats, sizeof *product->seat, err);
    if (product->seat == NULL) {
        goto fail;
    }
    product->seats = seats;
    use_one_thread(onednn); /* how a product is cut up is settled when it is made */
    bool ok = make_primitive(product, shape, matrix);
    for (int i = 0; i < seats && ok; i++) {
        ok = make_seat(onednn, matrix, &product->seat[i]);
    }
    if (!ok) {
        ls_fail(err, LS_ERR_SYSTEM, "oneDNN cannot multiply %d x %d by %d x %d.", shape->m,
                shape->k, shape->k, shape->n);
        goto fail;
    }
    return product;
fail:
    ls_onednn_product_destroy(product);
    return NULL;
}

void ls_onednn_product_destroy(LsOnednnProduct *product)
{
    if (product == NULL) {
        return;
    }
    const Calls *call = &product->onednn->call;
    for (int i = 0; i < product->seats; i++) {
        Seat *seat = &product->seat[i];
        for (int k = 0; k < ARGUMENTS; k++) {
            if (seat->memory[k] != NULL) {
                (void)call->memory_destroy(seat->memory[k]);
            }
        }
        if (seat->stream != NULL) {
            (void)call->stream_destroy(seat->stream);
        }
    }
    if (product->primitive != NULL) {
        (void)call->primitive_destroy(product->primitive);
    }
    ls_memory_free(product->seat);
    ls_memory_free(product);
}

size_t ls_onednn_product_scratch(const LsOnednnProduct *product)
{
    return product->scratch;
}

void ls_onednn_product_run(LsOnednnProduct *product, int seat, void *scratch, const void *a,
                           const void *b, float *c)
{
    assert(seat >= 0 && seat < product->seats);
    const Calls *call = &product->onednn->call;
    Seat *mine = &product->seat[seat];
    const void *const at[ARGUMENTS] = {a, b, c, scratch};
    bool ok = true;
    for (int i = 0; i < ARGUMENTS; i++) {
        if (mine->at[i] != at[i]) {
            void *pointer = NULL;
            memcpy(&pointer, &at[i], sizeof pointer); /* oneDNN knows no const */
            ok = ok && call->memory_set_data_handle(mine->memory[i], pointer) == dnnl_success;
            mine->at[i] = at[i];
        }
    }
    use_one_thread(product->onednn);
    ok = ok && call->primitive_execute(product->primitive, mine->stream, ARGUMENTS,
                                       mine->argument) == dnnl_success;
    assert(ok); /* everything it needs was made with the product */
    (void)ok;
}
