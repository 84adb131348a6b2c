/* Drawing into the canvas: coverage, clips, pictures. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/base.h"

#include "ui/canvas.h"

enum {
    SIDE = 64
};

static const uint32_t black = 0xff000000U;
static const uint32_t white = 0xffffffffU;
static const UiBox all = {0, 0, SIDE, SIDE};

static UiCanvas canvas_of(void)
{
    UiCanvas canvas = {.pixels = NULL};
    assert_true(ui_canvas_resize(&canvas, SIDE, SIDE));
    ui_canvas_fill(&canvas, all, all, black);
    return canvas;
}

static double sum(const UiCanvas *canvas)
{
    double total = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
        total += (canvas->pixels[i] & 255) / 255.0;
    }
    return total;
}

static void areas_are_those_of_the_exact_shapes(void **state)
{
    (void)state;
    const double pi = 3.14159265358979;
    UiCanvas canvas = canvas_of();
    ui_canvas_disc(&canvas, all, 31.3F, 30.8F, 20, white);
    assert_true(fabs(sum(&canvas) - pi * 400) < 8);
    ui_canvas_fill(&canvas, all, all, black);
    ui_canvas_ring(&canvas, all, 32, 32, 20, 2, 0, white);
    assert_true(fabs(sum(&canvas) - 2 * pi * 20 * 2) < 4);
    ui_canvas_fill(&canvas, all, all, black);
    ui_canvas_ring(&canvas, all, 32, 32, 20, 2, 4, white);
    assert_true(fabs(sum(&canvas) - pi * 20 * 2) < 8);
    ui_canvas_fill(&canvas, all, all, black);
    const float rect[4] = {4, 6, 40, 30};
    ui_canvas_round(&canvas, all, rect, 8, 0, white);
    assert_true(fabs(sum(&canvas) - (1200 - (4 - pi) * 64)) < 4);
    ui_canvas_fill(&canvas, all, all, black);
    const UiPoint line[2] = {{5.5F, 7.2F}, {55.1F, 40.9F}};
    ui_canvas_stroke(&canvas, all, line, 2, 3, white, white);
    const double length = hypot(49.6, 33.7);
    assert_true(fabs(sum(&canvas) - (length * 3 + pi * 2.25)) < 4);
    ui_canvas_fill(&canvas, all, all, black);
    const UiBandPoint band[3] = {{4, 10, 30}, {24, 20, 30}, {44, 40, 30}}; /* the curves cross */
    ui_canvas_band(&canvas, all, band, 3, white);
    assert_true(fabs(sum(&canvas) - (20 * 15 + 20 * 5)) < 4);
    ui_canvas_finish(&canvas);
}

static void nothing_is_drawn_outside_the_clip(void **state)
{
    (void)state;
    const UiBox clip = {20, 20, 40, 40};
    UiCanvas canvas = canvas_of();
    const float rect[4] = {-10, -10, 100, 100};
    const UiPoint points[3] = {{-1e6F, -1e6F}, {30, 30}, {1e6F, 5}};
    const uint32_t colors[3] = {white, white, white};
    const uint8_t grey[4] = {255, 255, 255, 255};
    const UiPixels pixels = {.bytes = grey, .w = 2, .h = 2, .channels = 1, .smooth = true};
    ui_canvas_round(&canvas, clip, rect, 8, 0, white);
    ui_canvas_round(&canvas, clip, rect, 8, 3, white);
    ui_canvas_disc(&canvas, clip, 20, 20, 30, white);
    ui_canvas_ring(&canvas, clip, 20, 20, 15, 4, 3, white);
    ui_canvas_stroke(&canvas, clip, points, 3, 5, white, white);
    ui_canvas_dots(&canvas, clip, points, colors, 3, 30, white);
    const UiBandPoint band[3] = {{-1e6F, -1e6F, 1e6F}, {30, 0, 90}, {1e6F, 1e6F, -1e6F}};
    ui_canvas_band(&canvas, clip, band, 3, white);
    ui_canvas_column(&canvas, clip, 30, -100, 100, white);
    ui_canvas_picture(&canvas, clip, &pixels, (const float[4]){0, 0, 2, 2},
                      (const float[4]){-50, -50, 200, 200}, white);
    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            const bool in = x >= 20 && x < 40 && y >= 20 && y < 40;
            assert_true(in || canvas.pixels[y * SIDE + x] == black);
        }
    }
    ui_canvas_finish(&canvas);
}

static void translucent_lines_are_even_where_they_cross(void **state)
{
    (void)state;
    UiCanvas canvas = canvas_of();
    const UiPoint cross[4] = {{10, 10}, {50, 50}, {50, 10}, {10, 50}};
    ui_canvas_stroke(&canvas, all, cross, 4, 6, 0x80ffffffU, 0x80ffffffU);
    unsigned most = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
        most = (canvas.pixels[i] & 255) > most ? canvas.pixels[i] & 255 : most;
    }
    assert_true(most >= 126 && most <= 131);
    ui_canvas_finish(&canvas);
}

