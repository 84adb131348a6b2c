/* Matrix products: those of a step of the default model, each kind by itself and all together, against
 * what large square matrices reach. */
#include <math.h>
#include <stdio.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"
#include "latentscape/nn/gemm.h"
#include "latentscape/vae/pass.h"

#include "cli/bench_copies.h"
#include "cli/bench_measure.h"
#include "cli/bench_part.h"

enum {
    SQUARE = 1024,
    SHAPES = 3 /* forward, gradient of inputs, gradient of weights: of the widest layer */
};

typedef struct Products {
    float *matrix[3]; /* [SQUARE, SQUARE] */
    int batch;
    const LsLayer *layer;
} Products;

static void multiply_square(void *context)
{
    const Products *p = context;
    ls_gemm_nt(SQUARE, SQUARE, SQUARE, p->matrix[0], p->matrix[1], p->matrix[2]);
}

static void multiply_forward(void *context)
{
    const Products *p = context;
    ls_gemm_nt(LS_PASS_SHARD_ROWS, p->layer->out, p->layer->in, p->matrix[0], p->matrix[1],
               p->matrix[2]);
}

static void multiply_inputs(void *context)
{
    const Products *p = context;
    ls_gemm_nn(LS_PASS_SHARD_ROWS, p->layer->in, p->layer->out, p->matrix[0], p->matrix[1], false,
               p->matrix[2]);
}

static void multiply_weights(void *context)
{
    const Products *p = context;
    ls_gemm_tn(LS_PASS_BLOCK_ROWS, p->layer->in, p->batch, p->matrix[0], p->layer->out,
               p->matrix[1], p->matrix[2]);
}

static bool init(Products *products, const CliBench *bench, LsError *err)
{
    *products = (Products){.batch = bench->batch,
                           .layer = &bench->model.layer[bench->model.layer_count - 1]};
    for (int i = 0; i < 3; i++) {
        products->matrix[i] = ls_memory_floats((size_t)SQUARE * SQUARE, err);
        if (products->matrix[i] == NULL) {
            return false;
        }
        ls_rng_uniform(ls_rng_make(1, LS_RNG_NOISE), (uint64_t)i << 32, (size_t)SQUARE * SQUARE,
                       products->matrix[i]);
    }
    ls_gemm_init();
    return true;
}

static void add_rows(CliBenchRows *rows, const Products *products, const CliBenchLane *lane)
{
    const double square = lane[0].rate;
    const int in = products->layer->in;
    const int out = products->layer->out;
    char name[CLI_BENCH_NAME];
    snprintf(name, sizeof name, "square %d", SQUARE);
    cli_bench_rows_add(rows, "gemm", name, square, "Gflop/s", (double)NAN);
    snprintf(name, sizeof name, "forward %dx%dx%d", LS_PASS_SHARD_ROWS, out, in);
    cli_bench_rows_add(rows, "gemm", name, lane[1].rate, "Gflop/s", square);
    snprintf(name, sizeof name, "inputs %dx%dx%d", LS_PASS_SHARD_ROWS, in, out);
    cli_bench_rows_add(rows, "gemm", name, lane[2].rate, "Gflop/s", square);
    snprintf(name, sizeof name, "weights %dx%dx%d", LS_PASS_BLOCK_ROWS, in, products->batch);
    cli_bench_rows_add(rows, "gemm", name, lane[3].rate, "Gflop/s", square);
}

/* A step's products with one backend, by one copy and by two at once. */
typedef struct Step {
    LsBackend *backend; /* NULL: this machine does not have it */
    CliBenchCopies *copies[CLI_BENCH_COPIES_MOST];
} Step;

static bool init_step(Step *made, LsBackendKind kind, const CliBench *bench, LsError *err)
{
    made->backend = ls_backend_create(kind, err);
    if (made->backend == NULL) {
        return kind != LS_BACKEND_OPENBLAS; /* then there are no rows of it */
    }
    for (int i = 0; i < CLI_BENCH_COPIES_MOST; i++) {
        made->copies[i] = cli_bench_copies_create(&bench->model, bench->batch, i + 1,
                                                  ls_gemm_best(), made->backend, err);
        if (made->copies[i] == NULL) {
            return false;
        }
    }
    return true;
}

static void finish_step(Step *made)
{
    for (int i = 0; i < CLI_BENCH_COPIES_MOST; i++) {
        cli_bench_copies_destroy(made->copies[i]);
    }
    ls_backend_destroy(made->backend);
}

static bool measure(const CliBench *bench, Products *products, const Step *steps,
                    CliBenchRows *rows, LsError *err)
{
    const double area = 2e-9 * products->layer->in * products->layer->out;
    CliBenchLane lanes[SHAPES + 1 + LS_BACKEND_KINDS * CLI_BENCH_COPIES_MOST] = {
        {.work = multiply_square, products, 2e-9 * SQUARE * SQUARE * SQUARE, NULL, 0},
        {.work = multiply_forward, products, area * LS_PASS_SHARD_ROWS, NULL, 0},
        {.work = multiply_inputs, products, area * LS_PASS_SHARD_ROWS, NULL, 0},
        {.work = multiply_weights,
         products,
         2e-9 * LS_PASS_BLOCK_ROWS * products->layer->in * products->batch,
         NULL,
         0},
    };
    int count = SHAPES + 1;
    for (int kind = 0; kind < LS_BACKEND_KINDS; kind++) {
        for (int i = 0; i < CLI_BENCH_COPIES_MOST && steps[kind].backend != NULL; i++) {
            lanes[count++] =
                (CliBenchLane){.pace = cli_bench_copies_pace, .context = steps[kind].copies[i]};
        }
    }
    if (!cli_bench_measure_lanes(lanes, count, bench->seconds, err)) {
        return false;
    }
    add_rows(rows, products, lanes);
    const double image = 1e-9 * ls_products_step_flops(&bench->model, 1);
    count = SHAPES + 1;
    for (int kind = 0; kind < LS_BACKEND_KINDS; kind++) {
        for (int i = 0; i < CLI_BENCH_COPIES_MOST && steps[kind].backend != NULL; i++) {
            char name[CLI_BENCH_NAME];
            snprintf(name, sizeof name, "%s/%d", ls_backend_name(kind), i + 1);
            cli_bench_rows_add(rows, "gemm", name, lanes[count++].rate * image, "Gflop/s",
                               (i + 1) * lanes[0].rate);
        }
    }
    return true;
}

bool cli_bench_gemm_run(const CliBench *bench, CliBenchRows *rows, LsError *err)
{
    Products products;
    Step steps[LS_BACKEND_KINDS] = {0};
    bool ok = init(&products, bench, err);
    for (int kind = LS_BACKEND_OPENBLAS; kind < LS_BACKEND_KINDS && ok; kind++) {
        ok = init_step(&steps[kind], (LsBackendKind)kind, bench, err);
    }
    ok = ok && measure(bench, &products, steps, rows, err);
    for (int kind = 0; kind < LS_BACKEND_KINDS; kind++) {
        finish_step(&steps[kind]);
    }
    for (int i = 0; i < 3; i++) {
        ls_memory_free(products.matrix[i]);
    }
    return ok;
}
