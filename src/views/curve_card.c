#include "views/curve_card.h"

#include <math.h>
#include <stdio.h>

#include "latentscape/vae/divergence.h"

#include "views/curve_gap.h"
#include "views/curve_judged.h"
#include "views/curve_labels.h"
#include "views/curve_marks.h"
#include "views/curve_runs.h"
#include "views/figure.h"
#include "views/readout.h"
#include "views/term.h"

enum {
    LABEL_ROW = VIEW_MARK_ROW,
    TITLE_ROW = 24,  /* px */
    RING_ROOM = 5,   /* px that a ring reaches beyond its point */
    NARROW = 320,    /* px of a title's row below which two sides' figures need all the room */
    GUTTER = 36,     /* px left of a plot that a read-out may cover */
    PIXELS = 4096,   /* columns at most */
    READ_TEXT = 144, /* bytes of a line of what is read out */
    READ_LINES = 5,
};

/* Of a plot's height: what labels may take of it. */
static const double most_headroom = 0.25;

/* The part of a run in which the losses fall from where they began: it may leave the axis. */
static const double burn_in = 0.08;

static const char *const plot_ids[LS_SERIES_COUNT] = {
    [LS_SERIES_REC] = "curve.rec",
    [LS_SERIES_KL] = "curve.kl",
    [LS_SERIES_REG] = "curve.reg",
    [LS_SERIES_TOTAL] = "curve.total",
};

/* --- the title ---------------------------------------------------------------------------------- */

static void newest_figures(const View *view, const ViewKinds *kinds, LsSeries series, char *train,
                           char *heldout)
{
    size_t buckets = 0;
    size_t evaluations = 0;
    const LsBucket *bucket = ls_history_buckets(view->history, &buckets);
    const LsMetric *evaluation = ls_history_evaluations(view->history, &evaluations);
    train[0] = '\0';
    heldout[0] = '\0';
    if (buckets > 0 && view_kinds_shown(kinds, series, bucket[buckets - 1].last)) {
        view_figure_nats((double)bucket[buckets - 1].series[series].smooth, train);
    }
    if (evaluations > 0 && view_kinds_shown(kinds, series, evaluation[evaluations - 1].step)) {
        view_figure_nats(view_term_value(&evaluation[evaluations - 1].heldout, series), heldout);
    }
}

/* What the last card can show, as chips. Returns the room they take. */
static float draw_turns(ViewCurveState *state, Ui *ui, UiRect row)
{
    static const struct {
        ViewCard card;
        const char *id, *name, *brief, *help;
    } turns[] = {
        {VIEW_CARD_TOTAL, "curves.total", "Total", "Total",
         "Plots what is minimized: all terms by their weights."},
        {VIEW_CARD_ELBO, "curves.elbo", "ELBO", "ELBO",
         "Plots the ELBO of held-out and of training images under the same weights; what lies "
         "between them was learnt by heart."},
        {VIEW_CARD_REG, "curves.reg", "Regularization", "Reg.",
         "Plots the regularization, whether or not it is trained."},
    };

    const bool brief = row.w < 480;
    const UiRect whole = row;
    for (size_t i = 0; i < LS_COUNT(turns) - (state->swaps ? 0 : 1); i++) {
        const char *name = brief ? turns[i].brief : turns[i].name;
        const UiRect chip = ui_rect_cut_left(&row, ui_button_width(ui, name, UI_LOOK_CHIP));
        ui_rect_cut_left(&row, 4);
        if (ui_button(ui, turns[i].id, chip, name, UI_LOOK_CHIP, state->turn == turns[i].card,
                      true)) {
            state->turn = turns[i].card;
        }
        ui_tooltip(ui, chip, turns[i].help, NULL);
    }
    return row.x - whole.x;
}

