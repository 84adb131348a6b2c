#include "views/measures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "views/caption.h"
#include "views/figure.h"

enum {
    ROW = 26,        /* px of a measure */
    HEAD = 18,       /* px of a line above the table */
    LABEL = 96,      /* px of a name */
    VALUE = 46,      /* px of a figure */
    ERROR = 50,      /* px of its error */
    CHANGE = 58,     /* px of a difference */
    LEAST_LINE = 24, /* px: a course narrower than this is not drawn */
};

/* --- figures ------------------------------------------------------------------------------------ */

static bool in_nats(const LsMeasureRow *row)
{
    return strcmp(row->unit, "nats") == 0;
}

void view_measures_figure(const LsMeasureRow *row, const LsMeasureValue *value, char *out)
{
    if (value->missing != NULL) {
        (void)snprintf(out, VIEW_FIGURE, "–");
        return;
    }
    if (in_nats(row)) {
        view_figure_nats_short(value->value, out);
        return;
    }
    const double shown = value->value;
    const double size = fabs(shown);
    /* Where figures grow, as codes that drift away, they give up digits, not columns. */
    const int digits = size < 9.9995 ? row->digits : size < 99.95 ? 1 : 0;
    const bool sign = shown < 0 && size >= 0.5 * pow(10, -digits);
    (void)snprintf(out, VIEW_FIGURE, "%s%.*f", sign ? "−" : "",
                   digits < row->digits ? digits : row->digits, size);
}

void view_measures_change(const LsMeasureRow *row, const LsMeasureValue *from,
                          const LsMeasureValue *to, char *out)
{
    out[0] = '\0';
    if (from->missing != NULL || to->missing != NULL) {
        return;
    }
    const double change = to->value - from->value;
    if (in_nats(row)) {
        view_figure_change(change, out);
        return;
    }
    char figure[VIEW_FIGURE];
    const LsMeasureValue size = {.value = fabs(change)};
    view_measures_figure(row, &size, figure);
    const bool seen = fabs(change) >= 0.5 * pow(10, -row->digits);
    (void)snprintf(out, VIEW_FIGURE, "%s%.30s",
                   !seen        ? "±"
                   : change > 0 ? "+"
                                : "−",
                   seen ? figure : "0");
}

int view_measures_verdict(const LsMeasureRow *row, const LsMeasureValue *from,
                          const LsMeasureValue *to)
{
    if (from->missing != NULL || to->missing != NULL ||
        !(fabs(to->value - from->value) > 2 * hypot(from->error, to->error))) {
        return 0;
    }
    double gain = 0;
    switch (row->better) {
    case LS_MEASURE_UP:
        gain = to->value - from->value;
        break;
    case LS_MEASURE_DOWN:
        gain = from->value - to->value;
        break;
    case LS_MEASURE_ONE:
        gain = fabs(from->value - 1) - fabs(to->value - 1);
        break;
    }
    return gain > 0 ? 1 : -1;
}

const LsMeasures *view_measures_before(const View *view, const LsMarker **change)
{
    const uint64_t step = view->past ? view->snapshot->measures.step : UINT64_MAX;
    const LsMeasures *before = ls_history_measures_before(view->history, step, change);
    return before != NULL && before->step < view->snapshot->measures.step ? before : NULL;
}

const char *view_measures_nothing(const View *view)
{
    return view->past ? "it was not measured by then" : "it is being measured";
}

/* --- a row -------------------------------------------------------------------------------------- */

