#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "latentscape/core/memory.h"

#include "views/equal_lines.h"

enum {
    WIDTH = 62
};

/* Plots as low as the window gives them and as high, of runs that have settled and of whole ones. */
static const UiPlot plots[] = {
    {.area = {50, 10, 700, 60}, .x_min = 4, .x_max = 7, .y_min = 130, .y_max = 150},
    {.area = {50, 10, 1200, 90}, .x_min = 0, .x_max = 8, .y_min = 120, .y_max = 520},
    {.area = {0, 0, 400, 300}, .x_min = 5.2, .x_max = 5.4, .y_min = 139.9, .y_max = 140.3},
    {.area = {50, 10, 900, 110}, .x_min = 0, .x_max = 60, .y_min = 80, .y_max = 90},
    {.area = {50, 10, 900, 40}, .x_min = 1e-3, .x_max = 2e-3, .y_min = 200, .y_max = 9000},
};

/* What a point of the window stands for. */
static double rate_at(const UiPlot *plot, UiPoint at)
{
    return plot->x_min +
           (double)((at.x - plot->area.x) / plot->area.w) * (plot->x_max - plot->x_min);
}

static double distortion_at(const UiPlot *plot, UiPoint at)
{
    return plot->y_max -
           (double)((at.y - plot->area.y) / plot->area.h) * (plot->y_max - plot->y_min);
}

static void assert_near(double a, double b, double within)
{
    if (!(fabs(a - b) <= within)) {
        fail_msg("%.12g is not %.12g, within %g", a, b, within);
    }
}

