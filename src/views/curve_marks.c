#include "views/curve_marks.h"

#include <stdio.h>

#include "views/curve_labels.h"

enum {
    LABELS = 24 /* labelled at once; older lines in sight stand without */
};

bool view_curve_marks_any(const View *view, double x0, double x1)
{
    size_t count = 0;
    const LsMarker *marker = ls_history_markers(view->history, &count);
    for (size_t i = 0; i < count; i++) {
        const double step = (double)marker[i].step;
        if (step >= x0 && step <= x1) {
            return true;
        }
    }
    return false;
}

void view_curve_marks_lines(const View *view, const UiPlot *plot)
{
    size_t count = 0;
    const LsMarker *marker = ls_history_markers(view->history, &count);
    const float bottom = plot->area.y + plot->area.h;
    for (size_t i = 0; i < count; i++) {
        const double step = (double)marker[i].step;
        if (step >= plot->x_min && step <= plot->x_max) {
            const float x = ui_plot_point(plot, step, plot->y_min).x;
            ui_draw_dashes(view->ui, (UiPoint){x, plot->area.y}, (UiPoint){x, bottom}, 1, 3, 3,
                           ui_color_fade(UI_MUTED, 0.7F));
        }
    }
}

/* The markers in sight from left to right, the newest LABELS of them. Returns how many; *last: the
 * newest of all. */
static size_t gather(const View *view, const UiPlot *plot, const LsMarker **shown, ViewLabel *label,
                     const LsMarker **last)
{
    size_t count = 0;
    const LsMarker *marker = ls_history_markers(view->history, &count);
    *last = marker + count - (count > 0);
    size_t first = count;
    size_t labels = 0;
    while (first > 0 && labels < LABELS) {
        const double step = (double)marker[--first].step;
        labels += step >= plot->x_min && step <= plot->x_max;
    }
    labels = 0;
    for (size_t i = first; i < count; i++) {
        const double step = (double)marker[i].step;
        if (step >= plot->x_min && step <= plot->x_max) {
            label[labels] =
                (ViewLabel){.line_x = ui_plot_point(plot, step, plot->y_min).x,
                            .width = ui_text_width(view->ui, UI_FONT_SMALL, marker[i].label)};
            shown[labels++] = &marker[i];
        }
    }
    return labels;
}

/* The settings of a marker; the seed is the next reset's and stays. */
static void go_back(View *view, const LsMarker *marker)
{
    LsTrainSettings settings = marker->settings;
    settings.seed = view->settings.seed;
    view->settings = settings;
    view->host.edit(view->host.app, &settings, true);
}

void view_curve_marks_labels(View *view, const UiPlot *plot, const char *id)
{
    Ui *ui = view->ui;
    const LsMarker *shown[LABELS];
    ViewLabel label[LABELS];
    const LsMarker *picked = NULL;
    const LsMarker *last = NULL;
    const size_t labels = gather(view, plot, shown, label, &last);
    view_curve_labels_place(label, labels, plot->area);
    for (size_t i = 0; i < labels; i++) {
        if (label[i].row < 0) {
            continue;
        }
        const UiRect text = {label[i].x, plot->area.y + (float)(label[i].row * VIEW_MARK_ROW),
                             label[i].width, VIEW_MARK_ROW};
        const UiRect box = {text.x - 2, text.y, text.w + 4, text.h};
        bool lit = false;
        if (shown[i]->settled) {
            char own[64];
            (void)snprintf(own, sizeof(own), "%s.mark.%d", id, (int)(last - shown[i]));
            const UiHit hit = ui_area(ui, own, box, false);
            lit = hit.over;
            picked = hit.clicked ? shown[i] : picked;
            ui_tooltip(ui, box,
                       "Click to go back to the settings that held from here on. The weights stay; "
                       "undo takes it back.",
                       NULL);
        }
        ui_draw_round(ui, box, 3, lit ? UI_HOVER : ui_color_fade(UI_CARD, 0.8F));
        (void)ui_draw_text(ui, text, UI_FONT_SMALL, UI_LEFT, lit ? UI_TEXT : UI_MUTED,
                           shown[i]->label);
    }
    if (picked) {
        go_back(view, picked);
    }
}

bool view_curve_marks_return(View *view, double step)
{
    size_t count = 0;
    const LsMarker *marker = ls_history_markers(view->history, &count);
    while (count > 0 && (double)marker[count - 1].step > step) {
        count--;
    }
    if (count == 0 || !marker[count - 1].settled) {
        return false;
    }
    go_back(view, &marker[count - 1]);
    return true;
}
