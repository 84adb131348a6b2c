#include "cli/sheet.h"

#include <math.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"
#include "latentscape/data/png.h"
#include "latentscape/vae/coder.h"

enum {
    DOTS = 1000, /* held-out images on a map, at most */
    SLICE = 100, /* of them encoded at once */
    CLASSES = 10,
};

static const uint64_t samples_seed = 1;

/* Of classes 0 .. 9, as in the window. */
static const uint8_t colors[CLASSES][3] = {
    {0x3f, 0x90, 0xda}, {0xff, 0xa9, 0x0e}, {0xe0, 0x52, 0x4f}, {0x94, 0xa4, 0xa2},
    {0xa0, 0x6c, 0xd5}, {0xb9, 0x80, 0x5f}, {0xf0, 0x80, 0x3c}, {0xb9, 0xac, 0x70},
    {0x7d, 0x85, 0x97}, {0x92, 0xda, 0xdd}};

/* Where line i of n lies on an axis from -range to range. */
static float place(double range, int i, int n)
{
    return n > 1 ? (float)(range * (2.0 * i / (n - 1) - 1)) : 0.0f;
}

bool cli_sheet_grid(CliSheet *sheet, int latent, int n, double range, LsError *err)
{
    *sheet = (CliSheet){.columns = n, .rows = latent > 1 ? n : 1};
    const size_t cells = (size_t)sheet->columns * (size_t)sheet->rows;
    sheet->z = ls_memory_items(cells * (size_t)latent, sizeof *sheet->z, err);
    if (sheet->z == NULL) {
        return false;
    }
    for (size_t i = 0; i < cells; i++) {
        float *z = sheet->z + i * (size_t)latent;
        z[0] = place(range, (int)(i % (size_t)n), n);
        if (latent > 1) {
            z[1] = place(range, n - 1 - (int)(i / (size_t)n), n);
        }
    }
    return true;
}

bool cli_sheet_samples(CliSheet *sheet, int latent, int columns, int rows, LsError *err)
{
    *sheet = (CliSheet){.columns = columns, .rows = rows};
    const size_t codes = (size_t)columns * (size_t)rows * (size_t)latent;
    sheet->z = ls_memory_items(codes, sizeof *sheet->z, err);
    if (sheet->z == NULL) {
        return false;
    }
    ls_rng_normal(ls_rng_make(samples_seed, LS_RNG_VIEW), 0, codes, sheet->z);
    return true;
}

void cli_sheet_finish(CliSheet *sheet)
{
    ls_memory_free(sheet->z);
    *sheet = (CliSheet){0};
}

/* A row of images at a time. */
bool cli_sheet_draw(const CliSheet *sheet, const LsModel *model, const float *params,
                    uint8_t *picture, LsError *err)
{
    const LsModelSpec *spec = &model->spec;
    LsCoder *coder = ls_coder_create(model, sheet->columns, err);
    const size_t pixels = (size_t)model->pixels;
    float *prob =
        coder != NULL ? ls_memory_items((size_t)sheet->columns * pixels, sizeof *prob, err) : NULL;
    if (prob == NULL) {
        ls_coder_destroy(coder);
        return false;
    }
    const size_t line = (size_t)spec->width * (size_t)spec->channels; /* of one image */
    for (int row = 0; row < sheet->rows; row++) {
        const size_t first = (size_t)row * (size_t)sheet->columns;
        ls_coder_decode(coder, params, sheet->columns, sheet->z + first * (size_t)spec->latent,
                        NULL, prob);
        for (size_t i = 0; i < (size_t)sheet->columns * pixels; i++) {
            const size_t image = i / pixels, y = i % pixels / line, x = i % line;
            const size_t at =
                (((size_t)row * (size_t)spec->height + y) * (size_t)sheet->columns + image) * line;
            picture[at + x] = (uint8_t)lrintf(fminf(fmaxf(prob[i], 0), 1) * 255.0f);
        }
    }
    ls_memory_free(prob);
    ls_coder_destroy(coder);
    return true;
}

