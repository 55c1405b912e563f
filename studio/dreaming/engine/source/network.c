/* A chain of strided convolutions with Swish and batch norm between them: its response to a sound, and
 * the response's gradient, by hand.
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

enum { STRIP = 240 }; /* rows of the first layer that are made and bent by Swish at a time */

typedef struct {
    int32_t kernel, stride, padding, channels, maps; /* of the network */
    int32_t width;      /* maps that are computed: all, but of the deepest layer the chosen */
    int64_t samples, steps, count; /* of the input, of the output, blocks of (1) */
    int32_t before;     /* J of (1) */
    int32_t ahead_together, back_together; /* R */
    Matrix ahead, back;
    Band *ahead_bands, *back_bands;
    int32_t ahead_count, back_count; /* of bands */
    int edges;
    const float *rest;  /* −b / a of the input's channels, for every step of padding */
    float *input;       /* with its padding */
    float *output;      /* y; before it J steps of zeros, behind it zeros */
    int64_t room;       /* steps of memory from `output` on */
    Form *form;         /* what targets hear of it, or null */
    float *slope;       /* of a layer that is heard and is not the deepest */
} Layer;

typedef struct {
    Layer layer[DREAM_MOST_LAYERS];
    int32_t top;         /* the deepest layer that is computed */
    int after_swish, top_has_swish, listens_to_guide;
    float *gradient;     /* of the input of layer 0, with its padding */
    float *wire;         /* inputs of all other layers, one after the other, then their gradients */
    Form *output_form;   /* of the log-softmax */
    float *scores, *score_slope;
} Network;

/* ---- plan ---- */

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
    layer->edges = has_edges(layer);
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

/* Lay a network out; with an arena that only counts, find what that takes. `margin` values lie before
 * and behind the gradient; the wire holds at least `wire_values`. Returns 0 or an error. */
static int32_t plan_network(Arena *arena, Network *net, const Targets *targets, const int32_t *numbers,
                            double epsilon, const float *weights, int64_t margin,
                            int64_t wire_values) {
    const int32_t *row = numbers + DREAM_NUMBERS;
    int32_t layers = numbers[DREAM_LAYERS], deepest = deepest_target(targets), channels = 1, error;
    int64_t samples = numbers[DREAM_SAMPLES], most_folded = 0, most_maps = 1;
    net->top = deepest < layers ? deepest : layers - 1;
    net->after_swish = numbers[DREAM_AFTER_SWISH];
    net->top_has_swish = net->top < layers - 1;
    for (int32_t index = 0; index <= net->top; index++, row += DREAM_LAYER_NUMBERS) {
        Layer *layer = &net->layer[index];
        *layer = (Layer){.kernel = row[DREAM_KERNEL], .stride = row[DREAM_STRIDE],
                         .padding = row[DREAM_PADDING], .channels = channels,
                         .maps = row[DREAM_MAPS], .width = row[DREAM_MAPS]};
        if (index == deepest) layer->width = count_named(targets, deepest, layer->maps);
        if ((error = size_layer(layer, samples))) return error;
        int64_t folded = (int64_t)layer->kernel * channels * layer->width;
        if (folded > most_folded) most_folded = folded;
        if (layer->maps > most_maps) most_maps = layer->maps;
        if (index && input_values(layer) > wire_values) wire_values = input_values(layer);
        int64_t bent = layer->steps * layer->width + 2 * WIDTH; /* the deepest, heard after Swish */
        if (index == net->top && bent > wire_values) wire_values = bent;
        samples = layer->steps;
        channels = layer->maps;
    }
    float *folded = take_floats(arena, most_folded);
    double *shift = take(arena, most_maps * (int64_t)sizeof(double));
    double *shares = take(arena, MEASURES * most_maps * (int64_t)sizeof(double));
    int32_t *chosen = take_integers(arena, most_maps);
    net->wire = take_floats(arena, wire_values);
    const float *norm = 0;
    for (int32_t index = 0; index <= net->top; index++) {
        Layer *layer = &net->layer[index];
        int deep = index == deepest, C = layer->channels;
        const int32_t *maps = deep && layer->width < layer->maps ? chosen : 0;
        layer->input = index ? net->wire : take_floats(arena, input_values(layer));
        float *rest = take_floats(arena, (int64_t)layer->padding * C + 1);
        int32_t columns = layer->ahead_together * layer->width;
        float *start = take_floats(arena, columns + 2 * PANEL);
        layer->rest = rest;
        if (arena->base) {
            if (maps) list_named(targets, index, layer->maps, chosen);
            fold(layer, weights, norm, epsilon, maps, shift, folded, rest, start);
        }
        Laying laying = {layer, folded};
        Content content = {&laying, ahead_window, ahead_fill};
        int32_t heard = (layer->ahead_together - 1) * layer->stride + layer->kernel;
        pack(arena, &layer->ahead, heard * C, columns, layer->width <= FEW,
             layer->width >= NARROW_AHEAD, &content);
        layer->ahead.start = start;
        content = (Content){&laying, back_window, back_fill};
        pack(arena, &layer->back, (layer->before + layer->back_together) * layer->width,
             layer->back_together * layer->stride * C, 0, layer->stride * C >= NARROW_BACK, &content);
        layer->back.start = take_floats(arena, layer->back_together * layer->stride * C + 2 * PANEL);
        lay_bands(arena, layer, weights, shift, maps);
        int64_t before = (int64_t)layer->before * layer->width;
        float *output = take_floats(arena, before + layer->room * layer->width + 2 * PANEL);
        layer->output = output + (output ? before : 0);
        if (is_heard(targets, index)) {
            layer->form = take(arena, sizeof(Form));
            if (index < net->top) layer->slope = take_floats(arena, layer->steps * layer->width + 8);
            if (arena->base) share_out(targets, index, layer->maps, shares);
            make_form(arena, layer->form, targets, index, layer->steps, layer->width, layer->maps, maps,
                      shares);
        }
        norm = weights ? weights + (int64_t)layer->maps * C * layer->kernel + layer->maps : 0;
        if (weights) weights = norm + 4 * layer->maps;
    }
    if (deepest == layers) {
        Layer *top = &net->layer[net->top];
        net->output_form = take(arena, sizeof(Form));
        net->scores = take_floats(arena, top->maps + 8);
        net->score_slope = take_floats(arena, top->maps + 8);
        if (arena->base) share_out(targets, deepest, top->maps, shares);
        make_form(arena, net->output_form, targets, deepest, 1, top->maps, top->maps, 0, shares);
    }
    float *gradient = take_floats(arena, 2 * margin + wire_values + input_values(&net->layer[0]));
    net->gradient = gradient + (gradient ? margin : 0);
    return 0;
}

