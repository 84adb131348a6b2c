/* The report of a comparison as one page that needs nothing else: pictures are in it, curves are drawn
 * in it, and it asks no network for anything. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"

#include "cli/compare_chart.h"
#include "cli/compare_result.h"

enum {
    PICTURE_MOST = 64 << 20
};

static const double sure = 2; /* standard errors that tell two figures apart */

static const char style[] =
    "*{box-sizing:border-box}body{background:#0b0e14;color:#e8ecf2;font:14px/1.5 Inter,system-ui,"
    "sans-serif;margin:0 auto;max-width:1360px;padding:40px 32px 64px}"
    "h1{font-size:28px;font-weight:600;margin:0 0 6px}h2{font-size:18px;font-weight:600;"
    "margin:44px 0 2px}h3{margin:0;font-size:15px;font-weight:600}"
    "p{color:#8b95a5;margin:4px 0;max-width:88ch}small,td small{color:#8b95a5;font-size:12px;"
    "font-weight:400}section,article{background:#131822;border:1px solid #222a37;"
    "border-radius:10px;padding:18px;margin:14px 0 0}.scroll{overflow-x:auto}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
    "td,th{padding:7px 8px;border-bottom:1px solid #1c2330;text-align:right;white-space:nowrap;"
    "vertical-align:top;line-height:1.3}th{color:#8b95a5;font-weight:500;font-size:12px;"
    "white-space:normal;vertical-align:bottom}tr:last-child td{border:0}"
    "td:first-child,th:first-child{text-align:left}td small{display:block;font-size:11px}"
    ".best{color:#2dd4a7;font-weight:600}.near{color:#8fe3cb}.bad{color:#ff8a7a}"
    ".key{display:inline-block;width:9px;height:9px;border-radius:5px;margin-right:8px}"
    ".charts,.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(540px,1fr));gap:14px;"
    "margin-top:14px}.charts figure,.cards article{margin:0}figure{background:#131822;"
    "border:1px solid #222a37;border-radius:10px;padding:18px}svg{width:100%;display:block;"
    "margin-top:8px}svg text{fill:#8b95a5;font-size:11.5px}svg .name{font-size:12px}"
    "svg .name tspan{fill:#8b95a5}svg .line{stroke:#222a37;fill:none}polyline{fill:none;"
    "stroke-width:1.7;stroke-linejoin:round}.side{display:grid;grid-template-columns:1fr 1fr;"
    "gap:14px;margin-top:12px}.side img{width:100%;border-radius:6px;background:#000;display:block}"
    ".side p{font-size:12px;margin:0 0 4px}code{color:#8b95a5;font:12px ui-monospace,monospace;"
    "overflow-wrap:anywhere}article p.expect{min-height:42px}"
    ".facts{display:flex;flex-wrap:wrap;gap:4px 18px;margin-top:8px;color:#8b95a5;font-size:13px}"
    ".facts b{color:#e8ecf2;font-weight:600}";

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

/* ---- the table */

/* How far from the best there could be; less is better. What is better lower is a distance or a gap: below
 * 0 there is none. */
static double distance(LsMeasureBetter better, double value)
{
    return better == LS_MEASURE_UP     ? -value
           : better == LS_MEASURE_DOWN ? fmax(value, 0)
                                       : fabs(value - 1);
}

/* Whether a figure may be the best: what lies near 1 on average alone, its seeds far apart, is not. */
static bool can_be_best(const CliCompareRow *row, const CliCompareFigure *figure)
{
    return isfinite(figure->value) &&
           !(row->better == LS_MEASURE_ONE && figure->error > fabs(figure->value) / 4);
}

/* The preset that is best in a row; -1: the row has none, or the presets do not differ in it. */
static int best_of(const CliCompare *compare, int row)
{
    const CliCompareRow shown = cli_compare_row(row);
    int best = -1;
    bool differ = false;
    for (int i = 0; shown.ranked && i < compare->sides; i++) {
        const double value = compare->side[i].mean[row].value;
        if (!can_be_best(&shown, &compare->side[i].mean[row])) {
            continue;
        }
        const double top = best >= 0 ? compare->side[best].mean[row].value : value;
        differ = differ || value != top;
        if (best < 0 || distance(shown.better, value) < distance(shown.better, top)) {
            best = i;
        }
    }
    return differ ? best : -1;
}

