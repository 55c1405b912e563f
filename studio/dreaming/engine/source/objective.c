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
 *
 * An even texture puts a mean of logarithms in the place of the mean of squares. The steps are cut into
 * K cells; a window w is two neighbouring cells (at the ends one; in a loop there are no ends):
 *
 *     κ·mean_w log(P_w + ε),  P_w = mean y² in w;    A of a cell = 2κ·Σ_w 1 / (W·n_w·(P_w + ε))    (2)
 *
 * over the windows w that hold the cell, W windows, n_w values in one; and D likewise.
 *
 * A curve v scales a target's weight along the sound: A, B and D have a value for each step then, with
 * κ·v at its middle in the place of κ; in (2) a window's logarithm counts v times, at its middle.
 */

#include "elementary.h"
#include "memory.h"
#include "targets.h"

#define EVEN_FLOOR 1e-12 /* ε of (2): silence has a logarithm, too */

/* A target of an even texture: its column (−1: all), measure, κ, its curve, and Σ y² and then A or D by
 * cells. */
typedef struct {
    int32_t column, measure;
    double share;
    double *cells;
    const double *windows; /* v of every window; null: 1 */
} Even;

typedef struct {
    int64_t rows;
    int32_t columns;
    const float *curvature; /* A, [columns] */
    const float *sign;      /* B, [columns] */
    const float *nearness;  /* D, [columns]; null where nothing is to be near */
    float *guide;           /* g, [rows][columns] */
    int64_t steps;
    int32_t maps, cells, loop, count; /* of an even texture: K, or 0; targets that it concerns */
    Even *even;
    double *squares;        /* [2][maps], of a cell */
    float *factors;         /* [2][maps]: A and D of a cell */
} Form;

/* A, B and D of every step, [steps][maps], of a layer of whose targets some have curves. */
static void follow_curves(float *const factors[MEASURES], const Targets *targets, int32_t layer,
                          int64_t steps, int32_t maps, const int32_t *chosen) {
    const double unit[MEASURES] = {2 / (double)steps, 1 / (double)steps, -2 / (double)steps};
    for (int measured = 0; measured < MEASURES; measured++) clear(factors[measured], steps * maps);
    for (int32_t target = 0; target < targets->count; target++) {
        const int32_t *own = targets->numbers + target * DREAM_TARGET_NUMBERS;
        if (own[DREAM_LAYER] != layer) continue;
        const double *points = points_of(targets, target);
        int32_t column = column_of(own[DREAM_MAP], maps, chosen), measured = own[DREAM_MEASURE];
        double share = targets->weights[target] / targets->count * unit[measured] / (column < 0 ? maps : 1);
        for (int64_t step = 0; step < steps; step++) {
            double time = ((double)step + 0.5) / (double)steps;
            float factor = (float)(share * curve_at(points, own[DREAM_POINTS], time));
            float *row = factors[measured] + step * maps;
            for (int32_t map = 0; column < 0 && map < maps; map++) row[map] += factor;
            if (column >= 0) row[column] += factor;
        }
    }
}

/* The form of the chosen maps (null: all). A single map's steps count as maps of one step: rows of one
 * value would be slow. So do the steps of a layer with curves, which have factors of their own. */
