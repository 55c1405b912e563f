/* The engine: gradient ascent on a sound, for one network, recipe and length.
 *
 * A plan is made of three flat arrays, the same on every machine, and lies in memory of the caller's:
 *
 *     bytes = dream_plan_bytes(numbers, reals);          // or an error below 0
 *     dream_plan(memory, numbers, reals, weights);       // memory aligned to 64, all bytes 0
 *     dream_prepare(memory, sound, first);
 *     dream_iterate(memory, first, sound, ...);
 *
 * Any number of plans may run at the same time, each on one thread.
 */

#ifndef DREAM_ENGINE_H
#define DREAM_ENGINE_H

#include <stdint.h>

#ifndef DREAM_EXPORT
#ifdef _WIN32
#define DREAM_EXPORT __declspec(dllexport)
#else
#define DREAM_EXPORT __attribute__((visibility("default")))
#endif
#endif

enum dream_number {
    DREAM_SAMPLES,
    DREAM_LAYERS,            /* convolutions, 1 … DREAM_MOST_LAYERS */
    DREAM_TARGETS,           /* 1 … DREAM_MOST_TARGETS */
    DREAM_AFTER_SWISH,       /* where layers are heard: 0 before Swish, 1 after */
    DREAM_ITERATIONS,        /* over which smoothing grows */
    DREAM_SMOOTHING_KERNEL,  /* odd; 0: off */
    DREAM_CIRCULAR,          /* what smoothing finds beyond the ends: 0 the mirrored sound, 1 its other end;
                              * 2: so does the network */
    DREAM_LOW_PASS,          /* 0 off, 1 hard cut, 2 Butterworth */
    DREAM_LOW_PASS_ORDER,    /* of the Butterworth */
    DREAM_NORMALISATION,     /* 0 none, 1 peak, 2 RMS */
    DREAM_UNROLL,            /* 1: every shift is undone */
    DREAM_TEXTURE,           /* 0 peaked, 1 even */
    DREAM_NUMBERS,           /* so many; then each layer's four, then each target's four */
};
enum dream_layer_number { DREAM_KERNEL, DREAM_STRIDE, DREAM_PADDING, DREAM_MAPS, DREAM_LAYER_NUMBERS };
/* Layer `DREAM_LAYERS` is the log-softmax output. Map −1 stands for all. Measure: 0 response,
 * 1 activation, 2 nearness to the guide sound. Points: of the target's curve, 0 … DREAM_MOST_POINTS; the
 * output has none. */
enum dream_target_number { DREAM_LAYER, DREAM_MAP, DREAM_MEASURE, DREAM_POINTS, DREAM_TARGET_NUMBERS };

enum dream_real {
    DREAM_SAMPLE_RATE,
    DREAM_LEARNING_RATE,
    DREAM_SMOOTHING_COEFFICIENT,
    DREAM_CUTOFF_HZ,
    DREAM_LOW_CUT_HZ,  /* what lies below is removed, too; 0: nothing */
    DREAM_CLOSENESS,
    DREAM_EPSILON,     /* of batch norm */
    DREAM_TEXTURE_SECONDS, /* of a window of an even texture */
    DREAM_REALS,       /* so many; then each target's weight; then each curve's points: times, in
                        * order, as shares of the sound, and the values there, which scale the weight */
};

/* Weights are single precision: of each layer the kernel (maps, channels, kernel), the bias (maps) and,
 * of all layers but the last, batch norm's weight, bias, mean and variance (maps each). */

enum { DREAM_MOST_LAYERS = 16, DREAM_MOST_TARGETS = 4096, DREAM_MOST_POINTS = 256,
       DREAM_MOST_BYTES = 2000000000 };

enum dream_error {
    DREAM_BAD_NUMBER = -1,   /* a number outside its range */
    DREAM_TOO_SHORT = -2,    /* a layer has no steps */
    DREAM_TOO_LARGE = -3,    /* more than DREAM_MOST_BYTES */
};

DREAM_EXPORT int64_t dream_plan_bytes(const int32_t *numbers, const double *reals);
DREAM_EXPORT int32_t dream_plan(void *plan, const int32_t *numbers, const double *reals,
                                const float *weights);

/* Tell what the guide sound is, normalised and low-passed, where a target asks for it. */
DREAM_EXPORT void dream_guide(void *plan, const float *guide);

/* The sound that iteration 0 starts from: normalised and low-passed. `to` may be `sound`. */
DREAM_EXPORT void dream_prepare(void *plan, const float *sound, float *to);

/* Up to `count` iterations, the first of which is number `first`. `offsets` are the shifts of each;
 * `home` is the sound to stay close to, shifted as `sound` is, or null. After each iteration it is
 * looked whether `*stop` is not 0 (null: never stop). The response before each iteration and the
 * standard deviation of its smoothed gradient are written to `responses` and `deviations`. Returns how
 * many iterations were done. That ends before an iteration whose numbers are not finite or whose
 * deviation is 0, which is noted all the same; `to` is then the last good sound. `to` may be `sound`. */
DREAM_EXPORT int32_t dream_iterate(void *plan, const float *sound, float *to, const float *home,
                                   int32_t first, int32_t count, const int32_t *offsets,
                                   const volatile int32_t *stop, double *responses,
                                   double *deviations);

/* The response to a sound, and its gradient, not smoothed. */
DREAM_EXPORT double dream_response(void *plan, const float *sound);
DREAM_EXPORT double dream_gradient(void *plan, const float *sound, float *gradient);

#endif
