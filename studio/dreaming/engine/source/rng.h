/* Random numbers and built-in sounds that are the same on every machine; see rng.c. */

#ifndef DREAM_RNG_H
#define DREAM_RNG_H

#include <stdint.h>

#ifndef DREAM_EXPORT
#ifdef _WIN32
#define DREAM_EXPORT __declspec(dllexport)
#else
#define DREAM_EXPORT __attribute__((visibility("default")))
#endif
#endif

/* A stream of random numbers. The caller owns the memory: 48 bytes, aligned to 8. */
typedef struct {
    uint64_t state_high, state_low;
    uint64_t increment_high, increment_low;
    uint32_t waiting; /* whether half a number is still to be used */
    uint32_t half;
} dream_generator;

DREAM_EXPORT void dream_seed(dream_generator *chance, const uint32_t *words, int32_t count,
                             int32_t child);
DREAM_EXPORT void dream_integers(dream_generator *chance, int32_t low, int32_t high, int32_t *drawn,
                                 int32_t count);
DREAM_EXPORT void dream_normals(dream_generator *chance, float *drawn, int32_t count);
DREAM_EXPORT void dream_tone(float *sound, int32_t samples, double frequency_hz,
                             double sample_rate);

#endif
