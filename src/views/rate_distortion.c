#include "views/rate_distortion.h"

#include <math.h>
#include <stdio.h>

#include "latentscape/core/memory.h"

#include "ui/plot.h"
#include "views/curve_scale.h"
#include "views/equal_lines.h"
#include "views/figure.h"
#include "views/path_labels.h"
#include "views/readout.h"
#include "views/term.h"

enum {
    PATH = 1024,   /* points of a path that are drawn */
    SIDE_W = 264,  /* px of the card of figures */
    SIDE_ROW = 18, /* px of a row in it */
    LEAST_W = 560, /* px of the plane below which there are no figures beside it */
    NEAR = 28,     /* px within which a point is read out */
    PATHS = 4,     /* that get a name */
    RINGS = 32,    /* that are kept clear of names */
};

static const float ring_room = 11; /* px from the middle of a ring to the ground of a label */
static const double zoom_notch = 1.25;
static const double burn_in =
    0.08; /* of the evaluations: the fall from the start may leave the plane */
static const char *const hint = "Wheel zooms · drag moves · double-click shows the whole way · "
                                "down and left are better";

struct ViewRateDistortion {
    uint64_t model_id;
    ViewAxis rate, distortion; /* what fits the paths */
    bool own;                  /* the person has chosen a part: */
    double x0, x1, y0, y1;
    double drawn_at;
    UiPoint points[PATH];
};

/* The plane as it is plotted in this frame. */
typedef struct Plane {
    View *view;
    const UiPlot *plot;
    ViewEqualLines *equal;
} Plane;

/* What stands at the paths: names, and the rings that no name may cover. */
typedef struct Ends {
    ViewPathLabel label[PATHS];
    const char *name[PATHS];
    UiColor color[PATHS];
    size_t count;
    UiPoint ring[RINGS];
    size_t rings;
} Ends;

ViewRateDistortion *view_rate_distortion_create(LsError *err)
{
    return ls_memory_items(1, sizeof(ViewRateDistortion), err);
}

void view_rate_distortion_destroy(ViewRateDistortion *plane)
{
    ls_memory_free(plane);
}

static bool known(const LsMetric *metric)
{
    return metric->evaluated && isfinite(metric->heldout_bce) && isfinite(metric->heldout_kl) &&
           metric->heldout_bce != 0;
}

/* --- the part of the plane in sight ------------------------------------------------------------- */

static void widen(ViewScale *scale, double value)
{
    scale->low = fmin(scale->low, value);
    scale->high = fmax(scale->high, value);
}

/* What a run's settled part needs, and its beginning where that is no fall from above: a trained model's
 * begins among the rest. */
static void need_of(const LsHistory *history, ViewScale *rate, ViewScale *distortion)
{
    size_t count = 0;
    const LsMetric *metric = ls_history_evaluations(history, &count);
    const double last = count > 0 ? (double)metric[count - 1].step : 0;
    for (size_t i = count; i-- > 0;) { /* the settled part first */
        const bool settled = (double)metric[i].step >=
                             (double)metric[0].step + burn_in * (last - (double)metric[0].step);
        if (known(&metric[i]) &&
            (settled || count < 4 || metric[i].heldout_bce <= distortion->high)) {
            widen(rate, metric[i].heldout_kl);
            widen(distortion, metric[i].heldout_bce);
        }
    }
}

/* Returns whether there is anything to show. */
static bool fit(ViewRateDistortion *plane, const View *view)
{
    ViewScale rate = {(double)INFINITY, -(double)INFINITY};
    ViewScale distortion = rate;
    need_of(view->history, &rate, &distortion);
    for (int i = 0; i < view->run_count; i++) {
        need_of(view->runs[i].history, &rate, &distortion);
    }
    if (known(&view->snapshot->evaluation)) {
        widen(&rate, view->snapshot->evaluation.heldout_kl);
        widen(&distortion, view->snapshot->evaluation.heldout_bce);
    }
    if (!(rate.high >= rate.low)) {
        return false;
    }
    const double room = fmax(0.5 - (rate.high - rate.low), 0) / 2;
    const double room_y = fmax(2 - (distortion.high - distortion.low), 0) / 2;
    rate = (ViewScale){fmax(rate.low - room, 0), rate.high + room};
    distortion = (ViewScale){distortion.low - room_y, distortion.high + room_y};
    const double now = ui_now(view->ui);
    const double seconds = plane->drawn_at > 0 ? now - plane->drawn_at : 0;
    plane->drawn_at = now;
    view_curve_scale_follow(&plane->rate, rate, seconds, view->snapshot->training);
    view_curve_scale_follow(&plane->distortion, distortion, seconds, view->snapshot->training);
    if (!plane->own) {
        plane->x0 = plane->rate.shown.low;
        plane->x1 = plane->rate.shown.high;
        plane->y0 = plane->distortion.shown.low;
        plane->y1 = plane->distortion.shown.high;
    }
    return true;
}

