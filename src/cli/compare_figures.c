/* The figures of a comparison as JSON, which can be read again, and as CSV. */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/file.h"
#include "latentscape/core/memory.h"
#include "latentscape/core/text.h"

#include "cli/compare_result.h"

enum {
    FILE_MOST = 16 << 20,
    /* numbers from one seed's figure to the next one's, and from one point of a curve to the next */
    SEED_STRIDE = CLI_COMPARE_ROWS * (int)(sizeof(CliCompareFigure) / sizeof(double)),
    POINT_STRIDE = sizeof(CliComparePoint) / sizeof(double)
};

static const char file_name[] = "results.json";
static const char *const curves[CLI_COMPARE_CURVES] = {"rec", "kl", "elbo"};

/* ---- to write */

static void print_number(LsFileWriter *writer, const char *before, double value, const char *none)
{
    char text[32];
    ls_text_number(value, text);
    ls_file_writer_print(writer, "%s%s", before, isfinite(value) ? text : none);
}

static void print_numbers(LsFileWriter *writer, const char *name, const double *first,
                          size_t stride, int count)
{
    ls_file_writer_print(writer, ", \"%s\": [", name);
    for (int i = 0; i < count; i++) {
        print_number(writer, i > 0 ? ", " : "", first[(size_t)i * stride], "null");
    }
    ls_file_writer_print(writer, "]");
}

static void print_json_curve(LsFileWriter *writer, const CliCompareSide *side)
{
    ls_file_writer_print(writer, "}, \"curve\": {\"seed\": %" PRIu64, side->settings.seed);
    print_numbers(writer, "images", &side->point[0].images, POINT_STRIDE, side->points);
    print_numbers(writer, "seconds", &side->point[0].seconds, POINT_STRIDE, side->points);
    for (int curve = 0; curve < CLI_COMPARE_CURVES; curve++) {
        print_numbers(writer, curves[curve], &side->point[0].value[curve], POINT_STRIDE,
                      side->points);
    }
    ls_file_writer_print(writer, "}}");
}

static void print_json_side(LsFileWriter *writer, const CliCompare *compare,
                            const CliCompareSide *side)
{
    char line[LS_SETTING_LINE];
    ls_setting_share(ls_train_settings_table(), &side->settings, line);
    ls_file_writer_print(writer,
                         "    {\"preset\": \"%s\", \"settings\": \"%s\", \"fault\": \"%s\", "
                         "\"figures\": {",
                         side->preset->name, line, side->fault);
    for (int row = 0; row < CLI_COMPARE_ROWS; row++) {
        ls_file_writer_print(writer, "%s\n      \"%s\": {", row > 0 ? "," : "",
                             cli_compare_row(row).name);
        print_number(writer, "\"mean\": ", side->mean[row].value, "null");
        print_number(writer, ", \"error\": ", side->mean[row].error, "null");
        print_numbers(writer, "seeds", &side->figure[0][row].value, SEED_STRIDE, compare->seeds);
        print_numbers(writer, "errors", &side->figure[0][row].error, SEED_STRIDE, compare->seeds);
        ls_file_writer_print(writer, "}");
    }
    print_json_curve(writer, side);
}

