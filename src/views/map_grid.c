#include "views/map_grid.h"

#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"

#include "views/cell_order.h"
#include "views/decoder.h"
#include "views/pixels.h"
#include "views/tiles.h"

enum {
    TEXTURE_MOST = 4096, /* pixels a side that every renderer takes */
    SLICE = 64,          /* cells decoded at once */
    LEAST = 8,           /* cells decoded even in a frame that is late already */
};

/* One lattice of cells and their picture. */
typedef struct Sheet {
    bool used;
    double left, top;      /* place of the first cell's corner in the plane */
    double step_x, step_y; /* a cell's size in the plane */
    uint8_t *pixels;       /* [down * h, across * w, bytes] */
    uint64_t *serial; /* [down, across] of the snapshot a cell shows, plus 1; 0: none of its own */
    UiImage *image;
} Sheet;

struct ViewMapGrid {
    // --- what the sheets are made for
    int cells, rows;  /* across and down the visible part */
    int across, down; /* of a sheet: one more, for cells cut by the edge */
    int w, h, channels, bytes;
    uint64_t model_id;
    ViewCell *order; /* [down * across] */
    // --- sheet[front] is whole; the other one is being decoded where it is used
    Sheet sheet[2];
    int front;
    int next;  /* place in the order where refreshing goes on */
    bool left; /* the last turn was too short for all of them */
    ViewDecoder decoder;
    uint8_t *cell; /* [2, h, w, bytes] */
};

ViewMapGrid *view_map_grid_create(LsError *err)
{
    return ls_memory_items(1, sizeof(ViewMapGrid), err);
}

static void clear_sheets(ViewMapGrid *grid)
{
    for (int i = 0; i < 2; i++) {
        Sheet *sheet = &grid->sheet[i];
        ui_image_destroy(sheet->image);
        ls_memory_free(sheet->pixels);
        ls_memory_free(sheet->serial);
        memset(sheet, 0, sizeof *sheet);
    }
    ls_memory_free(grid->order);
    ls_memory_free(grid->cell);
    grid->order = NULL;
    grid->cell = NULL;
    grid->across = 0;
}

void view_map_grid_destroy(ViewMapGrid *grid)
{
    if (grid != NULL) {
        clear_sheets(grid);
        view_decoder_finish(&grid->decoder);
        ls_memory_free(grid);
    }
}

/* Rows of cells as high as the images are, in a square plane. */
static int rows_for(int cells, int width, int height)
{
    const int rows = (cells * width + height / 2) / height;
    return rows < 1 ? 1 : rows;
}

int view_map_grid_cells(int cells, int width, int height)
{
    while (cells > 1 && ((cells + 1) * width > TEXTURE_MOST ||
                         (rows_for(cells, width, height) + 1) * height > TEXTURE_MOST)) {
        cells--;
    }
    return cells < 1 ? 1 : cells;
}

/* Makes room for another number of cells or size of image. */
static bool resize(ViewMapGrid *grid, Ui *ui, const LsModelSpec *spec, int cells)
{
    if (grid->across > 0 && grid->cells == cells && grid->w == spec->width &&
        grid->h == spec->height && grid->channels == spec->channels) {
        return true;
    }
    clear_sheets(grid);
    grid->cells = cells;
    grid->rows = rows_for(cells, spec->width, spec->height);
    grid->w = spec->width;
    grid->h = spec->height;
    grid->channels = spec->channels;
    grid->bytes = view_pixels_bytes(spec->channels);
    const int across = cells + 1;
    grid->down = grid->rows + 1;
    const size_t count = (size_t)across * (size_t)grid->down;
    const size_t bytes = (size_t)grid->w * (size_t)grid->h * (size_t)grid->bytes;
    grid->order = ls_memory_items(count, sizeof *grid->order, NULL);
    grid->cell = ls_memory_items(2 * bytes, 1, NULL);
    bool made = grid->order != NULL && grid->cell != NULL;
    for (int i = 0; i < 2 && made; i++) {
        Sheet *sheet = &grid->sheet[i];
        sheet->pixels = ls_memory_items(count * bytes, 1, NULL);
        sheet->serial = ls_memory_items(count, sizeof *sheet->serial, NULL);
        sheet->image = ui_image_create(ui, across * grid->w, grid->down * grid->h, true);
        made = sheet->pixels != NULL && sheet->serial != NULL && sheet->image != NULL;
    }
    if (!made) {
        clear_sheets(grid);
        return false;
    }
    view_cell_order(across, grid->down, grid->order);
    grid->across = across;
    return true;
}

