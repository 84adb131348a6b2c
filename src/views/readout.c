#include "views/readout.h"

#include <math.h>

#include "views/curve_labels.h"

enum {
    SIDE = 8,  /* px left and right of the text */
    ROOF = 4,  /* px above and below it */
    APART = 12 /* px between lines in a row */
};

static const float most_of_plot = 0.65F; /* of its height, that lines may cover */

static float high_of(int rows)
{
    return (float)(rows * VIEW_READOUT_LINE + 2 * ROOF);
}

bool view_readout_in_row(int count, UiRect area)
{
    return count > 1 && high_of(count) > most_of_plot * area.h;
}

/* Of the lines of one column. */
static float column_width(const float *width, int count, int rows, int column)
{
    float wide = 0;
    for (int i = column * rows; i < count && i < (column + 1) * rows; i++) {
        wide = fmaxf(wide, width[i]);
    }
    return wide;
}

/* How many lines stand in columns of so many rows within a width; *wide: what they take. */
static int fitting(const float *width, int count, int rows, float most, float *wide)
{
    *wide = column_width(width, count, rows, 0); /* one there is, however narrow the plot */
    int shown = rows < count ? rows : count;
    while (shown < count) {
        const float with = *wide + APART + column_width(width, count, rows, shown / rows);
        if (with > most) {
            break;
        }
        *wide = with;
        shown = shown + rows < count ? shown + rows : count;
    }
    return shown;
}

ViewReadoutPlace view_readout_place(const float *width, int count, float x, bool low, UiRect area)
{
    ViewReadoutPlace place = {.rows = count};
    float wide = 0;
    if (view_readout_in_row(count, area)) {
        place.rows = 0;
        do {
            place.rows++;
            place.shown = fitting(width, count, place.rows, area.w - 2 * SIDE, &wide);
        } while (place.shown < count && high_of(place.rows + 1) - ROOF <= area.h);
    } else {
        place.shown = fitting(width, count, count, area.w - 2 * SIDE, &wide);
    }
    place.box.w = wide + 2 * SIDE;
    place.box.h = high_of(place.rows) - (place.rows < count ? ROOF : 0);
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
    const float roof = place.rows < count ? ROOF / 2.0F : ROOF;
    float left = place.box.x + SIDE;
    for (int i = 0; i < place.shown; i++) {
        const int row = i % place.rows;
        left += row == 0 && i > 0
                    ? column_width(width, count, place.rows, i / place.rows - 1) + APART
                    : 0;
        const UiRect text = {left, place.box.y + roof + (float)(row * VIEW_READOUT_LINE),
                             width[i] + 1, VIEW_READOUT_LINE};
        (void)ui_draw_text(ui, text, line[i].font, UI_LEFT, line[i].color, line[i].text);
    }
}
