#include "views/map_posterior.h"

#include <math.h>
#include <string.h>

#include "latentscape/core/clock.h"
#include "latentscape/core/memory.h"
#include "latentscape/measure/exact.h"

#include "views/figure.h"

enum {
    SIDE = LS_POSTERIOR_SIDE,
    SLICE = 32,   /* places decoded at once */
    MOST = 1536,  /* pieces of a level's line */
    CORNERS = 65, /* of an ellipse, the first again at the end */
    ROW = 16,     /* of a figure, logical units */
};

#define GLOW UI_ACTION

/* A straight piece of a level's line, in the plane. */
typedef struct Piece {
    float x0, y0, x1, y1;
} Piece;

struct ViewMapPosterior {
    // --- whose it is
    LsPosterior *engine; /* NULL: none yet, or no memory */
    const uint8_t *pixels;
    int64_t image; /* held-out, or -1 */
    uint64_t serial, model_id;
    float *x; /* [pixels] */
    // --- what is drawn
    bool shown;
    UiImage *glow; /* SIDE x SIDE */
    uint8_t *rgba; /* [SIDE, SIDE, 4] */
    Piece piece[LS_POSTERIOR_LEVELS][MOST];
    int count[LS_POSTERIOR_LEVELS];
};

ViewMapPosterior *view_map_posterior_create(LsError *err)
{
    ViewMapPosterior *posterior = ls_memory_items(1, sizeof *posterior, err);
    if (posterior != NULL) {
        posterior->image = -1;
    }
    return posterior;
}

void view_map_posterior_destroy(ViewMapPosterior *posterior)
{
    if (posterior != NULL) {
        ls_posterior_destroy(posterior->engine);
        ui_image_destroy(posterior->glow);
        ls_memory_free(posterior->rgba);
        ls_memory_free(posterior->x);
        ls_memory_free(posterior);
    }
}

bool view_map_posterior_can(const LsModel *model)
{
    return ls_exact_can(model);
}

/* An engine for the model at hand. */
static bool ready(ViewMapPosterior *posterior, const LsModel *model)
{
    if (posterior->engine != NULL && ls_model_equal(ls_posterior_model(posterior->engine), model)) {
        return true;
    }
    ls_posterior_destroy(posterior->engine);
    ls_memory_free(posterior->x);
    posterior->engine = ls_posterior_create(model, NULL);
    posterior->x = ls_memory_floats((size_t)model->pixels, NULL);
    posterior->image = -1;
    if (posterior->x == NULL) {
        ls_posterior_destroy(posterior->engine);
        posterior->engine = NULL;
    }
    return posterior->engine != NULL;
}

static void begin(ViewMapPosterior *posterior, const View *view, bool forget)
{
    const LsSnapshot *snapshot = view->snapshot;
    posterior->serial = snapshot->serial;
    posterior->model_id = snapshot->model_id;
    posterior->shown = posterior->shown && !forget;
    ls_posterior_begin(posterior->engine, snapshot->params, posterior->x, forget);
}

void view_map_posterior_follow(ViewMapPosterior *posterior, const View *view, int64_t image)
{
    const LsImages *images = &view->data->heldout;
    const LsModel *model = &view->snapshot->model;
    if (image < 0 || image >= (int64_t)images->count || model->pixels != view->data->pixels ||
        !view_map_posterior_can(model) || !ready(posterior, model)) {
        posterior->image = -1;
        posterior->shown = false;
        return;
    }
    const bool other = posterior->image != image || posterior->pixels != images->pixels ||
                       posterior->model_id != view->snapshot->model_id;
    if (other) {
        posterior->image = image;
        posterior->pixels = images->pixels;
        ls_dataset_gather(view->data, images, (uint32_t)image, NULL, 1, posterior->x);
        begin(posterior, view, true);
    } else if (posterior->serial != view->snapshot->serial &&
               !ls_posterior_running(posterior->engine)) {
        begin(posterior, view, false);
    }
}

/* ---- from densities to what is drawn */

/* The glow, first row uppermost; nothing beyond the picture, so that its edge is soft. */
static void paint(ViewMapPosterior *posterior, const LsPosteriorPicture *picture)
{
    const UiColor color = GLOW;
    memset(posterior->rgba, 0, (size_t)SIDE * SIDE * 4);
    for (int j = 0; j < picture->ny; j++) {
        uint8_t *to = posterior->rgba + (size_t)j * SIDE * 4;
        const float *from = picture->density + (size_t)(picture->ny - 1 - j) * (size_t)picture->nx;
        for (int i = 0; i < picture->nx; i++, to += 4) {
            to[0] = color.r;
            to[1] = color.g;
            to[2] = color.b;
            to[3] = (uint8_t)(150 * sqrtf(from[i]) + 0.5F);
        }
    }
}

