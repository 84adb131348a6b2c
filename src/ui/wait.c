#include "ui/context.h"

enum {
    ARRIVAL_MS = 2 /* what an event takes at most from being told of to being in the queue */
};

/* Called by whatever thread makes an event, before it is in the queue. */
static int tell(void *data, SDL_Event *event)
{
    UiWait *const wait = data;
    if (event->type != SDL_POLLSENTINEL) { /* SDL's own, made by looking */
        SDL_SemPost(wait->told);
    }
    return 0;
}

void ui_wait_init(UiWait *wait)
{
    wait->told = SDL_CreateSemaphore(0);
    if (wait->told != NULL) {
        SDL_AddEventWatch(tell, wait);
    }
}

void ui_wait_finish(UiWait *wait)
{
    if (wait->told != NULL) {
        SDL_DelEventWatch(tell, wait);
        SDL_DestroySemaphore(wait->told);
    }
    wait->told = NULL;
}

bool ui_wait(Ui *ui, SDL_Event *event, double seconds)
{
    const int ms = seconds > 0 ? (int)(seconds * 1000) : 0;
    SDL_sem *const told = ui->wait.told;
    if (ms > 0 && told == NULL) {
        return SDL_WaitEventTimeout(event, ms) != 0;
    }
    while (told != NULL && SDL_SemTryWait(told) == 0) {
    }
    if (SDL_PollEvent(event) != 0) {
        return true;
    }
    return ms > 0 && SDL_SemWaitTimeout(told, (Uint32)ms) == 0 &&
           SDL_WaitEventTimeout(event, ARRIVAL_MS) != 0;
}
