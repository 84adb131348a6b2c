#include "app/action.h"

#include <stdio.h>
#include <string.h>

#include "latentscape/core/base.h"

#include "app/dialogs.h"
#include "app/export.h"
#include "app/keys.h"
#include "app/panes.h"
#include "app/session.h"
#include "app/store.h"
#include "views/term.h"

static void train_toggle(App *app, int argument)
{
    (void)argument;
    app_session_send(app, app->view.training ? LS_COMMAND_PAUSE : LS_COMMAND_TRAIN);
}

static void train_command(App *app, int kind)
{
    app_session_send(app, (LsCommandKind)kind);
}

static void train_reset(App *app, int new_seed)
{
    app->view.settings.seed += (uint64_t)new_seed;
    app_session_reset(app);
}

static void speed(App *app, int steps_per_s)
{
    app_session_limit(app, steps_per_s);
    ui_message(app->ui, false,
               steps_per_s ? "Training is slowed down." : "Training runs at full speed.");
}

static void pick(App *app, int what)
{
    app_dialogs_pick(app, (AppPick)what);
}

static void save(App *app, int argument)
{
    (void)argument;
    if (app->model_path[0]) {
        app_store_save(app, app->model_path, false);
    } else {
        app_dialogs_pick(app, APP_PICK_SAVE);
    }
}

/* The last session's model; or what was before training stopped by itself. */
static void restore(App *app, int rescue)
{
    (rescue ? app_rescue_take : app_store_restore)(app);
}

static void undo(App *app, int step)
{
    app_session_undo(app, step);
}

static void copy(App *app, int argument)
{
    (void)argument;
    char line[LS_SETTING_LINE];
    ls_setting_share(ls_train_settings_table(), app_session_settings(app), line);
    const bool bad = SDL_SetClipboardText(line) != 0;
    ui_message(app->ui, bad,
               bad ? "The clipboard could not be reached."
                   : "The settings are on the clipboard, as one line.");
}

static void paste(App *app, int argument)
{
    (void)argument;
    char *line = SDL_GetClipboardText();
    LsError err;
    if (!line || !line[0]) {
        ui_message(app->ui, true, "The clipboard holds no text.");
    } else if (!app_session_apply_line(app, line, true, &err)) {
        char text[sizeof err.text + 32];
        snprintf(text, sizeof text, "Nothing was pasted. %s", err.text);
        ui_message(app->ui, true, text);
    } else if (app->dialog == APP_DIALOG_NONE) {
        ui_message(app->ui, false, "Settings pasted.");
    }
    SDL_free(line);
}

static void noise(App *app, int argument)
{
    (void)argument;
    app->view.choice.noise++;
}

static void next_images(App *app, int argument)
{
    (void)argument;
    app->view.choice.first_recon += view_reconstructions_count(app->reconstructions);
    if ((uint32_t)app->view.choice.first_recon >= app->data->heldout.count) {
        app->view.choice.first_recon = 0;
    }
}

static void fit(App *app, int argument)
{
    (void)argument;
    view_map_fit(app->map);
}

/* One thing after another, the newest first. */
static void clear_trail(App *app, int argument)
{
    (void)argument;
    if (app_past_leave(app)) {
        return;
    }
    if (app->before.wipe > 0) {
        app->before.wipe = 0;
    } else {
        view_map_clear_trail(app->map);
    }
}

/* By its key as long as that is held; by name, as a script does it, on or off. */
static void before(App *app, int argument)
{
    (void)argument;
    if (!app->before.known && !app_fork_on(app)) {
        ui_message(app->ui, false, "Change the loss first: then this shows the model before.");
        return;
    }
    app->before.held = !app->before.held;
}

static void fork_begin(App *app, int argument)
{
    (void)argument;
    app_fork_begin(app);
}

static void before_end(App *app)
{
    app->before.held = false;
}

