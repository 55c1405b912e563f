/* One layer of a network as two products: its sizes, what its matrices hold, batch norm, edges.
 *
 * Memory holds time before channels, so that all that one output step hears is one stretch.
 *
 * Ahead. R output steps together are a row of the product: y[t, o] = start[o] + Σ x[t·s + k, c]·W[o, c, k].
 *
 * Back. s input steps are a block; with J = ⌊(kernel − 1) / s⌋, block b was heard by the steps b − J … b:
 *
 *     x'[b·s + q, c] = Σ_{i = 0…J, o} y'[b − J + i, o] · W[o, c, (J − i)·s + q]                  (1)
 *
 * is the same kind of product, whose rows are J + R steps of y'. Both have bands of zeros where R > 1.
 *
 * Batch norm. Between two convolutions stand u = Swish(y) and n = a·u + b. The scale a goes into the
 * next kernel and Σ W·b into its bias. Padding with zeros is padding u with −b / a, where n = 0.
 *
 * Edges. Where a good part of what a layer hears is padding, those steps have products of their own,
 * which leave it out.
 */

#include "elementary.h"
#include "memory.h"
#include "objective.c"
#include "products.c"

/* Fewer columns than these, whatever the width of a vector: several steps may be joined. */
enum { NARROW_AHEAD = 32, NARROW_BACK = 128 };

typedef struct {
    int32_t kernel, stride, padding, channels, maps; /* of the network */
    int32_t width;      /* maps that are computed: all, but of the deepest layer the chosen */
    int64_t samples, steps, count; /* of the input, of the output, blocks of (1) */
    int32_t before;     /* J of (1) */
    int32_t ahead_together, back_together; /* R */
    Matrix ahead, back;
    Band *ahead_bands, *back_bands;
    int32_t ahead_count, back_count; /* of bands */
    int edges, loop;
    const float *rest;  /* −b / a of the input's channels, for every step of padding */
    float *input;       /* with its padding */
    float *output;      /* y; before it J steps of zeros, behind it zeros */
    int64_t room;       /* steps of memory from `output` on */
    Form *form;         /* what targets hear of it, or null */
    float *slope;       /* of a layer that is heard and is not the deepest */
} Layer;

/* What is known of a layer while it is laid out. */
typedef struct {
    const Layer *layer;
    const float *folded; /* [kernel·channels][width] */
} Laying;

static void ahead_window(const void *context, int32_t left, int32_t right, int32_t *first,
                         int32_t *last) {
    const Layer *layer = ((const Laying *)context)->layer;
    int32_t low = left / layer->width, high = (right - 1) / layer->width; /* output steps */
    *first = low * layer->stride * layer->channels;
    *last = (high * layer->stride + layer->kernel) * layer->channels;
}
static void ahead_fill(const void *context, int32_t left, int32_t right, int32_t first, int32_t width,
                       float *values) {
    const Laying *own = context;
    const Layer *layer = own->layer;
    for (int32_t n = left; n < right;) { /* the columns of one output step */
        int32_t step = n / layer->width, map = n % layer->width, count = layer->width - map;
        if (right - n < count) count = right - n;
        int32_t begin = step * layer->stride * layer->channels - first;
        for (int32_t at = 0; at < layer->kernel * layer->channels; at++)
            copy(values + (int64_t)(begin + at) * width + n - left,
                 own->folded + (int64_t)at * layer->width + map, count);
        n += count;
    }
}

/* Steps of y', i of (1), that an input step hears: from J + (at − kernel + 1) / s, rounded up. */
static void back_steps(const Layer *layer, int32_t at, int32_t *earliest, int32_t *end) {
    int32_t lacking = layer->before * layer->stride + at - layer->kernel + 1;
    *earliest = lacking <= 0 ? 0 : (lacking + layer->stride - 1) / layer->stride;
    *end = layer->before + at / layer->stride + 1;
    if (*end < *earliest) *earliest = *end; /* strides longer than the kernel leave gaps */
}
static void back_window(const void *context, int32_t left, int32_t right, int32_t *first,
                        int32_t *last) {
    const Layer *layer = ((const Laying *)context)->layer;
    int32_t low = 1 << 30, high = 0;
    for (int32_t at = left / layer->channels; at <= (right - 1) / layer->channels; at++) {
        int32_t earliest, end;
        back_steps(layer, at, &earliest, &end);
        if (earliest < low) low = earliest;
        if (end > high) high = end;
    }
    *first = low * layer->width;
    *last = high * layer->width;
}
static void back_fill(const void *context, int32_t left, int32_t right, int32_t first, int32_t width,
                      float *values) {
    const Laying *own = context;
    const Layer *layer = own->layer;
    for (int32_t n = left; n < right; n++) {
        int32_t at = n / layer->channels, channel = n % layer->channels, step, end;
        for (back_steps(layer, at, &step, &end); step < end; step++) {
            int32_t tap = (layer->before - step) * layer->stride + at;
            const float *from = own->folded + ((int64_t)tap * layer->channels + channel) * layer->width;
            float *to = values + ((int64_t)step * layer->width - first) * width + n - left;
            for (int32_t map = 0; map < layer->width; map++) to[(int64_t)map * width] = from[map];
        }
    }
}

