/* Dialogs, menus, messages and tooltips: what lies above all else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hand.h"

typedef struct Page {
    bool open, close, inner_menu;
    int under, inside, picked, inner_picked;
    char hint[64];
} Page;

static const UiItem items[] = {
    {.label = "one"}, {.label = NULL}, {.label = "two", .disabled = true}, {.label = "three"}};

static void page(Ui *ui, void *state)
{
    Page *const p = state;
    p->under +=
        ui_button(ui, "under", (UiRect){360, 270, 80, 40}, "Under", UI_LOOK_RAISED, false, true);
    ui_tooltip(ui, (UiRect){360, 270, 80, 40}, "What it does.", "U");
    const int picked =
        ui_menu(ui, "menu", (UiRect){10, 10, 90, 24}, "Menu", UI_LOOK_RAISED, items, 4, 0);
    ui_tooltip(ui, (UiRect){10, 10, 90, 24}, "What is chosen.", NULL);
    p->picked = picked >= 0 ? picked : p->picked;
    if (p->open) {
        p->close = false;
        const UiRect in = ui_dialog_begin(ui, "dialog", 400, 300, "Dialog", &p->close);
        p->inside += ui_button(ui, "inside", (UiRect){in.x, in.y, 80, 24}, "Inside", UI_LOOK_RAISED,
                               false, true);
        const int inner = ui_menu(ui, "inner", (UiRect){in.x + 100, in.y, 90, 24}, "Inner",
                                  UI_LOOK_RAISED, items, 4, -1);
        p->inner_picked = inner >= 0 ? inner : p->inner_picked;
        ui_dialog_end(ui);
        p->open = !p->close;
    }
    const char *const hint = ui_hint(ui);
    SDL_strlcpy(p->hint, hint == NULL ? "" : hint, sizeof(p->hint));
}

static Page fresh(void)
{
    return (Page){.picked = -1, .inner_picked = -1};
}

static void nothing_under_a_dialog_can_be_reached(void **state)
{
    (void)state;
    Hand hand;
    Page p = fresh();
    hand_open(&hand, page, &p);
    p.open = true;
    hand_settle(&hand);
    assert_true(ui_takes_keys(hand.ui));
    hand_click(&hand, "under"); /* lies under the dialog's middle */
    assert_int_equal(p.under, 0);
    assert_true(p.open);
    hand_click(&hand, "inside");
    assert_int_equal(p.inside, 1);
    for (int i = 0; i < 6; i++) {
        hand_key(&hand, SDLK_TAB, 0);
        assert_true(ui_entry_find(hand.ui, hand.ui->focus)->level == 1);
    }
    assert_true(hand_key(&hand, SDLK_SPACE, 0));
    hand_close(&hand);
}

static void escape_the_cross_and_a_click_beside_close_it(void **state)
{
    (void)state;
    Hand hand;
    Page p = fresh();
    hand_open(&hand, page, &p);
    for (int way = 0; way < 3; way++) {
        p.open = true;
        hand_settle(&hand);
        if (way == 0) {
            assert_true(hand_key(&hand, SDLK_ESCAPE, 0));
        } else if (way == 1) {
            hand_click(&hand, "dialog.close");
        } else {
            hand_move(&hand, 20, 580);
            hand_button(&hand, SDL_BUTTON_LEFT, true, 1);
            hand_button(&hand, SDL_BUTTON_LEFT, false, 1);
        }
        hand_settle(&hand);
        assert_false(p.open);
        assert_false(ui_takes_keys(hand.ui));
    }
    hand_click(&hand, "under");
    assert_int_equal(p.under, 1);
    hand_close(&hand);
}

static void menu_is_worked_by_keyboard(void **state)
{
    (void)state;
    Hand hand;
    Page p = fresh();
    hand_open(&hand, page, &p);
    ui_focus(hand.ui, "menu");
    hand_settle(&hand);
    assert_true(hand_key(&hand, SDLK_SPACE, 0));
    hand_settle(&hand);
    assert_true(ui_takes_keys(hand.ui));
    hand_key(&hand, SDLK_DOWN, 0); /* over the rule and the disabled item */
    hand_key(&hand, SDLK_RETURN, 0);
    hand_settle(&hand);
    assert_int_equal(p.picked, 3);
    assert_false(ui_takes_keys(hand.ui));
    assert_true(hand.ui->focus == ui_id_hash("menu")); /* where it was */
    hand_key(&hand, SDLK_DOWN, 0);
    hand_settle(&hand);
    p.picked = -1;
    assert_true(hand_key(&hand, SDLK_ESCAPE, 0));
    hand_settle(&hand);
    assert_int_equal(p.picked, -1);
    assert_false(ui_takes_keys(hand.ui));
    hand_close(&hand);
}

