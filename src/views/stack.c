#include "views/stack.h"

#include <math.h>
#include <stdio.h>

#include "latentscape/core/memory.h"

#include "views/curve_marks.h"
#include "views/figure.h"
#include "views/readout.h"
#include "views/term.h"

enum {
    COLUMNS = 1024, /* places along the steps at which the terms are looked up */
    ROW = 24,       /* px of the title */
    CHIP_H = 20,
    READ_LINES = 5,
};

static const char *const hint =
    "Wheel zooms into the steps · drag moves · double-click shows all · click a change to go back";

struct ViewStack {
    bool shares; /* of the total, rather than nats */
    ViewAxis axis;
    double drawn_at;
    uint64_t model_id;
    size_t count;
    double step[COLUMNS];
    float part[COLUMNS][VIEW_TERMS]; /* what each term adds there; NAN where it was another kind */
    UiBandPoint band[COLUMNS];
};

ViewStack *view_stack_create(LsError *err)
{
    return ls_memory_items(1, sizeof(ViewStack), err);
}

void view_stack_destroy(ViewStack *stack)
{
    ls_memory_free(stack);
}

static float total_of(const float *part)
{
    return part[0] + part[1] + part[2];
}

/* Looks the terms up in fixed runs of neighbouring buckets, so that a stack that grows slides. */
static void fill(ViewStack *stack, const View *view, const ViewCurveState *state, int most)
{
    size_t count = 0;
    const LsBucket *bucket = ls_history_buckets(view->history, &count);
    stack->count = 0;
    if (count == 0) {
        return;
    }
    const size_t first = view_curve_trace_bucket_at(bucket, count, state->window.x0);
    const size_t last = view_curve_trace_bucket_at(bucket, count, state->window.x1);
    size_t size = 1;
    while (last / size - first / size + 3 > (size_t)most) {
        size *= 2;
    }
    for (size_t run = first / size; run <= last / size + 1; run++) {
        const size_t end = (run + 1) * size <= count ? (run + 1) * size : count;
        if (run * size >= count) {
            break;
        }
        const LsBucket *at = &bucket[end - 1];
        const bool shown = view_kinds_shown(&state->kinds, LS_SERIES_TOTAL, at->last);
        stack->step[stack->count] = (double)at->last;
        for (int i = 0; i < VIEW_TERMS; i++) {
            /* A term below zero cannot stand on another: it is left out, as one that is off. */
            stack->part[stack->count][i] = shown ? fmaxf(at->part[i], 0) : NAN;
        }
        stack->count++;
    }
}

/* The upper end of the axis: the run's settled part and its newest. */
static void follow_axis(ViewStack *stack, const View *view, const ViewWindow *window)
{
    const double settled =
        window->part ? window->x0 : window->x0 + 0.08 * (window->x1 - window->x0);
    double high = 0;
    for (size_t i = 0; i < stack->count; i++) {
        const double total = (double)total_of(stack->part[i]);
        if (isfinite(total) && (stack->step[i] >= settled || i + 1 == stack->count)) {
            high = fmax(high, total);
        }
    }
    const double now = ui_now(view->ui);
    const double seconds = stack->drawn_at > 0 ? now - stack->drawn_at : 0;
    stack->drawn_at = now;
    view_curve_scale_follow(&stack->axis, (ViewScale){0, high > 0 ? high * 1.1 : 1}, seconds,
                            view->snapshot->training);
    stack->axis.shown.low = stack->axis.aim.low = 0;
}

/* One term's band, upon those below it; broken where another kind was trained. */
static void draw_term(ViewStack *stack, Ui *ui, const UiPlot *plot, int term)
{
    const UiColor color = view_term_color((LsSeries)term);
    size_t count = 0;
    for (size_t i = 0; i <= stack->count; i++) {
        const float *part = i < stack->count ? stack->part[i] : NULL;
        const float total = part ? total_of(part) : NAN;
        if (!isfinite(total)) {
            ui_draw_band(ui, stack->band, count, ui_color_fade(color, 0.62F));
            count = 0;
            continue;
        }
        double below = 0;
        for (int t = 0; t < term; t++) {
            below += (double)part[t];
        }
        double above = below + (double)part[term];
        if (stack->shares) {
            below /= fmax((double)total, 1e-30);
            above /= fmax((double)total, 1e-30);
        }
        const UiPoint top = ui_plot_point(plot, stack->step[i], above);
        stack->band[count++] =
            (UiBandPoint){top.x, top.y, ui_plot_point(plot, stack->step[i], below).y};
    }
}

