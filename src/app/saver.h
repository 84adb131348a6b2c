/* Writes models to disk on a thread of its own, so that neither the window nor training waits for a
 * disk. One job at a time. */
#ifndef APP_SAVER_H
#define APP_SAVER_H

#include "latentscape/train/trainer.h"

typedef struct AppSaver AppSaver;

/* How a job ended. */
typedef struct AppSaved {
    bool ok, autosave;
    char path[4096];
    uint64_t step, model_id;
    uint64_t naming; /* as begin() was told: which model's name goes with it */
    LsError error;
} AppSaved;

/* Starts the thread. Owns: the caller, app_saver_destroy(). Fails: NULL, LS_ERR_MEMORY or
 * LS_ERR_SYSTEM.  Thread: UI. */
LS_CHECKED AppSaver *app_saver_create(LsError *err);

/* Finishes the job at hand and joins the thread; NULL is accepted.  Thread: UI. */
void app_saver_destroy(AppSaver *saver);

/* Whether a job is under way.  Thread: UI. */
bool app_saver_busy(const AppSaver *saver);

/* Copies the snapshot with all it holds and begins writing it. Fails: false, LS_ERR_MEMORY, or
 * LS_ERR_SYSTEM where a job is under way.  Thread: UI. */
LS_CHECKED bool app_saver_begin(AppSaver *saver, const LsSnapshot *snapshot, const char *path,
                                bool autosave, uint64_t naming, LsError *err);

/* Waits for the job at hand, if there is one.  Thread: UI, when quitting. */
void app_saver_wait(AppSaver *saver);

/* How the last job ended, once. Fails: false when nothing has ended since.  Thread: UI. */
LS_CHECKED bool app_saver_result(AppSaver *saver, AppSaved *saved);

#endif
