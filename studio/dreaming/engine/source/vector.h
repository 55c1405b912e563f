/* Vectors of single precision whose width the build chooses, and sums that do not depend on it.
 *
 * Every build must give the same bytes. What is done to each element alone may be done so many at a
 * time as the processor likes (`vec`). What is summed over elements is summed in lanes whose number
 * is fixed here, whatever the width of a register (`float8`, `double8`). Only `fma` rounds once; a
 * product and a sum that are written as two operations round twice, everywhere.
 */

#ifndef DREAM_VECTOR_H
#define DREAM_VECTOR_H

#include <stdint.h>

#ifndef ENGINE_VECTOR_BYTES
#define ENGINE_VECTOR_BYTES 16
#endif

enum { WIDTH = ENGINE_VECTOR_BYTES / 4 };

#define INLINE static inline __attribute__((always_inline))
#define APART static __attribute__((noinline))
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif

typedef float vec __attribute__((vector_size(ENGINE_VECTOR_BYTES)));
typedef uint32_t vec_bits __attribute__((vector_size(ENGINE_VECTOR_BYTES)));
typedef float vec_anywhere __attribute__((vector_size(ENGINE_VECTOR_BYTES), aligned(4), may_alias));

typedef float float8 __attribute__((vector_size(32)));
typedef float float8_anywhere __attribute__((vector_size(32), aligned(4), may_alias));
typedef double double8 __attribute__((vector_size(64)));

INLINE vec load(const float *from) { return *(const vec_anywhere *)from; }
INLINE void store(float *to, vec value) { *(vec_anywhere *)to = value; }
INLINE vec splat(float value) { return value - (vec){0}; }

/* a · b + c and c − a · b, rounded once; twice where WebAssembly has no such instruction. */
#if defined(__wasm__) && !defined(__wasm_relaxed_simd__)
INLINE vec fma(vec a, vec b, vec c) { return a * b + c; }
INLINE vec fnma(vec a, vec b, vec c) { return c - a * b; }
#elif defined(__wasm__)
INLINE vec fma(vec a, vec b, vec c) { return __builtin_wasm_relaxed_madd_f32x4(a, b, c); }
INLINE vec fnma(vec a, vec b, vec c) { return __builtin_wasm_relaxed_nmadd_f32x4(a, b, c); }
#elif defined(__clang__)
INLINE vec fma(vec a, vec b, vec c) { return __builtin_elementwise_fma(a, b, c); }
INLINE vec fnma(vec a, vec b, vec c) { return __builtin_elementwise_fma(-a, b, c); }
#else
INLINE vec fma(vec a, vec b, vec c) {
    for (int lane = 0; lane < WIDTH; lane++) c[lane] = __builtin_fmaf(a[lane], b[lane], c[lane]);
    return c;
}
INLINE vec fnma(vec a, vec b, vec c) { return fma(-a, b, c); }
#endif

INLINE vec select(vec_bits where, vec a, vec b) {
    return (vec)(((vec_bits)a & where) | ((vec_bits)b & ~where));
}
INLINE vec highest(vec a, vec b) { return select((vec_bits)(a > b), a, b); }
INLINE vec lowest(vec a, vec b) { return select((vec_bits)(a < b), a, b); }
INLINE vec magnitude(vec a) { return (vec)((vec_bits)a & 0x7fffffff); }

INLINE float highest_lane(vec value) {
    float found = value[0];
    for (int lane = 1; lane < WIDTH; lane++) found = value[lane] > found ? value[lane] : found;
    return found;
}

/* The first `count` values, and 0 for the others. */
INLINE vec load_some(const float *from, int64_t count) {
    float values[WIDTH] = {0};
    for (int64_t at = 0; at < count; at++) values[at] = from[at];
    return load(values);
}
INLINE void store_some(float *to, vec value, int64_t count) {
    for (int64_t at = 0; at < count; at++) to[at] = value[at];
}