/* "best"; "near" where the errors do not tell it from the best; else "". */
static const char *rank_of(const CliCompare *compare, int row, int side, int best)
{
    if (best < 0) {
        return "";
    }
    const CliCompareFigure *a = &compare->side[best].mean[row];
    const CliCompareFigure *b = &compare->side[side].mean[row];
    const LsMeasureBetter better = cli_compare_row(row).better;
    if (distance(better, a->value) == distance(better, b->value)) {
        return "best";
    }
    return fabs(a->value - b->value) <= sure * hypot(a->error, b->error) ? "near" : "";
}

static void print_figure(LsFileWriter *writer, const CliCompareFigure *figure, int digits,
                         const char *rank)
{
    if (!isfinite(figure->value)) {
        ls_file_writer_print(writer, "<td>&ndash;</td>");
        return;
    }
    ls_file_writer_print(writer, "<td class=\"%s\">", rank);
    cli_compare_print_number(writer, figure->value, digits);
    if (isfinite(figure->error) && figure->error > 0) {
        ls_file_writer_print(writer, "<small>&plusmn; %.*f</small>", digits + (digits < 3),
                             figure->error);
    }
    ls_file_writer_print(writer, "</td>");
}

static void print_table(LsFileWriter *writer, const CliCompare *compare, bool of_samples)
{
    int best[CLI_COMPARE_ROWS];
    ls_file_writer_print(writer, "<section class=\"scroll\"><table><tr><th>%s</th>",
                         of_samples ? "Samples from the prior" : "Held-out images and codes");
    for (int row = 0; row < CLI_COMPARE_ROWS; row++) {
        const CliCompareRow shown = cli_compare_row(row);
        best[row] = best_of(compare, row);
        if (shown.of_samples == of_samples) {
            ls_file_writer_print(writer, "<th title=\"");
            cli_compare_print_text(writer, shown.help);
            ls_file_writer_print(writer, "\">");
            cli_compare_print_text(writer, shown.label);
            ls_file_writer_print(writer, " <small>%s</small></th>", shown.unit);
        }
    }
    ls_file_writer_print(writer, "</tr>\n");
    for (int i = 0; i < compare->sides; i++) {
        const CliCompareSide *side = &compare->side[i];
        ls_file_writer_print(writer, "<tr><td><span class=\"key\" style=\"background:%s\"></span>",
                             cli_compare_color(i));
        cli_compare_print_text(writer, side->preset->title);
        ls_file_writer_print(writer, "</td>");
        for (int row = 0; row < CLI_COMPARE_ROWS; row++) {
            const CliCompareRow shown = cli_compare_row(row);
            if (shown.of_samples == of_samples) {
                print_figure(writer, &side->mean[row], shown.digits,
                             rank_of(compare, row, i, best[row]));
            }
        }
        ls_file_writer_print(writer, "</tr>\n");
    }
    ls_file_writer_print(writer, "</table></section>\n");
}

/* ---- the pictures */

static void print_fact(LsFileWriter *writer, const CliCompareSide *side, int row)
{
    const CliCompareRow shown = cli_compare_row(row);
    const CliCompareFigure *figure = &side->mean[row];
    if (isfinite(figure->value)) {
        ls_file_writer_print(writer, "<span>%s <b>", shown.label);
        cli_compare_print_number(writer, figure->value, shown.digits);
        ls_file_writer_print(writer, "</b></span>");
    }
}

