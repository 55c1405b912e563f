/* Plans, and whole iterations:
 *
 *     x ← L · shift( (x + η·(g − mean g) / sd g) / level ),     g = K · ∇response(x)             (1)
 *
 * with the smoothing K and the low-pass L. L is linear, so that 1 / level goes into its gain; it is
 * circular, so that shifting back afterwards is never having shifted.
 */

#include "engine.h"
#include "filter.c"
#include "network.c"
#include "passes.c"

enum { PLAIN, PEAK, RMS };
enum { LOOP = 2 }; /* of DREAM_CIRCULAR */

typedef struct {
    int32_t samples, iterations, kernel, circular, normalisation, unroll;
    double coefficient, learning_rate, closeness;
    Network net;
    Filter filter;
    float half[MOST_REACH + 1]; /* kernel of smoothing */
} Plan;

static int lies(int64_t value, int64_t least, int64_t most) { return value >= least && value <= most; }

/* Whether all numbers make sense and stay within what their types hold. */
static int32_t check(const int32_t *numbers) {
    int32_t layers = numbers[DREAM_LAYERS], targets = numbers[DREAM_TARGETS];
    int32_t kernel = numbers[DREAM_SMOOTHING_KERNEL], samples = numbers[DREAM_SAMPLES];
    if (!lies(samples, 16, 1 << 24) || !lies(layers, 1, DREAM_MOST_LAYERS) ||
        !lies(targets, 1, DREAM_MOST_TARGETS) || !lies(numbers[DREAM_AFTER_SWISH], 0, 1) ||
        !lies(numbers[DREAM_ITERATIONS], 1, 1 << 24) || !lies(kernel, 0, 2 * MOST_REACH + 1) ||
        (kernel && kernel % 2 == 0) || kernel / 2 >= samples || !lies(numbers[DREAM_CIRCULAR], 0, LOOP) ||
        !lies(numbers[DREAM_TEXTURE], 0, 1) ||
        !lies(numbers[DREAM_LOW_PASS], OFF, BUTTERWORTH) ||
        !lies(numbers[DREAM_LOW_PASS_ORDER], 1, 64) ||
        !lies(numbers[DREAM_NORMALISATION], PLAIN, RMS) || !lies(numbers[DREAM_UNROLL], 0, 1))
        return DREAM_BAD_NUMBER;
    const int32_t *row = numbers + DREAM_NUMBERS, *first = row;
    int64_t channels = 1, steps = samples;
    for (int32_t layer = 0; layer < layers; layer++, row += DREAM_LAYER_NUMBERS) {
        int32_t k = row[DREAM_KERNEL], s = row[DREAM_STRIDE], maps = row[DREAM_MAPS];
        if (!lies(k, 1, 1 << 16) || !lies(s, 1, 1 << 16) || !lies(row[DREAM_PADDING], 0, k) ||
            !lies(maps, 1, 1 << 14))
            return DREAM_BAD_NUMBER;
        int64_t padded = steps + 2 * (int64_t)row[DREAM_PADDING];
        if (padded < k) return DREAM_TOO_SHORT;
        steps = (padded - k) / s + 1;
        if (k * channels * maps > 1 << 26 || (k + s) * channels > 1 << 24 ||
            ((k / s) + 2) * (int64_t)maps > 1 << 24 || (steps + k / s + 2) * maps > 1 << 28)
            return DREAM_TOO_LARGE;
        channels = maps;
    }
    int32_t deepest = 0;
    for (int32_t target = 0; target < targets; target++, row += DREAM_TARGET_NUMBERS) {
        int32_t layer = row[DREAM_LAYER];
        if (!lies(layer, 0, layers)) return DREAM_BAD_NUMBER;
        if (layer > deepest) deepest = layer;
        int32_t at = layer < layers ? layer : layers - 1;
        if (!lies(row[DREAM_MAP], -1, first[at * DREAM_LAYER_NUMBERS + DREAM_MAPS] - 1) ||
            !lies(row[DREAM_MEASURE], RESPONSE, MEASURES - 1) ||
            !lies(row[DREAM_POINTS], 0, layer < layers ? DREAM_MOST_POINTS : 0))
            return DREAM_BAD_NUMBER;
    }
    /* A circle: every layer that is computed has a whole number of steps on it. */
    steps = samples;
    for (row = first; numbers[DREAM_CIRCULAR] == LOOP && deepest >= 0 && layers > 0; layers--, deepest--) {
        int32_t stride = row[DREAM_STRIDE], padding = row[DREAM_PADDING];
        if (row[DREAM_KERNEL] != 2 * padding + 1 || padding > steps || steps % stride) return DREAM_BAD_NUMBER;
        steps /= stride;
        row += DREAM_LAYER_NUMBERS;
    }
    return 0;
}

