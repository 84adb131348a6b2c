#include "views/runs_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "views/caption.h"
#include "views/figure.h"
#include "views/measures.h"

enum {
    ROW = 42,     /* px: a name, and its figures below */
    HEAD = 24,    /* px */
    LINE = 20,    /* px of a line of a row */
    FOOT = 40,    /* px of the buttons */
    NUMBER = 26,  /* px of a column */
    WHAT = 22,    /* px of its heading */
    STEPS = 50,   /* px */
    FIGURE = 58,  /* px */
    MEASURE = 62, /* px */
    MEASURED = 4, /* the first column that is a measure: number, what, steps, ELBO come before */
    COLUMNS = MEASURED + LS_MEASURE_COUNT,
};

/* --- sorting ------------------------------------------------------------------------------------ */

static double figure_of(const ViewRunRow *row, int column)
{
    if (column == 0) {
        return row->number;
    }
    if (column == 2) {
        return (double)row->step;
    }
    if (column == 3) {
        return row->elbo;
    }
    const LsMeasureValue *value = &row->measures.value[(column - MEASURED) % LS_MEASURE_COUNT];
    return row->measures.serial > 0 && value->missing == NULL ? value->value : (double)NAN;
}

/* Whether a comes before b. */
static bool before(const ViewRunRow *a, const ViewRunRow *b, int column, bool down)
{
    if (column == 1) {
        const int order = strcmp(a->what, b->what);
        return down ? order > 0 : order < 0;
    }
    const double x = figure_of(a, column);
    const double y = figure_of(b, column);
    if (!isfinite(x) || !isfinite(y)) {
        return isfinite(x) && !isfinite(y);
    }
    return down ? x > y : x < y;
}

