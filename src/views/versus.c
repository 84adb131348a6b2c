#include "views/versus.h"

#include <math.h>
#include <stdio.h>

#include "views/figure.h"

/* A row: where its figure comes from, and which way is better. */
typedef struct Row {
    const char *title;
    const char *help;
    double (*value)(const LsMetric *metric);
    int better;                /* 1: more is better; -1: less; 0: neither */
    bool needs_rec, needs_div; /* can be compared only where the kinds are the same */
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

static double gap(const LsMetric *metric)
{
    return metric->train_elbo - metric->heldout_elbo;
}

static const Row rows[VIEW_VERSUS_ROWS] = {
    {"ELBO at β 1",
     "Of held-out images, with bce and weight 1 whatever is trained: nearer to zero is better.",
     elbo, 1, false, false},
    {"reconstruction", "Of held-out images, of the kind that is trained.", rec, -1, true, false},
    {"KL", "Of held-out images, of the kind that is trained.", kl, 0, false, true},
    {"overfitting gap",
     "Nats an image by which images it is trained on do better than held-out ones.", gap, -1, false,
     false},
};

void view_versus_difference(double from, double to, char *out)
{
    const double difference = to - from;
    char figure[VIEW_FIGURE];
    view_figure_nats(difference, figure);
    (void)snprintf(out, VIEW_FIGURE, "%s%.30s", isfinite(difference) && difference > 0 ? "+" : "",
                   figure);
}

static double value_of(const Row *row, const ViewVersusSide *side)
{
    return side->metric != NULL && side->metric->evaluated ? row->value(side->metric) : (double)NAN;
}

static UiColor color_of(const Row *row, double difference)
{
    if (row->better == 0 || !(fabs(difference) >= 0.005)) {
        return UI_MUTED;
    }
    return (difference > 0) == (row->better > 0) ? UI_ACTION : UI_BAD;
}

/* One line: name, both figures, their difference. */
static void draw_line(Ui *ui, UiRect line, float column, const char *title,
                      char text[3][VIEW_FIGURE], const ViewVersusSide *a, const ViewVersusSide *b,
                      UiColor color)
{
    ui_draw_text(ui, ui_rect_cut_right(&line, column), UI_FONT_SMALL, UI_RIGHT, color, text[2]);
    ui_draw_text(ui, ui_rect_cut_right(&line, column), UI_FONT_STRONG, UI_RIGHT, b->color, text[1]);
    ui_draw_text(ui, ui_rect_cut_right(&line, column), UI_FONT_STRONG, UI_RIGHT, a->color, text[0]);
    ui_draw_text(ui, line, UI_FONT_SMALL, UI_LEFT, UI_MUTED, title);
}

/* The measures of what both generate. Returns the height they take. */
static float draw_measures(Ui *ui, const ViewVersusSide *a, const ViewVersusSide *b, UiRect rect,
                           float column)
{
    const float top = rect.y;
    const LsMeasureRow *measures = ls_measure_rows();
    for (int i = 0; i < LS_MEASURE_COUNT && rect.h >= VIEW_VERSUS_ROW; i++) {
        const LsMeasureRow *row = &measures[i];
        const LsMeasureValue x = a->measures->value[i];
        const LsMeasureValue y = b->measures->value[i];
        const bool known = a->measures->serial > 0 && b->measures->serial > 0 &&
                           x.missing == NULL && y.missing == NULL;
        if (i == LS_MEASURE_OVERFITTING) {
            continue; /* it stands above */
        }
        char text[3][VIEW_FIGURE] = {"–", "–", "–"};
        UiColor color = UI_MUTED;
        if (known) {
            const double difference = y.value - x.value;
            const double gain = row->better == LS_MEASURE_UP ? difference
                                : row->better == LS_MEASURE_DOWN
                                    ? -difference
                                    : fabs(x.value - 1) - fabs(y.value - 1);
            (void)snprintf(text[0], VIEW_FIGURE, "%.*f", row->digits, x.value);
            (void)snprintf(text[1], VIEW_FIGURE, "%.*f", row->digits, y.value);
            (void)snprintf(text[2], VIEW_FIGURE, "%s%.*f", difference < 0 ? "−" : "+", row->digits,
                           fabs(difference));
            color = fabs(difference) < pow(10, -row->digits) / 2 ? UI_MUTED
                    : gain > 0                                   ? UI_ACTION
                                                                 : UI_BAD;
        }
        draw_line(ui, ui_rect_cut_top(&rect, VIEW_VERSUS_ROW), column, row->label, text, a, b,
                  color);
    }
    return rect.y - top;
}

float view_versus_draw(View *view, ViewVersusSide a, ViewVersusSide b, UiRect rect)
{
    Ui *ui = view->ui;
    const UiRect whole = rect;
    const float column = floorf(fminf(64, rect.w * 0.22F));
    UiRect head = ui_rect_cut_top(&rect, VIEW_VERSUS_ROW);
    ui_rect_cut_right(&head, column);
    ui_draw_text(ui, ui_rect_cut_right(&head, column), UI_FONT_SMALL, UI_RIGHT, b.color, b.name);
    ui_draw_text(ui, ui_rect_cut_right(&head, column), UI_FONT_SMALL, UI_RIGHT, a.color, a.name);
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        const Row *row = &rows[i];
        const bool same =
            (!row->needs_rec || a.rec == b.rec) && (!row->needs_div || a.div == b.div);
        const double from = value_of(row, &a);
        const double to = value_of(row, &b);
        char text[3][VIEW_FIGURE];
        view_figure_nats(from, text[0]);
        view_figure_nats(to, text[1]);
        view_versus_difference(same ? from : (double)NAN, to, text[2]);
        draw_line(ui, ui_rect_cut_top(&rect, VIEW_VERSUS_ROW), column, row->title, text, &a, &b,
                  same ? color_of(row, to - from) : UI_MUTED);
    }
    if (a.measures != NULL && b.measures != NULL) {
        rect.y += draw_measures(ui, &a, &b, rect, column);
    }
    return rect.y - whole.y;
}
