#include "train/exchange.h"

enum {
    SLOT = 3, /* the bits that hold a slot's number */
    FRESH = 4 /* the reader has not taken it yet */
};

void ls_exchange_init(LsExchange *exchange)
{
    exchange->front = 0;
    exchange->back = 1;
    atomic_init(&exchange->middle, 2);
}

unsigned ls_exchange_back(const LsExchange *exchange)
{
    return exchange->back;
}

bool ls_exchange_publish(LsExchange *exchange)
{
    /* release: the slot's contents, to latest(); acquire: the reader is done with what comes back */
    const unsigned old =
        atomic_exchange_explicit(&exchange->middle, exchange->back | FRESH, memory_order_acq_rel);
    exchange->back = old & SLOT;
    return (old & FRESH) == 0;
}

bool ls_exchange_taken(const LsExchange *exchange)
{
    return (atomic_load_explicit(&exchange->middle, memory_order_relaxed) & FRESH) == 0;
}

unsigned ls_exchange_latest(LsExchange *exchange)
{
    if ((atomic_load_explicit(&exchange->middle, memory_order_relaxed) & FRESH) != 0) {
        /* acquire: the new slot's contents; release: the old slot is no longer looked at */
        const unsigned old =
            atomic_exchange_explicit(&exchange->middle, exchange->front, memory_order_acq_rel);
        exchange->front = old & SLOT;
    }
    return exchange->front;
}