/* Steps of the kernel, first … last, that step t of the output hears of the input itself. */
static void heard_taps(const Layer *layer, int64_t t, int32_t *first, int32_t *last) {
    int64_t begin = layer->padding - t * layer->stride, end = begin + layer->samples;
    *first = (int32_t)(begin > 0 ? begin < layer->kernel ? begin : layer->kernel : 0);
    *last = (int32_t)(end < layer->kernel ? end > *first ? end : *first : layer->kernel);
}

/* Whether at least one tap in sixteen meets padding. */
static int has_edges(const Layer *layer) {
    if (layer->steps > 256) return 0;
    int64_t heard = 0;
    for (int64_t t = 0; t < layer->steps; t++) {
        int32_t first, last;
        heard_taps(layer, t, &first, &last);
        heard += last - first;
    }
    return heard * 16 <= layer->steps * layer->kernel * 15;
}

/* Rows are joined to one band where they hear the same. */
static int32_t add_band(Band *bands, int32_t count, Band band) {
    Band *before = count ? &bands[count - 1] : 0;
    if (before && before->first == band.first && before->last == band.last &&
        before->left == band.left && before->right == band.right && before->start == band.start) {
        before->rows += band.rows;
        return count;
    }
    bands[count] = band;
    return count + 1;
}

static int32_t whole(int64_t value, int64_t unit) { return (int32_t)((value + unit - 1) / unit); }

static int32_t common_divisor(int32_t a, int32_t b) { return b ? common_divisor(b, a % b) : a; }

/* R, so that a row fills panels, where there are enough rows; never where sums are made in pieces, which
 * begin with a row. */
static int32_t steps_together(int64_t steps, int32_t wanted) {
    return steps >= 24 * (int64_t)wanted ? wanted : 1;
}

/* Sizes of a layer that hears `samples` steps. Returns 0 or an error. */
static int32_t size_layer(Layer *layer, int64_t samples) {
    int64_t padded = samples + 2 * layer->padding;
    if (padded < layer->kernel) return DREAM_TOO_SHORT;
    layer->samples = samples;
    layer->steps = (padded - layer->kernel) / layer->stride + 1;
    layer->before = (layer->kernel - 1) / layer->stride;
    layer->count = whole(layer->padding + samples, layer->stride);
    layer->edges = !layer->loop && has_edges(layer);
    layer->ahead_together = layer->back_together = 1;
    int32_t columns = layer->stride * layer->channels;
    if (!layer->edges && layer->width > FEW && layer->width < NARROW_AHEAD)
        layer->ahead_together = steps_together(layer->steps, whole(PANEL, layer->width));
    if (!layer->edges && columns < NARROW_BACK)
        layer->back_together = steps_together(layer->steps, PANEL / common_divisor(PANEL, columns));
    int64_t room = whole(layer->count, layer->back_together) * (int64_t)layer->back_together;
    int64_t made = whole(layer->steps, layer->ahead_together) * (int64_t)layer->ahead_together;
    layer->room = (room > made ? room : made) + layer->before + layer->back_together;
    return 0;
}

/* Values of the padded input that may be read or written. */
static int64_t input_values(const Layer *layer) {
    int64_t groups = whole(layer->steps, layer->ahead_together);
    int64_t heard = groups * layer->ahead_together * layer->stride + layer->kernel;
    int64_t back = whole(layer->count, layer->back_together) * (int64_t)layer->back_together;
    int64_t made = back * layer->stride;
    int64_t padded = layer->samples + 2 * (int64_t)layer->padding;
    int64_t most = heard > made ? heard : made;
    return ((most > padded ? most : padded) + layer->stride) * layer->channels + PANEL;
}

