/* Paragraphs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hand.h"

static void page(Ui *ui, void *state)
{
    (void)ui;
    (void)state;
}

static float height_of(Hand *hand, const char *text, float width)
{
    return ui_draw_paragraph(hand->ui, (UiRect){0, 0, width, 0}, UI_FONT_BODY, UI_TEXT, text,
                             false);
}

static void paragraphs_break_at_spaces_and_line_ends(void **state)
{
    (void)state;
    Hand hand;
    hand_open(&hand, page, NULL);
    const float line = ui_text_height(hand.ui, UI_FONT_BODY);
    assert_true(height_of(&hand, "one", 500) == line);
    assert_true(height_of(&hand, "one\ntwo\n\nfour", 500) == 4 * line);
    const float one = ui_text_width(hand.ui, UI_FONT_BODY, "one two");
    assert_true(height_of(&hand, "one two one two one two", one + 1) == 3 * line);
    assert_true(height_of(&hand, "", 500) == 0);
    hand_close(&hand);
}

static void a_word_without_end_is_cut_and_done(void **state)
{
    (void)state;
    static char text[20001];
    Hand hand;
    hand_open(&hand, page, NULL);
    memset(text, 'x', sizeof(text) - 1);
    const float line = ui_text_height(hand.ui, UI_FONT_BODY);
    assert_true(height_of(&hand, text, 100) <= 4096 * line);
    assert_true(height_of(&hand, text, 0) <= 17 * line);
    hand_close(&hand);
}

static void a_path_too_long_for_a_line_goes_on_in_the_next(void **state)
{
    (void)state;
    Hand hand;
    hand_open(&hand, page, NULL);
    const float line = ui_text_height(hand.ui, UI_FONT_BODY);
    const float width = ui_text_width(hand.ui, UI_FONT_BODY, "afolder/fold");
    assert_true(height_of(&hand, "afolder/fold", width) == line);
    assert_true(height_of(&hand, "afolder/folder", width) == 2 * line);
    /* After a slash: "afolder/" and "folders/ of it". */
    const float longer = ui_text_width(hand.ui, UI_FONT_BODY, "folders/ of it");
    assert_true(height_of(&hand, "afolder/folders/ of it", longer) == 2 * line);
    /* Whole signs of several bytes, wherever the line ends. */
    static const char word[] = "éééééééééééééééé";
    const float sign = ui_text_width(hand.ui, UI_FONT_BODY, "é");
    const float two = ui_text_width(hand.ui, UI_FONT_BODY, "éé");
    assert_true(height_of(&hand, word, two + 0.5F * sign) == 8 * line);
    hand_close(&hand);
}

static void nothing_is_clipped_in_its_own_width(void **state)
{
    (void)state;
    Hand hand;
    hand_open(&hand, page, NULL);
    static const char *const texts[] = {"Pause", "0.060", "β 1 → 4", "held out 143.1", "W"};
    for (int font = 0; font < UI_FONT_COUNT; font++) {
        for (size_t i = 0; i < LS_COUNT(texts); i++) {
            const float w = ui_text_width(hand.ui, (UiFont)font, texts[i]);
            assert_true(ui_draw_text(hand.ui, (UiRect){0, 0, w, 20}, (UiFont)font, UI_LEFT, UI_TEXT,
                                     texts[i]) == w);
        }
    }
    hand_close(&hand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paragraphs_break_at_spaces_and_line_ends),
        cmocka_unit_test(a_word_without_end_is_cut_and_done),
        cmocka_unit_test(a_path_too_long_for_a_line_goes_on_in_the_next),
        cmocka_unit_test(nothing_is_clipped_in_its_own_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
