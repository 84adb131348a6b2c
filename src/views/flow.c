#include "views/flow.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/rng.h"
#include "latentscape/nn/dense.h"
#include "latentscape/vae/divergence.h"

#include "ui/theme.h"
#include "views/figure.h"
#include "views/term.h"
#include "views/tiles.h"

enum {
    STAGES_MOST = 2 * LS_SIZES_MAX + 6,
    PICTURE = 104, /* px of a stage's picture, at most */
    LEAST = 28,    /* px of it, at least */
    ARROW = 22,    /* px between two stages */
    TERMS_W = 236, /* px of the sum at the right */
    LINE = 18,
    TIGHT = 14,    /* of a line of numbers, at least */
    PAD_FROM = 44, /* px of a box of numbers that has room for a margin */
    AXES = 6       /* axes of the latent space whose figures are shown */
};

typedef enum StageKind {
    IMAGE,
    LAYER,
    POSTERIOR, /* mu and sigma */
    CODE,      /* z */
    REDRAWN,
    TERM_REC,
    TERM_KL
} StageKind;

typedef struct Stage {
    StageKind kind;
    int layer; /* of the model; LAYER */
} Stage;

struct ViewFlow {
    LsModel model; /* the pass is for; pixels 0: none yet */
    LsPass *pass;
    uint64_t serial, model_id;
    LsTrainSettings settings; /* what loss is of, with the step of its schedules */
    uint64_t loss_step;
    uint64_t noise; /* the person's choice */
    LsLoss loss;
    LsLossValues values;
    float *redrawn; /* [pixels] */
    uint32_t image; /* of the held-out ones */
    Stage stage[STAGES_MOST];
    int stage_count;
    int shown;                    /* stages; INT_MAX: all */
    ViewTiles tiles[STAGES_MOST]; /* what IMAGE, LAYER and REDRAWN show */
    float *heat;                  /* [3 * heat_cells] */
    int heat_cells;               /* of the layer that takes most */
};

ViewFlow *view_flow_create(LsError *err)
{
    ViewFlow *flow = ls_memory_items(1, sizeof *flow, err);
    if (flow != NULL) {
        flow->shown = INT_MAX;
    }
    return flow;
}

static void forget(ViewFlow *flow)
{
    ls_pass_destroy(flow->pass);
    ls_memory_free(flow->redrawn);
    ls_memory_free(flow->heat);
    flow->pass = NULL;
    flow->redrawn = flow->heat = NULL;
    flow->stage_count = 0;
    for (int i = 0; i < STAGES_MOST; i++) {
        view_tiles_finish(&flow->tiles[i]);
    }
}

void view_flow_destroy(ViewFlow *flow)
{
    if (flow != NULL) {
        forget(flow);
        ls_memory_free(flow);
    }
}

static void list_stages(ViewFlow *flow)
{
    const LsModel *model = &flow->model;
    int n = 0;
    flow->stage[n++] = (Stage){.kind = IMAGE};
    for (int i = 0; i < model->encoder_count; i++) {
        flow->stage[n++] = (Stage){.kind = LAYER, .layer = i};
    }
    flow->stage[n++] = (Stage){.kind = POSTERIOR};
    flow->stage[n++] = (Stage){.kind = CODE};
    for (int i = model->decoder; i < model->layer_count - 1; i++) {
        flow->stage[n++] = (Stage){.kind = LAYER, .layer = i};
    }
    flow->stage[n++] = (Stage){.kind = REDRAWN};
    flow->stage[n++] = (Stage){.kind = TERM_REC};
    flow->stage[n++] = (Stage){.kind = TERM_KL};
    flow->stage_count = n;
}

/* Rows and columns for n cells: a square, or what whole rows make of nearly one. */
static void arrange(int n, int *cols, int *rows)
{
    *cols = (int)ceil(sqrt((double)n));
    for (int c = *cols; 4 * c <= 5 * *cols; c++) {
        if (n % c == 0) {
            *cols = c;
            break;
        }
    }
    *rows = (n + *cols - 1) / *cols;
}

