#include "views/curve_gap.h"

#include <math.h>

#include "views/curve_runs.h"
#include "views/term.h"

enum {
    RING_GAP = 9, /* px between held-out points */
};

double view_curve_gap_figure(const View *view, const ViewKinds *kinds, LsSeries series)
{
    size_t count = 0;
    const LsMetric *evaluation = ls_history_evaluations(view->history, &count);
    const LsMetric *newest = count > 0 ? &evaluation[count - 1] : NULL;
    if (!newest || series == LS_SERIES_REG || !view_kinds_shown(kinds, series, newest->step)) {
        return (double)NAN;
    }
    return view_term_value(&newest->heldout, series) - view_term_value(&newest->train, series);
}

/* Whether an evaluation's number can be drawn. */
static bool usable(const ViewCurveState *state, const LsMetric *evaluation, LsSeries series)
{
    return isfinite(view_term_value(&evaluation->heldout, series)) &&
           view_kinds_shown(&state->kinds, series, evaluation->step);
}

/* The step of a change between evaluation `at` and the next: there the held-out value jumps, while
 * between others it is taken to go straight. NAN: none. */
static double change_after(const View *view, const LsMetric *evaluation, size_t at)
{
    size_t count = 0;
    const LsMarker *marker = ls_history_markers(view->history, &count);
    for (size_t i = count; i-- > 0 && marker[i].step >= evaluation[at].step;) {
        if (marker[i].step < evaluation[at + 1].step) {
            return (double)marker[i].step;
        }
    }
    return (double)NAN;
}

/* Whether the loss was changed at marker `at`; taken for granted where the settings before or after are
 * not known. */
static bool changes_loss(const LsMarker *marker, size_t at)
{
    if (!marker[at].settled) {
        return true;
    }
    for (size_t i = at; i-- > 0;) {
        if (marker[i].settled) {
            return !ls_train_settings_teach_alike(&marker[i].settings, &marker[at].settings);
        }
    }
    return true;
}

/* Whether an evaluation's total is what these settings make of its terms. */
static bool made_with(const LsMetric *evaluation, const LsTrainSettings *settings, int pixels)
{
    const LsLoss loss = ls_train_settings_loss(settings, pixels);
    const LsLossValues *value = &evaluation->heldout;
    const double total = loss.w_rec * value->rec + loss.w_kl * value->kl + loss.w_reg * value->reg;
    return fabs(total - value->total) < 1e-6 * fabs(value->total);
}

double view_curve_gap_known(const View *view, LsSeries series)
{
    size_t count = 0;
    size_t markers = 0;
    const LsMetric *evaluation = ls_history_evaluations(view->history, &count);
    const LsMarker *marker = ls_history_markers(view->history, &markers);
    if (count == 0 || series != LS_SERIES_TOTAL) { /* each term is measured alike by every loss */
        return (double)INFINITY;
    }
    const LsMetric *newest = &evaluation[count - 1];
    size_t first = markers;
    while (first > 0 && marker[first - 1].step >= newest->step) {
        first--;
    }
    for (size_t i = first; i < markers; i++) {
        /* At rest the same weights are judged anew after a change. */
        const bool anew = marker[i].step == newest->step && marker[i].settled &&
                          made_with(newest, &marker[i].settings, view->data->pixels);
        if (!anew && changes_loss(marker, i)) {
            return (double)marker[i].step;
        }
    }
    return (double)INFINITY;
}

/* The held-out value at a step, between evaluation `at` and the next, with a change at `change` or
 * none (NAN). Beyond the newest it stays. */
static double between(const LsMetric *evaluation, size_t count, size_t at, LsSeries series,
                      double step, double change)
{
    const double from = view_term_value(&evaluation[at].heldout, series);
    if (at + 1 >= count || step <= (double)evaluation[at].step) {
        return from;
    }
    const double to = view_term_value(&evaluation[at + 1].heldout, series);
    if (isfinite(change)) {
        return step <= change ? from : to;
    }
    const double span = (double)(evaluation[at + 1].step - evaluation[at].step);
    return from + (to - from) * fmin((step - (double)evaluation[at].step) / span, 1);
}

