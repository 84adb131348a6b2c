#include "latentscape/train/pace.h"

#include <stdatomic.h>

#include "latentscape/core/memory.h"

struct LsPace {
    // --- shared: alone each, and nothing else is handed over by them: relaxed; a step also hands over
    // what is under way since: release, acquire
    atomic_bool on;
    atomic_uint_fast64_t step[2];
    atomic_uint_fast64_t
        judged_at[LS_PACE_WORKS]; /* the step at which both are judged next, or were last */
    atomic_bool under_way[LS_PACE_WORKS][2]; /* there, by each side */
};

enum {
    AHEAD = LS_PACE_LEAD + 1, /* steps to one that the other has not taken, however it hurries */
    REACH = LS_PACE_LEAD + AHEAD, /* and from the other, if that is behind */
};

LsPace *ls_pace_create(LsError *err)
{
    LsPace *pace = ls_memory_items(1, sizeof *pace, err);
    if (pace != NULL) {
        atomic_init(&pace->on, false);
        atomic_init(&pace->step[0], 0);
        atomic_init(&pace->step[1], 0);
        for (int work = 0; work < LS_PACE_WORKS; work++) {
            atomic_init(&pace->judged_at[work], 0);
            atomic_init(&pace->under_way[work][0], false);
            atomic_init(&pace->under_way[work][1], false);
        }
    }
    return pace;
}

void ls_pace_destroy(LsPace *pace)
{
    ls_memory_free(pace);
}

void ls_pace_begin(LsPace *pace, uint64_t step0, uint64_t step1)
{
    atomic_store_explicit(&pace->step[0], step0, memory_order_relaxed);
    atomic_store_explicit(&pace->step[1], step1, memory_order_relaxed);
    for (int work = 0; work < LS_PACE_WORKS; work++) {
        atomic_store_explicit(&pace->judged_at[work], (step0 > step1 ? step0 : step1) + 1,
                              memory_order_relaxed);
        atomic_store_explicit(&pace->under_way[work][0], false, memory_order_relaxed);
        atomic_store_explicit(&pace->under_way[work][1], false, memory_order_relaxed);
    }
    atomic_store_explicit(&pace->on, true, memory_order_relaxed);
}

void ls_pace_end(LsPace *pace)
{
    atomic_store_explicit(&pace->on, false, memory_order_relaxed);
}

void ls_pace_tell(LsPace *pace, int side, uint64_t step)
{
    atomic_store_explicit(&pace->step[side], step, memory_order_release);
}

bool ls_pace_ahead(const LsPace *pace, int side, uint64_t step)
{
    return atomic_load_explicit(&pace->on, memory_order_relaxed) &&
           step >= atomic_load_explicit(&pace->step[1 - side], memory_order_relaxed) + LS_PACE_LEAD;
}

bool ls_pace_together(const LsPace *pace, int side, uint64_t step)
{
    const uint64_t other = atomic_load_explicit(&pace->step[1 - side], memory_order_relaxed);
    return atomic_load_explicit(&pace->on, memory_order_relaxed) && step <= other + LS_PACE_LEAD &&
           other <= step + LS_PACE_LEAD;
}

/* Whether a side has left that step behind; one so far ahead is of before a reset. */
static bool is_past(uint64_t step, uint64_t at)
{
    return step > at || at > step + REACH;
}

bool ls_pace_judges(LsPace *pace, LsPaceWork work, int side, uint64_t step, bool due, bool running)
{
    uint_fast64_t at = atomic_load_explicit(&pace->judged_at[work], memory_order_relaxed);
    const uint64_t other = atomic_load_explicit(&pace->step[1 - side], memory_order_acquire);
    const bool free = is_past(step, at) && is_past(other, at) &&
                      !atomic_load_explicit(&pace->under_way[work][1 - side], memory_order_relaxed);
    if (due && free) {
        /* Where the other has been quicker to say so, its word counts. */
        (void)atomic_compare_exchange_strong_explicit(&pace->judged_at[work], &at, step + AHEAD,
                                                      memory_order_relaxed, memory_order_relaxed);
    }
    /* Before the step that follows is told of. */
    atomic_store_explicit(&pace->under_way[work][side], running || at == step,
                          memory_order_relaxed);
    return at == step;
}
