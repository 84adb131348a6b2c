#include "ui/gallery.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/base.h"

#include "ui/parts.h"
#include "ui/tabs.h"

static const UiRange weight_range = {
    .min = 0, .max = 1000, .low = 0.01, .high = 100, .logarithmic = true, .reset = 1};
static const UiRange rate_range = {
    .min = 1e-6, .max = 1, .low = 1e-5, .high = 1e-1, .logarithmic = true, .reset = 1e-3};
static const UiRange batch_range = {.min = 1,
                                    .max = 4096,
                                    .low = 16,
                                    .high = 512,
                                    .logarithmic = true,
                                    .whole = true,
                                    .reset = 128};

/* The states, as columns. */
static const struct {
    const char *name;
    UiPose pose;
    bool enabled;
} states[] = {
    {"rest", {.posing = true}, true},
    {"hover", {.posing = true, .hot = true}, true},
    {"held", {.posing = true, .hot = true, .held = true}, true},
    {"focused", {.posing = true, .focused = true}, true},
    {"disabled", {.posing = true}, false},
};

enum {
    COLUMN_W = 116,
    LINE_H = 33,
    SIDE = 32 /* pixels of the picture */
};

void ui_gallery_init(UiGallery *gallery, Ui *ui)
{
    uint8_t grey[SIDE * SIDE];
    memset(gallery, 0, sizeof(*gallery));
    gallery->weight = 1;
    gallery->rate = 1e-3;
    gallery->batch = 128;
    gallery->on = true;
    memcpy(gallery->text, "digits-2d", 10);
    gallery->picture = ui_image_create(ui, SIDE, SIDE, true);
    for (int i = 0; i < SIDE * SIDE; i++) {
        const float x = (float)(i % SIDE) - 15.5F;
        const float y = (float)(i / SIDE) - 15.5F;
        const float ring = fabsf(sqrtf(x * x + y * y) - 9) - 2;
        grey[i] = (uint8_t)(255 * fminf(fmaxf(1 - ring, 0), 1));
    }
    ui_image_set_grey(gallery->picture, 0, 0, SIDE, SIDE, grey, SIDE);
}

void ui_gallery_finish(UiGallery *gallery)
{
    ui_image_destroy(gallery->picture);
    ui_browser_finish(&gallery->browser);
}

UiRect ui_gallery_cell(int kind, int state)
{
    /* The card's margin, padding, title and heads, as states_card() lays them out. */
    const float top = UI_GRID + UI_PAD + UI_CONTROL_H - UI_PAD / 2.0F + 2 + 20;
    return (UiRect){UI_GRID + UI_PAD + 72 + (float)state * COLUMN_W - 4, top + (float)kind * LINE_H,
                    COLUMN_W - 16, LINE_H};
}

/* One widget kind in one state, posing. */
static void pose(Ui *ui, int kind, UiRect at, bool enabled)
{
    static const char *const names[] = {"posing.0", "posing.1", "posing.2", "posing.3",
                                        "posing.4", "posing.5", "posing.6", "posing.7",
                                        "posing.8", "posing.9", "posing.10"};
    static const UiItem items[] = {{.label = "bce"}};
    const char *const id = names[kind];
    bool on = true;
    bool off = false;
    double value = 1;
    char text[16] = "text";
    switch (kind) {
    case 0:
        ui_button(ui, id, at, "Pause", UI_LOOK_PRIMARY, false, enabled);
        break;
    case 1:
        ui_button(ui, id, at, "Step", UI_LOOK_RAISED, false, enabled);
        break;
    case 2:
        ui_button(ui, id, at, "Open", UI_LOOK_PLAIN, false, enabled);
        break;
    case 3:
        ui_button(ui, id, at, "Density", UI_LOOK_CHIP, false, enabled);
        break;
    case 4:
        ui_button(ui, id, at, "Points", UI_LOOK_CHIP, true, enabled);
        break;
    case 5:
        ui_menu(ui, id, at, "bce", UI_LOOK_RAISED, items, enabled ? 1 : 0, 0);
        break;
    case 6:
        ui_switch(ui, id, (UiRect){at.x, at.y, 34, at.h}, &on, UI_REC);
        ui_switch(ui, id, (UiRect){at.x + 42, at.y, 34, at.h}, &off, UI_KL);
        break;
    case 7:
        ui_slider(ui, id, at, &value, weight_range, UI_KL, NULL);
        break;
    case 8:
        ui_number(ui, id, at, &value, weight_range);
        break;
    case 9:
        ui_text_field(ui, id, at, text, sizeof(text), "Name", NULL);
        break;
    default:
        ui_tabs(ui, at, &(UiTab){.id = id, .label = "Curves"}, 1, 0);
        break;
    }
}

