/* Which views follow the newest snapshot in which frame. While a model learns they take turns, so that
 * a frame decodes and draws anew a part of the window only, and the model has the rest of the time. */
#ifndef APP_TURNS_H
#define APP_TURNS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    APP_TURNS = 6,      /* frames of a round: each has one group of views */
    APP_TURN_GROUPS = 4 /* of views, bits of ViewTurn */
};

/* Zeroed, nobody has followed anything. */
typedef struct AppTurns {
    uint64_t followed[APP_TURN_GROUPS]; /* what each group has seen last */
    unsigned next;                      /* the frame of the round that comes */
} AppTurns;

/* Begins a frame that shows `serial` and gives the turn to the next group where `sharing`, else to all
 * of them. Returns the groups that rest, as bits of ViewTurn.  Thread: UI. */
unsigned app_turns_begin(AppTurns *turns, uint64_t serial, bool sharing);

/* Whether a group has not had a turn since serial came.  Thread: UI. */
bool app_turns_wait(const AppTurns *turns, uint64_t serial);

/* How long views may decode in a frame of a model that learns or rests, where these groups rest; what
 * is left of it is for drawing and for the unforeseen. Units: seconds.  Thread: any. */
double app_turns_decode_s(bool training, unsigned resting);

#endif
