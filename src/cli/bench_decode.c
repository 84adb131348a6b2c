/* Decoding: a grid of 24 x 24 images in slices as the window's map takes them, and a single image,
 * each against its matrix products alone. */
#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"
#include "latentscape/vae/coder.h"
#include "latentscape/vae/products.h"

#include "cli/bench_measure.h"
#include "cli/bench_part.h"

enum {
    GRID = 24 * 24,
    SLICE = 64
};

typedef struct Decoder {
    LsCoder *coder;
    LsProducts *products;
    float *params; /* [param_count] */
    float *z;      /* [GRID, latent] */
    float *image;  /* [GRID, pixels] */
} Decoder;

static void decode(const Decoder *decoder, int images)
{
    const LsModel *model = ls_coder_model(decoder->coder);
    for (int first = 0; first < images; first += SLICE) {
        const int n = images - first < SLICE ? images - first : SLICE;
        ls_coder_decode(decoder->coder, decoder->params, n,
                        decoder->z + (size_t)first * (size_t)model->spec.latent, NULL,
                        decoder->image + (size_t)first * (size_t)model->pixels);
    }
}

static void decode_grid(void *context)
{
    decode(context, GRID);
}

static void decode_one(void *context)
{
    decode(context, 1);
}

static void multiply_grid(void *context)
{
    const Decoder *decoder = context;
    for (int first = 0; first < GRID; first += SLICE) {
        ls_products_decode(decoder->products, SLICE);
    }
}

static void multiply_one(void *context)
{
    const Decoder *decoder = context;
    ls_products_decode(decoder->products, 1);
}

static bool init(Decoder *decoder, const CliBench *bench, LsError *err)
{
    const LsModel *model = &bench->model;
    const size_t codes = (size_t)GRID * (size_t)model->spec.latent;
    *decoder = (Decoder){.coder = ls_coder_create(model, SLICE, err)};
    decoder->products =
        decoder->coder != NULL ? ls_products_create(model, SLICE, ls_gemm_best(), err) : NULL;
    decoder->params = decoder->products != NULL ? ls_memory_floats(model->param_count, err) : NULL;
    decoder->z = decoder->params != NULL ? ls_memory_floats(codes, err) : NULL;
    decoder->image =
        decoder->z != NULL ? ls_memory_floats((size_t)GRID * (size_t)model->pixels, err) : NULL;
    if (decoder->image == NULL) {
        return false;
    }
    ls_model_init_params(model, 1, decoder->params);
    ls_rng_normal(ls_rng_make(1, LS_RNG_VIEW), 0, codes, decoder->z);
    return true;
}

static void finish(Decoder *decoder)
{
    ls_coder_destroy(decoder->coder);
    ls_products_destroy(decoder->products);
    ls_memory_free(decoder->params);
    ls_memory_free(decoder->z);
    ls_memory_free(decoder->image);
}

bool cli_bench_decode_run(const CliBench *bench, CliBenchRows *rows, LsError *err)
{
    Decoder decoder;
    CliBenchLane lanes[] = {
        {.work = decode_grid, .context = &decoder, .amount = GRID},
        {.work = multiply_grid, .context = &decoder, .amount = GRID},
        {.work = decode_one, .context = &decoder, .amount = 1},
        {.work = multiply_one, .context = &decoder, .amount = 1},
    };
    const bool ok = init(&decoder, bench, err) &&
                    cli_bench_measure_lanes(lanes, LS_COUNT(lanes), bench->seconds, err);
    finish(&decoder);
    if (ok) {
        cli_bench_rows_add(rows, "decode", "grid24", lanes[0].rate, "images/s", lanes[1].rate);
        cli_bench_rows_add(rows, "decode", "one", 1000 / lanes[2].rate, "ms", 1000 / lanes[3].rate);
    }
    return ok;
}
