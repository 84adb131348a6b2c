#include "views/map_axes.h"

#include <math.h>
#include <string.h>

#include "ui/plot.h"

/* A number whose middle is at (x, y), where it fits beside its neighbours. */
static void number(Ui *ui, UiRect rect, UiAlign align, UiColor color, double value, double step)
{
    char text[24];
    if (fabs(value) < step * 1e-6) {
        value = 0; /* "-0" is no number for people */
    }
    ui_plot_number(value, step, text);
    ui_draw_text(ui, rect, UI_FONT_SMALL, align, color, text);
}

void view_map_axes_draw(Ui *ui, const ViewPlane *plane, int latent)
{
    const UiRect area = plane->area;
    const ViewBounds seen = view_plane_bounds(plane);
    const int most = area.w < 220 ? 4 : 8;
    const double step = ui_plot_step(2 * plane->half, most);
    const float bottom = area.y + area.h;
    const int across = (int)floor((seen.x1 - seen.x0) / step) + 1;
    for (int i = 0; i <= across; i++) {
        const double value = (ceil(seen.x0 / step) + i) * step;
        const UiPoint at = view_plane_to_window(plane, value, 0);
        if (at.x - area.x < 10 || area.x + area.w - at.x < 10) {
            continue;
        }
        ui_draw_rect(ui, (UiRect){at.x, bottom, 1, 3}, UI_RULE);
        number(ui, (UiRect){at.x - 30, bottom + 3, 60, 14}, UI_CENTER, UI_MUTED, value, step);
    }
    for (int i = 0; i <= across; i++) {
        const double value = (ceil(seen.y0 / step) + i) * step;
        const UiPoint at = view_plane_to_window(plane, 0, value);
        if (at.y - area.y < 8 || bottom - at.y < 8 || latent < 2) {
            continue;
        }
        ui_draw_rect(ui, (UiRect){area.x - 3, at.y, 3, 1}, UI_RULE);
        number(ui, (UiRect){area.x - VIEW_AXES_LEFT - 6, at.y - 7, VIEW_AXES_LEFT, 14}, UI_RIGHT,
               UI_MUTED, value, step);
    }
}

/* A ring too large to be drawn as one: only what is seen of it. */
static void arc(Ui *ui, const ViewPlane *plane, double radius, UiColor color)
{
    enum {
        MOST = 97
    };

    double from = 0;
    double to = 0;
    if (!view_plane_arc(plane, radius, &from, &to)) {
        return;
    }
    UiPoint points[MOST];
    for (int k = 0; k < MOST; k++) {
        const double angle = from + (to - from) * k / (MOST - 1);
        points[k] = view_plane_to_window(plane, radius * cos(angle), radius * sin(angle));
    }
    ui_draw_lines(ui, points, MOST, 1, color);
}

static void name_ring(Ui *ui, const ViewPlane *plane, UiPoint at, int sigma)
{
    char text[8] = "1σ";
    text[0] = (char)('0' + sigma);
    const UiRect rect = {at.x - 12, at.y - 7, 24, 14};
    const UiRect area = plane->area;
    if (rect.x < area.x || rect.y < area.y || rect.x + rect.w > area.x + area.w ||
        rect.y + rect.h > area.y + area.h) {
        return;
    }
    ui_draw_round(ui, (UiRect){at.x - 9, at.y - 7, 18, 14}, 4, (UiColor){11, 14, 20, 170});
    ui_draw_text(ui, rect, UI_FONT_SMALL, UI_CENTER, (UiColor){232, 236, 242, 190}, text);
}

static const float dash[] = {0, 5, 2}; /* of the rings at one, two and three deviations */

static UiColor ring_color(int sigma)
{
    return (UiColor){232, 236, 242, (uint8_t)(170 - 30 * sigma)};
}

/* With one latent axis a ring is two lines. */
static void draw_lines(Ui *ui, const ViewPlane *plane, int sigma)
{
    const UiRect area = plane->area;
    for (int side = -1; side <= 1; side += 2) {
        const float x = view_plane_to_window(plane, side * sigma, 0).x;
        if (x <= area.x || x >= area.x + area.w) {
            continue;
        }
        const UiPoint ends[] = {{x, area.y}, {x, area.y + area.h}};
        if (sigma == 1) {
            ui_draw_lines(ui, ends, 2, 1, ring_color(sigma));
        } else {
            ui_draw_dashes(ui, ends[0], ends[1], 1, dash[sigma - 1], 4, ring_color(sigma));
        }
        name_ring(ui, plane, (UiPoint){x, area.y + area.h - 14}, sigma);
    }
}

static void draw_ring(Ui *ui, const ViewPlane *plane, int sigma)
{
    const double radius = sigma * view_plane_unit(plane);
    if (radius < 6) {
        return; /* zoomed out so far that it is a speck */
    }
    if (radius > 1.5 * (double)plane->area.w) {
        arc(ui, plane, sigma, ring_color(sigma));
    } else {
        ui_draw_ring(ui, view_plane_to_window(plane, 0, 0), (float)radius, 1, dash[sigma - 1],
                     ring_color(sigma));
    }
    if (radius > 30) { /* named to the upper right, where its neighbours leave room */
        name_ring(ui, plane, view_plane_to_window(plane, sigma * cos(0.72), sigma * sin(0.72)),
                  sigma);
    }
}

void view_map_axes_rings(Ui *ui, const ViewPlane *plane, int latent)
{
    for (int sigma = 1; sigma <= 3; sigma++) {
        if (latent < 2) {
            draw_lines(ui, plane, sigma);
        } else {
            draw_ring(ui, plane, sigma);
        }
    }
}
