/* What is random in a dream: noise to start from, and by how much each iteration shifts.
 *
 * The streams are those of NumPy's default generator, so that a recipe's seed means what it always
 * meant: a seed is spread over a pool of four words (O'Neill's seed_seq, as NumPy's SeedSequence),
 * which starts a PCG64 (O'Neill 2014; 128 bits of state, output XSL-RR). Normal numbers come by the
 * ziggurat method, whole numbers of a range by Lemire's (2019). The tests compare all with NumPy's.
 *
 * NumPy takes exp, log and sin from the machine's mathematical library. Here they are written out
 * in double precision with additions, products and quotients alone, which every machine rounds
 * alike. */

#include "rng.h"

#include "elementary.h"
#include "ziggurat.h"

/* --- PCG64: a linear congruence of 128 bits, of which each step gives 64 --- */

typedef struct {
    uint64_t high, low;
} wide;

static const wide pcg_multiplier = {2549297995355413924u, 4865540595714422341u};

static wide wide_plus(wide a, wide b) {
    wide sum = {a.high + b.high, a.low + b.low};
    sum.high += sum.low < b.low;
    return sum;
}

/* The lower 128 bits of a product, from products of 32 bits: not every target has wider ones. */
static wide wide_times(wide a, wide b) {
    uint64_t a0 = (uint32_t)a.low, a1 = a.low >> 32, b0 = (uint32_t)b.low, b1 = b.low >> 32;
    uint64_t low = a0 * b0;
    uint64_t middle = a1 * b0 + (low >> 32);
    uint64_t other = a0 * b1 + (uint32_t)middle;
    wide product;
    product.low = (other << 32) | (uint32_t)low;
    product.high = a1 * b1 + (middle >> 32) + (other >> 32) + a.high * b.low + a.low * b.high;
    return product;
}

static uint64_t next_64(dream_generator *chance) {
    wide state = {chance->state_high, chance->state_low};
    wide increment = {chance->increment_high, chance->increment_low};
    state = wide_plus(wide_times(state, pcg_multiplier), increment);
    chance->state_high = state.high;
    chance->state_low = state.low;
    uint64_t mixed = state.high ^ state.low;
    unsigned turn = (unsigned)(state.high >> 58);
    return mixed >> turn | mixed << (-turn & 63);
}

/* 32 bits at a time: first the lower half of a number, then its upper half. */
static uint32_t next_32(dream_generator *chance) {
    if (chance->waiting) {
        chance->waiting = 0;
        return chance->half;
    }
    uint64_t next = next_64(chance);
    chance->waiting = 1;
    chance->half = (uint32_t)(next >> 32);
    return (uint32_t)next;
}

/* --- From a seed to a state --- */

#define POOL 4

static uint32_t hashed(uint32_t word, uint32_t *key, uint32_t step) {
    word ^= *key;
    *key *= step;
    word *= *key;
    return word ^ word >> 16;
}

static void mix_in(uint32_t *word, uint32_t other, uint32_t *key) {
    uint32_t mixed = 0xca01f9ddu * *word - 0x4973f715u * hashed(other, key, 0x931e8875u);
    *word = mixed ^ mixed >> 16;
}

/* Prepare a generator from the words of a seed, as NumPy's SeedSequence does it.
 * `child` numbers one of several independent streams of the same seed; -1: the seed's own. */
DREAM_EXPORT void dream_seed(dream_generator *chance, const uint32_t *words, int32_t count,
                             int32_t child) {
    uint32_t pool[POOL], key = 0x43b0d7e5u;
    for (int i = 0; i < POOL; i++)
        pool[i] = hashed(i < count ? words[i] : 0, &key, 0x931e8875u);
    for (int from = 0; from < POOL; from++)
        for (int to = 0; to < POOL; to++)
            if (from != to)
                mix_in(&pool[to], pool[from], &key);
    for (int more = POOL; more < count; more++)
        for (int to = 0; to < POOL; to++)
            mix_in(&pool[to], words[more], &key);
    for (int to = 0; child >= 0 && to < POOL; to++)
        mix_in(&pool[to], (uint32_t)child, &key);

    uint64_t drawn[4];
    key = 0x8b51f9ddu;
    for (int i = 0; i < 4; i++) {
        uint64_t low = hashed(pool[2 * i % POOL], &key, 0x58f38dedu);
        drawn[i] = low | (uint64_t)hashed(pool[(2 * i + 1) % POOL], &key, 0x58f38dedu) << 32;
    }
    wide start = {drawn[0], drawn[1]};
    wide increment = {drawn[2] << 1 | drawn[3] >> 63, drawn[3] << 1 | 1};
    wide state = wide_plus(wide_times(wide_plus(increment, start), pcg_multiplier), increment);
    chance->state_high = state.high;
    chance->state_low = state.low;
    chance->increment_high = increment.high;
    chance->increment_low = increment.low;
    chance->waiting = 0;
    chance->half = 0;
}