/* Lay a plan out, or count what it takes. Done once for thousands of iterations: made small. */
__attribute__((cold, noinline)) static int32_t lay_plan(Arena *arena, const int32_t *numbers,
                                                        const double *reals,
                                                        const float *weights) {
    Plan counted, *plan = take(arena, sizeof(Plan));
    if (!plan) plan = &counted;
    int32_t samples = numbers[DREAM_SAMPLES];
    *plan = (Plan){.samples = samples, .iterations = numbers[DREAM_ITERATIONS],
                   .kernel = numbers[DREAM_SMOOTHING_KERNEL], .circular = numbers[DREAM_CIRCULAR],
                   .normalisation = numbers[DREAM_NORMALISATION], .unroll = numbers[DREAM_UNROLL],
                   .coefficient = reals[DREAM_SMOOTHING_COEFFICIENT],
                   .learning_rate = reals[DREAM_LEARNING_RATE], .closeness = reals[DREAM_CLOSENESS]};
    size_filter(&plan->filter, samples, numbers[DREAM_LOW_PASS]);
    /* Before the sound that climbs: the ends that smoothing sees, or the circle that goes on. */
    int64_t margin = plan->filter.length + 2 * BLOCK + MOST_REACH + 1 - samples + 2 * LINE;
    int64_t cells = 2 * (int64_t)row_vectors(&plan->filter) * padded_columns(&plan->filter) * WIDTH;
    cells += 2 * WIDTH * WIDTH; /* vectors may reach beyond the last column */
    int64_t wire = cells > samples + 4 * WIDTH ? cells : samples + 4 * WIDTH;
    const int32_t *heard = numbers + DREAM_NUMBERS + numbers[DREAM_LAYERS] * DREAM_LAYER_NUMBERS;
    const double *target_weights = reals + DREAM_REALS;
    int32_t count = numbers[DREAM_TARGETS];
    Targets targets = {heard, target_weights, target_weights + count, count, 0,
                       numbers[DREAM_CIRCULAR] == LOOP};
    if (numbers[DREAM_TEXTURE]) {
        double cells = 2 * samples / (reals[DREAM_SAMPLE_RATE] * reals[DREAM_TEXTURE_SECONDS]) + 0.5;
        targets.cells = !(cells > 1) ? 1 : cells < samples ? (int32_t)cells : samples;
    }
    int32_t error = plan_network(arena, &plan->net, &targets, numbers, reals[DREAM_EPSILON], weights,
                                 (margin + LINE - 1) / LINE * LINE, wire);
    if (error) return error;
    plan_filter(arena, &plan->filter, reals, numbers[DREAM_LOW_PASS_ORDER], (vec *)plan->net.wire,
                plan->net.gradient);
    return 0;
}

int64_t dream_plan_bytes(const int32_t *numbers, const double *reals) {
    int32_t error = check(numbers);
    if (error) return error;
    Arena arena = {0, 0};
    if ((error = lay_plan(&arena, numbers, reals, 0))) return error;
    return arena.used <= DREAM_MOST_BYTES ? arena.used : DREAM_TOO_LARGE;
}

int32_t dream_plan(void *memory, const int32_t *numbers, const double *reals, const float *weights) {
    int32_t error = check(numbers);
    Arena arena = {memory, 0};
    return error ? error : lay_plan(&arena, numbers, reals, weights);
}

