/* Short complex Fourier transforms, one in every lane of a vector, in place.
 *
 * Ahead (decimation in frequency): with n = r·q, the r sums
 *
 *     z_k[j] = ω(n)^{j·k} · Σ_i ω(r)^{i·k} · z[j + i·q],      ω(n) = exp(−2πi / n),             (1)
 *
 * take the places of what they are made of; the frequencies k + r·k' are the transform of z_k. Back
 * (decimation in time): the same steps in reverse. So frequencies lie in an order of their own
 * (`frequency`), which nobody minds: what happens to them happens in that order.
 *
 * Back needs conjugate factors: exchanging real and imaginary parts of all numbers is the same.
 */

#include "elementary.h"
#include "memory.h"

enum { MOST_STAGES = 24, LARGEST_PRIME = 31 };

typedef struct {
    int32_t radix, blocks, hop; /* r of (1), how many times, q */
    const float *factors;       /* ω(n)^{j·k}, [q][r − 1][2] */
    const float *roots;         /* ω(r)^i, [r][2], of a radix that has no routine of its own */
} Stage;

typedef struct {
    int32_t length, count;
    Stage stage[MOST_STAGES];
    const int32_t *frequency; /* of every place */
    const int32_t *place;     /* of every frequency */
} Transform;

typedef struct {
    vec re, im;
} Complex;

INLINE Complex plus(Complex a, Complex b) { return (Complex){a.re + b.re, a.im + b.im}; }
INLINE Complex minus(Complex a, Complex b) { return (Complex){a.re - b.re, a.im - b.im}; }
INLINE Complex times(Complex z, const float *factor) {
    vec c = splat(factor[0]), s = splat(factor[1]);
    return (Complex){fnma(z.im, s, z.re * c), fma(z.re, s, z.im * c)};
}
/* a + s·x for real s */
INLINE Complex add(Complex a, Complex x, float s) {
    return (Complex){fma(x.re, splat(s), a.re), fma(x.im, splat(s), a.im)};
}
INLINE Complex scaled(Complex x, float s) { return (Complex){x.re * splat(s), x.im * splat(s)}; }
/* a − i·b and a + i·b */
INLINE Complex below(Complex a, Complex b) { return (Complex){a.re + b.im, a.im - b.re}; }
INLINE Complex above(Complex a, Complex b) { return (Complex){a.re - b.im, a.im + b.re}; }

INLINE void transform2(Complex *z) {
    Complex a = z[0];
    z[0] = plus(a, z[1]);
    z[1] = minus(a, z[1]);
}
INLINE void transform3(Complex *z) {
    Complex sum = plus(z[1], z[2]), difference = scaled(minus(z[1], z[2]), 0.8660254037844386f);
    Complex half = add(z[0], sum, -0.5f);
    z[0] = plus(z[0], sum);
    z[1] = below(half, difference);
    z[2] = above(half, difference);
}
INLINE void transform4(Complex *z) {
    Complex a = plus(z[0], z[2]), b = minus(z[0], z[2]), c = plus(z[1], z[3]), d = minus(z[1], z[3]);
    z[0] = plus(a, c);
    z[2] = minus(a, c);
    z[1] = below(b, d);
    z[3] = above(b, d);
}
INLINE void transform5(Complex *z) {
    const float c1 = 0.30901699437494745f, c2 = -0.8090169943749475f;
    const float s1 = 0.9510565162951535f, s2 = 0.5877852522924731f;
    Complex p = plus(z[1], z[4]), q = plus(z[2], z[3]), m = minus(z[1], z[4]), n = minus(z[2], z[3]);
    Complex a = add(add(z[0], p, c1), q, c2), b = add(add(z[0], p, c2), q, c1);
    Complex c = add(scaled(m, s1), n, s2), d = add(scaled(m, s2), n, -s1);
    z[0] = plus(z[0], plus(p, q));
    z[1] = below(a, c);
    z[4] = above(a, c);
    z[2] = below(b, d);
    z[3] = above(b, d);
}
INLINE void transform7(Complex *z) {
    const float c1 = 0.6234898018587336f, c2 = -0.2225209339563144f, c3 = -0.9009688679024191f;
    const float s1 = 0.7818314824680298f, s2 = 0.9749279121818236f, s3 = 0.4338837391175581f;
    Complex p = plus(z[1], z[6]), q = plus(z[2], z[5]), r = plus(z[3], z[4]);
    Complex l = minus(z[1], z[6]), m = minus(z[2], z[5]), n = minus(z[3], z[4]), first = z[0];
    Complex a = add(add(add(first, p, c1), q, c2), r, c3), d = add(add(scaled(l, s1), m, s2), n, s3);
    z[0] = plus(first, plus(p, plus(q, r)));
    z[1] = below(a, d);
    z[6] = above(a, d);
    a = add(add(add(first, p, c2), q, c3), r, c1), d = add(add(scaled(l, s2), m, -s3), n, -s1);
    z[2] = below(a, d);
    z[5] = above(a, d);
    a = add(add(add(first, p, c3), q, c1), r, c2), d = add(add(scaled(l, s3), m, -s1), n, s2);
    z[3] = below(a, d);
    z[4] = above(a, d);
}
/* An odd prime: sums and differences of z[i] and z[r − i] meet cosines and sines. */
APART void transform_prime(Complex *z, int32_t radix, const float *roots) {
    Complex sums[LARGEST_PRIME / 2], differences[LARGEST_PRIME / 2], first = z[0], all = z[0];
    int32_t half = radix / 2;
    for (int32_t i = 0; i < half; i++) {
        sums[i] = plus(z[i + 1], z[radix - 1 - i]);
        differences[i] = minus(z[i + 1], z[radix - 1 - i]);
        all = plus(all, sums[i]);
    }
    z[0] = all;
    for (int32_t k = 1; k <= half; k++) {
        Complex a = first, d = {splat(0), splat(0)};
        for (int32_t i = 1, at = k; i <= half; i++, at = (at + k) % radix) {
            a = add(a, sums[i - 1], roots[2 * at]);
            d = add(d, differences[i - 1], -roots[2 * at + 1]);
        }
        z[k] = below(a, d);
        z[radix - k] = above(a, d);
    }
}

