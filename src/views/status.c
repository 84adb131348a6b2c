#include "views/status.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "views/figure.h"

enum {
    CELLS = 7,
    TEXT = 128,
    HINT = 512,
    HELP = 512,
    GAP = 24,         /* px between cells */
    HINT_LEAST = 420, /* px that cells leave to the hint, where the line is long enough */
};

static const float hint_share = 0.42F; /* of a line that is not */

/* What a short line keeps longest comes first. */
static const int worth[CELLS] = {0, 3, 2, 1, 4, 5, 6};

/* Each cell's text, and the text whose width it keeps: that of the largest figure in sight. */
typedef struct Cell {
    char text[TEXT];
    const char *room;
    char help[HELP];
} Cell;

static void say_spent(const ViewSpent *spent, char *out)
{
    char share[6][VIEW_FIGURE];
    const double value[] = {spent->training,   spent->evaluation, spent->measuring,
                            spent->publishing, spent->decoding,   spent->drawing};
    for (size_t i = 0; i < LS_COUNT(value); i++) {
        view_figure_share(value[i], share[i]);
    }
    (void)snprintf(out, HELP,
                   "How many images the model learns from in a second. Where the last second went: "
                   "training %s, evaluation %s, measures %s, copies for the window %s of the "
                   "trainer's thread; "
                   "decoding for the view %s, drawing %s of the window's.",
                   share[0], share[1], share[2], share[3], share[4], share[5]);
}

/* Nothing, and no room for it, where it cannot be known, or is of a model long gone. */
static void say_exact(const LsSnapshot *snapshot, Cell *cell)
{
    const LsExactMeans *exact = &snapshot->exact;
    char log_p[VIEW_FIGURE];
    char gap[VIEW_FIGURE];
    cell->room = "";
    if (exact->images == 0 || snapshot->step > 2 * snapshot->exact_step + 20) {
        return;
    }
    view_figure_nats(exact->log_p, log_p);
    view_figure_nats(exact->gap, gap);
    (void)snprintf(cell->text, TEXT, "log p(x) %s, gap %s", log_p, gap);
    cell->room = "log p(x) −000.0, gap 00.00";
    (void)snprintf(
        cell->help, HELP,
        "The likelihood itself, summed over the plane, mean over %u held-out images, and "
        "what the ELBO falls short of it: how far the encoder's Gaussians are from the "
        "true posteriors, KL(q(z|x) || p(z|x)), with a standard error of %.2f nats.",
        (unsigned)exact->images, exact->gap_error);
}

static void fill(const View *view, Cell *cell)
{
    const LsSnapshot *snapshot = view->snapshot;
    char a[VIEW_FIGURE];
    view_figure_count(snapshot->step, a);
    (void)snprintf(cell[0].text, TEXT, "step %s", a);
    cell[0].room = "step 00,000";
    (void)snprintf(cell[0].help, HELP, "%s", "How many times the weights have been moved.");
    const double epoch = view->data->train.count > 0
                             ? (double)snapshot->images / (double)view->data->train.count
                             : 0;
    (void)snprintf(cell[1].text, TEXT, "epoch %.1f", epoch);
    cell[1].room = "epoch 000.0";
    (void)snprintf(cell[1].help, HELP, "%s",
                   "How many times the model has seen every training image.");
    view_figure_count((uint64_t)(fmax(view->images_per_s, 0) + 0.5), a);
    (void)snprintf(cell[2].text, TEXT, "%s images/s", a);
    cell[2].room = "00,000 images/s";
    say_spent(&view->spent, cell[2].help);
    view_figure_nats(
        snapshot->evaluation.evaluated ? snapshot->evaluation.heldout_elbo : (double)NAN, a);
    (void)snprintf(cell[3].text, TEXT, "ELBO %s", a);
    cell[3].room = "ELBO −000.0";
    (void)snprintf(
        cell[3].help, HELP, "%s",
        "Of held-out images, in nats, with bce and weight 1 whatever is trained: nearer to "
        "zero is better, and runs with different losses can be compared.");
    say_exact(snapshot, &cell[4]);
    /* A window in which nothing changes is not drawn: that is no rate of nought. */
    if (view->frames_per_s >= 0.5) {
        (void)snprintf(cell[5].text, TEXT, "%.0f frames/s", view->frames_per_s);
    } else {
        (void)snprintf(cell[5].text, TEXT, "– frames/s");
    }
    cell[5].room = "000 frames/s";
    (void)snprintf(cell[5].help, HELP, "%s", "How often the window is drawn anew.");
    if (snapshot->backend != LS_BACKEND_AUTO) { /* else it is not settled yet */
        (void)snprintf(cell[6].text, TEXT, "%s", ls_backend_name((int)snapshot->backend));
    }
    cell[6].room = "onednn-bf16";
    (void)snprintf(cell[6].help, HELP, "%s",
                   "What multiplies matrices in training, the fastest on this machine unless "
                   "--backend chooses; it is found at the first step. What is shown here is always "
                   "computed in single precision.");
}