/* Room for the snapshot's model. */
static bool follow(ViewFlow *flow, const View *view)
{
    const LsModel *model = &view->snapshot->model;
    if (flow->pass != NULL && ls_model_equal(&flow->model, model)) {
        return true;
    }
    forget(flow);
    flow->model = *model;
    flow->heat_cells = 0;
    for (int i = 0; i < model->layer_count; i++) {
        int cols = 0, rows = 0;
        arrange(model->layer[i].out, &cols, &rows);
        flow->heat_cells = cols * rows > flow->heat_cells ? cols * rows : flow->heat_cells;
    }
    flow->redrawn = ls_memory_floats((size_t)model->pixels, NULL);
    flow->heat =
        flow->redrawn != NULL ? ls_memory_floats(3 * (size_t)flow->heat_cells, NULL) : NULL;
    flow->pass = flow->heat != NULL ? ls_pass_create(model, 1, 1, NULL) : NULL;
    if (flow->pass == NULL) {
        forget(flow);
        return false;
    }
    flow->model_id = 0;
    list_stages(flow);
    return true;
}

/* What a layer gave as colours: positive and negative apart, as bright as they are strong. */
static void show_layer(ViewFlow *flow, Ui *ui, int place, int layer)
{
    const int n = flow->model.layer[layer].out;
    const float *out = ls_pass_layer(flow->pass, layer);
    int cols = 0, rows = 0;
    bool fresh = false;
    arrange(n, &cols, &rows);
    assert(cols * rows <= flow->heat_cells);
    if (!view_tiles_fit(&flow->tiles[place], ui, 1, 1, cols, rows, 3, &fresh)) {
        return;
    }
    float most = 1e-6F;
    for (int i = 0; i < n; i++) {
        most = fmaxf(most, fabsf(out[i]));
    }
    static const float up[3] = {1, 0.84F, 0.55F}, down[3] = {0.35F, 0.62F, 1};
    memset(flow->heat, 0, (size_t)cols * (size_t)rows * 3 * sizeof *flow->heat);
    for (int i = 0; i < n; i++) {
        const float *color = out[i] > 0 ? up : down;
        const float share = sqrtf(fabsf(out[i]) / most);
        for (int c = 0; c < 3; c++) {
            flow->heat[3 * i + c] = share * color[c];
        }
    }
    view_tiles_put(&flow->tiles[place], 0, 0, flow->heat);
}

static void show_image(ViewFlow *flow, Ui *ui, int place, const float *image)
{
    const LsModelSpec *spec = &flow->model.spec;
    bool fresh = false;
    if (view_tiles_fit(&flow->tiles[place], ui, 1, 1, spec->width, spec->height, spec->channels,
                       &fresh)) {
        view_tiles_put(&flow->tiles[place], 0, 0, image);
    }
}

/* The divergence as the page computes it: kinds that look at many codes at once have no value for a
 * single one. */
static LsLoss loss_of_one(const View *view)
{
    LsLoss loss = ls_train_settings_loss_at(&view->settings, view->snapshot->model.pixels,
                                            view->snapshot->loss_step);
    if (ls_pass_gathers(&loss)) {
        loss.div = 0;
    }
    return loss;
}