/* One stage; `transform` and its radix r are known to the compiler. */
INLINE void stage_of(vec *values, const Stage *stage, void (*transform)(Complex *), const int r,
                     const int returns) {
    int32_t q = stage->hop;
    const int re = returns, im = !returns;
    for (int32_t block = 0; block < stage->blocks; block++) {
        vec *own = values + 2 * (int64_t)block * r * q;
        const float *factor = stage->factors;
        for (int32_t j = 0; j < q; j++, own += 2, factor += 2 * (r - 1)) {
            Complex z[7];
            UNROLL
            for (int k = 0; k < r; k++) {
                z[k] = (Complex){own[2 * k * q + re], own[2 * k * q + im]};
                if (returns && k) z[k] = times(z[k], factor + 2 * (k - 1));
            }
            transform(z);
            UNROLL
            for (int k = 0; k < r; k++) {
                if (!returns && k) z[k] = times(z[k], factor + 2 * (k - 1));
                own[2 * k * q + re] = z[k].re;
                own[2 * k * q + im] = z[k].im;
            }
        }
    }
}

/* Without factors: of the last stage all are 1. */
INLINE void last_stage_of(vec *values, const Stage *stage, void (*transform)(Complex *), const int r,
                          const int returns) {
    const int re = returns, im = !returns;
    for (int32_t block = 0; block < stage->blocks; block++, values += 2 * r) {
        Complex z[7];
        UNROLL
        for (int k = 0; k < r; k++) z[k] = (Complex){values[2 * k + re], values[2 * k + im]};
        transform(z);
        UNROLL
        for (int k = 0; k < r; k++) values[2 * k + re] = z[k].re, values[2 * k + im] = z[k].im;
    }
}

