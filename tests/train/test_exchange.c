#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "train/exchange.h"
#include "train/ring.h"

enum {
    SNAPSHOTS = 200000,
    NUMBERS = 61
};

/* A state that can be seen to be whole: every number follows from the serial. */
typedef struct State {
    uint64_t serial;
    uint64_t number[NUMBERS];
    uint64_t sum;
} State;

typedef struct Pair {
    LsExchange exchange;
    State slot[LS_EXCHANGE_SLOTS];
    LsRing *ring;
    atomic_bool done;
} Pair;

static void fill(State *state, uint64_t serial)
{
    state->serial = serial;
    state->sum = serial;
    for (uint64_t i = 0; i < NUMBERS; i++) {
        state->number[i] = serial * 2654435761u + i * i;
        state->sum += state->number[i];
    }
}

static bool is_whole(const State *state)
{
    uint64_t sum = state->serial;
    for (uint64_t i = 0; i < NUMBERS; i++) {
        if (state->number[i] != state->serial * 2654435761u + i * i) {
            return false;
        }
        sum += state->number[i];
    }
    return sum == state->sum;
}

static void *write_snapshots(void *argument)
{
    Pair *pair = argument;
    for (uint64_t serial = 1; serial <= SNAPSHOTS; serial++) {
        fill(&pair->slot[ls_exchange_back(&pair->exchange)], serial);
        ls_exchange_publish(&pair->exchange);
    }
    atomic_store(&pair->done, true);
    return NULL;
}

static void the_reader_always_has_a_whole_snapshot(void **state)
{
    (void)state;
    static Pair pair; /* over-aligned: not for the stack */
    memset(&pair, 0, sizeof pair);
    ls_exchange_init(&pair.exchange);
    for (int i = 0; i < LS_EXCHANGE_SLOTS; i++) {
        fill(&pair.slot[i], 0);
    }
    pthread_t writer;
    assert_int_equal(pthread_create(&writer, NULL, write_snapshots, &pair), 0);
    uint64_t last = 0, torn = 0, backward = 0, looks = 0;
    bool done = false;
    while (!done) {
        done = atomic_load(&pair.done); /* before the look: the last snapshot is looked at too */
        const State *newest = &pair.slot[ls_exchange_latest(&pair.exchange)];
        torn += is_whole(newest) ? 0 : 1;
        backward += newest->serial < last ? 1 : 0;
        last = newest->serial;
        looks++;
    }
    pthread_join(writer, NULL);
    assert_int_equal(torn, 0);
    assert_int_equal(backward, 0);
    assert_int_equal(last, SNAPSHOTS);
    assert_true(looks > 0);
}

static void nothing_new_means_the_same_slot(void **state)
{
    (void)state;
    LsExchange exchange;
    ls_exchange_init(&exchange);
    const unsigned first = ls_exchange_latest(&exchange);
    assert_int_equal(ls_exchange_latest(&exchange), first);
    assert_true(ls_exchange_taken(&exchange));
    const unsigned filled = ls_exchange_back(&exchange);
    assert_true(ls_exchange_publish(&exchange));
    assert_false(ls_exchange_taken(&exchange));
    assert_int_equal(ls_exchange_latest(&exchange), filled);
    assert_true(ls_exchange_taken(&exchange));
    assert_int_equal(ls_exchange_latest(&exchange), filled);
    assert_int_not_equal(ls_exchange_back(&exchange), filled);
}

static void *put_items(void *argument)
{
    Pair *pair = argument;
    for (uint64_t serial = 1; serial <= SNAPSHOTS; serial++) {
        State item;
        fill(&item, serial);
        while (!ls_ring_put(pair->ring, &item)) {
            sched_yield();
        }
    }
    return NULL;
}

static void a_ring_gives_every_item_once_and_in_order(void **state)
{
    (void)state;
    static Pair pair;
    pair.ring = ls_ring_create(64, sizeof(State), NULL);
    assert_non_null(pair.ring);
    pthread_t writer;
    assert_int_equal(pthread_create(&writer, NULL, put_items, &pair), 0);
    uint64_t expected = 1, wrong = 0;
    while (expected <= SNAPSHOTS) {
        State item;
        if (!ls_ring_take(pair.ring, &item)) {
            sched_yield();
            continue;
        }
        wrong += item.serial == expected && is_whole(&item) ? 0 : 1;
        expected++;
    }
    pthread_join(writer, NULL);
    assert_int_equal(wrong, 0);
    ls_ring_destroy(pair.ring);
}

static void a_full_ring_refuses_and_an_empty_one_gives_nothing(void **state)
{
    (void)state;
    LsRing *ring = ls_ring_create(4, sizeof(int), NULL);
    assert_non_null(ring);
    int item = 0;
    assert_false(ls_ring_take(ring, &item));
    for (item = 0; item < 4; item++) {
        assert_true(ls_ring_put(ring, &item));
    }
    assert_false(ls_ring_put(ring, &item));
    assert_true(ls_ring_take(ring, &item));
    assert_int_equal(item, 0);
    item = 9;
    assert_true(ls_ring_put(ring, &item));
    ls_ring_destroy(ring);
    ls_ring_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reader_always_has_a_whole_snapshot),
        cmocka_unit_test(nothing_new_means_the_same_slot),
        cmocka_unit_test(a_ring_gives_every_item_once_and_in_order),
        cmocka_unit_test(a_full_ring_refuses_and_an_empty_one_gives_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
