/* What is dreamed of: which maps of which layers, by which measure, how much, and when. */

#ifndef DREAM_TARGETS_H
#define DREAM_TARGETS_H

#include "engine.h"

enum { RESPONSE, ACTIVATION, NEARNESS, MEASURES };

typedef struct {
    const int32_t *numbers; /* layer, map, measure, points of each */
    const double *weights;
    const double *points;   /* time and value of every point of every curve */
    int32_t count;
    int32_t cells, loop; /* of an even texture: K, or 0; whether windows go around */
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

/* The value of a curve at a time, both in 0 … 1: straight lines between its points, level before the first
 * and behind the last. Where two points share a time, the first holds at it and the second after it. */
static double curve_at(const double *points, int32_t count, double time) {
    if (!count) return 1;
    if (!(time > points[0])) return points[1];
    for (int32_t at = 1; at < count; at++) {
        const double *to = points + 2 * at, *from = to - 2;
        if (time <= to[0]) return from[1] + (to[1] - from[1]) * ((time - from[0]) / (to[0] - from[0]));
    }
    return points[2 * count - 1];
}

/* Where the points of a target's curve lie. */
static const double *points_of(const Targets *targets, int32_t target) {
    const double *points = targets->points;
    for (int32_t at = 0; at < target; at++)
        points += 2 * targets->numbers[at * DREAM_TARGET_NUMBERS + DREAM_POINTS];
    return points;
}

static int has_curve(const Targets *targets, int32_t layer) {
    for (int32_t at = 0; at < targets->count; at++) {
        const int32_t *own = targets->numbers + at * DREAM_TARGET_NUMBERS;
        if (own[DREAM_LAYER] == layer && own[DREAM_POINTS]) return 1;
    }
    return 0;
}

/* Which column holds a map: −1 for all. */
static int32_t column_of(int32_t map, int32_t maps, const int32_t *chosen) {
    for (int32_t column = 0; chosen && map >= 0 && column < maps; column++)
        if (chosen[column] == map) return column;
    return map;
}

#endif