static void upload_all(const ViewMapGrid *grid, const Sheet *sheet)
{
    const int stride = grid->across * grid->w * grid->bytes;
    view_tiles_upload(sheet->image, grid->bytes, 0, 0, grid->across * grid->w, grid->down * grid->h,
                      sheet->pixels, stride);
}

/* Begins a sheet over what the plane shows now. */
static void begin(ViewMapGrid *grid, Sheet *sheet, const ViewPlane *plane)
{
    const size_t count = (size_t)grid->across * (size_t)grid->down;
    sheet->used = true;
    sheet->left = plane->x - plane->half;
    sheet->top = plane->y + plane->half;
    sheet->step_x = 2 * plane->half / grid->cells;
    sheet->step_y = 2 * plane->half / grid->rows;
    memset(sheet->serial, 0, count * sizeof *sheet->serial);
    memset(sheet->pixels, 0, count * (size_t)(grid->w * grid->h * grid->bytes));
    upload_all(grid, sheet);
    grid->next = 0;
}

/* Moves the cells of a sheet so that new ones come in from the right (right > 0) or below. */
static void shift(ViewMapGrid *grid, Sheet *sheet, int right, int below)
{
    const int keep_x = grid->across - (right < 0 ? -right : right);
    const int keep_y = grid->down - (below < 0 ? -below : below);
    const size_t cell = (size_t)grid->w * (size_t)grid->bytes;
    const size_t line = (size_t)grid->across * cell;
    const size_t from_x = (size_t)(right > 0 ? right : 0);
    const size_t to_x = (size_t)(right < 0 ? -right : 0);
    const int lines = grid->down * grid->h;
    for (int k = 0; k < lines; k++) {
        const int y = below > 0 ? k : lines - 1 - k;
        const int from_y = y + below * grid->h;
        uint8_t *out = sheet->pixels + (size_t)y * line;
        if (from_y < 0 || from_y >= lines || keep_x <= 0 || keep_y <= 0) {
            memset(out, 0, line);
            continue;
        }
        const uint8_t *in = sheet->pixels + (size_t)from_y * line;
        memmove(out + to_x * cell, in + from_x * cell, (size_t)keep_x * cell);
        memset(right > 0 ? out + (size_t)keep_x * cell : out, 0,
               (size_t)(grid->across - keep_x) * cell);
    }
    for (int k = 0; k < grid->down; k++) {
        const int j = below > 0 ? k : grid->down - 1 - k;
        uint64_t *out = sheet->serial + (size_t)j * (size_t)grid->across;
        if (j + below < 0 || j + below >= grid->down || keep_x <= 0 || keep_y <= 0) {
            memset(out, 0, (size_t)grid->across * sizeof *out);
            continue;
        }
        const uint64_t *in = out + (ptrdiff_t)below * grid->across;
        memmove(out + to_x, in + from_x, (size_t)keep_x * sizeof *out);
        memset(right > 0 ? out + keep_x : out, 0, (size_t)(grid->across - keep_x) * sizeof *out);
    }
    sheet->left += right * sheet->step_x;
    sheet->top -= below * sheet->step_y;
    upload_all(grid, sheet);
}

/* Cells to move by so that [low, low + count * step] covers [from, to]. */
static double cover(double low, double step, int count, double from, double to)
{
    const double tiny = 1e-6 * step;
    if (from < low - tiny) {
        return floor((from - low) / step + 1e-6);
    }
    const double over = to - (low + count * step);
    return over > tiny ? ceil(over / step - 1e-6) : 0;
}

/* Keeps a sheet of the plane's own spacing under what is seen. */
static void follow_pan(ViewMapGrid *grid, Sheet *sheet, const ViewPlane *plane)
{
    const ViewBounds seen = view_plane_bounds(plane);
    const double right = cover(sheet->left, sheet->step_x, grid->across, seen.x0, seen.x1);
    const double below = cover(-sheet->top, sheet->step_y, grid->down, -seen.y1, -seen.y0);
    if (right == 0 && below == 0) {
        return;
    }
    if (fabs(right) >= grid->across || fabs(below) >= grid->down) {
        begin(grid, sheet, plane);
    } else {
        shift(grid, sheet, (int)right, (int)below);
    }
}

/* How much larger the cells of a sheet are on the screen than they should be. */
static double stretch(const ViewMapGrid *grid, const Sheet *sheet, const ViewPlane *plane)
{
    return sheet->step_x * grid->cells / (2 * plane->half);
}