/* What the curve says under the mouse: step and figure, above the row. */
static void draw_reading(const ViewMeasures *measures, Ui *ui, int id, UiRect box, float x)
{
    const LsMeasureRow *row = &ls_measure_rows()[id];
    const LsMeasures *at = view_course_at(&measures->courses, (x - box.x) / box.w);
    char step[VIEW_FIGURE];
    char figure[VIEW_FIGURE];
    char error[VIEW_FIGURE];
    char text[3 * VIEW_FIGURE + 16];
    if (at == NULL) {
        return;
    }
    const LsMeasureValue size = {.value = at->value[id].error};
    view_figure_count(at->step, step);
    view_measures_figure(row, &at->value[id], figure);
    view_measures_figure(row, &size, error);
    (void)snprintf(text, sizeof(text), "step %s: %s ± %s", step, figure, error);
    const float place = box.x + box.w * view_course_place(&measures->courses, at);
    ui_draw_rect(ui, (UiRect){place, box.y - 3, 1, box.h + 6}, ui_color_fade(UI_TEXT, 0.5F));
    const float width = ui_text_width(ui, UI_FONT_SMALL, text) + 12;
    const UiRect plate = {fmaxf(place - width / 2, box.x - LABEL), box.y - 26, width, 20};
    ui_draw_round(ui, plate, UI_ROUND, UI_RAISED);
    ui_draw_frame(ui, plate, UI_ROUND, 1, UI_HOVER);
    (void)ui_draw_text(ui, plate, UI_FONT_SMALL, UI_CENTER, UI_TEXT, text);
}

static void draw_row(ViewMeasures *measures, View *view, int id, const LsMeasureValue *now,
                     const LsMeasureValue *before, UiRect row)
{
    Ui *ui = view->ui;
    const LsMeasureRow *measure = &ls_measure_rows()[id];
    const UiRect whole = row;
    char name[48];
    char figure[VIEW_FIGURE];
    char error[VIEW_FIGURE];
    char change[VIEW_FIGURE] = "";
    (void)snprintf(name, sizeof(name), "measure.%s", measure->name);
    const UiHit hit = ui_area(ui, name, whole, true);
    if (hit.over) {
        ui_draw_round(ui, (UiRect){whole.x - 6, whole.y, whole.w + 12, whole.h}, UI_ROUND,
                      ui_color_fade(UI_RAISED, 0.6F));
    }
    view_measures_figure(measure, now, figure);
    error[0] = '\0';
    if (now->missing == NULL) {
        const LsMeasureValue size = {.value = now->error};
        char text[VIEW_FIGURE];
        view_measures_figure(measure, &size, text);
        (void)snprintf(error, sizeof(error), "± %.30s", text);
    }
    UiColor color = UI_MUTED;
    if (before != NULL) {
        view_measures_change(measure, before, now, change);
        const int verdict = view_measures_verdict(measure, before, now);
        color = verdict > 0 ? UI_ACTION : verdict < 0 ? UI_BAD : UI_MUTED;
    }
    (void)ui_draw_text(ui, ui_rect_cut_left(&row, LABEL), UI_FONT_BODY, UI_LEFT,
                       now->missing ? UI_MUTED : UI_SOFT, measure->label);
    (void)ui_draw_text(ui, ui_rect_cut_right(&row, CHANGE), UI_FONT_SMALL, UI_RIGHT, color, change);
    (void)ui_draw_text(ui, ui_rect_cut_right(&row, ERROR), UI_FONT_SMALL, UI_RIGHT, UI_MUTED,
                       error);
    (void)ui_draw_text(ui, ui_rect_cut_right(&row, VALUE), UI_FONT_STRONG, UI_RIGHT,
                       now->missing ? UI_MUTED : UI_TEXT, figure);
    if (row.w >= LEAST_LINE + UI_GRID) {
        const UiRect box = {row.x + 4, row.y + 6, row.w - 8, row.h - 12};
        view_course_draw(&measures->courses, ui, (LsMeasureId)id, box);
        if (hit.over && hit.at.x >= box.x && hit.at.x <= box.x + box.w &&
            measures->courses.course[id].count > 1) {
            draw_reading(measures, ui, id, box, hit.at.x);
            return;
        }
    }
    char help[640];
    (void)snprintf(help, sizeof(help), "%s%s%s%s", measure->help,
                   now->missing ? " There is none now: " : "", now->missing ? now->missing : "",
                   now->missing ? "." : "");
    ui_tooltip(ui, whole, help, NULL);
}