static float *sound_of(Plan *plan) { return plan->net.layer[0].input + plan->net.layer[0].padding; }
static float *gradient_of(Plan *plan) { return plan->net.gradient + plan->net.layer[0].padding; }

static double level_of(const Plan *plan, const float *sound) {
    if (plan->normalisation == PLAIN) return 1;
    double level = plan->normalisation == PEAK ? peak_of(sound, plan->samples) : rms_of(sound, plan->samples);
    return level > 0 ? level : 1;
}

/* Normalise and low-pass what lies where the gradient lay. */
static void settle(Plan *plan, float *to) {
    float *climbed = gradient_of(plan), scale = (float)(1 / level_of(plan, climbed));
    if (plan->filter.kind == OFF)
        scale_sound(climbed, to, scale, plan->samples);
    else
        filter_sound(&plan->filter, climbed, to, scale);
}

static int is_finite(double value) { return value - value == 0; }

/* One iteration on the plan's own sound; returns 0, and leaves it, where it cannot go on. */
static int iterate(Plan *plan, const float *home, int64_t home_shift, int32_t number, int64_t offset,
                   double *response, double *deviation) {
    int64_t samples = plan->samples;
    float *x = sound_of(plan), *gradient = gradient_of(plan), *smoothed = plan->net.wire;
    *response = listen(&plan->net);
    descend(&plan->net);
    int32_t reach = plan->kernel / 2;
    if (plan->kernel)
        cascade_kernel(2.0 * (number + 1) / plan->iterations + plan->coefficient, reach, plan->half);
    else
        plan->half[0] = 1;
    continue_ends(gradient, samples, reach, plan->circular);
    Spread spread = smooth(gradient, samples, plan->half, reach, smoothed);
    *deviation = spread.deviation;
    double rate = plan->learning_rate / spread.deviation;
    if (!is_finite(*response) || !(spread.deviation > 0) || !(rate < 3e38)) return 0;
    double pull = plan->learning_rate * plan->closeness;
    for (int64_t t = 0; t < samples;) { /* as far as neither the sound nor its home is cut */
        int64_t to = (t + offset) % samples, from = (t + samples - home_shift) % samples;
        int64_t end = samples - t;
        if (samples - to < end) end = samples - to;
        if (home && samples - from < end) end = samples - from;
        climb(x + t, home ? home + from : 0, (float)(pull < 1 ? pull : 1), smoothed + t, (float)rate,
              (float)spread.mean, gradient + to, end);
        t += end;
    }
    settle(plan, x);
    return 1;
}

int32_t dream_iterate(void *memory, const float *sound, float *to, const float *home, int32_t first,
                      int32_t count, const int32_t *offsets, const volatile int32_t *stop,
                      double *responses, double *deviations) {
    Plan *plan = memory;
    int64_t samples = plan->samples, home_shift = 0;
    int32_t done = 0;
    if (!(plan->closeness > 0)) home = 0;
    copy(sound_of(plan), sound, samples);
    while (done < count && !(stop && *stop)) {
        int64_t offset = plan->unroll ? 0 : (offsets[done] % samples + samples) % samples;
        if (!iterate(plan, home, home_shift, first + done, offset, responses + done, deviations + done))
            break;
        home_shift = (home_shift + offset) % samples;
        done++;
    }
    copy(to, sound_of(plan), samples);
    return done;
}

void dream_prepare(void *memory, const float *sound, float *to) {
    Plan *plan = memory;
    copy(gradient_of(plan), sound, plan->samples);
    settle(plan, to);
}

void dream_guide(void *memory, const float *guide) {
    Plan *plan = memory;
    copy(sound_of(plan), guide, plan->samples);
    plan->net.listens_to_guide = 1;
    listen(&plan->net);
    plan->net.listens_to_guide = 0;
}

double dream_response(void *memory, const float *sound) {
    Plan *plan = memory;
    copy(sound_of(plan), sound, plan->samples);
    return listen(&plan->net);
}

double dream_gradient(void *memory, const float *sound, float *gradient) {
    Plan *plan = memory;
    double response = dream_response(memory, sound);
    descend(&plan->net);
    copy(gradient, gradient_of(plan), plan->samples);
    return response;
}
