/* Filtering a sound with zero phase by a gain for each frequency: a circular convolution.
 *
 * With n = N₁·N₂ samples, t = a·N₂ + b and ω(n) = exp(−2πi / n), the spectrum is
 *
 *     X[c + N₁·d] = Σ_b ω(N₂)^{b·d} · ω(n)^{b·c} · Σ_a ω(N₁)^{a·c} · x[a·N₂ + b]               (1)
 *
 * that is short transforms down the columns of a table, a factor for each cell, and short transforms
 * along its rows. Columns are real, so that two of them make one complex transform, and the rows above
 * N₁ / 2 are the mirror images of those below. Vectors hold neighbouring columns on the way down and
 * neighbouring rows along; blocks are transposed in between. A row is filtered where it lies:
 * transformed, multiplied, transformed back.
 *
 * Lengths with a prime factor above LARGEST_PRIME: the sound is continued at both ends, as the circle
 * goes on, to a longer length that has none. There the convolution with the filter's impulse response
 * of n samples is the same for the samples in the middle.
 */

#include "transform.c"

enum { OFF, HARD_CUT, BUTTERWORTH };
enum { BLOCK = 16 }; /* columns per coarse factor */

typedef struct {
    int32_t kind, samples, length; /* off: nothing else is set. Of the sound; n of (1) */
    int32_t reach;                 /* samples added before the sound */
    int32_t columns, half, rows;   /* N₂; column b shares complex numbers with b + half; N₁ / 2 + 1 */
    Transform down, along;
    const float *coarse, *fine;    /* ω(n)^{c·(16·B + (0 or half))} [B][c][4]; ω(n)^{c·l} [c][2][BLOCK] */
    const float *gains;            /* [row vector][place][WIDTH], over 2n */
    const signed char *kinds;      /* of each row vector and place: 0 all 0, 1 all one gain, 2 other */
    float level;                   /* that one gain: 1 / 2n */
    vec *cells;                    /* [row vector][column][2] */
    vec *work;                     /* [N₁][2] */
} Filter;

static int32_t row_vectors(const Filter *own) { return (own->rows + WIDTH - 1) / WIDTH; }
static int32_t padded_columns(const Filter *own) { return 2 * own->half; }

/* Values that may be written from where a sound begins. */
static int64_t filter_values(const Filter *own) { return own->length + 2 * BLOCK; }

INLINE Complex multiply(Complex a, Complex b) {
    return (Complex){fnma(a.im, b.im, a.re * b.re), fma(a.re, b.im, a.im * b.re)};
}
INLINE Complex conjugate(Complex a) { return (Complex){a.re, -a.im}; }

/* ω(n)^{c·b} of the WIDTH columns from `column` on, and of those `half` later. */
INLINE void cell_factors(const Filter *own, int32_t row, int32_t column, Complex *first, Complex *second) {
    const float *coarse = own->coarse + 4 * ((int64_t)(column / BLOCK) * own->rows + row);
    const float *at = own->fine + 2 * (int64_t)BLOCK * row + column % BLOCK;
    Complex fine = {load(at), load(at + BLOCK)};
    *first = times(fine, coarse);
    *second = times(fine, coarse + 2);
}

/* Values of a row of the table from a column on; 0 where there are no more columns. */
INLINE vec load_cells(const float *row, int32_t column, int32_t columns) {
    return columns - column >= WIDTH ? load(row + column)
                                     : load_some(row + column, columns > column ? columns - column : 0);
}

/* Down the columns `column` … and those `half` later, into the cells. */
static void columns_down(const Filter *own, const float *sound, int32_t column) {
    vec *z = own->work;
    int32_t n1 = own->down.length, wide = padded_columns(own), half = own->half;
    for (int32_t a = 0; a < n1; a++) {
        const float *from = sound + (int64_t)a * own->columns;
        z[2 * a] = load_cells(from, column, own->columns);
        z[2 * a + 1] = load_cells(from, column + half, own->columns);
    }
    transform_ahead(&own->down, z);
    for (int32_t row = 0; row < own->rows; row += WIDTH) {
        vec part[4][WIDTH];
        for (int32_t at = 0; at < WIDTH; at++) {
            int32_t c = row + at < own->rows ? row + at : 0;
            const vec *p = z + 2 * own->down.place[c], *q = z + 2 * own->down.place[c ? n1 - c : 0];
            Complex first = {p[0] + q[0], p[1] - q[1]}, second = {p[1] + q[1], q[0] - p[0]}, turn1, turn2;
            cell_factors(own, c, column, &turn1, &turn2);
            first = multiply(first, turn1);
            second = multiply(second, turn2);
            part[0][at] = first.re, part[1][at] = first.im;
            part[2][at] = second.re, part[3][at] = second.im;
        }
        vec *to = own->cells + 2 * ((int64_t)(row / WIDTH) * wide + column);
        for (int at = 0; at < 4; at++) /* real and imaginary parts of the first, then of the second */
            transpose(part[at], 1, to + (at < 2 ? 0 : 2 * half) + at % 2, 2);
    }
}

