#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"

#include "data/format.h"
#include "data/idx.h"
#include "tests/data/gzip.h"

enum {
    IMAGES = 20,
    SIDE = 6,
    BYTES = 16 + IMAGES * SIDE * SIDE
};

static void put_number(uint8_t *out, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        out[i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

/* An IDX file of images; out [16 + count * height * width] where data is wanted. */
static void put_head(uint8_t *out, uint32_t count, uint32_t height, uint32_t width)
{
    static const uint8_t magic[4] = {0, 0, 8, 3};
    memcpy(out, magic, sizeof magic);
    put_number(out + 4, count);
    put_number(out + 8, height);
    put_number(out + 12, width);
}

static void make_images(uint8_t file[BYTES])
{
    put_head(file, IMAGES, SIDE, SIDE);
    for (size_t i = 16; i < BYTES; i++) {
        file[i] = (uint8_t)(i * 7);
    }
}

static bool read_copy(const void *file, size_t size, int rank, LsIdx *idx, LsError *err)
{
    uint8_t *copy = ls_memory_items(size, 1, err);
    assert_non_null(copy);
    memcpy(copy, file, size);
    return ls_format_read("pictures.idx", copy, size, rank, idx, err);
}

static void assert_refused(const void *file, size_t size, int rank, const char *word)
{
    LsIdx idx;
    LsError err = {0};
    memset(&idx, 0xFF, sizeof idx);
    assert_false(read_copy(file, size, rank, &idx, &err));
    assert_null(idx.storage);
    assert_int_equal(err.code, LS_ERR_FORMAT);
    assert_non_null(strstr(err.text, "pictures.idx"));
    if (strstr(err.text, word) == NULL) {
        fail_msg("expected \"%s\" in: %s", word, err.text);
    }
}

static void images_and_labels_are_read(void **state)
{
    (void)state;
    static const uint8_t labels[] = {0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9};
    uint8_t file[BYTES];
    LsIdx idx;
    LsError err = {0};
    make_images(file);
    assert_true(read_copy(file, sizeof file, 3, &idx, &err));
    assert_int_equal(idx.dim[0], IMAGES);
    assert_int_equal(idx.dim[1], SIDE);
    assert_int_equal(idx.dim[2], SIDE);
    assert_memory_equal(idx.data, file + 16, sizeof file - 16);
    ls_idx_finish(&idx);
    assert_null(idx.storage);
    assert_true(read_copy(labels, sizeof labels, 1, &idx, &err));
    assert_int_equal(idx.dim[0], 3);
    assert_memory_equal(idx.data, labels + 8, 3);
    ls_idx_finish(&idx);
    ls_idx_finish(&idx);
}

static void packed_files_hold_the_same(void **state)
{
    (void)state;
    uint8_t file[BYTES];
    uint8_t packed[4096];
    LsIdx idx;
    LsError err = {0};
    make_images(file);
    const size_t size = gzip_pack(file, sizeof file, packed, sizeof packed);
    assert_true(read_copy(packed, size, 3, &idx, &err));
    assert_memory_equal(idx.data, file + 16, sizeof file - 16);
    ls_idx_finish(&idx);
    /* gzip files joined one after another are a gzip file. */
    const size_t first = gzip_pack(file, 100, packed, sizeof packed);
    const size_t second =
        gzip_pack(file + 100, sizeof file - 100, packed + first, sizeof packed - first);
    assert_true(read_copy(packed, first + second, 3, &idx, &err));
    assert_memory_equal(idx.data, file + 16, sizeof file - 16);
    ls_idx_finish(&idx);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    uint8_t file[BYTES];
    uint8_t packed[4096];
    make_images(file);
    const size_t size = gzip_pack(file, sizeof file, packed, sizeof packed);
    for (size_t length = 0; length < sizeof file; length++) {
        assert_refused(file, length, 3, length < 2 ? "neither" : "cut short");
    }
    for (size_t length = 0; length < size; length++) {
        assert_refused(packed, length, 3, length < 2 ? "neither" : "cut short");
    }
}

static void bytes_after_the_end_are_refused(void **state)
{
    (void)state;
    uint8_t file[BYTES + 1] = {0};
    uint8_t packed[4096];
    make_images(file);
    assert_refused(file, sizeof file, 3, "too long");
    size_t size = gzip_pack(file, sizeof file, packed, sizeof packed);
    assert_refused(packed, size, 3, "too long");
    size = gzip_pack(file, sizeof file - 1, packed, sizeof packed);
    packed[size] = 0;
    assert_refused(packed, size + 1, 3, "");
}

static void a_header_that_lies_is_refused(void **state)
{
    (void)state;

    static const struct {
        uint32_t count, height, width;
        const char *word;
    } cases[] = {
        {0, SIDE, SIDE, "empty"},
        {IMAGES + 1, SIDE, SIDE, "cut short"},
        {IMAGES - 1, SIDE, SIDE, "too long"},
        {0x7FFFFFFF, SIDE, SIDE, "announces"},
        {0x80000000, 1, 1, "announces"},
        {0xFFFFFFFF, 256, 256, "announces"},
        {IMAGES, 0, SIDE, "images of"},
        {IMAGES, SIDE, 0, "images of"},
        {IMAGES, 4097, 1, "images of"},
        {IMAGES, 1, 4097, "images of"},
        {IMAGES, 257, 256, "images of"},
        {IMAGES, 0x80000000, 2, "images of"},
        {IMAGES, 0xFFFFFFFF, 0xFFFFFFFF, "images of"},
        {IMAGES, 0x10000, 0x10000, "images of"},
    };

    for (size_t i = 0; i < LS_COUNT(cases); i++) {
        uint8_t file[BYTES];
        uint8_t packed[4096];
        make_images(file);
        put_head(file, cases[i].count, cases[i].height, cases[i].width);
        assert_refused(file, sizeof file, 3, cases[i].word);
        const size_t size = gzip_pack(file, sizeof file, packed, sizeof packed);
        assert_refused(packed, size, 3, cases[i].word);
    }
}

static void other_kinds_of_files_are_named(void **state)
{
    (void)state;
    static const uint8_t labels[] = {0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9, 0, 0, 0, 0, 0};
    static const uint8_t floats[] = {0, 0, 13, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0};
    assert_refused(labels, sizeof labels, 3, "1 dimensions, where images have 3");
    assert_refused(floats, sizeof floats, 3, "type 13");
    assert_refused("\x89PNG\r\n\x1a\n", 8, 3, "neither an IDX file");
    assert_refused("", 0, 3, "neither");
}

static void damage_to_packed_files_is_noticed_or_harmless(void **state)
{
    (void)state;
    uint8_t file[BYTES];
    uint8_t packed[4096];
    size_t harmless = 0;
    make_images(file);
    const size_t size = gzip_pack(file, sizeof file, packed, sizeof packed);
    for (size_t bit = 0; bit < size * 8; bit++) {
        LsIdx idx;
        LsError err = {0};
        packed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (read_copy(packed, size, 3, &idx, &err)) {
            assert_memory_equal(idx.data, file + 16, sizeof file - 16);
            ls_idx_finish(&idx);
            harmless++;
        }
        packed[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_true(harmless < 80); /* a date, a system's name, the padding of the last byte */
}

static void a_bomb_is_refused_before_it_goes_off(void **state)
{
    (void)state;

    enum {
        HUGE_BYTES = 64 << 20
    };

    uint8_t *flat = calloc(HUGE_BYTES, 1);
    uint8_t *packed = malloc(HUGE_BYTES / 16);
    assert_non_null(flat);
    assert_non_null(packed);
    /* An honest header: 64 MiB of nothing out of 64 KiB. */
    put_head(flat, HUGE_BYTES / 256 - 1, 16, 16);
    size_t size =
        gzip_pack(flat, 16 + (size_t)(HUGE_BYTES / 256 - 1) * 256, packed, HUGE_BYTES / 16);
    assert_refused(packed, size, 3, "more than can be packed");
    /* A header that announces one image: no more than one byte after it is unpacked. */
    put_head(flat, 1, 16, 16);
    size = gzip_pack(flat, HUGE_BYTES, packed, HUGE_BYTES / 16);
    assert_refused(packed, size, 3, "too long");
    free(flat);
    free(packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_and_labels_are_read),
        cmocka_unit_test(packed_files_hold_the_same),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(bytes_after_the_end_are_refused),
        cmocka_unit_test(a_header_that_lies_is_refused),
        cmocka_unit_test(other_kinds_of_files_are_named),
        cmocka_unit_test(damage_to_packed_files_is_noticed_or_harmless),
        cmocka_unit_test(a_bomb_is_refused_before_it_goes_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
