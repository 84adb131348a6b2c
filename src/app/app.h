/* The program around the views: one App holds the window, the open session and what the person may
 * ask for. Everything here runs on the UI thread; the trainer and the saver have threads of their own
 * and are only asked and polled. */
#ifndef APP_APP_H
#define APP_APP_H

#include "latentscape/core/path.h"

#include "app/before.h"
#include "app/fork.h"
#include "app/past.h"
#include "app/rescue.h"
#include "app/runs.h"
#include "app/saver.h"
#include "app/turns.h"
#include "app/undo.h"
#include "views/cursor.h"
#include "views/curves.h"
#include "views/flow.h"
#include "views/guide.h"
#include "views/lesson_page.h"
#include "views/loss_panel.h"
#include "views/map.h"
#include "views/measure_strip.h"
#include "views/measures.h"
#include "views/rate_distortion.h"
#include "views/reconstructions.h"
#include "views/samples.h"
#include "views/stack.h"
#include "views/view.h"

typedef struct AppScript AppScript;
typedef struct AppTrace AppTrace;
typedef struct AppSignals AppSignals;

/* What the command line asked for. */
typedef struct AppOptions {
    const char *model;     /* file to open, or NULL */
    const char *data;      /* folder, or NULL: the shipped digits */
    const char *preset;    /* its name: settings to begin with, or NULL */
    const char *settings;  /* share text to begin with, or NULL */
    int width, height;     /* 0: the default */
    int threads;           /* 0: as many as there are processors */
    LsBackendKind backend; /* what multiplies in training */
    const char *offscreen; /* PNG to write at the end, or NULL: a real window */
    double seconds;        /* end after so long; 0: never */
    bool train;            /* train from the first frame */
    const char *script, *trace;
    const char *lesson; /* a file; NULL: none */
} AppOptions;

/* The views that decode: one set for the model at hand, another for the one beside it. */
typedef struct AppViews {
    ViewMap *map;
    ViewCursorCard *cursor;
    ViewSamples *samples;
    ViewReconstructions *reconstructions;
} AppViews;

/* The dialog that is open; at most one. */
typedef enum AppDialog {
    APP_DIALOG_NONE,
    APP_DIALOG_KEYS,
    APP_DIALOG_NEW_MODEL, /* asks before settings that need a new model take effect */
    APP_DIALOG_BROWSER,
} AppDialog;

/* What a picked file is for. */
typedef enum AppPick {
    APP_PICK_OPEN,
    APP_PICK_SAVE,
    APP_PICK_MAP,
    APP_PICK_WINDOW,
    APP_PICK_PLOTS,
    APP_PICK_HISTORY,
    APP_PICK_RUNS
} AppPick;

/* The account of which views show shares: what stood in it when the last second began. */
typedef struct AppSpent {
    double began;                 /* clock */
    double decoding_s, drawing_s; /* of the window's thread, so far */
    double decoding_then, drawing_then;
    LsSpent trainer_then;
} AppSpent;

typedef struct App {
    AppOptions options;
    Ui *ui;
    /* the session: what is open */
    LsDataset *data;
    LsTrainer *trainer;
    LsHistory *history;
    View view;
    char model_path[LS_PATH_MAX]; /* "" before the first save or open */
    char model_name[64];
    uint64_t model_naming; /* how often these two were set: are they still of the same model? */
    uint64_t model_id;     /* of the history's model */
    uint64_t saved_step;   /* step of the model on disk */
    uint64_t saved_model;  /* its model_id */
    AppUndo undo;
    LsTrainSettings asked; /* waits for APP_DIALOG_NEW_MODEL */
    bool asked_training;   /* what was asked last, by command number asked_number */
    uint64_t asked_number;
    bool send_settings; /* the queue was full: again next frame */
    /* views */
    ViewMap *map;
    ViewCursorCard *cursor;
    ViewSamples *samples;
    ViewReconstructions *reconstructions;
    ViewCurves *curves;
    ViewStack *stack;
    ViewRateDistortion *rate;
    ViewFlow *flow;
    ViewLossPanel *panel;
    ViewMeasures measures;
    ViewMeasureStrip strip;
    ViewLessonPage lesson;
    AppViews other; /* made when first needed */
    AppBefore before;
    AppFork fork;
    AppPast past;
    AppRescue rescue;
    uint64_t skip_below; /* metrics of lower steps are those of the model before */
    AppRuns runs;
    /* files */
    AppSaver *saver;
    UiBrowser browser;
    AppPick pick;
    AppDialog dialog;
    ViewGuide guide;
    char save_path[LS_PATH_MAX]; /* where the state asked for goes; "" none */
    bool save_is_autosave;
    uint64_t save_after;            /* number of the STATE command */
    uint64_t save_naming;           /* model_naming when it was asked for, or handed to the saver */
    uint64_t kept_step, kept_model; /* as saved_step and saved_model, of the newest autosave */
    double next_autosave;
    char shot_path[LS_PATH_MAX]; /* a picture of the window, written after this frame is drawn */
    bool shot_plots;             /* of its plots only */
    bool shot_later; /* a frame later: the dialog that asked for it is still in this one */
    /* the last session's model, offered at the start */
    char offer_path[LS_PATH_MAX];
    char offer_text[160];
    char offer_other[LS_PATH_MAX]; /* B, where that session ended in a fork; else "" */
    int lock;                      /* file descriptor of this copy's autosave lock, or -1 */
    int slot;                      /* number of this copy's autosave, from 0 */
    bool rotated;                  /* older autosaves have moved down a place in this session */
    /* the loop */
    AppSignals *signals;
    AppScript *script;
    AppTrace *trace;
    bool quit;
    int status;
    AppTurns turns;
    bool busy;  /* views have more to decode */
    bool awake; /* something happened: draw */
    double began, frame_began, frame_due, frame_ms, late_ms;
    uint64_t seen_serial, seen_measures; /* of the newest snapshot, and of its measures */
    uint64_t told_fault;                 /* number of the fault that was told last */
    AppSpent spent;
    double rate_seconds;
    uint64_t rate_images;
} App;

#endif
