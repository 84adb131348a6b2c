/* What is open: data, model, trainer and history, and every way the person changes them. */
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include "latentscape/train/preset.h"

#include "app/app.h"

/* Opens data and model as the options say and starts the trainer. Fails: false with the sentence of
 * whatever failed.  Thread: UI. */
LS_CHECKED bool app_session_open(App *app, LsError *err);

/* Stops the trainer and releases everything; saves nothing.  Thread: UI. */
void app_session_close(App *app);

/* Says what the open model is called, and the file it belongs to ("": none yet).  Thread: UI. */
void app_session_name(App *app, const char *path, const char *name);

/* Takes the newest snapshot and metrics. Once a frame.  Thread: UI. */
void app_session_update(App *app);

/* Sends a command that carries nothing but its kind.  Thread: UI. */
void app_session_send(App *app, LsCommandKind kind);

/* Holds A still where B has stopped by itself: B is asked nothing, so that what it tells of that
 * stays.  Thread: UI. */
void app_session_rest(App *app);

/* Limits training to so many steps a second; 0: as fast as the machine allows.  Thread: UI. */
void app_session_limit(App *app, double steps_per_s);

/* New settings, as ViewHost.edit: what needs no new model takes effect at the next step, the rest
 * begins one.  Thread: UI. */
void app_session_edit(App *app, const LsTrainSettings *settings, bool done);

/* The same for settings from undo, the clipboard or a script; asks first where a new model is needed
 * and `ask`.  Thread: UI. */
void app_session_apply(App *app, const LsTrainSettings *settings, bool ask);

/* The settings that keys, the clipboard and scripts speak of: of a fork those of the side whose
 * loss is the page shown, A's on the other pages.  Thread: UI. */
const LsTrainSettings *app_session_settings(const App *app);

/* Gives that side other settings, as app_session_apply().  Thread: UI. */
void app_session_give(App *app, const LsTrainSettings *settings, bool ask);

/* Reads one "name=value ..." line over app_session_settings() and gives them. Fails: false,
 * LS_ERR_USAGE.  Thread: UI. */
LS_CHECKED bool app_session_apply_line(App *app, const char *line, bool ask, LsError *err);

/* Gives the living model, of a fork that side, the settings of a preset: one change, one undo.
 * Thread: UI. */
void app_session_preset(App *app, const LsPreset *preset);

/* Marks in a history, at a step or at its newest where that is later, what one person's change has
 * changed, with the settings to come back to; nothing for what needs a new model.  Thread: UI. */
void app_session_mark(LsHistory *history, uint64_t step, const LsTrainSettings *from,
                      const LsTrainSettings *to);

/* Undo (-1) or redo (+1).  Thread: UI. */
void app_session_undo(App *app, int step);

/* Fresh weights from the settings' seed.  Thread: UI. */
void app_session_reset(App *app);

/* Puts another model, which stands at `step`, in the place of the one that is open. Owns: takes
 * checkpoint over, whatever the outcome. Fails: false, and says so.  Thread: UI. */
LS_CHECKED bool app_session_replace(App *app, LsCheckpoint *checkpoint,
                                    const LsTrainSettings *settings, uint64_t step,
                                    const char *name);

/* Opens a model file in place of the one that is open. Fails: false with one sentence; the running
 * model stays whole.  Thread: UI. */
LS_CHECKED bool app_session_open_model(App *app, const char *path, LsError *err);

/* Whether steps were trained that are in no file.  Thread: UI. */
bool app_session_unsaved(const App *app);

#endif
