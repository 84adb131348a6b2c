#include "app/handler.h"

#include <stdio.h>

#include "app/dialogs.h"
#include "app/export.h"
#include "app/panes.h"
#include "app/session.h"
#include "app/store.h"
#include "views/term.h"

void app_handler_train_toggle(App *app, int argument)
{
    (void)argument;
    app_session_send(app, app->view.training ? LS_COMMAND_PAUSE : LS_COMMAND_TRAIN);
}

void app_handler_train_command(App *app, int kind)
{
    app_session_send(app, (LsCommandKind)kind);
}

void app_handler_train_reset(App *app, int new_seed)
{
    app->view.settings.seed += (uint64_t)new_seed;
    app_session_reset(app);
}

void app_handler_speed(App *app, int steps_per_s)
{
    app_session_limit(app, steps_per_s);
    ui_message(app->ui, false,
               steps_per_s ? "Training is slowed down." : "Training runs at full speed.");
}

void app_handler_pick(App *app, int what)
{
    app_dialogs_pick(app, (AppPick)what);
}

void app_handler_save(App *app, int argument)
{
    (void)argument;
    if (app->model_path[0]) {
        app_store_save(app, app->model_path, false);
    } else {
        app_dialogs_pick(app, APP_PICK_SAVE);
    }
}

/* The last session's model; or what was before training stopped by itself. */
void app_handler_restore(App *app, int rescue)
{
    (rescue ? app_rescue_take : app_store_restore)(app);
}

void app_handler_undo(App *app, int step)
{
    app_session_undo(app, step);
}

void app_handler_copy(App *app, int argument)
{
    (void)argument;
    char line[LS_SETTING_LINE];
    ls_setting_share(ls_train_settings_table(), app_session_settings(app), line);
    const bool bad = SDL_SetClipboardText(line) != 0;
    ui_message(app->ui, bad,
               bad ? "The clipboard could not be reached."
                   : "The settings are on the clipboard, as one line.");
}

void app_handler_paste(App *app, int argument)
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

void app_handler_noise(App *app, int argument)
{
    (void)argument;
    app->view.choice.noise++;
}

void app_handler_next_images(App *app, int argument)
{
    (void)argument;
    app->view.choice.first_recon += view_reconstructions_count(app->reconstructions);
    if ((uint32_t)app->view.choice.first_recon >= app->data->heldout.count) {
        app->view.choice.first_recon = 0;
    }
}

void app_handler_fit(App *app, int argument)
{
    (void)argument;
    view_map_fit(app->map);
}

/* One thing after another, the newest first. */
void app_handler_clear_trail(App *app, int argument)
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
void app_handler_before(App *app, int argument)
{
    (void)argument;
    if (!app->before.known && !app_fork_on(app)) {
        ui_message(app->ui, false, "Change the loss first: then this shows the model before.");
        return;
    }
    app->before.held = !app->before.held;
}

void app_handler_fork_begin(App *app, int argument)
{
    (void)argument;
    app_fork_begin(app);
}

void app_handler_before_end(App *app)
{
    app->before.held = false;
}

void app_handler_zoom(App *app, int in)
{
    view_map_zoom(app->map, in ? 1.25 : 0.8);
}

void app_handler_layer(App *app, int which)
{
    ViewChoice *choice = &app->view.choice;
    bool *shown = which == APP_LAYER_GRID     ? &choice->grid
                  : which == APP_LAYER_POINTS ? &choice->points
                  : which == APP_LAYER_RINGS  ? &choice->rings
                                              : &choice->posterior;
    *shown = !*shown;
}

void app_handler_cells(App *app, int more)
{
    int *count = &app->view.choice.cells;
    *count += more;
    *count = *count < 4 ? 4 : *count > 40 ? 40 : *count;
}

void app_handler_term(App *app, int series)
{
    LsTrainSettings settings = *app_session_settings(app);
    const ViewTerm *row = &view_term_all()[series];
    view_term_switch(&settings, row, !view_term_active(&settings, row));
    app_session_give(app, &settings, false);
}

void app_handler_preset(App *app, int index)
{
    size_t count = 0;
    app_session_preset(app, &ls_preset_rows(&count)[index]);
}

void app_handler_log_scale(App *app, int argument)
{
    (void)argument;
    app->view.choice.log_scale = !app->view.choice.log_scale;
}

/* One stage more of one image's way; after the last a step is trained. */
void app_handler_flow_next(App *app, int argument)
{
    (void)argument;
    app_panes_show(app, APP_PANE_FLOW);
    if (view_flow_next(app->flow, &app->view)) {
        app_session_send(app, LS_COMMAND_STEP);
    }
}

void app_handler_flow_all(App *app, int argument)
{
    (void)argument;
    app_panes_show(app, APP_PANE_FLOW);
    view_flow_all(app->flow);
}

void app_handler_pane(App *app, int which)
{
    app_panes_show(app, (AppPaneId)which);
}

void app_handler_scale(App *app, int direction)
{
    ui_set_scale(app->ui,
                 direction == 0 ? 0 : ui_scale(app->ui) * (direction > 0 ? 1.1F : 1 / 1.1F));
}

void app_handler_fullscreen(App *app, int argument)
{
    (void)argument;
    SDL_Window *window = ui_sdl_window(app->ui);
    const bool full = (SDL_GetWindowFlags(window) & SDL_WINDOW_FULLSCREEN_DESKTOP) != 0;
    if (SDL_SetWindowFullscreen(window, full ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP) != 0) {
        ui_message(app->ui, true, "This display has no full screen.");
    }
}

void app_handler_keys(App *app, int argument)
{
    (void)argument;
    app->dialog = app->dialog == APP_DIALOG_KEYS ? APP_DIALOG_NONE : APP_DIALOG_KEYS;
}

void app_handler_quit(App *app, int argument)
{
    (void)argument;
    app->quit = true;
}
