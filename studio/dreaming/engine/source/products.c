/* Products of overlapping rows with a banded matrix.
 *
 *     c[m, n] = start[n] + Σ_k a[m·stride + k] · f[k, n],    k ascending                        (1)
 *
 * is a strided convolution: row m is the stretch of memory that the outputs m hear, and the next
 * begins `stride` values later. Every output is one sum in the order of k, one fma after the other,
 * whatever the shape of the tiles: so all builds agree to the bit. Long sums are made in pieces of
 * CHUNK, which are then added: that rounds less.
 *
 * The columns lie in panels of up to two vectors. A panel knows from which k on and up to which its
 * columns differ from 0 (its window), and nothing outside is stored or computed. A zero that is added
 * changes no sum, so windows, too, may differ between builds.
 */

#include "memory.h"
#include "vector.h"

enum {
    PANEL = 2 * WIDTH, /* columns of a panel */
    ROWS = WIDTH == 16 ? 12 : 6, /* of a tile that is two vectors wide: so many sums fit registers */
    ROWS_NARROW = 12, /* of one that is one vector wide */
    CHUNK = 64, /* k summed together */
    BLOCK_OF_PIECES = 256, /* k for all rows: 16 kB of a panel stay in the fastest memory */
    LANES = 16, /* of a sum along k where there are only a few columns */
    FEW = 4, /* columns that are summed along k */
};

typedef struct {
    const float *values; /* [last − first][width] */
    int32_t first, last; /* window of k */
    int32_t column, width; /* first column; WIDTH or PANEL */
} Panel;

typedef struct {
    Panel *panels; /* or null, where there are only a few columns: */
    const float *along; /* [columns][depth] */
    const float *start; /* [columns, made up to whole panels], or null for 0 */
    int32_t count, columns, depth;
    int32_t chunk; /* k summed together */
} Matrix;

/* Rows of a product that hear the same part of k, and whose result matters in the same columns. */
typedef struct {
    int64_t row, rows;
    int32_t first, last; /* of k */
    int32_t left, right; /* columns */
    const float *start; /* instead of the matrix's, or null */
} Band;

/* What all tiles of a panel share. */
typedef struct {
    int64_t stride, c_stride, depth;
    int64_t lead, chunk; /* k summed together: in the first piece, in all others */
    const float *start;  /* sums begin with this; where it is null, they are added to c */
    int columns;         /* that are written */
} Pass;

/* `rows` and `vectors` are known to the compiler. */
INLINE void tile(const int rows, const int vectors, const float *a, const float *b, float *c,
                 const Pass *pass) {
    const float *start = pass->start;
    int64_t stride = pass->stride, depth = pass->depth, k = 0, end = pass->lead;
    do {
        vec sum[12][2];
        UNROLL
        for (int v = 0; v < vectors; v++) {
            vec first = start ? load(start + v * WIDTH) : splat(0);
            UNROLL
            for (int m = 0; m < rows; m++) sum[m][v] = first;
        }
        for (end = end < depth ? end : depth; k < end; k++) {
            vec f[2];
            UNROLL
            for (int v = 0; v < vectors; v++) f[v] = load(b + v * WIDTH);
            UNROLL
            for (int m = 0; m < rows; m++) {
                vec heard = splat(a[m * stride + k]);
                UNROLL
                for (int v = 0; v < vectors; v++) sum[m][v] = fma(heard, f[v], sum[m][v]);
            }
            b += vectors * WIDTH;
        }
        if (!start) {
            UNROLL
            for (int m = 0; m < rows; m++) {
                UNROLL
                for (int v = 0; v < vectors; v++)
                    sum[m][v] += load(c + m * pass->c_stride + v * WIDTH);
            }
        }
        if (pass->columns >= vectors * WIDTH) {
            UNROLL
            for (int m = 0; m < rows; m++) {
                UNROLL
                for (int v = 0; v < vectors; v++)
                    store(c + m * pass->c_stride + v * WIDTH, sum[m][v]);
            }
        } else {
            float line[12][2 * WIDTH];
            UNROLL
            for (int m = 0; m < rows; m++) {
                UNROLL
                for (int v = 0; v < vectors; v++) store(line[m] + v * WIDTH, sum[m][v]);
            }
            for (int m = 0; m < rows; m++)
                for (int n = 0; n < pass->columns; n++) c[m * pass->c_stride + n] = line[m][n];
        }
        start = 0;
        end += pass->chunk;
    } while (k < depth);
}