/* From the last to the first: where a vector reaches beyond `half`, what it leaves there is overwritten. */
static void all_columns_down(const Filter *own, const float *sound) {
    for (int32_t column = (own->half - 1) / WIDTH * WIDTH; column >= 0; column -= WIDTH)
        columns_down(own, sound, column);
}

/* Values of a row of the table go to the sound, as far as there are columns and samples. */
INLINE void store_cells(float *sound, int64_t count, int64_t at, vec values, int32_t lanes) {
    if (lanes >= WIDTH && at >= 0 && at + WIDTH <= count) {
        store(sound + at, values);
        return;
    }
    for (int32_t lane = 0; lane < lanes && lane < WIDTH; lane++)
        if (at + lane >= 0 && at + lane < count) sound[at + lane] = values[lane];
}

/* The way back up; what lies outside [0, count) of the sound is not written. */
static void columns_up(const Filter *own, float *sound, int64_t count, int32_t column) {
    vec *z = own->work;
    int32_t n1 = own->down.length, wide = padded_columns(own), half = own->half;
    int32_t lanes = half - column < WIDTH ? half - column : WIDTH;
    for (int32_t row = 0; row < own->rows; row += WIDTH) {
        vec part[4][WIDTH];
        const vec *from = own->cells + 2 * ((int64_t)(row / WIDTH) * wide + column);
        for (int at = 0; at < 4; at++)
            transpose(from + (at < 2 ? 0 : 2 * half) + at % 2, 2, part[at], 1);
        for (int32_t at = 0; at < WIDTH && row + at < own->rows; at++) {
            int32_t c = row + at;
            Complex first = {part[0][at], part[1][at]}, second = {part[2][at], part[3][at]}, turn1, turn2;
            cell_factors(own, c, column, &turn1, &turn2);
            first = multiply(first, conjugate(turn1));
            second = multiply(second, conjugate(turn2));
            vec *q = z + 2 * own->down.place[c ? n1 - c : 0], *p = z + 2 * own->down.place[c];
            q[0] = first.re + second.im, q[1] = second.re - first.im;
            p[0] = first.re - second.im, p[1] = first.im + second.re;
        }
    }
    transform_back(&own->down, z);
    int32_t left = own->columns - column < lanes ? own->columns - column : lanes;
    int32_t right = own->columns - column - half < lanes ? own->columns - column - half : lanes;
    for (int32_t a = 0; a < n1; a++) {
        int64_t at = (int64_t)a * own->columns + column - own->reach;
        store_cells(sound, count, at, z[2 * a], left);
        store_cells(sound, count, at + half, z[2 * a + 1], right);
    }
}

static void filter_rows(const Filter *own, float scale) {
    int32_t n2 = own->columns;
    vec same = splat(own->level * scale), more = splat(scale);
    for (int32_t group = 0; group < row_vectors(own); group++) {
        vec *z = own->cells + 2 * (int64_t)group * padded_columns(own);
        const float *gains = own->gains + (int64_t)group * n2 * WIDTH;
        const signed char *kinds = own->kinds + (int64_t)group * n2;
        transform_ahead(&own->along, z);
        for (int32_t at = 0; at < n2; at++) {
            vec gain = kinds[at] == 1 ? same : kinds[at] ? load(gains + at * WIDTH) * more : splat(0);
            z[2 * at] *= gain;
            z[2 * at + 1] *= gain;
        }
        transform_back(&own->along, z);
        /* Columns that are none share complex numbers with columns that are. */
        for (int32_t at = n2; at < padded_columns(own); at++) z[2 * at] = z[2 * at + 1] = splat(0);
    }
}

/* to ← scale · filtered sound; `sound` lies `reach` behind the beginning of `filter_values` values, all
 * of which may be overwritten; `to` may be the same. */