/* How near a place is to a piece of a line. */
static double away_from(UiPoint a, UiPoint b, double x, double y)
{
    const double dx = (double)b.x - (double)a.x;
    const double dy = (double)b.y - (double)a.y;
    const double px = x - (double)a.x;
    const double py = y - (double)a.y;
    const double t = fmin(fmax((px * dx + py * dy) / (dx * dx + dy * dy), 0), 1);
    return hypot(px - t * dx, py - t * dy);
}

/* Whatever its pieces cover one after the other. */
static void a_line_covers_what_the_nearest_of_its_pieces_does(void **state)
{
    (void)state;
    static const uint32_t colors[] = {0xffffffffU, 0xb0ffffffU, 0x20ffffffU};
    UiPoint points[40];
    const double width = 2.6;
    for (int i = 0; i < 40; i++) {
        points[i] = (UiPoint){32 + 28 * sinf((float)i * 1.3F), 31 + 27 * cosf((float)i * 1.7F)};
    }
    for (size_t c = 0; c < LS_COUNT(colors); c++) {
        UiCanvas canvas = canvas_of();
        ui_canvas_stroke(&canvas, all, points, 40, (float)width, colors[c], colors[c]);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                double away = INFINITY;
                for (int i = 0; i + 1 < 40; i++) {
                    away = fmin(away, away_from(points[i], points[i + 1], x + 0.5, y + 0.5));
                }
                const double cover = fmin(fmax(width / 2 + 0.5 - away, 0), 1);
                const double wanted = cover * (colors[c] >> 24);
                /* What is laid over in several steps is rounded in each. */
                assert_true(fabs((canvas.pixels[y * SIDE + x] & 255) - wanted) < 6);
            }
        }
        ui_canvas_finish(&canvas);
    }
}

static void draw_one(UiCanvas *canvas, UiBox clip, int kind)
{
    static const UiPoint points[4] = {{10, 10}, {50.3F, 50}, {50, 10.6F}, {10, 50}};
    static const uint32_t colors[4] = {0xc0ff4010U, 0xff20ff80U, 0x40ffffffU, 0xff102030U};
    static const float rect[4] = {3.2F, 5, 51.5F, 47.4F};
    uint8_t bytes[30 * 20 + UI_LANES];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * i * 7);
    }
    const UiPixels pixels = {.bytes = bytes, .w = 30, .h = 20, .channels = 1, .smooth = true};
    const uint32_t color = 0xa0f08040U;
    switch (kind) {
    case 0:
        ui_canvas_round(canvas, clip, rect, 9, 0, color);
        break;
    case 1:
        ui_canvas_round(canvas, clip, rect, 9, 1.5F, color);
        break;
    case 2:
        ui_canvas_disc(canvas, clip, 31.3F, 30.8F, 20, color);
        break;
    case 3:
        ui_canvas_ring(canvas, clip, 31.3F, 30.8F, 24, 1.5F, 0, color);
        break;
    case 4:
        ui_canvas_ring(canvas, clip, 31.3F, 30.8F, 24, 3, 4, color);
        break;
    case 5:
        ui_canvas_dots(canvas, clip, points, colors, 4, 6.5F, color);
        break;
    case 6:
        ui_canvas_stroke(canvas, clip, points, 4, 4.3F, color, 0xff4080f0U);
        break;
    case 7:
        ui_canvas_picture(canvas, clip, &pixels, (const float[4]){0, 0, 30, 20},
                          (const float[4]){2, 3, 57, 55}, white);
        break;
    default:
        ui_canvas_cover(canvas, clip, 17, 13, 30, 20, bytes, color);
        break;
    }
}

/* Whatever lies side by side in a vector: a part is drawn anew as it was in the whole. */
static void parts_are_drawn_as_in_the_whole(void **state)
{
    (void)state;
    for (int kind = 0; kind < 9; kind++) {
        UiCanvas whole = canvas_of();
        UiCanvas parts = canvas_of();
        draw_one(&whole, all, kind);
        for (int y = 0; y < SIDE; y += 7) {
            for (int x = 0; x < SIDE; x += 11) {
                const UiBox part = {x, y, x + 11, y + 7};
                draw_one(&parts, ui_box_meet(part, all), kind);
            }
        }
        assert_memory_equal(parts.pixels, whole.pixels, sizeof(uint32_t) * SIDE * SIDE);
        ui_canvas_finish(&parts);
        ui_canvas_finish(&whole);
    }
}

