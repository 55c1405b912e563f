/* A chain of strided convolutions with Swish and batch norm between them: its response to a sound, and
 * the response's gradient, by hand. layer.c says how a layer is computed.
 *
 * On the way back only the gradient of the sound is wanted. Kept from the way ahead are the derivatives
 * of Swish, where its inputs lay; inputs of layers, and their gradients, share one piece of memory. */

#include "layer.c"

enum { STRIP = 240 }; /* rows of the first layer that are made and bent by Swish at a time */

typedef struct {
    Layer layer[DREAM_MOST_LAYERS];
    int32_t top;         /* the deepest layer that is computed */
    int after_swish, top_has_swish, listens_to_guide;
    float *gradient;     /* of the input of layer 0, with its padding */
    float *wire;         /* inputs of all other layers, one after the other, then their gradients */
    Form *output_form;   /* of the log-softmax */
    float *scores, *score_slope;
} Network;

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
                         .maps = row[DREAM_MAPS], .width = row[DREAM_MAPS], .loop = targets->loop};
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
    copy(layer->input, layer->loop ? layer->input + end - padding : layer->rest, padding);
    copy(layer->input + end, layer->loop ? layer->input + padding : layer->rest, padding);
    clear(layer->input + end + padding, input_values(layer) - end - padding);
}

/* What `back` reads of the gradient before the first step and behind the last: in a loop the other end.
 * Every step is then summed in the same order, wherever the circle begins. */
static void continue_output(const Layer *layer) {
    int64_t width = layer->width, steps = layer->steps, before = layer->before;
    int64_t behind = whole(layer->count, layer->back_together) * (int64_t)layer->back_together;
    for (int64_t step = 1; step <= before; step++)
        copy(layer->output - step * width, layer->output + (steps - 1 - (step - 1) % steps) * width, width);
    for (int64_t step = steps; step < behind; step++)
        copy(layer->output + step * width, layer->output + step % steps * width, width);
}

/* Outputs of the rows [from, to) of R steps. */
static void ahead(const Layer *layer, int64_t from, int64_t to) {
    int64_t stride = (int64_t)layer->ahead_together * layer->stride * layer->channels;
    for (int32_t band = 0; band < layer->ahead_count; band++)
        product(layer->input, stride, &layer->ahead, &layer->ahead_bands[band], from, to, layer->output,
                layer->ahead_together * (int64_t)layer->width);
}

static void back(const Layer *layer, float *to_input) {
    if (layer->loop) continue_output(layer);
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
        if ((index || layer->loop) && !layer->edges) restore_ends(layer);
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
