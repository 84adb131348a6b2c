/* Editing of a line of text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hand.h"
#include "ui/parts.h"

static UiEdit edit_of(const char *text)
{
    UiEdit edit = {.id = 2};
    SDL_strlcpy(edit.text, text, sizeof(edit.text));
    edit.caret = edit.anchor = strlen(edit.text);
    return edit;
}

static bool press(UiEdit *edit, SDL_Keycode sym, uint16_t mod)
{
    return ui_edit_key(edit, 16, &(UiKey){.sym = sym, .mod = mod});
}

static bool type(UiEdit *edit, const char *text)
{
    UiKey key = {.sym = 0};
    SDL_strlcpy(key.text, text, sizeof(key.text));
    return ui_edit_key(edit, 16, &key);
}

static void caret_steps_over_whole_signs(void **state)
{
    (void)state;
    UiEdit edit = edit_of("aβ→");
    press(&edit, SDLK_LEFT, 0);
    assert_int_equal(edit.caret, 3);
    press(&edit, SDLK_BACKSPACE, 0);
    assert_string_equal(edit.text, "a→");
    press(&edit, SDLK_DELETE, 0);
    assert_string_equal(edit.text, "a");
    press(&edit, SDLK_RIGHT, 0);
    assert_int_equal(edit.caret, 1);
}

static void typing_replaces_the_selection(void **state)
{
    (void)state;
    UiEdit edit = edit_of("one two");
    press(&edit, SDLK_LEFT, KMOD_CTRL | KMOD_SHIFT);
    assert_int_equal(edit.caret, 4);
    assert_int_equal(edit.anchor, 7);
    assert_true(type(&edit, "2"));
    assert_string_equal(edit.text, "one 2");
    press(&edit, SDLK_a, KMOD_CTRL);
    press(&edit, SDLK_BACKSPACE, 0);
    assert_string_equal(edit.text, "");
    assert_false(press(&edit, SDLK_BACKSPACE, 0));
}

static void a_full_field_takes_whole_signs_only(void **state)
{
    (void)state;
    UiEdit edit = edit_of("12345678901234");
    assert_false(type(&edit, "β"));
    assert_int_equal(strlen(edit.text), 14);
    assert_true(type(&edit, "x"));
    assert_int_equal(strlen(edit.text), 15);
    assert_false(type(&edit, "y"));
}

static void shift_and_arrows_select_and_an_arrow_ends_it(void **state)
{
    (void)state;
    UiEdit edit = edit_of("abcd");
    press(&edit, SDLK_HOME, KMOD_SHIFT);
    assert_int_equal(edit.anchor, 4);
    press(&edit, SDLK_RIGHT, 0);
    assert_true(edit.caret == 4 && edit.anchor == 4);
}

typedef struct Page {
    char text[32];
    double value;
    bool enter, changed;
    int changes;
} Page;

static const UiRange range = {.min = 0, .max = 10, .low = 0, .high = 10, .reset = 5};

static void page(Ui *ui, void *state)
{
    Page *const p = state;
    bool changed = false;
    p->enter = ui_text_field(ui, "text", (UiRect){10, 10, 200, 24}, p->text, sizeof(p->text), NULL,
                             &changed) ||
               p->enter;
    p->changed = p->changed || changed;
    p->changes += ui_number(ui, "number", (UiRect){10, 50, 80, 24}, &p->value, range);
}

static void clicked_field_takes_what_is_typed(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.text = "old"};
    hand_open(&hand, page, &p);
    hand_click(&hand, "text");
    assert_true(ui_takes_keys(hand.ui));
    assert_true(hand_key(&hand, SDLK_a, KMOD_CTRL));
    assert_true(hand_type(&hand, "new"));
    hand_frame(&hand);
    assert_string_equal(p.text, "new");
    assert_true(p.changed);
    assert_true(hand_key(&hand, SDLK_RETURN, 0));
    hand_frame(&hand);
    assert_true(p.enter);
    assert_true(hand_key(&hand, SDLK_ESCAPE, 0));
    hand_frame(&hand);
    assert_false(ui_takes_keys(hand.ui));
    assert_false(hand_key(&hand, SDLK_SPACE, 0));
    hand_close(&hand);
}

static void number_is_taken_by_enter_and_left_by_escape(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.value = 1};
    hand_open(&hand, page, &p);
    hand_click(&hand, "number");
    hand_type(&hand, "2.5"); /* all of it was selected */
    hand_frame(&hand);
    assert_true(p.value == 1);
    hand_key(&hand, SDLK_RETURN, 0);
    hand_frame(&hand);
    assert_true(p.value == 2.5);
    hand_click(&hand, "number");
    hand_type(&hand, "7");
    hand_key(&hand, SDLK_ESCAPE, 0);
    hand_frame(&hand);
    assert_true(p.value == 2.5);
    assert_int_equal(p.changes, 1);
    hand_close(&hand);
}

