#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latentscape/core/base.h"

#include "app/layout.h"

static const UiRect sizes[] = {
    {0, 0, 800, 500},   {0, 0, 900, 600},   {0, 0, 1024, 768}, {0, 0, 1280, 800},
    {0, 0, 1920, 1080}, {0, 0, 3840, 1000}, {0, 0, 800, 1600}, {0, 0, 2560, 1440},
};

static bool apart(UiRect a, UiRect b)
{
    return a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
}

static void parts_never_overlap_or_leave_the_window(void **state)
{
    (void)state;
    for (size_t i = 0; i < LS_COUNT(sizes); i++) {
        const AppLayout l = app_layout_make(sizes[i]);
        const UiRect part[] = {l.topbar,          l.map,      l.cursor,     l.samples,
                               l.reconstructions, l.panel,    l.panel_tabs, l.bottom,
                               l.bottom_tabs,     l.measures, l.status};
        const size_t measures = 9; /* they give way where the window is low */
        for (size_t a = 0; a < LS_COUNT(part); a++) {
            assert_true(part[a].w > 0);
            assert_true(part[a].h > 0 || (a == measures && sizes[i].h < 540));
            assert_true(part[a].x >= 0 && part[a].x + part[a].w <= sizes[i].w);
            assert_true(part[a].y >= 0 && part[a].y + part[a].h <= sizes[i].h);
            for (size_t b = a + 1; b < LS_COUNT(part); b++) {
                assert_true(apart(part[a], part[b]));
            }
        }
    }
}

static void the_smallest_window_leaves_room_to_work(void **state)
{
    (void)state;
    const AppLayout l = app_layout_make((UiRect){0, 0, 800, 500});
    assert_true(l.map.w >= 250 && l.map.h >= 250);
    assert_true(l.panel.w >= 260);
    assert_true(l.cursor.w >= 160);
    assert_true(l.bottom.h >= 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_never_overlap_or_leave_the_window),
        cmocka_unit_test(the_smallest_window_leaves_room_to_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
