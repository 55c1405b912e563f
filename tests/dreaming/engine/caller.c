/* Loads a library and calls its functions as standard input asks: so a build for another processor
 * can be called, through an emulator, as if it were a library here. See elsewhere.py. */

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int64_t i;
typedef double d;

/* Whole and real arguments lie in registers of their own on ARM64, counted apart; those that a
 * function does not have are ignored. */
#define REAL d, d, d, d, d, d, d, d
#define PASSED                                                                                     \
    w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], r[0], r[1], r[2], r[3], r[4], r[5], r[6],      \
        r[7], w[8], w[9], w[10], w[11], w[12], w[13], w[14], w[15]
#define TYPES i, i, i, i, i, i, i, i, REAL, i, i, i, i, i, i, i, i

static void take(void *into, size_t bytes) {
    if (bytes && fread(into, 1, bytes, stdin) != bytes)
        exit(0); /* the other side is done */
}

static uint64_t number(void) {
    uint64_t value;
    take(&value, sizeof value);
    return value;
}

static void answer(uint64_t value) {
    fwrite(&value, sizeof value, 1, stdout);
}

static uint64_t call(void *function, int kind, const int64_t *w, const double *r) {
    uint64_t bits = 0;
    if (kind == 'd') {
        double value = ((double (*)(TYPES))function)(PASSED);
        memcpy(&bits, &value, sizeof value);
    } else if (kind == 'f') {
        float value = ((float (*)(TYPES))function)(PASSED);
        memcpy(&bits, &value, sizeof value);
    } else {
        bits = (uint64_t)((int64_t (*)(TYPES))function)(PASSED);
    }
    return bits;
}

int main(int count, char **words) {
    void *library = count == 2 ? dlopen(words[1], RTLD_NOW) : NULL;
    if (!library) {
        fprintf(stderr, "%s\n", count == 2 ? dlerror() : "caller LIBRARY");
        return 1;
    }
    for (;;) {
        uint64_t what = number();
        if (what == 'a') {
            answer((uint64_t)aligned_alloc(64, (number() + 63) / 64 * 64));
        } else if (what == 'w') {
            void *at = (void *)number();
            take(at, number());
            continue; /* nothing to answer */
        } else if (what == 'r') {
            void *at = (void *)number();
            fwrite(at, 1, number(), stdout);
        } else if (what == 'f') {
            char name[128] = {0};
            uint64_t size = number();
            if (size >= sizeof name)
                return 2;
            take(name, size);
            answer((uint64_t)dlsym(library, name));
        } else if (what == 'c') {
            int64_t w[16];
            double r[8];
            void *function = (void *)number();
            int kind = (int)number();
            take(w, sizeof w);
            take(r, sizeof r);
            answer(call(function, kind, w, r));
        } else {
            return 2;
        }
        fflush(stdout);
    }
}