static void states_card(Ui *ui, UiRect rect)
{
    static const char *const names[] = {"primary", "raised", "plain",  "chip", "chip, on", "menu",
                                        "switch",  "slider", "number", "text", "tab, on"};
    UiRect in = ui_card(ui, rect, "States");
    UiRect head = ui_rect_cut_top(&in, 20);
    ui_rect_cut_left(&head, 72);
    for (size_t s = 0; s < LS_COUNT(states); s++) {
        ui_draw_text(ui, ui_rect_cut_left(&head, COLUMN_W), UI_FONT_CAPTION, UI_LEFT, UI_MUTED,
                     states[s].name);
    }
    for (int kind = 0; kind < (int)LS_COUNT(names); kind++) {
        UiRect line = ui_rect_cut_top(&in, LINE_H);
        ui_draw_text(ui, ui_rect_cut_left(&line, 72), UI_FONT_SMALL, UI_LEFT, UI_MUTED,
                     names[kind]);
        for (size_t s = 0; s < LS_COUNT(states); s++) {
            const UiRect cell = ui_rect_cut_left(&line, COLUMN_W);
            if (!states[s].enabled && kind > 5) {
                continue; /* values cannot be disabled: they always mean something */
            }
            ui->pose = states[s].pose;
            pose(ui, kind, (UiRect){cell.x, cell.y + 6, COLUMN_W - 24, UI_CONTROL_H},
                 states[s].enabled);
        }
    }
    ui->pose = (UiPose){.posing = false};
}

static void term(UiGallery *gallery, Ui *ui, UiRect rect, const char *name, UiColor color,
                 const char *id)
{
    char own[64];
    static const UiItem kinds[] = {{.label = "bce", .help = "Pixels are coins."},
                                   {.label = "gaussian", .key = "G"},
                                   {.label = NULL},
                                   {.label = "laplace", .disabled = true}};
    ui_draw_round(ui, rect, UI_ROUND, UI_RGB(0x171d28));
    ui_draw_round(ui, (UiRect){rect.x, rect.y, 3, rect.h}, 1.5F, gallery->on ? color : UI_TRACK);
    UiRect in = ui_rect_inset(rect, 8);
    UiRect line = ui_rect_cut_top(&in, 26);
    snprintf(own, sizeof(own), "%s.on", id);
    const UiRect toggle = ui_rect_cut_left(&line, 36);
    ui_switch(ui, own, toggle, &gallery->on, color);
    ui_tooltip(ui, toggle,
               "Whether the model is punished for images that come back wrong. "
               "Switched off, it forgets how to draw.",
               "R");
    const UiRect menu = ui_rect_cut_right(&line, ui_menu_width(ui, "gaussian", UI_LOOK_RAISED));
    snprintf(own, sizeof(own), "%s.kind", id);
    const int picked = ui_menu(ui, own, menu, kinds[gallery->kind].label, UI_LOOK_RAISED, kinds,
                               LS_COUNT(kinds), gallery->kind);
    gallery->kind = picked >= 0 ? picked : gallery->kind;
    ui_draw_text(ui, line, UI_FONT_STRONG, UI_LEFT, UI_TEXT, name);
    UiRect row = ui_rect_cut_top(&in, 26);
    ui_draw_text(ui, ui_rect_cut_left(&row, 52), UI_FONT_BODY, UI_LEFT, UI_MUTED, "weight");
    snprintf(own, sizeof(own), "%s.figure", id);
    ui_number(ui, own, ui_rect_cut_right(&row, 52), &gallery->weight, weight_range);
    ui_rect_cut_right(&row, 8);
    snprintf(own, sizeof(own), "%s.weight", id);
    ui_slider(ui, own, row, &gallery->weight, weight_range, color, NULL);
    ui_tooltip(ui, row, "How much this term counts.", NULL);
    ui_draw_text(ui, in, UI_FONT_SMALL, UI_LEFT, UI_MUTED, "how well images come back");
    ui_draw_textf(ui, in, UI_FONT_STRONG, UI_RIGHT, color, "%.1f nats", 126.9);
}

