/* The report of a comparison as one page that needs nothing else: pictures are in it, curves are drawn
 * in it, and it asks no network for anything. */
#include <math.h>
#include <stdio.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"

#include "cli/compare_result.h"

enum {
    CHART_W = 380,
    CHART_H = 220,
    LEFT = 44,
    BELOW = 22,
    PICTURE_MOST = 64 << 20
};

static const char *const colors[] = {"#2dd4a7", "#ff8fab", "#4fa8ff", "#ffb454", "#b98cf5",
                                     "#92dadd", "#e0524f", "#b9ac70", "#94a4a2", "#e8ecf2",
                                     "#7fd14f", "#f0803c", "#c084fc", "#38bdf8", "#facc15"};

static const char *const chart_titles[CLI_COMPARE_CURVES] = {"Reconstruction, bce", "KL divergence",
                                                             "ELBO"};

static const char style[] =
    "body{background:#0b0e14;color:#e8ecf2;font:14px/1.5 system-ui,sans-serif;margin:0 auto;"
    "max-width:1240px;padding:24px}h1{font-size:24px;margin:0}h2{font-size:17px;margin:32px 0 8px}"
    "p{color:#8b95a5;margin:4px 0}section{background:#131822;border:1px solid #222a37;"
    "border-radius:8px;padding:16px;margin:12px 0}.side{display:grid;"
    "grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:16px}.side img{width:100%;"
    "border-radius:4px;background:#000;display:block}h3{margin:0;font-size:15px}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
    "td,th{padding:5px 10px;border-bottom:1px solid #222a37;text-align:right;white-space:nowrap}"
    "td:first-child,th:first-child{text-align:left}th{color:#8b95a5;font-weight:500}"
    "small{color:#8b95a5}.scroll{overflow-x:auto}svg text{fill:#8b95a5;font-size:11px}"
    ".bad{color:#ff8a7a}.charts{display:flex;flex-wrap:wrap;gap:16px}"
    ".key{display:inline-block;width:10px;height:10px;border-radius:5px;margin-right:6px}";

/* Text with what HTML means something by written out. */
static void print_text(LsFileWriter *writer, const char *text)
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

/* Bytes in base 64. */
static void print_base64(LsFileWriter *writer, const uint8_t *data, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < size; i += 3) {
        const size_t left = size - i;
        const unsigned three = (unsigned)data[i] << 16 |
                               (left > 1 ? (unsigned)data[i + 1] << 8 : 0) |
                               (left > 2 ? (unsigned)data[i + 2] : 0);
        char out[4] = {digits[three >> 18], digits[three >> 12 & 63], digits[three >> 6 & 63],
                       digits[three & 63]};
        if (left < 3) {
            out[3] = '=';
        }
        if (left < 2) {
            out[2] = '=';
        }
        ls_file_writer_add(writer, out, sizeof out);
    }
}

/* A picture of the folder, or nothing where there is none: not every model has a map. */
static bool print_picture(LsFileWriter *writer, const CliCompare *compare,
                          const CliCompareSide *side, const char *what, const char *alt,
                          LsError *err)
{
    char path[LS_PATH_MAX];
    uint8_t *data = NULL;
    size_t size = 0;
    if (!cli_compare_picture(compare, side, what, path, err)) {
        return false;
    }
    if (!ls_file_exists(path)) {
        ls_file_writer_print(writer, "<p>No %s: it takes two latent dimensions.</p>", alt);
        return true;
    }
    if (!ls_file_read(path, PICTURE_MOST, &data, &size, err)) {
        return false;
    }
    ls_file_writer_print(writer, "<img alt=\"%s\" src=\"data:image/png;base64,", alt);
    print_base64(writer, data, size);
    ls_file_writer_print(writer, "\">");
    ls_memory_free(data);
    return true;
}