static void zoom(App *app, int in)
{
    view_map_zoom(app->map, in ? 1.25 : 0.8);
}

typedef enum Layer {
    LAYER_GRID,
    LAYER_POINTS,
    LAYER_RINGS,
    LAYER_POSTERIOR
} Layer;

static void layer(App *app, int which)
{
    ViewChoice *choice = &app->view.choice;
    bool *shown = which == LAYER_GRID     ? &choice->grid
                  : which == LAYER_POINTS ? &choice->points
                  : which == LAYER_RINGS  ? &choice->rings
                                          : &choice->posterior;
    *shown = !*shown;
}

static void cells(App *app, int more)
{
    int *count = &app->view.choice.cells;
    *count += more;
    *count = *count < 4 ? 4 : *count > 40 ? 40 : *count;
}

static void term(App *app, int series)
{
    LsTrainSettings settings = *app_session_settings(app);
    const ViewTerm *row = &view_term_all()[series];
    view_term_switch(&settings, row, !view_term_active(&settings, row));
    app_session_give(app, &settings, false);
}

static void preset(App *app, int index)
{
    size_t count = 0;
    app_session_preset(app, &ls_preset_rows(&count)[index]);
}

static void log_scale(App *app, int argument)
{
    (void)argument;
    app->view.choice.log_scale = !app->view.choice.log_scale;
}

/* One stage more of one image's way; after the last a step is trained. */
static void flow_next(App *app, int argument)
{
    (void)argument;
    app_panes_show(app, APP_PANE_FLOW);
    if (view_flow_next(app->flow, &app->view)) {
        app_session_send(app, LS_COMMAND_STEP);
    }
}

static void flow_all(App *app, int argument)
{
    (void)argument;
    app_panes_show(app, APP_PANE_FLOW);
    view_flow_all(app->flow);
}

static void pane(App *app, int which)
{
    app_panes_show(app, (AppPaneId)which);
}

static void scale(App *app, int direction)
{
    ui_set_scale(app->ui,
                 direction == 0 ? 0 : ui_scale(app->ui) * (direction > 0 ? 1.1F : 1 / 1.1F));
}

static void fullscreen(App *app, int argument)
{
    (void)argument;
    SDL_Window *window = ui_sdl_window(app->ui);
    const bool full = (SDL_GetWindowFlags(window) & SDL_WINDOW_FULLSCREEN_DESKTOP) != 0;
    if (SDL_SetWindowFullscreen(window, full ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP) != 0) {
        ui_message(app->ui, true, "This display has no full screen.");
    }
}

static void keys(App *app, int argument)
{
    (void)argument;
    app->dialog = app->dialog == APP_DIALOG_KEYS ? APP_DIALOG_NONE : APP_DIALOG_KEYS;
}

static void quit(App *app, int argument)
{
    (void)argument;
    app->quit = true;
}