/* The divergence's name, and a button that takes it apart. Returns the room they take. */
static float draw_divergence(ViewCurveState *state, const View *view, UiRect row)
{
    Ui *ui = view->ui;
    /* Of another kind its own title, or its name where that is too long. */
    const char *title = view_term_label(&view->settings, LS_SERIES_KL);
    if (ui_text_width(ui, UI_FONT_STRONG, title) > row.w * 0.45F ||
        (view->run_count > 0 && row.w < NARROW)) {
        title = view->settings.div == 0 ? "KL" : ls_divergence_name(view->settings.div);
    }
    const UiRect whole = row;
    const char *name = "by axis";
    ui_rect_cut_left(&row, ui_draw_text(ui, row, UI_FONT_STRONG, UI_LEFT, UI_TEXT, title) + 8);
    const float width = ui_button_width(ui, name, UI_LOOK_CHIP);
    if (row.w > width) {
        const UiRect chip = ui_rect_cut_left(&row, width);
        state->by_axis ^=
            ui_button(ui, "curves.axes", chip, name, UI_LOOK_CHIP, state->by_axis, true);
        ui_tooltip(ui, chip,
                   "Plots how many nats each latent dimension carries on held-out images; one near "
                   "zero is not used.",
                   NULL);
        ui_rect_cut_left(&row, 8);
    }
    return row.x - whole.x;
}

/* Held-out and gap, where there is room. Returns what is left of the row. */
static UiRect draw_heldout(const View *view, const ViewKinds *kinds, LsSeries series,
                           const char *heldout, float needed, UiRect row)
{
    Ui *ui = view->ui;
    char text[VIEW_FIGURE + 16];
    char figure[VIEW_FIGURE];
    const double gap = view_curve_gap_figure(view, kinds, series);
    (void)snprintf(text, sizeof(text), "held out %s", heldout);
    float width = ui_text_width(ui, UI_FONT_SMALL, text);
    if (!heldout[0] || needed + width > row.w) {
        return row;
    }
    if (isfinite(gap) && series != LS_SERIES_KL) {
        char gap_text[VIEW_FIGURE + 8];
        view_figure_nats(gap, figure);
        (void)snprintf(gap_text, sizeof(gap_text), "%s%s", gap > 0 ? "+" : "", figure);
        const float gap_w = ui_text_width(ui, UI_FONT_SMALL, gap_text);
        if (needed + width + gap_w + 8 <= row.w) {
            const UiRect cell = ui_rect_cut_right(&row, gap_w);
            (void)ui_draw_text(ui, cell, UI_FONT_SMALL, UI_RIGHT, UI_SOFT, gap_text);
            (void)ui_area(ui, series == LS_SERIES_REC ? "curve.rec.gap" : "curve.total.gap", cell,
                          false);
            ui_tooltip(
                ui, cell,
                "By how many nats held-out images cost more of this than training images do, "
                "under the same weights. Of the ELBO at β 1 it is the overfitting gap.",
                NULL);
            ui_rect_cut_right(&row, 8);
        }
    }
    (void)ui_draw_text(ui, ui_rect_cut_right(&row, width), UI_FONT_SMALL, UI_RIGHT, UI_MUTED, text);
    ui_rect_cut_right(&row, 8);
    return row;
}

static UiColor card_color(ViewCard card)
{
    return card == VIEW_CARD_ELBO   ? UI_TOTAL
           : card == VIEW_CARD_AXES ? UI_KL
                                    : view_term_color((LsSeries)card);
}

/* Dot, title, unit and newest figures; what finds no room is left out, the least needed first. */
static void draw_title(ViewCurveState *state, View *view, UiRect row, ViewCard card)
{
    Ui *ui = view->ui;
    const UiColor color = card_color(card);
    char train[VIEW_FIGURE];
    char heldout[VIEW_FIGURE];
    if (view->run_count == 0 || row.w >= NARROW) { /* in a fork the sides' colours matter more */
        ui_draw_disc(ui, (UiPoint){row.x + 4, row.y + row.h / 2}, 4, color);
        ui_rect_cut_left(&row, 16);
    }
    const bool last = card == state->turn;
    const float used = last ? draw_turns(state, ui, row)
                       : card == VIEW_CARD_KL || card == VIEW_CARD_AXES
                           ? draw_divergence(state, view, row)
                           : ui_draw_text(ui, row, UI_FONT_STRONG, UI_LEFT, UI_TEXT,
                                          view_term_title((LsSeries)card)) +
                                 8;
    if (card >= VIEW_CARD_ELBO) {
        ui_rect_cut_left(&row, used);
        view_curve_judged_figures(view, (ViewJudged)(card - VIEW_CARD_ELBO), row);
        return;
    }
    const LsSeries series = (LsSeries)card;
    newest_figures(view, &state->kinds, series, train, heldout);
    if (view->side.name && view->run_count > 0) {
        char other[VIEW_FIGURE] = "";
        const double value = view_curve_runs_value(view, &view->runs[0], series, (double)INFINITY);
        if (isfinite(value)) {
            view_figure_nats(value, other);
        }
        ui_rect_cut_left(&row, used);
        view_curve_runs_sides(view, train, other, row);
        return;
    }
    const float train_w = train[0] ? ui_text_width(ui, UI_FONT_STRONG, train) + 8 : 0;
    row = draw_heldout(view, &state->kinds, series, heldout, used + train_w, row);
    if (train[0] && used + train_w <= row.w) {
        (void)ui_draw_text(ui, ui_rect_cut_right(&row, train_w), UI_FONT_STRONG, UI_RIGHT, color,
                           train);
    }
    const char *unit =
        series != LS_SERIES_TOTAL ? view_term_unit(&view->settings, &view_term_all()[series])
        : view_term_total_is_elbo(&view->settings, view->snapshot->model.pixels) ? "= −ELBO"
                                                                                 : "as weighted";
    if (used + ui_text_width(ui, UI_FONT_SMALL, unit) + 8 <= row.w) {
        ui_rect_cut_left(&row, used);
        (void)ui_draw_text(ui, row, UI_FONT_SMALL, UI_LEFT, UI_MUTED, unit);
    }
}

