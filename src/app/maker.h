/* Makes and ends trainers on a thread of its own: both take some frames' time, which the window has not
 * to spare. One job at a time. A zeroed one is idle. */
#ifndef APP_MAKER_H
#define APP_MAKER_H

#include <pthread.h>
#include <stdatomic.h>

#include "latentscape/train/trainer.h"

typedef struct AppMaker {
    // --- UI thread only
    pthread_t thread;
    bool busy, threaded;
    // --- the job: the UI thread's but while busy
    const LsDataset *data;
    LsSnapshot from;
    int threads;
    uint64_t serial;
    bool ends; /* `trainer` is to be ended; else it is to be made */
    LsTrainer *trainer;
    LsError error;
    // --- shared: released by the job at its end, acquired by poll
    atomic_bool done;
} AppMaker;

/* Begins to make a trainer, as ls_trainer_fork(); what `from` points to must last until it is done.
 * Waits for a job under way.  Thread: UI. */
void app_maker_make(AppMaker *maker, const LsDataset *data, const LsSnapshot *from, int threads,
                    uint64_t serial);

/* Begins to end one. Owns: takes trainer over; NULL is accepted.  Thread: UI. */
void app_maker_end(AppMaker *maker, LsTrainer *trainer);

/* Whether a job was under way that is done now; a trainer that was made is then in maker->trainer
 * (NULL: maker->error says why). Once for each job.  Thread: UI. */
bool app_maker_poll(AppMaker *maker);

/* Waits until the job under way is done, for app_maker_poll() to tell of.  Thread: UI. */
void app_maker_wait(AppMaker *maker);

#endif
