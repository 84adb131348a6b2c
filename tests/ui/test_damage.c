/* What is drawn anew, and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"

#include "hand.h"

typedef struct Page {
    UiImage *image;
    float x;
    int extra;
    bool crowd;
} Page;

static void page(Ui *ui, void *state)
{
    Page *const p = state;
    ui_draw_rect(ui, (UiRect){0, 0, 800, 600}, UI_CARD);
    ui_draw_disc(ui, (UiPoint){p->x, 100}, 10, UI_REC);
    ui_draw_image(ui, p->image, NULL, (UiRect){400, 300, 320, 256}, UI_RGB(0xffffff));
    if (p->crowd) {
        for (int i = 0; i < 20000; i++) {
            ui_draw_rect(ui, (UiRect){(float)(i % 800), (float)(i / 40), 1, 1}, UI_KL);
        }
    }
    ui_draw_layer(ui, 1);
    ui_draw_rect(ui, (UiRect){10, 10, 20, 20}, UI_KL);
    ui_draw_layer(ui, 0);
    ui_draw_rect(ui, (UiRect){10, 10, 20, 20}, UI_BAD);
}

static int area(const Hand *hand)
{
    int total = 0;
    for (int i = 0; i < hand->ui->recorder.damage_count; i++) {
        const UiBox box = hand->ui->recorder.damage[i];
        total += (box.x1 - box.x0) * (box.y1 - box.y0);
    }
    return total;
}

/* A frame in which everything is drawn anew. */
static void draw_whole(Hand *hand)
{
    SDL_Event exposed = {.type = SDL_WINDOWEVENT};
    exposed.window.event = SDL_WINDOWEVENT_EXPOSED;
    ui_event(hand->ui, &exposed);
    assert_true(hand_frame(hand));
}

static void unchanged_frame_is_not_presented(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.x = 100};
    hand_open(&hand, page, &p);
    assert_false(hand_frame(&hand));
    assert_false(hand_frame(&hand));
    draw_whole(&hand);
    assert_int_equal(area(&hand), 800 * 600);
    hand_close(&hand);
}

static void only_what_changed_is_drawn(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.x = 100};
    hand_open(&hand, page, &p);
    p.x = 110;
    assert_true(hand_frame(&hand));
    assert_true(area(&hand) > 0 && area(&hand) < 10000);
    assert_int_equal(hand_pixel(&hand, 110, 100), 0xffb454);
    assert_int_equal(hand_pixel(&hand, 95, 100), 0x131822); /* what was there is gone */
    hand_close(&hand);
}

static void changed_part_of_a_picture_is_drawn_alone(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.x = 100};
    uint8_t grey[64];
    memset(grey, 200, sizeof(grey));
    hand_open(&hand, page, &p);
    p.image = ui_image_create(hand.ui, 320, 256, true);
    hand_frame(&hand);
    assert_false(hand_frame(&hand));
    ui_image_set_grey(p.image, 0, 0, 8, 8, grey, 8);
    assert_true(hand_frame(&hand));
    assert_true(area(&hand) < 10000);
    assert_int_equal(hand_pixel(&hand, 403, 303), 0xc8c8c8);
    assert_int_equal(hand_pixel(&hand, 420, 320), 0);
    assert_false(hand_frame(&hand));
    ui_image_set_grey(p.image, 316, 0, 8, 8, grey, 8); /* does not fit: refused */
    assert_false(hand_frame(&hand));
    ui_image_destroy(p.image);
    p.image = NULL;
    assert_true(hand_frame(&hand));
    hand_close(&hand);
}

/* A drag's trail over a crowd of dots. */
typedef struct Crowd {
    UiPoint trail[200], dot[100];
    UiColor color[100];
    size_t length;
} Crowd;

static void crowd_page(Ui *ui, void *state)
{
    Crowd *const c = state;
    ui_draw_rect(ui, (UiRect){0, 0, 800, 600}, UI_CARD);
    ui_draw_dots(ui, c->dot, c->color, 100, 2.5F, (UiColor){8, 10, 14, 170});
    ui_draw_trail(ui, c->trail, c->length, 4, ui_color_fade(UI_TEXT, 0.1F), UI_TEXT);
}

static void make_crowd(Crowd *c)
{
    *c = (Crowd){.length = 100};
    for (int i = 0; i < 200; i++) { /* crosses itself */
        c->trail[i] = (UiPoint){60 + 3.3F * (float)i, (float)(i % 100) * 5 + 30};
    }
    for (int i = 0; i < 100; i++) {
        c->dot[i] = (UiPoint){30 + 7.1F * (float)i, 30 + (float)(i * 37 % 100) * 5.3F};
        c->color[i] = UI_REC;
    }
}