/* --- the curve ---------------------------------------------------------------------------------- */

/* The part of the plot in which a run of another kind lies; no width where none of it is in sight. */
static UiRect other_kind(const ViewKinds *kinds, size_t run, const UiPlot *plot, LsSeries series)
{
    UiRect part = {plot->area.x, plot->area.y, 0, plot->area.h};
    const double from = fmax((double)kinds->run[run].first, plot->x_min);
    const double to = fmin((double)kinds->run[run + 1].first, plot->x_max);
    if (from < to && !view_kinds_shown(kinds, series, kinds->run[run].first)) {
        part.x = ui_plot_point(plot, from, plot->y_min).x;
        part.w = ui_plot_point(plot, to, plot->y_min).x - part.x;
    }
    return part;
}

/* Shades what was trained as another kind: its numbers are in another unit. */
static void draw_other_kinds(const ViewKinds *kinds, Ui *ui, const UiPlot *plot, LsSeries series)
{
    for (size_t i = 0; i + 1 < kinds->count; i++) {
        const UiRect part = other_kind(kinds, i, plot, series);
        if (part.w > 0) {
            ui_draw_rect(ui, part, ui_color_fade(UI_RAISED, 0.45F));
        }
    }
}

/* Names them, over the lines that cross them. */
static void draw_other_names(const ViewKinds *kinds, Ui *ui, const UiPlot *plot, LsSeries series)
{
    const ViewTerm *term = &view_term_all()[series == LS_SERIES_TOTAL ? LS_SERIES_REC : series];
    const LsSetting *row = ls_setting_find(ls_train_settings_table(), term->kind);
    for (size_t i = 0; i + 1 < kinds->count; i++) {
        const UiRect part = other_kind(kinds, i, plot, series);
        const char *name = row->choice(kinds->run[i].kind[term->series]);
        const float width = name ? ui_text_width(ui, UI_FONT_SMALL, name) + 8 : 0;
        if (name && part.w > width) {
            const UiRect box = {part.x + (part.w - width) / 2, part.y + (part.h - LABEL_ROW) / 2,
                                width, LABEL_ROW};
            ui_draw_round(ui, box, 3, UI_CARD);
            (void)ui_draw_text(ui, box, UI_FONT_SMALL, UI_CENTER, UI_MUTED, name);
        }
    }
}

/* Every step as it was: a thin line while steps are further apart than pixels, then the columns from
 * the lowest to the highest of the steps that share a pixel. */