/* Where the level crosses from one corner of a square to the next. Shapes: at [2]. */
static void cross(const float *value, int a, int b, float level, float *at)
{
    static const float corner[4][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    const float t = (level - value[a]) / (value[b] - value[a]);
    for (int i = 0; i < 2; i++) {
        at[i] = corner[a][i] + (corner[b][i] - corner[a][i]) * t;
    }
}

/* Marching squares: the one or two pieces of line in the square of four cells' middles. */
static int trace_square(const float *value, float level, float *out)
{
    int found = 0;
    for (int side = 0; side < 4 && found < 4; side++) {
        const int next = (side + 1) % 4;
        if ((value[side] >= level) != (value[next] >= level)) {
            cross(value, side, next, level, out + 2 * found++);
        }
    }
    return found / 2;
}

static int trace(const LsPosteriorPicture *picture, float level, Piece *piece)
{
    int count = 0;
    const float step = (float)picture->step;
    for (int j = 0; j + 1 < picture->ny; j++) {
        const float *row = picture->density + (size_t)j * (size_t)picture->nx;
        for (int i = 0; i + 1 < picture->nx; i++) {
            const float value[] = {row[i], row[i + 1], row[picture->nx + i + 1],
                                   row[picture->nx + i]};
            float at[8];
            const int lines = trace_square(value, level, at);
            for (int k = 0; k < lines && count < MOST; k++) {
                const float x = (float)picture->x + ((float)i + 0.5F) * step;
                const float y = (float)picture->y + ((float)j + 0.5F) * step;
                piece[count++] = (Piece){x + at[4 * k] * step, y + at[4 * k + 1] * step,
                                         x + at[4 * k + 2] * step, y + at[4 * k + 3] * step};
            }
        }
    }
    return count;
}

/* Takes a new result over. */
static void take(ViewMapPosterior *posterior, Ui *ui)
{
    const LsPosteriorPicture *picture = ls_posterior_picture(posterior->engine);
    posterior->shown = picture != NULL && isfinite(picture->log_p) && isfinite(picture->elbo);
    if (posterior->rgba == NULL) {
        posterior->rgba = ls_memory_items((size_t)SIDE * SIDE, 4, NULL);
        posterior->glow = posterior->rgba != NULL ? ui_image_create(ui, SIDE, SIDE, true) : NULL;
    }
    if (!posterior->shown || posterior->glow == NULL) {
        posterior->shown = false;
        return;
    }
    paint(posterior, picture);
    ui_image_set_rgba(posterior->glow, 0, 0, SIDE, SIDE, posterior->rgba, SIDE * 4);
    for (int i = 0; i < LS_POSTERIOR_LEVELS; i++) {
        posterior->count[i] = trace(picture, (float)picture->level[i], posterior->piece[i]);
    }
}

bool view_map_posterior_work(ViewMapPosterior *posterior, const View *view, double until)
{
    if (posterior->image < 0 || posterior->engine == NULL) {
        return false;
    }
    bool first = true;
    while (ls_posterior_running(posterior->engine) && (first || ls_clock_now() < until)) {
        first = false;
        if (ls_posterior_advance(posterior->engine, SLICE)) {
            take(posterior, view->ui);
        }
    }
    return ls_posterior_running(posterior->engine) || posterior->serial != view->snapshot->serial;
}

/* ---- drawing */

/* A line that is seen on light and dark. */
static void draw_line(Ui *ui, const UiPoint *points, size_t count, float width, UiColor color)
{
    ui_draw_lines(ui, points, count, width + 2, (UiColor){8, 10, 14, 130});
    ui_draw_lines(ui, points, count, width, color);
}

static void draw_ellipse(Ui *ui, const ViewPlane *plane, const LsPosteriorPicture *picture,
                         double deviations, UiColor color)
{
    UiPoint points[CORNERS];
    for (int i = 0; i < CORNERS; i++) {
        const double angle = 2 * M_PI * i / (CORNERS - 1);
        points[i] = view_plane_to_window(
            plane, picture->mu[0] + deviations * picture->sigma[0] * cos(angle),
            picture->mu[1] + deviations * picture->sigma[1] * sin(angle));
    }
    draw_line(ui, points, CORNERS, 1.25F, color);
}

void view_map_posterior_draw(ViewMapPosterior *posterior, Ui *ui, const ViewPlane *plane)
{
    if (!posterior->shown) {
        return;
    }
    const LsPosteriorPicture *picture = ls_posterior_picture(posterior->engine);
    const UiPoint low = view_plane_to_window(plane, picture->x, picture->y);
    const UiPoint high = view_plane_to_window(plane, picture->x + picture->nx * picture->step,
                                              picture->y + picture->ny * picture->step);
    const UiRect source = {0, 0, (float)picture->nx, (float)picture->ny};
    ui_draw_image(ui, posterior->glow, &source,
                  (UiRect){low.x, high.y, high.x - low.x, low.y - high.y}, UI_RGB(0xffffff));
    for (int level = LS_POSTERIOR_LEVELS - 1; level >= 0; level--) {
        const UiColor color = ui_color_fade(GLOW, level == 0 ? 1 : 0.75F);
        for (int i = 0; i < posterior->count[level]; i++) {
            const Piece *piece = &posterior->piece[level][i];
            const UiPoint ends[] = {
                view_plane_to_window(plane, (double)piece->x0, (double)piece->y0),
                view_plane_to_window(plane, (double)piece->x1, (double)piece->y1)};
            ui_draw_lines(ui, ends, 2, 1.5F, color);
        }
    }
    for (int i = 2; i >= 1; i--) {
        draw_ellipse(ui, plane, picture, i, ui_color_fade(UI_TEXT, i == 1 ? 1 : 0.75F));
    }
}

/* A part of the plane that holds both, whole. */
static ViewPlane close_up(const LsPosteriorPicture *picture, UiRect area)
{
    ViewPlane plane = {.half = 0.02, .area = area};
    double low[2];
    double high[2];
    for (int i = 0; i < 2; i++) {
        low[i] = fmin(picture->mu[i] - 2.4 * picture->sigma[i],
                      picture->mean[i] - 2.8 * picture->spread[i]);
        high[i] = fmax(picture->mu[i] + 2.4 * picture->sigma[i],
                       picture->mean[i] + 2.8 * picture->spread[i]);
        plane.half = fmax(plane.half, (high[i] - low[i]) / 2);
    }
    plane.x = (low[0] + high[0]) / 2;
    plane.y = (low[1] + high[1]) / 2;
    plane.half *= 1.06;
    return plane;
}

static void draw_figure(Ui *ui, UiRect *column, const char *name, const double *value, UiFont font)
{
    char text[VIEW_FIGURE] = "…";
    const UiRect row = ui_rect_cut_top(column, ROW);
    if (value != NULL) {
        view_figure_nats(*value, text);
    }
    ui_draw_text(ui, row, UI_FONT_SMALL, UI_LEFT, UI_MUTED, name);
    ui_draw_text(ui, row, font, UI_RIGHT, UI_TEXT, text);
}

void view_map_posterior_card(ViewMapPosterior *posterior, Ui *ui, UiRect rect)
{
    const LsPosteriorPicture *picture = view_map_posterior_picture(posterior);
    const UiRect area = ui_rect_cut_top(&rect, VIEW_MAP_POSTERIOR_SIDE);
    ui_draw_rect(ui, area, UI_GROUND);
    if (picture != NULL) {
        const ViewPlane plane = close_up(picture, area);
        ui_draw_push_clip(ui, area);
        view_map_posterior_draw(posterior, ui, &plane);
        ui_draw_pop_clip(ui);
    }
    const UiRect names = {area.x + 5, area.y + 2, area.w - 10, ROW};
    ui_draw_text(ui, names, UI_FONT_SMALL, UI_LEFT, GLOW, "true p(z|x)");
    ui_draw_text(ui, names, UI_FONT_SMALL, UI_RIGHT, UI_TEXT, "q(z|x)");
    ui_rect_cut_top(&rect, 5);
    draw_figure(ui, &rect, "log p(x)", picture != NULL ? &picture->log_p : NULL, UI_FONT_BODY);
    draw_figure(ui, &rect, "ELBO", picture != NULL ? &picture->elbo : NULL, UI_FONT_BODY);
    draw_figure(ui, &rect, "gap, KL(q || p)", picture != NULL ? &picture->gap : NULL,
                UI_FONT_STRONG);
}

const LsPosteriorPicture *view_map_posterior_picture(const ViewMapPosterior *posterior)
{
    return posterior->shown ? ls_posterior_picture(posterior->engine) : NULL;
}
