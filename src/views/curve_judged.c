#include "views/curve_judged.h"

#include <math.h>
#include <stdio.h>

#include "views/curve_gap.h"
#include "views/curve_labels.h"
#include "views/curve_marks.h"
#include "views/figure.h"
#include "views/term.h"

enum {
    LINE_H = 15, /* px of a line that is read out */
    RING_GAP = 9,
    GUTTER = 36,   /* px left of a plot that a read-out may cover */
    READ_AXES = 5, /* axes read out one by one */
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

/* The same, where a fork gives the lines of the ELBO its sides' colours. */
static UiColor color_in_fork(const View *view, ViewJudged what, int line, double step)
{
    const UiColor color = color_of(what, line);
    return what == VIEW_JUDGED_ELBO ? view_curve_gap_color(view, color, step) : color;
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
    for (int r = 0; r < view->run_count && what == VIEW_JUDGED_ELBO; r++) {
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
    const bool bold = what == VIEW_JUDGED_AXES || line == LINE_TRAIN;
    const double fork = what == VIEW_JUDGED_ELBO ? view_curve_gap_fork(view) : (double)INFINITY;
    UiColor color = color_in_fork(view, what, line, 0);
    bool past = true;
    ui_curve_reset(&state->curve);
    for (size_t i = 0; i < count; i++) {
        if (past && (double)metric[i].step > fork) {
            past = false;
            ui_curve_draw(view->ui, &state->curve, bold ? 2 : 1,
                          ui_color_fade(color, bold ? 1.0F : 0.65F));
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
    ui_curve_draw(view->ui, &state->curve, bold ? 2 : 1, ui_color_fade(color, bold ? 1.0F : 0.65F));
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
                 ui_color_fade(view_curve_gap_color(view, UI_TOTAL, 0), 0.14F));
}

/* The ELBO of other runs in their colours: of training images as a line, of held-out ones thin. */
static void draw_runs(ViewCurveState *state, const View *view, const UiPlot *plot)
{
    for (int r = 0; r < view->run_count; r++) {
        size_t count = 0;
        const UiColor color = view->runs[r].color;
        const LsMetric *metric = ls_history_evaluations(view->runs[r].history, &count);
        for (int l = LINE_HELDOUT; l <= LINE_TRAIN; l++) {
            ui_curve_reset(&state->curve);
            for (size_t i = 0; i < count; i++) {
                ui_curve_add(plot, &state->curve, (double)metric[i].step,
                             value_of(&metric[i], VIEW_JUDGED_ELBO, l));
            }
            ui_curve_draw(view->ui, &state->curve, l == LINE_TRAIN ? 2 : 1,
                          l == LINE_TRAIN ? color : ui_color_fade(color, 0.65F));
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
        draw_runs(state, view, plot);
    }
    const bool forked = what == VIEW_JUDGED_ELBO && isfinite(view_curve_gap_fork(view));
    for (int l = forked ? LINE_EXACT : lines_of(newest, what);
         l-- > 0;) { /* of B it is not known */
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

void view_curve_judged_figures(const View *view, ViewJudged what, UiRect row)
{
    Ui *ui = view->ui;
    const LsMetric *metric = newest_of(view->history);
    if (!metric) {
        return;
    }
    char text[VIEW_FIGURE * 2 + 32];
    char figure[VIEW_FIGURE];
    char name[VIEW_FIGURE];
    if (what == VIEW_JUDGED_ELBO && isfinite(view_curve_gap_fork(view))) {
        const LsMetric *other = newest_of(view->runs[0].history);
        view_figure_nats(metric->heldout_elbo, figure);
        text[0] = '\0';
        if (other) {
            view_figure_nats(other->heldout_elbo, text);
        }
        view_curve_gap_sides(view, figure, text, row);
        return;
    }
    if (what == VIEW_JUDGED_ELBO) {
        view_figure_nats(metric->train_elbo - metric->heldout_elbo, figure);
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

void view_curve_judged_read(const View *view, ViewJudged what, const UiPlot *plot, double step)
{
    Ui *ui = view->ui;
    size_t count = 0;
    const LsMetric *metric = ls_history_evaluations(view->history, &count);
    if (count == 0) {
        return;
    }
    const LsMetric *near = &metric[view_curve_trace_evaluation_at(metric, count, step)];
    char line[READ_AXES + 2][VIEW_FIGURE * 3];
    UiColor color[READ_AXES + 2] = {UI_MUTED};
    char figure[VIEW_FIGURE];
    char name[VIEW_FIGURE];
    int lines = 1;
    view_figure_count(near->step, figure);
    (void)snprintf(line[0], sizeof(line[0]), "evaluated at %s", figure);
    for (int l = 0; l < lines_of(near, what) && l < READ_AXES; l++) {
        if (!isfinite(value_of(near, what, l))) {
            continue;
        }
        name_of(what, l, name);
        view_figure_nats(value_of(near, what, l), figure);
        color[lines] = color_of(what, l);
        (void)snprintf(line[lines++], sizeof(line[0]), "%s %s", name, figure);
    }
    if (what == VIEW_JUDGED_ELBO) {
        view_figure_nats(near->train_elbo - near->heldout_elbo, figure);
        color[lines] = UI_MUTED;
        (void)snprintf(line[lines++], sizeof(line[0]), "overfitting gap %s", figure);
    }
    const float x = ui_plot_point(plot, step, plot->y_min).x;
    if (x < plot->area.x || x > plot->area.x + plot->area.w) {
        return;
    }
    ui_draw_rect(ui, (UiRect){x, plot->area.y, 1 / ui_scale(ui), plot->area.h},
                 ui_color_fade(UI_TEXT, 0.5F));
    float width = 0;
    for (int i = 0; i < lines; i++) {
        width = fmaxf(width, ui_text_width(ui, UI_FONT_SMALL, line[i]));
    }
    UiRect box = {0, plot->area.y, width + 16, (float)lines * LINE_H + 8};
    box.x = view_curve_labels_beside(x, box.w, plot->area.x - GUTTER, plot->area.x + plot->area.w);
    ui_draw_round(ui, box, UI_ROUND, UI_RAISED);
    ui_draw_frame(ui, box, UI_ROUND, 1, UI_HOVER);
    for (int i = 0; i < lines; i++) {
        (void)ui_draw_text(ui, (UiRect){box.x + 8, box.y + 4 + (float)i * LINE_H, width, LINE_H},
                           UI_FONT_SMALL, UI_LEFT, color[i], line[i]);
    }
}