static void draw_steps(ViewCurveState *state, const View *view, const UiPlot *plot, LsSeries series)
{
    Ui *ui = view->ui;
    const ViewTrace *trace = &state->trace;
    const double fork = view_curve_runs_fork(view);
    const UiColor term = view_term_color(series);
    const UiColor faint[] = {
        ui_color_fade(view_curve_runs_color(view, term, 0), 0.28F),
        ui_color_fade(view_curve_runs_color(view, term, (double)INFINITY), 0.28F)};
    const float scale = ui_scale(ui);
    const int pixels = (int)fminf(plot->area.w * scale, PIXELS);
    if (trace->single && trace->count * 2 <= (size_t)pixels) {
        ui_curve_reset(&state->curve);
        for (size_t i = 0; i < trace->count; i++) {
            const ViewGroup *group = &trace->group[i];
            const bool forks = i > 0 && group->step > fork && trace->group[i - 1].step <= fork;
            if (forks || !group->series[series].shown) {
                ui_curve_draw(ui, &state->curve, 1, faint[forks ? 0 : group->step > fork]);
                ui_curve_reset(&state->curve);
            }
            if (group->series[series].shown) {
                ui_curve_add(plot, &state->curve, group->step, (double)group->series[series].max);
            }
        }
        ui_curve_draw(ui, &state->curve, 1, faint[state->window.x1 > fork]);
        return;
    }
    size_t at = 0;
    float low_before = NAN;
    float high_before = NAN;
    for (int p = 0; p < pixels; p++) {
        const float x = plot->area.x + ((float)p + 0.5F) / scale;
        const double step = ui_plot_x(plot, x);
        while (at + 2 < trace->count && trace->group[at + 1].step <= step) {
            at++;
        }
        const ViewGroup *a = &trace->group[at];
        const ViewGroup *b = &trace->group[at + 1 < trace->count ? at + 1 : at];
        if (step < a->step || step > b->step || !a->series[series].shown ||
            !b->series[series].shown) {
            low_before = high_before = NAN;
            continue;
        }
        const float part = b->step > a->step ? (float)((step - a->step) / (b->step - a->step)) : 0;
        const float low =
            a->series[series].min + part * (b->series[series].min - a->series[series].min);
        const float high =
            a->series[series].max + part * (b->series[series].max - a->series[series].max);
        /* Neighbours meet, so that it is one line and no cloud of dots; fmin and fmax pass over NAN. */
        const float top = ui_plot_point(plot, step, (double)fmaxf(high, low_before)).y;
        const float bottom = ui_plot_point(plot, step, (double)fminf(low, high_before)).y;
        low_before = low;
        high_before = high;
        ui_draw_column(ui, x, top, fmaxf(bottom, top + 1 / scale), faint[step > fork]);
    }
}

static void draw_smooth(ViewCurveState *state, const View *view, const UiPlot *plot,
                        LsSeries series)
{
    Ui *ui = view->ui;
    UiColor color = view_curve_runs_color(view, view_term_color(series), 0);
    const double fork = view_curve_runs_fork(view);
    bool past = true; /* the way that both sides have in common */
    ui_curve_reset(&state->curve);
    for (size_t i = 0; i < state->trace.count; i++) {
        const ViewGroup *group = &state->trace.group[i];
        if (group->series[series].shown) {
            if (past && group->step >= fork) {
                ui_curve_add(plot, &state->curve, group->step,
                             (double)group->series[series].smooth);
                ui_curve_draw(ui, &state->curve, 2, color);
                ui_curve_reset(&state->curve);
                past = false;
                color = view->side.color;
            }
            ui_curve_add(plot, &state->curve, group->step, (double)group->series[series].smooth);
            continue;
        }
        ui_curve_draw(ui, &state->curve, 2, color);
        ui_curve_reset(&state->curve);
    }
    ui_curve_draw(ui, &state->curve, 2, color);
}

/* --- the card ----------------------------------------------------------------------------------- */

static void follow_axis(ViewCurveState *state, const View *view, LsSeries series, float height)
{
    size_t count = 0;
    const LsMetric *evaluations = ls_history_evaluations(view->history, &count);
    const ViewWindow *window = &state->window;
    const bool whole = window->part || view->choice.log_scale;
    const double settled = whole ? window->x0 : window->x0 + burn_in * (window->x1 - window->x0);
    ViewAxis *axis = &state->axis[series];
    ViewScale need = {0, 1};
    if (axis->set && !state->due) {
        return;
    }
    if (view_curve_scale_need(&state->trace, series, evaluations, count, &state->kinds, window->x0,
                              settled, window->x1, &need)) {
        view_curve_runs_need(view, series, settled, window->x1, &need);
        /* No point hides behind a label, nor a label behind one. */
        if (view_curve_marks_any(view, window->x0, window->x1)) {
            view_curve_scale_headroom(&need,
                                      fmin((double)((float)LABEL_ROW / height), most_headroom));
        }
        view_curve_scale_follow(axis, need, state->seconds, view->snapshot->training);
    } else if (!axis->set) {
        view_curve_scale_follow(axis, need, 0, false);
        axis->set = false;
    }
}

