/* Glyphs and the signs of UTF-8 text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/font.h"

static int decode(const char *text, uint32_t *out)
{
    int count = 0;
    const size_t bytes = strlen(text);
    for (size_t at = 0; at < bytes;) {
        const size_t before = at;
        out[count++] = ui_text_next(text, bytes, &at);
        assert_true(at > before && at <= bytes);
    }
    return count;
}

static void well_formed_text_is_read(void **state)
{
    (void)state;
    uint32_t code[16];
    assert_int_equal(decode("aβ→\xf0\x9f\x98\x80", code), 4);
    assert_true(code[0] == 'a' && code[1] == 0x3b2 && code[2] == 0x2192 && code[3] == 0x1f600);
}

static void what_is_no_text_shows_as_question_marks(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\xff", "\xc0\xaf", "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80",
        "\t",   "\x7f",     "\x80"};
    for (size_t i = 0; i < LS_COUNT(bad); i++) {
        uint32_t code[16];
        const int count = decode(bad[i], code);
        for (int k = 0; k < count; k++) {
            assert_int_equal(code[k], '?');
        }
    }
}

static UiFonts fonts; /* large; this program has one thread */

static int set_up(void **state)
{
    LsError err;
    (void)state;
    return TTF_Init() == 0 && ui_fonts_open(&fonts, 1, &err) ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    ui_fonts_close(&fonts);
    TTF_Quit();
    return 0;
}

static int width_of(UiFont font, const char *text)
{
    UiSpot spots[UI_TEXT_MAX];
    int width = 0;
    ui_face_layout(&fonts.faces[font], text, strlen(text), -1, spots, &width);
    return width;
}

static void figures_are_equally_wide(void **state)
{
    (void)state;
    for (int font = 0; font < UI_FONT_COUNT; font++) {
        assert_int_equal(width_of((UiFont)font, "1117"), width_of((UiFont)font, "0048"));
    }
}

static void every_sign_the_program_uses_has_a_picture(void **state)
{
    (void)state;
    static const char text[] = "βλσμ→↑▾❚−·…×₁₂✓✕▸▴";
    for (int font = 0; font < UI_FONT_COUNT; font++) {
        UiFace *const face = &fonts.faces[font];
        for (size_t at = 0; at < sizeof(text) - 1;) {
            const uint32_t code = ui_text_next(text, sizeof(text) - 1, &at);
            float advance = 0;
            assert_true(TTF_GlyphIsProvided32(face->font, code) || ui_sign_known(code, &advance));
        }
    }
}

static void a_line_too_long_ends_in_an_ellipsis_that_fits(void **state)
{
    (void)state;
    UiFace *const face = &fonts.faces[UI_FONT_BODY];
    const char *const text = "Whether images come back as they were";
    UiSpot spots[UI_TEXT_MAX];
    const int whole = width_of(UI_FONT_BODY, text);
    for (int limit = 0; limit <= whole; limit += 3) {
        int width = 0;
        const int count = ui_face_layout(face, text, strlen(text), limit, spots, &width);
        assert_true(width <= limit);
        if (count > 0 && limit < whole) {
            assert_int_equal(face->glyphs[spots[count - 1].glyph].code, 0x2026);
        }
    }
    int width = 0;
    assert_int_equal(ui_face_layout(face, text, strlen(text), whole, spots, &width), strlen(text));
}

static void a_text_of_any_length_is_cut(void **state)
{
    (void)state;
    static char text[100001];
    UiSpot spots[UI_TEXT_MAX];
    int width = 0;
    memset(text, 'm', sizeof(text) - 1);
    const int count =
        ui_face_layout(&fonts.faces[UI_FONT_TITLE], text, sizeof(text) - 1, -1, spots, &width);
    assert_true(count <= UI_TEXT_MAX);
}

static void a_full_face_is_emptied_and_goes_on(void **state)
{
    (void)state;
    UiFace *const face = &fonts.faces[UI_FONT_BODY];
    UiSpot spots[UI_TEXT_MAX];
    int width = 0;
    for (uint32_t code = 0x4e00; code < 0x4e00 + 2 * UI_GLYPH_MAX; code++) {
        const char text[4] = {(char)(0xe0 | code >> 12), (char)(0x80 | (code >> 6 & 63)),
                              (char)(0x80 | (code & 63)), '\0'};
        ui_face_layout(face, text, 3, -1, spots, &width);
    }
    assert_true(face->full);
    assert_true(ui_fonts_refresh(&fonts));
    assert_false(ui_fonts_refresh(&fonts));
    assert_true(width_of(UI_FONT_BODY, "again") > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_text_is_read),
        cmocka_unit_test(what_is_no_text_shows_as_question_marks),
        cmocka_unit_test(figures_are_equally_wide),
        cmocka_unit_test(every_sign_the_program_uses_has_a_picture),
        cmocka_unit_test(a_line_too_long_ends_in_an_ellipsis_that_fits),
        cmocka_unit_test(a_text_of_any_length_is_cut),
        cmocka_unit_test(a_full_face_is_emptied_and_goes_on),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