INLINE float8 load8(const float *from) { return *(const float8_anywhere *)from; }
INLINE void store8(float *to, float8 value) { *(float8_anywhere *)to = value; }
INLINE float8 load8_some(const float *from, int64_t count) {
    float8 value = {0};
    for (int64_t at = 0; at < count; at++) value[at] = from[at];
    return value;
}
INLINE double8 widen(float8 value) { return __builtin_convertvector(value, double8); }
INLINE double total(double8 v) {
    return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

/* Rows become columns: WIDTH vectors, `stride` of them from one to the next. */
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#if ENGINE_VECTOR_BYTES == 16
INLINE void exchange1(vec *a, vec *b) {
    vec low = SHUFFLE(*a, *b, 0, 4, 1, 5), high = SHUFFLE(*a, *b, 2, 6, 3, 7);
    *a = low, *b = high;
}
INLINE void exchange2(vec *a, vec *b) {
    vec low = SHUFFLE(*a, *b, 0, 1, 4, 5), high = SHUFFLE(*a, *b, 2, 3, 6, 7);
    *a = low, *b = high;
}
#elif ENGINE_VECTOR_BYTES == 32
INLINE void exchange1(vec *a, vec *b) {
    vec low = SHUFFLE(*a, *b, 0, 8, 1, 9, 4, 12, 5, 13);
    vec high = SHUFFLE(*a, *b, 2, 10, 3, 11, 6, 14, 7, 15);
    *a = low, *b = high;
}
INLINE void exchange2(vec *a, vec *b) {
    vec low = SHUFFLE(*a, *b, 0, 1, 8, 9, 4, 5, 12, 13);
    vec high = SHUFFLE(*a, *b, 2, 3, 10, 11, 6, 7, 14, 15);
    *a = low, *b = high;
}
INLINE void exchange4(vec *a, vec *b) {
    vec low = SHUFFLE(*a, *b, 0, 1, 2, 3, 8, 9, 10, 11);
    vec high = SHUFFLE(*a, *b, 4, 5, 6, 7, 12, 13, 14, 15);
    *a = low, *b = high;
}
#else
INLINE void exchange1(vec *a, vec *b) {
    vec low = SHUFFLE(*a, *b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
    vec high = SHUFFLE(*a, *b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
    *a = low, *b = high;
}
INLINE void exchange2(vec *a, vec *b) {
    vec low = SHUFFLE(*a, *b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
    vec high = SHUFFLE(*a, *b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
    *a = low, *b = high;
}
INLINE void exchange4(vec *a, vec *b) {
    vec low = SHUFFLE(*a, *b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27);
    vec high = SHUFFLE(*a, *b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
    *a = low, *b = high;
}
INLINE void exchange8(vec *a, vec *b) {
    vec low = SHUFFLE(*a, *b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
    vec high = SHUFFLE(*a, *b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
    *a = low, *b = high;
}
#endif

INLINE void transpose(const vec *from, int64_t from_stride, vec *to, int64_t to_stride) {
    vec v[WIDTH];
    UNROLL
    for (int row = 0; row < WIDTH; row++) v[row] = from[row * from_stride];
    /* Blocks of four lanes change places first, where there are several; then within fours:
     * rows (0, 1), (2, 3) are woven by single lanes, then by pairs. */
#if ENGINE_VECTOR_BYTES >= 64
    UNROLL
    for (int row = 0; row < 8; row++) exchange8(&v[row], &v[row + 8]);
#endif
#if ENGINE_VECTOR_BYTES >= 32
    UNROLL
    for (int row = 0; row < WIDTH; row++)
        if (!(row & 4)) exchange4(&v[row], &v[row + 4]);
#endif
    UNROLL
    for (int row = 0; row < WIDTH; row += 4) {
        exchange1(&v[row], &v[row + 1]);     /* a0 b0 a1 b1 | a2 b2 a3 b3 */
        exchange1(&v[row + 2], &v[row + 3]); /* c0 d0 c1 d1 | c2 d2 c3 d3 */
        exchange2(&v[row], &v[row + 2]);     /* a0 b0 c0 d0 | a1 b1 c1 d1 */
        exchange2(&v[row + 1], &v[row + 3]); /* a2 b2 c2 d2 | a3 b3 c3 d3 */
        to[row * to_stride] = v[row];
        to[(row + 1) * to_stride] = v[row + 2];
        to[(row + 2) * to_stride] = v[row + 1];
        to[(row + 3) * to_stride] = v[row + 3];
    }
}

#endif