static void make_form(Arena *arena, Form *form, const Targets *targets, int32_t layer, int64_t steps,
                      int32_t maps, int32_t all, const int32_t *chosen, const double *shares) {
    int curved = has_curve(targets, layer), flat = curved || maps == 1;
    int guided = is_measured(targets, layer, NEARNESS);
    int32_t columns = flat ? (int32_t)steps * maps : maps;
    float *factors[MEASURES], *guide = 0;
    for (int measured = 0; measured < MEASURES; measured++)
        factors[measured] = take_floats(arena, (int64_t)columns + 8);
    if (guided) guide = take_floats(arena, steps * maps + 8);
    int32_t cells = targets->cells < steps ? targets->cells : (int32_t)steps, count = 0;
    Even *even = cells ? take(arena, targets->count * (int64_t)sizeof(Even)) : 0;
    double *squares = cells ? take(arena, 2 * (int64_t)maps * (int64_t)sizeof(double)) : 0;
    float *by_cell = cells ? take_floats(arena, 2 * (int64_t)maps + 16) : 0;
    for (int32_t at = 0; cells && at < targets->count; at++) {
        const int32_t *own = targets->numbers + at * DREAM_TARGET_NUMBERS;
        if (own[DREAM_LAYER] != layer || own[DREAM_MEASURE] == ACTIVATION) continue;
        double *sums = take(arena, cells * (int64_t)sizeof(double));
        double *windows = own[DREAM_POINTS] ? take(arena, (cells + 1) * (int64_t)sizeof(double)) : 0;
        if (!arena->base) continue;
        const double *points = points_of(targets, at);
        for (int64_t window = 0; windows && window <= cells; window++)
            windows[window] = curve_at(points, own[DREAM_POINTS],
                                       (double)(window * steps / cells) / (double)steps);
        even[count++] = (Even){column_of(own[DREAM_MAP], maps, chosen), own[DREAM_MEASURE],
                               targets->weights[at] / targets->count, sums, windows};
    }
    if (!arena->base) return;
    *form = (Form){flat ? 1 : steps, columns, factors[RESPONSE], factors[ACTIVATION],
                   guided ? factors[NEARNESS] : 0, guide, steps, maps, cells, targets->loop, count,
                   even, squares, by_cell};
    if (curved) follow_curves(factors, targets, layer, steps, maps, chosen);
    for (int32_t column = 0; !curved && column < columns; column++) {
        int32_t at = flat ? 0 : column, map = chosen ? chosen[at] : at;
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

/* Σ y² and Σ (y − g)² of the columns of a cell, which begins at `heard`. */
static void sum_squares(const Form *form, const float *heard, const float *guide, int64_t steps) {
    int32_t maps = form->maps, single = maps == 1;
    int64_t rows = single ? 1 : steps, columns = single ? steps : maps;
    double8 along = {0}, away_along = {0};
    double *away_squares = form->squares + maps;
    for (int32_t map = 0; map < 2 * maps; map++) form->squares[map] = 0;
    for (int64_t row = 0; row < rows; row++)
        for (int64_t column = 0; column < columns; column += 8) {
            int32_t left = columns - column < 8 ? (int32_t)(columns - column) : 8;
            int64_t at = row * columns + column;
            double8 y = widen(load8_of(heard + at, left)), squares = y * y, away = {0};
            if (guide) {
                away = widen(load8_of(heard + at, left) - load8_of(guide + at, left));
                away *= away;
            }
            if (single) {
                along += squares;
                away_along += away;
                continue;
            }
            for (int32_t lane = 0; lane < left; lane++) {
                form->squares[column + lane] += squares[lane];
                if (guide) away_squares[column + lane] += away[lane];
            }
        }
    if (single) form->squares[0] = total(along), away_squares[0] = total(away_along);
}

static int64_t cell_begin(const Form *form, int64_t cell) { return cell * form->steps / form->cells; }

static int64_t cell_steps(const Form *form, int64_t cell) {
    return cell_begin(form, cell + 1) - cell_begin(form, cell);
}

/* κ·mean log of (2); the sums of cells become A or D. Window w holds the cells w − 1 and w. */
static double even_out(const Form *form, const Even *own) {
    int32_t cells = form->cells, windows = form->loop ? cells : cells + 1;
    double values = own->column < 0 ? form->maps : 1, response = 0, earlier = 0, first = 0;
    double kappa = own->measure == NEARNESS ? -own->share : own->share;
    double sum_before = form->loop ? own->cells[cells - 1] : 0; /* of the cell before the window's */
    int64_t steps_before = form->loop ? cell_steps(form, cells - 1) : 0;
    for (int32_t window = 0; window < windows; window++) {
        double sum = window < cells ? own->cells[window] : 0;
        int64_t steps = window < cells ? cell_steps(form, window) : 0;
        double count = values * (double)(steps_before + steps);
        double mean = (sum_before + sum) / count + EVEN_FLOOR, steep = 2 * kappa / (windows * count * mean);
        double value = own->windows ? own->windows[window] : 1;
        response += value * logarithm(mean);
        steep *= value;
        if (window) own->cells[window - 1] = earlier + steep;
        else first = steep;
        sum_before = sum, steps_before = steps, earlier = steep;
    }
    if (form->loop) own->cells[cells - 1] = earlier + first;
    return kappa * response / windows;
}

/* The response of an even texture, and the slope, which may take the place of `heard`. */
APART double measure_evenly(const Form *form, const float *heard, float *slope) {
    int32_t maps = form->maps;
    const float *sign = form->sign;
    float *curvature = form->factors, *nearness = form->factors + maps;
    double response = 0;
    for (int32_t cell = 0; cell < form->cells; cell++) {
        int64_t begin = cell_begin(form, cell) * maps;
        sum_squares(form, heard + begin, form->guide ? form->guide + begin : 0, cell_steps(form, cell));
        for (int32_t at = 0; at < form->count; at++) {
            const Even *own = &form->even[at];
            const double *squares = form->squares + (own->measure == NEARNESS ? maps : 0);
            double sum = own->column < 0 ? 0 : squares[own->column];
            for (int32_t map = 0; own->column < 0 && map < maps; map++) sum += squares[map];
            own->cells[cell] = sum;
        }
    }
    for (int32_t at = 0; at < form->count; at++) response += even_out(form, &form->even[at]);
    double8 level_sum = {0};
    for (int32_t cell = 0; cell < form->cells; cell++) {
        for (int32_t map = 0; map < 2 * maps; map++) form->squares[map] = 0;
        for (int32_t at = 0; at < form->count; at++) {
            const Even *own = &form->even[at];
            double *to = form->squares + (own->measure == NEARNESS ? maps : 0), factor = own->cells[cell];
            for (int32_t map = 0; own->column < 0 && map < maps; map++) to[map] += factor;
            if (own->column >= 0) to[own->column] += factor;
        }
        for (int32_t map = 0; map < maps; map++) {
            curvature[map] = (float)form->squares[map];
            nearness[map] = (float)form->squares[maps + map];
        }
        int single = maps == 1;
        int64_t steps = cell_steps(form, cell), rows = single ? 1 : steps, columns = single ? steps : maps;
        for (int64_t row = 0; row < rows; row++)
            for (int64_t column = 0; column < columns; column += 8) {
                int64_t at = cell_begin(form, cell) * maps + row * columns + column;
                int32_t left = columns - column < 8 ? (int32_t)(columns - column) : 8;
                float8 y = load8_of(heard + at, left), none = {0};
                float8 level = load8_of(sign + (form->rows == 1 ? at : column), left);
                float8 steep = single ? none + curvature[0] : load8_of(curvature + column, left);
                float8 found = steep * y + level;
                level_sum += widen(y) * widen(level);
                if (form->guide) {
                    float8 near = single ? none + nearness[0] : load8_of(nearness + column, left);
                    found += near * (y - load8_of(form->guide + at, left));
                }
                if (left >= 8)
                    store8(slope + at, found);
                else
                    for (int32_t lane = 0; lane < left; lane++) slope[at + lane] = found[lane];
            }
    }
    return response + total(level_sum);
}

/* Return (1) and write the slope, which may take the place of `heard`. */
static double measure(const Form *form, const float *heard, float *slope) {
    if (form->cells) return measure_evenly(form, heard, slope);
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