static bool print_side(LsFileWriter *writer, const CliCompare *compare, int index, LsError *err)
{
    static const int facts[] = {3, 2, CLI_COMPARE_OWN + LS_MEASURE_SHARPNESS,
                                CLI_COMPARE_OWN + LS_MEASURE_COHERENCE,
                                CLI_COMPARE_OWN + LS_MEASURE_OVERFITTING};
    const CliCompareSide *side = &compare->side[index];
    char line[LS_SETTING_LINE];
    ls_setting_share(ls_train_settings_table(), &side->settings, line);
    ls_file_writer_print(writer, "<article><h3><span class=\"key\" style=\"background:%s\"></span>",
                         cli_compare_color(index));
    cli_compare_print_text(writer, side->preset->title);
    ls_file_writer_print(writer, "</h3><code>");
    cli_compare_print_text(writer, line[0] != '\0' ? line : "the defaults");
    ls_file_writer_print(writer, "</code><p class=\"expect\">");
    cli_compare_print_text(writer, side->preset->expect);
    ls_file_writer_print(writer, "</p>");
    if (side->fault[0] != '\0') {
        ls_file_writer_print(writer, "<p class=\"bad\">");
        cli_compare_print_text(writer, side->fault);
        ls_file_writer_print(writer, "</p>");
    }
    ls_file_writer_print(writer, "<div class=\"facts\">");
    for (size_t i = 0; i < LS_COUNT(facts); i++) {
        print_fact(writer, side, facts[i]);
    }
    ls_file_writer_print(writer, "</div><div class=\"side\"><div><p>Samples from the prior</p>");
    if (!print_picture(writer, compare, side, "samples", "sheet of samples", err)) {
        return false;
    }
    ls_file_writer_print(writer, "</div><div><p>The latent plane, with held-out codes</p>");
    if (!print_picture(writer, compare, side, "map", "map", err)) {
        return false;
    }
    ls_file_writer_print(writer, "</div></div></article>\n");
    return true;
}

/* ---- all of it */

static void print_head(LsFileWriter *writer, const CliCompare *compare)
{
    char length[64];
    char images[32];
    if (compare->images > 0) {
        ls_text_thousands(compare->images, images);
        (void)snprintf(length, sizeof length, "%s images", images);
    } else {
        char seconds[32];
        ls_text_number(compare->seconds, seconds);
        (void)snprintf(length, sizeof length, "%s seconds of training", seconds);
    }
    ls_text_thousands(compare->data->train.count, images);
    ls_file_writer_print(
        writer,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\">"
        "<title>Latentscape: losses compared</title><style>%s</style></head><body>"
        "<h1>What the loss does</h1><p>The same network, begun with the same weights, trained with "
        "%d loss%s on %s images of ",
        style, compare->sides, compare->sides == 1 ? "" : "es", images);
    cli_compare_print_text(writer, compare->data->name);
    ls_file_writer_print(writer, ": %s each, %d seed%s. ", length, compare->seeds,
                         compare->seeds == 1 ? "" : "s");
    ls_file_writer_print(writer,
                         "&plusmn; is the standard error%s. The ELBO is always minus (bce + KL), "
                         "whatever was trained, so that losses can be compared.</p>\n",
                         compare->seeds == 1 ? " of the estimate" : " over the seeds");
}

static bool print_page(LsFileWriter *writer, const CliCompare *compare, LsError *err)
{
    print_head(writer, compare);
    ls_file_writer_print(writer,
                         "<h2>In figures</h2><p>Rest on the head of a column to read how it is "
                         "measured. <span class=\"best\">Bold green</span>: the best of its "
                         "column; <span class=\"near\">pale green</span>: less than two standard "
                         "errors from it.</p>\n");
    print_table(writer, compare, false);
    print_table(writer, compare, true);
    ls_file_writer_print(writer,
                         "<h2>In time</h2><p>Curves of the first run of each preset. What lies far "
                         "from the others has left the frame; its name tells the figure.</p>"
                         "<div class=\"charts\">\n");
    cli_compare_print_charts(writer, compare);
    ls_file_writer_print(writer, "</div><h2>In pictures</h2><p>Codes are coloured by class; the "
                                 "plane reaches from -3 to 3 on both axes. Samples of all presets "
                                 "are of the same codes.</p><div class=\"cards\">\n");
    for (int i = 0; i < compare->sides; i++) {
        if (!print_side(writer, compare, i, err)) {
            return false;
        }
    }
    ls_file_writer_print(writer, "</div></body></html>\n");
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