static bool fits(double ratio)
{
    return fabs(ratio - 1) < 1e-6;
}

static bool in_view(const Sheet *sheet, const ViewCell *cell, ViewBounds seen)
{
    const double tiny_x = 1e-6 * sheet->step_x;
    const double tiny_y = 1e-6 * sheet->step_y;
    const double x = sheet->left + cell->i * sheet->step_x;
    const double y = sheet->top - cell->j * sheet->step_y;
    return x < seen.x1 - tiny_x && x + sheet->step_x > seen.x0 + tiny_x && y > seen.y0 + tiny_y &&
           y - sheet->step_y < seen.y1 - tiny_y;
}

static uint64_t *serial_of(const ViewMapGrid *grid, const Sheet *sheet, int i, int j)
{
    return &sheet->serial[(size_t)j * (size_t)grid->across + (size_t)i];
}

/* Whether every cell in view has an image of its own. */
static bool whole(const ViewMapGrid *grid, const Sheet *sheet, ViewBounds seen)
{
    for (int k = 0; k < grid->across * grid->down; k++) {
        const ViewCell *cell = &grid->order[k];
        if (*serial_of(grid, sheet, cell->i, cell->j) == 0 && in_view(sheet, cell, seen)) {
            return false;
        }
    }
    return true;
}

/* Decides which sheets there are. A sheet behind the front is finished before the next one is begun
 * unless it is far off, so that a long zoom gets sharper on its way. */
static void place(ViewMapGrid *grid, const ViewPlane *plane)
{
    Sheet *back = &grid->sheet[1 - grid->front];
    if (back->used && whole(grid, back, view_plane_bounds(plane))) {
        grid->sheet[grid->front].used = false;
        grid->front = 1 - grid->front;
        grid->next = 0;
        back = &grid->sheet[1 - grid->front];
    }
    Sheet *front = &grid->sheet[grid->front];
    if (front->used) {
        const double ratio = stretch(grid, front, plane);
        if (fits(ratio)) {
            back->used = false;
            follow_pan(grid, front, plane);
            return;
        }
        front->used = ratio < 4 && ratio > 0.25;
    }
    const double ratio = back->used ? stretch(grid, back, plane) : 0;
    if (fits(ratio)) {
        follow_pan(grid, back, plane);
    } else if (ratio < 0.99 || ratio > 1.6) {
        begin(grid, back, plane);
    }
}

/* Puts one cell's picture into the sheet. */
static void put(const ViewMapGrid *grid, const Sheet *sheet, int i, int j, const uint8_t *cell)
{
    const size_t line = (size_t)grid->w * (size_t)grid->bytes;
    const size_t stride = (size_t)grid->across * line;
    uint8_t *out = sheet->pixels + (size_t)j * (size_t)grid->h * stride + (size_t)i * line;
    for (int y = 0; y < grid->h; y++) {
        memcpy(out + (size_t)y * stride, cell + (size_t)y * line, line);
    }
    view_tiles_upload(sheet->image, grid->bytes, i * grid->w, j * grid->h, grid->w, grid->h, out,
                      (int)stride);
}

/* Shows a decoded cell, and enlarged over those of its block that have no image of their own. */
static void show(const ViewMapGrid *grid, const Sheet *sheet, const ViewCell *cell,
                 const float *image, uint64_t serial)
{
    const size_t count = (size_t)grid->w * (size_t)grid->h;
    uint8_t *own = grid->cell;
    uint8_t *part = grid->cell + count * (size_t)grid->bytes;
    uint64_t *shown = serial_of(grid, sheet, cell->i, cell->j);
    const bool fresh = *shown == 0;
    view_pixels_round(image, count, grid->channels, own);
    *shown = serial + 1;
    put(grid, sheet, cell->i, cell->j, own);
    if (!fresh || cell->block == 1) {
        return;
    }
    for (int dj = 0; dj < cell->block && cell->block_j + dj < grid->down; dj++) {
        for (int di = 0; di < cell->block && cell->block_i + di < grid->across; di++) {
            const int i = cell->block_i + di;
            const int j = cell->block_j + dj;
            if (*serial_of(grid, sheet, i, j) == 0) {
                view_pixels_part(own, grid->w, grid->h, grid->bytes, cell->block, di, dj, part);
                put(grid, sheet, i, j, part);
            }
        }
    }
}

/* Cells to decode next: those without an image in order, then, where `stale`, those of an older snapshot
 * in turn.
 * Shapes: list [most]. */
