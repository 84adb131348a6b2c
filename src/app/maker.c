#include "app/maker.h"

#include <signal.h>

static void *work(void *argument)
{
    AppMaker *maker = argument;
    if (maker->ends) {
        ls_trainer_destroy(maker->trainer);
        maker->trainer = NULL;
    } else {
        maker->trainer = ls_trainer_fork(maker->data, &maker->from, maker->threads, maker->serial,
                                         &maker->error);
    }
    atomic_store_explicit(&maker->done, true, memory_order_release);
    return NULL;
}

static void begin(AppMaker *maker)
{
    /* Signals are for the thread that waits for them, never for this one. */
    sigset_t all;
    sigset_t old;
    sigfillset(&all);
    atomic_init(&maker->done, false);
    maker->busy = true;
    pthread_sigmask(SIG_SETMASK, &all, &old);
    maker->threaded = pthread_create(&maker->thread, NULL, work, maker) == 0;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (!maker->threaded) {
        (void)work(maker); /* late rather than never */
    }
}

/* Nobody asks for what became of an end. */
static void finish_end(AppMaker *maker)
{
    if (maker->busy && maker->ends) {
        app_maker_wait(maker);
        maker->busy = false;
    }
}

void app_maker_make(AppMaker *maker, const LsDataset *data, const LsSnapshot *from, int threads,
                    uint64_t serial)
{
    finish_end(maker);
    maker->data = data;
    maker->from = *from;
    maker->threads = threads;
    maker->serial = serial;
    maker->ends = false;
    maker->error = (LsError){0};
    begin(maker);
}

void app_maker_end(AppMaker *maker, LsTrainer *trainer)
{
    finish_end(maker);
    if (trainer) {
        maker->trainer = trainer;
        maker->ends = true;
        begin(maker);
    }
}

void app_maker_wait(AppMaker *maker)
{
    if (maker->busy && maker->threaded) {
        pthread_join(maker->thread, NULL);
        maker->threaded = false;
    }
}

bool app_maker_poll(AppMaker *maker)
{
    if (!maker->busy || !atomic_load_explicit(&maker->done, memory_order_acquire)) {
        return false;
    }
    app_maker_wait(maker);
    maker->busy = false;
    return !maker->ends;
}