/* In the middle, on as many lines as it takes. */
static void draw_notice(Ui *ui, UiRect rect, const char *notice)
{
    if (ui_text_width(ui, UI_FONT_BODY, notice) <= rect.w) {
        rect.h -= TITLE_ROW / 2.0F; /* in the middle of the card, to the eye */
        (void)ui_draw_text(ui, rect, UI_FONT_BODY, UI_CENTER, UI_MUTED, notice);
        return;
    }
    const float height = ui_draw_paragraph(ui, rect, UI_FONT_BODY, UI_MUTED, notice, false);
    rect.y += fmaxf(0, (rect.h - height) / 2);
    (void)ui_draw_paragraph(ui, rect, UI_FONT_BODY, UI_MUTED, notice, true);
}

/* The lower end of a logarithmic axis: what is plotted, and not the round number below it, which may
 * be zero. */
static double log_low(const ViewCurveState *state, LsSeries series, ViewScale shown)
{
    double low = shown.high;
    for (size_t i = 0; i < state->trace.count; i++) {
        const ViewGroup *group = &state->trace.group[i];
        const double value = (double)group->series[series].min;
        if (group->series[series].shown && value > 0) {
            low = fmin(low, value);
        }
    }
    return fmax(fmax(low * 0.95, shown.low), shown.high * 1e-6);
}

/* The plot of a series. */
static void draw_series(ViewCurveState *state, View *view, UiRect inside, LsSeries series,
                        UiPlot *plot)
{
    Ui *ui = view->ui;
    follow_axis(state, view, series, inside.h);
    const ViewScale shown = state->axis[series].shown;
    const bool log_y = view->choice.log_scale && shown.high > 0;
    const double low = log_y ? log_low(state, series, shown) : shown.low;
    double high = shown.high;
    if (log_y && view_curve_marks_any(view, state->window.x0, state->window.x1)) {
        const double part = fmin((double)((float)LABEL_ROW / inside.h), most_headroom);
        high *= pow(high / low, part / (1 - part)); /* as follow_axis() does where it is linear */
    }
    *plot = ui_plot_begin(ui, plot_ids[series], inside, state->window.x0, state->window.x1, low,
                          high, log_y);
    ui_draw_push_clip(ui, plot->area);
    draw_other_kinds(&state->kinds, ui, plot, series);
    /* Codes and weights are the same for both kinds of images, or nearly so. */
    if (series == LS_SERIES_REC || series == LS_SERIES_TOTAL) {
        view_curve_gap_area(state, view, plot, series);
    }
    draw_steps(state, view, plot, series);
    if (series != LS_SERIES_REG) {
        view_curve_gap_line(state, view, plot, series);
    }
    view_curve_runs_draw(state, view, plot, series);
    draw_smooth(state, view, plot, series);
    view_curve_marks_lines(view, plot);
    ui_draw_pop_clip(ui);
    ui_plot_end(ui);
    /* The ring of the newest step stands half outside, and so does one at an end of the axis. */
    ui_draw_push_clip(ui, ui_rect_inset(plot->area, -RING_ROOM));
    view_curve_gap_rings(state, view, plot, series);
    draw_other_names(&state->kinds, ui, plot, series);
    view_curve_marks_labels(view, plot, plot_ids[series]);
    ui_draw_pop_clip(ui);
}

bool view_curve_card_draw(ViewCurveState *state, View *view, UiRect rect, ViewCard card,
                          UiPlot *plot)
{
    Ui *ui = view->ui;
    ui_draw_round(ui, rect, UI_RADIUS, UI_CARD);
    ui_draw_frame(ui, rect, UI_RADIUS, 1, UI_RULE);
    UiRect inside = {rect.x + UI_PAD, rect.y + 6, rect.w - 2 * UI_PAD, rect.h - 10};
    draw_title(state, view, ui_rect_cut_top(&inside, TITLE_ROW), card);
    if (state->notice) {
        if (card == VIEW_CARD_REC) {
            draw_notice(ui, inside, state->notice);
        }
        return false;
    }
    ui_rect_cut_top(&inside, 4);
    if (inside.h < 24 || inside.w < 64) {
        return false;
    }
    if (card >= VIEW_CARD_ELBO) {
        return view_curve_judged_draw(state, view, inside, (ViewJudged)(card - VIEW_CARD_ELBO),
                                      plot);
    }
    draw_series(state, view, inside, (LsSeries)card, plot);
    return true;
}