/* The forward pass of a step on the image at hand. */
static void compute(ViewFlow *flow, const View *view)
{
    const LsSnapshot *snapshot = view->snapshot;
    if (flow->model_id == snapshot->model_id && flow->serial == snapshot->serial &&
        flow->loss_step == snapshot->loss_step && flow->noise == view->choice.noise &&
        ls_train_settings_equal(&flow->settings, &view->settings)) {
        return;
    }
    const LsLoss loss = loss_of_one(view);
    flow->model_id = snapshot->model_id;
    flow->serial = snapshot->serial;
    flow->settings = view->settings;
    flow->loss_step = snapshot->loss_step;
    flow->noise = view->choice.noise;
    flow->loss = loss;
    const LsDataset *data = view->data;
    const uint32_t index = flow->image % data->heldout.count;
    const LsRng rng = ls_rng_split(ls_rng_make(view->choice.noise, LS_RNG_VIEW), flow->image);
    float *x = ls_pass_x(flow->pass);
    ls_dataset_gather(data, &data->heldout, 0, &index, 1, x);
    ls_rng_normal(rng, 0, (size_t)flow->model.spec.latent, ls_pass_eps(flow->pass));
    ls_rng_normal(rng, 1u << 20, (size_t)flow->model.spec.latent, ls_pass_probe(flow->pass));
    ls_pass_set_batch(flow->pass, 1);
    ls_pass_shard(flow->pass, snapshot->params, &loss, 0);
    flow->values = ls_pass_losses(flow->pass, &loss);
    ls_dense_sigmoid((size_t)flow->model.pixels, ls_pass_logits(flow->pass), flow->redrawn);
    for (int i = 0; i < flow->stage_count; i++) {
        const Stage *stage = &flow->stage[i];
        if (stage->kind == LAYER) {
            show_layer(flow, view->ui, i, stage->layer);
        } else if (stage->kind == IMAGE || stage->kind == REDRAWN) {
            show_image(flow, view->ui, i, stage->kind == IMAGE ? x : flow->redrawn);
        }
    }
}

bool view_flow_next(ViewFlow *flow, const View *view)
{
    if (flow->shown < flow->stage_count) {
        flow->shown++;
        return false;
    }
    const bool again = flow->shown != INT_MAX;
    flow->shown = 1;
    flow->image = again ? (flow->image + 1) % view->data->heldout.count : flow->image;
    flow->model_id = 0; /* another image */
    return again;
}

void view_flow_all(ViewFlow *flow)
{
    flow->shown = INT_MAX;
}

int view_flow_stages(const ViewFlow *flow)
{
    return flow->stage_count;
}

int view_flow_shown(const ViewFlow *flow)
{
    return flow->shown < flow->stage_count ? flow->shown : flow->stage_count;
}

/* --- drawing ------------------------------------------------------------------------------------- */

static void name_stage(const ViewFlow *flow, const Stage *stage, bool brief, char *out, size_t size,
                       const char **help)
{
    const bool encoder = stage->layer < flow->model.mu;
    switch (stage->kind) {
    case IMAGE:
        (void)snprintf(out, size, brief ? "x" : "image x");
        *help = "A held-out image, as the encoder gets it.";
        break;
    case LAYER:
        (void)snprintf(out, size, "%s%d",
                       brief     ? ""
                       : encoder ? "encoder "
                                 : "decoder ",
                       flow->model.layer[stage->layer].out);
        *help =
            "What each unit of the layer gives for this image: warm above zero, cold below, the "
            "brighter the stronger.";
        break;
    case POSTERIOR:
        (void)snprintf(out, size, "μ, σ");
        *help = "The encoder's answer: a mean and a deviation on each latent axis, q(z|x).";
        break;
    case CODE:
        (void)snprintf(out, size, brief ? "z" : "z = μ + σε");
        *help =
            "The code is drawn from it: ε is standard normal noise, so that gradients reach μ and "
            "σ.";
        break;
    case REDRAWN:
        (void)snprintf(out, size, brief ? "x'" : "decoded");
        *help = "What the decoder makes of the code.";
        break;
    case TERM_REC:
    case TERM_KL:
        out[0] = '\0';
        *help = NULL;
        break;
    }
}

/* A figure, and its deviation where one is given. */
static void print_code(int digits, double mu, double sigma, char *out)
{
    const char *sign = mu <= -0.5 * pow(10, -digits) ? "−" : "";
    if (isfinite(sigma)) {
        (void)snprintf(out, VIEW_FIGURE, "%s%.*f ± %.*f", sign, digits, fabs(mu), digits, sigma);
    } else {
        (void)snprintf(out, VIEW_FIGURE, "%s%.*f", sign, digits, fabs(mu));
    }
}