static void filter_sound(const Filter *own, float *sound, float *to, float scale) {
    float *begin = sound - own->reach;
    if (own->reach) { /* the circle goes on */
        int32_t n = own->samples, behind = own->length - own->reach - n;
        copy(begin, sound + n - own->reach, own->reach);
        copy(sound + n, sound, own->reach);
        clear(sound + n + own->reach, behind - own->reach);
    }
    all_columns_down(own, begin);
    filter_rows(own, scale);
    for (int32_t column = 0; column < own->half; column += WIDTH) columns_up(own, to, own->samples, column);
}

/* ---- plan ---- */

/* N₁ of a length that divides well, or 0. */
static int32_t best_rows(int32_t length, double *cost) {
    int32_t best = 0;
    for (int32_t n1 = 1; n1 <= length && n1 <= 8192; n1++) {
        if (length % n1) continue;
        int32_t n2 = length / n1;
        double down = n1 > 1 ? transform_cost(n1) : 1, along = n2 > 1 ? transform_cost(n2) : 1;
        if (down == 0 || along == 0 || n2 > 16384) continue;
        /* Whole vectors of eight, whatever this build's: all builds must choose the same. */
        double columns = (n2 + 15) / 16 * 16, rows = (n1 / 2 + 8) / 8 * 8;
        double total_cost = columns * n1 * (down + 12) + rows * 2 * n2 * (along + 3);
        if (n1 > 500) total_cost *= 1.1; /* the columns at hand leave the first-level cache */
        if (n2 > 500) total_cost *= 1.1;
        if (!best || total_cost < *cost) best = n1, *cost = total_cost;
    }
    return best;
}

static double frequency_gain(int32_t kind, double frequency_hz, double cutoff_hz, double low_cut_hz,
                             int32_t order) {
    double gain = 1;
    if (kind == HARD_CUT) {
        gain = frequency_hz <= cutoff_hz;
        if (low_cut_hz > 0 && frequency_hz < low_cut_hz) gain = 0;
    } else if (kind == BUTTERWORTH) {
        double high = 1, low = 1;
        for (int32_t power = 0; power < 2 * order; power++) {
            high *= frequency_hz / cutoff_hz;
            if (low_cut_hz > 0) low *= frequency_hz / low_cut_hz;
        }
        gain = 1 / (1 + high);
        if (low_cut_hz > 0) gain *= low / (1 + low);
    }
    return gain;
}

/* Gains of the frequencies k = 0 … length / 2 as `numpy.fft.rfftfreq` names them. */
static double hertz(int32_t k, int32_t length, double sample_rate) {
    return k * (1.0 / (length * (1.0 / sample_rate)));
}

/* Impulse response of a hard cut at a distance of t samples on a circle of n: the frequencies 0 … k
 * passed, that is sin(π(2k + 1)t / n) / (n·sin(πt / n)). */
static double cut_response(int32_t k, int32_t t, int32_t n) {
    if (k < 0) return 0;
    if (!t) return (2.0 * k + 1) / n;
    double cosine, above_line, below_line;
    turn((int64_t)(2 * (int64_t)k + 1) % (2 * (int64_t)n) * t, 2 * (int64_t)n, &cosine, &above_line);
    turn(t, 2 * (int64_t)n, &cosine, &below_line);
    return above_line / below_line / n;
}

static void set_gain(Filter *own, float *gains, signed char *kinds, int32_t group, int32_t at,
                     const float *values) {
    float *to = gains + ((int64_t)group * own->columns + at) * WIDTH;
    int none = 1, same = 1;
    for (int32_t lane = 0; lane < WIDTH; lane++) {
        to[lane] = values[lane];
        if (group * WIDTH + lane >= own->rows) continue;
        none &= values[lane] == 0;
        same &= values[lane] == own->level;
    }
    kinds[(int64_t)group * own->columns + at] = (signed char)(none ? 0 : same ? 1 : 2);
}

/* The gains of a length that was continued: the spectrum of the impulse response. */
static void gains_by_response(Filter *own, float *gains, signed char *kinds, float *room,
                              double sample_rate, double cutoff_hz, double low_cut_hz) {
    int32_t n = own->samples, most = 0, least = 0, length = own->length;
    while (most < n / 2 && hertz(most + 1, n, sample_rate) <= cutoff_hz) most++;
    while (low_cut_hz > 0 && least <= most && hertz(least, n, sample_rate) < low_cut_hz) least++;
    clear(room, filter_values(own));
    for (int32_t t = 0; t <= n / 2; t++) {
        double value = cut_response(most, t, n) - cut_response(least - 1, t, n);
        if (2 * most == n) value = t ? 0 : 1; /* everything is passed, the middle frequency once */
        if (2 * most == n) value -= cut_response(least - 1, t, n);
        if (2 * t == n) value /= 2; /* half on either side */
        room[t] = (float)value;
        if (t) room[length - t] = (float)value;
    }
    all_columns_down(own, room);
    for (int32_t group = 0; group < row_vectors(own); group++) {
        vec *z = own->cells + 2 * (int64_t)group * padded_columns(own);
        transform_ahead(&own->along, z);
        for (int32_t at = 0; at < own->columns; at++) {
            float values[WIDTH];
            store(values, z[2 * at] * splat(own->level * 0.5f));
            set_gain(own, gains, kinds, group, at, values);
        }
    }
}