/* --- the title ---------------------------------------------------------------------------------- */

static UiRect draw_chips(ViewStack *stack, Ui *ui, UiRect row)
{
    const char *const names[2] = {"Nats", "Share"};
    const char *const ids[2] = {"stack.nats", "stack.share"};
    const char *const helps[2] = {"Plots what each term adds to the total, in nats.",
                                  "Plots each term as its part of the total."};
    for (int i = 0; i < 2; i++) {
        UiRect chip = ui_rect_cut_left(&row, ui_button_width(ui, names[i], UI_LOOK_CHIP));
        chip.y += (chip.h - CHIP_H) / 2;
        chip.h = CHIP_H;
        if (ui_button(ui, ids[i], chip, names[i], UI_LOOK_CHIP, stack->shares == (i == 1), true)) {
            stack->shares = i == 1;
        }
        ui_tooltip(ui, chip, helps[i], NULL);
        ui_rect_cut_left(&row, 4);
    }
    ui_rect_cut_left(&row, 8);
    return row;
}

/* Each term in its colour, with what it adds now. */
static void draw_title(ViewStack *stack, Ui *ui, UiRect row)
{
    row = draw_chips(stack, ui, row);
    const float *now = stack->count > 0 ? stack->part[stack->count - 1] : NULL;
    const float total = now ? total_of(now) : NAN;
    char text[VIEW_FIGURE + 16];
    char widest[VIEW_FIGURE + 16];
    char figure[VIEW_FIGURE];
    view_figure_nats((double)total, figure);
    (void)snprintf(text, sizeof(text), "total %s nats", figure);
    view_figure_widest(text, widest, sizeof(widest));
    if (isfinite(total) && row.w > 320) {
        const UiRect cell = ui_rect_cut_right(&row, ui_text_width(ui, UI_FONT_STRONG, widest) + 2);
        (void)ui_draw_text(ui, cell, UI_FONT_STRONG, UI_RIGHT, UI_TEXT, text);
    }
    for (int i = 0; i < VIEW_TERMS; i++) {
        const ViewTerm *term = &view_term_all()[i];
        const char *title = row.w > 560 ? term->title : term->brief;
        if (row.w < 100) {
            return;
        }
        ui_draw_disc(ui, (UiPoint){row.x + 4, row.y + row.h / 2}, 4, view_term_color(term->series));
        ui_rect_cut_left(&row, 14);
        ui_rect_cut_left(&row, ui_draw_text(ui, row, UI_FONT_BODY, UI_LEFT, UI_TEXT, title) + 6);
        if (!isfinite(total)) {
            ui_rect_cut_left(&row, 12);
            continue;
        }
        if (!(now[i] > 0)) {
            (void)snprintf(figure, sizeof(figure), "off");
        } else if (stack->shares) {
            view_figure_share(total > 0 ? (double)(now[i] / total) : 0, figure);
        } else {
            view_figure_nats((double)now[i], figure);
        }
        view_figure_widest(figure, widest, sizeof(widest));
        (void)ui_draw_text(ui, row, UI_FONT_STRONG, UI_LEFT,
                           now[i] > 0 ? view_term_color(term->series) : UI_MUTED, figure);
        ui_rect_cut_left(&row, ui_text_width(ui, UI_FONT_STRONG, widest) + 16);
    }
}

/* --- reading ------------------------------------------------------------------------------------ */

