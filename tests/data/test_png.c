#include <png.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "latentscape/data/png.h"

#include "../scratch.h"

enum {
    WIDTH = 37,
    HEIGHT = 23
};

static void every_number_of_channels_comes_back_as_it_was(void **state)
{
    const int formats[] = {0, PNG_FORMAT_GRAY, PNG_FORMAT_GA, PNG_FORMAT_RGB, PNG_FORMAT_RGBA};
    char path[SCRATCH_PATH];
    scratch_path(*state, "picture.png", path);
    for (int channels = 1; channels <= 4; channels++) {
        uint8_t pixels[WIDTH * HEIGHT * 4], read[WIDTH * HEIGHT * 4];
        const size_t size = (size_t)(WIDTH * HEIGHT * channels);
        for (size_t i = 0; i < size; i++) {
            pixels[i] = (uint8_t)(i * i / 7);
        }
        LsError err = {0};
        if (!ls_png_save(path, WIDTH, HEIGHT, channels, pixels, &err)) {
            fail_msg("%s", err.text);
        }
        png_image image = {.version = PNG_IMAGE_VERSION};
        assert_true(png_image_begin_read_from_file(&image, path));
        assert_int_equal(image.width, WIDTH);
        assert_int_equal(image.height, HEIGHT);
        assert_int_equal(image.format, formats[channels]);
        assert_true(png_image_finish_read(&image, NULL, read, 0, NULL));
        assert_memory_equal(read, pixels, size);
    }
}

static void senseless_sizes_are_refused_and_nothing_is_written(void **state)
{
    const Scratch *scratch = *state;
    const int sizes[][3] = {{0, 1, 1}, {1, 0, 1}, {-3, 1, 1}, {65537, 1, 1}, {1, 1, 0}, {1, 1, 5}};
    char path[SCRATCH_PATH];
    scratch_path(scratch, "picture.png", path);
    const uint8_t pixel[8] = {0};
    for (size_t i = 0; i < LS_COUNT(sizes); i++) {
        LsError err = {0};
        assert_false(ls_png_save(path, sizes[i][0], sizes[i][1], sizes[i][2], pixel, &err));
        assert_int_equal(err.code, LS_ERR_USAGE);
        assert_non_null(strstr(err.text, path));
    }
    assert_int_equal(scratch_count(scratch->folder), 0);
}

static void a_target_that_cannot_be_written_is_named(void **state)
{
    char path[SCRATCH_PATH];
    scratch_path(*state, "nowhere/picture.png", path);
    const uint8_t pixel = 0;
    LsError err = {0};
    assert_false(ls_png_save(path, 1, 1, 1, &pixel, &err));
    assert_int_equal(err.code, LS_ERR_FILE);
    assert_non_null(strstr(err.text, path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_number_of_channels_comes_back_as_it_was,
                                        scratch_create, scratch_destroy),
        cmocka_unit_test_setup_teardown(senseless_sizes_are_refused_and_nothing_is_written,
                                        scratch_create, scratch_destroy),
        cmocka_unit_test_setup_teardown(a_target_that_cannot_be_written_is_named, scratch_create,
                                        scratch_destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
