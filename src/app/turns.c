#include "app/turns.h"

#include "views/view.h"

/* While the model learns every millisecond is taken from it, and there is a newer snapshot soon anyway.
 * In the map's turn nobody else decodes: a grid of 24 x 24 is then whole in one frame. */
static const double decode_s = 0.008;
static const double decode_map_s = 0.0075;
static const double decode_training_s = 0.003;

static const unsigned everybody = (1U << APP_TURN_GROUPS) - 1;

/* Whoever follows the newest snapshot in a frame of the round: the map twenty times a second, what is
 * looked at piece by piece ten times. */
static const unsigned rounds[APP_TURNS] = {
    VIEW_TURN_MAP, VIEW_TURN_SAMPLES,         VIEW_TURN_PLOTS,
    VIEW_TURN_MAP, VIEW_TURN_RECONSTRUCTIONS, VIEW_TURN_PLOTS};

unsigned app_turns_begin(AppTurns *turns, uint64_t serial, bool sharing)
{
    const unsigned having = sharing ? rounds[turns->next] : everybody;
    for (unsigned i = 0; i < APP_TURN_GROUPS; i++) {
        if ((having & 1U << i) != 0) {
            turns->followed[i] = serial;
        }
    }
    turns->next = (turns->next + 1) % APP_TURNS;
    return everybody & ~having;
}

bool app_turns_wait(const AppTurns *turns, uint64_t serial)
{
    for (unsigned i = 0; i < APP_TURN_GROUPS; i++) {
        if (turns->followed[i] != serial) {
            return true;
        }
    }
    return false;
}

double app_turns_decode_s(bool training, unsigned resting)
{
    if (!training) {
        return decode_s;
    }
    return (resting & VIEW_TURN_MAP) == 0 ? decode_map_s : decode_training_s;
}