/* With how many digits every axis has room, 2 at most; -1: not even with none. */
static int digits_of(const ViewFlow *flow, Ui *ui, const float *mu, bool deviation, float width)
{
    const float *logvar = ls_pass_logvar(flow->pass);
    char text[VIEW_FIGURE];
    int digits = 2;
    for (int i = 0; i < flow->model.spec.latent && i < AXES && digits >= 0; i++) {
        const double sigma = deviation ? exp(0.5 * (double)logvar[i]) : (double)NAN;
        print_code(digits, (double)mu[i], sigma, text);
        while (digits >= 0 && ui_text_width(ui, UI_FONT_SMALL, text) > width) {
            print_code(--digits, (double)mu[i], sigma, text);
        }
    }
    return digits;
}

static void draw_numbers(const ViewFlow *flow, Ui *ui, const Stage *stage, UiRect box)
{
    const int latent = flow->model.spec.latent;
    const float *mu = ls_pass_mu(flow->pass), *logvar = ls_pass_logvar(flow->pass);
    const float *z = ls_pass_z(flow->pass), *eps = ls_pass_eps(flow->pass);
    char text[VIEW_FIGURE];
    ui_draw_round(ui, box, UI_ROUND, UI_RAISED);
    /* Where pictures are small, two axes with a digit behind the point still find room. */
    const float beside = box.w < PAD_FROM ? 2 : 6;
    const float above = fmaxf(fminf(4, (box.h - 2 * TIGHT) / 2), 0);
    UiRect inside = {box.x + beside, box.y + above, box.w - 2 * beside, box.h - 2 * above};
    const bool wide = stage->kind == POSTERIOR && digits_of(flow, ui, mu, true, inside.w) > 0;
    const float *shown = stage->kind == POSTERIOR ? mu : z;
    const int fitting = digits_of(flow, ui, shown, wide, inside.w);
    const int digits = fitting > 0 ? fitting : 0;
    /* Every axis before any noise; closer together where that makes room. */
    const int axes = latent < AXES ? latent : AXES;
    const bool noise = stage->kind != POSTERIOR && latent <= 2 && inside.h >= 2 * axes * TIGHT;
    const float each =
        fmaxf(TIGHT, fminf(LINE, floorf(inside.h / (float)(noise ? 2 * axes : axes))));
    for (int i = 0; i < axes && inside.h >= each; i++) {
        const bool spread = stage->kind == POSTERIOR && wide;
        print_code(digits, (double)shown[i], spread ? exp(0.5 * (double)logvar[i]) : (double)NAN,
                   text);
        ui_draw_text(ui, ui_rect_cut_top(&inside, each), UI_FONT_SMALL, UI_LEFT, UI_TEXT, text);
        if (noise) {
            ui_draw_textf(ui, ui_rect_cut_top(&inside, each), UI_FONT_SMALL, UI_LEFT, UI_MUTED,
                          "ε %.2f", (double)eps[i]);
        }
    }
}

static void draw_arrow(Ui *ui, float x, float y)
{
    const UiPoint line[] = {{x + 4, y}, {x + ARROW - 4, y}};
    const UiPoint head[] = {{x + ARROW - 8, y - 4}, {x + ARROW - 4, y}, {x + ARROW - 8, y + 4}};
    ui_draw_lines(ui, line, 2, 1.5F, UI_EDGE);
    ui_draw_lines(ui, head, 3, 1.5F, UI_EDGE);
}