static void covers_are_rounded_as_by_division(void **state)
{
    (void)state;
    for (uint32_t opacity = 0; opacity < 256; opacity++) {
        for (uint32_t cover = 0; cover < 256; cover++) {
            assert_int_equal(ui_cover_part(opacity, cover), (opacity * cover + 127) / 255);
        }
    }
}

static void bands_leave_no_seam(void **state)
{
    (void)state;
    UiCanvas canvas = {.pixels = NULL};
    assert_true(ui_canvas_resize(&canvas, 16, 4 * UI_BAND));
    const UiBox tall = {0, 0, 16, 4 * UI_BAND};
    ui_canvas_fill(&canvas, tall, tall, black);
    const UiPoint line[2] = {{8, -5}, {8, 4 * UI_BAND + 5}};
    ui_canvas_stroke(&canvas, tall, line, 2, 2, white, white);
    for (int y = 0; y < 4 * UI_BAND; y++) {
        assert_true(canvas.pixels[y * 16 + 8] == white && canvas.pixels[y * 16 + 7] == white);
        assert_true(canvas.pixels[y * 16 + 5] == black && canvas.pixels[y * 16 + 10] == black);
    }
    ui_canvas_finish(&canvas);
}

static void pictures_at_their_own_size_are_unchanged(void **state)
{
    (void)state;
    UiCanvas canvas = canvas_of();
    uint8_t grey[16 * 16];
    for (int i = 0; i < 256; i++) {
        grey[i] = (uint8_t)i;
    }
    const UiPixels pixels = {.bytes = grey, .w = 16, .h = 16, .channels = 1, .smooth = true};
    ui_canvas_picture(&canvas, all, &pixels, (const float[4]){0, 0, 16, 16},
                      (const float[4]){8, 8, 16, 16}, white);
    for (int i = 0; i < 256; i++) {
        assert_int_equal(canvas.pixels[(8 + i / 16) * SIDE + 8 + i % 16] & 255, i);
    }
    ui_canvas_finish(&canvas);
}

/* Wider than what is mixed at a time, and cut at the left. */
static void an_enlarged_picture_is_mixed_of_four_neighbours(void **state)
{
    (void)state;

    enum {
        W = 1501,
        H = 40,
        ACROSS = 1200,
        DOWN = 9
    };

    static uint8_t grey[ACROSS * DOWN];
    UiCanvas canvas = {.pixels = NULL};
    assert_true(ui_canvas_resize(&canvas, W, H));
    for (int i = 0; i < ACROSS * DOWN; i++) {
        grey[i] = (uint8_t)(i * 97 % 251);
    }
    const UiPixels pixels = {.bytes = grey, .w = ACROSS, .h = DOWN, .channels = 1, .smooth = true};
    const float step_x = (float)ACROSS / (W + 3);
    const float step_y = (float)DOWN / H;
    ui_canvas_picture(&canvas, (UiBox){0, 0, W, H}, &pixels, (const float[4]){0, 0, ACROSS, DOWN},
                      (const float[4]){-3, 0, W + 3, H}, white);
    for (int y = 0; y < H; y++) {
        for (int x = 0; x < W; x++) {
            const double u = fmax(((double)x + 3.5) * (double)step_x - 0.5, 0);
            const double v = fmax(((double)y + 0.5) * (double)step_y - 0.5, 0);
            const int i = (int)u;
            const int j = (int)v;
            const int right = i + 1 < ACROSS ? i + 1 : ACROSS - 1;
            const int below = j + 1 < DOWN ? j + 1 : DOWN - 1;
            const double top =
                grey[j * ACROSS + i] * (1 - u + i) + grey[j * ACROSS + right] * (u - i);
            const double bottom =
                grey[below * ACROSS + i] * (1 - u + i) + grey[below * ACROSS + right] * (u - i);
            const double wanted = top * (1 - v + j) + bottom * (v - j);
            /* Places are kept in 256ths and, along a row, step by step. */
            assert_true(fabs((canvas.pixels[y * W + x] & 255) - wanted) < 8);
        }
    }
    UiCanvas parts = {.pixels = NULL}; /* drawn piece by piece it is the same */
    assert_true(ui_canvas_resize(&parts, W, H));
    for (int x = 0; x < W; x += 37) {
        ui_canvas_picture(&parts, (UiBox){x, 0, x + 37 < W ? x + 37 : W, H}, &pixels,
                          (const float[4]){0, 0, ACROSS, DOWN}, (const float[4]){-3, 0, W + 3, H},
                          white);
    }
    assert_memory_equal(parts.pixels, canvas.pixels, (size_t)W * H * sizeof *canvas.pixels);
    ui_canvas_finish(&parts);
    ui_canvas_finish(&canvas);
}

