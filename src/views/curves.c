#include "views/curves.h"

#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"

#include "views/curve_marks.h"
#include "views/term.h"

enum {
    CARDS = 4,
    GAP = UI_GRID,
    FOUR_CARDS_W = 1500,   /* px from which there is room for every series */
    FOUR_TRAINED_W = 1120, /* the same where the regularization is trained */
};

static const double zoom_notch = 1.25;
static const char *const hint =
    "Wheel zooms into the steps · drag moves · double-click shows all · click a change to go back";

struct ViewCurves {
    ViewCurveState state;
    uint64_t model_id;
    double updated_at; /* ui_now() when what is plotted was brought up to date */
    bool steered;      /* the person has moved the window since */
    double read;       /* step that is read out, from the keyboard */
};

ViewCurves *view_curves_create(LsError *err)
{
    ViewCurves *curves = ls_memory_items(1, sizeof(*curves), err);
    if (curves) {
        curves->state.turn = VIEW_CARD_TOTAL;
        curves->read = (double)NAN;
    }
    return curves;
}

void view_curves_destroy(ViewCurves *curves)
{
    ls_memory_free(curves);
}

/* What the cards show, from left to right. */
static int choose_cards(ViewCurveState *state, const View *view, float width, ViewCard *card)
{
    const bool trained = view_term_active(&view->settings, &view_term_all()[LS_SERIES_REG]);
    state->swaps = width < (trained ? FOUR_TRAINED_W : FOUR_CARDS_W);
    if (!state->swaps && state->turn == VIEW_CARD_REG) {
        state->turn = VIEW_CARD_TOTAL; /* the regularization has a card of its own now */
    }
    int count = 0;
    card[count++] = VIEW_CARD_REC;
    card[count++] = state->by_axis ? VIEW_CARD_AXES : VIEW_CARD_KL;
    if (!state->swaps) {
        card[count++] = VIEW_CARD_REG;
    }
    card[count++] = state->turn;
    return count;
}

void view_curves_note(ViewCurves *curves, const View *view)
{
    ViewCurveState *state = &curves->state;
    const LsSnapshot *snapshot = view->snapshot;
    if (curves->model_id != snapshot->model_id) {
        curves->model_id = snapshot->model_id;
        state->kinds.count = 0;
        memset(state->axis, 0, sizeof(state->axis));
        memset(state->judged, 0, sizeof(state->judged));
        view_curve_window_fit(&state->window);
        curves->read = (double)NAN;
    }
    if (!view->past) {
        view_kinds_note(&state->kinds, snapshot->step, snapshot->settings.rec,
                        snapshot->settings.div, snapshot->settings.reg);
    }
}

const ViewCurveState *view_curves_state(const ViewCurves *curves)
{
    return &curves->state;
}

/* Takes in what is new. While training goes on that is done when the turn of the plots comes: curves move no
 * smoother for more, and frames between cost next to nothing. */
static void update(ViewCurves *curves, const View *view, int pixels)
{
    ViewCurveState *state = &curves->state;
    const LsSnapshot *snapshot = view->snapshot;
    view_curves_note(curves, view);
    size_t count = 0;
    const LsBucket *buckets = ls_history_buckets(view->history, &count);
    state->notice = count == 0 ? "Press Space to train: the curves begin here." : NULL;
    const double now = ui_now(view->ui);
    state->seconds = curves->updated_at > 0 ? now - curves->updated_at : 0;
    state->due = !snapshot->training || curves->steered || state->trace.count == 0 ||
                 (view->resting & VIEW_TURN_PLOTS) == 0;
    if (count == 0) {
        state->trace.count = 0;
    }
    if (count == 0 || !state->due) {
        return;
    }
    curves->updated_at = now;
    curves->steered = false;
    /* The first step of a run begins at 0; one that goes on from a file begins where it left off. */
    view_curve_window_track(&state->window, (double)buckets[0].first - 1,
                            (double)buckets[count - 1].last);
    const int most = VIEW_TRACE_GROUPS - 2;
    view_curve_trace_fill(&state->trace, buckets, count, &state->kinds, state->window.x0,
                          state->window.x1,
                          pixels < 1      ? 1
                          : pixels < most ? pixels
                                          : most);
}

void view_curves_follow(ViewCurves *curves, const View *view, float width)
{
    update(curves, view, (int)(width * ui_scale(view->ui)));
}

double view_curves_steer(ViewCurves *curves, View *view, const UiPlot *plot)
{
    ViewWindow *window = &curves->state.window;
    const UiHit *hit = &plot->hit;
    const double span = window->x1 - window->x0;
    if (hit->focused && !isfinite(curves->read)) {
        curves->read = window->x1;
    }
    const double middle = isfinite(curves->read) ? curves->read : window->x0 + span / 2;
    const double a_pixel = plot->area.w > 0 ? span / (double)plot->area.w : 0;
    const double at = hit->over ? ui_plot_x(plot, hit->at.x) : middle;
    curves->steered = curves->steered || hit->over || hit->focused;
    if (hit->wheel != 0 && hit->over) {
        view_curve_window_zoom(window, at, pow(zoom_notch, (double)hit->wheel));
    }
    if ((hit->held || hit->pan_held) && hit->moved.x != 0) {
        view_curve_window_pan(window, -(double)hit->moved.x * a_pixel);
    }
    if (hit->double_clicked || hit->key_fit) {
        view_curve_window_fit(window);
    }
    if (hit->key_in || hit->key_out) {
        view_curve_window_zoom(window, middle, hit->key_in ? zoom_notch : 1 / zoom_notch);
    }
    if (hit->key_x != 0) {
        curves->read = fmin(fmax(middle + hit->key_x * 4 * a_pixel, window->x0), window->x1);
    }
    if (hit->key_enter && isfinite(curves->read)) {
        (void)view_curve_marks_return(view, curves->read);
    }
    if (hit->over) {
        return fmin(fmax(at, window->x0), window->x1);
    }
    return hit->focused ? fmin(fmax(curves->read, window->x0), window->x1) : (double)NAN;
}

void view_curves_draw(ViewCurves *curves, View *view, UiRect rect)
{
    ViewCard card[CARDS];
    const int count = choose_cards(&curves->state, view, rect.w, card);
    const float width = (rect.w - (float)(GAP * (count - 1))) / (float)count;
    view_curves_follow(curves, view, width);
    UiPlot plot[CARDS];
    bool drawn[CARDS] = {false};
    double read = (double)NAN;
    for (int i = 0; i < count; i++) {
        /* Whole units: titles and edges are sharp on every card. */
        const float left = floorf(rect.x + (float)i * (width + GAP));
        const float right = i + 1 == count ? rect.x + rect.w
                                           : floorf(rect.x + (float)(i + 1) * (width + GAP)) - GAP;
        const UiRect place = {left, rect.y, right - left, rect.h};
        drawn[i] = view_curve_card_draw(&curves->state, view, place, card[i], &plot[i]);
    }
    /* Only now, so that every card of a frame shows the same steps. */
    for (int i = 0; i < count; i++) {
        if (drawn[i]) {
            if (plot[i].hit.focused) {
                ui_draw_frame(view->ui, ui_rect_inset(plot[i].area, -3), UI_ROUND, 1.6F, UI_ACTION);
            }
            const double step = view_curves_steer(curves, view, &plot[i]);
            read = isfinite(step) ? step : read;
            view->hint = plot[i].hit.over ? hint : view->hint;
        }
    }
    for (int i = 0; i < count && isfinite(read); i++) {
        if (drawn[i]) {
            view_curve_card_read(view, &curves->state.kinds, &plot[i], card[i], read);
        }
    }
}
