#include "views/measure_strip.h"

#include <math.h>
#include <stdio.h>

#include "views/figure.h"
#include "views/measures.h"

enum {
    CELL = 96,      /* px of a measure, at least */
    GUTTER = 14,    /* px between two */
    NAME_H = 15,    /* px of the upper line */
    FIGURE = 44,    /* px of a figure, before its course */
    LEAST_LINE = 24 /* px: a course narrower than this is not drawn */
};

/* The last one falls away first. */
static const LsMeasureId order[LS_MEASURE_COUNT] = {
    LS_MEASURE_SHARPNESS,   LS_MEASURE_CLARITY,     LS_MEASURE_COHERENCE, LS_MEASURE_COVERAGE,
    LS_MEASURE_OVERFITTING, LS_MEASURE_DISTANCE,    LS_MEASURE_PRECISION, LS_MEASURE_RECALL,
    LS_MEASURE_AGREEMENT,   LS_MEASURE_INFORMATION, LS_MEASURE_ACTIVE,
};

int view_measure_strip_fit(float width, bool *shown)
{
    const int room = (int)((width + GUTTER) / (CELL + GUTTER));
    const int count = room < LS_MEASURE_COUNT ? room : LS_MEASURE_COUNT;
    for (int i = 0; i < LS_MEASURE_COUNT; i++) {
        shown[order[i]] = i < count;
    }
    return count;
}

/* The upper line: what it is, and what became of it. */
static void draw_name(Ui *ui, UiRect line, const LsMeasureRow *row, const LsMeasureValue *from,
                      const LsMeasureValue *to)
{
    char change[VIEW_FIGURE] = "";
    UiColor color = UI_MUTED;
    if (from != NULL && to != NULL) {
        const int verdict = view_measures_verdict(row, from, to);
        view_measures_change(row, from, to, change);
        color = verdict > 0 ? UI_ACTION : verdict < 0 ? UI_BAD : UI_MUTED;
    }
    const float width = change[0] ? ui_text_width(ui, UI_FONT_SMALL, change) : 0;
    /* The figure says more than the end of a long name. */
    const bool brief = ui_text_width(ui, UI_FONT_SMALL, row->label) + 6 + width > line.w;
    (void)ui_draw_text(ui, ui_rect_cut_right(&line, width), UI_FONT_SMALL, UI_RIGHT, color, change);
    (void)ui_draw_text(ui, line, UI_FONT_SMALL, UI_LEFT, UI_MUTED, brief ? row->name : row->label);
}

static const LsMeasureValue *value_of(const View *view, int id)
{
    const LsMeasures *now = &view->snapshot->measures;
    return now->serial > 0 ? &now->value[id] : NULL;
}

static void draw_figure(Ui *ui, UiRect line, const LsMeasureRow *row, const LsMeasureValue *value,
                        UiAlign align, UiColor color)
{
    char figure[VIEW_FIGURE] = "–";
    if (value != NULL) {
        view_measures_figure(row, value, figure);
    }
    (void)ui_draw_text(ui, line, UI_FONT_STRONG, align,
                       value != NULL && value->missing == NULL ? color : UI_MUTED, figure);
}

/* How it is computed, and what the difference is to. */
static void explain(const View *view, const LsMeasureRow *row, const LsMeasureValue *now,
                    const LsMeasures *before, const LsMarker *change, char *help, size_t size)
{
    const char *missing = now != NULL ? now->missing : view_measures_nothing(view);
    char since[LS_HISTORY_LABEL + VIEW_FIGURE + 48] = "";
    if (before != NULL && missing == NULL) {
        char step[VIEW_FIGURE];
        view_figure_count(before->step, step);
        (void)snprintf(since, sizeof(since), " The difference is to step %s, before %s.", step,
                       change->label);
    }
    (void)snprintf(help, size, "%s%s%s%s", row->help, missing ? " There is none now: " : since,
                   missing ? missing : "", missing ? "." : "");
}

/* Returns whether it was clicked. */
static bool draw_cell(const ViewMeasureStrip *strip, View *view, const View *other,
                      const LsMeasures *before, const LsMarker *change, int id, UiRect cell)
{
    Ui *ui = view->ui;
    const LsMeasureRow *row = &ls_measure_rows()[id];
    const LsMeasureValue *now = value_of(view, id);
    char name[48];
    char help[960];
    (void)snprintf(name, sizeof(name), "strip.%s", row->name);
    const UiHit hit = ui_area(ui, name, cell, false);
    if (hit.over) {
        ui_draw_round(ui, (UiRect){cell.x - 6, cell.y, cell.w + 12, cell.h}, UI_ROUND,
                      ui_color_fade(UI_RAISED, 0.6F));
    }
    UiRect low = cell;
    const UiRect high = ui_rect_cut_top(&low, NAME_H);
    if (other != NULL) {
        const LsMeasureValue *there = value_of(other, id);
        draw_name(ui, high, row, now, there);
        draw_figure(ui, low, row, now, UI_LEFT, UI_SIDE_A);
        ui_rect_cut_left(&low, FIGURE + 4);
        draw_figure(ui, low, row, there, UI_LEFT, UI_SIDE_B);
    } else {
        draw_name(ui, high, row, before != NULL ? &before->value[id] : NULL, now);
        draw_figure(ui, low, row, now, UI_LEFT, UI_TEXT);
        ui_rect_cut_left(&low, FIGURE);
        if (low.w >= LEAST_LINE) {
            view_course_draw(&strip->courses, ui, (LsMeasureId)id,
                             (UiRect){low.x, low.y + 4, low.w - 3, low.h - 8});
        }
    }
    explain(view, row, now, other == NULL ? before : NULL, change, help, sizeof(help));
    ui_tooltip(ui, cell, help, NULL);
    return hit.clicked;
}

bool view_measure_strip_draw(ViewMeasureStrip *strip, View *view, const View *other, UiRect rect)
{
    bool shown[LS_MEASURE_COUNT];
    const int count = view_measure_strip_fit(rect.w, shown);
    const LsMarker *change = NULL;
    const LsMeasures *before = view_measures_before(view, &change);
    const float pitch = (rect.w + GUTTER) / (float)(count > 0 ? count : 1);
    bool clicked = false;
    view_course_follow(&strip->courses, view->history);
    for (int i = 0, at = 0; i < LS_MEASURE_COUNT; i++) {
        if (shown[i]) {
            const float left = floorf(rect.x + (float)at * pitch);
            if (at++ > 0) {
                ui_draw_rect(view->ui, (UiRect){left - GUTTER / 2.0F, rect.y + 4, 1, rect.h - 8},
                             UI_RULE);
            }
            clicked = draw_cell(strip, view, other, before, change, i,
                                (UiRect){left, rect.y, floorf(pitch) - GUTTER, rect.h}) ||
                      clicked;
        }
    }
    return clicked;
}
