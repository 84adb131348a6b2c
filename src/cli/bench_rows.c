#include "cli/bench_rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "latentscape/core/file.h"
#include "latentscape/core/text.h"

static const double steal_worth_saying = 0.01;

void cli_bench_rows_add(CliBenchRows *rows, const char *part, const char *name, double value,
                        const char *unit, double limit)
{
    if (rows->count == CLI_BENCH_ROWS_MOST) {
        return;
    }
    CliBenchRow *row = &rows->row[rows->count++];
    *row = (CliBenchRow){
        .part = part, .value = value, .unit = unit, .limit = limit, .steal = (double)NAN};
    ls_text_clean(name, row->name, sizeof row->name);
}

double cli_bench_rows_ratio(const CliBenchRow *row)
{
    return isfinite(row->limit) && row->limit != 0 ? row->value / row->limit : (double)NAN;
}

/* About four digits, and thousands apart: 19,034 or 0.2814; "-" for what is not known. */
static void figure(double value, char *out, size_t size)
{
    if (!isfinite(value)) {
        snprintf(out, size, "-");
    } else if (fabs(value) >= 1000) {
        char digits[32];
        ls_text_thousands((uint64_t)(fabs(value) + 0.5), digits);
        snprintf(out, size, "%s%s", value < 0 ? "-" : "", digits);
    } else {
        snprintf(out, size, "%.*f", fabs(value) >= 100 ? 1 : fabs(value) >= 10 ? 2 : 4, value);
    }
}

void cli_bench_rows_print(const CliBenchRows *rows, int first)
{
    if (first == 0) {
        printf("%-8s %-32s %12s %-11s %12s %8s\n", "part", "name", "value", "unit", "limit",
               "ratio");
    }
    for (int i = first; i < rows->count; i++) {
        const CliBenchRow *row = &rows->row[i];
        const double ratio = cli_bench_rows_ratio(row);
        char value[48];
        char limit[48];
        char of[48];
        figure(row->value, value, sizeof value);
        figure(row->limit, limit, sizeof limit);
        (void)snprintf(of, sizeof of, isfinite(ratio) ? "%.3f" : "-", ratio);
        printf("%-8s %-32s %12s %-11s %12s %8s", row->part, row->name, value, row->unit, limit, of);
        if (row->steal > steal_worth_saying) {
            printf("  steal %.0f%%", row->steal * 100);
        }
        printf("\n");
    }
    (void)fflush(stdout); /* what does not arrive is told at the end */
}

static void add_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text != '\0'; text++) {
        fprintf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    }
    fputc('"', out);
}

static void add_number(FILE *out, const char *name, double value)
{
    char text[32];
    ls_text_number(value, text);
    fprintf(out, ", \"%s\": %s", name, isfinite(value) ? text : "null");
}

static void write_rows(const CliBenchRows *rows, FILE *out)
{
    for (int i = 0; i < rows->count; i++) {
        const CliBenchRow *row = &rows->row[i];
        fputs(i == 0 ? "[\n  {\"part\": " : ",\n  {\"part\": ", out);
        add_text(out, row->part);
        fputs(", \"name\": ", out);
        add_text(out, row->name);
        add_number(out, "value", row->value);
        fputs(", \"unit\": ", out);
        add_text(out, row->unit);
        add_number(out, "limit", row->limit);
        add_number(out, "ratio", cli_bench_rows_ratio(row));
        if (row->steal > steal_worth_saying) {
            add_number(out, "steal", row->steal);
        }
        fputc('}', out);
    }
    fputs(rows->count == 0 ? "[]\n" : "\n]\n", out);
}

bool cli_bench_rows_save(const CliBenchRows *rows, const char *path, LsError *err)
{
    if (strcmp(path, "-") == 0) {
        write_rows(rows, stdout);
        return true;
    }
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) {
        return ls_fail(err, LS_ERR_MEMORY, "There is no memory for the rows.");
    }
    write_rows(rows, out);
    bool ok = fclose(out) == 0 || ls_fail(err, LS_ERR_MEMORY, "There is no memory for the rows.");
    LsFileWriter *file = ok ? ls_file_writer_create(path, err) : NULL;
    ok = file != NULL;
    if (ok) {
        ls_file_writer_add(file, text, size);
        ok = ls_file_writer_commit(file, err);
    }
    free(text);
    return ok;
}
