#include "ui/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/base.h"

#include "ui/context.h"

enum {
    AXIS_H = 20, /* numbers below */
    TICKS_MAX = 16
};

double ui_plot_step(double span, int most)
{
    if (!(span > 0) || !isfinite(span) || most < 1) {
        return 1;
    }
    const double least = span / most;
    const double power = pow(10, floor(log10(least)));
    const double part = least / power;
    return power * (part <= 1.0000001 ? 1 : part <= 2.0000001 ? 2 : part <= 5.0000001 ? 5 : 10);
}

void ui_plot_number(double value, double step, char *out)
{
    static const struct {
        double size;
        const char *sign;
    } units[] = {{1e15, "P"}, {1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}};

    if (isfinite(value) && fabs(value) >= 1e18) { /* a model that has burst */
        snprintf(out, 24, "%s%.0e", value < 0 ? "\u2212" : "", fabs(value));
        return;
    }
    const double size = fabs(value);
    if (step > 0 && step < 1e-3 && size < 1e-2 && size >= step * 1e-6) { /* zeros say little */
        const int power = (int)floor(log10(size) + 1e-9);
        const int after = (int)fmin(fmax(power - floor(log10(step) + 1e-9), 0), 4);
        snprintf(out, 24, "%s%.*fe\u2212%d", value < 0 ? "\u2212" : "", after,
                 size / pow(10, power), -power);
        return;
    }
    const char *sign = "";
    double shown = fabs(value) < step * 1e-6 ? 0 : value;
    double unit_step = fabs(step);
    for (size_t i = 0; i < LS_COUNT(units); i++) {
        if (fabs(shown) >= units[i].size) {
            shown /= units[i].size;
            unit_step /= units[i].size;
            sign = units[i].sign;
            break;
        }
    }
    int digits = unit_step > 0 && unit_step < 1 ? (int)ceil(-log10(unit_step) - 1e-9) : 0;
    digits = digits > 8 ? 8 : digits;
    if (shown == 0 && digits > 2) {
        digits = 0;
    }
    char number[24];
    snprintf(number, sizeof(number), "%.*f", digits, fabs(shown));
    if (digits > 0 && *sign != '\0') { /* "1.50k" is "1.5k" */
        size_t length = strlen(number);
        while (length > 1 && number[length - 1] == '0') {
            number[--length] = '\0';
        }
        if (number[length - 1] == '.') {
            number[length - 1] = '\0';
        }
    }
    snprintf(out, 24, "%s%.16s%s", shown < 0 ? "\u2212" : "", number, sign);
}

static double y_part(const UiPlot *plot, double y)
{
    if (plot->log_y) {
        const double low = log(plot->y_min);
        return (log(fmax(y, 1e-300)) - low) / (log(plot->y_max) - low);
    }
    return (y - plot->y_min) / (plot->y_max - plot->y_min);
}

UiPoint ui_plot_point(const UiPlot *plot, double x, double y)
{
    const double px = (x - plot->x_min) / (plot->x_max - plot->x_min);
    return (UiPoint){plot->area.x + (float)(px * (double)plot->area.w),
                     plot->area.y + plot->area.h - (float)(y_part(plot, y) * (double)plot->area.h)};
}

double ui_plot_x(const UiPlot *plot, float window_x)
{
    return plot->x_min +
           (double)((window_x - plot->area.x) / plot->area.w) * (plot->x_max - plot->x_min);
}

/* The values of the ticks of an axis. Shapes: out [TICKS_MAX]. Returns their number. */
static int linear_ticks(double low, double high, int most, double *out, double *step)
{
    *step = ui_plot_step(high - low, most < 1 ? 1 : most);
    int count = 0;
    const double first = ceil(low / *step - 1e-9);
    for (int i = 0; count < TICKS_MAX; i++) {
        const double value = (first + i) * *step;
        if (value > high + *step * 1e-9) {
            break;
        }
        out[count++] = value;
    }
    return count;
}

/* Powers of ten, with 2 and 5 between them where the range is small. */
static int log_ticks(double low, double high, int most, double *out)
{
    static const double parts[3] = {1, 2, 5};
    const double decades = log10(high / low);
    const int every = decades * 3 <= most ? 1 : 3;
    const int skip = (int)fmax(1, ceil(decades / (most < 1 ? 1 : most)));
    int count = 0;
    for (int p = (int)floor(log10(low)); p <= (int)ceil(log10(high)); p++) {
        for (int i = 0; i < 3; i += every) {
            const double value = parts[i] * pow(10, p);
            const bool whole = every == 1 || p % skip == 0;
            if (whole && value >= low * 0.999 && value <= high * 1.001 && count < TICKS_MAX) {
                out[count++] = value;
            }
        }
    }
    return count;
}

