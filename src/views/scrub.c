#include "views/scrub.h"

#include <math.h>
#include <stdio.h>

#include "views/figure.h"

enum {
    LABEL = 96, /* px of the words at its right */
};

ViewScrub view_scrub_draw(View *view, UiRect rect, const LsTimeline *timeline, int chosen)
{
    Ui *ui = view->ui;
    ViewScrub scrub = {chosen, false};
    const int count = ls_timeline_count(timeline);
    if (count < 2 || rect.w < LABEL + 80) {
        return scrub;
    }
    const uint64_t first = ls_timeline_step(timeline, 0);
    const uint64_t last = view->snapshot->step > ls_timeline_step(timeline, count - 1)
                              ? view->snapshot->step
                              : ls_timeline_step(timeline, count - 1);
    UiRect label = ui_rect_cut_right(&rect, LABEL);
    rect.w -= 10;
    const float y = rect.y + rect.h / 2;
    const float unit = rect.w / (float)(last > first ? last - first : 1);
    const UiHit hit = ui_area(ui, "timeline", rect, true);
    const bool lit = hit.over || hit.held || chosen >= 0 || hit.focused;
    ui_draw_round(ui, (UiRect){rect.x, y - 1.5F, rect.w, 3}, 1.5F, lit ? UI_TRACK : UI_RULE);
    for (int i = 0; i < count; i++) {
        const float x = rect.x + (float)(ls_timeline_step(timeline, i) - first) * unit;
        ui_draw_rect(ui, (UiRect){x, y - 3, 1, 6}, lit ? UI_MUTED : UI_TRACK);
    }
    if (hit.held) {
        const float along = fminf(fmaxf((hit.at.x - rect.x) / rect.w, 0), 1);
        scrub.index =
            along > 0.995F
                ? -1
                : ls_timeline_nearest(timeline,
                                      first + (uint64_t)((double)along * (double)(last - first)));
    } else if (hit.key_x != 0) {
        const int to = (chosen < 0 ? count : chosen) + (hit.key_x > 0 ? 1 : -1);
        scrub.index = to < 0 ? 0 : to >= count ? -1 : to;
    }
    scrub.changed = scrub.index != chosen;
    const float x = scrub.index < 0
                        ? rect.x + rect.w
                        : rect.x + (float)(ls_timeline_step(timeline, scrub.index) - first) * unit;
    ui_draw_disc(ui, (UiPoint){x, y}, lit ? 6 : 4, chosen >= 0 ? UI_SIDE_B : UI_MUTED);
    if (hit.focused) {
        ui_draw_ring(ui, (UiPoint){x, y}, 9, 1.6F, 0, UI_ACTION);
    }
    ui_tooltip(ui, rect,
               chosen >= 0 ? "Esc comes back to now. X goes on from here. Drag to see another step "
                             "of the run."
                           : "Drag to see an earlier step of the run: its map, samples, "
                             "reconstructions and loss.",
               NULL);
    if (scrub.index < 0) {
        (void)ui_draw_text(ui, label, UI_FONT_SMALL, UI_LEFT, UI_MUTED, lit ? "now" : "");
        return scrub;
    }
    char step[VIEW_FIGURE];
    char text[VIEW_FIGURE + 8];
    view_figure_count(ls_timeline_step(timeline, scrub.index), step);
    (void)snprintf(text, sizeof text, "step %s", step);
    (void)ui_draw_text(ui, label, UI_FONT_STRONG, UI_LEFT, UI_SIDE_B, text);
    return scrub;
}