static void plot_card(UiGallery *gallery, Ui *ui, UiRect rect)
{
    UiRect in = ui_card(ui, rect, "");
    const UiRect head = ui_rect_cut_top(&in, 20);
    ui_draw_disc(ui, (UiPoint){head.x + 4, head.y + 10}, 4, UI_REC);
    ui_draw_text(ui, (UiRect){head.x + 16, head.y, 200, 20}, UI_FONT_STRONG, UI_LEFT, UI_TEXT,
                 "Reconstruction");
    ui_draw_text(ui, head, UI_FONT_STRONG, UI_RIGHT, UI_REC, "126.9");
    float label_x = -1e9F;
    const UiPlot plot = ui_plot_begin(ui, "gallery.plot", in, 0, 4200, 132, 205, false);
    for (int i = 0; i < 400; i++) {
        const double x = i * 10.5;
        const double y = 138 + 70 * exp(-x / 500) + 3 * sin(i * 1.7) * sin(i * 0.31);
        ui_plot_span(ui, &plot, x, y - 5 - 3 * sin(i * 7.1), y + 5 + 3 * sin(i * 3.3),
                     ui_color_fade(UI_REC, 0.35F));
    }
    ui_curve_reset(&gallery->curve);
    for (int i = 0; i < 1000; i++) {
        const double x = i * 4.2;
        ui_curve_add(&plot, &gallery->curve, x, 138 + 70 * exp(-x / 500) + sin(i * 0.05));
    }
    ui_curve_draw(ui, &gallery->curve, 2, UI_REC);
    for (int i = 1; i < 20; i++) {
        ui_plot_mark(ui, &plot, i * 200, 142 + 70 * exp(-i * 200 / 500.0), 3, UI_REC);
    }
    ui_plot_marker(ui, &plot, 1500, "β 1 → 4", &label_x);
    ui_plot_marker(ui, &plot, 2300, "β 4 → 1", &label_x);
    ui_plot_end(ui);
}

static void shapes_card(UiGallery *gallery, Ui *ui, UiRect rect)
{
    static const UiColor classes[10] = UI_CLASSES;
    UiPoint points[60];
    UiColor colors[60];
    UiRect in = ui_card(ui, rect, "Shapes");
    const UiPoint mid = {in.x + 60, in.y + 60};
    ui_draw_ring(ui, mid, 20, 1, 0, ui_color_fade(UI_TEXT, 0.6F));
    ui_draw_ring(ui, mid, 38, 1, 4, ui_color_fade(UI_TEXT, 0.6F));
    ui_draw_ring(ui, mid, 56, 1, 1.5F, ui_color_fade(UI_TEXT, 0.6F));
    for (int i = 0; i < 60; i++) {
        const float a = (float)i * 2.39996F;
        const float r = sqrtf((float)i) * 7;
        points[i] = (UiPoint){mid.x + r * cosf(a), mid.y + r * sinf(a)};
        colors[i] = classes[i % 10];
    }
    ui_draw_dots(ui, points, colors, 60, 2.4F, ui_color_fade(UI_BLACK, 0.7F));
    for (int i = 0; i < 40; i++) {
        points[i] = (UiPoint){in.x + 140 + (float)i * 3, in.y + 60 + 30 * sinf((float)i * 0.25F)};
    }
    ui_draw_trail(ui, points, 40, 3, ui_color_fade(UI_TEXT, 0.05F), UI_TEXT);
    ui_draw_ring(ui, points[39], 9, 2, 0, UI_TEXT);
    ui_draw_image(ui, gallery->picture, NULL, (UiRect){in.x + 280, in.y, 96, 96}, UI_RGB(0xffffff));
    ui_draw_image(ui, gallery->picture, NULL, (UiRect){in.x + 384, in.y, 16, 16}, UI_REC);
    ui_draw_dashes(ui, (UiPoint){in.x + 384, in.y + 30}, (UiPoint){in.x + 384, in.y + 96}, 1, 3, 3,
                   UI_MUTED);
}

