#include "latentscape/core/rng.h"

#include <math.h>
#include <string.h>

#include "core/philox.h"

enum {
    LANES = 16,         /* blocks made side by side, one in each vector lane */
    NUMBERS = LANES * 4 /* 32-bit numbers in them: lane l holds 4 * l .. 4 * l + 3 */
};

static uint64_t join(uint32_t low, uint32_t high)
{
    return (uint64_t)high << 32 | low;
}

LsRng ls_rng_make(uint64_t seed, LsRngStream stream)
{
    return (LsRng){.key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
                   .stream = {(uint32_t)stream, 0}};
}

LsRng ls_rng_split(LsRng rng, uint64_t index)
{
    /* The complemented key keeps the children apart from the parent's own numbers. */
    const uint32_t key[2] = {~rng.key[0], ~rng.key[1]};
    uint32_t block[4] = {(uint32_t)index, (uint32_t)(index >> 32), rng.stream[0], rng.stream[1]};
    philox_block(block, key);
    return (LsRng){.key = {block[0], block[1]}, .stream = {block[2], block[3]}};
}

uint64_t ls_rng_bits(LsRng rng, uint64_t at)
{
    uint32_t block[4] = {(uint32_t)at, (uint32_t)(at >> 32), rng.stream[0], rng.stream[1]};
    philox_block(block, rng.key);
    return join(block[0], block[1]);
}

uint32_t ls_rng_below(LsRng rng, uint64_t at, uint32_t bound)
{
    const uint64_t bits = ls_rng_bits(rng, at);
    const uint64_t low = (bits & 0xFFFFFFFFu) * bound;
    const uint64_t high = (bits >> 32) * bound;
    return (uint32_t)((high + (low >> 32)) >> 32); /* floor(bits * bound / 2^64) */
}

/* LANES successive blocks, word w of block l in words[w][l]: plain loops over the lanes, which the
 * compiler turns into vectors. */
static void make_blocks(LsRng rng, uint64_t first_block, uint32_t words[4][LANES])
{
    uint32_t a[LANES];
    uint32_t b[LANES];
    uint32_t c[LANES];
    uint32_t d[LANES];
    for (uint32_t l = 0; l < LANES; l++) {
        const uint64_t at = first_block + l;
        a[l] = (uint32_t)at;
        b[l] = (uint32_t)(at >> 32);
        c[l] = rng.stream[0];
        d[l] = rng.stream[1];
    }
    uint32_t k0 = rng.key[0];
    uint32_t k1 = rng.key[1];
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        for (int l = 0; l < LANES; l++) {
            const uint64_t p = (uint64_t)PHILOX_M0 * a[l];
            const uint64_t q = (uint64_t)PHILOX_M1 * c[l];
            a[l] = (uint32_t)(q >> 32) ^ b[l] ^ k0;
            b[l] = (uint32_t)q;
            c[l] = (uint32_t)(p >> 32) ^ d[l] ^ k1;
            d[l] = (uint32_t)p;
        }
        k0 += PHILOX_W0;
        k1 += PHILOX_W1;
    }
    memcpy(words[0], a, sizeof a);
    memcpy(words[1], b, sizeof b);
    memcpy(words[2], c, sizeof c);
    memcpy(words[3], d, sizeof d);
}

/* Natural logarithm of x in (0, 1], to 1e-7 of its size: log of the mantissa m in [0.7, 1.4] as
 * 2 artanh((m - 1) / (m + 1)). */
static inline float log_unit(float x)
{
    uint32_t bits = 0;
    memcpy(&bits, &x, sizeof bits);
    const uint32_t shifted = bits - 0x3F3504F3u; /* the bits of sqrt(1/2) */
    const float exponent = (float)((int32_t)shifted >> 23);
    const uint32_t mantissa_bits = (shifted & 0x007FFFFFu) + 0x3F3504F3u;
    float m = 0.0f;
    memcpy(&m, &mantissa_bits, sizeof m);
    const float s = (m - 1.0f) / (m + 1.0f);
    const float s2 = s * s;
    const float series = 1.0f + s2 * (1.0f / 3 + s2 * (1.0f / 5 + s2 * (1.0f / 7 + s2 / 9)));
    return exponent * 0.69314718f + 2.0f * s * series;
}