void view_curve_gap_area(ViewCurveState *state, const View *view, const UiPlot *plot,
                         LsSeries series)
{
    const UiColor color =
        ui_color_fade(view_curve_runs_color(view, view_term_color(series), 0), 0.16F);
    const ViewTrace *trace = &state->trace;
    size_t count = 0;
    size_t at = 0;
    size_t points = 0;
    size_t looked = SIZE_MAX; /* evaluation after which a change was looked for */
    double change = (double)NAN;
    const double known = view_curve_gap_known(view, series);
    const LsMetric *evaluation = ls_history_evaluations(view->history, &count);
    for (size_t i = 0; i < trace->count && count > 0; i++) {
        const ViewGroup *group = &trace->group[i];
        while (at + 1 < count && (double)evaluation[at + 1].step <= group->step) {
            at++;
        }
        const size_t next = at + 1 < count ? at + 1 : at;
        if (!group->series[series].shown || group->step < (double)evaluation[at].step ||
            group->step > known || !usable(state, &evaluation[at], series) ||
            !usable(state, &evaluation[next], series)) {
            ui_draw_band(view->ui, state->band, points, color);
            points = 0;
            continue;
        }
        if (looked != at) {
            looked = at;
            change = at + 1 < count ? change_after(view, evaluation, at) : (double)NAN;
        }
        const double heldout = between(evaluation, count, at, series, group->step, change);
        const UiPoint top = ui_plot_point(plot, group->step, heldout);
        const float bottom =
            ui_plot_point(plot, group->step, (double)group->series[series].smooth).y;
        state->band[points++] = (UiBandPoint){top.x, top.y, bottom};
    }
    ui_draw_band(view->ui, state->band, points, color);
}

void view_curve_gap_line(ViewCurveState *state, const View *view, const UiPlot *plot,
                         LsSeries series)
{
    UiColor color = ui_color_fade(view_curve_runs_color(view, view_term_color(series), 0), 0.65F);
    const UiColor later = ui_color_fade(
        view_curve_runs_color(view, view_term_color(series), (double)INFINITY), 0.65F);
    const double fork = view_curve_runs_fork(view);
    bool past = true;
    size_t count = 0;
    const LsMetric *evaluation = ls_history_evaluations(view->history, &count);
    ui_curve_reset(&state->curve);
    for (size_t i = 0; i < count; i++) {
        if (past && (double)evaluation[i].step > fork) {
            ui_curve_draw(view->ui, &state->curve, 1, color);
            ui_curve_reset(&state->curve);
            past = false;
            color = later;
            if (i > 0 && usable(state, &evaluation[i - 1], series)) {
                ui_curve_add(plot, &state->curve, (double)evaluation[i - 1].step,
                             view_term_value(&evaluation[i - 1].heldout, series));
            }
        }
        const bool before = i + 1 < count && (double)evaluation[i + 1].step < plot->x_min;
        const bool beyond = i > 0 && (double)evaluation[i - 1].step > plot->x_max;
        if (before || beyond) {
            continue;
        }
        if (!usable(state, &evaluation[i], series)) {
            ui_curve_draw(view->ui, &state->curve, 1, color);
            ui_curve_reset(&state->curve);
            continue;
        }
        const double value = view_term_value(&evaluation[i].heldout, series);
        const bool jumps = i > 0 && series != LS_SERIES_KL; /* codes move slowly */
        const double change = jumps ? change_after(view, evaluation, i - 1) : (double)NAN;
        if (isfinite(change) && state->curve.count > 0) { /* the jump that area() makes */
            ui_curve_add(plot, &state->curve, change,
                         view_term_value(&evaluation[i - 1].heldout, series));
            ui_curve_add(plot, &state->curve, change, value);
        }
        ui_curve_add(plot, &state->curve, (double)evaluation[i].step, value);
    }
    ui_curve_draw(view->ui, &state->curve, 1, color);
    ui_curve_reset(&state->curve);
}

void view_curve_gap_rings_of(const View *view, const LsHistory *history, const ViewKinds *kinds,
                             const UiPlot *plot, LsSeries series, UiColor color)
{
    size_t count = 0;
    const LsMetric *evaluation = ls_history_evaluations(history, &count);
    size_t visible = 0;
    for (size_t i = 0; i < count; i++) {
        const double step = (double)evaluation[i].step;
        visible += step >= plot->x_min && step <= plot->x_max;
    }
    size_t stride = 1;
    while ((float)visible / (float)stride * RING_GAP > plot->area.w) {
        stride *= 2;
    }
    for (size_t i = 0; i < count; i++) {
        const double step = (double)evaluation[i].step;
        const double value = view_term_value(&evaluation[i].heldout, series);
        if ((i % stride != 0 && i + 1 != count) || step < plot->x_min || step > plot->x_max ||
            !isfinite(value) || (kinds && !view_kinds_shown(kinds, series, evaluation[i].step))) {
            continue;
        }
        const UiPoint point = ui_plot_point(plot, step, value);
        ui_draw_disc(view->ui, point, 3, UI_CARD);
        ui_draw_ring(view->ui, point, 3, 1.5F, 0,
                     kinds ? view_curve_runs_color(view, color, step) : color);
    }
}

void view_curve_gap_rings(const ViewCurveState *state, const View *view, const UiPlot *plot,
                          LsSeries series)
{
    view_curve_gap_rings_of(view, view->history, &state->kinds, plot, series,
                            view_term_color(series));
}