static UiPoint between(UiPoint a, UiPoint b, float t)
{
    return (UiPoint){a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
}

static bool inside(UiRect box, UiRect area)
{
    return box.x >= area.x && box.y >= area.y && box.x + box.w <= area.x + area.w &&
           box.y + box.h <= area.y + area.h;
}

static bool overlap(UiRect a, UiRect b)
{
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

static void offer_all(ViewEqualLines *lines, const UiPlot *plot)
{
    view_equal_lines_make(lines, plot);
    for (int i = 0; i < lines->count; i++) {
        view_equal_lines_offer(lines, i, plot, WIDTH);
    }
}

static void rate_and_distortion_along_a_line_have_the_sum_its_label_says(void **state)
{
    (void)state;
    for (size_t p = 0; p < LS_COUNT(plots); p++) {
        const UiPlot *plot = &plots[p];
        ViewEqualLines lines;
        view_equal_lines_make(&lines, plot);
        assert_in_range(lines.count, 1, VIEW_EQUAL_LINES);
        const double pixel = (plot->x_max - plot->x_min) / (double)plot->area.w +
                             (plot->y_max - plot->y_min) / (double)plot->area.h;
        for (int i = 0; i < lines.count; i++) {
            const ViewEqualLine *line = &lines.line[i];
            for (float t = 0; t <= 1; t += 0.125F) {
                const UiPoint at = between(line->from, line->to, t);
                assert_near(rate_at(plot, at) + distortion_at(plot, at), -line->elbo, pixel / 50);
                assert_true(at.x >= plot->area.x - 0.01F &&
                            at.x <= plot->area.x + plot->area.w + 0.01F);
                assert_true(at.y >= plot->area.y - 0.01F &&
                            at.y <= plot->area.y + plot->area.h + 0.01F);
            }
            const char *minus = "ELBO \u2212";
            const double unit = line->text[strlen(line->text) - 1] == 'k' ? 1000 : 1;
            assert_memory_equal(line->text, minus, strlen(minus));
            assert_near(strtod(line->text + strlen(minus), NULL) * unit, -line->elbo,
                        1e-9 * fabs(line->elbo));
        }
    }
}

static void no_line_between_the_first_and_the_last_is_left_out(void **state)
{
    (void)state;
    for (size_t p = 0; p < LS_COUNT(plots); p++) {
        const UiPlot *plot = &plots[p];
        ViewEqualLines lines;
        view_equal_lines_make(&lines, plot);
        if (lines.count < 2) {
            continue; /* the lowest has room for one */
        }
        const double step = lines.line[0].elbo - lines.line[1].elbo;
        for (int i = 1; i < lines.count; i++) {
            assert_near(lines.line[i - 1].elbo - lines.line[i].elbo, step, step * 1e-6);
        }
        assert_true(plot->x_min + plot->y_min + lines.line[0].elbo > -step);
        assert_true(plot->x_max + plot->y_max + lines.line[lines.count - 1].elbo < step);
    }
}

static void labels_stand_on_their_lines_inside_the_plot_and_apart(void **state)
{
    (void)state;
    int labels = 0;
    for (size_t p = 0; p < LS_COUNT(plots); p++) {
        const UiPlot *plot = &plots[p];
        ViewEqualLines lines;
        UiRect box[VIEW_EQUAL_LINES];
        int count = 0;
        offer_all(&lines, plot);
        for (int i = 0; i < lines.count; i++) {
            const UiRect *place = view_equal_lines_take(&lines, i);
            if (!place) {
                continue;
            }
            const UiPoint middle = {place->x + place->w / 2, place->y + place->h / 2};
            const ViewEqualLine *line = &lines.line[i];
            const float t = (middle.x - line->from.x) / (line->to.x - line->from.x);
            assert_near((double)middle.y, (double)between(line->from, line->to, t).y, 0.01);
            assert_true(inside(*place, plot->area));
            for (int k = 0; k < count; k++) {
                assert_false(overlap(*place, box[k]));
            }
            box[count++] = *place;
        }
        labels += count;
    }
    assert_true(labels >= 10);
}

/* A path from above at the left down to the right end, where labels stand, and on to an end there. */
static void no_label_lies_on_a_path_or_on_its_end(void **state)
{
    (void)state;
    for (size_t p = 0; p < LS_COUNT(plots); p++) {
        const UiRect area = plots[p].area;
        for (float way = 0; way <= 1; way += 0.1F) {
            ViewEqualLines lines;
            offer_all(&lines, &plots[p]);
            const UiPoint path[] = {{area.x + area.w * 0.1F, area.y - 40},
                                    {area.x + area.w * 0.3F, area.y + area.h * way},
                                    {area.x + area.w - 30, area.y + area.h * (1 - way)},
                                    {area.x + area.w - 30.5F, area.y + area.h * (1 - way)}};
            const UiPoint end = path[LS_COUNT(path) - 1];
            const UiRect ring = {end.x - 9, end.y - 9, 18, 18};
            view_equal_lines_keep_path(&lines, path, LS_COUNT(path));
            view_equal_lines_keep_box(&lines, ring);
            for (int i = 0; i < lines.count; i++) {
                const UiRect *place = view_equal_lines_take(&lines, i);
                assert_false(place && overlap(*place, ring));
                for (size_t k = 1; place && k < LS_COUNT(path); k++) {
                    for (float t = 0; t <= 1; t += 0.001F) {
                        assert_false(ui_rect_has(*place, between(path[k - 1], path[k], t)));
                    }
                }
            }
        }
    }
}

static void a_label_moves_to_the_left_end_or_goes_where_its_place_is_taken(void **state)
{
    (void)state;
    const UiPlot *plot = &plots[0];
    const UiRect area = plot->area;
    ViewEqualLines lines;
    offer_all(&lines, plot);
    int i = 0;
    while (lines.line[i].places == 0) {
        i++;
    }
    const UiRect right = *view_equal_lines_take(&lines, i);
    offer_all(&lines, plot);
    view_equal_lines_keep_box(&lines, right);
    const UiRect *left = view_equal_lines_take(&lines, i);
    assert_non_null(left);
    assert_true(left->x < right.x && left->y < right.y);
    offer_all(&lines, plot);
    view_equal_lines_keep_box(&lines, area);
    assert_null(view_equal_lines_take(&lines, i));
}

/* What is on the screen, of a plot of which only the range is known: half of the pixels under a line,
 * which is dashed, and none half way to the next one. */
static void lines_are_drawn_where_the_sum_is_their_elbo(void **state)
{
    (void)state;
    LsError err;
    uint8_t *rgb = NULL;
    int w = 0;
    int h = 0;
    Ui *ui = ui_create(
        &(UiOptions){.title = "test", .width = 900, .height = 300, .scale = 1, .offscreen = true},
        &err);
    assert_non_null(ui);
    ui_begin(ui, 0);
    const UiPlot plot =
        ui_plot_begin(ui, "plane", (UiRect){0, 0, 880, 280}, 0, 20, 100, 130, false);
    ViewEqualLines lines;
    view_equal_lines_make(&lines, &plot);
    for (int i = 0; i < lines.count; i++) {
        ui_draw_dashes(ui, lines.line[i].from, lines.line[i].to, 1, 4, 4, UI_TEXT);
    }
    ui_plot_end(ui);
    (void)ui_end(ui);
    assert_true(ui_read_pixels(ui, &rgb, &w, &h, NULL));
    for (int sum = 105; sum < 150; sum += 5) { /* the sums there are: 100 .. 150, every 5 or 10 */
        int bright = 0;
        int seen = 0;
        for (double rate = 0.5; rate < 19.5; rate += 0.05) {
            const double distortion = sum - rate;
            if (distortion < 101 || distortion > 129) {
                continue;
            }
            const int x = (int)((double)plot.area.x + (double)plot.area.w * rate / 20);
            const int y =
                (int)((double)plot.area.y + (double)plot.area.h * (130 - distortion) / 30);
            bool lit = false;
            for (int dy = -1; dy <= 1; dy++) {
                lit = lit || rgb[3 * ((y + dy) * w + x)] > 120;
            }
            seen++;
            bright += lit;
        }
        if (seen > 0) {
            assert_true(sum % 10 == 0 ? bright > seen * 2 / 5 : bright < seen / 20);
        }
    }
    ls_memory_free(rgb);
    ui_destroy(ui);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rate_and_distortion_along_a_line_have_the_sum_its_label_says),
        cmocka_unit_test(no_line_between_the_first_and_the_last_is_left_out),
        cmocka_unit_test(labels_stand_on_their_lines_inside_the_plot_and_apart),
        cmocka_unit_test(no_label_lies_on_a_path_or_on_its_end),
        cmocka_unit_test(a_label_moves_to_the_left_end_or_goes_where_its_place_is_taken),
        cmocka_unit_test(lines_are_drawn_where_the_sum_is_their_elbo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
