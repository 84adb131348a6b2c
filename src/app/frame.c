#include "app/frame.h"

#include <math.h>

#include "latentscape/core/clock.h"

#include "app/action.h"
#include "app/dialogs.h"
#include "app/layout.h"
#include "app/panes.h"
#include "views/map_twin.h"
#include "views/status.h"
#include "views/topbar.h"
#include "views/versus.h"
#include "views/wipe.h"

/* --- the views ---------------------------------------------------------------------------------- */

static bool create_views(AppViews *views, LsError *err)
{
    views->map = view_map_create(err);
    views->cursor = views->map ? view_cursor_create(err) : NULL;
    views->samples = views->cursor ? view_samples_create(err) : NULL;
    views->reconstructions = views->samples ? view_reconstructions_create(err) : NULL;
    return views->reconstructions != NULL;
}

static void destroy_views(AppViews *views)
{
    view_reconstructions_destroy(views->reconstructions);
    view_samples_destroy(views->samples);
    view_cursor_destroy(views->cursor);
    view_map_destroy(views->map);
    *views = (AppViews){0};
}

static AppViews own_views(const App *app)
{
    return (AppViews){app->map, app->cursor, app->samples, app->reconstructions};
}

bool app_frame_create(App *app, LsError *err)
{
    AppViews views = {0};
    const bool made = create_views(&views, err);
    app->map = views.map;
    app->cursor = views.cursor;
    app->samples = views.samples;
    app->reconstructions = views.reconstructions;
    app->curves = made ? view_curves_create(err) : NULL;
    app->stack = app->curves ? view_stack_create(err) : NULL;
    app->rate = app->stack ? view_rate_distortion_create(err) : NULL;
    app->flow = app->rate ? view_flow_create(err) : NULL;
    app->panel = app->flow ? view_loss_panel_create(err) : NULL;
    return app->panel != NULL;
}

void app_frame_destroy(App *app)
{
    AppViews views = own_views(app);
    view_loss_panel_destroy(app->panel);
    view_flow_destroy(app->flow);
    view_rate_distortion_destroy(app->rate);
    view_stack_destroy(app->stack);
    view_curves_destroy(app->curves);
    destroy_views(&views);
    destroy_views(&app->other);
}

bool app_frame_ready_other(App *app)
{
    if (app->other.map == NULL && !create_views(&app->other, NULL)) {
        destroy_views(&app->other);
        return false;
    }
    return true;
}

void app_frame_swap_other(App *app)
{
    const AppViews first = own_views(app);
    app->map = app->other.map;
    app->cursor = app->other.cursor;
    app->samples = app->other.samples;
    app->reconstructions = app->other.reconstructions;
    app->other = first;
}

/* --- the model of before ------------------------------------------------------------------------ */

/* The views' state with another model in it. What the views change in it, take_back() keeps. */
static View with_model(const App *app, const LsSnapshot *snapshot)
{
    View view = app->view;
    view.resting = 0; /* nothing of it changes: soon it is done */
    view.snapshot = snapshot;
    view.settings = snapshot->settings;
    return view;
}

static void take_back(App *app, const View *view)
{
    app->view.cursor = view->cursor;
    app->view.choice = view->choice;
    app->view.hint = view->hint;
}

/* Both in figures, in the lower left of the plane, or in the upper where what the pointer asks for
 * is shown; of a plane too small for that in place of the cursor's card. */
static void draw_figures(App *app, UiRect plane, UiRect card)
{
    const LsSnapshot *old = &app->before.snapshot;
    const LsSnapshot *now = app->view.snapshot;
    /* An evaluation of before the change says nothing of now. */
    const bool fresh = now->evaluation.step > old->step || now->step == old->step;
    const ViewVersusSide a = {"before", UI_SIDE_B,         &old->evaluation,
                              NULL,     old->settings.rec, old->settings.div};
    const ViewVersusSide b = {"now", UI_TEXT,           fresh ? &now->evaluation : NULL,
                              NULL,  now->settings.rec, now->settings.div};
    const float h = VIEW_VERSUS_ROW * (VIEW_VERSUS_ROWS + 1) + 12;
    const bool small = plane.w < 288 + 24 || plane.h < 2 * h;
    const float w = small ? fminf(card.w - 8, 288) : 288;
    const UiPoint pointer = ui_pointer(app->ui);
    const bool below =
        ui_rect_has(plane, pointer) && pointer.y > plane.y + plane.h * 0.35F; /* it reaches down */
    const UiRect box =
        small ? (UiRect){card.x + (card.w - w) / 2, card.y + (card.h - h) / 2, w, h}
              : (UiRect){plane.x + 12, below ? plane.y + 12 : plane.y + plane.h - h - 12, w, h};
    if (small) {
        ui_draw_round(app->ui, card, UI_RADIUS, UI_CARD);
        ui_draw_frame(app->ui, card, UI_RADIUS, 1, UI_RULE);
    } else {
        ui_draw_round(app->ui, box, UI_ROUND, ui_color_fade(UI_CARD, 0.93F));
        ui_draw_frame(app->ui, box, UI_ROUND, 1, UI_EDGE);
    }
    UiRect inside = {box.x + 10, box.y + 6, box.w - 20, box.h - 12};
    UiRect title = inside;
    title.h = VIEW_VERSUS_ROW;
    title.w -= 3 * view_versus_column(inside);
    ui_draw_text(app->ui, title, UI_FONT_SMALL, UI_LEFT, UI_MUTED, app->before.label);
    (void)view_versus_draw(&app->view, a, b, inside);
}

