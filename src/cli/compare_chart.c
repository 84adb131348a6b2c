#include "cli/compare_chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "latentscape/core/text.h"

enum {
    WIDTH = 588,
    HEIGHT = 330,
    LEFT = 46,
    RIGHT = 154, /* room of the longest name and a figure */
    ABOVE = 10,
    BELOW = 34,
    LINE = 14, /* between two names */
    TICKS = 5,
    CURVES = CLI_COMPARE_CURVES
};

static const double plot_w = WIDTH - LEFT - RIGHT;
static const double plot_h = HEIGHT - ABOVE - BELOW;

static const char *const colors[] = {"#2dd4a7", "#ff8fab", "#4fa8ff", "#94a4a2", "#ffb454",
                                     "#b98cf5", "#92dadd", "#7fd14f", "#e8ecf2", "#f0803c",
                                     "#e0524f", "#facc15", "#b9ac70", "#c97b5a", "#38bdf8"};

static const char *const titles[CURVES] = {"Reconstruction, bce", "KL divergence", "ELBO"};

typedef struct Range {
    double low, high;
} Range;

/* A name beside a chart. */
typedef struct Label {
    double y;
    int side;
    double value;
    bool beyond; /* the curve has left the frame */
} Label;

const char *cli_compare_color(int index)
{
    return colors[(size_t)index % LS_COUNT(colors)];
}

void cli_compare_print_text(LsFileWriter *writer, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        const char *written = *at == '<'   ? "&lt;"
                              : *at == '>' ? "&gt;"
                              : *at == '&' ? "&amp;"
                              : *at == '"' ? "&quot;"
                                           : NULL;
        if (written != NULL) {
            ls_file_writer_print(writer, "%s", written);
        } else {
            ls_file_writer_add(writer, at, 1);
        }
    }
}

void cli_compare_print_number(LsFileWriter *writer, double value, int digits)
{
    const bool nothing = fabs(value) < 0.5 * pow(10, -digits); /* never "-0.00" */
    ls_file_writer_print(writer, "%s%.*f", value < 0 && !nothing ? "&minus;" : "", digits,
                         nothing ? 0 : fabs(value));
}

/* ---- what a chart shows */