static void draw_stage(ViewFlow *flow, View *view, int place, UiRect column, float side)
{
    Ui *ui = view->ui;
    const Stage *stage = &flow->stage[place];
    const bool shown = place < view_flow_shown(flow);
    char name[64], id[32];
    const char *help = NULL;
    name_stage(flow, stage, false, name, sizeof name, &help);
    if (ui_text_width(ui, UI_FONT_SMALL, name) > column.w) {
        name_stage(flow, stage, true, name, sizeof name, &help);
    }
    (void)snprintf(id, sizeof id, "flow.stage.%d", place);
    const UiRect title = ui_rect_cut_top(&column, LINE);
    ui_draw_text(ui, title, UI_FONT_SMALL, UI_CENTER, shown ? UI_SOFT : UI_MUTED, name);
    const UiRect box = {column.x + (column.w - side) / 2, column.y, side, side};
    (void)ui_area(ui, id, box, false);
    ui_tooltip(ui, box, help, NULL);
    if (!shown) {
        ui_draw_frame(ui, box, UI_ROUND, 1, UI_RULE);
    } else if (stage->kind == POSTERIOR || stage->kind == CODE) {
        draw_numbers(flow, ui, stage, box);
    } else if (flow->tiles[place].image != NULL) {
        const ViewTiles *tiles = &flow->tiles[place];
        const float scale = fminf(box.w / (float)tiles->w, box.h / (float)tiles->h);
        const float w = (float)tiles->w * scale, h = (float)tiles->h * scale;
        view_tiles_draw(tiles, ui,
                        (UiRect){box.x + (box.w - w) / 2, box.y + (box.h - h) / 2, w, h});
    }
}

/* A term's line: its name, its value times its weight, and a bar as long as its share. */
static void draw_term(Ui *ui, UiRect *inside, const ViewTerm *term, const char *title, double value,
                      double weight, double most, bool shown)
{
    const UiColor color = view_term_color(term->series);
    UiRect row = ui_rect_cut_top(inside, LINE);
    char figure[VIEW_FIGURE], text[VIEW_FIGURE + 48], factor[32];
    view_figure_nats(value, figure);
    (void)snprintf(factor, sizeof factor, weight < 100 ? "%.3g" : "%.0f", weight);
    (void)snprintf(text, sizeof text, "%s × %s", figure, factor);
    ui_draw_text(ui, row, UI_FONT_BODY, UI_LEFT, shown ? UI_TEXT : UI_MUTED, title);
    ui_draw_text(ui, row, UI_FONT_STRONG, UI_RIGHT, shown ? color : UI_MUTED, shown ? text : "–");
    UiRect bar = ui_rect_cut_top(inside, 6);
    bar.h = 4;
    ui_draw_round(ui, bar, 2, UI_RAISED);
    const double part = shown && most > 0 && isfinite(value) ? fmax(value * weight, 0) / most : 0;
    bar.w *= (float)fmin(part, 1);
    if (bar.w >= 1) {
        ui_draw_round(ui, bar, 2, color);
    }
    ui_rect_cut_top(inside, 6);
}

/* What a term came to in the newest step: of the weights, and of codes that are looked at together, no
 * single image has a value. */
static double of_step(const View *view, LsSeries series)
{
    size_t count = 0;
    const LsBucket *bucket =
        view->history != NULL ? ls_history_buckets(view->history, &count) : NULL;
    return count > 0 ? (double)bucket[count - 1].series[series].mean : (double)NAN;
}

/* Whether the divergence has a value of many codes only. */
static bool is_together(const View *view)
{
    const LsLoss asked = ls_train_settings_loss(&view->settings, view->snapshot->model.pixels);
    return ls_pass_gathers(&asked);
}

static void weigh(const ViewFlow *flow, const View *view, double *weight, double *value)
{
    const bool together = is_together(view);
    weight[LS_SERIES_REC] = flow->loss.w_rec;
    weight[LS_SERIES_KL] = flow->loss.w_kl;
    weight[LS_SERIES_REG] = flow->loss.w_reg;
    value[LS_SERIES_REC] = flow->values.rec;
    value[LS_SERIES_KL] = together ? of_step(view, LS_SERIES_KL) : flow->values.kl;
    value[LS_SERIES_REG] = of_step(view, LS_SERIES_REG);
}

