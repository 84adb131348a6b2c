#include "views/decoder.h"

#include <math.h>
#include <string.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"
#include "latentscape/nn/gemm.h"

/* A guess that keeps the very first slice short. */
static const double first_row_s = 1e-4;

void view_decoder_finish(ViewDecoder *decoder)
{
    ls_coder_destroy(decoder->coder);
    ls_memory_free(decoder->z);
    ls_memory_free(decoder->logvar);
    ls_memory_free(decoder->image);
    ls_memory_free(decoder->logits);
    memset(decoder, 0, sizeof *decoder);
}

bool view_decoder_follow(ViewDecoder *decoder, const LsModel *model, int rows, LsError *err)
{
    if (decoder->coder != NULL && decoder->rows == rows &&
        ls_model_equal(ls_coder_model(decoder->coder), model)) {
        return true;
    }
    view_decoder_finish(decoder);
    const size_t codes = (size_t)rows * (size_t)model->spec.latent;
    const size_t pixels = (size_t)rows * (size_t)model->pixels;
    decoder->rows = rows;
    decoder->row_s = first_row_s;
    decoder->coder = ls_coder_create(model, rows, err);
    if (decoder->coder != NULL) {
        decoder->z = ls_memory_floats(codes, err);
    }
    if (decoder->z != NULL) {
        decoder->logvar = ls_memory_floats(codes, err);
    }
    if (decoder->logvar != NULL) {
        decoder->image = ls_memory_floats(pixels, err);
    }
    if (decoder->image != NULL) {
        decoder->logits = ls_memory_floats(pixels, err);
    }
    if (decoder->logits == NULL) {
        view_decoder_finish(decoder);
        return false;
    }
    return true;
}

int view_decoder_room(const ViewDecoder *decoder, double until, int least)
{
    const double left = fmax(until - ls_clock_now(), 0);
    const double room = fmin(left / decoder->row_s, (double)decoder->rows);
    const int rows = (int)room;
    return rows < least ? least : rows;
}

double view_decoder_share(double until, double share)
{
    const double now = ls_clock_now();
    return isfinite(until) ? now + fmax(until - now, 0) * share : until;
}

/* Few rows at once are slow a row and say little about many; one slice that another program
 * interrupted must not stop the next ones. */
static void learn(ViewDecoder *decoder, const View *view, int n, double start)
{
    const double seconds = ls_clock_now() - start;
    if (view != NULL && view->decoding_s != NULL) {
        *view->decoding_s += seconds;
    }
    if (n < 4) {
        return;
    }
    const double row_s = fmin(seconds / n, 4 * decoder->row_s);
    decoder->row_s += (row_s - decoder->row_s) * (row_s > decoder->row_s ? 0.4 : 0.15);
    decoder->row_s = fmax(decoder->row_s, 1e-8);
}

/* What comes out must not depend on how many had room in the same slice of a frame: a slice of a few
 * rows is filled up with copies of its first. Returns how many rows that makes. */
static int fill_up(const ViewDecoder *decoder, int n, float *rows, int width)
{
    if (n == 0 || n >= LS_GEMM_ROWS_ALIKE || decoder->rows < LS_GEMM_ROWS_ALIKE) {
        return n;
    }
    for (size_t i = (size_t)n; i < LS_GEMM_ROWS_ALIKE; i++) {
        memcpy(rows + i * (size_t)width, rows, (size_t)width * sizeof *rows);
    }
    return LS_GEMM_ROWS_ALIKE;
}

void view_decoder_decode(ViewDecoder *decoder, const View *view, const float *params, int n)
{
    const double start = ls_clock_now();
    ls_coder_decode(decoder->coder, params,
                    fill_up(decoder, n, decoder->z, ls_coder_model(decoder->coder)->spec.latent),
                    decoder->z, decoder->logits, decoder->image);
    learn(decoder, view, n, start);
}

void view_decoder_encode(ViewDecoder *decoder, const View *view, const float *params, int n)
{
    const double start = ls_clock_now();
    ls_coder_encode(decoder->coder, params,
                    fill_up(decoder, n, decoder->image, ls_coder_model(decoder->coder)->pixels),
                    decoder->image, decoder->z, decoder->logvar);
    learn(decoder, view, n, start);
}