static void a_dot_that_moves_leaves_the_others_alone(void **state)
{
    (void)state;
    Hand hand;
    Crowd c;
    make_crowd(&c);
    hand_open(&hand, crowd_page, &c);
    hand_frame(&hand);
    assert_false(hand_frame(&hand));
    c.dot[50].x += 3;
    assert_true(hand_frame(&hand));
    assert_true(area(&hand) < 10000);
    c.color[20] = UI_KL;
    assert_true(hand_frame(&hand));
    assert_true(area(&hand) < 10000);
    hand_close(&hand);
}

static void what_grows_piece_by_piece_looks_as_drawn_at_once(void **state)
{
    (void)state;
    Hand hand;
    Crowd c;
    make_crowd(&c);
    hand_open(&hand, crowd_page, &c);
    hand_frame(&hand);
    const size_t bytes = (size_t)hand.ui->canvas.w * (size_t)hand.ui->canvas.h * sizeof(uint32_t);
    uint32_t *const pieces = ls_memory_items(1, bytes, NULL);
    assert_non_null(pieces);
    for (; c.length < 200; c.length++) {
        c.dot[c.length % 100].y += 4;
        assert_true(hand_frame(&hand));
        assert_true(area(&hand) < 800 * 600 / 2);
    }
    hand_frame(&hand);
    memcpy(pieces, hand.ui->canvas.pixels, bytes);
    draw_whole(&hand);
    assert_memory_equal(pieces, hand.ui->canvas.pixels, bytes);
    ls_memory_free(pieces);
    hand_close(&hand);
}

/* Cards that lie over one another, and what lies below and above them. */
static void cards_page(Ui *ui, void *state)
{
    const Page *const p = state;
    ui_draw_disc(ui, (UiPoint){p->x, 60}, 40, UI_REC);
    ui_draw_round(ui, (UiRect){50, 50, 300, 200}, 30, UI_CARD);
    ui_draw_disc(ui, (UiPoint){p->x, 150}, 10, UI_KL);
    ui_draw_round(ui, (UiRect){200, 100, 300, 200}, 12, ui_color_fade(UI_TEXT, 0.5F));
    ui_draw_layer(ui, 1);
    ui_draw_rect(ui, (UiRect){300, 64, 96, 96}, UI_BAD);
    ui_draw_disc(ui, (UiPoint){p->x + 100, 120}, 10, UI_TEXT);
    ui_draw_layer(ui, 0);
}

static void what_is_hidden_is_left_out_and_nothing_else(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.x = 20};
    hand_open(&hand, cards_page, &p);
    const size_t bytes = (size_t)hand.ui->canvas.w * (size_t)hand.ui->canvas.h * sizeof(uint32_t);
    uint32_t *const parts = ls_memory_items(1, bytes, NULL);
    assert_non_null(parts);
    while (p.x < 420) {
        p.x += 7;
        assert_true(hand_frame(&hand));
        assert_true(area(&hand) < 800 * 600 / 2);
        memcpy(parts, hand.ui->canvas.pixels, bytes);
        /* Drawn whole, where nothing is hidden by what covers the window. */
        draw_whole(&hand);
        assert_memory_equal(parts, hand.ui->canvas.pixels, bytes);
    }
    ls_memory_free(parts);
    hand_close(&hand);
}

/* A disc that goes below a picture, on surfaces that the picture hides in part. */
static void picture_page(Ui *ui, void *state)
{
    const Page *const p = state;
    ui_draw_rect(ui, (UiRect){0, 0, 800, 600}, UI_CARD);
    ui_draw_round(ui, (UiRect){100, 100, 500, 300}, 20, ui_color_fade(UI_TEXT, 0.5F));
    ui_draw_disc(ui, (UiPoint){p->x, 200}, 60, UI_REC);
    ui_draw_image(ui, p->image, NULL, (UiRect){200, 150, 256, 192}, UI_RGB(0xffffff));
    ui_draw_rect(ui, (UiRect){300, 170, 200, 50}, ui_color_fade(UI_KL, 0.5F));
}

static uint32_t packed(UiColor color)
{
    return (uint32_t)color.a << 24 | (uint32_t)color.r << 16 | (uint32_t)color.g << 8 | color.b;
}

/* The same, one after the other and all of it. */
static void draw_plainly(UiCanvas *canvas, const Page *p, const UiPixels *pixels)
{
    const UiBox all = {0, 0, canvas->w, canvas->h};
    ui_canvas_fill(canvas, all, all, packed(UI_CARD));
    ui_canvas_round(canvas, all, (const float[4]){100, 100, 500, 300}, 20, 0,
                    packed(ui_color_fade(UI_TEXT, 0.5F)));
    ui_canvas_disc(canvas, all, p->x, 200, 60, packed(UI_REC));
    ui_canvas_picture(canvas, all, pixels, (const float[4]){0, 0, 8, 8},
                      (const float[4]){200, 150, 256, 192}, 0xffffffffU);
    ui_canvas_fill(canvas, all, (UiBox){300, 170, 500, 220}, packed(ui_color_fade(UI_KL, 0.5F)));
}