/* Where a hint can end: before the last " · ", or after the last sentence but one. */
static char *last_break(char *text)
{
    static const char *const between[] = {" · ", ". "};
    char *last = NULL;
    for (size_t i = 0; i < LS_COUNT(between); i++) {
        for (char *at = strstr(text, between[i]); at; at = strstr(at + 1, between[i])) {
            char *end = at + (between[i][0] == '.' ? 1 : 0);
            last = end > last || last == NULL ? end : last;
        }
    }
    return last;
}

void view_status_fit(Ui *ui, float width, char *hint)
{
    while (ui_text_width(ui, UI_FONT_SMALL, hint) > width) {
        char *last = last_break(hint);
        if (!last) {
            break;
        }
        *last = '\0';
    }
}

static void draw_hint(Ui *ui, UiRect row, const char *hint)
{
    char text[HINT];
    (void)snprintf(text, sizeof(text), "%s", hint);
    view_status_fit(ui, row.w, text);
    if (row.w > 64) {
        (void)ui_draw_text(ui, row, UI_FONT_SMALL, UI_RIGHT, UI_MUTED, text);
    }
}

/* How wide each cell is; 0: it has nothing to say, or no room. */
static void choose(Ui *ui, const Cell *cell, float room, float *width)
{
    bool full = false;
    for (int i = 0; i < CELLS; i++) {
        const Cell *one = &cell[worth[i]];
        char widest[TEXT];
        view_figure_widest(one->text, widest, sizeof(widest));
        const float wide = ceilf(fmaxf(ui_text_width(ui, UI_FONT_SMALL, widest),
                                       ui_text_width(ui, UI_FONT_SMALL, one->room)));
        const bool said = one->text[0] != '\0';
        full = full || (said && wide > room); /* what is worth less does not take its place */
        width[worth[i]] = said && !full ? wide : 0;
        room -= said && !full ? wide + GAP : 0;
    }
}

void view_status_draw(View *view, UiRect rect)
{
    static const char *const ids[CELLS] = {"status.step",   "status.epoch", "status.speed",
                                           "status.elbo",   "status.exact", "status.frames",
                                           "status.backend"};
    Ui *ui = view->ui;
    ui_draw_rect(ui, rect, UI_CARD);
    ui_draw_rect(ui, (UiRect){rect.x, rect.y, rect.w, 1}, UI_RULE);
    UiRect row = {rect.x + 16, rect.y + 1, rect.w - 32, rect.h - 1};
    Cell cell[CELLS] = {0};
    fill(view, cell);
    float width[CELLS];
    choose(ui, cell, row.w - fminf(HINT_LEAST, hint_share * row.w), width);
    for (int i = 0; i < CELLS; i++) {
        if (width[i] <= 0) {
            continue;
        }
        const UiRect box = ui_rect_cut_left(&row, width[i]);
        (void)ui_area(ui, ids[i], box, false);
        ui_tooltip(ui, box, cell[i].help, NULL);
        (void)ui_draw_text(ui, box, UI_FONT_SMALL, UI_LEFT, UI_MUTED, cell[i].text);
        ui_rect_cut_left(&row, GAP);
    }
    const char *hint = ui_hint(ui);
    if (!hint || !hint[0]) {
        hint = view->hint
                   ? view->hint
                   : "Drag to leave a trail · wheel zooms · right-drag pans · double-click fits";
    }
    view->hint = NULL;
    draw_hint(ui, row, hint);
}