static void a_dot_is_a_core_in_an_outline(void **state)
{
    (void)state;
    UiCanvas canvas = canvas_of();
    const UiPoint at = {31.3F, 30.8F};
    const uint32_t color = white;
    const uint32_t outline = 0xff808080U;
    const float radius = 20; /* wider than what is drawn at a time */
    ui_canvas_dots(&canvas, all, &at, &color, 1, radius, outline);
    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            const double away = hypot(x + 0.5 - (double)at.x, y + 0.5 - (double)at.y);
            const double line = fmin(fmax((double)radius + 1.5 - away, 0), 1);
            const double core = fmin(fmax((double)radius + 0.5 - away, 0), 1);
            const double wanted = 128 * line * (1 - core) + 255 * core;
            assert_true(fabs((canvas.pixels[y * SIDE + x] & 255) - wanted) < 3);
        }
    }
    ui_canvas_finish(&canvas);
}

static void reduced_pictures_keep_their_brightness(void **state)
{
    (void)state;
    UiCanvas canvas = canvas_of();
    uint8_t grey[64 * 64];
    for (int i = 0; i < 64 * 64; i++) {
        grey[i] = (i % 64 + i / 64) % 2 == 0 ? 255 : 0; /* the worst there is */
    }
    const UiPixels pixels = {.bytes = grey, .w = 64, .h = 64, .channels = 1, .smooth = true};
    ui_canvas_picture(&canvas, all, &pixels, (const float[4]){0, 0, 64, 64},
                      (const float[4]){0, 0, 16, 16}, white);
    for (int y = 1; y < 15; y++) {
        for (int x = 1; x < 15; x++) {
            const int value = (int)(canvas.pixels[y * SIDE + x] & 255);
            assert_true(value > 110 && value < 145);
        }
    }
    ui_canvas_finish(&canvas);
}

static void a_reduced_picture_is_the_mean_of_what_each_pixel_covers(void **state)
{
    (void)state;

    enum {
        W = 61,
        H = 47
    };

    static const float targets[][4] = {
        {3, 2, 25, 20}, {0, 0, 30.5F, 31}, {1.4F, 2.6F, 7.3F, 30}, {5, 5, 2, 1}};
    uint8_t bytes[W * H];
    for (int i = 0; i < W * H; i++) {
        bytes[i] = (uint8_t)(((unsigned)i * 2654435761U) >> 24);
    }
    const UiPixels pixels = {.bytes = bytes, .w = W, .h = H, .channels = 1, .smooth = true};
    for (size_t t = 0; t < LS_COUNT(targets); t++) {
        const float *at = targets[t];
        UiCanvas canvas = {0};
        assert_true(ui_canvas_resize(&canvas, 40, 40));
        ui_canvas_picture(&canvas, (UiBox){0, 0, 40, 40}, &pixels, (const float[4]){0, 0, W, H}, at,
                          0xffffffffU);
        /* Pixels that lie wholly within the target. */
        for (int y = (int)ceilf(at[1]); y + 1 <= (int)(at[1] + at[3]); y++) {
            for (int x = (int)ceilf(at[0]); x + 1 <= (int)(at[0] + at[2]); x++) {
                double sum = 0;
                double area = 0;
                for (int j = 0; j < H; j++) {
                    for (int i = 0; i < W; i++) {
                        const double u = ((double)x - (double)at[0]) * W / (double)at[2];
                        const double v = ((double)y - (double)at[1]) * H / (double)at[3];
                        const double wide = fmin(i + 1, u + W / (double)at[2]) - fmax(i, u);
                        const double high = fmin(j + 1, v + H / (double)at[3]) - fmax(j, v);
                        if (wide > 0 && high > 0) {
                            area += wide * high;
                            sum += wide * high * bytes[j * W + i];
                        }
                    }
                }
                const double grey = canvas.pixels[y * 40 + x] & 255;
                assert_true(fabs(grey - sum / area) < 1.5);
            }
        }
        ui_canvas_finish(&canvas);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(areas_are_those_of_the_exact_shapes),
        cmocka_unit_test(nothing_is_drawn_outside_the_clip),
        cmocka_unit_test(translucent_lines_are_even_where_they_cross),
        cmocka_unit_test(a_line_covers_what_the_nearest_of_its_pieces_does),
        cmocka_unit_test(parts_are_drawn_as_in_the_whole),
        cmocka_unit_test(covers_are_rounded_as_by_division),
        cmocka_unit_test(bands_leave_no_seam),
        cmocka_unit_test(pictures_at_their_own_size_are_unchanged),
        cmocka_unit_test(an_enlarged_picture_is_mixed_of_four_neighbours),
        cmocka_unit_test(a_dot_is_a_core_in_an_outline),
        cmocka_unit_test(reduced_pictures_keep_their_brightness),
        cmocka_unit_test(a_reduced_picture_is_the_mean_of_what_each_pixel_covers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
