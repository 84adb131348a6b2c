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
        UiRect line = ui_rect_cut_top(&rect, VIEW_VERSUS_ROW);
        ui_draw_text(ui, ui_rect_cut_right(&line, column), UI_FONT_SMALL, UI_RIGHT,
                     same ? color_of(row, to - from) : UI_MUTED, text[2]);
        ui_draw_text(ui, ui_rect_cut_right(&line, column), UI_FONT_STRONG, UI_RIGHT, b.color,
                     text[1]);
        ui_draw_text(ui, ui_rect_cut_right(&line, column), UI_FONT_STRONG, UI_RIGHT, a.color,
                     text[0]);
        ui_draw_text(ui, line, UI_FONT_SMALL, UI_LEFT, UI_MUTED, row->title);
    }
    return rect.y - whole.y;
}