void view_runs_table_sort(const ViewRunRow *rows, int count, int column, bool down, int *order)
{
    for (int i = 0; i < count; i++) { /* few rows, and equal ones keep their order */
        int at = i;
        while (at > 0 && before(&rows[i], &rows[order[at - 1]], column, down)) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
}

/* --- choosing ----------------------------------------------------------------------------------- */

static bool is_chosen(const ViewRunsTable *table, int number)
{
    return table->chosen[0] == number || table->chosen[1] == number;
}

/* A click chooses, a second one lets go; of three the oldest choice goes. */
static void choose(ViewRunsTable *table, int number)
{
    if (table->chosen[1] == number) {
        table->chosen[1] = 0;
    } else if (table->chosen[0] == number) {
        table->chosen[0] = table->chosen[1];
        table->chosen[1] = 0;
    } else if (table->chosen[0] == 0) {
        table->chosen[0] = number;
    } else {
        table->chosen[0] = table->chosen[1] != 0 ? table->chosen[1] : table->chosen[0];
        table->chosen[1] = number;
    }
}

/* --- drawing ------------------------------------------------------------------------------------ */

/* How many measures find room beside each other. */
static int measures_across(float width)
{
    const int room = (int)((width - NUMBER - WHAT - STEPS - FIGURE) / MEASURE);
    return room < 1 ? 1 : room < LS_MEASURE_COUNT ? room : LS_MEASURE_COUNT;
}

/* The columns of a line; those of measures that are turned away have no width.
 * Shapes: cell [COLUMNS]. */
static void split(const ViewRunsTable *table, UiRect line, UiRect *cell)
{
    const int across = measures_across(line.w);
    const int left =
        LS_MEASURE_COUNT - table->first < across ? LS_MEASURE_COUNT - table->first : across;
    memset(cell, 0, COLUMNS * sizeof *cell);
    ui_rect_cut_right(&line, (float)((across - left) * MEASURE));
    for (int i = left; i-- > 0;) {
        cell[MEASURED + table->first + i] = ui_rect_cut_right(&line, MEASURE);
    }
    cell[3] = ui_rect_cut_right(&line, FIGURE);
    cell[2] = ui_rect_cut_right(&line, STEPS);
    cell[0] = ui_rect_cut_left(&line, NUMBER);
    cell[1] = line;
}

static void draw_head(ViewRunsTable *table, Ui *ui, UiRect line)
{
    static const char *const ids[MEASURED] = {"number", "what", "steps", "elbo"};
    static const char *const names[MEASURED] = {"#", "run", "steps", "ELBO"};
    const LsMeasureRow *measures = ls_measure_rows();
    UiRect cell[COLUMNS];
    split(table, line, cell);
    for (int i = 0; i < COLUMNS; i++) {
        const LsMeasureRow *measure = i < MEASURED ? NULL : &measures[i - MEASURED];
        const char *name = measure == NULL ? names[i] : measure->label;
        char id[48];
        char text[40];
        if (cell[i].w <= 0) {
            continue;
        }
        (void)snprintf(id, sizeof id, "runs.by.%s", measure == NULL ? ids[i] : measure->name);
        const UiHit hit = ui_area(ui, id, cell[i], true);
        if (hit.clicked || hit.key_enter) {
            table->down = table->column == i ? !table->down : i > 1;
            table->column = i;
        }
        if (ui_text_width(ui, UI_FONT_SMALL, name) > cell[i].w && measure != NULL) {
            name = measure->name;
        }
        (void)snprintf(text, sizeof text, "%.20s%s", name,
                       table->column != i ? ""
                       : table->down      ? " ↓"
                                          : " ↑");
        ui_draw_text(ui, cell[i], UI_FONT_SMALL, i < 2 ? UI_LEFT : UI_RIGHT,
                     table->column == i || hit.over ? UI_TEXT : UI_MUTED, text);
        if (hit.focused) {
            ui_draw_frame(ui, cell[i], 3, 1.6F, UI_ACTION);
        }
        ui_tooltip(ui, cell[i],
                   measure == NULL ? "Sorts by this column; again, the other way round."
                                   : measure->help,
                   NULL);
    }
}

/* Returns whether the run is asked for. */
static bool draw_row(ViewRunsTable *table, Ui *ui, const ViewRunRow *row, UiRect line)
{
    char id[32];
    char text[512];
    UiRect cell[COLUMNS];
    (void)snprintf(id, sizeof id, "runs.%d", row->number);
    const UiHit hit = ui_area(ui, id, line, true);
    if (hit.clicked || hit.key_enter) {
        choose(table, row->number);
    }
    const bool lit = is_chosen(table, row->number);
    if (lit || hit.over) {
        ui_draw_round(ui, line, UI_ROUND, lit ? UI_HOVER : ui_color_fade(UI_HOVER, 0.5F));
    }
    if (lit && table->chosen[1] != 0) {
        ui_draw_rect(ui, (UiRect){line.x, line.y + 4, 2, line.h - 8},
                     table->chosen[0] == row->number ? UI_SIDE_A : UI_SIDE_B);
    }
    UiRect upper = {line.x + 6, line.y + 1, line.w - 10, LINE};
    split(table, (UiRect){upper.x, upper.y + LINE, upper.w, LINE}, cell);
    cell[0] = ui_rect_cut_left(&upper, NUMBER);
    cell[1] = upper; /* the whole line */
    (void)snprintf(text, sizeof text, "%d", row->number);
    ui_draw_text(ui, cell[0], UI_FONT_SMALL, UI_LEFT, UI_MUTED, text);
    (void)snprintf(text, sizeof text, "%.200s", row->what);
    ui_draw_text(ui, cell[1], UI_FONT_BODY, UI_LEFT, row->color, text);
    char figure[VIEW_FIGURE];
    view_figure_count(row->step, figure);
    ui_draw_text(ui, cell[2], UI_FONT_SMALL, UI_RIGHT, UI_SOFT, figure);
    view_figure_nats(row->elbo, figure);
    ui_draw_text(ui, cell[3], UI_FONT_STRONG, UI_RIGHT, UI_TEXT, figure);
    for (int i = MEASURED; i < COLUMNS; i++) {
        if (cell[i].w <= 0) {
            continue;
        }
        const LsMeasureValue *value = &row->measures.value[i - MEASURED];
        (void)snprintf(text, sizeof text, "–");
        if (row->measures.serial > 0) {
            view_measures_figure(&ls_measure_rows()[i - MEASURED], value, text);
        }
        ui_draw_text(ui, cell[i], UI_FONT_SMALL, UI_RIGHT, UI_SOFT, text);
    }
    if (hit.focused) {
        ui_draw_frame(ui, line, UI_ROUND, 1.6F, UI_ACTION);
    }
    (void)snprintf(text, sizeof text, "Run %d, %.40s: %.300s.%s", row->number, row->how, row->what,
                   row->kept ? "" : " Its weights are gone; its settings are here.");
    ui_tooltip(ui, line, text, NULL);
    return hit.double_clicked;
}

/* Buttons that turn to the measures before and after those shown. */
static void draw_turns(ViewRunsTable *table, Ui *ui, UiRect *foot, int across)
{
    static const struct {
        const char *id, *label, *help;
    } turn[] = {{"runs.more", "›", "Shows the next measures."},
                {"runs.fewer", "‹", "Shows the measures before."}};

    const float width = ui_button_width(ui, turn[0].label, UI_LOOK_PLAIN);
    if (2 * width > foot->w) {
        return;
    }
    for (size_t i = 0; i < LS_COUNT(turn); i++) {
        const int to = table->first + (i == 0 ? across : -across);
        const UiRect place = ui_rect_cut_right(foot, width);
        if (ui_button(ui, turn[i].id, place, turn[i].label, UI_LOOK_PLAIN, false,
                      i == 0 ? to < LS_MEASURE_COUNT : table->first > 0)) {
            table->first = to > 0 ? to : 0;
        }
        ui_tooltip(ui, place, turn[i].help, NULL);
    }
}

static ViewRunsWish draw_foot(ViewRunsTable *table, Ui *ui, UiRect foot, bool any, bool can)
{
    const float width = foot.w - 10; /* of a line of the table */
    ViewRunsWish wish = VIEW_RUNS_NOTHING;
    const bool two = table->chosen[1] != 0;
    const char *label = two ? "Run both, as A and B" : "Go back to this run";
    foot.y += 8;
    foot.h = UI_CONTROL_H + 4;
    const UiRect go = ui_rect_cut_left(&foot, ui_button_width(ui, label, UI_LOOK_RAISED));
    if (ui_button(ui, "runs.go", go, label, UI_LOOK_RAISED, false, can && table->chosen[0] != 0)) {
        wish = two ? VIEW_RUNS_PAIR : VIEW_RUNS_RESTORE;
    }
    ui_tooltip(
        ui, go,
        "One run chosen: its model and settings come back, and the present run goes into the "
        "table. Two chosen: they become A and B of a fork.",
        NULL);
    const UiRect csv = ui_rect_cut_right(&foot, ui_button_width(ui, "CSV", UI_LOOK_PLAIN));
    if (ui_button(ui, "export.runs", csv, "CSV", UI_LOOK_PLAIN, false, any)) {
        wish = VIEW_RUNS_EXPORT;
    }
    draw_turns(table, ui, &foot, measures_across(width));
    return wish;
}

ViewRunsWish view_runs_table_draw(ViewRunsTable *table, View *view, UiRect rect,
                                  const ViewRunRow *rows, int count, bool can)
{
    Ui *ui = view->ui;
    int order[VIEW_RUNS_MOST];
    ui_draw_round(ui, rect, UI_RADIUS, UI_CARD);
    ui_draw_frame(ui, rect, UI_RADIUS, 1, UI_RULE);
    UiRect inside = {rect.x + UI_PAD - 4, rect.y + 8, rect.w - 2 * UI_PAD + 8, rect.h - 16};
    UiRect foot = ui_rect_cut_bottom(&inside, FOOT);
    UiRect head = ui_rect_cut_top(&inside, HEAD);
    head.x += 6;
    head.w -= 10;
    draw_head(table, ui, head);
    count = count < VIEW_RUNS_MOST ? count : VIEW_RUNS_MOST;
    view_runs_table_sort(rows, count, table->column, table->down, order);
    const UiRect wider = {inside.x, inside.y, inside.w + UI_PAD - 5,
                          inside.h}; /* the bar in the edge */
    UiRect port = ui_scroll_begin(ui, "runs.table", wider, &table->offset, table->height);
    port.w = inside.w;
    int wanted = 0;
    for (int i = 0; i < count; i++) {
        const ViewRunRow *row = &rows[order[i]];
        wanted = draw_row(table, ui, row, ui_rect_cut_top(&port, ROW)) ? row->number : wanted;
    }
    table->height = (float)(count * ROW);
    ui_scroll_end(ui);
    if (count < 2) {
        UiRect note = {inside.x + 6, inside.y + (float)(count * ROW) + 8, inside.w - 12, 80};
        (void)ui_draw_paragraph(ui, note, UI_FONT_SMALL, UI_MUTED,
                                "Every fork, preset and reset leaves the run before it here.",
                                true);
    }
    const ViewRunsWish wish = draw_foot(table, ui, foot, count > 0, can);
    if (wanted > 0 && can) {
        table->chosen[0] = wanted;
        table->chosen[1] = 0;
        return VIEW_RUNS_RESTORE;
    }
    return wish;
}
