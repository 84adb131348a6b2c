/* The gallery: every widget in every state, at three scales; and that frames ask for no memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"

#include "tests/allocations.h"
#include "ui/context.h"
#include "ui/gallery.h"

static UiGallery gallery;

static Ui *open_at(float scale)
{
    LsError err = {.code = LS_OK};
    Ui *const ui = ui_create(
        &(UiOptions){.title = "g", .width = 1280, .height = 800, .scale = scale, .offscreen = true},
        &err);
    if (ui == NULL) {
        fail_msg("%s", err.text);
    }
    ui_gallery_init(&gallery, ui);
    return ui;
}

static bool frame(Ui *ui, double now)
{
    ui_begin(ui, now);
    ui_gallery_show(&gallery, ui);
    return ui_end(ui);
}

static void done(Ui *ui)
{
    ui_gallery_finish(&gallery);
    ui_destroy(ui);
}

/* Whether two rectangles of the canvas, moved by dx units, differ. */
static bool differ(const Ui *ui, UiRect a, UiRect b)
{
    const float s = ui->scale;
    const int w = (int)(a.w * s);
    const int h = (int)(a.h * s);
    for (int y = 0; y < h; y++) {
        const uint32_t *const pixels = ui->canvas.pixels;
        const size_t stride = (size_t)ui->canvas.w;
        const uint32_t *const row_a =
            pixels + ((size_t)(a.y * s) + (size_t)y) * stride + (size_t)(a.x * s);
        const uint32_t *const row_b =
            pixels + ((size_t)(b.y * s) + (size_t)y) * stride + (size_t)(b.x * s);
        if (memcmp(row_a, row_b, (size_t)w * 4) != 0) {
            return true;
        }
    }
    return false;
}

static void every_state_looks_different(void **state)
{
    (void)state;
    static const float scales[] = {1, 1.5F, 2};
    for (size_t i = 0; i < LS_COUNT(scales); i++) {
        Ui *const ui = open_at(scales[i]);
        frame(ui, 1);
        for (int kind = 0; kind < 11; kind++) {
            const int columns = kind > 5 ? 4 : 5;
            for (int a = 0; a < columns; a++) {
                for (int b = a + 1; b < columns; b++) {
                    const UiRect cell_a = ui_gallery_cell(kind, a);
                    const UiRect cell_b = ui_gallery_cell(kind, b);
                    if (!differ(ui, cell_a, cell_b)) {
                        fail_msg("Widget %d looks the same in states %d and %d at scale %g.", kind,
                                 a, b, (double)scales[i]);
                    }
                }
            }
        }
        done(ui);
    }
}

static void frames_ask_for_no_memory(void **state)
{
    (void)state;
    Ui *const ui = open_at(1);
    for (int i = 0; i < 3; i++) {
        frame(ui, 1 + i);
    }
    const size_t arena = ui->recorder.size;
    const size_t before = calls;
    for (int i = 0; i < 50; i++) {
        SDL_Event event = {.type = SDL_MOUSEMOTION};
        event.motion.x = 20 * i;
        event.motion.y = 10 * i;
        ui_event(ui, &event);
        gallery.weight = 0.1 * i;
        frame(ui, 5 + 0.6 * i);
    }
    assert_int_equal(calls - before, 0);
    assert_true(ui->recorder.size == arena);
    done(ui);
}

static void partial_redraw_equals_a_whole_one(void **state)
{
    (void)state;
    LsError err;
    uint8_t *parts = NULL;
    uint8_t *whole = NULL;
    int w = 0;
    int h = 0;
    Ui *const ui = open_at(1.5F);
    for (int i = 0; i < 60; i++) {
        SDL_Event event = {.type = SDL_MOUSEMOTION};
        event.motion.x = 31 * i;
        event.motion.y = 19 * i % 1200;
        ui_event(ui, &event);
        gallery.weight = 0.02 * (i + 1);
        frame(ui, 5 + 0.6 * i);
    }
    frame(ui, 50);
    assert_true(ui_read_pixels(ui, &parts, &w, &h, &err));
    SDL_Event exposed = {.type = SDL_WINDOWEVENT};
    exposed.window.event = SDL_WINDOWEVENT_EXPOSED;
    ui_event(ui, &exposed);
    assert_true(frame(ui, 50));
    assert_true(ui_read_pixels(ui, &whole, &w, &h, &err));
    assert_memory_equal(parts, whole, (size_t)w * (size_t)h * 3);
    ls_memory_free(parts);
    ls_memory_free(whole);
    done(ui);
}

static void the_scale_can_change_while_it_runs(void **state)
{
    (void)state;
    Ui *const ui = open_at(1);
    frame(ui, 1);
    ui_set_scale(ui, 2);
    assert_true(frame(ui, 2));
    assert_true(ui_bounds(ui).w == 640);
    ui_set_scale(ui, 0);
    frame(ui, 3);
    assert_true(ui_bounds(ui).w == 1280);
    done(ui);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_looks_different),
        cmocka_unit_test(frames_ask_for_no_memory),
        cmocka_unit_test(partial_redraw_equals_a_whole_one),
        cmocka_unit_test(the_scale_can_change_while_it_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