static int choose(ViewMapGrid *grid, const Sheet *sheet, ViewBounds seen, uint64_t serial,
                  bool stale, int most, int *list)
{
    const int count = grid->across * grid->down;
    int n = 0;
    for (int k = 0; k < count && n < most; k++) {
        const ViewCell *cell = &grid->order[k];
        if (*serial_of(grid, sheet, cell->i, cell->j) == 0 && in_view(sheet, cell, seen)) {
            list[n++] = k;
        }
    }
    int looked = 0;
    for (; stale && looked < count && n < most; looked++) {
        const int k = (grid->next + looked) % count;
        const ViewCell *cell = &grid->order[k];
        const uint64_t shown = *serial_of(grid, sheet, cell->i, cell->j);
        if (shown != 0 && shown != serial + 1 && in_view(sheet, cell, seen)) {
            list[n++] = k;
        }
    }
    grid->next = (grid->next + looked) % count;
    return n;
}

static void decode(ViewMapGrid *grid, const Sheet *sheet, const View *view, const int *list, int n)
{
    const LsSnapshot *snapshot = view->snapshot;
    ViewDecoder *decoder = &grid->decoder;
    const int latent = snapshot->model.spec.latent;
    memset(decoder->z, 0, (size_t)n * (size_t)latent * sizeof *decoder->z);
    for (int a = 0; a < n; a++) {
        const ViewCell *cell = &grid->order[list[a]];
        float *z = decoder->z + (size_t)a * (size_t)latent;
        z[0] = (float)(sheet->left + (cell->i + 0.5) * sheet->step_x);
        if (latent > 1) {
            z[1] = (float)(sheet->top - (cell->j + 0.5) * sheet->step_y);
        }
    }
    view_decoder_decode(decoder, view, snapshot->params, n);
    for (int a = 0; a < n; a++) {
        show(grid, sheet, &grid->order[list[a]],
             decoder->image + (size_t)a * (size_t)snapshot->model.pixels, snapshot->serial);
    }
}

bool view_map_grid_work(ViewMapGrid *grid, const View *view, const ViewPlane *plane, double until)
{
    const LsSnapshot *snapshot = view->snapshot;
    if (grid->across == 0 || grid->model_id != snapshot->model_id || grid->decoder.coder == NULL) {
        return false; /* not drawn yet, or there was no memory */
    }
    const bool behind = grid->sheet[1 - grid->front].used;
    const bool resting = (view->resting & VIEW_TURN_MAP) != 0;
    Sheet *sheet = &grid->sheet[behind ? 1 - grid->front : grid->front];
    const ViewBounds seen = view_plane_bounds(plane);
    for (int least = LEAST;; least = 0) {
        int list[SLICE];
        const int room = view_decoder_room(&grid->decoder, until, least);
        if (room < LEAST) {
            grid->left = true;
            return true;
        }
        const int n = choose(grid, sheet, seen, snapshot->serial, !resting, room, list);
        if (n == 0) {
            grid->left = grid->left && resting;
            return grid->left || behind || !fits(stretch(grid, sheet, plane));
        }
        decode(grid, sheet, view, list, n);
    }
}

void view_map_grid_draw(ViewMapGrid *grid, const View *view, const ViewPlane *plane)
{
    const LsSnapshot *snapshot = view->snapshot;
    const LsModelSpec *spec = &snapshot->model.spec;
    const int cells = view_map_grid_cells(view->choice.cells, spec->width, spec->height);
    if (!resize(grid, view->ui, spec, cells) ||
        !view_decoder_follow(&grid->decoder, &snapshot->model, SLICE, NULL)) {
        return;
    }
    if (grid->model_id != snapshot->model_id) {
        grid->model_id = snapshot->model_id;
        grid->sheet[0].used = false;
        grid->sheet[1].used = false;
    }
    place(grid, plane);
    for (int k = 0; k < 2; k++) {
        const Sheet *sheet = &grid->sheet[k == 0 ? 1 - grid->front : grid->front];
        if (!sheet->used) {
            continue;
        }
        const UiPoint from = view_plane_to_window(plane, sheet->left, sheet->top);
        const double unit = view_plane_unit(plane);
        const UiRect target = {from.x, from.y, (float)(grid->across * sheet->step_x * unit),
                               (float)(grid->down * sheet->step_y * unit)};
        ui_draw_image(view->ui, sheet->image, NULL, target, UI_RGB(0xffffff));
    }
}