typedef void Tile(const float *, const float *, float *, const Pass *);

#define TILE(rows, vectors)                                                                          \
    APART void tile_##rows##x##vectors(const float *a, const float *b, float *c, const Pass *pass) { \
        tile(rows, vectors, a, b, c, pass);                                                          \
    }
#define TILES(rows) TILE(rows, 1) TILE(rows, 2)
TILES(1) TILES(2) TILES(3) TILES(4) TILES(5) TILES(6)
TILE(7, 1) TILE(8, 1) TILE(9, 1) TILE(10, 1) TILE(11, 1) TILE(12, 1)
static Tile *const narrow_tiles[] = {tile_1x1, tile_2x1, tile_3x1, tile_4x1,  tile_5x1,  tile_6x1,
                                     tile_7x1, tile_8x1, tile_9x1, tile_10x1, tile_11x1, tile_12x1};
#if ENGINE_VECTOR_BYTES == 64
TILE(7, 2) TILE(8, 2) TILE(9, 2) TILE(10, 2) TILE(11, 2) TILE(12, 2)
static Tile *const wide_tiles[] = {tile_1x2, tile_2x2, tile_3x2, tile_4x2,  tile_5x2,  tile_6x2,
                                   tile_7x2, tile_8x2, tile_9x2, tile_10x2, tile_11x2, tile_12x2};
#else
static Tile *const wide_tiles[] = {tile_1x2, tile_2x2, tile_3x2, tile_4x2, tile_5x2, tile_6x2};
#endif

/* All rows of a band with one panel, for k in [first, last). */
static void panel_product(const float *a, const Panel *panel, int64_t first, int64_t last, int64_t rows,
                          float *c, Pass pass) {
    int wide = panel->width == PANEL, most = wide ? ROWS : ROWS_NARROW;
    Tile *const *tiles = wide ? wide_tiles : narrow_tiles;
    int64_t count = (rows + most - 1) / most, chunk = pass.chunk;
    for (int64_t from = first, end; from < last || from == first; from = end, pass.start = 0) {
        end = chunk <= BLOCK_OF_PIECES ? (from / BLOCK_OF_PIECES + 1) * BLOCK_OF_PIECES : last + 1;
        pass.depth = (last < end ? last : end) - from;
        pass.lead = chunk - from % chunk; /* pieces begin at the same k in every band */
        const float *b = panel->values + (from - panel->first) * panel->width;
        for (int64_t number = 0, done = 0; number < count; number++) { /* tiles as equal as can be */
            int64_t height = (rows - done + count - number - 1) / (count - number);
            tiles[height - 1](a + done * pass.stride + from, b, c + done * pass.c_stride, &pass);
            done += height;
        }
    }
}

/* Sixteen sums along k, then their sum: for `rows` rows and one column. */
INLINE void sums_along(const int rows, const float *a, int64_t stride, const float *b, float *c,
                       int64_t c_stride, int64_t depth, float start) {
    enum { VECTORS = LANES / WIDTH };
    vec sum[4][VECTORS];
    int64_t k = 0;
    UNROLL
    for (int m = 0; m < rows; m++) {
        UNROLL
        for (int v = 0; v < VECTORS; v++) sum[m][v] = splat(0);
    }
    for (; k + LANES <= depth; k += LANES) {
        UNROLL
        for (int v = 0; v < VECTORS; v++) {
            vec f = load(b + k + v * WIDTH);
            UNROLL
            for (int m = 0; m < rows; m++)
                sum[m][v] = fma(load(a + m * stride + k + v * WIDTH), f, sum[m][v]);
        }
    }
    for (int v = 0; k < depth; v++, k += WIDTH) {
        int64_t left = depth - k < WIDTH ? depth - k : WIDTH;
        vec f = load_some(b + k, left);
        UNROLL
        for (int m = 0; m < rows; m++) {
            vec heard = load_some(a + m * stride + k, left), *to = &sum[m][v];
            *to = fma(heard, f, *to);
        }
    }
    for (int m = 0; m < rows; m++) {
        float lane[LANES];
        UNROLL
        for (int v = 0; v < VECTORS; v++) store(lane + v * WIDTH, sum[m][v]);
        for (int half = LANES / 2; half; half /= 2)
            for (int at = 0; at < half; at++) lane[at] += lane[at + half];
        c[m * c_stride] = start + lane[0];
    }
}
APART void sums_along_4(const float *a, int64_t stride, const float *b, float *c, int64_t c_stride,
                        int64_t depth, float start) {
    sums_along(4, a, stride, b, c, c_stride, depth, start);
}
APART void sums_along_1(const float *a, int64_t stride, const float *b, float *c, int64_t c_stride,
                        int64_t depth, float start) {
    sums_along(1, a, stride, b, c, c_stride, depth, start);
}

