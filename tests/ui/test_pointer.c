/* The mouse: clicks, drags, wheel, right button, scrolling. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hand.h"

typedef struct Page {
    int presses, buttons[10];
    double value;
    bool done;
    int dones;
    UiHit hit;
    int clicks, doubles, rights;
    float wheel, scroll;
} Page;

static const UiRange range = {.min = 0, .max = 1, .low = 0, .high = 1, .reset = 0.25};

static void page(Ui *ui, void *state)
{
    Page *const p = state;
    p->hit = ui_area(ui, "area", (UiRect){300, 50, 200, 200}, true);
    p->clicks += p->hit.clicked;
    p->doubles += p->hit.double_clicked;
    p->rights += p->hit.right_clicked;
    p->wheel += p->hit.wheel;
    p->presses +=
        ui_button(ui, "over", (UiRect){320, 60, 80, 24}, "Over", UI_LOOK_RAISED, false, true);
    ui_slider(ui, "slider", (UiRect){10, 90, 214, 24}, &p->value, range, UI_KL, &p->done);
    p->dones += p->done;
    const UiRect in = ui_scroll_begin(ui, "scroll", (UiRect){10, 300, 200, 100}, &p->scroll, 400);
    (void)ui_area(ui, "inner", in, false); /* the wheel goes through it */
    for (int i = 0; i < 10; i++) {
        char id[8] = "row0";
        id[3] = (char)('0' + i);
        p->buttons[i] += ui_button(ui, id, (UiRect){in.x, in.y + 40 * (float)i, in.w, 32}, id,
                                   UI_LOOK_RAISED, false, true);
    }
    ui_scroll_end(ui);
}

static void topmost_widget_gets_the_click(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.value = 0.5};
    hand_open(&hand, page, &p);
    hand_click(&hand, "over");
    assert_int_equal(p.presses, 1);
    assert_int_equal(p.clicks, 0);
    assert_false(p.hit.over);
    hand_move(&hand, 450, 200);
    hand_frame(&hand);
    assert_true(p.hit.over);
    hand_close(&hand);
}

static void a_press_let_go_elsewhere_is_no_click(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.value = 0.5};
    hand_open(&hand, page, &p);
    hand_move(&hand, 330, 70);
    hand_button(&hand, SDL_BUTTON_LEFT, true, 1);
    hand_frame(&hand);
    hand_move(&hand, 700, 500);
    hand_button(&hand, SDL_BUTTON_LEFT, false, 1);
    hand_frame(&hand);
    assert_int_equal(p.presses, 0);
    hand_close(&hand);
}

static void press_and_release_within_a_frame_are_a_click(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.value = 0.5};
    hand_open(&hand, page, &p);
    hand_move(&hand, 330, 70);
    hand_button(&hand, SDL_BUTTON_LEFT, true, 1);
    hand_button(&hand, SDL_BUTTON_LEFT, false, 1);
    hand_move(&hand, 450, 200);
    hand_button(&hand, SDL_BUTTON_LEFT, true, 1);
    hand_button(&hand, SDL_BUTTON_LEFT, false, 1);
    hand_button(&hand, SDL_BUTTON_LEFT, true, 2);
    hand_button(&hand, SDL_BUTTON_LEFT, false, 2);
    hand_frame(&hand);
    assert_int_equal(p.presses, 1);
    assert_int_equal(p.clicks, 1);
    assert_int_equal(p.doubles, 1);
    hand_close(&hand);
}

static void slider_follows_the_mouse_outside_itself(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.value = 0.5};
    hand_open(&hand, page, &p);
    hand_move(&hand, 117, 102);
    hand_button(&hand, SDL_BUTTON_LEFT, true, 1);
    hand_frame(&hand);
    hand_move(&hand, 167, 500);
    hand_frame(&hand);
    assert_true(fabs(p.value - 0.75) < 0.01);
    assert_int_equal(p.dones, 0);
    hand_move(&hand, 790, 500);
    hand_frame(&hand);
    assert_true(p.value == 1);
    hand_button(&hand, SDL_BUTTON_LEFT, false, 1);
    hand_frame(&hand);
    assert_int_equal(p.dones, 1); /* one drag, one undo */
    hand_move(&hand, 50, 102);
    hand_frame(&hand);
    assert_true(p.value == 1);
    hand_button(&hand, SDL_BUTTON_LEFT, true, 1);
    hand_button(&hand, SDL_BUTTON_LEFT, false, 1);
    hand_button(&hand, SDL_BUTTON_LEFT, true, 2);
    hand_button(&hand, SDL_BUTTON_LEFT, false, 2);
    hand_frame(&hand);
    assert_true(p.value == 0.25);
    hand_close(&hand);
}

