/* The runs of the session: what a reset, a preset, a fork's end or another run's return has put aside,
 * with settings, figures and, for the newest, weights to come back to. */
#ifndef APP_RUNS_H
#define APP_RUNS_H

#include "latentscape/train/timeline.h"

#include "views/runs_table.h"

typedef struct App App;

enum {
    APP_RUNS_MOST = VIEW_RUNS_MOST - 2, /* beside those that are running */
    APP_RUNS_WEIGHTS = 12               /* of which weights are kept: 25 MB of the default model */
};

typedef struct AppRun {
    int number;
    LsSnapshot head; /* without weights */
    LsPacked weights;
    char what[LS_HISTORY_LABEL];
    char how[24];
} AppRun;

typedef struct AppRuns {
    AppRun *run[APP_RUNS_MOST]; /* oldest first */
    int count, made;
    uint64_t kept_step, kept_serial; /* of the snapshot put aside last: it is not put aside twice */
    ViewRunsTable table;
    ViewRunRow row[VIEW_RUNS_MOST];
    char what[2][LS_HISTORY_LABEL]; /* of those that are running */
} AppRuns;

/* Puts a run aside as it is now; one that nothing was trained in is not. how: what ended it.
 * Thread: UI. */
void app_runs_keep(App *app, const LsSnapshot *snapshot, const LsTrainSettings *settings,
                   const char *how);

/* Draws the table into the column at the right, and does what is wished.  Thread: UI. */
void app_runs_draw(App *app, UiRect rect);

/* Writes the table as CSV, atomically. Fails: false, LS_ERR_FILE.  Thread: UI. */
LS_CHECKED bool app_runs_save_csv(App *app, const char *path, LsError *err);

/* Releases them.  Thread: UI. */
void app_runs_finish(App *app);

#endif