/* (1) for the rows of a band that lie within [from, to). `c_stride` values lie between two rows of c,
 * and nothing is written behind the last column. */
static void product(const float *a, int64_t stride, const Matrix *matrix, const Band *band,
                    int64_t from, int64_t to, float *c, int64_t c_stride) {
    int64_t row = band->row > from ? band->row : from;
    int64_t end = band->row + band->rows < to ? band->row + band->rows : to;
    if (row >= end) return;
    a += row * stride;
    c += row * c_stride;
    const float *start = band->start ? band->start : matrix->start;
    if (!matrix->panels) {
        for (int n = 0; n < matrix->columns; n++) {
            const float *b = matrix->along + (int64_t)n * matrix->depth + band->first;
            int64_t depth = band->last - band->first, m = 0;
            for (; m + 4 <= end - row; m += 4)
                sums_along_4(a + m * stride + band->first, stride, b, c + m * c_stride + n, c_stride,
                             depth, start[n]);
            for (; m < end - row; m++)
                sums_along_1(a + m * stride + band->first, stride, b, c + m * c_stride + n, c_stride,
                             depth, start[n]);
        }
        return;
    }
    for (int number = 0; number < matrix->count; number++) {
        const Panel *panel = &matrix->panels[number];
        if (panel->column + panel->width <= band->left || panel->column >= band->right) continue;
        int64_t first = panel->first > band->first ? panel->first : band->first;
        int64_t last = panel->last < band->last ? panel->last : band->last;
        int columns = matrix->columns - panel->column;
        if (first > last) first = last = panel->first; /* nothing but the start */
        Pass pass = {.stride = stride, .c_stride = c_stride, .chunk = matrix->chunk,
                     .start = start + panel->column,
                     .columns = columns < panel->width ? columns : panel->width};
        panel_product(a, panel, first, last, end - row, c + panel->column, pass);
    }
}

/* What a matrix holds; `context` is the same for both. */
typedef struct {
    const void *context;
    /* k of the first and behind the last row where columns left … right − 1 are not all 0 */
    void (*window)(const void *context, int32_t left, int32_t right, int32_t *first, int32_t *last);
    /* write these columns, `width` values apart from k to k + 1, into zeros */
    void (*fill)(const void *context, int32_t left, int32_t right, int32_t first, int32_t width,
                 float *values);
} Content;

/* Lay a matrix out; with an arena that only counts, find what it takes. Few columns are not windowed:
 * they are filled one by one. */
static void pack(Arena *arena, Matrix *matrix, int32_t depth, int32_t columns, int few, int in_pieces,
                 const Content *content) {
    matrix->depth = depth;
    matrix->columns = columns;
    matrix->chunk = in_pieces ? CHUNK : 1 << 30; /* else one piece */
    if (few) {
        float *along = take_floats(arena, (int64_t)depth * columns);
        matrix->along = along;
        for (int32_t n = 0; along && n < columns; n++)
            content->fill(content->context, n, n + 1, 0, 1, along + (int64_t)n * depth);
        return;
    }
    matrix->count = (columns + PANEL - 1) / PANEL;
    Panel *panels = take(arena, matrix->count * (int64_t)sizeof(Panel));
    matrix->panels = panels;
    for (int32_t number = 0; number < matrix->count; number++) {
        Panel panel = {.column = number * PANEL};
        int32_t end = panel.column + PANEL < columns ? panel.column + PANEL : columns;
        panel.width = end - panel.column <= WIDTH ? WIDTH : PANEL;
        content->window(content->context, panel.column, end, &panel.first, &panel.last);
        float *values = take_floats(arena, (int64_t)(panel.last - panel.first) * panel.width);
        panel.values = values;
        if (!values) continue;
        content->fill(content->context, panel.column, end, panel.first, panel.width, values);
        panels[number] = panel;
    }
}