/* --- the window in one run ---------------------------------------------------------------------- */

static void draw_cards(const AppViews *views, View *view, const AppLayout *layout)
{
    view_cursor_draw(views->cursor, view, layout->cursor, view_map_codes(views->map));
    view_samples_draw(views->samples, view, layout->samples);
    view_reconstructions_draw(views->reconstructions, view, layout->reconstructions);
}

/* The old model in place of the present one. */
static bool draw_old(App *app, const AppLayout *layout)
{
    View view = with_model(app, &app->before.snapshot);
    AppViews *other = &app->other;
    view.decode_until =
        ls_clock_now() + app_turns_decode_s(false, 0); /* nothing of it changes: soon it is done */
    view_map_twin_follow(other->map, app->map);
    view_map_draw(other->map, &view, layout->map);
    draw_cards(other, &view, layout);
    view_map_twin_follow(app->map, other->map);
    take_back(app, &view);
    const UiRect plane = view_map_twin_area(other->map);
    draw_figures(app, plane, layout->cursor);
    if (app->before.pressed) { /* the hand is on it still */
        app->before.pressed =
            view_wipe_draw(&app->view, plane, &app->before.wipe, app->before.label);
    }
    ui_draw_frame(app->ui, layout->map, UI_RADIUS, 2, UI_SIDE_B);
    return view_map_work(other->map, &view) || view_samples_busy(other->samples) ||
           view_reconstructions_busy(other->reconstructions);
}

/* The left part of a card from the old model, the rest from the present one. */
static void wipe_cards(App *app, View *old, const AppLayout *layout)
{
    static const char *const pictures[] = {"samples", "recon"};
    const UiRect cards[] = {layout->samples, layout->reconstructions};
    UiRect line[2]; /* through the pictures, not the words */
    for (size_t i = 0; i < LS_COUNT(cards); i++) {
        if (!ui_find(app->ui, pictures[i], &line[i])) {
            line[i] = cards[i];
        }
    }
    ui_scope(app->ui, "old:");
    for (size_t i = 0; i < LS_COUNT(cards); i++) {
        const UiRect part = {cards[i].x, cards[i].y, cards[i].w * app->before.wipe, cards[i].h};
        ui_draw_push_clip(app->ui, part);
        if (i == 0) {
            view_samples_draw(app->other.samples, old, cards[i]);
        } else {
            view_reconstructions_draw(app->other.reconstructions, old, cards[i]);
        }
        ui_draw_rect(app->ui, (UiRect){part.x + part.w - 1, line[i].y, 1, line[i].h}, UI_SIDE_B);
        ui_draw_pop_clip(app->ui);
    }
    ui_scope(app->ui, NULL);
}

/* The old model wiped over the present one as far as the handle was drawn. */
static bool draw_wipe(App *app, const AppLayout *layout)
{
    AppBefore *before = &app->before;
    const UiRect plane = view_map_twin_area(app->map);
    bool more = false;
    if (before->wipe > 0 && app_frame_ready_other(app)) {
        View old = with_model(app, &before->snapshot);
        AppViews *other = &app->other;
        const double now = ls_clock_now();
        old.decode_until = now + (app->view.decode_until - now) * 0.5;
        view_map_twin_draw(other->map, app->map, &old,
                           (UiRect){plane.x, plane.y, plane.w * before->wipe, plane.h});
        wipe_cards(app, &old, layout);
        take_back(app, &old);
        more = view_map_work(other->map, &old) || view_samples_busy(other->samples) ||
               view_reconstructions_busy(other->reconstructions);
    }
    const float wipe = before->wipe;
    before->pressed = view_wipe_draw(&app->view, plane, &before->wipe, before->label);
    if (before->pressed || before->wipe != wipe) {
        view_map_hush(app->map); /* no card opens over what is looked at */
    }
    if (before->wipe > 0) {
        draw_figures(app, plane, layout->cursor);
    }
    return more;
}