static void draw_read(const ViewStack *stack, Ui *ui, const UiPlot *plot, double step)
{
    size_t at = 0;
    while (at + 1 < stack->count && stack->step[at] < step) {
        at++;
    }
    const float *part = stack->part[at];
    const float total = total_of(part);
    if (!isfinite(total)) {
        return;
    }
    char line[READ_LINES][96];
    char figure[VIEW_FIGURE];
    char share[VIEW_FIGURE];
    UiColor color[READ_LINES] = {UI_MUTED, UI_TEXT};
    int lines = 2;
    view_figure_count((uint64_t)stack->step[at], figure);
    (void)snprintf(line[0], sizeof(line[0]), "step %s", figure);
    view_figure_nats((double)total, figure);
    (void)snprintf(line[1], sizeof(line[1]), "total %s", figure);
    for (int i = VIEW_TERMS - 1; i >= 0; i--) { /* in the order in which they lie there */
        view_figure_nats((double)part[i], figure);
        view_figure_share(total > 0 ? (double)(part[i] / total) : 0, share);
        color[lines] = view_term_color((LsSeries)i);
        (void)snprintf(line[lines++], sizeof(line[0]), "%s %s · %s", view_term_all()[i].brief,
                       figure, share);
    }
    ViewReadoutLine read[READ_LINES];
    for (int i = 0; i < lines; i++) {
        read[i] = (ViewReadoutLine){line[i], color[i], UI_FONT_SMALL};
    }
    const float x = ui_plot_point(plot, stack->step[at], plot->y_min).x;
    ui_draw_rect(ui, (UiRect){x, plot->area.y, 1 / ui_scale(ui), plot->area.h},
                 ui_color_fade(UI_TEXT, 0.5F));
    view_readout_draw(ui, read, lines, x, false, plot->area);
}

/* --- the view ----------------------------------------------------------------------------------- */

static void draw_plot(ViewStack *stack, View *view, ViewCurves *curves, UiRect inside)
{
    Ui *ui = view->ui;
    const ViewCurveState *state = view_curves_state(curves);
    follow_axis(stack, view, &state->window);
    const UiPlot plot = ui_plot_begin(ui, "stack.plot", inside, state->window.x0, state->window.x1,
                                      0, stack->shares ? 1 : stack->axis.shown.high, false);
    ui_draw_push_clip(ui, plot.area);
    for (int i = 0; i < VIEW_TERMS; i++) {
        draw_term(stack, ui, &plot, i);
    }
    view_curve_marks_lines(view, &plot);
    view_curve_marks_labels(view, &plot, "stack.plot");
    ui_draw_pop_clip(ui);
    ui_plot_end(ui);
    if (plot.hit.focused) {
        ui_draw_frame(ui, ui_rect_inset(plot.area, -3), UI_ROUND, 1.6F, UI_ACTION);
    }
    const double step = view_curves_steer(curves, view, &plot);
    view->hint = plot.hit.over ? hint : view->hint;
    if (isfinite(step)) {
        draw_read(stack, ui, &plot, step);
    }
}

void view_stack_draw(ViewStack *stack, View *view, ViewCurves *curves, UiRect rect)
{
    Ui *ui = view->ui;
    if (stack->model_id != view->snapshot->model_id) {
        stack->model_id = view->snapshot->model_id;
        stack->axis.set = false;
    }
    const float pixels = (rect.w - 60) * ui_scale(ui) / 2;
    view_curves_follow(curves, view, rect.w);
    fill(stack, view, view_curves_state(curves), (int)fmaxf(fminf(pixels, COLUMNS), 8));
    ui_draw_round(ui, rect, UI_RADIUS, UI_CARD);
    ui_draw_frame(ui, rect, UI_RADIUS, 1, UI_RULE);
    UiRect inside = {rect.x + UI_PAD, rect.y + 6, rect.w - 2 * UI_PAD, rect.h - 10};
    draw_title(stack, ui, ui_rect_cut_top(&inside, ROW));
    ui_rect_cut_top(&inside, 4);
    if (stack->count < 2) {
        inside.h -= ROW / 2.0F;
        (void)ui_draw_text(ui, inside, UI_FONT_BODY, UI_CENTER, UI_MUTED,
                           "Press Space to train: the terms pile up here.");
        return;
    }
    draw_plot(stack, view, curves, inside);
}