static void print_table(LsFileWriter *writer, const CliCompare *compare)
{
    ls_file_writer_print(writer,
                         "<h2>In figures</h2><section class=\"scroll\"><table><tr><th></th>");
    for (int i = 0; i < compare->sides; i++) {
        ls_file_writer_print(writer, "<th>");
        print_text(writer, compare->side[i].preset->title);
        ls_file_writer_print(writer, "</th>");
    }
    ls_file_writer_print(writer, "</tr>\n");
    for (int row = 0; row < CLI_COMPARE_ROWS; row++) {
        const CliCompareRow shown = cli_compare_row(row);
        ls_file_writer_print(writer, "<tr><td title=\"");
        print_text(writer, shown.help);
        ls_file_writer_print(writer, "\">");
        print_text(writer, shown.label);
        ls_file_writer_print(writer, " <small>%s</small></td>", shown.unit);
        for (int i = 0; i < compare->sides; i++) {
            const CliCompareFigure *figure = &compare->side[i].mean[row];
            if (!isfinite(figure->value)) {
                ls_file_writer_print(writer, "<td>&ndash;</td>");
            } else if (isfinite(figure->error) && figure->error > 0) {
                ls_file_writer_print(writer, "<td>%.*f <small>&plusmn; %.*f</small></td>",
                                     shown.digits, figure->value, shown.digits + 1, figure->error);
            } else {
                ls_file_writer_print(writer, "<td>%.*f</td>", shown.digits, figure->value);
            }
        }
        ls_file_writer_print(writer, "</tr>\n");
    }
    ls_file_writer_print(writer, "</table></section>\n");
}

typedef struct Range {
    double low, high;
} Range;

/* What a chart shows: the later nine tenths of every curve, since the first points dwarf all else. */
static Range range_of(const CliCompare *compare, int curve)
{
    Range range = {(double)INFINITY, -(double)INFINITY};
    for (int i = 0; i < compare->sides; i++) {
        const CliCompareSide *side = &compare->side[i];
        for (int k = side->points / 10; k < side->points; k++) {
            const double value = side->point[k].value[curve];
            if (isfinite(value)) {
                range.low = fmin(range.low, value);
                range.high = fmax(range.high, value);
            }
        }
    }
    if (!(range.high > range.low)) {
        range = (Range){isfinite(range.low) ? range.low - 1 : 0,
                        isfinite(range.low) ? range.low + 1 : 1};
    }
    return range;
}

static void print_curve(LsFileWriter *writer, const CliCompare *compare, int index, int curve,
                        Range range)
{
    const CliCompareSide *side = &compare->side[index];
    ls_file_writer_print(writer,
                         "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\" points=\"",
                         colors[(size_t)index % LS_COUNT(colors)]);
    for (int k = 0; k < side->points; k++) {
        const double value = side->point[k].value[curve];
        if (!isfinite(value)) {
            continue;
        }
        const double x = LEFT + (CHART_W - LEFT - 6) * side->point[k].seconds / compare->seconds;
        const double up = fmin(fmax((value - range.low) / (range.high - range.low), -1), 2);
        ls_file_writer_print(writer, "%.1f,%.1f ", x, 8 + (CHART_H - 8 - BELOW) * (1 - up));
    }
    ls_file_writer_print(writer, "\"/>\n");
}

static void print_chart(LsFileWriter *writer, const CliCompare *compare, int curve)
{
    enum {
        LINES = 4
    };

    const Range range = range_of(compare, curve);
    ls_file_writer_print(writer, "<div><h3>%s <small>held-out, nats</small></h3>",
                         chart_titles[curve]);
    ls_file_writer_print(
        writer,
        "<svg width=\"%d\" height=\"%d\"><defs><clipPath id=\"c%d\"><rect x=\"%d\" "
        "y=\"4\" width=\"%d\" height=\"%d\"/></clipPath></defs>",
        CHART_W, CHART_H, curve, LEFT, CHART_W - LEFT, CHART_H - BELOW);
    for (int i = 0; i <= LINES; i++) {
        const double y = 8 + (CHART_H - 8.0 - BELOW) * (1 - (double)i / LINES);
        ls_file_writer_print(
            writer,
            "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#222a37\"/>"
            "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.4g</text>",
            LEFT, CHART_W, y, y, LEFT - 6, y + 4, range.low + (range.high - range.low) * i / LINES);
    }
    ls_file_writer_print(writer,
                         "<text x=\"%d\" y=\"%d\">0 s</text>"
                         "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.4g s</text>"
                         "<g clip-path=\"url(#c%d)\">\n",
                         LEFT, CHART_H - 6, CHART_W - 2, CHART_H - 6, compare->seconds, curve);
    for (int i = 0; i < compare->sides; i++) {
        print_curve(writer, compare, i, curve, range);
    }
    ls_file_writer_print(writer, "</g></svg></div>\n");
}

