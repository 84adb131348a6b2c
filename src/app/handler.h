/* What the rows of the table of actions do, each with the argument that stands in its row. */
#ifndef APP_HANDLER_H
#define APP_HANDLER_H

#include "app/app.h"

typedef enum AppHandlerLayer {
    APP_LAYER_GRID,
    APP_LAYER_POINTS,
    APP_LAYER_RINGS,
    APP_LAYER_POSTERIOR
} AppHandlerLayer;

/* The model learns, holds still or begins again; kind: an LsCommandKind, steps_per_s: 0 without a limit.
 * Thread: UI. */
void app_handler_train_toggle(App *app, int argument);
void app_handler_train_command(App *app, int kind);
void app_handler_train_reset(App *app, int new_seed);
void app_handler_speed(App *app, int steps_per_s);

/* Files and the clipboard; what: an AppPick, rescue: what was before training stopped by itself, else the
 * last session's model.  Thread: UI. */
void app_handler_pick(App *app, int what);
void app_handler_save(App *app, int argument);
void app_handler_restore(App *app, int rescue);
void app_handler_copy(App *app, int argument);
void app_handler_paste(App *app, int argument);

/* The loss; step: -1 back, 1 forth, series: a row of view_term_all(), index: of ls_preset_rows().
 * Thread: UI. */
void app_handler_undo(App *app, int step);
void app_handler_term(App *app, int series);
void app_handler_preset(App *app, int index);

/* The state before the last change, shown until let go of or asked for again; a fork from here.
 * Thread: UI. */
void app_handler_before(App *app, int argument);
void app_handler_before_end(App *app);
void app_handler_fork_begin(App *app, int argument);

/* What is drawn, and where; which: an AppHandlerLayer or an AppPaneId.  Thread: UI. */
void app_handler_noise(App *app, int argument);
void app_handler_next_images(App *app, int argument);
void app_handler_fit(App *app, int argument);
void app_handler_clear_trail(App *app, int argument);
void app_handler_zoom(App *app, int in);
void app_handler_layer(App *app, int which);
void app_handler_cells(App *app, int more);
void app_handler_log_scale(App *app, int argument);
void app_handler_flow_next(App *app, int argument);
void app_handler_flow_all(App *app, int argument);
void app_handler_pane(App *app, int which);

/* The window as a whole.  Thread: UI. */
void app_handler_scale(App *app, int direction);
void app_handler_fullscreen(App *app, int argument);
void app_handler_keys(App *app, int argument);
void app_handler_quit(App *app, int argument);

#endif