/* Batch norm folded into a kernel and its starts; see above. */
static void fold(const Layer *layer, const float *weights, const float *norm, double epsilon,
                 const int32_t *chosen, double *shift, float *folded, float *rest, float *start) {
    int32_t C = layer->channels, K = layer->kernel;
    for (int32_t c = 0; c < C; c++) {
        double scale = 1;
        shift[c] = 0;
        if (norm) {
            scale = norm[c] / square_root(norm[3 * C + c] + epsilon);
            shift[c] = norm[C + c] - scale * norm[2 * C + c];
            if (scale < 1e-12 && scale > -1e-12) scale = 1e-12; /* −b / a must exist */
        }
        for (int32_t t = 0; t < layer->padding; t++) rest[(int64_t)t * C + c] = (float)(-shift[c] / scale);
        for (int32_t map = 0; map < layer->width; map++) {
            const float *own = weights + ((int64_t)(chosen ? chosen[map] : map) * C + c) * K;
            for (int32_t k = 0; k < K; k++)
                folded[((int64_t)k * C + c) * layer->width + map] = (float)(own[k] * scale);
        }
    }
    const float *bias = weights + (int64_t)layer->maps * C * K;
    for (int32_t map = 0; map < layer->width; map++) {
        int32_t from = chosen ? chosen[map] : map;
        const float *own = weights + (int64_t)from * C * K;
        double sum = bias[from];
        for (int32_t c = 0; norm && c < C; c++)
            for (int32_t k = 0; k < K; k++) sum += own[(int64_t)c * K + k] * shift[c];
        for (int32_t r = 0; r < layer->ahead_together; r++) start[r * layer->width + map] = (float)sum;
    }
}

/* The start of a step that hears only the taps first … last: there n is a·u + b, elsewhere 0. */
static void edge_start(const Layer *layer, const float *weights, const double *shift,
                       const int32_t *chosen, int32_t first, int32_t last, float *start) {
    int32_t C = layer->channels, K = layer->kernel;
    const float *bias = weights + (int64_t)layer->maps * C * K;
    for (int32_t map = 0; map < layer->width; map++) {
        int32_t from = chosen ? chosen[map] : map;
        double sum = bias[from];
        for (int32_t c = 0; c < C; c++)
            for (int32_t k = first; k < last; k++)
                sum += weights[((int64_t)from * C + c) * K + k] * shift[c];
        start[map] = (float)sum;
    }
}

static void lay_bands(Arena *arena, Layer *layer, const float *weights, const double *shift,
                      const int32_t *chosen) {
    int64_t rows_ahead = whole(layer->steps, layer->ahead_together);
    int64_t rows_back = whole(layer->count, layer->back_together);
    int32_t C = layer->channels, columns = layer->back_together * layer->stride * C;
    layer->ahead_bands = take(arena, (layer->edges ? rows_ahead : 1) * (int64_t)sizeof(Band));
    layer->back_bands = take(arena, (layer->edges ? rows_back : 1) * (int64_t)sizeof(Band));
    if (!layer->edges) {
        if (!arena->base) return;
        layer->ahead_bands[0] = (Band){.rows = rows_ahead, .last = layer->ahead.depth,
                                       .right = layer->ahead.columns};
        layer->back_bands[0] = (Band){.rows = rows_back, .last = layer->back.depth, .right = columns};
        layer->ahead_count = layer->back_count = 1;
        return;
    }
    const float *start = 0;
    int32_t heard_first = -1, heard_last = -1;
    for (int64_t t = 0; t < layer->steps; t++) {
        int32_t first, last;
        heard_taps(layer, t, &first, &last);
        if (first != heard_first || last != heard_last) {
            float *own = take_floats(arena, layer->width + 2 * PANEL);
            if (own) edge_start(layer, weights, shift, chosen, first, last, own);
            start = own, heard_first = first, heard_last = last;
        }
        if (!arena->base) continue;
        Band band = {.row = t, .rows = 1, .first = first * C, .last = last * C,
                     .right = layer->ahead.columns, .start = start};
        layer->ahead_count = add_band(layer->ahead_bands, layer->ahead_count, band);
    }
    for (int64_t b = 0; arena->base && b < layer->count; b++) {
        int64_t low = layer->before - b, high = layer->before - b + layer->steps; /* of i in (1) */
        int64_t left = layer->padding - b * layer->stride, right = left + layer->samples;
        Band band = {.row = b, .rows = 1, .first = (int32_t)(low > 0 ? low : 0) * layer->width,
                     .last = layer->back.depth,
                     .left = (int32_t)(left > 0 ? left : 0) * C, .right = columns};
        if (high < layer->before + 1) band.last = (int32_t)(high > 0 ? high : 0) * layer->width;
        if (right < layer->stride) band.right = (int32_t)right * C;
        if (band.last < band.first) band.last = band.first;
        if (band.left < band.right) layer->back_count = add_band(layer->back_bands, layer->back_count, band);
    }
}