static void print_charts(LsFileWriter *writer, const CliCompare *compare)
{
    ls_file_writer_print(writer, "<h2>In time</h2><section><p>");
    for (int i = 0; i < compare->sides; i++) {
        ls_file_writer_print(writer, "<span class=\"key\" style=\"background:%s\"></span>",
                             colors[(size_t)i % LS_COUNT(colors)]);
        print_text(writer, compare->side[i].preset->title);
        ls_file_writer_print(writer, " &emsp;");
    }
    ls_file_writer_print(writer, "</p><div class=\"charts\">");
    for (int curve = 0; curve < CLI_COMPARE_CURVES; curve++) {
        print_chart(writer, compare, curve);
    }
    ls_file_writer_print(writer, "</div><p>The first run of each preset.</p></section>\n");
}

static bool print_side(LsFileWriter *writer, const CliCompare *compare, const CliCompareSide *side,
                       LsError *err)
{
    char line[LS_SETTING_LINE];
    ls_setting_share(ls_train_settings_table(), &side->settings, line);
    ls_file_writer_print(writer, "<section><h3>");
    print_text(writer, side->preset->title);
    ls_file_writer_print(writer, " <small>");
    print_text(writer, line);
    ls_file_writer_print(writer, "</small></h3><p>");
    print_text(writer, side->preset->expect);
    ls_file_writer_print(writer, "</p>");
    if (side->fault[0] != '\0') {
        ls_file_writer_print(writer, "<p class=\"bad\">");
        print_text(writer, side->fault);
        ls_file_writer_print(writer, "</p>");
    }
    ls_file_writer_print(writer, "<div class=\"side\"><div><p>Samples from the prior</p>");
    if (!print_picture(writer, compare, side, "samples", "sheet of samples", err)) {
        return false;
    }
    ls_file_writer_print(writer, "</div><div><p>The latent plane, with held-out codes</p>");
    if (!print_picture(writer, compare, side, "map", "map", err)) {
        return false;
    }
    ls_file_writer_print(writer, "</div></div></section>\n");
    return true;
}

static bool print_page(LsFileWriter *writer, const CliCompare *compare, LsError *err)
{
    char seconds[32];
    ls_text_number(compare->seconds, seconds);
    ls_file_writer_print(writer,
                         "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                         "<title>Latentscape: losses compared</title><style>%s</style></head><body>"
                         "<h1>What the loss does</h1><p>%d losses on %u images of ",
                         style, compare->sides, (unsigned)compare->data->train.count);
    print_text(writer, compare->data->name);
    ls_file_writer_print(writer,
                         ", %s seconds of training each, %d seed%s. All figures are of held-out "
                         "images or of samples "
                         "from the prior; &plusmn; is the standard error%s.</p>\n",
                         seconds, compare->seeds, compare->seeds == 1 ? "" : "s",
                         compare->seeds == 1 ? " of the estimate" : " over the seeds");
    print_table(writer, compare);
    print_charts(writer, compare);
    ls_file_writer_print(writer, "<h2>In pictures</h2>\n");
    for (int i = 0; i < compare->sides; i++) {
        if (!print_side(writer, compare, &compare->side[i], err)) {
            return false;
        }
    }
    ls_file_writer_print(writer, "</body></html>\n");
    return true;
}

bool cli_compare_save_page(const CliCompare *compare, LsError *err)
{
    char path[LS_PATH_MAX];
    LsFileWriter *writer = ls_path_join(compare->folder, "report.html", path, err)
                               ? ls_file_writer_create(path, err)
                               : NULL;
    if (writer == NULL) {
        return false;
    }
    if (!print_page(writer, compare, err)) {
        ls_file_writer_discard(writer);
        return false;
    }
    return ls_file_writer_commit(writer, err);
}