static void wheel_moves_areas_and_scrolls_but_no_slider(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.value = 0.5};
    hand_open(&hand, page, &p);
    hand_move(&hand, 100, 102);
    hand_wheel(&hand, 1);
    hand_frame(&hand);
    assert_true(p.value == 0.5);
    hand_move(&hand, 450, 200);
    hand_wheel(&hand, 0.5F);
    hand_wheel(&hand, 1);
    hand_frame(&hand);
    assert_true(p.wheel == 1.5F);
    hand_move(&hand, 100, 350);
    hand_wheel(&hand, -2);
    hand_frame(&hand);
    assert_true(p.scroll > 50);
    hand_wheel(&hand, -100);
    hand_frame(&hand);
    assert_true(p.scroll == 300);
    hand_close(&hand);
}

static void page_keys_move_what_scrolls_under_the_pointer_or_about_the_focus(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.value = 0.5};
    hand_open(&hand, page, &p);
    hand_move(&hand, 450, 200);
    hand_key(&hand, SDLK_PAGEDOWN, 0);
    hand_frame(&hand);
    assert_true(p.scroll == 0); /* nothing there scrolls by pages */
    hand_move(&hand, 100, 350);
    hand_key(&hand, SDLK_PAGEDOWN, 0);
    hand_frame(&hand);
    assert_true(p.scroll > 25 && p.scroll < 100);
    hand_key(&hand, SDLK_END, 0);
    hand_frame(&hand);
    assert_true(p.scroll == 300);
    hand_move(&hand, 450, 200);
    ui_focus(hand.ui, "row9");
    hand_frame(&hand);
    hand_key(&hand, SDLK_HOME, 0);
    hand_frame(&hand);
    assert_true(p.scroll == 0);
    hand_close(&hand);
}

static void what_is_scrolled_away_cannot_be_clicked(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.value = 0.5};
    hand_open(&hand, page, &p);
    hand_click(&hand, "row9"); /* its place lies below the part in sight */
    assert_int_equal(p.buttons[9], 0);
    ui_focus(hand.ui, "row9");
    hand_settle(&hand);
    hand_settle(&hand);
    assert_true(p.scroll > 200); /* the focus is brought into sight */
    hand_click(&hand, "row9");
    assert_int_equal(p.buttons[9], 1);
    hand_close(&hand);
}

static void right_button_pans_or_clicks(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.value = 0.5};
    hand_open(&hand, page, &p);
    hand_move(&hand, 450, 200);
    hand_frame(&hand);
    hand_button(&hand, SDL_BUTTON_RIGHT, true, 1);
    hand_frame(&hand);
    assert_true(p.hit.pan_held);
    hand_move(&hand, 460, 190);
    hand_frame(&hand);
    assert_true(p.hit.moved.x == 10 && p.hit.moved.y == -10);
    hand_button(&hand, SDL_BUTTON_RIGHT, false, 1);
    hand_frame(&hand);
    assert_int_equal(p.rights, 0);
    hand_button(&hand, SDL_BUTTON_RIGHT, true, 1);
    hand_button(&hand, SDL_BUTTON_RIGHT, false, 1);
    hand_frame(&hand);
    assert_int_equal(p.rights, 1);
    assert_false(p.hit.pan_held);
    hand_close(&hand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(topmost_widget_gets_the_click),
        cmocka_unit_test(a_press_let_go_elsewhere_is_no_click),
        cmocka_unit_test(press_and_release_within_a_frame_are_a_click),
        cmocka_unit_test(slider_follows_the_mouse_outside_itself),
        cmocka_unit_test(wheel_moves_areas_and_scrolls_but_no_slider),
        cmocka_unit_test(page_keys_move_what_scrolls_under_the_pointer_or_about_the_focus),
        cmocka_unit_test(what_is_scrolled_away_cannot_be_clicked),
        cmocka_unit_test(right_button_pans_or_clicks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