/* Cosine and sine of the angle turn / 2^32 of a full circle, to 1e-7: the top two bits after
 * rounding are the quadrant, the rest an angle within 45 degrees. */
static inline void circle(uint32_t turn, float *cosine, float *sine)
{
    const uint32_t rounded = turn + 0x20000000u;
    const uint32_t quadrant = rounded >> 30;
    const float r = (float)((int32_t)(rounded & 0x3FFFFFFFu) - 0x20000000) * 1.46291808e-9f;
    const float r2 = r * r;
    const float s =
        r * (1.0f + r2 * (-1.0f / 6 + r2 * (1.0f / 120 + r2 * (-1.0f / 5040 + r2 / 362880))));
    const float c = 1.0f + r2 * (-0.5f + r2 * (1.0f / 24 + r2 * (-1.0f / 720 + r2 / 40320)));
    const float x = (quadrant & 1u) != 0 ? s : c;
    const float y = (quadrant & 1u) != 0 ? c : s;
    *cosine = quadrant == 1 || quadrant == 2 ? -x : x;
    *sine = quadrant >= 2 ? -y : y;
}

static void make_uniform(uint32_t words[4][LANES], float *out)
{
    for (int l = 0; l < LANES; l++) {
        for (int w = 0; w < 4; w++) {
            out[4 * l + w] = (float)(words[w][l] >> 8) * 0x1p-24f;
        }
    }
}

/* Box & Muller: words 0, 1 of a block give its numbers 0, 1, words 2, 3 its numbers 2, 3. */
static void make_normal(uint32_t words[4][LANES], float *out)
{
    float pairs[4][LANES];
    for (int w = 0; w < 4; w += 2) {
        for (int l = 0; l < LANES; l++) {
            /* Through int32_t, which vector units convert; never zero, so the logarithm is finite.
             */
            const float u = (float)(int32_t)(words[w][l] >> 1) * 0x1p-31f + 0x1p-33f;
            const float radius = sqrtf(-2.0f * log_unit(u < 1.0f ? u : 1.0f));
            float cosine = 0.0f;
            float sine = 0.0f;
            circle(words[w + 1][l], &cosine, &sine);
            pairs[w][l] = radius * cosine;
            pairs[w + 1][l] = radius * sine;
        }
    }
    for (int l = 0; l < LANES; l++) {
        for (int w = 0; w < 4; w++) {
            out[4 * l + w] = pairs[w][l];
        }
    }
}

/* Every number comes out of a whole run of LANES blocks, whatever part of it is asked for: so it
 * takes the same path through the vector code each time and has the same bits. */
static void fill(LsRng rng, uint64_t first, size_t n, float *out,
                 void (*make)(uint32_t words[4][LANES], float *out))
{
    uint64_t chunk = first / NUMBERS;
    size_t skip = (size_t)(first % NUMBERS);
    while (n > 0) {
        uint32_t words[4][LANES];
        float numbers[NUMBERS];
        make_blocks(rng, chunk * LANES, words);
        make(words, numbers);
        const size_t take = n < NUMBERS - skip ? n : NUMBERS - skip;
        memcpy(out, numbers + skip, take * sizeof *out);
        out += take;
        n -= take;
        skip = 0;
        chunk++;
    }
}

void ls_rng_uniform(LsRng rng, uint64_t first, size_t n, float *out)
{
    fill(rng, first, n, out, make_uniform);
}

void ls_rng_normal(LsRng rng, uint64_t first, size_t n, float *out)
{
    fill(rng, first, n, out, make_normal);
}

void ls_rng_shuffle(LsRng rng, uint32_t n, uint32_t *order)
{
    /* Inside-out Fisher & Yates. */
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t j = ls_rng_below(rng, i, i + 1);
        order[i] = order[j];
        order[j] = i;
    }
}
