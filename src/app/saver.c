#include "app/saver.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "latentscape/core/memory.h"

struct AppSaver {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;

    // --- protected by lock
    enum {
        IDLE,
        WORK,
        DONE
    } state;

    bool stop;
    // --- the job: the UI thread's while IDLE or DONE, the saver's while WORK
    LsModel model;
    LsMetaList meta;
    float *params, *live, *m, *v; /* [model.param_count] each, while there is a job */
    bool moments, averaged;       /* there are m and v; there is live */
    AppSaved saved;
};

/* Four models' worth of memory are held no longer than needed. */
static void free_room(AppSaver *saver)
{
    float **const buffers[] = {&saver->params, &saver->live, &saver->m, &saver->v};
    for (size_t i = 0; i < LS_COUNT(buffers); i++) {
        ls_memory_free(*buffers[i]);
        *buffers[i] = NULL;
    }
}

static void *work(void *argument)
{
    AppSaver *saver = argument;
    pthread_mutex_lock(&saver->lock);
    for (;;) {
        while (saver->state != WORK && !saver->stop) {
            pthread_cond_wait(&saver->changed, &saver->lock);
        }
        if (saver->state != WORK) {
            break;
        }
        pthread_mutex_unlock(&saver->lock);
        saver->saved.ok = ls_checkpoint_save_live(
            saver->saved.path, &saver->model, saver->params, saver->averaged ? saver->live : NULL,
            saver->moments ? saver->m : NULL, saver->moments ? saver->v : NULL, &saver->meta,
            &saver->saved.error);
        free_room(saver);
        pthread_mutex_lock(&saver->lock);
        saver->state = DONE;
        pthread_cond_broadcast(&saver->changed);
    }
    pthread_mutex_unlock(&saver->lock);
    return NULL;
}

AppSaver *app_saver_create(LsError *err)
{
    AppSaver *saver = calloc(1, sizeof *saver);
    if (!saver) {
        ls_fail(err, LS_ERR_MEMORY, "There is no memory for the thread that saves models.");
        return NULL;
    }
    pthread_mutex_init(&saver->lock, NULL);
    pthread_cond_init(&saver->changed, NULL);
    if (pthread_create(&saver->thread, NULL, work, saver) != 0) {
        ls_fail(err, LS_ERR_SYSTEM, "The thread that saves models could not be started.");
        pthread_cond_destroy(&saver->changed);
        pthread_mutex_destroy(&saver->lock);
        free(saver);
        return NULL;
    }
    return saver;
}

void app_saver_destroy(AppSaver *saver)
{
    if (!saver) {
        return;
    }
    app_saver_wait(saver);
    pthread_mutex_lock(&saver->lock);
    saver->stop = true;
    pthread_cond_broadcast(&saver->changed);
    pthread_mutex_unlock(&saver->lock);
    pthread_join(saver->thread, NULL);
    pthread_cond_destroy(&saver->changed);
    pthread_mutex_destroy(&saver->lock);
    free(saver);
}

static int state_of(const AppSaver *saver)
{
    /* The lock is part of the saver, not of what the caller sees as constant. */
    AppSaver *own = (AppSaver *)(uintptr_t)saver;
    pthread_mutex_lock(&own->lock);
    const int state = (int)own->state;
    pthread_mutex_unlock(&own->lock);
    return state;
}

bool app_saver_busy(const AppSaver *saver)
{
    return state_of(saver) == WORK;
}

static bool make_room(AppSaver *saver, size_t count, LsError *err)
{
    float **const buffers[] = {&saver->params, &saver->live, &saver->m, &saver->v};
    for (size_t i = 0; i < LS_COUNT(buffers); i++) {
        *buffers[i] = ls_memory_floats(count, err);
        if (!*buffers[i]) {
            free_room(saver);
            return false;
        }
    }
    return true;
}

bool app_saver_begin(AppSaver *saver, const LsSnapshot *snapshot, const char *path, bool autosave,
                     uint64_t naming, LsError *err)
{
    if (app_saver_busy(saver)) {
        return ls_fail(err, LS_ERR_SYSTEM, "%s: another model is being saved just now.", path);
    }
    const size_t count = snapshot->model.param_count;
    if (!make_room(saver, count, err)) {
        return false;
    }
    saver->model = snapshot->model;
    memcpy(saver->params, snapshot->params, count * sizeof(float));
    saver->moments = snapshot->m && snapshot->v;
    saver->averaged = snapshot->live != NULL;
    if (saver->averaged) {
        memcpy(saver->live, snapshot->live, count * sizeof(float));
    }
    if (saver->moments) {
        memcpy(saver->m, snapshot->m, count * sizeof(float));
        memcpy(saver->v, snapshot->v, count * sizeof(float));
    }
    memset(&saver->meta, 0, sizeof saver->meta);
    ls_snapshot_meta(snapshot, &saver->meta);
    saver->saved = (AppSaved){.autosave = autosave,
                              .step = snapshot->step,
                              .model_id = snapshot->model_id,
                              .naming = naming};
    snprintf(saver->saved.path, sizeof saver->saved.path, "%s", path);
    pthread_mutex_lock(&saver->lock);
    saver->state = WORK;
    pthread_cond_broadcast(&saver->changed);
    pthread_mutex_unlock(&saver->lock);
    return true;
}

void app_saver_wait(AppSaver *saver)
{
    pthread_mutex_lock(&saver->lock);
    while (saver->state == WORK) {
        pthread_cond_wait(&saver->changed, &saver->lock);
    }
    pthread_mutex_unlock(&saver->lock);
}

bool app_saver_result(AppSaver *saver, AppSaved *saved)
{
    if (state_of(saver) != DONE) {
        return false;
    }
    *saved = saver->saved;
    pthread_mutex_lock(&saver->lock);
    saver->state = IDLE;
    pthread_mutex_unlock(&saver->lock);
    return true;
}
