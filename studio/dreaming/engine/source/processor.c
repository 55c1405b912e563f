/* What the processor can do, to choose among the builds for it.
 *
 * This one function runs before anybody knows whether the build's own instructions exist here: it
 * is compiled without them. */

#include "processor.h"

DREAM_EXPORT int32_t dream_version(void) {
    return DREAM_VERSION;
}

#if defined(__x86_64__)

#include <cpuid.h>

#define ALL(word, bits) (((word) & (bits)) == (bits))

__attribute__((target("no-avx,no-fma"), noinline)) DREAM_EXPORT int32_t dream_processor(void) {
    uint32_t a, b, c, d, states = 0, extended = 0, wide = 0;
    if (!__get_cpuid(1, &a, &b, &c, &d))
        return 0;
    uint32_t first = c;
    if (first & bit_OSXSAVE) { /* which registers the system saves */
        uint32_t upper;
        __asm__ volatile("xgetbv" : "=a"(states), "=d"(upper) : "c"(0));
    }
    if (__get_cpuid(0x80000001u, &a, &b, &c, &d))
        extended = c;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d))
        wide = b;
    if (!ALL(first, bit_SSE4_2 | bit_POPCNT | bit_AVX | bit_FMA) || !ALL(states, 0x6u))
        return 0;
    if (!ALL(first, bit_MOVBE | bit_F16C) || !ALL(extended, bit_LZCNT) ||
        !ALL(wide, bit_AVX2 | bit_BMI | bit_BMI2))
        return 1;
    if (!ALL(wide, bit_AVX512F | bit_AVX512BW | bit_AVX512CD | bit_AVX512DQ | bit_AVX512VL) ||
        !ALL(states, 0xe6u))
        return 3;
    return 4;
}

#else

DREAM_EXPORT int32_t dream_processor(void) {
#if defined(__wasm_simd128__) && !defined(__wasm_relaxed_simd__)
    return 0;
#else
    return 1; /* FMA belongs to the machine */
#endif
}

#endif
