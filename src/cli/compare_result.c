#include "cli/compare_result.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "latentscape/core/file.h"
#include "latentscape/core/text.h"

static const CliCompareRow own[CLI_COMPARE_OWN] = {
    {"steps", "steps", "", "Training steps done in the time given.", 0},
    {"rec", "reconstruction, bce", "nats",
     "Of held-out images, whatever the model was trained with.", 1},
    {"kl", "KL divergence", "nats", "Of held-out images' codes from the prior.", 2},
    {"elbo", "ELBO", "nats", "Minus the sum of both: nearer to zero is better.", 1},
    {"log_p", "log p(x), exact", "nats",
     "Summed over the plane of two latent dimensions, on the first 1,024 held-out images.", 1},
    {"gap", "ELBO's gap", "nats", "KL(q(z|x) || p(z|x)): what the ELBO falls short of log p(x).",
     2},
};

CliCompareRow cli_compare_row(int index)
{
    if (index < CLI_COMPARE_OWN) {
        return own[index];
    }
    const LsMeasureRow *row = &ls_measure_rows()[index - CLI_COMPARE_OWN];
    return (CliCompareRow){row->name, row->label, row->unit, row->help, row->digits};
}

bool cli_compare_picture(const CliCompare *compare, const CliCompareSide *side, const char *what,
                         char *out, LsError *err)
{
    char name[128];
    (void)snprintf(name, sizeof name, "%s-%s.png", side->preset->name, what);
    return ls_path_join(compare->folder, name, out, err);
}

static CliCompareFigure average(const CliCompareSide *side, int seeds, int row)
{
    if (seeds == 1) {
        return side->figure[0][row];
    }
    double sum = 0;
    double square = 0;
    for (int i = 0; i < seeds; i++) {
        const double off = side->figure[i][row].value - side->figure[0][row].value;
        sum += off;
        square += off * off;
    }
    const double mean = sum / seeds;
    const double variance = fmax(square - seeds * mean * mean, 0) / (seeds - 1);
    return (CliCompareFigure){side->figure[0][row].value + mean, sqrt(variance / seeds)};
}

void cli_compare_average(CliCompare *compare)
{
    for (int i = 0; i < compare->sides; i++) {
        CliCompareSide *side = &compare->side[i];
        for (int row = 0; row < CLI_COMPARE_ROWS; row++) {
            side->mean[row] = average(side, compare->seeds, row);
        }
    }
}

static void print_number(LsFileWriter *writer, const char *before, double value, const char *none)
{
    char text[32];
    ls_text_number(value, text);
    ls_file_writer_print(writer, "%s%s", before, isfinite(value) ? text : none);
}

static void print_json_side(LsFileWriter *writer, const CliCompare *compare,
                            const CliCompareSide *side)
{
    char line[LS_SETTING_LINE];
    ls_setting_share(ls_train_settings_table(), &side->settings, line);
    ls_file_writer_print(writer, "    {\"preset\": \"%s\", \"settings\": \"%s\", \"figures\": {",
                         side->preset->name, line);
    for (int row = 0; row < CLI_COMPARE_ROWS; row++) {
        ls_file_writer_print(writer, "%s\n      \"%s\": {", row > 0 ? "," : "",
                             cli_compare_row(row).name);
        print_number(writer, "\"mean\": ", side->mean[row].value, "null");
        print_number(writer, ", \"error\": ", side->mean[row].error, "null");
        for (int i = 0; i < compare->seeds; i++) {
            print_number(writer, i == 0 ? ", \"seeds\": [" : ", ", side->figure[i][row].value,
                         "null");
        }
        ls_file_writer_print(writer, "]}");
    }
    ls_file_writer_print(writer, "}}");
}

static bool save_json(const CliCompare *compare, LsError *err)
{
    char path[LS_PATH_MAX];
    LsFileWriter *writer = ls_path_join(compare->folder, "results.json", path, err)
                               ? ls_file_writer_create(path, err)
                               : NULL;
    if (writer == NULL) {
        return false;
    }
    print_number(writer, "{\"seconds\": ", compare->seconds, "null");
    ls_file_writer_print(writer, ", \"seeds\": %d, \"presets\": [\n", compare->seeds);
    for (int i = 0; i < compare->sides; i++) {
        print_json_side(writer, compare, &compare->side[i]);
        ls_file_writer_print(writer, "%s\n", i + 1 < compare->sides ? "," : "");
    }
    ls_file_writer_print(writer, "]}\n");
    return ls_file_writer_commit(writer, err);
}

static bool save_csv(const CliCompare *compare, LsError *err)
{
    char path[LS_PATH_MAX];
    LsFileWriter *writer = ls_path_join(compare->folder, "results.csv", path, err)
                               ? ls_file_writer_create(path, err)
                               : NULL;
    if (writer == NULL) {
        return false;
    }
    ls_file_writer_print(writer, "preset,seed,figure,value,error\n");
    for (int i = 0; i < compare->sides; i++) {
        const CliCompareSide *side = &compare->side[i];
        for (int seed = 0; seed < compare->seeds; seed++) {
            for (int row = 0; row < CLI_COMPARE_ROWS; row++) {
                const CliCompareFigure *figure = &side->figure[seed][row];
                ls_file_writer_print(writer, "%s,%" PRIu64 ",%s", side->preset->name,
                                     side->settings.seed + (uint64_t)seed,
                                     cli_compare_row(row).name);
                print_number(writer, ",", figure->value, "");
                print_number(writer, ",", figure->error, "");
                ls_file_writer_print(writer, "\n");
            }
        }
    }
    return ls_file_writer_commit(writer, err);
}

bool cli_compare_save_figures(const CliCompare *compare, LsError *err)
{
    return save_json(compare, err) && save_csv(compare, err);
}