/* --- the page ----------------------------------------------------------------------------------- */

/* Which model it is, and what the differences are to. */
static void draw_head(const View *view, const LsMeasures *before, const LsMarker *change,
                      UiRect *rect)
{
    const LsMeasures *now = &view->snapshot->measures;
    char step[VIEW_FIGURE];
    char samples[VIEW_FIGURE];
    char text[2 * VIEW_FIGURE + 24];
    view_figure_count(now->step, step);
    view_figure_count((uint64_t)now->samples, samples);
    if (now->serial > 0) {
        (void)snprintf(text, sizeof(text), "step %s · %s samples", step, samples);
    } else {
        (void)snprintf(text, sizeof(text), "%s",
                       view->past ? "not measured by then" : "being measured …");
    }
    UiRect line = ui_rect_cut_top(rect, VIEW_CAPTION_H);
    line.w -= ui_draw_text(view->ui, line, UI_FONT_CAPTION, UI_LEFT, UI_MUTED,
                           view->past ? "MEASURED THEN" : "MEASURED NOW");
    line.x = rect->x + rect->w - line.w;
    if (now->serial > 0 && ui_text_width(view->ui, UI_FONT_SMALL, text) + UI_GRID > line.w) {
        (void)snprintf(text, sizeof(text), "step %s", step); /* the samples are always as many */
    }
    (void)ui_draw_text(view->ui, line, UI_FONT_SMALL, UI_RIGHT, UI_MUTED, text);
    if (before != NULL) {
        char since[LS_HISTORY_LABEL + VIEW_FIGURE + 40];
        view_figure_count(before->step, step);
        (void)snprintf(since, sizeof(since), "compared with step %s, before %s", step,
                       change->label);
        line = ui_rect_cut_top(rect, HEAD);
        ui_tooltip(view->ui, line, since, NULL);
        if (ui_text_width(view->ui, UI_FONT_SMALL, since) > line.w) {
            /* the change says which step */
            (void)snprintf(since, sizeof(since), "since before %s", change->label);
        }
        (void)ui_draw_text(view->ui, line, UI_FONT_SMALL, UI_LEFT, UI_SOFT, since);
    }
}

void view_measures_draw(ViewMeasures *measures, View *view, UiRect rect)
{
    Ui *ui = view->ui;
    ui_draw_round(ui, rect, UI_RADIUS, UI_CARD);
    ui_draw_frame(ui, rect, UI_RADIUS, 1, UI_RULE);
    const UiRect port = {rect.x + 4, rect.y + 4, rect.w - 5, rect.h - 8};
    UiRect inside = ui_scroll_begin(ui, "measures", port, &measures->offset, measures->height);
    const float top = inside.y;
    inside = (UiRect){rect.x + UI_PAD, inside.y + 4, rect.w - 2 * UI_PAD, inside.h};
    const LsMeasures *now = &view->snapshot->measures;
    const LsMarker *change = NULL;
    const LsMeasures *before = view_measures_before(view, &change);
    view_course_follow(&measures->courses, view->history);
    draw_head(view, before, change, &inside);
    const LsMeasureValue nothing = {.missing = view_measures_nothing(view)};
    for (int codes = 0; codes < 2; codes++) {
        ui_rect_cut_top(&inside, 4);
        (void)view_caption_draw(ui, &inside, codes ? "CODES" : "SAMPLES");
        for (int i = 0; i < LS_MEASURE_COUNT; i++) {
            if (ls_measure_rows()[i].of_codes == (codes == 1)) {
                draw_row(measures, view, i, now->serial > 0 ? &now->value[i] : &nothing,
                         before != NULL ? &before->value[i] : NULL, ui_rect_cut_top(&inside, ROW));
            }
        }
    }
    ui_rect_cut_top(&inside, 4);
    measures->height = inside.y - top;
    ui_scroll_end(ui);
}