static double plot_y(const UiPlot *plot, float window_y)
{
    return plot->y_min + (double)((plot->area.y + plot->area.h - window_y) / plot->area.h) *
                             (plot->y_max - plot->y_min);
}

static void steer(ViewRateDistortion *plane, const UiPlot *plot)
{
    const UiHit *hit = &plot->hit;
    double notches = hit->over ? (double)hit->wheel : 0;
    notches += (hit->key_in ? 1 : 0) - (hit->key_out ? 1 : 0);
    double dx = 0;
    double dy = 0;
    if (hit->held || hit->pan_held) {
        dx = -(double)(hit->moved.x / plot->area.w) * (plane->x1 - plane->x0);
        dy = (double)(hit->moved.y / plot->area.h) * (plane->y1 - plane->y0);
    }
    dx += hit->key_x * 0.02 * (plane->x1 - plane->x0);
    dy += hit->key_y * 0.05 * (plane->y1 - plane->y0);
    if (notches != 0) {
        const double factor = pow(zoom_notch, -notches);
        const bool keyed = !hit->over;
        const double x = keyed ? (plane->x0 + plane->x1) / 2 : ui_plot_x(plot, hit->at.x);
        const double y = keyed ? (plane->y0 + plane->y1) / 2 : plot_y(plot, hit->at.y);
        const double wide = (plane->x1 - plane->x0) * factor;
        if (wide > 1e-4 && wide < 1e6) {
            plane->x0 = x + (plane->x0 - x) * factor;
            plane->x1 = x + (plane->x1 - x) * factor;
            plane->y0 = y + (plane->y0 - y) * factor;
            plane->y1 = y + (plane->y1 - y) * factor;
            plane->own = true;
        }
    }
    if (dx != 0 || dy != 0) {
        plane->x0 += dx;
        plane->x1 += dx;
        plane->y0 += dy;
        plane->y1 += dy;
        plane->own = true;
    }
    if (hit->double_clicked || hit->key_fit) {
        plane->own = false;
    }
}

/* --- what is drawn ------------------------------------------------------------------------------ */

static UiPoint place(const UiPlot *plot, const LsMetric *metric)
{
    return ui_plot_point(plot, metric->heldout_kl, metric->heldout_bce);
}

static void draw_equal_lines(const Plane *plane)
{
    Ui *ui = plane->view->ui;
    view_equal_lines_make(plane->equal, plane->plot);
    for (int i = 0; i < plane->equal->count; i++) {
        const ViewEqualLine *line = &plane->equal->line[i];
        ui_draw_dashes(ui, line->from, line->to, 1, 4, 4, ui_color_fade(UI_MUTED, 0.45F));
        view_equal_lines_offer(plane->equal, i, plane->plot,
                               ui_text_width(ui, UI_FONT_SMALL, line->text));
    }
}

/* Where nothing else is. */
static void draw_equal_labels(const Plane *plane)
{
    Ui *ui = plane->view->ui;
    for (int i = 0; i < plane->equal->count; i++) {
        const UiRect *box = view_equal_lines_take(plane->equal, i);
        if (box) {
            ui_draw_rect(ui, ui_rect_inset(*box, -2), ui_color_fade(UI_CARD, 0.85F));
            (void)ui_draw_text(ui, *box, UI_FONT_SMALL, UI_LEFT, UI_MUTED,
                               plane->equal->line[i].text);
        }
    }
}

/* The evaluation after a step, or NULL. */
static const LsMetric *after(const LsMetric *metric, size_t count, uint64_t step)
{
    for (size_t i = 0; i < count; i++) {
        if (metric[i].step >= step) {
            return known(&metric[i]) ? &metric[i] : NULL;
        }
    }
    return NULL;
}

static void note_ring(Ends *ends, UiPoint at)
{
    if (ends->rings < RINGS) {
        ends->ring[ends->rings++] = at;
    }
}

