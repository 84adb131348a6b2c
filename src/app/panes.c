#include "app/panes.h"

#include <string.h>

#include "app/action.h"
#include "app/teach.h"
#include "ui/tabs.h"
#include "ui/theme.h"

/* What belongs to a page as a whole, from the right end of its row of tabs. */
static void draw_tools(App *app, UiRect row, bool curves)
{
    const struct {
        const char *action, *label;
        bool shown, on;
    } tools[] = {
        {"export.plots", "PNG", true, false},
        {"export.history", "CSV", true, false},
        {"curves.log", "Log scale", curves, app->view.choice.log_scale},
    };

    row.h -= 2;
    for (size_t i = 0; i < LS_COUNT(tools); i++) {
        const AppAction *action = app_action_find(tools[i].action);
        const UiLook look = curves && i == 2 ? UI_LOOK_CHIP : UI_LOOK_PLAIN;
        const float width = ui_button_width(app->ui, tools[i].label, look);
        if (!tools[i].shown || width > row.w) {
            return;
        }
        const UiRect button = ui_rect_cut_right(&row, width);
        if (ui_button(app->ui, action->shown.name, button, tools[i].label, look, tools[i].on,
                      true)) {
            action->run(app, action->argument);
        }
        ui_tooltip(app->ui, button, action->shown.help, action->shown.key);
    }
}

static void curves(App *app, UiRect tools, UiRect rect)
{
    draw_tools(app, tools, true);
    view_curves_draw(app->curves, &app->view, rect);
}

static void stack(App *app, UiRect tools, UiRect rect)
{
    draw_tools(app, tools, false);
    view_stack_draw(app->stack, &app->view, app->curves, rect);
}

static void rate(App *app, UiRect tools, UiRect rect)
{
    draw_tools(app, tools, false);
    view_rate_distortion_draw(app->rate, &app->view, rect);
}

/* The stages one by one, and all of them. */
static void flow(App *app, UiRect tools, UiRect rect)
{
    static const struct {
        const char *action, *label;
    } buttons[] = {{"flow.all", "All stages"}, {"flow.next", "Next stage"}};

    for (size_t i = 0; i < LS_COUNT(buttons); i++) {
        const AppAction *action = app_action_find(buttons[i].action);
        const float width = ui_button_width(app->ui, buttons[i].label, UI_LOOK_PLAIN);
        if (width > tools.w) {
            break;
        }
        const UiRect button = ui_rect_cut_right(&tools, width);
        if (ui_button(app->ui, action->shown.name, button, buttons[i].label, UI_LOOK_PLAIN, false,
                      true)) {
            action->run(app, action->argument);
        }
        ui_tooltip(app->ui, button, action->shown.help, action->shown.key);
    }
    view_flow_draw(app->flow, &app->view, rect);
}

static void loss(App *app, UiRect tools, UiRect rect)
{
    (void)tools;
    view_loss_panel_draw(app->panel, &app->view, rect);
}

static void samples(App *app, UiRect tools, UiRect rect)
{
    (void)tools;
    view_measures_draw(&app->measures, &app->view, rect);
}

static void runs(App *app, UiRect tools, UiRect rect)
{
    (void)tools;
    app_runs_draw(app, rect);
}

static const AppPane panes[APP_PANE_COUNT] = {
    [APP_PANE_CURVES] = {APP_AREA_BOTTOM, "bottom.curves", "Curves", -1, curves},
    [APP_PANE_STACK] = {APP_AREA_BOTTOM, "bottom.stack", "Stack", -1, stack},
    [APP_PANE_RATE] = {APP_AREA_BOTTOM, "bottom.rate", "Rate-distortion", -1, rate},
    [APP_PANE_FLOW] = {APP_AREA_BOTTOM, "bottom.flow", "Flow", -1, flow},
    [APP_PANE_LOSS] = {APP_AREA_PANEL, "panel.loss", "Loss", APP_FORK_LOSS_A, loss},
    [APP_PANE_RUNS] = {APP_AREA_PANEL, "panel.runs", "Runs", APP_FORK_RUNS, runs},
    [APP_PANE_SAMPLES] = {APP_AREA_PANEL, "panel.samples", "Samples", APP_FORK_COMPARE, samples},
    [APP_PANE_LESSON] = {APP_AREA_PANEL, "panel.lesson", "Lesson", APP_FORK_LESSON, app_teach_draw},
};

