/* The block function of Philox4x32-10 (Salmon et al. 2011): 128 bits of counter and 64 of key give
 * 128 random bits. */
#ifndef LATENTSCAPE_CORE_PHILOX_H
#define LATENTSCAPE_CORE_PHILOX_H

#include <stdint.h>

enum {
    PHILOX_ROUNDS = 10
};

/* Multipliers and key steps (golden ratio, square root of 3 less 1) of the paper. */
#define PHILOX_M0 0xD2511F53u
#define PHILOX_M1 0xCD9E8D57u
#define PHILOX_W0 0x9E3779B9u
#define PHILOX_W1 0xBB67AE85u

/* Overwrites the counter with its random block. Shapes: counter [4], key [2].  Thread: any. */
static inline void philox_block(uint32_t *counter, const uint32_t *key)
{
    uint32_t k0 = key[0];
    uint32_t k1 = key[1];
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        const uint64_t a = (uint64_t)PHILOX_M0 * counter[0];
        const uint64_t b = (uint64_t)PHILOX_M1 * counter[2];
        counter[0] = (uint32_t)(b >> 32) ^ counter[1] ^ k0;
        counter[1] = (uint32_t)b;
        counter[2] = (uint32_t)(a >> 32) ^ counter[3] ^ k1;
        counter[3] = (uint32_t)a;
        k0 += PHILOX_W0;
        k1 += PHILOX_W1;
    }
}

#endif