/* A run from its start, faint, to now, with a ring where its settings were changed. */
static void draw_path(ViewRateDistortion *plane, const Plane *on, const LsHistory *history,
                      UiColor color, const char *name, Ends *ends)
{
    Ui *ui = on->view->ui;
    size_t count = 0;
    size_t markers = 0;
    const LsMetric *metric = ls_history_evaluations(history, &count);
    const LsMarker *marker = ls_history_markers(history, &markers);
    size_t stride = 1;
    while (count / stride > PATH - 2) {
        stride *= 2;
    }
    size_t points = 0;
    const LsMetric *first = NULL;
    const LsMetric *last = NULL;
    for (size_t i = 0; i < count; i++) {
        if (known(&metric[i]) && (i % stride == 0 || i + 1 == count)) {
            first = first ? first : &metric[i];
            last = &metric[i];
            plane->points[points++] = place(on->plot, last);
        }
    }
    ui_draw_trail(ui, plane->points, points, 2, ui_color_fade(color, 0.35F), color);
    view_equal_lines_keep_path(on->equal, plane->points, points);
    for (size_t i = 0; i < markers; i++) {
        const LsMetric *at = after(metric, count, marker[i].step);
        if (at) {
            const UiPoint p = place(on->plot, at);
            ui_draw_disc(ui, p, 3, UI_CARD);
            ui_draw_ring(ui, p, 3, 1.5F, 0, UI_MUTED);
            note_ring(ends, p);
        }
    }
    if (!last) {
        return;
    }
    if (first != last) {
        const UiPoint start = place(on->plot, first);
        ui_draw_disc(ui, start, 4, UI_CARD);
        ui_draw_ring(ui, start, 4, 1.5F, 0, color);
        note_ring(ends, start);
    }
    const UiPoint now = place(on->plot, last);
    ui_draw_disc(ui, now, 5, color);
    ui_draw_ring(ui, now, 8, 1.5F, 0, ui_color_fade(color, 0.6F));
    note_ring(ends, now);
    if (ends->count < PATHS) {
        ends->label[ends->count] =
            (ViewPathLabel){.end = now, .width = ui_text_width(ui, UI_FONT_SMALL, name) + 1};
        ends->name[ends->count] = name;
        ends->color[ends->count++] = color;
    }
}

/* The paths' names, over all of them; what labels of equal ELBO have to leave room for. */
static void draw_ends(const Plane *on, Ends *ends)
{
    Ui *ui = on->view->ui;
    view_path_labels_place(ends->label, ends->count, ends->ring, ends->rings, on->plot->area);
    for (size_t i = 0; i < ends->rings; i++) {
        const UiPoint at = ends->ring[i];
        view_equal_lines_keep_box(on->equal, ui_rect_inset((UiRect){at.x, at.y, 0, 0}, -ring_room));
    }
    for (size_t i = 0; i < ends->count; i++) {
        const UiRect text = ends->label[i].box;
        const UiRect back = ui_rect_inset(text, -2);
        view_equal_lines_keep_box(on->equal, back);
        ui_draw_round(ui, back, 3, ui_color_fade(UI_CARD, 0.85F));
        (void)ui_draw_text(ui, text, UI_FONT_SMALL, UI_LEFT, ends->color[i], ends->name[i]);
    }
}

/* --- reading ------------------------------------------------------------------------------------ */

/* What is nearest to the pointer. */
typedef struct Found {
    const LsMetric *metric;
    const char *run; /* its name, or NULL where there is but one */
    const char *change;
    UiColor color;
    float away;
} Found;

static void seek(const Plane *plane, const LsHistory *history, const char *run, UiColor color,
                 Found *found)
{
    size_t count = 0;
    size_t markers = 0;
    const LsMetric *metric = ls_history_evaluations(history, &count);
    const LsMarker *marker = ls_history_markers(history, &markers);
    const UiPoint at = plane->plot->hit.at;
    for (size_t i = 0; i < count; i++) {
        const UiPoint p = place(plane->plot, &metric[i]);
        const float away = hypotf(p.x - at.x, p.y - at.y);
        if (known(&metric[i]) && away < found->away) {
            *found = (Found){&metric[i], run, NULL, color, away};
        }
    }
    for (size_t i = 0; i < markers; i++) {
        if (found->metric && after(metric, count, marker[i].step) == found->metric) {
            found->change = marker[i].label;
        }
    }
}