/* A word in quotes. */
static void print_word(LsFileWriter *writer, const char *word)
{
    ls_file_writer_print(writer, "\"");
    for (const char *at = word; *at != '\0'; at++) {
        ls_file_writer_print(writer, *at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
    }
    ls_file_writer_print(writer, "\"");
}

static bool save_json(const CliCompare *compare, LsError *err)
{
    char path[LS_PATH_MAX];
    LsFileWriter *writer = ls_path_join(compare->folder, file_name, path, err)
                               ? ls_file_writer_create(path, err)
                               : NULL;
    if (writer == NULL) {
        return false;
    }
    print_number(writer, "{\"seconds\": ", compare->seconds, "null");
    ls_file_writer_print(writer,
                         ", \"images\": %" PRIu64 ", \"seeds\": %d, \"backend\": \"%s\", "
                         "\"data\": ",
                         compare->images, compare->seeds, compare->backend);
    print_word(writer, compare->data->name);
    ls_file_writer_print(writer, ", \"presets\": [");
    bool first = true;
    for (int i = 0; i < compare->sides; i++) {
        if (compare->side[i].done) {
            ls_file_writer_print(writer, first ? "\n" : ",\n");
            print_json_side(writer, compare, &compare->side[i]);
            first = false;
        }
    }
    ls_file_writer_print(writer, "\n]}\n");
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
        for (int seed = 0; side->done && seed < compare->seeds; seed++) {
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

bool cli_compare_save_figures(CliCompare *compare, LsError *err)
{
    cli_compare_average(compare);
    return save_json(compare, err) && save_csv(compare, err);
}

/* ---- to read again */

static bool is_text(const json_t *object, const char *name, const char *text)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value != NULL && strcmp(value, text) == 0;
}

/* Numbers of an array into every stride-th place; what is no number is NaN. Returns how many there are. */
static int read_numbers(const json_t *object, const char *name, double *first, size_t stride,
                        int most)
{
    const json_t *array = json_object_get(object, name);
    int count = 0;
    for (size_t i = 0; i < json_array_size(array) && count < most; i++) {
        const json_t *value = json_array_get(array, i);
        first[(size_t)count++ * stride] =
            json_is_number(value) ? json_number_value(value) : (double)NAN;
    }
    return count;
}

/* Everything of a preset; only where it is whole is it done. */
static void read_side(const json_t *object, int seeds, CliCompareSide *side)
{
    const json_t *figures = json_object_get(object, "figures");
    bool whole = true;
    for (int row = 0; row < CLI_COMPARE_ROWS; row++) {
        const json_t *figure = json_object_get(figures, cli_compare_row(row).name);
        whole = read_numbers(figure, "seeds", &side->figure[0][row].value, SEED_STRIDE, seeds) ==
                    seeds &&
                read_numbers(figure, "errors", &side->figure[0][row].error, SEED_STRIDE, seeds) ==
                    seeds &&
                whole;
    }
    const json_t *curve = json_object_get(object, "curve");
    side->points =
        read_numbers(curve, "images", &side->point[0].images, POINT_STRIDE, CLI_COMPARE_POINTS);
    whole = read_numbers(curve, "seconds", &side->point[0].seconds, POINT_STRIDE, side->points) ==
                side->points &&
            whole;
    for (int i = 0; i < CLI_COMPARE_CURVES; i++) {
        whole = read_numbers(curve, curves[i], &side->point[0].value[i], POINT_STRIDE,
                             side->points) == side->points &&
                whole;
    }
    const char *fault = json_string_value(json_object_get(object, "fault"));
    (void)snprintf(side->fault, sizeof side->fault, "%s", fault != NULL ? fault : "");
    side->done = whole;
}

static void read_sides(const json_t *json, CliCompare *compare)
{
    const json_t *sides = json_object_get(json, "presets");
    char line[LS_SETTING_LINE];
    for (int i = 0; i < compare->sides; i++) {
        CliCompareSide *side = &compare->side[i];
        ls_setting_share(ls_train_settings_table(), &side->settings, line);
        for (size_t k = 0; k < json_array_size(sides) && !side->done; k++) {
            const json_t *object = json_array_get(sides, k);
            if (is_text(object, "preset", side->preset->name) &&
                is_text(object, "settings", line)) {
                read_side(object, compare->seeds, side);
            }
        }
    }
}

bool cli_compare_load_figures(CliCompare *compare, LsError *err)
{
    char path[LS_PATH_MAX];
    if (!ls_path_join(compare->folder, file_name, path, err)) {
        return false;
    }
    if (!ls_file_exists(path)) {
        return true;
    }
    uint8_t *text = NULL;
    size_t size = 0;
    if (!ls_file_read(path, FILE_MOST, &text, &size, err)) {
        return false;
    }
    json_error_t fault;
    json_t *json = json_loadb((const char *)text, size, 0, &fault);
    ls_memory_free(text);
    if (json == NULL) {
        return ls_fail(err, LS_ERR_FORMAT, "%s: line %d is not valid JSON: %s.", path, fault.line,
                       fault.text);
    }
    const double images = (double)json_integer_value(json_object_get(json, "images"));
    const double seconds = json_number_value(json_object_get(json, "seconds"));
    if (images == (double)compare->images && (images > 0 || seconds == compare->seconds) &&
        json_integer_value(json_object_get(json, "seeds")) == compare->seeds &&
        is_text(json, "backend", compare->backend) && is_text(json, "data", compare->data->name)) {
        read_sides(json, compare);
    }
    json_decref(json);
    return true;
}