static void text_card(Ui *ui, UiRect rect)
{
    UiRect in = ui_card(ui, rect, "Text");
    ui_draw_text(ui, ui_rect_cut_top(&in, 24), UI_FONT_TITLE, UI_LEFT, UI_TEXT, "Latentscape");
    ui_draw_text(ui, ui_rect_cut_top(&in, 18), UI_FONT_CAPTION, UI_LEFT, UI_MUTED,
                 "LOSS = 133.6 NATS");
    ui_draw_text(ui, ui_rect_cut_top(&in, 18), UI_FONT_BODY, UI_LEFT, UI_TEXT,
                 "β λ σ μ → ↑ ▾ ❚❚ − · … × z₁ ₂ ✓ ✕ ▸ 1111 0000");
    ui_draw_text(ui, ui_rect_cut_top(&in, 18), UI_FONT_SMALL, UI_LEFT, UI_MUTED,
                 "step 4,200   epoch 59.7   38,400 images/s   ELBO −149.7");
    ui_draw_text(
        ui, ui_rect_cut_top(&in, 18), UI_FONT_BODY, UI_LEFT, UI_TEXT,
        "A line that is far too long for its card is cut with an ellipsis at its end, here.");
    ui_draw_paragraph(
        ui, in, UI_FONT_BODY, UI_MUTED,
        "Without KL, B copies images a little better, but its codes leave the region "
        "the prior draws from: samples come from places the decoder was never taught.",
        true);
}

void ui_gallery_show(UiGallery *gallery, Ui *ui)
{
    UiRect all = ui_rect_inset(ui_bounds(ui), UI_GRID);
    UiRect left = ui_rect_cut_left(&all, 680);
    ui_rect_cut_left(&all, UI_GRID);
    states_card(ui, ui_rect_cut_top(&left, 428));
    ui_rect_cut_top(&left, UI_GRID);
    UiRect below = ui_rect_cut_top(&left, 190);
    plot_card(gallery, ui, ui_rect_cut_left(&below, 420));
    ui_rect_cut_left(&below, UI_GRID);
    const UiRect area = ui_scroll_begin(ui, "gallery.scroll", below, &gallery->scroll, 400);
    for (int i = 0; i < 10; i++) {
        char id[32];
        snprintf(id, sizeof(id), "gallery.row%d", i);
        gallery->presses +=
            ui_button(ui, id, (UiRect){area.x + 4, area.y + 4 + (float)i * 40, area.w - 8, 32}, id,
                      UI_LOOK_RAISED, false, true);
    }
    ui_scroll_end(ui);
    ui_rect_cut_top(&left, UI_GRID);
    shapes_card(gallery, ui, left);
    term(gallery, ui, ui_rect_cut_top(&all, 92), "Reconstruction", UI_REC, "rec");
    ui_rect_cut_top(&all, UI_GRID);
    term(gallery, ui, ui_rect_cut_top(&all, 92), "KL divergence", UI_KL, "kl");
    ui_rect_cut_top(&all, UI_GRID);
    text_card(ui, ui_rect_cut_top(&all, 226));
    ui_rect_cut_top(&all, UI_GRID);
    UiRect row = ui_rect_cut_top(&all, 32);
    ui_text_field(ui, "gallery.text", ui_rect_cut_left(&row, 200), gallery->text,
                  sizeof(gallery->text), "Name", NULL);
    ui_rect_cut_left(&row, UI_GRID);
    if (ui_button(ui, "gallery.dialog", ui_rect_cut_left(&row, 90), "Dialog", UI_LOOK_RAISED, false,
                  true)) {
        gallery->dialog = true;
    }
    ui_rect_cut_left(&row, UI_GRID);
    if (ui_button(ui, "gallery.browse", ui_rect_cut_left(&row, 90), "Save", UI_LOOK_PRIMARY, false,
                  true)) {
        ui_browser_open(&gallery->browser, true, "Save the model", "", "model", ".safetensors");
    }
    ui_rect_cut_left(&row, UI_GRID);
    if (ui_button(ui, "gallery.message", ui_rect_cut_left(&row, 90), "Message", UI_LOOK_RAISED,
                  false, true)) {
        ui_message(ui, gallery->presses % 2 == 0,
                   "model.safetensors: the header is longer than the file.");
    }
    if (gallery->dialog) {
        bool close = false;
        UiRect in = ui_dialog_begin(ui, "gallery.about", 420, 220, "A dialog", &close);
        ui_draw_paragraph(ui, in, UI_FONT_BODY, UI_MUTED, "Nothing below can be reached.", true);
        ui_slider(ui, "gallery.rate", ui_rect_cut_bottom(&in, 24), &gallery->rate, rate_range,
                  UI_REG, NULL);
        ui_number(ui, "gallery.batch", ui_rect_cut_bottom(&in, 24), &gallery->batch, batch_range);
        ui_dialog_end(ui);
        gallery->dialog = !close;
    }
    char path[4096];
    if (ui_browser(ui, &gallery->browser, path)) {
        ui_message(ui, false, path);
    }
}