/* Room for a picture of the sheet, with so many bytes a pixel of one channel. */
static uint8_t *make_picture(const CliSheet *sheet, const LsModel *model, size_t times,
                             LsError *err)
{
    return ls_memory_items((size_t)sheet->columns * (size_t)sheet->rows * (size_t)model->pixels,
                           times, err);
}

bool cli_sheet_save(const CliSheet *sheet, const LsModel *model, const float *params,
                    const char *path, LsError *err)
{
    uint8_t *picture = make_picture(sheet, model, 1, err);
    const bool ok =
        picture != NULL && cli_sheet_draw(sheet, model, params, picture, err) &&
        ls_png_save(path, sheet->columns * model->spec.width, sheet->rows * model->spec.height,
                    model->spec.channels, picture, err);
    ls_memory_free(picture);
    return ok;
}

/* A dot of three pixels with a dark rim. */
static void put_dot(uint8_t *rgb, int w, int h, int x, int y, const uint8_t *color)
{
    for (int j = -2; j <= 2; j++) {
        for (int i = -2; i <= 2; i++) {
            const int px = x + i;
            const int py = y + j;
            if (px < 0 || py < 0 || px >= w || py >= h || i * i + j * j > 5) {
                continue;
            }
            uint8_t *at = rgb + ((size_t)py * (size_t)w + (size_t)px) * 3;
            const bool rim = i * i + j * j > 2;
            for (int c = 0; c < 3; c++) {
                at[c] = rim ? (uint8_t)(at[c] / 3) : color[c];
            }
        }
    }
}

/* The codes of held-out images over a picture of the plane. */
static bool put_dots(uint8_t *rgb, int w, int h, double range, const LsModel *model,
                     const float *params, const LsDataset *data, LsError *err)
{
    float mu[2 * SLICE];
    float logvar[2 * SLICE];
    LsCoder *coder = ls_coder_create(model, SLICE, err);
    float *x = coder != NULL ? ls_memory_floats((size_t)SLICE * (size_t)model->pixels, err) : NULL;
    const uint32_t count = data->heldout.count < DOTS ? data->heldout.count : DOTS;
    for (uint32_t first = 0; x != NULL && first < count; first += SLICE) {
        const int n = count - first < SLICE ? (int)(count - first) : SLICE;
        ls_dataset_gather(data, &data->heldout, first, NULL, n, x);
        ls_coder_encode(coder, params, n, x, mu, logvar);
        for (int i = 0; i < n; i++) {
            const double at[] = {(double)mu[2 * i] / range, (double)mu[2 * i + 1] / range};
            if (fabs(at[0]) <= 1 && fabs(at[1]) <= 1) {
                put_dot(rgb, w, h, (int)((at[0] + 1) / 2 * w), (int)((1 - at[1]) / 2 * h),
                        colors[data->heldout.labels[first + (uint32_t)i] % CLASSES]);
            }
        }
    }
    const bool ok = x != NULL;
    ls_memory_free(x);
    ls_coder_destroy(coder);
    return ok;
}

bool cli_sheet_save_map(const CliSheet *sheet, double range, const LsModel *model,
                        const float *params, const LsDataset *data, const char *path, LsError *err)
{
    const int w = sheet->columns * model->spec.width;
    const int h = sheet->rows * model->spec.height;
    const size_t size = (size_t)w * (size_t)h;
    uint8_t *grey = make_picture(sheet, model, 1, err);
    uint8_t *rgb = grey != NULL ? make_picture(sheet, model, 3, err) : NULL;
    bool ok = rgb != NULL && cli_sheet_draw(sheet, model, params, grey, err);
    for (size_t i = 0; ok && i < size; i++) {
        rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = (uint8_t)(grey[i] * 3 / 4);
    }
    ok = ok && put_dots(rgb, w, h, range, model, params, data, err) &&
         ls_png_save(path, w, h, 3, rgb, err);
    ls_memory_free(grey);
    ls_memory_free(rgb);
    return ok;
}