static int in_order(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static const CliComparePoint *last_of(const CliCompareSide *side)
{
    return side->points > 0 ? &side->point[side->points - 1] : NULL;
}

/* Room for where four in five of the curves end, and somewhat more to see how they came there: the others
 * leave the frame, since one collapsed model would else press all the rest into a line. */
static Range range_of(const CliCompare *compare, int curve)
{
    double end[CLI_COMPARE_PRESETS];
    int count = 0;
    const double sign = curve == 2 ? -1 : 1; /* better is lower */
    for (int i = 0; i < compare->sides; i++) {
        const CliComparePoint *last = last_of(&compare->side[i]);
        if (last != NULL && isfinite(last->value[curve])) {
            end[count++] = sign * last->value[curve];
        }
    }
    if (count == 0) {
        return (Range){0, 1};
    }
    qsort(end, (size_t)count, sizeof end[0], in_order);
    const double low = end[0];
    const double high = end[(count - 1) * 4 / 5];
    const double room = fmax(high - low, fmax(fabs(high) * 0.05, 1e-3));
    const double best = low - 0.1 * room;
    const double worst = high + 0.8 * room;
    return sign < 0 ? (Range){-worst, -best} : (Range){low < 0.1 * room ? 0 : best, worst};
}

static double tick_of(Range range)
{
    const double rough = (range.high - range.low) / TICKS;
    const double ten = pow(10, floor(log10(rough)));
    const double in_ten = rough / ten;
    return ten * (in_ten < 1.5 ? 1 : in_ten < 3.5 ? 2 : in_ten < 7.5 ? 5 : 10);
}

static double place_x(double fraction)
{
    return LEFT + plot_w * fraction;
}

static double place_y(Range range, double value)
{
    const double up = (value - range.low) / (range.high - range.low);
    return ABOVE + plot_h * (1 - fmin(fmax(up, -1), 2));
}

/* ---- parts */

static void begin_chart(LsFileWriter *writer, const char *title, const char *about, int number)
{
    ls_file_writer_print(writer,
                         "<figure><h3>%s <small>%s</small></h3><svg viewBox=\"0 0 %d %d\" "
                         "role=\"img\"><clipPath id=\"c%d\"><rect x=\"%d\" y=\"%d\" width=\"%.0f\" "
                         "height=\"%.0f\"/></clipPath>\n",
                         title, about, WIDTH, HEIGHT, number, LEFT, ABOVE, plot_w, plot_h);
}

static void print_scale_y(LsFileWriter *writer, Range range)
{
    const double tick = tick_of(range);
    for (double at = ceil(range.low / tick) * tick; at <= range.high + tick / 1e6; at += tick) {
        const double y = place_y(range, at);
        ls_file_writer_print(writer,
                             "<path class=\"line\" d=\"M%d %.1fH%.1f\"/><text x=\"%d\" y=\"%.1f\" "
                             "text-anchor=\"end\">%s%.4g</text>",
                             LEFT, y, place_x(1), LEFT - 7, y + 4,
                             at < -tick / 1e6 ? "&minus;" : "",
                             fabs(at) < tick / 1e6 ? 0 : fabs(at));
    }
    ls_file_writer_print(writer, "\n");
}

static void print_under(LsFileWriter *writer, double fraction, const char *anchor, const char *text)
{
    ls_file_writer_print(writer, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>",
                         place_x(fraction), HEIGHT - 14, anchor, text);
}

static int higher_first(const void *a, const void *b)
{
    const Label *x = a;
    const Label *y = b;
    return (x->y > y->y) - (x->y < y->y);
}

/* Names at the right edge beside the ends of their curves, moved apart where they would overlap. */
static void print_labels(LsFileWriter *writer, const CliCompare *compare, Label *label, int count,
                         int digits)
{
    qsort(label, (size_t)count, sizeof *label, higher_first);
    for (int i = 0; i < count; i++) {
        label[i].y = fmin(fmax(label[i].y, ABOVE + 4), ABOVE + plot_h);
        if (i > 0 && label[i].y < label[i - 1].y + LINE) {
            label[i].y = label[i - 1].y + LINE;
        }
    }
    double floor_y = HEIGHT - 8;
    for (int i = count - 1; i >= 0; i--) {
        label[i].y = fmin(label[i].y, floor_y);
        floor_y = label[i].y - LINE;
    }
    for (int i = 0; i < count; i++) {
        ls_file_writer_print(writer,
                             "<text class=\"name\" x=\"%.1f\" y=\"%.1f\" style=\"fill:%s\">",
                             place_x(1) + 8, label[i].y + 4, cli_compare_color(label[i].side));
        cli_compare_print_text(writer, compare->side[label[i].side].preset->title);
        if (label[i].beyond) {
            ls_file_writer_print(writer, " <tspan>");
            cli_compare_print_number(writer, label[i].value, digits);
            ls_file_writer_print(writer, "</tspan>");
        }
        ls_file_writer_print(writer, "</text>\n");
    }
}

/* ---- curves in time */

static double done_at(const CliCompare *compare, const CliComparePoint *point)
{
    return compare->images > 0 ? point->images / (double)compare->images
                               : point->seconds / compare->seconds;
}

static void print_curve(LsFileWriter *writer, const CliCompare *compare, int index, int curve,
                        Range range)
{
    const CliCompareSide *side = &compare->side[index];
    ls_file_writer_print(writer, "<polyline stroke=\"%s\" points=\"", cli_compare_color(index));
    for (int k = 0; k < side->points; k++) {
        const double value = side->point[k].value[curve];
        if (isfinite(value)) {
            ls_file_writer_print(writer, "%.1f,%.1f ",
                                 place_x(fmin(done_at(compare, &side->point[k]), 1)),
                                 place_y(range, value));
        }
    }
    ls_file_writer_print(writer, "\"/>\n");
}

static void print_time_chart(LsFileWriter *writer, const CliCompare *compare, int curve)
{
    const Range range = range_of(compare, curve);
    begin_chart(writer, titles[curve], "held-out, nats", curve);
    print_scale_y(writer, range);
    char end[64];
    if (compare->images > 0) {
        char images[32];
        ls_text_thousands(compare->images, images);
        (void)snprintf(end, sizeof end, "%s images", images);
    } else {
        (void)snprintf(end, sizeof end, "%.4g s", compare->seconds);
    }
    print_under(writer, 0, "start", "0");
    print_under(writer, 1, "end", end);
    ls_file_writer_print(writer, "<g clip-path=\"url(#c%d)\">\n", curve);
    Label label[CLI_COMPARE_PRESETS];
    int labels = 0;
    for (int i = 0; i < compare->sides; i++) {
        print_curve(writer, compare, i, curve, range);
        const CliComparePoint *last = last_of(&compare->side[i]);
        if (last != NULL && isfinite(last->value[curve])) {
            const double value = last->value[curve];
            label[labels++] = (Label){.y = place_y(range, value),
                                      .side = i,
                                      .value = value,
                                      .beyond = value < range.low || value > range.high};
        }
    }
    ls_file_writer_print(writer, "</g>");
    print_labels(writer, compare, label, labels, 0);
    ls_file_writer_print(writer, "</svg></figure>\n");
}

/* ---- rate and distortion */

/* Lines along which reconstruction and KL cost the same in all. */
static void print_equal(LsFileWriter *writer, Range rate, Range distortion)
{
    const Range sums = {rate.low + distortion.low, rate.high + distortion.high};
    const double tick = tick_of(sums);
    for (double sum = ceil(sums.low / tick) * tick; sum < sums.high; sum += tick) {
        ls_file_writer_print(writer,
                             "<path class=\"line\" stroke-dasharray=\"3 4\" d=\"M%.1f %.1fL%.1f "
                             "%.1f\"/>",
                             place_x(0),
                             ABOVE + plot_h * (1 - (sum - rate.low - distortion.low) /
                                                       (distortion.high - distortion.low)),
                             place_x(1),
                             ABOVE + plot_h * (1 - (sum - rate.high - distortion.low) /
                                                       (distortion.high - distortion.low)));
        const double at = sum - distortion.low; /* the KL where it meets the lower edge */
        if (at > rate.low && at < rate.high) {
            ls_file_writer_print(
                writer, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\" opacity=\".7\">",
                place_x((at - rate.low) / (rate.high - rate.low)) - 8, ABOVE + plot_h - 5);
            cli_compare_print_number(writer, -sum, 0);
            ls_file_writer_print(writer, "</text>");
        }
    }
    ls_file_writer_print(writer, "\n");
}

static double rate_x(Range rate, double kl)
{
    return place_x(fmin(fmax((kl - rate.low) / (rate.high - rate.low), -1), 2));
}

static void print_way(LsFileWriter *writer, const CliCompare *compare, int index, Range rate,
                      Range distortion)
{
    const CliCompareSide *side = &compare->side[index];
    ls_file_writer_print(writer, "<polyline opacity=\".45\" stroke=\"%s\" points=\"",
                         cli_compare_color(index));
    for (int k = 0; k < side->points; k++) {
        const double *value = side->point[k].value;
        if (isfinite(value[0]) && isfinite(value[1])) {
            ls_file_writer_print(writer, "%.1f,%.1f ", rate_x(rate, value[1]),
                                 place_y(distortion, value[0]));
        }
    }
    ls_file_writer_print(writer, "\"/>");
    for (int seed = 0; seed < compare->seeds; seed++) {
        const CliCompareFigure *figure = side->figure[seed];
        if (isfinite(figure[1].value) && isfinite(figure[2].value)) {
            ls_file_writer_print(writer, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>",
                                 rate_x(rate, figure[2].value),
                                 place_y(distortion, figure[1].value), cli_compare_color(index));
        }
    }
    ls_file_writer_print(writer, "\n");
}

static void print_rate_chart(LsFileWriter *writer, const CliCompare *compare)
{
    const Range distortion = range_of(compare, 0);
    const Range rate = range_of(compare, 1);
    begin_chart(writer, "Rate and distortion",
                "KL to the right, reconstruction upwards, nats; broken lines: equal ELBO", CURVES);
    print_scale_y(writer, distortion);
    const double tick = tick_of(rate);
    for (double at = ceil(rate.low / tick) * tick; at <= rate.high; at += tick) {
        char text[32];
        (void)snprintf(text, sizeof text, "%.4g", at);
        print_under(writer, (at - rate.low) / (rate.high - rate.low), "middle", text);
    }
    ls_file_writer_print(writer, "<g clip-path=\"url(#c%d)\">\n", CURVES);
    print_equal(writer, rate, distortion);
    Label label[CLI_COMPARE_PRESETS];
    int labels = 0;
    for (int i = 0; i < compare->sides; i++) {
        print_way(writer, compare, i, rate, distortion);
        const CliComparePoint *last = last_of(&compare->side[i]);
        if (last != NULL && isfinite(last->value[0])) {
            label[labels++] = (Label){.y = place_y(distortion, last->value[0]),
                                      .side = i,
                                      .value = last->value[1],
                                      .beyond = last->value[1] > rate.high};
        }
    }
    ls_file_writer_print(writer, "</g>");
    print_labels(writer, compare, label, labels, 0);
    ls_file_writer_print(writer, "</svg></figure>\n");
}

void cli_compare_print_charts(LsFileWriter *writer, const CliCompare *compare)
{
    for (int curve = 0; curve < CURVES; curve++) {
        print_time_chart(writer, compare, curve);
    }
    print_rate_chart(writer, compare);
}
