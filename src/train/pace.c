#include "latentscape/train/pace.h"

#include <stdatomic.h>

#include "latentscape/core/memory.h"

struct LsPace {
    // --- shared: alone each, and nothing else is handed over by them: relaxed
    atomic_bool on;
    atomic_uint_fast64_t step[2];
};

LsPace *ls_pace_create(LsError *err)
{
    LsPace *pace = ls_memory_items(1, sizeof *pace, err);
    if (pace != NULL) {
        atomic_init(&pace->on, false);
        atomic_init(&pace->step[0], 0);
        atomic_init(&pace->step[1], 0);
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
    atomic_store_explicit(&pace->on, true, memory_order_relaxed);
}

void ls_pace_end(LsPace *pace)
{
    atomic_store_explicit(&pace->on, false, memory_order_relaxed);
}

void ls_pace_tell(LsPace *pace, int side, uint64_t step)
{
    atomic_store_explicit(&pace->step[side], step, memory_order_relaxed);
}

bool ls_pace_ahead(const LsPace *pace, int side, uint64_t step)
{
    return atomic_load_explicit(&pace->on, memory_order_relaxed) &&
           step >= atomic_load_explicit(&pace->step[1 - side], memory_order_relaxed) + LS_PACE_LEAD;
}
