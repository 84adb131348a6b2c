#include "views/versus.h"

#include <math.h>
#include <stdio.h>

#include "views/figure.h"
#include "views/measures.h"

/* A row: where its figure comes from, and which way is better. */
typedef struct Row {
    const char *name;          /* of its line, for scripts and tests */
    const char *title, *brief; /* brief: where there is no room for the title */
    const char *help;
    double (*value)(const LsMetric *metric);
    double (*error)(const LsMetric *metric); /* its standard error, where it is known; else 0 */
    int better;                              /* 1: more is better; -1: less; 0: neither */
    bool needs_rec, needs_div;               /* can be compared only where the kinds are the same */
} Row;

static double elbo(const LsMetric *metric)
{
    return metric->heldout_elbo;
}

static double rec(const LsMetric *metric)
{
    return metric->heldout.rec;
}

static double kl(const LsMetric *metric)
{
    return metric->heldout.kl;
}

static double none(const LsMetric *metric)
{
    (void)metric;
    return 0;
}

static double gap_error(const LsMetric *metric)
{
    return metric->gap_error;
}

static const Row rows[VIEW_VERSUS_ROWS] = {
    {"elbo", "ELBO at β 1", "ELBO",
     "Of held-out images, with bce and weight 1 whatever is trained: nearer to zero is better.",
     elbo, none, 1, false, false},
    {"rec", "reconstruction", "recon.", "Of held-out images, of the kind that is trained.", rec,
     none, -1, true, false},
    {"kl", "KL", "KL", "Of held-out images, of the kind that is trained.", kl, none, 0, false,
     true},
    {"gap", "overfitting gap", "gap",
     "Nats an image by which images it is trained on do better than held-out ones.", ls_metric_gap,
     gap_error, -1, false, false},
};

static double value_of(const Row *row, const ViewVersusSide *side)
{
    return side->metric != NULL && side->metric->evaluated ? row->value(side->metric) : (double)NAN;
}

/* Grey where the difference is within two standard errors, as with the measures. */
static UiColor color_of(const Row *row, const ViewVersusSide *a, const ViewVersusSide *b)
{
    const double difference = value_of(row, b) - value_of(row, a);
    if (row->better == 0 || !(fabs(difference) >= 0.005) ||
        fabs(difference) <= 2 * hypot(row->error(a->metric), row->error(b->metric))) {
        return UI_MUTED;
    }
    return (difference > 0) == (row->better > 0) ? UI_ACTION : UI_BAD;
}

/* A line of the table: what it tells, both figures and their difference. */
typedef struct Line {
    const char *name, *title, *brief, *help;
    char text[3][VIEW_FIGURE];
    UiColor color; /* of the difference */
} Line;

static void draw_line(Ui *ui, UiRect place, float column, const Line *line, const ViewVersusSide *a,
                      const ViewVersusSide *b)
{
    char id[48];
    (void)snprintf(id, sizeof id, "versus.%s", line->name);
    (void)ui_area(ui, id, place, false);
    ui_tooltip(ui, place, line->help, NULL);
    ui_draw_text(ui, ui_rect_cut_right(&place, column), UI_FONT_SMALL, UI_RIGHT, line->color,
                 line->text[2]);
    ui_draw_text(ui, ui_rect_cut_right(&place, column), UI_FONT_STRONG, UI_RIGHT, b->color,
                 line->text[1]);
    ui_draw_text(ui, ui_rect_cut_right(&place, column), UI_FONT_STRONG, UI_RIGHT, a->color,
                 line->text[0]);
    const bool room = ui_text_width(ui, UI_FONT_SMALL, line->title) <= place.w;
    ui_draw_text(ui, place, UI_FONT_SMALL, UI_LEFT, UI_MUTED, room ? line->title : line->brief);
}

static Line line_of_row(const Row *row, const ViewVersusSide *a, const ViewVersusSide *b)
{
    Line line = {.name = row->name,
                 .title = row->title,
                 .brief = row->brief,
                 .help = row->help,
                 .color = UI_MUTED};
    const bool same =
        (!row->needs_rec || a->rec == b->rec) && (!row->needs_div || a->div == b->div);
    view_figure_nats(value_of(row, a), line.text[0]);
    view_figure_nats(value_of(row, b), line.text[1]);
    view_figure_change(same ? value_of(row, b) - value_of(row, a) : (double)NAN, line.text[2]);
    if (same) {
        line.color = color_of(row, a, b);
    }
    return line;
}

static Line line_of_measure(int id, const ViewVersusSide *a, const ViewVersusSide *b)
{
    const LsMeasureRow *row = &ls_measure_rows()[id];
    const LsMeasureValue *x = &a->measures->value[id];
    const LsMeasureValue *y = &b->measures->value[id];
    Line line = {.name = row->name,
                 .title = row->label,
                 .brief = row->name,
                 .help = row->help,
                 .text = {"–", "–", "–"},
                 .color = UI_MUTED};
    if (a->measures->serial > 0) {
        view_measures_figure(row, x, line.text[0]);
    }
    if (b->measures->serial > 0) {
        view_measures_figure(row, y, line.text[1]);
    }
    if (a->measures->serial > 0 && b->measures->serial > 0 && !x->missing && !y->missing) {
        const int verdict = view_measures_verdict(row, x, y);
        view_measures_change(row, x, y, line.text[2]);
        line.color = verdict > 0 ? UI_ACTION : verdict < 0 ? UI_BAD : UI_MUTED;
    }
    return line;
}

float view_versus_column(UiRect rect)
{
    return floorf(fminf(64, fmaxf(rect.w * 0.22F, 56))); /* "−136.8" and a space */
}

float view_versus_draw(View *view, ViewVersusSide a, ViewVersusSide b, UiRect rect)
{
    Ui *ui = view->ui;
    const UiRect whole = rect;
    const float column = view_versus_column(rect);
    UiRect head = ui_rect_cut_top(&rect, VIEW_VERSUS_ROW);
    ui_rect_cut_right(&head, column);
    ui_draw_text(ui, ui_rect_cut_right(&head, column), UI_FONT_SMALL, UI_RIGHT, b.color, b.name);
    ui_draw_text(ui, ui_rect_cut_right(&head, column), UI_FONT_SMALL, UI_RIGHT, a.color, a.name);
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        const Line line = line_of_row(&rows[i], &a, &b);
        draw_line(ui, ui_rect_cut_top(&rect, VIEW_VERSUS_ROW), column, &line, &a, &b);
    }
    for (int i = 0; a.measures != NULL && b.measures != NULL && i < LS_MEASURE_COUNT; i++) {
        if (i != LS_MEASURE_OVERFITTING) { /* it stands above */
            const Line line = line_of_measure(i, &a, &b);
            draw_line(ui, ui_rect_cut_top(&rect, VIEW_VERSUS_ROW), column, &line, &a, &b);
        }
    }
    return rect.y - whole.y;
}
