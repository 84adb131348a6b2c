/* What every view is given each frame, and what it may ask of the program around it. Views show the
 * trainer's published state and edit a copy of the settings; they reach the program only through
 * ViewHost, so nothing here knows the event loop, files or undo.
 *
 * A view is a state struct of its own with view_NAME_create/destroy and view_NAME_draw(state, view,
 * rect); it keeps what it has decoded between frames and works within the frame's budget. */
#ifndef VIEWS_VIEW_H
#define VIEWS_VIEW_H

#include "latentscape/data/dataset.h"
#include "latentscape/train/history.h"
#include "latentscape/train/trainer.h"
#include "latentscape/vae/coder.h"

#include "ui/ui.h"
#include "ui/widgets.h"

/* An action of the program as views see it: a row of the program's table. */
typedef struct ViewAction {
    const char *name;  /* "train.toggle" */
    const char *title; /* "Train / Pause" */
    const char *key;   /* "Space", or NULL */
    const char *help;  /* one sentence, for the tooltip */
} ViewAction;

/* What a view may ask of the program. */
typedef struct ViewHost {
    void *app;
    /* Runs an action by name. */
    void (*act)(void *app, const char *name);
    /* The action's row, or NULL. */
    const ViewAction *(*action)(void *app, const char *name);
    /* New settings, effective at the next step; done: the person has finished this change (a drag
     * ended), so it is one undo and one marker. Structural changes are asked about before. */
    void (*edit)(void *app, const LsTrainSettings *settings, bool done);
} ViewHost;

/* The place in the latent plane that the person points at, shared by the views. */
typedef struct ViewCursor {
    bool over; /* the pointer is on the map now */
    bool set;  /* z means something: kept when the pointer leaves */
    float z[2];
} ViewCursor;

/* What the person chose to see on the map; kept in the settings file. */
typedef struct ViewChoice {
    bool grid, points, rings, labels_legend; /* layers */
    bool posterior;                          /* of the point chosen: a layer too */
    int cells;                               /* decoded images across the map, 4 .. 40 */
    uint64_t noise;                          /* which prior noise the samples use */
    int first_recon;                         /* first held-out image of the reconstructions */
    bool log_scale;                          /* of the curves' values */
    int bottom, panel;                       /* which page is shown below and at the right */
} ViewChoice;

/* Where the time went lately: shares of one second of the clock. The trainer's thread and the window's
 * are two, and each may use all of it. */
typedef struct ViewSpent {
    double training, evaluation, measuring, publishing; /* of the trainer's thread */
    double decoding, drawing;                           /* of the window's thread */
} ViewSpent;

/* A run that is plotted beside the one at hand: the other side of a fork, a preset. */
typedef struct ViewRun {
    const char *name; /* "B" */
    UiColor color;
    const LsHistory *history;
    const LsTrainSettings *settings; /* under which it is trained now */
} ViewRun;

/* Views that follow the newest snapshot together. While a model learns there is another one nearly
 * every frame, and they take turns: the eye is content with ten or twenty pictures a second of what
 * changes, and what is not decoded and drawn in between is time in which the model learns. Whatever
 * follows the hand, the cursor's image first, has each frame. */
typedef enum ViewTurn {
    VIEW_TURN_MAP = 1, /* grid and points */
    VIEW_TURN_SAMPLES = 2,
    VIEW_TURN_RECONSTRUCTIONS = 4,
    VIEW_TURN_PLOTS = 8 /* curves */
} ViewTurn;

/* The side of a fork that a view shows. */
typedef struct ViewSide {
    const char *name; /* "A"; NULL: there is one model only */
    UiColor color;
    const char *text; /* what sets it apart: "KL off" */
    bool second;      /* what steers both is drawn with the first */
} ViewSide;

typedef struct View {
    Ui *ui;
    const LsDataset *data;
    const LsSnapshot *snapshot; /* of this frame */
    const LsHistory *history;
    const LsHistory *whole; /* the same with the way to where it was forked off; NULL: it was not */
    const ViewRun *runs;    /* [run_count], plotted beside `history`; NULL: none */
    int run_count;
    ViewSide side;
    LsTrainSettings settings; /* as the person has them: ahead of the snapshot's by a step or so */
    bool training;            /* as the person asked: ahead of the snapshot's likewise */
    bool past;                /* snapshot and settings are of an earlier step of the run */
    ViewHost host;
    ViewChoice choice;
    ViewCursor cursor;
    unsigned resting;    /* of ViewTurn: those who show what they showed in the frame before */
    double *decoding_s;  /* seconds that views have encoded and decoded so far are added here */
    double decode_until; /* ls_clock_now() after which no more decoding is begun in this frame */
    /* what the status line says besides */
    ViewSpent spent;
    double frames_per_s;
    double images_per_s;
    bool can_undo, can_redo;
    const char *model_name; /* "digits-2d", or a file's name */
    bool unsaved;
    double speed_limit; /* steps per second at most; 0: as fast as the machine allows */
    const char *hint;   /* what the view under the mouse can do, or NULL; forgotten by the status
                           line when it has shown it */
} View;

#endif