static void draw_read(const Plane *plane, const Found *found)
{
    Ui *ui = plane->view->ui;
    const UiPlot *plot = plane->plot;
    const LsMetric *metric = found->metric;
    char figure[4][VIEW_FIGURE];
    char line[4][VIEW_FIGURE * 3 + 64];
    int lines = 0;
    view_figure_count(metric->step, figure[0]);
    view_figure_nats(metric->heldout_kl, figure[1]);
    view_figure_nats(metric->heldout_bce, figure[2]);
    view_figure_nats(metric->heldout_elbo, figure[3]);
    (void)snprintf(line[lines++], sizeof(line[0]), "%s%sstep %s", found->run ? found->run : "",
                   found->run ? " · " : "", figure[0]);
    (void)snprintf(line[lines++], sizeof(line[0]), "ELBO %s", figure[3]);
    (void)snprintf(line[lines++], sizeof(line[0]), "rate %s · distortion %s", figure[1], figure[2]);
    if (found->change) {
        (void)snprintf(line[lines++], sizeof(line[0]), "%s", found->change);
    }
    ViewReadoutLine read[LS_COUNT(line)];
    for (int i = 0; i < lines; i++) {
        read[i] = (ViewReadoutLine){line[i], i == 1 ? found->color : UI_MUTED,
                                    i == 1 ? UI_FONT_BODY : UI_FONT_SMALL};
    }
    const UiPoint p = place(plot, metric);
    ui_draw_ring(ui, p, 6, 2, 0, UI_TEXT);
    view_readout_draw(ui, read, lines, p.x, p.y < plot->area.y + plot->area.h / 2, plot->area);
}

/* --- the view ----------------------------------------------------------------------------------- */

/* What runs are called where there are several, and what the present one is where there are not. */
static const char *own_name(const View *view)
{
    return view->run_count > 0 ? "A" : "now";
}

/* A row of figures: where the run began, where it is, and the difference. */
static void draw_row(Ui *ui, UiRect row, const char *title, double from, double to, double better)
{
    const float column = floorf(fminf(64, row.w * 0.24F));
    char text[VIEW_FIGURE];
    view_figure_change(to - from, text);
    const double gain = (to - from) * better;
    (void)ui_draw_text(ui, ui_rect_cut_right(&row, column), UI_FONT_SMALL, UI_RIGHT,
                       better == 0 || !isfinite(gain) || gain == 0 ? UI_MUTED
                       : gain > 0                                  ? UI_ACTION
                                                                   : UI_BAD,
                       text);
    view_figure_nats(to, text);
    (void)ui_draw_text(ui, ui_rect_cut_right(&row, column), UI_FONT_STRONG, UI_RIGHT, UI_TEXT,
                       text);
    view_figure_nats(from, text);
    (void)ui_draw_text(ui, ui_rect_cut_right(&row, column), UI_FONT_SMALL, UI_RIGHT, UI_MUTED,
                       text);
    (void)ui_draw_text(ui, row, UI_FONT_SMALL, UI_LEFT, UI_MUTED, title);
}

static void draw_head(Ui *ui, UiRect row)
{
    const float column = floorf(fminf(64, row.w * 0.24F));
    ui_rect_cut_right(&row, column);
    (void)ui_draw_text(ui, ui_rect_cut_right(&row, column), UI_FONT_SMALL, UI_RIGHT, UI_TEXT,
                       "now");
    (void)ui_draw_text(ui, ui_rect_cut_right(&row, column), UI_FONT_SMALL, UI_RIGHT, UI_MUTED,
                       "at first");
}

static void draw_side(const View *view, UiRect rect)
{
    Ui *ui = view->ui;
    const double unknown = (double)NAN;
    size_t count = 0;
    const LsMetric *metric = ls_history_evaluations(view->history, &count);
    const LsMetric *first = NULL;
    for (size_t i = 0; i < count && !first; i++) {
        first = known(&metric[i]) ? &metric[i] : NULL;
    }
    const LsMetric *now = known(&view->snapshot->evaluation) ? &view->snapshot->evaluation : NULL;
    ui_draw_round(ui, rect, UI_RADIUS, UI_CARD);
    ui_draw_frame(ui, rect, UI_RADIUS, 1, UI_RULE);
    UiRect inside = {rect.x + UI_PAD, rect.y + 8, rect.w - 2 * UI_PAD, rect.h - 16};
    draw_head(ui, ui_rect_cut_top(&inside, SIDE_ROW));
    draw_row(ui, ui_rect_cut_top(&inside, SIDE_ROW), "ELBO", first ? first->heldout_elbo : unknown,
             now ? now->heldout_elbo : unknown, 1);
    draw_row(ui, ui_rect_cut_top(&inside, SIDE_ROW), "distortion",
             first ? first->heldout_bce : unknown, now ? now->heldout_bce : unknown, -1);
    draw_row(ui, ui_rect_cut_top(&inside, SIDE_ROW), "rate", first ? first->heldout_kl : unknown,
             now ? now->heldout_kl : unknown, 0);
    ui_rect_cut_top(&inside, 4);
    const char *text = "Models on one dashed line have one ELBO: along it, codes that tell more "
                       "pay for closer images.";
    if (ui_draw_paragraph(ui, inside, UI_FONT_SMALL, UI_MUTED, text, false) <= inside.h) {
        (void)ui_draw_paragraph(ui, inside, UI_FONT_SMALL, UI_MUTED, text, true);
    }
}