static double add_up(const double *weight, const double *value)
{
    double sum = 0;
    for (int i = 0; i < VIEW_TERMS; i++) {
        sum += weight[i] > 0 && isfinite(value[i]) ? weight[i] * value[i] : 0;
    }
    return sum;
}

double view_flow_nats(const ViewFlow *flow, const View *view)
{
    double weight[VIEW_TERMS], value[VIEW_TERMS];
    weigh(flow, view, weight, value);
    return add_up(weight, value);
}

static void draw_terms(const ViewFlow *flow, View *view, UiRect inside)
{
    const ViewTerm *terms = view_term_all();
    const int shown = view_flow_shown(flow);
    const bool rec = shown > flow->stage_count - 2, kl = shown > flow->stage_count - 1;
    const bool together = is_together(view);
    double weight[VIEW_TERMS], value[VIEW_TERMS];
    weigh(flow, view, weight, value);
    const double sum = add_up(weight, value);
    for (int i = 0; i < VIEW_TERMS; i++) {
        char title[64];
        const bool batch = (i == LS_SERIES_KL && together);
        if (i == LS_SERIES_REG && !(weight[i] > 0)) {
            continue; /* it takes no part */
        }
        (void)snprintf(title, sizeof title, "%s%s",
                       batch ? ls_divergence_name(view->settings.div) : terms[i].title,
                       batch ? ", batch" : "");
        draw_term(view->ui, &inside, &terms[i], title, value[i], weight[i], sum,
                  i == LS_SERIES_REC ? rec : kl);
    }
    char figure[VIEW_FIGURE], text[VIEW_FIGURE + 16];
    view_figure_nats(sum, figure);
    (void)snprintf(text, sizeof text, "%s nats", figure);
    const UiRect row = ui_rect_cut_top(&inside, LINE);
    ui_draw_text(view->ui, row, UI_FONT_BODY, UI_LEFT, kl ? UI_TEXT : UI_MUTED, "This image");
    ui_draw_text(view->ui, row, UI_FONT_STRONG, UI_RIGHT, kl ? UI_TOTAL : UI_MUTED,
                 kl ? text : "–");
}

void view_flow_draw(ViewFlow *flow, View *view, UiRect rect)
{
    Ui *ui = view->ui;
    ui_draw_round(ui, rect, UI_RADIUS, UI_CARD);
    ui_draw_frame(ui, rect, UI_RADIUS, 1, UI_RULE);
    if (view->data->heldout.count == 0 || !follow(flow, view)) {
        return;
    }
    compute(flow, view);
    UiRect inside = {rect.x + UI_PAD, rect.y + UI_PAD, rect.w - 2 * UI_PAD, rect.h - 2 * UI_PAD};
    const UiRect sum = ui_rect_cut_right(&inside, fminf(TERMS_W, inside.w / 3));
    ui_rect_cut_right(&inside, UI_PAD);
    const int columns = flow->stage_count - 2;
    const float width = (inside.w - (float)(columns - 1) * ARROW) / (float)columns;
    const float side = floorf(fmaxf(fminf(fminf(PICTURE, width), inside.h - LINE), LEAST));
    const float top = inside.y + fmaxf((inside.h - LINE - side) / 2, 0);
    for (int i = 0; i < columns; i++) {
        const float x = inside.x + (float)i * (width + ARROW);
        draw_stage(flow, view, i, (UiRect){x, top, width, LINE + side}, side);
        if (i + 1 < columns) {
            draw_arrow(ui, x + width, top + LINE + side / 2);
        }
    }
    draw_terms(flow, view, (UiRect){sum.x, rect.y + UI_PAD, sum.w, sum.h});
    view->hint =
        "The key \".\" shows the next stage · after the last one a step is trained and another "
        "image begins";
}
