#include "views/curve_judged.h"

#include <math.h>
#include <stdio.h>

#include "views/curve_labels.h"
#include "views/curve_marks.h"
#include "views/curve_runs.h"
#include "views/figure.h"
#include "views/readout.h"
#include "views/term.h"

enum {
    LINE_H = 15, /* px of a line that is read out */
    RING_GAP = 9,
    GUTTER = 36,   /* px left of a plot that a read-out may cover */
    READ_AXES = 5, /* axes read out one by one */
    SAMPLE_W = 12, /* px of a line beside its name */
};

static const double burn_in = 0.08;

static const char *const ids[VIEW_JUDGED_COUNT] = {"curve.elbo", "curve.axes"};

/* The lines of a card: of the ELBO held-out, training, and log p(x) where it is known; the axes are
 * one each. */
enum {
    LINE_HELDOUT,
    LINE_TRAIN,
    LINE_EXACT,
    ELBO_LINES
};

static int lines_of(const LsMetric *metric, ViewJudged what)
{
    return what == VIEW_JUDGED_ELBO ? ELBO_LINES : metric->axes;
}

static double value_of(const LsMetric *metric, ViewJudged what, int line)
{
    if (what == VIEW_JUDGED_AXES) {
        return (double)metric->axis_kl[line];
    }
    if (line == LINE_EXACT) {
        /* The gap of some images on top of the ELBO of all: the ELBO differs more from image to image
         * than the gap does, so this is nearer to the truth than log p(x) of those few. */
        return metric->exact_step > 0 ? metric->heldout_elbo + metric->exact_gap : (double)NAN;
    }
    return line == LINE_HELDOUT ? metric->heldout_elbo : metric->train_elbo;
}

/* Axes go from the KL's blue to pale and back, so that neighbours are told apart. */
static UiColor color_of(ViewJudged what, int line)
{
    static const UiColor axes[] = {UI_PARTS(0x4fa8ff), UI_PARTS(0x7fe0d0), UI_PARTS(0xb7c9ff),
                                   UI_PARTS(0x2f7fd0), UI_PARTS(0x9ad0f5), UI_PARTS(0x5cc2a8),
                                   UI_PARTS(0x8f9fe8), UI_PARTS(0xd5e6ff)};
    return what == VIEW_JUDGED_ELBO ? (line == LINE_EXACT ? UI_KL : UI_TOTAL)
                                    : axes[line % (int)LS_COUNT(axes)];
}

/* The same, where a fork gives every line the colour of its side. */
static UiColor color_in_fork(const View *view, ViewJudged what, int line, double step)
{
    return view_curve_runs_color(view, color_of(what, line), step);
}

static bool forked(const View *view)
{
    return isfinite(view_curve_runs_fork(view));
}

/* How the lines of a side are told apart, which share its colour. */
typedef struct Dash {
    float on, off; /* px; off 0: whole */
} Dash;

static Dash dash_of(const View *view, ViewJudged what, int line)
{
    static const Dash dashes[] = {{0, 0}, {6, 3}, {2, 3}, {12, 3}};
    return what == VIEW_JUDGED_AXES && forked(view) ? dashes[line % (int)LS_COUNT(dashes)]
                                                    : dashes[0];
}

/* How many lines there are. In a fork log p(x) is left out: of B it is not known. */
static int lines_shown(const View *view, const LsMetric *metric, ViewJudged what)
{
    return what == VIEW_JUDGED_ELBO && forked(view) ? LINE_EXACT : lines_of(metric, what);
}

static void draw_curve(const View *view, const UiCurve *curve, ViewJudged what, int line,
                       UiColor color)
{
    const bool bold = what == VIEW_JUDGED_AXES || line == LINE_TRAIN;
    const Dash dash = dash_of(view, what, line);
    ui_curve_dash(view->ui, curve, bold ? 2 : 1, dash.on, dash.off,
                  ui_color_fade(color, bold ? 1.0F : 0.65F));
}

static const LsMetric *newest_of(const LsHistory *history)
{
    size_t count = 0;
    const LsMetric *metric = ls_history_evaluations(history, &count);
    return count > 0 ? &metric[count - 1] : NULL;
}

static void name_of(ViewJudged what, int line, char *out)
{
    if (what == VIEW_JUDGED_ELBO) {
        static const char *const names[ELBO_LINES] = {"held out", "training", "log p(x)"};
        (void)snprintf(out, VIEW_FIGURE, "%s", names[line]);
    } else if (line < 9) {
        (void)snprintf(out, VIEW_FIGURE, "z\xe2\x82%c", 0x81 + line); /* z₁ .. z₉ */
    } else {
        (void)snprintf(out, VIEW_FIGURE, "z%d", line + 1);
    }
}

