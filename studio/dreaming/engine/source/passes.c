/* What is done to a gradient and a sound besides the network and the low-pass: a few passes. */

#include "elementary.h"
#include "memory.h"

enum { MOST_REACH = 127, PASS = 1024 }; /* half a kernel of 255; values that stay in fast memory */

typedef struct {
    double mean, deviation;
} Spread;

/* Half the kernel of cascade Gaussian smoothing, from its middle on: the mean of three Gaussians of
 * standard deviation σ / 2, σ and 2σ, each of sum 1. */
static void cascade_kernel(double sigma, int32_t reach, float *half) {
    double kernel[MOST_REACH + 1] = {0}, gaussian[MOST_REACH + 1];
    for (double scaled = sigma / 2; scaled <= sigma * 2; scaled *= 2) {
        double sum = 0;
        for (int32_t t = reach; t >= 0; t--) {
            gaussian[t] = exponential(-0.5 * (t / scaled) * (t / scaled));
            sum += t ? 2 * gaussian[t] : gaussian[t];
        }
        for (int32_t t = 0; t <= reach; t++) kernel[t] += gaussian[t] / sum / 3;
    }
    for (int32_t t = 0; t <= reach; t++) half[t] = (float)kernel[t];
}

/* Write beyond both ends of a sound what smoothing is to find there. */
static void continue_ends(float *sound, int64_t samples, int32_t reach, int circular) {
    for (int32_t t = 1; t <= reach; t++) {
        sound[-t] = circular ? sound[samples - t] : sound[t];
        sound[samples - 1 + t] = circular ? sound[t - 1] : sound[samples - 1 - t];
    }
}

/* Sums of values and of their squares, which double precision holds exactly. */
typedef struct {
    double8 values, squares;
} Sums;

static void add_up(Sums *sums, const float *values, int64_t count) {
    double8 plain = sums->values, squares = sums->squares;
    int64_t at = 0;
    for (; at + 8 <= count; at += 8) {
        double8 own = widen(load8(values + at));
        plain += own;
        squares += own * own;
    }
    if (at < count) {
        double8 own = widen(load8_some(values + at, count - at));
        plain += own;
        squares += own * own;
    }
    sums->values = plain;
    sums->squares = squares;
}

/* Smooth a gradient whose ends were continued; `to` has 4 · WIDTH values to
 * spare, and so may be read behind the gradient. */
static Spread smooth(const float *gradient, int64_t samples, const float *half, int32_t reach,
                     float *to) {
    Sums sums = {{0}, {0}};
    for (int64_t begin = 0; begin < samples; begin += PASS) {
        int64_t end = begin + PASS < samples ? begin + PASS : samples;
        for (int64_t t = begin; t < end; t += 4 * WIDTH) {
            vec sum[4];
            UNROLL
            for (int v = 0; v < 4; v++) sum[v] = load(gradient + t + v * WIDTH) * splat(half[0]);
            for (int32_t away = 1; away <= reach; away++) {
                const float *left = gradient + t - away, *right = gradient + t + away;
                vec weight = splat(half[away]);
                UNROLL
                for (int v = 0; v < 4; v++)
                    sum[v] = fma(load(left + v * WIDTH) + load(right + v * WIDTH), weight, sum[v]);
            }
            UNROLL
            for (int v = 0; v < 4; v++) store(to + t + v * WIDTH, sum[v]);
        }
        add_up(&sums, to + begin, end - begin);
    }
    double mean = total(sums.values) / (double)samples, power = total(sums.squares) / (double)samples;
    double variance = power - mean * mean;
    /* What is left of rounding where all values are the same. */
    return (Spread){mean, variance > 1e-14 * power ? square_root(variance) : power - power};
}

/* Largest absolute value, then root mean square. */
static double peak_of(const float *sound, int64_t samples) {
    vec most = splat(0);
    int64_t at = 0;
    for (; at + WIDTH <= samples; at += WIDTH) most = highest(magnitude(load(sound + at)), most);
    most = highest(magnitude(load_some(sound + at, samples - at)), most);
    return highest_lane(most);
}
static double rms_of(const float *sound, int64_t samples) {
    Sums sums = {{0}, {0}};
    add_up(&sums, sound, samples);
    return square_root(total(sums.squares) / (double)samples);
}

/* to ← x + pull·(home − x) + rate·(g − mean); `home` may be null. */
static void climb(const float *x, const float *home, float pull, const float *gradient, float rate,
                  float mean, float *to, int64_t count) {
    vec rates = splat(rate), means = splat(mean), pulls = splat(pull);
    for (int64_t at = 0; at < count; at += WIDTH) {
        int64_t left = count - at;
        int whole_one = left >= WIDTH;
        vec own = whole_one ? load(x + at) : load_some(x + at, left);
        vec steep = whole_one ? load(gradient + at) : load_some(gradient + at, left);
        if (home) {
            vec near = whole_one ? load(home + at) : load_some(home + at, left);
            own = fma(near - own, pulls, own);
        }
        own = fma(steep - means, rates, own);
        if (whole_one)
            store(to + at, own);
        else
            store_some(to + at, own, left);
    }
}

static void scale_sound(const float *sound, float *to, float scale, int64_t count) {
    for (int64_t at = 0; at < count; at++) to[at] = sound[at] * scale;
}
