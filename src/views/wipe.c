#include "views/wipe.h"

#include <math.h>
#include <stdio.h>

static const float grip_w = 10; /* px */
static const float grip_h = 40;
static const float reach = 16;   /* px about the line that the mouse may miss it by, both sides */
static const float home = 0.02F; /* a handle let go nearer to the edge than this is home */

/* Two strokes that say "drag me sideways". */
static void draw_grip(View *view, UiPoint middle, bool lit)
{
    Ui *ui = view->ui;
    const UiRect grip = {middle.x - grip_w / 2, middle.y - grip_h / 2, grip_w, grip_h};
    ui_draw_round(ui, ui_rect_inset(grip, -1), grip_w / 2 + 1, ui_color_fade(UI_GROUND, 0.6F));
    ui_draw_round(ui, grip, grip_w / 2, lit ? UI_TEXT : UI_SIDE_B);
    for (int i = -1; i <= 1; i += 2) {
        const float x = middle.x + (float)i * 1.5F;
        const UiPoint line[] = {{x, middle.y - 6}, {x, middle.y + 6}};
        ui_draw_lines(ui, line, 2, 1, UI_GROUND);
    }
}

bool view_wipe_draw(View *view, UiRect plane, float *share, const char *label)
{
    Ui *ui = view->ui;
    const float x = floorf(plane.x + fmaxf(*share * plane.w, *share > 0 ? 0 : grip_w / 2));
    const bool resting = *share <= 0;
    /* At rest it takes no more of the map than it covers. */
    const UiRect place =
        resting ? (UiRect){plane.x, plane.y + plane.h / 2 - grip_h / 2 - 4, reach, grip_h + 8}
                : (UiRect){x - reach / 2, plane.y, reach, plane.h};
    const UiHit hit = ui_area(ui, "map.wipe", place, true);
    /* Let go in the frame in which the mouse moves it comes along, too: the mouse stays on it. */
    if ((hit.held || hit.released) && (!resting || fabsf(hit.moved.x) > 0)) {
        *share = fminf(fmaxf((hit.at.x - plane.x) / plane.w, 0.001F), 1);
    }
    if (hit.key_x != 0) {
        *share = fminf(fmaxf(*share + (float)hit.key_x * 0.02F, 0), 1);
    }
    if (hit.double_clicked || (hit.released && *share < home)) {
        *share = 0;
    }
    if (!resting) {
        ui_draw_rect(ui, (UiRect){x - 1.5F, plane.y, 3, plane.h}, ui_color_fade(UI_GROUND, 0.6F));
        ui_draw_rect(ui, (UiRect){x - 0.5F, plane.y, 1, plane.h}, UI_TEXT);
    }
    draw_grip(view, (UiPoint){x, plane.y + plane.h / 2}, hit.over || hit.held);
    if (hit.focused) {
        ui_draw_frame(ui, (UiRect){x - 9, plane.y + plane.h / 2 - 24, 18, 48}, 9, 1.6F, UI_ACTION);
    }
    char text[256];
    (void)snprintf(
        text, sizeof text,
        "Hold it down: the model before %.64s. Drag it to the right: that one at the left, the "
        "present one at the right. A double click sends it home.",
        label);
    const ViewAction *action = view->host.action(view->host.app, "compare.before");
    ui_tooltip(ui, (UiRect){place.x, plane.y + plane.h / 2 - 24, place.w, 48}, text,
               action != NULL ? action->key : NULL);
    return hit.held && *share <= 0;
}
