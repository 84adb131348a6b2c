#include "app/turns.h"

#include "views/view.h"

/* While the model learns every millisecond is taken from it, and there is a newer snapshot soon anyway:
 * where the map's turn had 8 ms, training kept 0.63 of its speed instead of 0.85. */
static const double decode_s = 0.008;
static const double decode_training_s = 0.003;

static const unsigned groups[APP_TURNS] = {VIEW_TURN_MAP, VIEW_TURN_CARDS, VIEW_TURN_PLOTS};

unsigned app_turns_begin(AppTurns *turns, uint64_t serial, bool sharing)
{
    unsigned resting = 0;
    for (unsigned i = 0; i < APP_TURNS; i++) {
        if (sharing && i != turns->next) {
            resting |= groups[i];
        } else {
            turns->followed[i] = serial;
        }
    }
    turns->next = (turns->next + 1) % APP_TURNS;
    return resting;
}

bool app_turns_wait(const AppTurns *turns, uint64_t serial)
{
    for (unsigned i = 0; i < APP_TURNS; i++) {
        if (turns->followed[i] != serial) {
            return true;
        }
    }
    return false;
}

double app_turns_decode_s(bool training)
{
    return training ? decode_training_s : decode_s;
}
