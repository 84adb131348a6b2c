#include "latentscape/data/png.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>

#include "latentscape/core/file.h"

/* libpng's simplified API is the part of it that keeps making news, so the full one is used; it
 * reports a fault by longjmp, which stays within encode(). */

enum {
    SIZE_LIMIT = 65536 /* pixels a side: what any reader of PNG can be trusted with */
};

typedef struct Fault {
    char text[128];
} Fault;

static void on_error(png_structp png, png_const_charp message)
{
    Fault *fault = png_get_error_ptr(png);
    snprintf(fault->text, sizeof fault->text, "%s", message);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message; /* a warning leaves the file valid; a library does not print */
}

static void on_write(png_structp png, png_bytep data, size_t size)
{
    ls_file_writer_add(png_get_io_ptr(png), data, size);
}

static void on_flush(png_structp png)
{
    (void)png; /* the writer flushes to the disk once, when it commits */
}

static bool encode(png_structp png, png_infop info, int width, int height, int channels,
                   const uint8_t *pixels)
{
    static const int color[] = {0, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA,
                                PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};
    if (setjmp(png_jmpbuf(png)) != 0) {
        return false;
    }
    const size_t stride = (size_t)width * (size_t)channels;
    png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, 8, color[channels],
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (int row = 0; row < height; row++) {
        png_write_row(png, pixels + (size_t)row * stride);
    }
    png_write_end(png, info);
    return true;
}

bool ls_png_save(const char *path, int width, int height, int channels, const uint8_t *pixels,
                 LsError *err)
{
    if (width < 1 || height < 1 || width > SIZE_LIMIT || height > SIZE_LIMIT || channels < 1 ||
        channels > 4) {
        return ls_fail(err, LS_ERR_USAGE, "%s: no picture has %d x %d pixels of %d channels.", path,
                       width, height, channels);
    }
    LsFileWriter *file = ls_file_writer_create(path, err);
    if (file == NULL) {
        return false;
    }
    Fault fault = {""};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &fault, on_error, on_warning);
    png_infop info = png != NULL ? png_create_info_struct(png) : NULL;
    bool ok = false;
    if (info == NULL) {
        ls_fail(err, LS_ERR_MEMORY, "%s: there is no memory to write the picture.", path);
    } else {
        png_set_write_fn(png, file, on_write, on_flush);
        ok = encode(png, info, width, height, channels, pixels);
        if (!ok) {
            ls_fail(err, LS_ERR_FILE, "%s: the picture could not be written (%s).", path,
                    fault.text);
        }
    }
    png_destroy_write_struct(&png, &info);
    if (!ok) {
        ls_file_writer_discard(file);
        return false;
    }
    return ls_file_writer_commit(file, err);
}
