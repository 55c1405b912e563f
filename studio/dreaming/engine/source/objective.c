/* What targets measure at one layer: at most quadratic in its activations y, steps × maps. With g, what
 * the layer answers to the guide sound, the response is
 *
 *     Σ y·(A·y / 2 + B) + D·(y − g)² / 2,      with the slope      s = A·y + B + D·(y − g)      (1)
 *
 * κ being a target's weight shared out over its maps and divided by the number of targets:
 *
 *     response     κ·mean y²              A = 2κ / steps
 *     activation   κ·mean y               B = κ / steps
 *     nearness     −κ·mean (y − g)²       D = −2κ / steps
 */

#include "elementary.h"
#include "engine.h"
#include "memory.h"

enum { RESPONSE, ACTIVATION, NEARNESS, MEASURES };

typedef struct {
    int64_t rows;
    int32_t columns;
    const float *curvature; /* A, [columns] */
    const float *sign;      /* B, [columns] */
    const float *nearness;  /* D, [columns]; null where nothing is to be near */
    float *guide;           /* g, [rows][columns] */
} Form;

typedef struct {
    const int32_t *numbers; /* layer, map, measure of each */
    const double *weights;
    int32_t count;
} Targets;

static int32_t deepest_target(const Targets *targets) {
    int32_t deepest = 0;
    for (int32_t at = 0; at < targets->count; at++) {
        int32_t layer = targets->numbers[at * DREAM_TARGET_NUMBERS + DREAM_LAYER];
        if (layer > deepest) deepest = layer;
    }
    return deepest;
}

/* Whether a target hears a layer; with a measure, whether one measures that of it. */
static int is_measured(const Targets *targets, int32_t layer, int32_t measure) {
    for (int32_t at = 0; at < targets->count; at++) {
        const int32_t *own = targets->numbers + at * DREAM_TARGET_NUMBERS;
        if (own[DREAM_LAYER] == layer && (measure < 0 || own[DREAM_MEASURE] == measure)) return 1;
    }
    return 0;
}
static int is_heard(const Targets *targets, int32_t layer) { return is_measured(targets, layer, -1); }

/* Which maps of a layer targets name, in ascending order; returns how many. */
static int32_t list_named(const Targets *targets, int32_t layer, int32_t maps, int32_t *named) {
    int32_t count = 0;
    for (int32_t map = 0; map < maps; map++)
        for (int32_t at = 0; at < targets->count; at++) {
            const int32_t *own = targets->numbers + at * DREAM_TARGET_NUMBERS;
            if (own[DREAM_LAYER] != layer || (own[DREAM_MAP] != map && own[DREAM_MAP] >= 0)) continue;
            if (named) named[count] = map;
            count++;
            break;
        }
    return count;
}
static int32_t count_named(const Targets *targets, int32_t layer, int32_t maps) {
    return list_named(targets, layer, maps, 0);
}

/* κ of every map of a layer and measure: [MEASURES][maps]. */
static void share_out(const Targets *targets, int32_t layer, int32_t maps, double *shares) {
    for (int32_t at = 0; at < MEASURES * maps; at++) shares[at] = 0;
    for (int32_t target = 0; target < targets->count; target++) {
        const int32_t *own = targets->numbers + target * DREAM_TARGET_NUMBERS;
        if (own[DREAM_LAYER] != layer) continue;
        double *to = shares + own[DREAM_MEASURE] * maps;
        double share = targets->weights[target] / targets->count;
        if (own[DREAM_MAP] < 0)
            for (int32_t map = 0; map < maps; map++) to[map] += share / maps;
        else
            to[own[DREAM_MAP]] += share;
    }
}

/* The form of the chosen maps (null: all). A single map's steps count as maps of one step: rows of one
 * value would be slow. */
static void make_form(Arena *arena, Form *form, const Targets *targets, int32_t layer, int64_t steps,
                      int32_t maps, int32_t all, const int32_t *chosen, const double *shares) {
    int single = maps == 1, guided = is_measured(targets, layer, NEARNESS);
    int32_t columns = single ? (int32_t)steps : maps;
    float *factors[MEASURES], *guide = 0;
    for (int measured = 0; measured < MEASURES; measured++) factors[measured] = take_floats(arena, columns + 8);
    if (guided) guide = take_floats(arena, steps * maps + 8);
    if (!arena->base) return;
    *form = (Form){single ? 1 : steps, columns, factors[RESPONSE], factors[ACTIVATION],
                   guided ? factors[NEARNESS] : 0, guide};
    for (int32_t column = 0; column < columns; column++) {
        int32_t at = single ? 0 : column, map = chosen ? chosen[at] : at;
        factors[RESPONSE][column] = (float)(2 * shares[RESPONSE * all + map] / (double)steps);
        factors[ACTIVATION][column] = (float)(shares[ACTIVATION * all + map] / (double)steps);
        factors[NEARNESS][column] = (float)(-2 * shares[NEARNESS * all + map] / (double)steps);
    }
}

/* Take what the layer answers to the guide sound. */
static void set_guide(Form *form, const float *heard) {
    if (form->guide) copy(form->guide, heard, form->rows * form->columns);
}

INLINE float8 load8_of(const float *from, int32_t left) {
    return left >= 8 ? load8(from) : load8_some(from, left);
}

/* Return (1) and write the slope, which may take the place of `heard`. */
static double measure(const Form *form, const float *heard, float *slope) {
    double8 sum = {0};
    for (int64_t row = 0; row < form->rows; row++, heard += form->columns, slope += form->columns)
        for (int32_t column = 0; column < form->columns; column += 8) {
            int32_t left = form->columns - column;
            float8 y = load8_of(heard + column, left);
            float8 steep = y * load8(form->curvature + column), level = load8(form->sign + column);
            float8 found = steep + level;
            sum += widen(y) * (widen(steep) * 0.5 + widen(level));
            if (form->guide) {
                float8 away = y - load8_of(form->guide + row * form->columns + column, left);
                float8 back = away * load8(form->nearness + column);
                sum += widen(away) * widen(back) * 0.5;
                found += back;
            }
            if (left >= 8)
                store8(slope + column, found);
            else
                for (int32_t at = 0; at < left; at++) slope[column + at] = found[at];
        }
    return total(sum);
}

/* The log-softmax output: scores are the last layer's activations (steps × classes), averaged over
 * steps, then log-softmax. Returns its share of the response; `gradient` (classes) becomes that of every
 * step, `scores` (classes) is for the taking. */
static double measure_output(const Form *form, const float *heard, int64_t steps, int32_t classes,
                             float *scores, float *gradient) {
    double highest_score = 0, sum = 0, slope_sum = 0;
    for (int32_t at = 0; at < classes; at++) {
        double score = 0;
        for (int64_t step = 0; step < steps; step++) score += heard[step * classes + at];
        score /= (double)steps;
        if (!at || score > highest_score) highest_score = score;
        scores[at] = (float)score;
    }
    for (int32_t at = 0; at < classes; at++) sum += exponential(scores[at] - highest_score);
    double above = highest_score + logarithm(sum);
    for (int32_t at = 0; at < classes; at++) scores[at] = (float)(scores[at] - above);
    double response = measure(form, scores, gradient);
    for (int32_t at = 0; at < classes; at++) slope_sum += gradient[at];
    for (int32_t at = 0; at < classes; at++) {
        double own = gradient[at] - exponential(scores[at]) * slope_sum;
        gradient[at] = (float)(own / (double)steps);
    }
    return response;
}