/* ---- Swish ---- */

INLINE vec sigmoid(vec y) { return splat(1.0f) / (splat(1.0f) + vec_exponential(-y)); }

/* u = y·σ(y), and in y's place its derivative σ + u·(1 − σ). */
static void swish(float *y, float *u, int64_t count) {
    for (int64_t at = 0; at < count; at += WIDTH) {
        int64_t left = count - at;
        vec own = left >= WIDTH ? load(y + at) : load_some(y + at, left);
        vec s = sigmoid(own), bent = own * s, derivative = fma(bent, splat(1.0f) - s, s);
        if (left >= WIDTH) {
            store(u + at, bent);
            store(y + at, derivative);
        } else {
            store_some(u + at, bent, left);
            store_some(y + at, derivative, left);
        }
    }
}

/* y' = back · derivative, and the slope of what is heard before Swish or behind it. */
static void unbend(float *y, const float *back, int64_t count, const float *slope, int after_swish) {
    for (int64_t at = 0; at < count; at += WIDTH) {
        int64_t left = count - at;
        int whole_one = left >= WIDTH;
        vec own = whole_one ? load(y + at) : load_some(y + at, left);
        vec from = whole_one ? load(back + at) : load_some(back + at, left);
        if (slope) {
            vec heard = whole_one ? load(slope + at) : load_some(slope + at, left);
            own = after_swish ? (from + heard) * own : from * own + heard;
        } else {
            own *= from;
        }
        if (whole_one)
            store(y + at, own);
        else
            store_some(y + at, own, left);
    }
}

/* ---- there and back ---- */

static void restore_ends(const Layer *layer) {
    int64_t C = layer->channels, padding = layer->padding * C, end = padding + layer->samples * C;
    copy(layer->input, layer->rest, padding);
    copy(layer->input + end, layer->rest, padding);
    clear(layer->input + end + padding, input_values(layer) - end - padding);
}