static const AppAction rows[] = {
    {{"train.toggle", "Train / Pause", "Space", "Let the model learn, or hold it still."},
     NULL,
     train_toggle,
     0},
    {{"train.step", "One step", "T", "Train on one minibatch, then hold still."},
     NULL,
     train_command,
     LS_COMMAND_STEP},
    {{"train.reset", "Reset, same seed", "R",
      "Begin again from the same initial weights: the run repeats exactly."},
     NULL,
     train_reset,
     0},
    {{"train.reseed", "Reset, new seed", "Shift+R",
      "Begin again from other initial weights, order and noise."},
     NULL,
     train_reset,
     1},
    {{"train.back", "Go back", "Alt+Z",
      "After training stopped by itself: the newest state that was sound, with the settings it "
      "had."},
     NULL,
     restore,
     1},
    {{"speed.full", "Full speed", NULL, "Train as fast as the machine allows."}, NULL, speed, 0},
    {{"speed.60", "60 steps/s", NULL, "Train at most 60 steps a second."}, NULL, speed, 60},
    {{"speed.10", "10 steps/s", NULL, "Train at most 10 steps a second, to follow each one."},
     NULL,
     speed,
     10},
    {{"speed.1", "1 step/s", NULL, "Train one step a second."}, NULL, speed, 1},
    {{"loss.rec", "Reconstruction on / off", "1",
      "Switch the reconstruction term: without it the model need not resemble its images."},
     NULL,
     term,
     LS_SERIES_REC},
    {{"loss.kl", "KL divergence on / off", "2",
      "Switch the KL term: without it codes spread out and samples lose their meaning."},
     NULL,
     term,
     LS_SERIES_KL},
    {{"loss.reg", "Regularization on / off", "3",
      "Switch the weight penalty: with it the model stays simpler."},
     NULL,
     term,
     LS_SERIES_REG},
    {{"preset.vae", "Preset: VAE", "Alt+1", "Reconstruction and KL in balance."}, NULL, preset, 0},
    {{"preset.ae", "Preset: Autoencoder", "Alt+2",
      "KL off: codes anywhere, samples that mean little."},
     NULL,
     preset,
     1},
    {{"preset.beta4", "Preset: β-VAE, 4", "Alt+3", "Four times the KL: codes drawn together."},
     NULL,
     preset,
     2},
    {{"preset.klonly", "Preset: KL only", "Alt+4", "No reconstruction: the codes collapse."},
     NULL,
     preset,
     3},
    {{"preset.warmup", "Preset: Warm-up", "Alt+5", "The weight of the KL rises from nothing."},
     NULL,
     preset,
     4},
    {{"preset.cyclical", "Preset: Cyclical", "Alt+6",
      "The weight of the KL rises again and again."},
     NULL,
     preset,
     5},
    {{"preset.freebits", "Preset: Free bits", "Alt+7", "Five nats a dimension cost nothing."},
     NULL,
     preset,
     6},
    {{"preset.capacity", "Preset: Capacity", "Alt+8", "The KL is held at a capacity that grows."},
     NULL,
     preset,
     7},
    {{"preset.sharp", "Preset: Sharp, Laplace", "Alt+9", "Absolute errors: decided pixels."},
     NULL,
     preset,
     8},
    {{"preset.wae", "Preset: WAE-MMD", "Alt+0", "All codes together fill the prior."},
     NULL,
     preset,
     9},
    {{"preset.overfit", "Preset: Overfit", "Alt+O", "200 training images, learned by heart."},
     NULL,
     preset,
     10},
    {{"preset.overfit-reg", "Preset: Overfit, regularized", "Shift+Alt+O",
      "200 training images, with L2 and a masked input."},
     NULL,
     preset,
     11},
    {{"preset.mean", "Preset: Mean over pixels", "Alt+M",
      "Reconstruction averaged over pixels: it collapses."},
     NULL,
     preset,
     12},
    {{"preset.hot", "Preset: Too hot", "Alt+H", "A learning rate thirty times too high."},
     NULL,
     preset,
     13},
    {{"compare.before", "Model of before, while held", "B",
      "Show what was before the loss was changed last; of a fork, swap A and B in place."},
     NULL,
     before,
     0},
    {{"fork.begin", "Fork into A and B", "X",
      "Go on twice from here: the same weights, data and noise, each side with its own loss."},
     NULL,
     fork_begin,
     0},
    {{"fork.keep_a", "Keep A", "Shift+A", "End the fork and go on with A."},
     NULL,
     app_fork_keep,
     0},
    {{"fork.keep_b", "Keep B", "Shift+B", "End the fork and go on with B in its place."},
     NULL,
     app_fork_keep,
     1},
    {{"samples.noise", "New noise for the samples", "N", "Draw other codes from the prior."},
     NULL,
     noise,
     0},
    {{"recon.next", "Next reconstructions", "M",
      "Show the next held-out images and how they come back."},
     NULL,
     next_images,
     0},
    {{"map.fit", "Fit the map", "F", "Show the prior, or all codes where they lie outside it."},
     NULL,
     fit,
     0},
    {{"map.clear", "Clear the trail", "Esc",
      "Come back from the past, close the wipe, or forget the path that dragging left on the map."},
     NULL,
     clear_trail,
     0},
    {{"map.in", "Zoom in", "+", "Look closer at the middle of the map."}, NULL, zoom, 1},
    {{"map.out", "Zoom out", "-", "See more of the latent plane."}, NULL, zoom, 0},
    {{"map.grid", "Decoded grid on / off", "G",
      "Show what the decoder makes of each place in the plane."},
     NULL,
     layer,
     LAYER_GRID},
    {{"map.points", "Held-out points on / off", "P",
      "Show where the encoder puts held-out images, coloured by label."},
     NULL,
     layer,
     LAYER_POINTS},
    {{"map.rings", "Prior rings on / off", "O",
      "Show 1, 2 and 3 standard deviations of the prior."},
     NULL,
     layer,
     LAYER_RINGS},
    {{"map.posterior", "True posterior on / off", "Q",
      "Show where an image's code can truly lie, beside the encoder's Gaussian."},
     NULL,
     layer,
     LAYER_POSTERIOR},
    {{"map.finer", "More cells", "]", "Decode more, smaller images across the map."},
     NULL,
     cells,
     2},
    {{"map.coarser", "Fewer cells", "[", "Decode fewer, larger images across the map."},
     NULL,
     cells,
     -2},
    {{"edit.undo", "Undo", "Ctrl+Z",
      "Take back the last change of the settings, of A or B in a fork; the weights stay."},
     NULL,
     undo,
     -1},
    {{"edit.redo", "Redo", "Ctrl+Shift+Z", "Make the change again that was taken back."},
     "Ctrl+Y",
     undo,
     1},
    {{"settings.copy", "Copy settings", "Ctrl+C",
      "Put all settings on the clipboard as one line to share."},
     NULL,
     copy,
     0},
    {{"settings.paste", "Paste settings", "Ctrl+V", "Take settings from the clipboard's line."},
     NULL,
     paste,
     0},
    {{"model.open", "Open model", "Ctrl+O", "Open a model from a safetensors file."},
     NULL,
     pick,
     APP_PICK_OPEN},
    {{"model.save", "Save model", "Ctrl+S",
      "Save the model with the optimizer's state; training goes on."},
     NULL,
     save,
     0},
    {{"model.save_as", "Save model as", "Ctrl+Shift+S", "Save the model under another name."},
     NULL,
     pick,
     APP_PICK_SAVE},
    {{"model.last", "Open the last session's model", "Ctrl+L",
      "Go on with the model of the last session."},
     NULL,
     restore,
     0},
    {{"export.map", "Picture of the map", "Ctrl+M", "Save the latent map as a PNG picture."},
     NULL,
     pick,
     APP_PICK_MAP},
    {{"export.window", "Picture of the window", "Ctrl+P", "Save the window as a PNG picture."},
     NULL,
     pick,
     APP_PICK_WINDOW},
    {{"export.plots", "Picture of the plots", "Ctrl+Shift+P",
      "Save the plots below the map as a PNG picture."},
     NULL,
     pick,
     APP_PICK_PLOTS},
    {{"export.runs", "Table of runs", NULL, "Save the session's runs as a CSV table."},
     NULL,
     pick,
     APP_PICK_RUNS},
    {{"export.history", "Loss history", "Ctrl+E", "Save the loss history as a CSV table."},
     NULL,
     pick,
     APP_PICK_HISTORY},
    {{"bottom.curves", "Curves", "F2", "Show reconstruction, KL and total, step by step."},
     NULL,
     pane,
     APP_PANE_CURVES},
    {{"bottom.stack", "Stack", "F3", "Show how much of the loss each term is, step by step."},
     NULL,
     pane,
     APP_PANE_STACK},
    {{"bottom.rate", "Rate-distortion", "F4",
      "Show the way of the run in the plane of KL and reconstruction, with lines of equal ELBO."},
     NULL,
     pane,
     APP_PANE_RATE},
    {{"curves.log", "Logarithmic curves", "L",
      "Plot the curves on a logarithmic scale, the fall at the beginning included."},
     NULL,
     log_scale,
     0},
    {{"bottom.flow", "Flow", "F5",
      "Show the way of one image through the model, layer by layer, and what the loss makes of "
      "it."},
     NULL,
     pane,
     APP_PANE_FLOW},
    {{"flow.next", "Next stage", ".",
      "Show one stage more of the image's way; after the last one, train a step and take the next "
      "image."},
     NULL,
     flow_next,
     0},
    {{"flow.all", "All stages", NULL, "Show every stage of the image's way."}, NULL, flow_all, 0},
    {{"panel.loss", "Loss", "F6", "Show the terms of the loss, the optimizer and the model."},
     NULL,
     pane,
     APP_PANE_LOSS},
    {{"panel.samples", "Samples", "F7",
      "Show the measures of what the model generates: sharpness, coherence, coverage and others."},
     NULL,
     pane,
     APP_PANE_SAMPLES},
    {{"panel.runs", "Runs", "F8", "Show every run of this session, and go back to one."},
     NULL,
     pane,
     APP_PANE_RUNS},
    {{"panel.lesson", "Lessons", "F9", "Show the guided lessons, or the one under way."},
     NULL,
     pane,
     APP_PANE_LESSON},
    {{"view.larger", "Larger text", "Ctrl++", "Make everything in the window larger."},
     NULL,
     scale,
     1},
    {{"view.smaller", "Smaller text", "Ctrl+-", "Make everything in the window smaller."},
     NULL,
     scale,
     -1},
    {{"view.normal", "Normal text", "Ctrl+0", "Back to the display's own size."}, NULL, scale, 0},
    {{"view.fullscreen", "Full screen", "F11", "Fill the whole display."}, NULL, fullscreen, 0},
    {{"help.keys", "Keys and help", "?", "Show every key and what it does."}, "F1", keys, 0},
    {{"app.quit", "Quit", "Ctrl+Q", "End the program; the model is kept for the next start."},
     NULL,
     quit,
     0},
};