const AppPane *app_panes_row(AppPaneId id)
{
    return &panes[id];
}

/* The page at a place among an area's tabs, or NULL. */
static const AppPane *at(AppPaneArea area, int index)
{
    for (int i = 0; i < APP_PANE_COUNT; i++) {
        if (panes[i].area == area && index-- == 0) {
            return &panes[i];
        }
    }
    return NULL;
}

static const char *name(AppPaneArea area, int index)
{
    const AppPane *pane = at(area, index);
    return pane ? strchr(pane->action, '.') + 1 : NULL;
}

const char *app_panes_bottom_name(int index)
{
    return name(APP_AREA_BOTTOM, index);
}

const char *app_panes_panel_name(int index)
{
    return name(APP_AREA_PANEL, index);
}

static int *chosen(App *app, AppPaneArea area)
{
    return area == APP_AREA_BOTTOM ? &app->view.choice.bottom : &app->view.choice.panel;
}

void app_panes_show(App *app, AppPaneId id)
{
    const AppPaneArea area = panes[id].area;
    for (int i = 0; at(area, i); i++) {
        if (at(area, i) == &panes[id]) {
            *chosen(app, area) = i;
        }
    }
    if (app_fork_on(app) && panes[id].in_fork >= 0) {
        app_fork_show(app, (AppForkPage)panes[id].in_fork);
    }
}

static void draw_area(App *app, AppPaneArea area, UiRect row, UiRect rect)
{
    UiTab tabs[APP_PANE_COUNT] = {{0}};
    int count = 0;
    for (const AppPane *pane = at(area, 0); pane; pane = at(area, count)) {
        const AppAction *action = app_action_find(pane->action);
        tabs[count++] = (UiTab){pane->action, pane->label, action->shown.key, action->shown.help};
    }
    int *shown = chosen(app, area);
    if (count == 1) { /* nothing to choose: the page has the whole place */
        rect = (UiRect){row.x, row.y, row.w, rect.y + rect.h - row.y};
        row = (UiRect){row.x + row.w, row.y, 0, 0};
    } else {
        const int picked = ui_tabs(app->ui, row, tabs, count, *shown);
        *shown = picked >= 0 ? picked : *shown;
        ui_rect_cut_left(&row, ui_tabs_width(app->ui, tabs, count) + UI_GRID);
    }
    if (area == APP_AREA_BOTTOM) { /* over the plots, between their tabs and their tools */
        const UiRect slider = {row.x + UI_GRID, row.y, row.w - 220, row.h};
        app_past_draw(app, slider);
        if (slider.w > 0) {
            ui_rect_cut_left(&row, slider.w);
        }
    }
    const AppPane *pane = at(area, *shown);
    if (pane) {
        pane->draw(app, row, rect);
    }
}

void app_panes_draw(App *app, const AppLayout *layout)
{
    const View *other = app_fork_on(app) ? &app->fork.view : NULL;
    if (layout->measures.h > 0 &&
        view_measure_strip_draw(&app->strip, &app->view, other, layout->measures)) {
        app_panes_show(app, APP_PANE_SAMPLES);
    }
    view_curves_note(app->curves, &app->view);
    if (app_fork_on(app)) {
        app_fork_draw_panel(app, layout->panel_tabs, layout->panel);
    } else {
        draw_area(app, APP_AREA_PANEL, layout->panel_tabs, layout->panel);
    }
    app_past_end(app);
    draw_area(app, APP_AREA_BOTTOM, layout->bottom_tabs, layout->bottom);
}
