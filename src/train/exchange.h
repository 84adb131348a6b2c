/* Who may touch which of three buffers: the writer fills one, the reader looks at another, and the
 * third is the newest whole one, handed over in a single atomic exchange. Neither side ever waits,
 * the reader always has a whole state, and what the reader did not come for is overwritten by what is
 * newer. The buffers themselves are the caller's: this module deals in their numbers 0, 1, 2. */
#ifndef LATENTSCAPE_TRAIN_EXCHANGE_H
#define LATENTSCAPE_TRAIN_EXCHANGE_H

#include <stdatomic.h>

#include "latentscape/core/base.h"

enum {
    LS_EXCHANGE_SLOTS = 3
};

typedef struct LsExchange {
    // --- writer only
    _Alignas(64) unsigned back;
    // --- reader only
    _Alignas(64) unsigned front;
    // --- shared: released by publish(), acquired by latest(), and the other way round for the slot
    //     that comes back
    _Alignas(64) atomic_uint middle;
} LsExchange;

/* Reader at slot 0, writer at slot 1, nothing new between them.  Thread: any, before both begin. */
void ls_exchange_init(LsExchange *exchange);

/* The slot that the writer may fill.  Thread: writer. */
unsigned ls_exchange_back(const LsExchange *exchange);

/* Makes the filled slot the newest one; ls_exchange_back() is another slot afterwards. Returns
 * whether the reader had taken the one before.  Thread: writer. */
bool ls_exchange_publish(LsExchange *exchange);

/* Whether the reader has taken what was published last.  Thread: writer. */
bool ls_exchange_taken(const LsExchange *exchange);

/* The newest slot published, or the same one as before; it is the reader's until the next call.
 * Thread: reader. */
unsigned ls_exchange_latest(LsExchange *exchange);

#endif
