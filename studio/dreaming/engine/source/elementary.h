/* Roots, exponentials, logarithms, sines: everyone's library rounds them differently, so they are made
 * here of additions, multiplications and divisions, which IEEE 754 leaves no choice. */

#ifndef DREAM_ELEMENTARY_H
#define DREAM_ELEMENTARY_H

#include "vector.h"

/* An instruction everywhere, and rounded exactly. */
INLINE double square_root(double x) { return __builtin_sqrt(x); }

INLINE double power_of_two(int64_t exponent) {
    union { int64_t bits; double value; } made = {.bits = (exponent + 1023) << 52};
    return made.value;
}

#define LN2_HIGH 6.93147180369123816490e-01 /* ln 2 in two parts: the first with 21 zeros behind */
#define LN2_LOW 1.90821492927058770002e-10

/* e^x to about 1e-16 by x = n·ln 2 + r, |r| ≤ ln 2 / 2, and the series of e^r. */
static double exponential(double x) {
    if (x < -700) return 0;
    if (x > 700) x = 700;
    int64_t n = (int64_t)(x * 1.4426950408889634 + (x < 0 ? -0.5 : 0.5));
    double r = (x - (double)n * LN2_HIGH) - (double)n * LN2_LOW;
    double sum = 1;
    for (int term = 14; term; term--) sum = 1 + sum * r / term;
    return sum * power_of_two(n);
}

/* ln x of a number above 0 to about 1e-16 of it, by x = 2^n·m, √½ ≤ m < √2, and ln m = 2·artanh((m − 1) / (m + 1)). */
static double logarithm(double x) {
    union { double value; int64_t bits; } parts = {.value = x};
    int64_t n = (parts.bits >> 52) - 1023;
    parts.bits = (parts.bits & 0xfffffffffffff) | ((int64_t)1023 << 52);
    double m = parts.value;
    if (m > 1.4142135623730951) m /= 2, n++;
    double t = (m - 1) / (m + 1), square = t * t, sum = 0;
    for (int power = 25; power > 0; power -= 2) sum = sum * square + 1.0 / power;
    return (double)n * LN2_HIGH + (2 * t * sum + (double)n * LN2_LOW);
}

static double sine_of_small(double x) {
    double square = x * x, sum = 1;
    for (int n = 16; n; n -= 2) sum = 1 - sum * square / (n * (n + 1));
    return x * sum;
}
static double cosine_of_small(double x) {
    double square = x * x, sum = 1;
    for (int n = 17; n > 0; n -= 2) sum = 1 - sum * square / (n * (n + 1));
    return sum;
}

/* Cosine and sine of 2π·part/whole. The eighth of the circle is found in whole numbers, so that only
 * angles up to π/4 are left. */
static void turn(int64_t part, int64_t whole, double *cosine, double *sine) {
    part %= whole;
    if (part < 0) part += whole;
    int64_t eighth = 8 * part / whole, rest = 8 * part - eighth * whole;
    if (eighth & 1) rest = whole - rest;
    double angle = 0.78539816339744830962 * ((double)rest / (double)whole);
    double c = cosine_of_small(angle), s = sine_of_small(angle);
    int swaps = ((eighth + 1) & 2) != 0;
    double across = swaps ? s : c, up = swaps ? c : s;
    *cosine = eighth >= 2 && eighth < 6 ? -across : across;
    *sine = eighth >= 4 ? -up : up;
}

/* e^x of every element, to 2⁻²³ of it; x is held between −87 and 87. As above, and e^r − 1 − r is r²
 * times a polynomial with the least greatest error (found by Remez' algorithm). */
INLINE vec vec_exponential(vec x) {
    x = highest(lowest(x, splat(87.0f)), splat(-87.0f));
    /* Adding 1.5·2²³ rounds to a whole number, which then lies in the lowest bits. */
    vec shifted = fma(x, splat(1.44269504f), splat(12582912.0f));
    vec n = shifted - splat(12582912.0f);
    vec r = fnma(n, splat(0.693359375f), x);
    r = fnma(n, splat(-2.12194440e-4f), r);
    vec p = splat(1.3814467e-3f);
    p = fma(p, r, splat(8.368781e-3f));
    p = fma(p, r, splat(4.1668393e-2f));
    p = fma(p, r, splat(1.666652e-1f));
    p = fma(p, r, splat(4.9999994e-1f));
    p = fma(p, r * r, r) + splat(1.0f);
    return (vec)((vec_bits)p + ((vec_bits)shifted << 23));
}

#endif