static bool draw_now(App *app, const AppLayout *layout)
{
    View *view = &app->view;
    const AppViews views = own_views(app);
    bool more = false;
    /* The map first: it says where the pointer is, and the cursor's image follows in this frame. */
    view_map_draw(app->map, view, layout->map);
    draw_cards(&views, view, layout);
    if (app->before.known && !app->past.shown) {
        more = draw_wipe(app, layout);
    }
    /* What is left of the budget refreshes the map; it shows in this frame all the same. */
    return view_map_work(app->map, view) || view_samples_busy(app->samples) ||
           view_reconstructions_busy(app->reconstructions) || more;
}

/* --- two runs side by side ---------------------------------------------------------------------- */

/* A side's map and, below it, its samples; decodes until `until`. Returns whether more is to be
 * done. */
static bool draw_side(ViewMap *map, ViewSamples *samples, View *view, UiRect column, double until)
{
    const float below = floorf(column.h * 0.24F);
    const UiRect low = ui_rect_cut_bottom(&column, below);
    column.h -= UI_GRID;
    view->decode_until = until;
    view_map_draw(map, view, column);
    view_samples_draw(samples, view, low);
    return view_map_work(map, view) || view_samples_busy(samples);
}

static bool draw_fork(App *app, const AppLayout *layout)
{
    View *a = &app->view;
    View *b = &app->fork.view;
    const double now = ls_clock_now();
    const double half = (a->decode_until - now) / 2;
    const UiRect map = layout->map;
    const float right = layout->samples.x + layout->samples.w;
    const float w = floorf((right - map.x - UI_GRID) / 2);
    UiRect left = {map.x, map.y, w, map.h};
    UiRect other = {right - w, map.y, w, map.h};
    if (app->before.held) { /* one in the other's place: the eye sees what differs */
        const UiRect swap = left;
        left = other;
        other = swap;
    }
    bool more = draw_side(app->map, app->samples, a, left, now + half);
    const bool over = a->cursor.over;
    view_map_twin_follow(app->other.map, app->map);
    b->choice = a->choice;
    b->cursor = a->cursor;
    b->spent = a->spent;
    b->decoding_s = a->decoding_s;
    ui_scope(app->ui, "b:");
    more = draw_side(app->other.map, app->other.samples, b, other, now + 2 * half) || more;
    a->hint = a->hint ? a->hint : "The same code in both · hold B to swap them";
    ui_scope(app->ui, NULL);
    view_map_twin_follow(app->map, app->other.map);
    b->hint = b->hint ? b->hint : a->hint;
    take_back(app, b);
    a->cursor.over = over || b->cursor.over;
    return more;
}

/* --- the frame ---------------------------------------------------------------------------------- */

static void draw_dialogs(App *app)
{
    size_t count = 0;
    const AppAction *rows = app_action_rows(&count);
    ViewAction shown[128];
    count = count < LS_COUNT(shown) ? count : LS_COUNT(shown);
    for (size_t i = 0; i < count; i++) {
        shown[i] = rows[i].shown;
    }
    app_dialogs_draw(app, shown, count);
}

static bool shows_old(const App *app)
{
    return (app->before.held || app->before.pressed) && app->before.known && !app->past.shown &&
           !app_fork_on(app);
}

const char *app_frame_shown(const App *app)
{
    return app->past.shown ? "past" : shows_old(app) ? "before" : "now";
}

AppViews app_frame_views(const App *app)
{
    return shows_old(app) && app->other.map != NULL ? app->other : own_views(app);
}

/* Of both sides in one number: it changes when one of them does. */
static uint64_t newest(const App *app)
{
    return app->view.snapshot->serial + (app_fork_on(app) ? app->fork.view.snapshot->serial : 0);
}

static void take_turns(App *app)
{
    const bool sharing = app->view.snapshot->training && !app->past.shown;
    app->view.resting = app_turns_begin(&app->turns, newest(app), sharing);
    app->fork.view.resting = app->view.resting;
}

void app_frame_draw(App *app)
{
    Ui *ui = app->ui;
    View *view = &app->view;
    const UiRect window = ui_bounds(ui);
    const AppLayout layout = app_layout_make(window);
    ui_draw_rect(ui, window, UI_GROUND);
    view_topbar_draw(view, layout.topbar);
    app_past_begin(app);
    take_turns(app);
    view->decode_until =
        ls_clock_now() + app_turns_decode_s(view->snapshot->training, view->resting);
    if (app_fork_on(app)) {
        app->busy = draw_fork(app, &layout);
    } else {
        const bool old = shows_old(app) && app_frame_ready_other(app);
        app->busy = old ? draw_old(app, &layout) : draw_now(app, &layout);
    }
    app->busy = app->busy || app_turns_wait(&app->turns, newest(app));
    app_panes_draw(app, &layout); /* ends the past: the plots below are whole */
    view_lesson_page_point(&app->lesson, view);
    draw_dialogs(app);
    view_status_draw(view, layout.status);
}
