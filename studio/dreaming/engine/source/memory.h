/* One piece of memory that the caller owns, handed out from front to back; and what compilers expect
 * of a C library. */

#ifndef DREAM_MEMORY_H
#define DREAM_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Compilers write calls of these two by themselves. */
#ifdef DREAM_HOSTED
void *memcpy(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
#else
#ifdef __clang__
#define AS_WRITTEN __attribute__((no_builtin, visibility("hidden")))
#else
#define AS_WRITTEN __attribute__((optimize("no-tree-loop-distribute-patterns"), visibility("hidden")))
#endif
typedef char chunk16 __attribute__((vector_size(16), aligned(1), may_alias));
AS_WRITTEN void *memcpy(void *restrict to, const void *restrict from, size_t bytes) {
    char *put = to;
    const char *got = from;
    size_t at = 0;
    for (; at + 16 <= bytes; at += 16) *(chunk16 *)(put + at) = *(const chunk16 *)(got + at);
    for (; at < bytes; at++) put[at] = got[at];
    return to;
}
AS_WRITTEN void *memset(void *to, int value, size_t bytes) {
    char *put = to;
    chunk16 all = (char)value - (chunk16){0};
    size_t at = 0;
    for (; at + 16 <= bytes; at += 16) *(chunk16 *)(put + at) = all;
    for (; at < bytes; at++) put[at] = (char)value;
    return to;
}
#endif

enum { LINE = 64 }; /* bytes of a line of the processor's cache */

/* With `base` null nothing is handed out, only counted: the same code finds what is needed. */
typedef struct {
    char *base;
    int64_t used;
} Arena;

static void *take(Arena *arena, int64_t bytes) {
    char *taken = arena->base ? arena->base + arena->used : 0;
    arena->used += (bytes + LINE - 1) / LINE * LINE;
    return taken;
}
static float *take_floats(Arena *arena, int64_t count) {
    return take(arena, count * (int64_t)sizeof(float));
}
static int32_t *take_integers(Arena *arena, int64_t count) {
    return take(arena, count * (int64_t)sizeof(int32_t));
}

static void copy(float *to, const float *from, int64_t count) {
    memcpy(to, from, (size_t)count * sizeof(float));
}
static void clear(float *to, int64_t count) { memset(to, 0, (size_t)count * sizeof(float)); }

#endif
