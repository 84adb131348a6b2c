/* A fork: from one state on two runs, A and B, each with its own loss settings, both training, in step
 * with one another. A is the run there was; B is a second trainer that begins from A's whole state.
 * While it lasts: train, pause, step, speed and reset concern both (a reset begins both from the same
 * weights, each with its own loss); a term's key, a preset and a pasted line concern the side whose
 * loss is the page shown, A on the others; undo and redo go through the changes of both in their
 * order, and end where the fork began; saving, by itself or asked for, keeps A; opening a model or
 * beginning a lesson ends the fork and keeps A's place. */
#ifndef APP_FORK_H
#define APP_FORK_H

#include "app/maker.h"
#include "views/compare.h"
#include "views/loss_panel.h"
#include "views/view.h"

typedef struct App App;

/* The pages of the column at the right while a fork lasts. */
typedef enum AppForkPage {
    APP_FORK_COMPARE,
    APP_FORK_LOSS_A,
    APP_FORK_LOSS_B,
    APP_FORK_RUNS,
    APP_FORK_LESSON,
    APP_FORK_PAGES
} AppForkPage;

typedef struct AppFork {
    // --- while A's state is waited for
    bool wanted;
    uint64_t after; /* number of the STATE command */
    // --- until B is there
    bool training; /* what A did or was told meanwhile, and both will do */
    int steps;     /* that were asked for meanwhile, of both */
    // --- while B's trainer is made
    bool making;
    uint64_t now;   /* A's step */
    float *own;     /* the weights it is made from, where nobody else has them */
    bool unlike;    /* A and B have no common past */
    AppMaker maker; /* which ends it, too */
    // --- while the fork lasts
    LsTrainer *trainer; /* B's; NULL: there is no fork */
    LsHistory *history; /* B's whole one: A's up to the fork and its own */
    LsHistory *branch;  /* its own alone */
    View view;          /* B's */
    ViewRun run;
    ViewLossPanel *panel;
    ViewCompare *compare;
    LsPace *pace;
    uint64_t model_id, seen_serial, told_fault, seen_measures;
    uint64_t step;      /* at which it was begun */
    bool send_settings; /* the queue was full: again next frame */
    int page;
    char text[2][LS_HISTORY_LABEL]; /* what sets A and B apart */
    // --- of the session
    uint64_t count; /* forks so far */
} AppFork;

/* Shows a page of the column at the right; of a page that is shown, the loss of the other side.
 * Thread: UI. */
void app_fork_show(App *app, AppForkPage page);

/* Splits the run in two as soon as its state has come; begins where a fork lasts already: says so.
 * Thread: UI. */
void app_fork_begin(App *app);

/* A fork of two runs of their own: A's trainer was told to take the first, which stands at `step`, and
 * B begins from the other. Owns: takes own over, where b's params lie.  Thread: UI. */
void app_fork_pair(App *app, uint64_t step, const LsSnapshot *b, float *own);

/* Whether a fork was asked for and B is not there yet.  Thread: UI. */
bool app_fork_pending(const App *app);

/* Whether B is being made from A's snapshot: that must then be looked at until it is done.
 * Thread: UI. */
bool app_fork_holds(const App *app);

/* What is to be trained while a fork is pending: begins on both sides when B is there, so that they
 * begin alike; a pause holds A at once.  Thread: UI. */
void app_fork_plan(App *app, LsCommandKind kind);

/* Before A becomes another model: waits until B is made, where it is being made; where A's state
 * has not even come yet, there will be no fork.  Thread: UI. */
void app_fork_settle(App *app);

/* Whether a fork lasts.  Thread: UI. */
bool app_fork_on(const App *app);

/* Whether keys and scripts that change the loss mean B: its loss is the page shown.  Thread: UI. */
bool app_fork_shows_b(const App *app);

/* Takes B's newest snapshot and metrics, and carries out what waits. Once a frame, after A's.
 * Thread: UI. */
void app_fork_update(App *app);

/* Sends B a command that A was sent too.  Thread: UI. */
void app_fork_send(App *app, const LsCommand *command);

/* New settings for B.  Thread: UI. */
void app_fork_edit(App *app, const LsTrainSettings *settings, bool done);

/* Gives B settings that undo or redo brings back.  Thread: UI. */
void app_fork_restore(App *app, const LsTrainSettings *settings);

/* Ends the fork: side 0 keeps A, 1 puts B in its place.  Thread: UI. */
void app_fork_keep(App *app, int side);

/* Both begin anew from the seed of A's settings.  Thread: UI. */
void app_fork_reset(App *app);

/* Draws the column at the right.  Thread: UI. */
void app_fork_draw_panel(App *app, UiRect tabs, UiRect rect);

/* Ends B's trainer and releases everything; keeps nothing.  Thread: UI. */
void app_fork_finish(App *app);

#endif
