/* The engine as one unit: the compiler sees everything at once. */

#include "dream.c"
#include "processor.c"
#include "rng.c"