const AppAction *app_action_rows(size_t *count)
{
    *count = LS_COUNT(rows);
    return rows;
}

const AppAction *app_action_find(const char *name)
{
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        if (strcmp(rows[i].shown.name, name) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

/* Quitting and the size of things, which no dialog has a say in. */
static bool of_the_window(const AppAction *row)
{
    return row->run == quit || row->run == scale || row->run == fullscreen;
}

bool app_action_key(App *app, const SDL_KeyboardEvent *event, bool taken)
{
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        const AppAction *row = &rows[i];
        if (taken && !of_the_window(row)) {
            continue;
        }
        if ((row->shown.key && app_keys_match(row->shown.key, &event->keysym)) ||
            (row->key2 && app_keys_match(row->key2, &event->keysym))) {
            row->run(app, row->argument);
            return true;
        }
    }
    return false;
}

/* Actions that last as long as their key is held. */
static const struct {
    const char *name;
    void (*let_go)(App *app);
} lasting[] = {
    {"compare.before", before_end},
};

void app_action_key_up(App *app, const SDL_KeyboardEvent *event)
{
    for (size_t i = 0; i < LS_COUNT(lasting); i++) {
        SDL_Keysym key;
        /* Whatever modifiers are held by now. */
        if (!event || (app_keys_parse(app_action_find(lasting[i].name)->shown.key, &key) &&
                       key.sym == event->keysym.sym)) {
            lasting[i].let_go(app);
        }
    }
}
