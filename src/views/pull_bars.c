#include "views/pull_bars.h"

#include <math.h>
#include <stdio.h>

#include "views/caption.h"
#include "views/share.h"
#include "views/term.h"

enum {
    ROW_H = 18,
    BAR_H = 6,
    NAME_W = 58,
    LEAST = 3, /* px of a term that pulls at all */
};

/* A norm with as many digits as matter. */
static void print_norm(double norm, char *out, size_t size)
{
    (void)snprintf(out, size, norm >= 100 ? "%.0f" : norm >= 1 ? "%.1f" : "%.3f", norm);
}

static void draw_row(View *view, UiRect row, const char *id, const char *name, const char *what,
                     const double *norm)
{
    static const double alike[VIEW_TERMS] = {1, 1, 1};
    Ui *ui = view->ui;
    const ViewTerm *terms = view_term_all();
    double share[VIEW_TERMS];
    float part[VIEW_TERMS];
    char text[VIEW_TERMS][16];
    char help[384];
    for (int i = 0; i < VIEW_TERMS; i++) {
        print_norm(norm[i], text[i], sizeof text[i]);
    }
    (void)snprintf(help, sizeof help,
                   "How strongly each term pulls at the %s's weights just now, the norm of its "
                   "gradient on one minibatch: %s %s, %s %s, %s %s.%s",
                   name, terms[0].title, text[0], terms[1].title, text[1], terms[2].title, text[2],
                   what);
    (void)ui_area(ui, id, row, false);
    ui_tooltip(ui, row, help, NULL);
    ui_draw_text(ui, ui_rect_cut_left(&row, NAME_W), UI_FONT_SMALL, UI_LEFT, UI_MUTED, name);
    const UiRect bar = {row.x, row.y + (row.h - BAR_H) / 2, row.w, BAR_H};
    UiRect rest = bar;
    view_share_compute(norm, alike, VIEW_TERMS, share);
    view_share_bar(share, VIEW_TERMS, bar.w, LEAST, part);
    ui_draw_round(ui, bar, BAR_H / 2.0F, UI_RAISED);
    for (int i = 0; i < VIEW_TERMS; i++) {
        ui_draw_push_clip(ui, ui_rect_cut_left(&rest, part[i]));
        ui_draw_round(ui, bar, BAR_H / 2.0F, view_term_color(terms[i].series));
        ui_draw_pop_clip(ui);
    }
}

void view_pull_bars_draw(View *view, UiRect *rect)
{
    Ui *ui = view->ui;
    const LsPulls *pulls = &view->snapshot->pulls;
    if (pulls->serial == 0) {
        return;
    }
    const UiRect row = view_caption_draw(ui, rect, "PULL ON THE WEIGHTS");
    if (isfinite(pulls->angle)) {
        char text[48];
        UiRect right = {row.x + row.w - 120, row.y, 120, row.h};
        (void)snprintf(text, sizeof text, "%s %.0f°", pulls->angle > 90 ? "at odds," : "together,",
                       pulls->angle);
        (void)ui_area(ui, "loss.pull.angle", right, false);
        ui_tooltip(ui, right,
                   "The angle between the pulls of reconstruction and of the divergence on the "
                   "encoder: beyond 90° what one of them asks for costs the other.",
                   NULL);
        ui_draw_text(ui, right, UI_FONT_SMALL, UI_RIGHT, UI_MUTED, text);
    }
    draw_row(view, ui_rect_cut_top(rect, ROW_H), "loss.pull.encoder", "encoder", "",
             pulls->encoder);
    draw_row(view, ui_rect_cut_top(rect, ROW_H), "loss.pull.decoder", "decoder",
             " The divergence looks at codes alone and leaves the decoder be.", pulls->decoder);
    ui_rect_cut_top(rect, UI_GRID);
}
