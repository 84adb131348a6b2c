/* Tab's order, and whose the keys are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hand.h"

typedef struct Page {
    int first, second;
    bool on;
    double value;
    bool done;
    UiHit hit;
    bool gone;
} Page;

static const UiRange range = {.min = 0, .max = 10, .low = 0, .high = 10, .whole = true, .reset = 5};

static void page(Ui *ui, void *state)
{
    Page *const p = state;
    p->first +=
        ui_button(ui, "first", (UiRect){10, 10, 80, 24}, "First", UI_LOOK_RAISED, false, true);
    ui_button(ui, "off", (UiRect){100, 10, 80, 24}, "Off", UI_LOOK_RAISED, false, false);
    if (!p->gone) {
        p->second +=
            ui_button(ui, "second", (UiRect){200, 10, 80, 24}, "Second", UI_LOOK_CHIP, false, true);
    }
    ui_switch(ui, "switch", (UiRect){10, 50, 34, 24}, &p->on, UI_KL);
    p->done = false;
    ui_slider(ui, "slider", (UiRect){10, 90, 214, 24}, &p->value, range, UI_KL, &p->done);
    const UiHit hit = ui_area(ui, "area", (UiRect){300, 50, 200, 200}, true);
    p->hit = hit;
}

static bool focus_is(const Hand *hand, const char *id)
{
    return hand->ui->focus == ui_id_hash(id) && hand->ui->focus_visible;
}

static void tab_walks_in_the_order_of_appearance(void **state)
{
    (void)state;
    static const char *const order[] = {"first", "second", "switch", "slider", "area", "first"};
    Hand hand;
    Page p = {.value = 5};
    hand_open(&hand, page, &p);
    for (size_t i = 0; i < LS_COUNT(order); i++) {
        assert_true(hand_key(&hand, SDLK_TAB, 0));
        hand_frame(&hand);
        assert_true(focus_is(&hand, order[i]));
    }
    hand_key(&hand, SDLK_TAB, KMOD_LSHIFT);
    assert_true(focus_is(&hand, "area"));
    hand_key(&hand, SDLK_ESCAPE, 0);
    assert_true(hand.ui->focus == 0);
    hand_close(&hand);
}

static void space_and_enter_work_what_tab_reached(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.value = 5};
    hand_open(&hand, page, &p);
    hand_key(&hand, SDLK_TAB, 0);
    assert_true(hand_key(&hand, SDLK_SPACE, 0));
    assert_true(hand_key(&hand, SDLK_RETURN, 0));
    hand_frame(&hand);
    assert_int_equal(p.first, 1);
    hand_key(&hand, SDLK_TAB, 0);
    hand_key(&hand, SDLK_TAB, 0);
    hand_key(&hand, SDLK_SPACE, 0);
    hand_frame(&hand);
    assert_true(p.on);
    hand_key(&hand, SDLK_TAB, 0);
    assert_true(hand_key(&hand, SDLK_RIGHT, 0));
    hand_frame(&hand);
    assert_true(p.value == 6 && p.done);
    assert_false(hand_key(&hand, SDLK_SPACE, 0)); /* the program's own key stays the program's */
    hand_key(&hand, SDLK_END, 0);
    hand_frame(&hand);
    assert_true(p.value == 10);
    hand_key(&hand, SDLK_DELETE, 0);
    hand_frame(&hand);
    assert_true(p.value == 5);
    hand_close(&hand);
}

static void mouse_takes_no_focus(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.value = 5};
    hand_open(&hand, page, &p);
    hand_click(&hand, "first");
    assert_int_equal(p.first, 1);
    assert_true(hand.ui->focus == 0);
    assert_false(hand_key(&hand, SDLK_SPACE, 0));
    hand_key(&hand, SDLK_TAB, 0);
    hand_click(&hand, "switch");
    assert_true(p.on && hand.ui->focus == 0);
    hand_close(&hand);
}

static void area_hears_arrows_only_in_focus(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.value = 5};
    hand_open(&hand, page, &p);
    assert_false(hand_key(&hand, SDLK_LEFT, 0));
    ui_focus(hand.ui, "area");
    hand_settle(&hand);
    assert_true(hand_key(&hand, SDLK_LEFT, 0));
    assert_true(hand_key(&hand, SDLK_UP, KMOD_LSHIFT));
    assert_true(hand_key(&hand, SDLK_PLUS, 0));
    hand_frame(&hand);
    assert_int_equal(p.hit.key_x, -1);
    assert_int_equal(p.hit.key_y, 10);
    assert_true(p.hit.key_in && !p.hit.key_out && p.hit.focused);
    assert_false(hand_key(&hand, SDLK_SPACE, 0));
    assert_false(hand_key(&hand, SDLK_0, KMOD_CTRL));
    hand_close(&hand);
}

static void focus_of_a_widget_that_is_gone_ends(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.value = 5};
    hand_open(&hand, page, &p);
    ui_focus(hand.ui, "second");
    hand_settle(&hand);
    assert_true(focus_is(&hand, "second"));
    p.gone = true;
    hand_frame(&hand);
    assert_true(hand.ui->focus == 0);
    ui_focus(hand.ui, "nowhere");
    hand_settle(&hand);
    assert_true(hand.ui->focus == 0);
    hand_close(&hand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tab_walks_in_the_order_of_appearance),
        cmocka_unit_test(space_and_enter_work_what_tab_reached),
        cmocka_unit_test(mouse_takes_no_focus),
        cmocka_unit_test(area_hears_arrows_only_in_focus),
        cmocka_unit_test(focus_of_a_widget_that_is_gone_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