static void number_out_of_range_is_not_taken(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.value = 1};
    hand_open(&hand, page, &p);
    hand_click(&hand, "number");
    hand_type(&hand, "11");
    hand_key(&hand, SDLK_RETURN, 0);
    hand_frame(&hand);
    assert_true(p.value == 1 && p.changes == 0);
    hand_close(&hand);
}

static void number_that_cannot_be_taken_says_what_can_be_and_waits(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.value = 1};
    hand_open(&hand, page, &p);
    hand_click(&hand, "number");
    hand_type(&hand, "11");
    hand_frame(&hand);
    assert_string_equal(ui_hint(hand.ui), "It takes a number from 0 to 10.");
    hand_key(&hand, SDLK_RETURN, 0);
    hand_frame(&hand);
    assert_true(ui_takes_keys(hand.ui));
    hand_key(&hand, SDLK_BACKSPACE, 0);
    hand_key(&hand, SDLK_RETURN, 0);
    hand_frame(&hand);
    assert_true(p.value == 1 && !ui_takes_keys(hand.ui));
    hand_frame(&hand); /* the hint stays for what was drawn before the field spoke */
    assert_null(ui_hint(hand.ui));
    hand_close(&hand);
}

static void number_in_focus_steps_and_begins_with_a_digit(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.value = 1};
    hand_open(&hand, page, &p);
    ui_focus(hand.ui, "number");
    hand_settle(&hand);
    assert_true(hand_key(&hand, SDLK_UP, 0));
    hand_frame(&hand);
    assert_true(p.value > 1);
    assert_false(hand_key(&hand, SDLK_SPACE, 0));
    hand_key(&hand, SDLK_4, 0);
    hand_type(&hand, "4");
    hand_frame(&hand);
    hand_key(&hand, SDLK_RETURN, 0);
    hand_frame(&hand);
    assert_true(p.value == 4);
    hand_key(&hand, SDLK_RETURN, 0); /* edits again, all selected */
    hand_frame(&hand);
    assert_true(ui_takes_keys(hand.ui));
    hand_type(&hand, "3");
    hand_frame(&hand);
    hand_click(&hand, "text"); /* leaving it takes it */
    assert_true(p.value == 3);
    hand_close(&hand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(caret_steps_over_whole_signs),
        cmocka_unit_test(typing_replaces_the_selection),
        cmocka_unit_test(a_full_field_takes_whole_signs_only),
        cmocka_unit_test(shift_and_arrows_select_and_an_arrow_ends_it),
        cmocka_unit_test(clicked_field_takes_what_is_typed),
        cmocka_unit_test(number_is_taken_by_enter_and_left_by_escape),
        cmocka_unit_test(number_out_of_range_is_not_taken),
        cmocka_unit_test(number_that_cannot_be_taken_says_what_can_be_and_waits),
        cmocka_unit_test(number_in_focus_steps_and_begins_with_a_digit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