/* --- the axis ----------------------------------------------------------------------------------- */

static void need_of_run(const LsHistory *history, ViewJudged what, double from, double to,
                        ViewScale *need)
{
    size_t count = 0;
    const LsMetric *metric = ls_history_evaluations(history, &count);
    for (size_t i = 0; i < count; i++) {
        const double step = (double)metric[i].step;
        for (int l = 0; l < lines_of(&metric[i], what); l++) {
            const double value = value_of(&metric[i], what, l);
            if (step >= from && step <= to && isfinite(value)) {
                need->low = fmin(need->low, value);
                need->high = fmax(need->high, value);
            }
        }
    }
}

static bool need_of(const View *view, const ViewWindow *window, ViewJudged what, ViewScale *need)
{
    const double settled =
        window->part ? window->x0 : window->x0 + burn_in * (window->x1 - window->x0);
    *need = (ViewScale){(double)INFINITY, -(double)INFINITY};
    need_of_run(view->history, what, settled, window->x1, need);
    for (int r = 0; r < view->run_count; r++) {
        need_of_run(view->runs[r].history, what, settled, window->x1, need);
    }
    if (!(need->high >= need->low)) {
        need_of_run(view->history, what, window->x0, window->x1, need);
    }
    return need->high >= need->low;
}

/* --- drawing ------------------------------------------------------------------------------------ */

static void draw_line(ViewCurveState *state, const View *view, const UiPlot *plot, ViewJudged what,
                      int line)
{
    size_t count = 0;
    const LsMetric *metric = ls_history_evaluations(view->history, &count);
    const double fork = view_curve_runs_fork(view);
    UiColor color = color_in_fork(view, what, line, 0);
    bool past = true;
    ui_curve_reset(&state->curve);
    for (size_t i = 0; i < count; i++) {
        if (past && (double)metric[i].step > fork) {
            past = false;
            draw_curve(view, &state->curve, what, line, color);
            ui_curve_reset(&state->curve);
            color = color_in_fork(view, what, line, fork + 1);
            if (i > 0) {
                ui_curve_add(plot, &state->curve, (double)metric[i - 1].step,
                             value_of(&metric[i - 1], what, line));
            }
        }
        const bool before = i + 1 < count && (double)metric[i + 1].step < plot->x_min;
        const bool beyond = i > 0 && (double)metric[i - 1].step > plot->x_max;
        if (!before && !beyond && line < lines_of(&metric[i], what)) {
            ui_curve_add(plot, &state->curve, (double)metric[i].step,
                         value_of(&metric[i], what, line));
        }
    }
    draw_curve(view, &state->curve, what, line, color);
    ui_curve_reset(&state->curve);
}

/* Rings on the held-out line, as on the other cards; run: another one, or NULL. */
static void draw_rings(const View *view, const ViewRun *run, const UiPlot *plot)
{
    const ViewJudged what = VIEW_JUDGED_ELBO;
    const int line = LINE_HELDOUT;
    size_t count = 0;
    const LsMetric *metric = ls_history_evaluations(run ? run->history : view->history, &count);
    size_t visible = 0;
    for (size_t i = 0; i < count; i++) {
        const double step = (double)metric[i].step;
        visible += step >= plot->x_min && step <= plot->x_max;
    }
    size_t stride = 1;
    while ((float)visible / (float)stride * RING_GAP > plot->area.w) {
        stride *= 2;
    }
    for (size_t i = 0; i < count; i++) {
        const double step = (double)metric[i].step;
        if ((i % stride == 0 || i + 1 == count) && step >= plot->x_min && step <= plot->x_max &&
            line < lines_of(&metric[i], what)) {
            const UiPoint p = ui_plot_point(plot, step, value_of(&metric[i], what, line));
            ui_draw_disc(view->ui, p, 3, UI_CARD);
            ui_draw_ring(view->ui, p, 3, 1.5F, 0,
                         run ? run->color : color_in_fork(view, what, line, step));
        }
    }
}