static void surfaces_are_cut_up_around_what_hides_them(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.x = 20};
    uint8_t grey[64];
    UiCanvas plain = {.pixels = NULL};
    hand_open(&hand, picture_page, &p);
    assert_true(ui_canvas_resize(&plain, hand.ui->canvas.w, hand.ui->canvas.h));
    p.image = ui_image_create(hand.ui, 8, 8, true);
    for (size_t i = 0; i < sizeof grey; i++) {
        grey[i] = (uint8_t)(i * 83);
    }
    ui_image_set_grey(p.image, 0, 0, 8, 8, grey, 8);
    const UiPixels pixels = {.bytes = grey, .w = 8, .h = 8, .channels = 1, .smooth = true};
    for (; p.x < 700; p.x += 23) {
        hand_frame(&hand);
        draw_plainly(&plain, &p, &pixels);
        assert_memory_equal(hand.ui->canvas.pixels, plain.pixels,
                            (size_t)plain.w * (size_t)plain.h * sizeof *plain.pixels);
    }
    ui_canvas_finish(&plain);
    ui_image_destroy(p.image);
    hand_close(&hand);
}

static void grey_pictures_may_turn_to_colour(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.x = 100};
    const uint8_t grey[4] = {10, 20, 30, 40};
    const uint8_t red[4] = {255, 0, 0, 255};
    hand_open(&hand, page, &p);
    p.image = ui_image_create(hand.ui, 2, 2, false);
    ui_image_set_grey(p.image, 0, 0, 2, 2, grey, 2);
    hand_frame(&hand);
    assert_int_equal(hand_pixel(&hand, 410, 310), 0x0a0a0a);
    ui_image_set_rgba(p.image, 1, 1, 1, 1, red, 4);
    hand_frame(&hand);
    assert_int_equal(hand_pixel(&hand, 410, 310), 0x0a0a0a);
    assert_int_equal(hand_pixel(&hand, 700, 310), 0x141414);
    assert_int_equal(hand_pixel(&hand, 700, 540), 0xff0000);
    ui_image_destroy(p.image);
    hand_close(&hand);
}

static void higher_layers_lie_above_whatever_the_order(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.x = 100};
    hand_open(&hand, page, &p);
    assert_int_equal(hand_pixel(&hand, 20, 20), 0x4fa8ff);
    hand_close(&hand);
}

static void a_full_arena_grows_for_the_next_frame(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.x = 100, .crowd = true};
    hand_open(&hand, page, &p);
    assert_true(ui_next_wake(hand.ui) == 0); /* something was left out: another frame, at once */
    hand_frame(&hand);
    const size_t size = hand.ui->recorder.size;
    assert_true(hand.ui->recorder.used == hand.ui->recorder.wanted);
    for (int i = 0; i < 5; i++) {
        hand_frame(&hand);
    }
    assert_true(hand.ui->recorder.size == size);
    hand_close(&hand);
}

static void pixels_read_are_those_drawn(void **state)
{
    (void)state;
    Hand hand;
    Page p = {.x = 100};
    LsError err;
    uint8_t *rgb = NULL;
    int w = 0;
    int h = 0;
    hand_open(&hand, page, &p);
    assert_true(ui_read_pixels(hand.ui, &rgb, &w, &h, &err));
    assert_int_equal(w, 800);
    assert_int_equal(h, 600);
    const uint8_t *const at = rgb + (size_t)(100 * 800 + 100) * 3;
    assert_true(at[0] == 0xff && at[1] == 0xb4 && at[2] == 0x54);
    ls_memory_free(rgb);
    hand_close(&hand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unchanged_frame_is_not_presented),
        cmocka_unit_test(only_what_changed_is_drawn),
        cmocka_unit_test(changed_part_of_a_picture_is_drawn_alone),
        cmocka_unit_test(a_dot_that_moves_leaves_the_others_alone),
        cmocka_unit_test(what_grows_piece_by_piece_looks_as_drawn_at_once),
        cmocka_unit_test(what_is_hidden_is_left_out_and_nothing_else),
        cmocka_unit_test(surfaces_are_cut_up_around_what_hides_them),
        cmocka_unit_test(grey_pictures_may_turn_to_colour),
        cmocka_unit_test(higher_layers_lie_above_whatever_the_order),
        cmocka_unit_test(a_full_arena_grows_for_the_next_frame),
        cmocka_unit_test(pixels_read_are_those_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