/* Lay a filter out; with an arena that only counts, find what that takes: `filter_values` before
 * anything is laid out. `room` is used while gains are found. */
static void size_filter(Filter *own, int32_t samples, int32_t kind) {
    *own = (Filter){.kind = kind, .samples = samples, .length = samples};
    if (kind == OFF) return;
    double cost = 0, longest = 0;
    int32_t n1 = best_rows(samples, &cost);
    if (!n1) {
        own->reach = samples / 2;
        for (int32_t length = samples + 2 * own->reach, end = length + length / 16; length < end; length++) {
            int32_t found;
            if (length % 4 || !(found = best_rows(length, &cost))) continue;
            if (!n1 || cost < longest) own->length = length, n1 = found, longest = cost;
        }
    }
    own->columns = own->length / n1;
    own->half = (own->columns + 15) / 16 * 8;
    own->rows = n1 / 2 + 1;
    own->down.length = n1;
    own->level = (float)(0.5 / own->length);
}

static void plan_filter(Arena *arena, Filter *own, const double *reals, int32_t order, vec *cells,
                        float *room) {
    if (own->kind == OFF) return;
    int32_t n1 = own->down.length, n2 = own->columns, length = own->length;
    int32_t blocks = own->half / BLOCK + 1;
    plan_transform(arena, &own->down, n1);
    plan_transform(arena, &own->along, n2);
    float *coarse = take_floats(arena, 4 * (int64_t)blocks * own->rows);
    float *fine = take_floats(arena, 2 * (int64_t)BLOCK * own->rows);
    float *gains = take_floats(arena, (int64_t)row_vectors(own) * n2 * WIDTH);
    signed char *kinds = take(arena, (int64_t)row_vectors(own) * n2);
    own->work = take(arena, 2 * n1 * (int64_t)sizeof(vec));
    own->coarse = coarse, own->fine = fine, own->gains = gains, own->kinds = kinds;
    own->cells = cells;
    if (!arena->base) return;
    for (int32_t row = 0; row < own->rows; row++) {
        double cosine, sine;
        for (int32_t at = 0; at < 2 * blocks; at++) {
            int64_t column = at / 2 * BLOCK + (at % 2 ? own->half : 0);
            turn(row * column, length, &cosine, &sine);
            float *to = coarse + 4 * ((int64_t)(at / 2) * own->rows + row) + 2 * (at % 2);
            to[0] = (float)cosine, to[1] = (float)-sine;
        }
        for (int32_t lane = 0; lane < BLOCK; lane++) {
            turn((int64_t)row * lane, length, &cosine, &sine);
            fine[2 * BLOCK * row + lane] = (float)cosine;
            fine[2 * BLOCK * row + BLOCK + lane] = (float)-sine;
        }
    }
    double rate = reals[DREAM_SAMPLE_RATE], cutoff_hz = reals[DREAM_CUTOFF_HZ];
    double low_cut_hz = reals[DREAM_LOW_CUT_HZ];
    if (own->kind == HARD_CUT && own->reach) {
        gains_by_response(own, gains, kinds, room, rate, cutoff_hz, low_cut_hz);
        return;
    }
    for (int32_t group = 0; group < row_vectors(own); group++)
        for (int32_t at = 0; at < n2; at++) {
            float values[WIDTH];
            for (int32_t lane = 0; lane < WIDTH; lane++) {
                int32_t k = (int32_t)((group * WIDTH + lane + (int64_t)n1 * own->along.frequency[at]) % length);
                double frequency_hz = hertz(k <= length / 2 ? k : length - k, length, rate);
                double gain = frequency_gain(own->kind, frequency_hz, cutoff_hz, low_cut_hz, order);
                values[lane] = own->level * (float)gain;
            }
            set_gain(own, gains, kinds, group, at, values);
        }
}