/* Names of the axes: the rate's below, the distortion's above. Returns the rest for the plot. */
static UiRect draw_names(Ui *ui, UiRect inside)
{
    UiRect row = ui_rect_cut_top(&inside, 20);
    ui_draw_disc(ui, (UiPoint){row.x + 4, row.y + 10}, 4, view_term_color(LS_SERIES_REC));
    ui_rect_cut_left(&row, 14);
    const float used = ui_draw_text(ui, row, UI_FONT_STRONG, UI_LEFT, UI_TEXT, "Distortion");
    ui_rect_cut_left(&row, used + 8);
    const char *up = "↑ reconstruction as bce, held out, nats";
    (void)ui_draw_text(ui, row, UI_FONT_SMALL, UI_LEFT, UI_MUTED, up);
    const char *along = "KL divergence, held out, nats →";
    const float along_w = ui_text_width(ui, UI_FONT_SMALL, along);
    const float rate_w = ui_text_width(ui, UI_FONT_STRONG, "Rate");
    if (ui_text_width(ui, UI_FONT_SMALL, up) + along_w + rate_w + 48 < row.w) {
        (void)ui_draw_text(ui, ui_rect_cut_right(&row, along_w), UI_FONT_SMALL, UI_LEFT, UI_MUTED,
                           along);
        ui_rect_cut_right(&row, 8);
        (void)ui_draw_text(ui, ui_rect_cut_right(&row, rate_w), UI_FONT_STRONG, UI_LEFT, UI_TEXT,
                           "Rate");
        ui_draw_disc(ui, (UiPoint){row.x + row.w - 10, row.y + 10}, 4,
                     view_term_color(LS_SERIES_KL));
    }
    return inside;
}

static void draw_plot(ViewRateDistortion *plane, View *view, UiRect inside)
{
    Ui *ui = view->ui;
    const UiPlot plot =
        ui_plot_begin(ui, "rate.plane", inside, plane->x0, plane->x1, plane->y0, plane->y1, false);
    ViewEqualLines equal = {.count = 0};
    const Plane on = {view, &plot, &equal};
    Ends ends = {.count = 0};
    draw_equal_lines(&on);
    for (int i = 0; i < view->run_count; i++) {
        draw_path(plane, &on, view->runs[i].history, view->runs[i].color, view->runs[i].name,
                  &ends);
    }
    draw_path(plane, &on, view->history, view->run_count > 0 ? UI_SIDE_A : UI_TEXT, own_name(view),
              &ends);
    draw_ends(&on, &ends);
    draw_equal_labels(&on);
    ui_plot_end(ui);
    if (plot.hit.focused) {
        ui_draw_frame(ui, ui_rect_inset(plot.area, -3), UI_ROUND, 1.6F, UI_ACTION);
    }
    steer(plane, &plot);
    if (!plot.hit.over) {
        return;
    }
    view->hint = hint;
    Found found = {.away = NEAR};
    for (int i = 0; i < view->run_count; i++) {
        seek(&on, view->runs[i].history, view->runs[i].name, view->runs[i].color, &found);
    }
    seek(&on, view->history, view->run_count > 0 ? own_name(view) : NULL, UI_TEXT, &found);
    if (found.metric) {
        draw_read(&on, &found);
    }
}

void view_rate_distortion_draw(ViewRateDistortion *plane, View *view, UiRect rect)
{
    Ui *ui = view->ui;
    if (plane->model_id != view->snapshot->model_id) {
        plane->model_id = view->snapshot->model_id;
        plane->own = plane->rate.set = plane->distortion.set = false;
    }
    if (rect.w >= LEAST_W + SIDE_W) {
        draw_side(view, ui_rect_cut_right(&rect, SIDE_W));
        rect.w -= UI_GRID;
    }
    ui_draw_round(ui, rect, UI_RADIUS, UI_CARD);
    ui_draw_frame(ui, rect, UI_RADIUS, 1, UI_RULE);
    UiRect inside = {rect.x + UI_PAD, rect.y + 6, rect.w - 2 * UI_PAD, rect.h - 10};
    inside = draw_names(ui, inside);
    size_t count = 0;
    (void)ls_history_evaluations(view->history, &count);
    if (!fit(plane, view) || (count == 0 && view->run_count == 0)) {
        inside.h -= 10;
        (void)ui_draw_text(ui, inside, UI_FONT_BODY, UI_CENTER, UI_MUTED,
                           "Press Space to train: the path begins here.");
        return;
    }
    draw_plot(plane, view, inside);
}