/* Outputs of the rows [from, to) of R steps. */
static void ahead(const Layer *layer, int64_t from, int64_t to) {
    int64_t stride = (int64_t)layer->ahead_together * layer->stride * layer->channels;
    for (int32_t band = 0; band < layer->ahead_count; band++)
        product(layer->input, stride, &layer->ahead, &layer->ahead_bands[band], from, to, layer->output,
                layer->ahead_together * (int64_t)layer->width);
}

static void back(const Layer *layer, float *to_input) {
    int64_t stride = (int64_t)layer->back_together * layer->width;
    const float *gradient = layer->output - (int64_t)layer->before * layer->width;
    for (int32_t band = 0; band < layer->back_count; band++)
        product(gradient, stride, &layer->back, &layer->back_bands[band], 0,
                whole(layer->count, layer->back_together), to_input,
                (int64_t)layer->back_together * layer->stride * layer->channels);
}

/* What targets hear of a layer: its share of the response, and its slope. */
static double hear(Network *net, Layer *layer, const float *heard, float *slope) {
    if (net->listens_to_guide) {
        set_guide(layer->form, heard);
        return 0;
    }
    return measure(layer->form, heard, slope);
}

/* The response to the sound in the first layer's input. Leaves the derivatives of Swish where outputs
 * were; of the deepest layer the slope, that is the gradient of its output. */
static double listen(Network *net) {
    double response = 0;
    for (int32_t index = 0; index <= net->top; index++) {
        Layer *layer = &net->layer[index], *above = layer + 1;
        int64_t rows = whole(layer->steps, layer->ahead_together), values = layer->steps * layer->width;
        int last = index == net->top, heard_first = layer->form && !net->after_swish;
        if (index && !layer->edges) restore_ends(layer);
        float *u = last ? net->wire : net->wire + (int64_t)above->padding * above->channels;
        if (!index && !last && !heard_first) { /* a strip after the other, while it is at hand */
            int64_t step = layer->ahead_together * (int64_t)layer->width;
            for (int64_t row = 0; row < rows; row += STRIP) {
                int64_t end = row + STRIP < rows ? row + STRIP : rows, done = row * step;
                ahead(layer, row, end);
                swish(layer->output + done, u + done, (end * step < values ? end * step : values) - done);
            }
        } else {
            ahead(layer, 0, rows);
        }
        clear(layer->output + values, rows * layer->ahead_together * (int64_t)layer->width - values);
        if (!last) {
            if (heard_first) response += hear(net, layer, layer->output, layer->slope);
            if (index || heard_first) swish(layer->output, u, values);
            if (layer->form && !heard_first) response += hear(net, layer, u, layer->slope);
            continue;
        }
        double scored = 0;
        if (net->output_form) {
            if (net->listens_to_guide) {
                /* the scores themselves: the slope is not needed */
                measure_output(net->output_form, layer->output, layer->steps, layer->maps, net->scores,
                               net->score_slope);
                set_guide(net->output_form, net->scores);
            } else {
                scored = measure_output(net->output_form, layer->output, layer->steps, layer->maps,
                                        net->scores, net->score_slope);
            }
        }
        if (layer->form && net->after_swish && net->top_has_swish) {
            swish(layer->output, net->wire, values);
            response += hear(net, layer, net->wire, net->wire);
            unbend(layer->output, net->wire, values, 0, 0);
        } else if (layer->form) {
            response += hear(net, layer, layer->output, layer->output);
        } else {
            clear(layer->output, values);
        }
        for (int64_t step = 0; net->output_form && step < layer->steps; step++)
            for (int32_t map = 0; map < layer->maps; map++)
                layer->output[step * layer->maps + map] += net->score_slope[map];
        response += scored;
    }
    /* Beyond single precision the numbers ran away, though the sum could hold it. */
    return response < 3.4e38 && response > -3.4e38 ? response : __builtin_inf();
}

/* The gradient of the response that `listen` found, in `net->gradient` behind its padding. */
static void descend(Network *net) {
    for (int32_t index = net->top; index > 0; index--) {
        Layer *layer = &net->layer[index], *below = layer - 1;
        back(layer, net->wire);
        unbend(below->output, net->wire + (int64_t)layer->padding * layer->channels,
               below->steps * below->width, below->slope, net->after_swish);
    }
    back(&net->layer[0], net->gradient);
}