/* --- reading ------------------------------------------------------------------------------------ */

/* What is said at a step: up to READ_LINES lines, in their colours. Returns how many. */
static int read_lines(const View *view, const ViewKinds *kinds, LsSeries series, double step,
                      char line[READ_LINES][READ_TEXT], UiColor color[READ_LINES], double *value)
{
    size_t count = 0;
    int lines = 0;
    char a[VIEW_FIGURE];
    char b[VIEW_FIGURE];
    const LsBucket *buckets = ls_history_buckets(view->history, &count);
    if (count > 0) {
        const LsBucket *bucket = &buckets[view_curve_trace_bucket_at(buckets, count, step)];
        view_figure_count(bucket->last, a);
        color[lines] = UI_MUTED;
        (void)snprintf(line[lines++], READ_TEXT, "step %s", a);
        if (view_kinds_shown(kinds, series, bucket->last)) {
            char c[VIEW_FIGURE];
            *value = (double)bucket->series[series].smooth;
            view_figure_nats(*value, a);
            view_figure_nats((double)bucket->series[series].min, b);
            view_figure_nats((double)bucket->series[series].max, c);
            color[lines] = view_curve_runs_color(view, view_term_color(series), step);
            if (bucket->first == bucket->last) {
                (void)snprintf(line[lines++], READ_TEXT, "%s  (this step %s)", a, b);
            } else {
                (void)snprintf(line[lines++], READ_TEXT, "%s  (%s … %s)", a, b, c);
            }
        }
    }
    const LsMetric *evaluations = ls_history_evaluations(view->history, &count);
    if (count > 0) {
        const LsMetric *near =
            &evaluations[view_curve_trace_evaluation_at(evaluations, count, step)];
        if (view_kinds_shown(kinds, series, near->step)) {
            view_figure_nats(view_term_value(&near->heldout, series), a);
            view_figure_count(near->step, b);
            color[lines] = UI_MUTED;
            (void)snprintf(line[lines++], READ_TEXT, "held out %s at %s", a, b);
        }
    }
    for (int r = 0; r < view->run_count && lines < READ_LINES; r++) {
        const double other = view_curve_runs_value(view, &view->runs[r], series, step);
        if (isfinite(other)) {
            view_figure_nats(other, a);
            color[lines] = view->runs[r].color;
            (void)snprintf(line[lines++], READ_TEXT, "%s %s", view->runs[r].name, a);
        }
    }
    return lines;
}

void view_curve_card_read(const View *view, const ViewKinds *kinds, const UiPlot *plot,
                          ViewCard card, double step)
{
    if (card >= VIEW_CARD_ELBO) {
        view_curve_judged_read(view, (ViewJudged)(card - VIEW_CARD_ELBO), plot, step);
        return;
    }
    const LsSeries series = (LsSeries)card;
    Ui *ui = view->ui;
    char line[READ_LINES][READ_TEXT];
    UiColor color[READ_LINES];
    double value = (double)NAN;
    const int lines = read_lines(view, kinds, series, step, line, color, &value);
    const float x = ui_plot_point(plot, step, plot->y_min).x;
    if (lines == 0 || x < plot->area.x || x > plot->area.x + plot->area.w) {
        return;
    }
    ui_draw_rect(ui, (UiRect){x, plot->area.y, 1 / ui_scale(ui), plot->area.h},
                 ui_color_fade(UI_TEXT, 0.5F));
    bool above = false;
    if (isfinite(value)) {
        const UiPoint point =
            ui_plot_point(plot, step, fmin(fmax(value, plot->y_min), plot->y_max));
        ui_draw_disc(ui, point, 3.5F, color[1]);
        above = point.y < plot->area.y + plot->area.h / 2;
    }
    ViewReadoutLine read[READ_LINES];
    for (int i = 0; i < lines; i++) {
        const bool figure = i == 1 && isfinite(value);
        read[i] = (ViewReadoutLine){line[i], color[i], figure ? UI_FONT_BODY : UI_FONT_SMALL};
    }
    /* Beside the line, on the half where the point is not; over everything that is plotted. */
    view_readout_draw(
        ui, read, lines, x, above,
        (UiRect){plot->area.x - GUTTER, plot->area.y, plot->area.w + GUTTER, plot->area.h});
}
