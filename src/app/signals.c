#include "app/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include <SDL.h>

enum {
    PATIENCE_MS = 2000
};

static const int caught[] = {SIGINT, SIGTERM, SIGHUP};

struct AppSignals {
    pthread_t thread;
    int pipe[2];
    // --- shared: set by answer(), read by the thread that watches
    atomic_bool answered;
    // --- UI thread only
    struct sigaction old[LS_COUNT(caught)];
};

/* A handler has no argument of its own: the write end of the pipe is the one thing it must know. */
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
static _Atomic sig_atomic_t wake_fd = -1;

static void on_signal(int number)
{
    const int keep = errno;
    const char byte = (char)number;
    const int fd = atomic_load_explicit(&wake_fd, memory_order_relaxed);
    if (fd >= 0 && write(fd, &byte, 1) != 1) {
        _exit(128 + number); /* the pipe is full: somebody insists */
    }
    errno = keep;
}

static void *watch(void *argument)
{
    AppSignals *signals = argument;
    struct pollfd wait = {.fd = signals->pipe[0], .events = POLLIN};
    char byte = 0;
    bool asked = false;
    int patience_ms = -1;
    for (;;) {
        const int ready = poll(&wait, 1, patience_ms);
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        if (ready > 0 && read(signals->pipe[0], &byte, 1) == 1 && byte == 0) {
            return NULL; /* the program ends in order */
        }
        if (ready == 0 && atomic_load_explicit(&signals->answered, memory_order_relaxed)) {
            patience_ms = -1;
            continue;
        }
        if (asked) {
            _exit(128 + byte); /* a second signal, or no answer to the first */
        }
        asked = true;
        patience_ms = PATIENCE_MS;
        SDL_Event quit = {.type = SDL_QUIT};
        if (!atomic_load_explicit(&signals->answered, memory_order_relaxed) &&
            SDL_PushEvent(&quit) < 0) {
            _exit(128 + byte);
        }
    }
}

AppSignals *app_signals_create(LsError *err)
{
    AppSignals *signals = calloc(1, sizeof *signals);
    if (!signals) {
        ls_fail(err, LS_ERR_MEMORY, "There is no memory to watch for signals.");
        return NULL;
    }
    atomic_init(&signals->answered, false);
    if (pipe(signals->pipe) != 0 || fcntl(signals->pipe[0], F_SETFD, FD_CLOEXEC) != 0 ||
        fcntl(signals->pipe[1], F_SETFD, FD_CLOEXEC) != 0) {
        free(signals);
        ls_fail(err, LS_ERR_SYSTEM, "Signals cannot be watched: no pipe could be opened.");
        return NULL;
    }
    if (pthread_create(&signals->thread, NULL, watch, signals) != 0) {
        close(signals->pipe[0]);
        close(signals->pipe[1]);
        free(signals);
        ls_fail(err, LS_ERR_SYSTEM, "The thread that watches for signals could not be started.");
        return NULL;
    }
    atomic_store_explicit(&wake_fd, signals->pipe[1], memory_order_relaxed);
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < LS_COUNT(caught); i++) {
        sigaction(caught[i], NULL, &signals->old[i]);
        if (caught[i] != SIGHUP || signals->old[i].sa_handler != SIG_IGN) {
            sigaction(caught[i], &action, NULL);
        }
    }
    return signals;
}

void app_signals_answer(AppSignals *signals)
{
    atomic_store_explicit(&signals->answered, true, memory_order_relaxed);
}

void app_signals_destroy(AppSignals *signals)
{
    if (!signals) {
        return;
    }
    for (size_t i = 0; i < LS_COUNT(caught); i++) {
        sigaction(caught[i], &signals->old[i], NULL);
    }
    atomic_store_explicit(&wake_fd, -1, memory_order_relaxed);
    const char end = 0;
    while (write(signals->pipe[1], &end, 1) < 0 && errno == EINTR) {
    }
    pthread_join(signals->thread, NULL);
    close(signals->pipe[0]);
    close(signals->pipe[1]);
    free(signals);
}