#define STAGE(r)                                                                                     \
    APART void ahead_##r(vec *values, const Stage *stage) {                                          \
        if (stage->hop > 1)                                                                          \
            stage_of(values, stage, transform##r, r, 0);                                             \
        else                                                                                         \
            last_stage_of(values, stage, transform##r, r, 0);                                        \
    }                                                                                                \
    APART void back_##r(vec *values, const Stage *stage) {                                           \
        if (stage->hop > 1)                                                                          \
            stage_of(values, stage, transform##r, r, 1);                                             \
        else                                                                                         \
            last_stage_of(values, stage, transform##r, r, 1);                                        \
    }
STAGE(2) STAGE(3) STAGE(4) STAGE(5) STAGE(7)

APART void stage_of_prime(vec *values, const Stage *stage, int returns) {
    int32_t r = stage->radix, q = stage->hop, re = returns, im = !returns;
    for (int32_t block = 0; block < stage->blocks; block++) {
        vec *own = values + 2 * (int64_t)block * r * q;
        const float *factor = stage->factors;
        for (int32_t j = 0; j < q; j++, own += 2, factor += 2 * (r - 1)) {
            Complex z[LARGEST_PRIME];
            for (int32_t k = 0; k < r; k++) {
                z[k] = (Complex){own[2 * (int64_t)k * q + re], own[2 * (int64_t)k * q + im]};
                if (returns && k) z[k] = times(z[k], factor + 2 * (k - 1));
            }
            transform_prime(z, r, stage->roots);
            for (int32_t k = 0; k < r; k++) {
                if (!returns && k) z[k] = times(z[k], factor + 2 * (k - 1));
                own[2 * (int64_t)k * q + re] = z[k].re;
                own[2 * (int64_t)k * q + im] = z[k].im;
            }
        }
    }
}
static void ahead_prime(vec *values, const Stage *stage) { stage_of_prime(values, stage, 0); }
static void back_prime(vec *values, const Stage *stage) { stage_of_prime(values, stage, 1); }

typedef void StageRoutine(vec *, const Stage *);

static StageRoutine *routine(int32_t radix, int returns) {
    switch (radix) {
        case 2: return returns ? back_2 : ahead_2;
        case 3: return returns ? back_3 : ahead_3;
        case 4: return returns ? back_4 : ahead_4;
        case 5: return returns ? back_5 : ahead_5;
        case 7: return returns ? back_7 : ahead_7;
        default: return returns ? back_prime : ahead_prime;
    }
}

static void transform_ahead(const Transform *own, vec *values) {
    for (int32_t at = 0; at < own->count; at++) routine(own->stage[at].radix, 0)(values, &own->stage[at]);
}
static void transform_back(const Transform *own, vec *values) {
    for (int32_t at = own->count; at--;) routine(own->stage[at].radix, 1)(values, &own->stage[at]);
}

/* The next radix of a length: primes up to LARGEST_PRIME, and 4. Returns 0 where there is none. */
static int32_t next_radix(int32_t length) {
    static const int32_t order[] = {4, 7, 5, 3, 2, 11, 13, 17, 19, 23, 29, 31};
    for (int at = 0; at < 12; at++)
        if (length % order[at] == 0) return order[at];
    return 0;
}

/* Operations per value, about; or 0 where a length has too large a factor. */
static double transform_cost(int32_t length) {
    double cost = 1;
    while (length > 1) {
        int32_t radix = next_radix(length);
        if (!radix) return 0;
        cost += radix <= 7 ? 9 + radix : 10 + 2 * radix;
        length /= radix;
    }
    return cost;
}

static void plan_transform(Arena *arena, Transform *own, int32_t length) {
    own->length = length;
    own->count = 0;
    int32_t *frequency = take_integers(arena, length), *place = take_integers(arena, length);
    for (int32_t left = length, blocks = 1; left > 1;) {
        int32_t radix = next_radix(left), hop = left / radix;
        float *factors = take_floats(arena, (int64_t)hop * (radix - 1) * 2);
        float *roots = radix > 7 ? take_floats(arena, radix * 2) : 0;
        if (arena->base) {
            own->stage[own->count] = (Stage){radix, blocks, hop, factors, roots};
            for (int32_t j = 0; j < hop; j++)
                for (int32_t k = 1; k < radix; k++) {
                    double cosine, sine;
                    turn((int64_t)j * k, left, &cosine, &sine);
                    *factors++ = (float)cosine;
                    *factors++ = (float)-sine;
                }
            for (int32_t i = 0; roots && i < radix; i++) {
                double cosine, sine;
                turn(i, radix, &cosine, &sine);
                roots[2 * i] = (float)cosine;
                roots[2 * i + 1] = (float)-sine;
            }
        }
        own->count++;
        blocks *= radix;
        left = hop;
    }
    own->frequency = frequency;
    own->place = place;
    if (!arena->base) return;
    for (int32_t at = 0; at < length; at++) {
        int32_t found = 0, rest = at, unit = 1;
        for (int32_t number = 0; number < own->count; number++) {
            const Stage *stage = &own->stage[number];
            found += unit * (rest / stage->hop);
            rest %= stage->hop;
            unit *= stage->radix;
        }
        frequency[at] = found;
        place[found] = at;
    }
}