static void menu_is_worked_by_mouse(void **state)
{
    (void)state;
    Hand hand;
    Page p = fresh();
    hand_open(&hand, page, &p);
    hand_click(&hand, "menu");
    UiRect panel;
    assert_true(ui_find(hand.ui, "ui.popup", &panel));
    hand_move(&hand, panel.x + 30, panel.y + panel.h - 10);
    hand_frame(&hand);
    hand_button(&hand, SDL_BUTTON_LEFT, true, 1);
    hand_button(&hand, SDL_BUTTON_LEFT, false, 1);
    hand_settle(&hand);
    assert_int_equal(p.picked, 3);
    hand_click(&hand, "menu");
    hand_click(&hand, "menu"); /* again: closed */
    assert_false(ui_takes_keys(hand.ui));
    hand_click(&hand, "menu");
    hand_click(&hand, "under"); /* beside: closed, and nothing else */
    assert_int_equal(p.under, 0);
    assert_false(ui_takes_keys(hand.ui));
    hand_close(&hand);
}

static void menu_within_a_dialog_closes_alone(void **state)
{
    (void)state;
    Hand hand;
    Page p = fresh();
    hand_open(&hand, page, &p);
    p.open = true;
    hand_settle(&hand);
    hand_click(&hand, "inner");
    assert_true(hand.ui->popup.id != 0);
    hand_key(&hand, SDLK_ESCAPE, 0);
    hand_settle(&hand);
    assert_true(p.open && hand.ui->popup.id == 0);
    hand_click(&hand, "inner");
    hand_key(&hand, SDLK_DOWN, 0);
    hand_key(&hand, SDLK_RETURN, 0);
    hand_settle(&hand);
    assert_int_equal(p.inner_picked, 0);
    assert_true(p.open);
    hand_close(&hand);
}

static void tooltip_comes_after_a_rest_and_the_hint_at_once(void **state)
{
    (void)state;
    Hand hand;
    Page p = fresh();
    hand_open(&hand, page, &p);
    hand_move(&hand, 400, 290);
    hand_settle(&hand);
    assert_string_equal(p.hint, "What it does.");
    assert_false(hand.ui->tip.shown);
    const double wake = ui_next_wake(hand.ui);
    assert_true(wake > 0.2 && wake < 0.5);
    hand.now += wake + 0.01;
    assert_true(hand_frame(&hand));
    assert_true(hand.ui->tip.shown);
    hand_move(&hand, 700, 500);
    hand_settle(&hand);
    assert_string_equal(p.hint, "");
    assert_false(hand.ui->tip.shown);
    hand_close(&hand);
}

static void tooltip_does_not_cover_what_a_hand_works_on(void **state)
{
    (void)state;
    Hand hand;
    Page p = fresh();
    hand_open(&hand, page, &p);
    hand_click(&hand, "under");
    hand_move(&hand, 402, 291); /* a hand trembles */
    hand_settle(&hand);
    hand.now += 2;
    hand_frame(&hand);
    assert_false(hand.ui->tip.shown);
    hand_move(&hand, 700, 500);
    hand_settle(&hand);
    hand_move(&hand, 400, 290);
    hand_settle(&hand);
    hand.now += 2;
    hand_frame(&hand);
    assert_true(hand.ui->tip.shown);
    hand_close(&hand);
}

static void tooltip_of_a_menu_stays_away_after_choosing(void **state)
{
    (void)state;
    Hand hand;
    Page p = fresh();
    hand_open(&hand, page, &p);
    hand_click(&hand, "menu");
    hand_settle(&hand);
    hand_key(&hand, SDLK_DOWN, 0);
    hand_key(&hand, SDLK_RETURN, 0);
    hand_settle(&hand);
    assert_true(p.picked >= 0);
    hand_move(&hand, 50, 20);
    hand_settle(&hand);
    hand.now += 2;
    hand_frame(&hand);
    assert_string_equal(p.hint, "What is chosen.");
    assert_false(hand.ui->tip.shown);
    hand_close(&hand);
}

