#include "views/tiles.h"

#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/nn/sum.h"

#include "views/pixels.h"

void view_tiles_finish(ViewTiles *tiles)
{
    ui_image_destroy(tiles->image);
    ls_memory_free(tiles->bytes);
    ls_memory_free(tiles->sum);
    memset(tiles, 0, sizeof *tiles);
}

bool view_tiles_fit(ViewTiles *tiles, Ui *ui, int cols, int rows, int w, int h, int channels,
                    bool *fresh)
{
    if (tiles->image != NULL && tiles->cols == cols && tiles->rows == rows && tiles->w == w &&
        tiles->h == h && tiles->channels == channels) {
        return true;
    }
    view_tiles_finish(tiles);
    *fresh = true;
    tiles->cols = cols;
    tiles->rows = rows;
    tiles->w = w;
    tiles->h = h;
    tiles->channels = channels;
    tiles->bytes = ls_memory_items((size_t)w * (size_t)h, 4, NULL);
    tiles->sum = ls_memory_items((size_t)cols * (size_t)rows, sizeof *tiles->sum, NULL);
    if (tiles->bytes != NULL && tiles->sum != NULL) {
        tiles->image = ui_image_create(ui, cols * w, rows * h, true);
        for (int i = 0; i < cols * rows; i++) {
            tiles->sum[i] = NAN;
        }
    }
    if (tiles->image == NULL) {
        view_tiles_finish(tiles);
        return false;
    }
    return true;
}

void view_tiles_upload(UiImage *texture, int bytes, int x, int y, int w, int h,
                       const uint8_t *pixels, int stride)
{
    if (texture == NULL) {
        return;
    }
    if (bytes == 1) {
        ui_image_set_grey(texture, x, y, w, h, pixels, stride);
    } else {
        ui_image_set_rgba(texture, x, y, w, h, pixels, stride);
    }
}

static void upload(ViewTiles *tiles, int col, int row)
{
    const int bytes = view_pixels_bytes(tiles->channels);
    view_tiles_upload(tiles->image, bytes, col * tiles->w, row * tiles->h, tiles->w, tiles->h,
                      tiles->bytes, tiles->w * bytes);
}

void view_tiles_put(ViewTiles *tiles, int col, int row, const float *image)
{
    const size_t pixels = (size_t)tiles->w * (size_t)tiles->h;
    view_pixels_round(image, pixels, tiles->channels, tiles->bytes);
    tiles->sum[row * tiles->cols + col] = (float)ls_sum(pixels * (size_t)tiles->channels, image);
    upload(tiles, col, row);
}

void view_tiles_put_bytes(ViewTiles *tiles, int col, int row, const uint8_t *image)
{
    view_pixels_copy(image, (size_t)tiles->w * (size_t)tiles->h, tiles->channels, tiles->bytes);
    tiles->sum[row * tiles->cols + col] = NAN;
    upload(tiles, col, row);
}

double view_tiles_mean(const ViewTiles *tiles)
{
    const int numbers = tiles->w * tiles->h * tiles->channels;
    double sum = 0;
    int put = 0;
    for (int i = 0; tiles->image != NULL && i < tiles->cols * tiles->rows; i++) {
        if (!isnan(tiles->sum[i])) {
            sum += (double)tiles->sum[i];
            put++;
        }
    }
    return put > 0 ? sum / ((double)put * numbers) : 0;
}

void view_tiles_draw(const ViewTiles *tiles, Ui *ui, UiRect target)
{
    ui_draw_image(ui, tiles->image, NULL, target, UI_RGB(0xffffff));
}

void view_tiles_draw_one(const ViewTiles *tiles, Ui *ui, int col, int row, UiRect target)
{
    const UiRect source = {(float)(col * tiles->w), (float)(row * tiles->h), (float)tiles->w,
                           (float)tiles->h};
    ui_draw_image(ui, tiles->image, &source, target, UI_RGB(0xffffff));
}
