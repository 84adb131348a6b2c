/* Tabs: worked by mouse and by keys, one shown at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hand.h"
#include "ui/tabs.h"

typedef struct Page {
    int chosen, picks;
    float width;
} Page;

static const UiTab tabs[] = {
    {"page.one", "One", "F2", "The first page."},
    {"page.two", "Two", NULL, "The second page."},
    {"page.three", "Three", NULL, NULL},
};

static void page(Ui *ui, void *state)
{
    Page *const p = state;
    const UiRect row = {10, 10, p->width > 0 ? p->width : 300, UI_TABS_ROW};
    const int picked = ui_tabs(ui, row, tabs, LS_COUNT(tabs), p->chosen);
    p->picks += picked >= 0;
    p->chosen = picked >= 0 ? picked : p->chosen;
}

static bool focus_is(const Hand *hand, const char *id)
{
    return hand->ui->focus == ui_id_hash(id) && hand->ui->focus_visible;
}

static void a_click_picks_a_tab_once(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.chosen = 0};
    hand_open(&hand, page, &p);
    hand_click(&hand, "page.three");
    assert_int_equal(p.chosen, 2);
    hand_click(&hand, "page.three");
    assert_int_equal(p.picks, 1);
    hand_close(&hand);
}

static void arrows_lead_from_tab_to_tab_and_round(void **state)
{
    (void)state;

    static const struct {
        SDL_Keycode key;
        int chosen;
    } steps[] = {{SDLK_RIGHT, 1}, {SDLK_RIGHT, 2}, {SDLK_RIGHT, 0}, {SDLK_LEFT, 2},
                 {SDLK_HOME, 0},  {SDLK_END, 2},   {SDLK_LEFT, 1}};

    Hand hand;
    Page p = {.chosen = 0};
    hand_open(&hand, page, &p);
    hand_key(&hand, SDLK_TAB, 0);
    hand_settle(&hand);
    for (size_t i = 0; i < LS_COUNT(steps); i++) {
        assert_true(hand_key(&hand, steps[i].key, 0));
        hand_settle(&hand);
        hand_frame(&hand);
        assert_int_equal(p.chosen, steps[i].chosen);
        assert_true(focus_is(&hand, tabs[p.chosen].id));
    }
    hand_close(&hand);
}

static void tab_reaches_each_and_space_picks_it(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.chosen = 0};
    hand_open(&hand, page, &p);
    hand_key(&hand, SDLK_TAB, 0);
    hand_key(&hand, SDLK_TAB, 0);
    assert_true(focus_is(&hand, "page.two"));
    assert_true(hand_key(&hand, SDLK_SPACE, 0));
    hand_frame(&hand);
    assert_int_equal(p.chosen, 1);
    hand_close(&hand);
}

static void a_narrow_row_keeps_its_words_whole(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.chosen = 0};
    hand_open(&hand, page, &p);
    const float wanted = ui_tabs_width(hand.ui, tabs, LS_COUNT(tabs));
    p.width = wanted - 20;
    hand_frame(&hand);
    UiRect last;
    assert_true(ui_find(hand.ui, "page.three", &last));
    assert_true(last.x + last.w <= 10 + p.width + 0.5F);
    assert_true(last.w >= ui_text_width(hand.ui, UI_FONT_STRONG, "Three"));
    hand_close(&hand);
}

int main(void)
{
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(a_click_picks_a_tab_once),
        cmocka_unit_test(arrows_lead_from_tab_to_tab_and_round),
        cmocka_unit_test(tab_reaches_each_and_space_picks_it),
        cmocka_unit_test(a_narrow_row_keeps_its_words_whole),
    };
    return cmocka_run_group_tests(claims, NULL, NULL);
}