/* The overfitting gap. */
static void draw_area(ViewCurveState *state, const View *view, const UiPlot *plot)
{
    size_t count = 0;
    const LsMetric *metric = ls_history_evaluations(view->history, &count);
    size_t points = 0;
    size_t stride = 1;
    while (count / stride > VIEW_TRACE_GROUPS - 2) {
        stride *= 2;
    }
    for (size_t i = 0; i < count; i++) {
        if (i % stride == 0 || i + 1 == count) {
            const double step = (double)metric[i].step;
            const UiPoint top = ui_plot_point(plot, step, metric[i].train_elbo);
            state->band[points++] =
                (UiBandPoint){top.x, top.y, ui_plot_point(plot, step, metric[i].heldout_elbo).y};
        }
    }
    ui_draw_band(view->ui, state->band, points,
                 ui_color_fade(view_curve_runs_color(view, UI_TOTAL, 0), 0.14F));
}

/* The same lines of other runs in their colours. */
static void draw_runs(ViewCurveState *state, const View *view, const UiPlot *plot, ViewJudged what)
{
    for (int r = 0; r < view->run_count; r++) {
        size_t count = 0;
        const LsMetric *metric = ls_history_evaluations(view->runs[r].history, &count);
        const int lines = count == 0                 ? 0
                          : what == VIEW_JUDGED_ELBO ? LINE_EXACT
                                                     : lines_of(&metric[count - 1], what);
        for (int l = 0; l < lines; l++) {
            ui_curve_reset(&state->curve);
            for (size_t i = 0; i < count; i++) {
                if (l < lines_of(&metric[i], what)) {
                    ui_curve_add(plot, &state->curve, (double)metric[i].step,
                                 value_of(&metric[i], what, l));
                }
            }
            draw_curve(view, &state->curve, what, l, view->runs[r].color);
        }
    }
    ui_curve_reset(&state->curve);
}

bool view_curve_judged_draw(ViewCurveState *state, View *view, UiRect inside, ViewJudged what,
                            UiPlot *plot)
{
    Ui *ui = view->ui;
    ViewAxis *axis = &state->judged[what];
    ViewScale need = {0, 1};
    const LsMetric *newest = newest_of(view->history);
    if (!newest || !need_of(view, &state->window, what, &need)) {
        return false;
    }
    if (what == VIEW_JUDGED_AXES) {
        need.low = fmin(need.low, 0); /* an axis that carries nothing lies on the ground */
    }
    if (view_curve_marks_any(view, state->window.x0, state->window.x1)) {
        view_curve_scale_headroom(&need, fmin((double)((float)VIEW_MARK_ROW / inside.h), 0.25));
    }
    if (!axis->set || state->due) {
        view_curve_scale_follow(axis, need, state->seconds, view->snapshot->training);
    }
    *plot = ui_plot_begin(ui, ids[what], inside, state->window.x0, state->window.x1,
                          axis->shown.low, axis->shown.high, false);
    ui_draw_push_clip(ui, plot->area);
    if (what == VIEW_JUDGED_ELBO) {
        draw_area(state, view, plot);
    }
    draw_runs(state, view, plot, what);
    for (int l = lines_shown(view, newest, what); l-- > 0;) {
        draw_line(state, view, plot, what, l);
    }
    view_curve_marks_lines(view, plot);
    ui_draw_pop_clip(ui);
    ui_plot_end(ui);
    ui_draw_push_clip(ui, ui_rect_inset(plot->area, -5));
    if (what == VIEW_JUDGED_ELBO) {
        for (int r = 0; r < view->run_count; r++) {
            draw_rings(view, &view->runs[r], plot);
        }
        draw_rings(view, NULL, plot);
    }
    view_curve_marks_labels(view, plot, ids[what]);
    ui_draw_pop_clip(ui);
    return true;
}

