#include "views/readout.h"

#include <math.h>

#include "views/curve_labels.h"

enum {
    SIDE = 8,  /* px left and right of the text */
    ROOF = 4,  /* px above and below it */
    APART = 12 /* px between lines in a row */
};

static const float most_of_plot = 0.65F; /* of its height, that lines may cover */

static float high_of(int count)
{
    return (float)(count * VIEW_READOUT_LINE + 2 * ROOF);
}

bool view_readout_in_row(int count, UiRect area)
{
    return count > 1 && high_of(count) > most_of_plot * area.h;
}

ViewReadoutPlace view_readout_place(const float *width, int count, float x, bool low, UiRect area)
{
    ViewReadoutPlace place = {.row = view_readout_in_row(count, area)};
    float wide = 0;
    for (int i = 0; i < count; i++) {
        const float with =
            place.row ? wide + (i > 0 ? APART : 0) + width[i] : fmaxf(wide, width[i]);
        if (place.row && i > 0 && with + 2 * SIDE > area.w) {
            break;
        }
        wide = with;
        place.shown = i + 1;
    }
    place.box.w = wide + 2 * SIDE;
    place.box.h = place.row ? VIEW_READOUT_LINE + ROOF : high_of(count);
    place.box.x = view_curve_labels_beside(x, place.box.w, area.x, area.x + area.w);
    place.box.y = low ? area.y + area.h - place.box.h : area.y;
    return place;
}

void view_readout_draw(Ui *ui, const ViewReadoutLine *line, int count, float x, bool low,
                       UiRect area)
{
    float width[VIEW_READOUT_LINES];
    count = count < VIEW_READOUT_LINES ? count : VIEW_READOUT_LINES;
    for (int i = 0; i < count; i++) {
        width[i] = ceilf(ui_text_width(ui, line[i].font, line[i].text));
    }
    const ViewReadoutPlace place = view_readout_place(width, count, x, low, area);
    ui_draw_round(ui, place.box, UI_ROUND, UI_RAISED);
    ui_draw_frame(ui, place.box, UI_ROUND, 1, UI_HOVER);
    const float roof = place.row ? ROOF / 2.0F : ROOF;
    UiRect text = {place.box.x + SIDE, place.box.y + roof, 0, VIEW_READOUT_LINE};
    for (int i = 0; i < place.shown; i++) {
        text.w = width[i] + 1;
        (void)ui_draw_text(ui, text, line[i].font, UI_LEFT, line[i].color, line[i].text);
        text.x += place.row ? width[i] + APART : 0;
        text.y += place.row ? 0 : VIEW_READOUT_LINE;
    }
}