static void messages_go_away_by_themselves(void **state)
{
    (void)state;
    Hand hand;
    Page p = fresh();
    hand_open(&hand, page, &p);
    for (int i = 0; i < 5; i++) {
        char text[] = "Message 0.";
        text[8] = (char)('0' + i);
        ui_message(hand.ui, i == 4, text);
    }
    assert_true(hand_frame(&hand));
    assert_true(ui_next_wake(hand.ui) > 1);
    hand.now += 5; /* the bad one stays longer */
    assert_true(hand_frame(&hand));
    assert_true(hand_key(&hand, SDLK_ESCAPE, 0));
    hand_frame(&hand);
    assert_true(ui_next_wake(hand.ui) < 0);
    assert_false(hand_key(&hand, SDLK_ESCAPE, 0));
    hand_close(&hand);
}

static void a_message_after_a_long_rest_is_seen(void **state)
{
    (void)state;
    Hand hand;
    Page p = fresh();
    hand_open(&hand, page, &p);
    hand_settle(&hand);
    ui_message(hand.ui, false, "The settings are on the clipboard.");
    hand.now += 60; /* no frame was needed meanwhile */
    assert_true(hand_frame(&hand));
    hand.now += 3;
    hand_frame(&hand);
    assert_true(hand.ui->toasts[UI_TOAST_MAX - 1].until > 0 || hand.ui->toasts[0].until > 0);
    hand.now += 2;
    hand_frame(&hand);
    for (int i = 0; i < UI_TOAST_MAX; i++) {
        assert_true(hand.ui->toasts[i].until <= 0);
    }
    hand_close(&hand);
}

static void a_message_said_again_is_shown_once(void **state)
{
    (void)state;
    Hand hand;
    Page p = fresh();
    hand_open(&hand, page, &p);
    for (int i = 0; i < 5; i++) {
        ui_message(hand.ui, true, "A file could not be read.");
    }
    ui_message(hand.ui, false, "Another.");
    hand_frame(&hand);
    assert_string_equal(hand.ui->toasts[UI_TOAST_MAX - 1].text, "Another.");
    assert_string_equal(hand.ui->toasts[UI_TOAST_MAX - 2].text, "A file could not be read.");
    assert_true(hand.ui->toasts[0].until <= 0);
    for (int i = 0; i < 5; i++) { /* the oldest give way */
        char text[8] = {(char)('a' + i), 0};
        ui_message(hand.ui, false, text);
    }
    assert_string_equal(hand.ui->toasts[0].text, "c");
    assert_string_equal(hand.ui->toasts[UI_TOAST_MAX - 1].text, "e");
    hand_close(&hand);
}

static void a_message_with_a_long_path_keeps_its_sentence(void **state)
{
    (void)state;
    Hand hand;
    Page p = fresh();
    char path[1500];
    LsError err = {0};
    hand_open(&hand, page, &p);
    for (size_t i = 0; i < sizeof(path); i++) {
        path[i] = i % 90 == 0 ? '/' : i % 300 == 299 ? ' ' : 'x';
    }
    memcpy(path + sizeof(path) - 9, "/bad.png", 9);
    ls_fail(&err, LS_ERR_FILE, "%s: %s", path, "there is no picture in it that could be opened.");
    ui_message(hand.ui, true, err.text);
    hand_frame(&hand);
    const char *text = hand.ui->toasts[UI_TOAST_MAX - 1].text;
    assert_non_null(strstr(text, "/bad.png: there is no picture in it that could be opened."));
    while (*text != '\0') { /* no word wider than a line or so */
        const size_t length = strcspn(text, " ");
        assert_true(length <= 64);
        text += length + strspn(text + length, " ");
    }
    hand_close(&hand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_under_a_dialog_can_be_reached),
        cmocka_unit_test(escape_the_cross_and_a_click_beside_close_it),
        cmocka_unit_test(menu_is_worked_by_keyboard),
        cmocka_unit_test(menu_is_worked_by_mouse),
        cmocka_unit_test(menu_within_a_dialog_closes_alone),
        cmocka_unit_test(tooltip_comes_after_a_rest_and_the_hint_at_once),
        cmocka_unit_test(tooltip_does_not_cover_what_a_hand_works_on),
        cmocka_unit_test(tooltip_of_a_menu_stays_away_after_choosing),
        cmocka_unit_test(a_message_after_a_long_rest_is_seen),
        cmocka_unit_test(a_message_said_again_is_shown_once),
        cmocka_unit_test(a_message_with_a_long_path_keeps_its_sentence),
        cmocka_unit_test(messages_go_away_by_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