/* Each axis of a fork: its line, its name, and A's figure above B's; as many as find room. */
static void axes_of_sides(const View *view, const LsMetric *a, const LsMetric *b, UiRect row)
{
    Ui *ui = view->ui;
    const float half = row.h / 2;
    for (int l = a->axes; l-- > 0;) {
        char name[VIEW_FIGURE];
        char figure[2][VIEW_FIGURE] = {"", ""};
        name_of(VIEW_JUDGED_AXES, l, name);
        view_figure_nats((double)a->axis_kl[l], figure[0]);
        if (b && l < b->axes) {
            view_figure_nats((double)b->axis_kl[l], figure[1]);
        }
        const float figures = 1 + fmaxf(ui_text_width(ui, UI_FONT_SMALL, figure[0]),
                                        ui_text_width(ui, UI_FONT_SMALL, figure[1]));
        const float names = ui_text_width(ui, UI_FONT_SMALL, name) + 4;
        if (SAMPLE_W + 4 + names + figures > row.w) {
            return;
        }
        UiRect cell = ui_rect_cut_right(&row, figures);
        UiRect upper = ui_rect_cut_top(&cell, half);
        (void)ui_draw_text(ui, upper, UI_FONT_SMALL, UI_RIGHT, view->side.color, figure[0]);
        (void)ui_draw_text(ui, cell, UI_FONT_SMALL, UI_RIGHT, view->runs[0].color, figure[1]);
        cell = ui_rect_cut_right(&row, names);
        (void)ui_draw_text(ui, cell, UI_FONT_SMALL, UI_LEFT, UI_MUTED, name);
        cell = ui_rect_cut_right(&row, SAMPLE_W + 4);
        const Dash dash = dash_of(view, VIEW_JUDGED_AXES, l);
        const UiPoint from = {cell.x, cell.y + half};
        ui_draw_dashes(ui, from, (UiPoint){cell.x + SAMPLE_W, from.y}, 2,
                       dash.off > 0 ? dash.on : SAMPLE_W, dash.off, UI_SOFT);
        ui_rect_cut_right(&row, 8);
    }
}

/* The newest figures of both sides. */
static void figures_of_sides(const View *view, ViewJudged what, const LsMetric *a, UiRect row)
{
    char mine[VIEW_FIGURE];
    char others[VIEW_FIGURE] = "";
    const LsMetric *b = newest_of(view->runs[0].history);
    if (what == VIEW_JUDGED_AXES) {
        axes_of_sides(view, a, b, row);
        return;
    }
    view_figure_nats(a->heldout_elbo, mine);
    if (b) {
        view_figure_nats(b->heldout_elbo, others);
    }
    view_curve_runs_sides(view, mine, others, row);
}

void view_curve_judged_figures(const View *view, ViewJudged what, UiRect row)
{
    Ui *ui = view->ui;
    const LsMetric *metric = newest_of(view->history);
    if (!metric) {
        return;
    }
    if (forked(view)) {
        figures_of_sides(view, what, metric, row);
        return;
    }
    char text[VIEW_FIGURE * 2 + 32];
    char figure[VIEW_FIGURE];
    char name[VIEW_FIGURE];
    if (what == VIEW_JUDGED_ELBO) {
        view_figure_nats(ls_metric_gap(metric), figure);
        (void)snprintf(text, sizeof(text), "gap %s", figure);
        float width = ui_text_width(ui, UI_FONT_SMALL, text);
        view_figure_nats(metric->heldout_elbo, figure);
        const float held_w = ui_text_width(ui, UI_FONT_STRONG, figure);
        if (width + 10 + held_w <= row.w) {
            (void)ui_draw_text(ui, ui_rect_cut_right(&row, width + 1), UI_FONT_SMALL, UI_RIGHT,
                               UI_MUTED, text);
            ui_rect_cut_right(&row, 8);
        }
        if (held_w <= row.w) {
            (void)ui_draw_text(ui, row, UI_FONT_STRONG, UI_RIGHT, UI_TOTAL, figure);
        }
        return;
    }
    for (int l = lines_of(metric, what); l-- > 0;) {
        name_of(what, l, name);
        view_figure_nats(value_of(metric, what, l), figure);
        (void)snprintf(text, sizeof(text), "%s %s", name, figure);
        const float width = ui_text_width(ui, UI_FONT_SMALL, text);
        if (width > row.w) {
            return;
        }
        (void)ui_draw_text(ui, ui_rect_cut_right(&row, width + 1), UI_FONT_SMALL, UI_RIGHT,
                           color_of(what, l), text);
        ui_rect_cut_right(&row, 8);
    }
}

/* --- reading ------------------------------------------------------------------------------------ */

enum {
    READ_ROWS = READ_AXES + 2
};

/* What is read out: a name in each row, and a figure for each side. */
typedef struct Reading {
    int rows, sides;
    char name[READ_ROWS][VIEW_FIGURE * 2];
    char figure[READ_ROWS][2][VIEW_FIGURE];
    UiColor color[READ_ROWS][2];
} Reading;

static const LsMetric *near_of(const LsHistory *history, double step)
{
    size_t count = 0;
    const LsMetric *metric = ls_history_evaluations(history, &count);
    return count > 0 ? &metric[view_curve_trace_evaluation_at(metric, count, step)] : NULL;
}