/* --- Whole numbers --- */

/* Fill with numbers that are even over low … high, ends included.
 * Lemire: the upper word of (32 random bits) × (size of the range), but for the few draws that
 * would make some results likelier than others. */
DREAM_EXPORT void dream_integers(dream_generator *chance, int32_t low, int32_t high, int32_t *drawn,
                                 int32_t count) {
    uint32_t range = (uint32_t)high - (uint32_t)low;
    uint32_t size = range + 1; /* 0 where the range is all of 32 bits */
    for (int32_t i = 0; i < count; i++) {
        if (range == 0) {
            drawn[i] = low; /* nothing to draw, and nothing is taken from the stream */
            continue;
        }
        uint64_t product = next_32(chance);
        if (size) {
            product *= size;
            if ((uint32_t)product < size) {
                uint32_t uneven = (0u - size) % size;
                while ((uint32_t)product < uneven)
                    product = (uint64_t)next_32(chance) * size;
            }
            product >>= 32;
        }
        drawn[i] = (int32_t)((uint32_t)low + (uint32_t)product);
    }
}

/* --- sin of any angle --- */

#define QUARTER_1 1.57079632673412561417e+00 /* π/2 in three parts: the first two of 33 bits */
#define QUARTER_2 6.07710050630396597660e-11
#define QUARTER_3 2.02226624879595063154e-21

/* sin(x) for 0 ≤ x < 1e6, to about 1e-16 relative: less whole quarters of a turn, whose products
 * with a 20-bit number are exact, then a series. */
static double sine(double x) {
    int quarters = (int)(x * 0.63661977236758134308 + 0.5);
    double first = x - quarters * QUARTER_1, taken = quarters * QUARTER_2;
    double rest = first - taken;
    double lost = (first - rest) - taken; /* what rounding `rest` took away */
    rest += lost - quarters * QUARTER_3;
    double square = rest * rest, sum = 1.0;
    int last = quarters & 1 ? 18 : 19; /* cos where the quarter is odd */
    for (int k = last; k > 1; k -= 2)
        sum = 1.0 - sum * square / (k * (k - 1));
    double value = quarters & 1 ? sum : sum * rest;
    return quarters & 2 ? -value : value;
}

/* --- Normal numbers --- */

static float uniform(dream_generator *chance) {
    return (float)(next_32(chance) >> 8) * 0x1p-24f;
}

/* -log(1 - u), rounded once. */
static float exponential_draw(dream_generator *chance) {
    return -(float)logarithm(1.0 - uniform(chance));
}

static float normal(dream_generator *chance) {
    for (;;) {
        uint32_t drawn = next_32(chance);
        uint32_t layer = drawn & 255, size = drawn >> 9;
        float x = (float)size * ziggurat_width[layer];
        if (drawn & 256)
            x = -x;
        if (size < ziggurat_limit[layer])
            return x;
        if (layer == 0)
            for (;;) { /* the tail, by Marsaglia's method */
                float beyond = 0.27366123732975827f * exponential_draw(chance);
                float height = exponential_draw(chance);
                if (height + height > beyond * beyond) {
                    float tail = 3.65415288536100880f + beyond;
                    return size & 256 ? -tail : tail;
                }
            }
        float between = ziggurat_height[layer - 1] - ziggurat_height[layer];
        float height = between * uniform(chance) + ziggurat_height[layer];
        if ((double)height < exponential(-0.5 * x * x))
            return x;
    }
}

/* Fill with numbers of mean 0 and standard deviation 1. */
DREAM_EXPORT void dream_normals(dream_generator *chance, float *drawn, int32_t count) {
    for (int32_t i = 0; i < count; i++)
        drawn[i] = normal(chance);
}

/* --- A tone: not random, but a start that must be the same everywhere, too --- */

/* Fill with a sine of amplitude 1. */
DREAM_EXPORT void dream_tone(float *sound, int32_t samples, double frequency_hz,
                             double sample_rate) {
    double turn = 6.28318530717958647693 * frequency_hz;
    for (int32_t i = 0; i < samples; i++)
        sound[i] = (float)sine(turn * (i / sample_rate));
}