static void y_axis(Ui *ui, const UiPlot *plot, UiRect rect)
{
    double ticks[TICKS_MAX];
    double step = 0;
    int count = 0;
    /* One or two numbers say little of the scale: rather have them closer together. */
    for (int most = (int)(plot->area.h / 26); count < 3 && most <= (int)(plot->area.h / 13);
         most++) {
        count = plot->log_y ? log_ticks(plot->y_min, plot->y_max, most, ticks)
                            : linear_ticks(plot->y_min, plot->y_max, most, ticks, &step);
    }
    const bool powers = plot->log_y && count >= 3;
    if (plot->log_y && !powers) { /* a part of a decade: round numbers, though not evenly apart */
        count = linear_ticks(plot->y_min, plot->y_max, (int)(plot->area.h / 26), ticks, &step);
    }
    for (int i = 0; i < count; i++) {
        char text[24];
        const float y = ui_plot_point(plot, plot->x_min, ticks[i]).y;
        ui_plot_number(ticks[i], powers ? ticks[i] : step, text);
        ui_draw_rect(ui,
                     (UiRect){plot->area.x, ui_snap(ui, y), plot->area.w, ui_snap_length(ui, 1)},
                     UI_RULE);
        ui_draw_text(ui, (UiRect){rect.x, y - 8, plot->area.x - rect.x - 7, 16}, UI_FONT_SMALL,
                     UI_RIGHT, UI_MUTED, text);
    }
}

static void x_axis(Ui *ui, const UiPlot *plot, UiRect rect)
{
    double ticks[TICKS_MAX];
    double step = 0;
    const int count =
        linear_ticks(plot->x_min, plot->x_max, (int)(plot->area.w / 64), ticks, &step);
    float free_from = rect.x;
    for (int i = 0; i < count; i++) {
        char text[24];
        ui_plot_number(ticks[i], step, text);
        const float w = ui_text_width(ui, UI_FONT_SMALL, text);
        const float x = ui_plot_point(plot, ticks[i], plot->y_min).x;
        const float left = fminf(x - w / 2, rect.x + rect.w - w);
        if (left < free_from || (ticks[i] == 0 && plot->x_min == 0)) {
            continue;
        }
        ui_draw_text(ui, (UiRect){left, plot->area.y + plot->area.h + 2, w + 1, AXIS_H - 4},
                     UI_FONT_SMALL, UI_LEFT, UI_MUTED, text);
        free_from = left + w + 8;
    }
}

UiPlot ui_plot_begin(Ui *ui, const char *id, UiRect rect, double x_min, double x_max, double y_min,
                     double y_max, bool log_y)
{
    UiPlot plot = {.x_min = x_min, .x_max = x_max, .y_min = y_min, .y_max = y_max, .log_y = log_y};
    if (!isfinite(x_min) || !isfinite(x_max) || !(x_max > x_min)) {
        plot.x_min = isfinite(x_min) ? x_min : 0;
        plot.x_max = plot.x_min + 1;
    }
    if (!isfinite(y_min) || !isfinite(y_max) || !(y_max > y_min)) {
        plot.y_min = isfinite(y_min) ? y_min : 0;
        plot.y_max = plot.y_min + fmax(fabs(plot.y_min) * 0.01, 1e-6);
    }
    if (plot.log_y && plot.y_min <= 0) {
        plot.y_min = fmin(plot.y_max, 1) * 1e-6;
        plot.y_max = fmax(plot.y_max, plot.y_min * 10);
    }
    const float gutter = 40; /* the same in every plot, so that axes above each other are in line */
    plot.area = (UiRect){rect.x + gutter, rect.y + 4, fmaxf(rect.w - gutter, 8),
                         fmaxf(rect.h - AXIS_H - 4, 8)};
    plot.hit = ui_area(ui, id, plot.area, true);
    y_axis(ui, &plot, rect);
    x_axis(ui, &plot, rect);
    /* Half a line's width of room: what runs along an edge is not cut. */
    ui_draw_push_clip(ui, ui_rect_inset(plot.area, -2));
    return plot;
}

void ui_plot_end(Ui *ui)
{
    ui_draw_pop_clip(ui);
}

void ui_plot_span(Ui *ui, const UiPlot *plot, double x, double y_min, double y_max, UiColor color)
{
    const UiPoint low = ui_plot_point(plot, x, y_min);
    const UiPoint high = ui_plot_point(plot, x, y_max);
    if (isfinite(low.y) && isfinite(high.y)) {
        ui_draw_column(ui, low.x, high.y, low.y, color);
    }
}

void ui_plot_mark(Ui *ui, const UiPlot *plot, double x, double y, float radius, UiColor color)
{
    const UiPoint at = ui_plot_point(plot, x, y);
    if (isfinite(at.x) && isfinite(at.y)) {
        ui_draw_disc(ui, at, radius, UI_CARD); /* the curve does not run through it */
        ui_draw_ring(ui, at, radius, 1.5F, 0, color);
    }
}

void ui_plot_marker(Ui *ui, const UiPlot *plot, double x, const char *label, float *last_label_x)
{
    if (x < plot->x_min || x > plot->x_max) {
        return;
    }
    const float at = ui_plot_point(plot, x, plot->y_min).x;
    const UiRect area = plot->area;
    ui_draw_dashes(ui, (UiPoint){at, area.y}, (UiPoint){at, area.y + area.h}, 1, 3, 3,
                   ui_color_fade(UI_MUTED, 0.8F));
    const float w = label == NULL ? 0 : ui_text_width(ui, UI_FONT_SMALL, label);
    /* At the right edge a label stands left of its line. */
    const float left = at + 4 + w > area.x + area.w ? at - 4 - w : at + 4;
    if (w > 0 && left >= *last_label_x && left >= area.x - 1) {
        ui_draw_rect(ui, (UiRect){left - 2, area.y - 1, w + 4, 14}, ui_color_fade(UI_CARD, 0.8F));
        ui_draw_text(ui, (UiRect){left, area.y - 2, w + 1, 16}, UI_FONT_SMALL, UI_LEFT, UI_MUTED,
                     label);
        *last_label_x = left + w + 6;
    }
}