/* What a side adds: its figures, and where it is the first the names. */
static void read_side(const View *view, ViewJudged what, const LsMetric *near, UiColor side,
                      Reading *read)
{
    const int s = read->sides++;
    const bool own = forked(view);
    int row = 0;
    (void)snprintf(read->name[row], sizeof read->name[0], "evaluated at");
    read->color[row][s] = own ? side : UI_MUTED;
    view_figure_count(near->step, read->figure[row++][s]);
    for (int l = 0; l < lines_shown(view, near, what) && l < READ_AXES; l++) {
        if (isfinite(value_of(near, what, l))) {
            name_of(what, l, read->name[row]);
            read->color[row][s] = own ? side : color_of(what, l);
            view_figure_nats(value_of(near, what, l), read->figure[row++][s]);
        }
    }
    if (what == VIEW_JUDGED_ELBO) {
        (void)snprintf(read->name[row], sizeof read->name[0], "overfitting gap");
        read->color[row][s] = own ? side : UI_MUTED;
        view_figure_nats(ls_metric_gap(near), read->figure[row++][s]);
    }
    read->rows = row;
}

/* Where the plot is too low for a table. */
static void draw_reading_in_a_row(Ui *ui, const Reading *read, float x, const UiPlot *plot)
{
    char text[READ_ROWS][4 * VIEW_FIGURE];
    ViewReadoutLine line[READ_ROWS];
    for (int i = 0; i < read->rows; i++) {
        (void)snprintf(text[i], sizeof text[i], "%s %s%s%s", read->name[i], read->figure[i][0],
                       read->sides > 1 ? " | " : "", read->sides > 1 ? read->figure[i][1] : "");
        line[i] = (ViewReadoutLine){text[i], read->sides > 1 ? UI_SOFT : read->color[i][0],
                                    UI_FONT_SMALL};
    }
    view_readout_draw(
        ui, line, read->rows, x, false,
        (UiRect){plot->area.x - GUTTER, plot->area.y, plot->area.w + GUTTER, plot->area.h});
}

void view_curve_judged_read(const View *view, ViewJudged what, const UiPlot *plot, double step)
{
    enum {
        BETWEEN = 8 /* px from column to column */
    };

    Ui *ui = view->ui;
    Reading read = {0};
    const LsMetric *near = near_of(view->history, step);
    const float x = ui_plot_point(plot, step, plot->y_min).x;
    if (!near || x < plot->area.x || x > plot->area.x + plot->area.w) {
        return;
    }
    const bool both =
        forked(view) && step > view_curve_runs_fork(view); /* before it they are one */
    read_side(view, what, near, both ? view->side.color : UI_SOFT, &read);
    near = both ? near_of(view->runs[0].history, step) : NULL;
    if (near) {
        read_side(view, what, near, view->runs[0].color, &read);
    }
    ui_draw_rect(ui, (UiRect){x, plot->area.y, 1 / ui_scale(ui), plot->area.h},
                 ui_color_fade(UI_TEXT, 0.5F));
    if (view_readout_in_row(read.rows, plot->area)) {
        draw_reading_in_a_row(ui, &read, x, plot);
        return;
    }
    float names = 0;
    float figures[2] = {0, 0};
    for (int i = 0; i < read.rows; i++) {
        names = fmaxf(names, ui_text_width(ui, UI_FONT_SMALL, read.name[i]));
        for (int s = 0; s < read.sides; s++) {
            figures[s] = fmaxf(figures[s], ui_text_width(ui, UI_FONT_SMALL, read.figure[i][s]));
        }
    }
    const float width = names + figures[0] + figures[1] + (float)(read.sides * BETWEEN);
    UiRect box = {0, plot->area.y, width + 16, (float)read.rows * LINE_H + 8};
    box.x = view_curve_labels_beside(x, box.w, plot->area.x - GUTTER, plot->area.x + plot->area.w);
    ui_draw_round(ui, box, UI_ROUND, UI_RAISED);
    ui_draw_frame(ui, box, UI_ROUND, 1, UI_HOVER);
    for (int i = 0; i < read.rows; i++) {
        UiRect row = {box.x + 8, box.y + 4 + (float)i * LINE_H, width, LINE_H};
        (void)ui_draw_text(ui, row, UI_FONT_SMALL, UI_LEFT, UI_MUTED, read.name[i]);
        for (int s = read.sides; s-- > 0;) {
            (void)ui_draw_text(ui, row, UI_FONT_SMALL, UI_RIGHT, read.color[i][s],
                               read.figure[i][s]);
            ui_rect_cut_right(&row, figures[s] + BETWEEN);
        }
    }
}
